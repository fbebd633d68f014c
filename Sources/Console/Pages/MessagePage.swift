/// One message: what became of it, why, and everything that happened on the way.
public struct MessagePage: ConsolePage {
    /// Something that happened.
    public struct Step: Sendable {
        public var atMs: Int64
        public var reason: String, detail: String
        public init(atMs: Int64, reason: String, detail: String) { (self.atMs, self.reason, self.detail) = (atMs, reason, detail) }
    }

    /// What one check says now, of a message that still waits.
    public struct Check: Sendable {
        public var name: String
        /// `passed`, `refused`, `waits` or `unasked`.
        public var answer: String
        public var reason: String?, detail: String
        public var untilMs: Int64?
        public init(name: String, answer: String, reason: String?, detail: String, untilMs: Int64?) { (self.name, self.answer, self.reason, self.detail, self.untilMs) = (name, answer, reason, detail, untilMs) }
    }

    public static let checks = ["person", "expiry", "channel", "address", "template", "consent", "quiet-hours", "sender", "frequency", "caps"]
    public static let answers = ["passed", "refused", "waits", "unasked"]

    public var row: DeliveriesPage.Row
    public var code: String, detail: String
    /// Name and value of what else there is to say, such as who decided it.
    public var facts: [(name: String, value: String)]
    /// The journey that decided it, and its step; nil where none did, or it is gone.
    public var journey: (id: String, name: String, step: String)?
    public var steps: [Step]
    public var checks: [Check]

    public init(row: DeliveriesPage.Row, code: String, detail: String, facts: [(name: String, value: String)], journey: (id: String, name: String, step: String)? = nil, steps: [Step], checks: [Check]) {
        (self.row, self.code, self.detail, self.facts, self.journey, self.steps, self.checks) = (row, code, detail, facts, journey, steps, checks)
    }

    public static let factNames = ["origin", "purpose", "topic", "attempts", "repeats", "due", "receipt"]

    public func render(_ frame: Frame) -> String {
        let title = frame.say("message.title")
        let base = Section.deliveries.address(in: frame.workspace)
        let address = base + "/" + Address.encoded(row.key)
        let api = APICall(path: "/api/v1/messages/\(Address.encoded(row.key))", host: frame.host).drawer(frame)
        let again: HTML = row.state == "dead" ? """
            <form method="post" action="\(base)/replay">\(Field.csrf(frame))<input type="hidden" name="key" value="\(row.key)"><input type="hidden" name="back" value="1">\
            <button type="submit" class="primary">\(Icon.rotate.html)<span>\(frame.say("deliveries.replay"))</span></button></form>
            """ : row.state == "held" ? """
            <form method="post" action="\(base)/release">\(Field.csrf(frame))<input type="hidden" name="key" value="\(row.key)"><button type="submit" class="primary">\(frame.say("deliveries.release"))</button></form>\
            <form method="post" action="\(base)/drop">\(Field.csrf(frame))<input type="hidden" name="key" value="\(row.key)"><button type="submit" class="danger">\(frame.say("deliveries.drop"))</button></form>
            """ : .none
        let head = PageHead(title: title, sentence: "\(row.reason)", status: row.status(frame), actions: "\(api.opener(frame))\(again)", parent: (frame.say(Section.deliveries.title), base))
        let body: HTML = "\(head.html)\(summary(frame, address))\(stepsPanel(frame))\(checksPanel(frame))\(api.html(frame))"
        return Shell(title: title, section: .deliveries).document(frame, body)
    }

    private func summary(_ frame: Frame, _ address: String) -> HTML {
        func line(_ name: String, _ value: HTML) -> HTML { "<div><dt>\(name)</dt><dd>\(value)</dd></div>" }
        let person: HTML = "<a href=\"\(Section.profiles.address(in: frame.workspace))/\(row.profileID)\"><bdi>\(row.person)</bdi></a>"
        var lines: [HTML] = [
            line(frame.say("column.person"), person), line(frame.say("deliveries.channel"), "<bdi>\(row.lane)</bdi>"), line(frame.say("deliveries.template"), "<bdi>\(row.template ?? "–")</bdi>"),
            line(frame.say("column.time"), frame.time(row.atMs)), line(frame.say("column.reason"), "<code>\(code)</code>\(detail.isEmpty ? .none : " <bdi>\(detail)</bdi>")"),
        ]
        if let journey {
            let link: HTML = "<a href=\"\(Section.journeys.address(in: frame.workspace))/\(journey.id)\"><bdi>\(journey.name)</bdi></a>"
            lines.append(line(frame.say("message.origin"), "\(link)\(journey.step.isEmpty ? .none : " · <bdi>\(journey.step)</bdi>")"))
        }
        lines += facts.filter { !$0.value.isEmpty }.map { line(frame.say(PhraseKey("message.\($0.name)")), "<bdi>\($0.value)</bdi>") }
        lines.append(line(frame.say("message.key"), "<code>\(row.key)</code>"))
        return "<section class=\"panel pad\" aria-label=\"\(frame.say("message.summary"))\"><dl class=\"terms\">\(lines)</dl></section>"
    }

    private func stepsPanel(_ frame: Frame) -> HTML {
        guard !steps.isEmpty else { return .none }
        let table = Table(
            caption: frame.say("message.steps"), columns: [.init(title: frame.say("column.time")), .init(title: frame.say("message.what"), isWide: true), .init(title: frame.say("message.detail"))],
            rows: steps.map { [frame.time($0.atMs), "\($0.reason)", "<bdi>\($0.detail)</bdi>"] })
        return "<section class=\"panel\" aria-labelledby=\"steps-title\"><div class=\"panel-head\"><h2 id=\"steps-title\">\(frame.say("message.steps"))</h2></div>\(table.html)</section>"
    }

    private func checksPanel(_ frame: Frame) -> HTML {
        guard !checks.isEmpty else { return .none }
        let table = Table(
            caption: frame.say("message.checks"), columns: [.init(title: frame.say("message.check")), .init(title: frame.say("column.status")), .init(title: frame.say("column.reason"), isWide: true)],
            rows: checks.map { check in
                let meaning: Status.Meaning = switch check.answer {
                case "passed": .good
                case "refused": .critical
                case "waits": .caution
                default: .quiet
                }
                let until: HTML = check.untilMs.map { " → \(frame.time($0))" } ?? .none
                return [
                    "\(frame.say(PhraseKey("message.check-\(check.name)")))", Status(meaning: meaning, text: frame.say(PhraseKey("message.answer-\(check.answer)"))).html,
                    "\(check.reason ?? "")\(check.detail.isEmpty ? .none : " <bdi class=\"quiet\">\(check.detail)</bdi>")\(until)",
                ]
            })
        return "<section class=\"panel\" aria-labelledby=\"checks-title\"><div class=\"panel-head\"><h2 id=\"checks-title\">\(frame.say("message.checks"))</h2></div>\(table.html)</section>"
    }
}
