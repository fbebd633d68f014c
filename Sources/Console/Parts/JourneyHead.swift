/// What stands beside a journey's steps: what begins it, its rules, its goal, what takes people out. As cards with fields where it is edited, as sentences where it is shown.
public struct JourneyHead: Sendable {
    /// One value of the document.
    public struct Input: Sendable {
        public enum Kind: Sendable {
            case text, moment
            /// Values alone; their titles are in the catalogue under `journeys.is-`, else the values themselves.
            case choice([String])
            /// A text with names to choose from.
            case named(Names)
        }
        public enum Names: String, Sendable, CaseIterable { case events, traits, properties, segments, journeys }

        /// As RFC 6901 writes it, such as `/goal/within`.
        public var place: String
        public var value: String
        public var kind: Kind
        /// What is wrong with what was typed.
        public var error: ConsoleProblem?
        public init(place: String, value: String, kind: Kind = .text, error: ConsoleProblem? = nil) { (self.place, self.value, self.kind, self.error) = (place, value, kind, error) }

        /// How the form names it.
        public var name: String { "at:" + place }
        /// The last part of its place that is a name, with the object around it where the name alone says too little.
        var word: String {
            let parts = place.split(separator: "/").map(String.init)
            let name = parts.last ?? ""
            return parts.contains("canary") ? "canary-\(name)" : parts.contains("businessDays") ? "businessDays-\(name)" : parts.first == "trigger" && name == "event" ? "event" : name
        }
    }

    public struct Card: Sendable {
        public enum Kind: String, Sendable, CaseIterable { case trigger, rules, goal, exit }
        public var kind: Kind
        public var place: String
        /// The kind of the trigger.
        public var trigger: String
        public var inputs: [Input]
        public init(_ kind: Kind, place: String, trigger: String = "", inputs: [Input]) { (self.kind, self.place, self.trigger, self.inputs) = (kind, place, trigger, inputs) }
    }

    public static let triggers = ["event", "segment", "journey", "date", "schedule", "campaign", "inaction", "api"]
    public static let exits = ["event", "condition"]

    /// The names of fields, of those with help, and of values that the catalogue has words for.
    static let words = [
        "event", "segment", "on", "date", "offsetDays", "at", "yearly", "schedule", "campaign", "local", "perMinute", "canary-share", "canary-wait", "canary-stopAbove", "inaction", "without", "within", "name", "note", "key",
        "reentry", "holdout", "zone", "maximum", "businessDays-on", "businessDays-except", "journey", "reason", "revenue", "ends", "sameKey", "condition",
    ]
    static let helped = ["event", "key", "holdout", "zone", "maximum", "within", "revenue", "offsetDays", "canary-share", "campaign", "at", "on", "reason", "businessDays-on", "businessDays-except", "sameKey"]
    static let values = ["entry", "exit", "day", "week", "month", "true", "false", "idle", "once", "parallel", "restart", "now"]

    public var cards: [Card]
    /// Names that fields offer.
    public var names: [Input.Names: [String]]

    public init(_ cards: [Card], names: [Input.Names: [String]] = [:]) { (self.cards, self.names) = (cards, names) }

    // MARK: - Shown

    /// One line for each, without a form.
    func told(_ frame: Frame) -> HTML {
        let items = cards.map { card -> HTML in "<li class=\"journey-step\"><p class=\"journey-head\"><span class=\"journey-kind\">\(title(card, frame))</span> <bdi class=\"journey-summary\">\(summary(card, frame))</bdi></p></li>" }
        return "<ul class=\"journey journey-about\">\(items)</ul>"
    }

    private func title(_ card: Card, _ frame: Frame) -> String {
        card.kind == .trigger ? "\(frame.say("journeys.trigger")): \(frame.say(PhraseKey("journeys.trigger-\(card.trigger)")).lowercased(frame))" : frame.say(PhraseKey("journeys.card-\(card.kind.rawValue)"))
    }

    private func summary(_ card: Card, _ frame: Frame) -> String {
        let said = card.inputs.filter { !$0.value.isEmpty && !["name", "note"].contains($0.word) }.compactMap { input -> String? in
            guard case .choice = input.kind else { return ["event", "condition", "segment", "journey", "campaign", "date", "inaction", "at"].contains(input.word) ? shown(input.value, frame) : "\(label(input, frame).lowercased(frame)) \(shown(input.value, frame))" }
            return ["true", "false"].contains(input.value) ? (input.value == "true" ? label(input, frame).lowercased(frame) : nil) : shown(input.value, frame)
        }
        return said.joined(separator: " · ")
    }

    private func label(_ input: Input, _ frame: Frame) -> String { frame.say(PhraseKey("journeys.at-\(input.word)")) }

    private func shown(_ value: String, _ frame: Frame) -> String { Catalogue.knows(PhraseKey("journeys.is-\(value)")) ? frame.say(PhraseKey("journeys.is-\(value)")) : value }

    // MARK: - Edited

