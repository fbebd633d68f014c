/// A journey's steps as a tree of lists: readable without a script, and with buttons to change them where it stands in a form.
public struct JourneyTree: Sendable {
    /// One step with what stands on its ways.
    public struct Step: Sendable {
        /// As RFC 6901 writes it, such as `/steps/0`.
        public var place: String
        public var id: String, kind: String, summary: String
        /// How many came, stand here and were decided about; nil where nobody has walked it.
        public var counts: Counts?
        public var ways: [Way]
        /// The step alone as YAML, to be edited.
        public var yaml: String

        public init(place: String, id: String, kind: String, summary: String, counts: Counts? = nil, ways: [Way] = [], yaml: String = "") {
            (self.place, self.id, self.kind, self.summary) = (place, id, kind, summary)
            (self.counts, self.ways, self.yaml) = (counts, ways, yaml)
        }
    }
    public struct Counts: Sendable {
        public var arrived: Int, standing: Int, decided: Int, sent: Int, failed: Int, refused: Int, opened: Int, clicked: Int
        public init(arrived: Int, standing: Int, decided: Int, sent: Int, failed: Int, refused: Int, opened: Int, clicked: Int) {
            (self.arrived, self.standing, self.decided, self.sent) = (arrived, standing, decided, sent)
            (self.failed, self.refused, self.opened, self.clicked) = (failed, refused, opened, clicked)
        }
    }
    /// A way out of a step: what it is for, and its own steps.
    public struct Way: Sendable {
        public var place: String
        /// A condition, an event, a share; nil for the way of all others.
        public var name: String?
        public var count: Int?
        public var steps: [Step]
        public init(place: String, name: String?, count: Int? = nil, steps: [Step]) { (self.place, self.name, self.count, self.steps) = (place, name, count, steps) }
    }

    public var steps: [Step]
    /// The kinds that can be added; none where the tree is only shown.
    public var kinds: [String]
    /// What has the focus and what stands open, where it is edited.
    public var canvas = JourneyCanvas()
    /// Whose messages its numbers lead to; nil for none.
    var journey: String?

    public init(steps: [Step], kinds: [String] = []) { (self.steps, self.kinds) = (steps, kinds) }

    private var isEdited: Bool { !kinds.isEmpty }

    func html(_ frame: Frame) -> HTML { list(steps, "/steps", frame) }

    private func list(_ steps: [Step], _ place: String, _ frame: Frame) -> HTML {
        let items = steps.enumerated().map { index, step -> HTML in "<li>\(card(step, isFirst: index == 0, isLast: index == steps.count - 1, frame))</li>" }
        let shown: HTML = steps.isEmpty ? (isEdited ? .none : "<p class=\"quiet\">\(frame.say("journeys.way-on"))</p>") : "<ol class=\"journey\">\(items)</ol>"
        return "\(shown)\(isEdited ? adding(to: place, frame) : .none)"
    }

    private func card(_ step: Step, isFirst: Bool, isLast: Bool, _ frame: Frame) -> HTML {
        let kind = frame.say(PhraseKey("journeys.kind-\(step.kind)"))
        let ways = step.ways.map { way -> HTML in
            let name = way.name ?? frame.say("journeys.otherwise")
            return """
                <div class="journey-way"><p class="journey-way-name"><span>\(name)</span>\(way.count.map { count -> HTML in "<span class=\"quiet\">\(frame.number(count))</span>" })</p>\
                \(list(way.steps, way.place, frame))</div>
                """
        }
        return """
            <div class="journey-step"><p class="journey-head"><span class="journey-kind">\(kind)</span> <bdi class="journey-summary">\(step.summary)</bdi> <span class="quiet mono">\(step.id)</span></p>\
            \(counts(step, frame))\(isEdited ? buttons(step, kind, isFirst, isLast, frame) : .none)</div>\(ways.isEmpty ? .none : "<div class=\"journey-ways\">\(ways)</div>")
            """
    }

