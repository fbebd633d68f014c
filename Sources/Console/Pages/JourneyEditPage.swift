/// Makes a journey or changes one: the tree of its steps with buttons, and the YAML that is saved beside it.
public struct JourneyEditPage: ConsolePage {
    /// What a story did.
    public struct Story: Sendable {
        public var name: String
        public var failures: [String]
        public init(name: String, failures: [String]) { (self.name, self.failures) = (name, failures) }
    }

    /// Nil for a new one.
    public var id: String?
    public var edition = Edition()
    public var name: String
    public var yaml: String
    /// Nil where the YAML cannot be read.
    public var tree: JourneyTree?
    /// What stands beside the steps; nil where the YAML is none.
    public var head: JourneyHead?
    public var canvas = JourneyCanvas()
    public var problem: ConsoleProblem?
    public var place: String
    /// Nil before they were played.
    public var stories: [Story]?

    public init(id: String? = nil, name: String = "", yaml: String, tree: JourneyTree? = nil, problem: ConsoleProblem? = nil, place: String = "", stories: [Story]? = nil) {
        (self.id, self.name, self.yaml, self.tree, self.problem, self.place, self.stories) = (id, name, yaml, tree, problem, place, stories)
    }

    /// What a new journey begins with.
    ///
    /// - Parameter purpose: one that people can choose.
    public static func example(purpose: String?) -> String {
        """
        name: Abandoned cart
        trigger:
          event: '"Product Added"'
        holdout: 10%
        goal:
          event: '"Order Completed"'
          revenue: properties.total
          within: 7 days
        steps:
        - wait: 1 hour
        - message: cart-reminder
          purpose: \(purpose ?? "marketing")

        """
    }

    /// Told where a trigger needs a segment and there is none.
    public static func noSegment(_ frame: Frame) -> ConsoleProblem {
        ConsoleProblem(code: "console.no-segment", problem: frame.say("journeys.no-segment"), remedy: frame.say("journeys.no-segment-remedy"))
    }

    public func render(_ frame: Frame) -> String {
        let list = Section.journeys.address(in: frame.workspace)
        let own = id.map { "\(list)/\(Address.encoded($0))" }
        let title = id == nil ? frame.say("journeys.new") : frame.say("segment.edit-title", ["name": name])
        let head = PageHead(title: title, sentence: "\(frame.say("journeys.edit-sentence"))", parent: (frame.say(Section.journeys.title), list))
        let steps: HTML = tree.map { tree -> HTML in tree.html(frame) } ?? "<p class=\"quiet\">\(frame.say("journeys.unreadable"))</p>"
        let about: HTML = self.head.map { head -> HTML in "<h2>\(frame.say("journeys.about"))</h2>\(head.form(frame, canvas))" } ?? .none
        let body: HTML = """
            \(head.html)
            <form class="template-editor" method="post" action="\(own.map { $0 + "/save" } ?? list)">\(Field.csrf(frame))\(edition.html)
            <button type="submit" name="intent" value="show" class="hidden" tabindex="-1" aria-hidden="true">\(frame.say("journeys.show"))</button><input type="hidden" name="drawn" value="\(yaml)">
            <div class="panel pad canvas">\(about)<h2>\(frame.say("journeys.steps"))</h2>\(steps)</div>
            <div class="panel pad editor"><div>\(trouble(frame))</div>
            \(Field(name: "yaml", label: frame.say("journeys.yaml"), kind: .area(rows: 26), value: yaml, help: frame.say("journeys.yaml-help"), isRequired: true).html)
            <div class="actions"><button type="submit" name="intent" value="save" class="primary">\(frame.say("action.save"))</button>\
            <button type="submit" name="intent" value="show"\(flag: "autofocus", when: canvas.focus == "show")>\(frame.say("journeys.show"))</button><button type="submit" name="intent" value="play"\(flag: "autofocus", when: canvas.focus == "play")>\(frame.say("journeys.play"))</button>\
            <a class="button ghost" href="\(own ?? list)">\(frame.say("action.cancel"))</a></div>\(told(frame))</div>
            </form>
            """
        return Shell(title: title, section: .journeys).document(frame, body)
    }

    private func trouble(_ frame: Frame) -> HTML {
        guard let problem else { return .none }
        return "<div class=\"notice critical\" role=\"alert\" tabindex=\"-1\"\(flag: "autofocus", when: canvas.focus == "trouble")>\(Icon.critical.html)<div><p>\(problem.problem)</p><p>\(problem.remedy)</p>\(place.isEmpty ? .none : "<p class=\"mono\">\(place)</p>")</div></div>"
    }

    private func told(_ frame: Frame) -> HTML {
        guard let stories else { return .none }
        if stories.isEmpty { return "<p class=\"quiet\" role=\"status\">\(frame.say("journeys.no-stories"))</p>" }
        let items = stories.map { story -> HTML in
            let status = Status(meaning: story.failures.isEmpty ? .good : .critical, text: frame.say(story.failures.isEmpty ? "journeys.kept" : "journeys.not-kept"))
            return "<li>\(status.html) \(story.name)\(story.failures.map { failure -> HTML in "<p class=\"error\">\(failure)</p>" })</li>"
        }
        return "<section role=\"status\"><h2>\(frame.say("journeys.stories"))</h2><ul class=\"journey-stories\">\(items)</ul></section>"
    }
}
