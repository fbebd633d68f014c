/// A version of a journey that is written and not started: who stands in the ones before it, and what they are to do.
public struct JourneyVersions: Sendable {
    /// How many stand at a step of a version.
    public struct Standing: Sendable {
        public var version: Int
        /// Empty for those of whom inaction is waited for.
        public var step: String
        public var count: Int
        public init(version: Int, step: String, count: Int) { (self.version, self.step, self.count) = (version, step, count) }
    }

    public var standing: [Standing]
    /// The text of the version that is live, and of the one that would be started.
    public var texts: (live: String, written: String)?
    public init(_ standing: [Standing] = [], texts: (live: String, written: String)? = nil) { (self.standing, self.texts) = (standing, texts) }

    /// How many stand in versions before the one that is live; nothing where nobody does.
    func note(_ frame: Frame, version: Int) -> HTML {
        let count = standing.reduce(0) { $0 + ($1.version == version ? 0 : $1.count) }
        return count == 0 ? .none : "<p class=\"help\">\(frame.say("journeys.stand", count: count))</p>"
    }

    /// - Parameter version: the one that would be started.
    func html(_ frame: Frame, version: Int, own: String) -> HTML {
        let older = standing.filter { $0.version != version }
        let count = older.reduce(0) { $0 + $1.count }
        let table = Table(
            caption: frame.say("journeys.standing"),
            columns: [.init(title: frame.say("journeys.step"), isWide: true), .init(title: frame.say("journeys.version-number"), isNumber: true), .init(title: frame.say("journeys.runs"), isNumber: true)],
            rows: older.map { ["<bdi class=\"mono\">\($0.step.isEmpty ? "–" : $0.step)</bdi>", "\(frame.number($0.version))", "\(frame.number($0.count))"] })
        let policy = Field(
            name: "policy", label: frame.say("journeys.policy"), kind: .choice([("finish", frame.say("journeys.policy-finish")), ("migrate", frame.say("journeys.policy-migrate")), ("leave", frame.say("journeys.policy-leave"))]), value: "finish", help: frame.say("journeys.policy-help"))
        return """
            <section class="panel pad" aria-labelledby="versions-title"><h2 id="versions-title">\(frame.say("journeys.start-version", ["version": frame.number(version)]))</h2>
            \(texts.map { texts -> HTML in "<h3>\(frame.say("journeys.changes"))</h3>\(LineChanges(from: texts.live, to: texts.written).html(frame))" })<p>\(count == 0 ? frame.say("journeys.nobody-stands") : frame.say("journeys.stand", count: count))</p>\(count == 0 ? .none : table.html)
            <form method="post" action="\(own)/start">\(Field.csrf(frame))\(count == 0 ? .none : policy.html)<button type="submit" class="primary">\(frame.say("journeys.start-version", ["version": frame.number(version)]))</button></form></section>
            """
    }
}