    private func counts(_ step: Step, _ frame: Frame) -> HTML {
        guard let counts = step.counts else { return .none }
        func part(_ phrase: PhraseKey, _ count: Int) -> HTML { "<li>\(frame.say(phrase, ["count": frame.number(count)]))</li>" }
        func messages(_ phrase: PhraseKey, _ count: Int, state: String? = nil, kind: String? = nil) -> HTML {
            guard let journey, count > 0 else { return part(phrase, count) }
            let address = Address.with(Section.deliveries.address(in: frame.workspace), [("originId", journey), ("step", step.id), ("state", state), ("kind", kind)])
            return "<li><a href=\"\(address)\">\(frame.say(phrase, ["count": frame.number(count)]))</a></li>"
        }
        var parts = [part("journeys.came", counts.arrived), part("journeys.stands", counts.standing)]
        switch step.kind {
        case "message":
            parts += [messages("journeys.decided", counts.decided), messages("journeys.sent", counts.sent, state: "sent")]
            if counts.refused > 0 { parts.append(messages("journeys.refused", counts.refused, state: "refused")) }
            // Some of them came back after they were sent.
            if counts.failed > 0 { parts.append(part("journeys.failed", counts.failed)) }
            parts += [part("journeys.opened", counts.opened), part("journeys.clicked", counts.clicked)]
        case "webhook": parts.append(messages("journeys.decided", counts.decided, kind: "call"))
        default: break
        }
        return "<ul class=\"journey-counts\">\(parts)</ul>"
    }

    private func buttons(_ step: Step, _ kind: String, _ isFirst: Bool, _ isLast: Bool, _ frame: Frame) -> HTML {
        // At the end of its list a step has no further way: the focus goes to the way back, else to the step.
        let focus = switch canvas.focus {
        case "up:\(step.place)" where isFirst: isLast ? "edit:\(step.place)" : "down:\(step.place)"
        case "down:\(step.place)" where isLast: isFirst ? "edit:\(step.place)" : "up:\(step.place)"
        default: canvas.focus
        }
        func button(_ verb: String, _ label: PhraseKey) -> HTML {
            let spoken = frame.say("journeys.of-step", ["verb": frame.say(label), "step": step.id])
            return "<button type=\"submit\" class=\"ghost small\" name=\"intent\" value=\"\(verb):\(step.place)\" aria-label=\"\(spoken)\" formnovalidate\(flag: "autofocus", when: focus == "\(verb):\(step.place)")>\(frame.say(label))</button>"
        }
        let refused = canvas.typed[step.place]
        let yaml = refused?.yaml ?? step.yaml
        let field = Field(
            name: "step:\(step.place)", label: frame.say("journeys.step-yaml", ["step": step.id]), kind: .area(rows: min(12, yaml.split(separator: "\n").count + 1)), value: yaml,
            error: refused.map { "\($0.problem.problem) \($0.problem.remedy)" }, isFirst: canvas.wrong == step.place)
        return """
            <div class="actions">\(isFirst ? .none : button("up", "journeys.up"))\(isLast ? .none : button("down", "journeys.down"))\(button("remove", "journeys.remove"))</div>\
            <details class="journey-edit"\(flag: "open", when: canvas.isOpen(step.place) || refused != nil)><summary\(flag: "autofocus", when: focus == "edit:\(step.place)")>\(frame.say("journeys.edit-step"))<span class="hidden"> \(step.id)</span></summary>\(field.html)\
            <div class="actions">\(button("change", "journeys.take-over"))</div></details>
            """
    }

    private func adding(to place: String, _ frame: Frame) -> HTML {
        let options = kinds.map { kind -> HTML in "<option value=\"\(kind)\">\(frame.say(PhraseKey("journeys.kind-\(kind)")))</option>" }
        return """
            <div class="journey-add"><label class="hidden" for="add-\(place)">\(frame.say("journeys.add-kind"))</label><select id="add-\(place)" name="add:\(place)">\(options)</select>\
            <button type="submit" class="small" name="intent" value="add:\(place)" formnovalidate\(flag: "autofocus", when: canvas.focus == "add:\(place)")>\(frame.say("journeys.add"))</button></div>
            """
    }
}
