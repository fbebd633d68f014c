/// Which of several statements of a trait counts: the rules, and the form that sets one.
public struct SurvivorshipPage: ConsolePage {
    /// The rule of one trait.
    public struct Row: Sendable {
        public var trait: String
        /// One of ``SurvivorshipPage/rules``.
        public var rule: String
        /// Names of sources, in their order.
        public var sources: [String]
        public init(trait: String, rule: String, sources: [String]) { (self.trait, self.rule, self.sources) = (trait, rule, sources) }
    }

    public static let rules = ["latest", "sources", "frequent", "complete", "verified"]

    public var rows: [Row]
    /// Names of all sources.
    public var sources: [String]
    public var version: Int
    public var typed: (trait: String, rule: String, sources: String)?
    public var problem: ConsoleProblem?

    public init(rows: [Row], sources: [String], version: Int, typed: (trait: String, rule: String, sources: String)? = nil, problem: ConsoleProblem? = nil) {
        (self.rows, self.sources, self.version, self.typed, self.problem) = (rows, sources, version, typed, problem)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("section.survivorship")
        let api = APICall(path: "/api/v1/survivorship", host: frame.host).drawer(frame)
        let head = PageHead(title: title, sentence: "\(frame.say("survivorship.sentence"))", actions: api.opener(frame))
        let body: HTML = "\(head.html)\(problem.map { $0.html(frame) })<div class=\"columns\"><div>\(rows.isEmpty ? emptyState(frame) : table(frame))</div>\(form(frame))</div>\(api.html(frame))"
        return Shell(title: title, section: .survivorship).document(frame, body)
    }

    private func emptyState(_ frame: Frame) -> HTML { EmptyState(icon: .profiles, title: frame.say("survivorship.empty-title"), text: frame.say("survivorship.empty-text")).html }

    private func table(_ frame: Frame) -> HTML {
        let table = Table(
            caption: frame.say("section.survivorship"),
            columns: [.init(title: frame.say("survivorship.trait")), .init(title: frame.say("survivorship.rule"), isWide: true), .init(title: frame.say("section.sources"))],
            rows: rows.map { row in
                [
                    "<code>\(row.trait)</code>", "\(frame.say(PhraseKey("survivorship.rule-\(row.rule)")))",
                    "<span class=\"chips\">\(row.sources.map { name -> HTML in "<span class=\"chip\"><bdi>\(name)</bdi></span>" })</span>",
                ]
            })
        return "\(table.html)<p class=\"quiet\">\(frame.say("survivorship.version", count: version))</p>"
    }

    private func form(_ frame: Frame) -> HTML {
        let trait = Field(name: "trait", label: frame.say("survivorship.trait"), value: typed?.trait ?? "", isRequired: true, autocomplete: "off")
        let choices = Self.rules.map { ($0, frame.say(PhraseKey("survivorship.rule-\($0)"))) }
        let rule = Field(name: "rule", label: frame.say("survivorship.rule"), kind: .choice(choices), value: typed?.rule ?? "")
        let names = Field(name: "sources", label: frame.say("section.sources"), value: typed?.sources ?? "", help: frame.say("survivorship.sources-help", ["names": sources.joined(separator: ", ")]), autocomplete: "off")
        return """
            <section aria-labelledby="rule-title"><form class="panel pad" method="post" action="\(Section.survivorship.address(in: frame.workspace))"><h2 id="rule-title">\(frame.say("survivorship.set"))</h2>\
            \(Field.csrf(frame))\(trait.html)\(rule.html)\(names.html)<p class="quiet under">\(frame.say("survivorship.set-help"))</p><button type="submit" class="primary">\(frame.say("action.save"))</button></form></section>
            """
    }
}