    func form(_ frame: Frame, _ canvas: JourneyCanvas) -> HTML {
        let items = cards.map { card -> HTML in "<li>\(edited(card, frame, canvas))</li>" }
        let hasGoal = cards.contains { $0.kind == .goal }
        let options = Self.exits.map { kind -> HTML in "<option value=\"\(kind)\">\(frame.say(PhraseKey("journeys.exit-\(kind)")))</option>" }
        let goal: HTML = hasGoal ? .none : "<button type=\"submit\" class=\"small\" name=\"intent\" value=\"goal:/goal\" formnovalidate\(flag: "autofocus", when: canvas.focus == "goal:/goal")>\(frame.say("journeys.add-goal"))</button>"
        let lists = Input.Names.allCases.compactMap { kind -> HTML? in
            guard let names = names[kind], !names.isEmpty else { return nil }
            return "<datalist id=\"known-\(kind.rawValue)\">\(names.map { name -> HTML in "<option value=\"\(name)\"></option>" })</datalist>"
        }
        return """
            <ul class="journey">\(items)</ul><div class="journey-add">\(goal)<label class="hidden" for="add-exits">\(frame.say("journeys.add-exit-kind"))</label><select id="add-exits" name="add:/exits">\(options)</select>\
            <button type="submit" class="small" name="intent" value="exit:/exits" formnovalidate\(flag: "autofocus", when: canvas.focus == "exit:/exits")>\(frame.say("journeys.add-exit"))</button></div>\(lists)
            """
    }

    private func edited(_ card: Card, _ frame: Frame, _ canvas: JourneyCanvas) -> HTML {
        let title = title(card, frame)
        let fields = card.inputs.map { input -> HTML in canvas.isFirstWrong(input.place) ? field(input, frame, isFirst: true) : field(input, frame, isFirst: false) }
        let isRemovable = card.kind == .goal || card.kind == .exit
        let spoken = frame.say("journeys.of-step", ["verb": frame.say("journeys.remove"), "step": title])
        let drop: HTML = isRemovable ? "<button type=\"submit\" class=\"ghost small\" name=\"intent\" value=\"drop:\(card.place)\" aria-label=\"\(spoken)\" formnovalidate>\(frame.say("journeys.remove"))</button>" : .none
        return """
            <div class="journey-step"><p class="journey-head"><span class="journey-kind">\(title)</span> <bdi class="journey-summary">\(summary(card, frame))</bdi></p>\
            \(isRemovable ? "<div class=\"actions\">\(drop)</div>" : .none)\
            <details class="journey-edit"\(flag: "open", when: canvas.isOpen(card.place) || card.inputs.contains { $0.error != nil })><summary\(flag: "autofocus", when: canvas.focus == "edit:\(card.place)")>\(frame.say("journeys.edit-step"))<span class="hidden"> \(title)</span></summary>\
            \(card.kind == .trigger ? kinds(card, frame) : .none)<div class="two">\(fields)</div>\
            <div class="actions"><button type="submit" class="small" name="intent" value="take:\(card.place)" formnovalidate>\(frame.say("journeys.take-over"))</button></div></details></div>
            """
    }

    private func kinds(_ card: Card, _ frame: Frame) -> HTML {
        let options = Self.triggers.map { kind -> HTML in "<option value=\"\(kind)\"\(flag: "selected", when: kind == card.trigger)>\(frame.say(PhraseKey("journeys.trigger-\(kind)")))</option>" }
        return """
            <div class="journey-add"><label class="hidden" for="kind-trigger">\(frame.say("journeys.trigger"))</label><select id="kind-trigger" name="kind:/trigger">\(options)</select>\
            <button type="submit" class="small" name="intent" value="kind:/trigger" formnovalidate>\(frame.say("journeys.change-kind"))</button></div>
            """
    }

    private func field(_ input: Input, _ frame: Frame, isFirst: Bool) -> HTML {
        let key = PhraseKey("journeys.help-\(input.word)")
        let help = Catalogue.knows(key) ? frame.say(key) : nil
        let kind: Field.Kind = switch input.kind {
        case .text, .named: .text
        case .moment: .moment
        // What the text says stays, also where it is none of them.
        case .choice(let values): .choice((values.contains(input.value) ? values : [input.value] + values).map { ($0, $0.isEmpty ? "–" : shown($0, frame)) })
        }
        var field = Field(
            name: input.name, label: label(input, frame), kind: kind, value: input.value, help: help, error: input.error.map { $0.besideField(frame, help: help) }, autocomplete: "off", isFirst: isFirst)
        if case .named(let names) = input.kind { field.list = "known-\(names.rawValue)" }
        return field.html
    }
}

/// Where the editor's hand is after a button: what has the focus, and what stands open.
public struct JourneyCanvas: Sendable {
    /// A verb and a place, such as `edit:/steps/0` or `up:/steps/1`; `show`, `play`, or `trouble` for what was refused.
    public var focus: String
    public var open: Set<String>
    /// The first value that was refused.
    public var wrong: String?
    /// Steps as they were typed, where that was refused.
    public var typed: [String: (yaml: String, problem: ConsoleProblem)]

    public init(focus: String = "", open: Set<String> = [], wrong: String? = nil, typed: [String: (yaml: String, problem: ConsoleProblem)] = [:]) { (self.focus, self.open, self.wrong, self.typed) = (focus, open, wrong, typed) }

    func isOpen(_ place: String) -> Bool { open.contains(place) }
    func isFirstWrong(_ place: String) -> Bool { wrong == place }
}

extension String {
    /// With a small letter at its beginning, as within a sentence.
    func lowercased(_ frame: Frame) -> String {
        guard let first, dropFirst().first.map({ !$0.isUppercase }) ?? true else { return self }
        let small = frame.language == .turkish && first == "I" ? "ı" : frame.language == .turkish && first == "İ" ? "i" : first.lowercased()
        return small + dropFirst()
    }
}
