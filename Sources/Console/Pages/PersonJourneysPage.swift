/// What journeys decided about one person, and why: one run after the other, newest first.
public struct PersonJourneysPage: ConsolePage {
    public struct Note: Sendable {
        public var atMs: Int64
        public var what: String, step: String, detail: String
        /// What became of what was decided; nil where that is kept no more.
        public var delivery: DeliveriesPage.Row?
        public init(atMs: Int64, what: String, step: String, detail: String, delivery: DeliveriesPage.Row? = nil) { (self.atMs, self.what, self.step, self.detail, self.delivery) = (atMs, what, step, detail, delivery) }
    }
    public struct Run: Sendable {
        public var journeyID: String, name: String
        /// Of its instance, such as a cart; empty where there is one.
        public var key: String
        public var version: Int
        public var enteredAtMs: Int64
        /// Where it stands; nil where it has ended.
        public var step: String?
        public var reason: String?
        public var wakeAtMs: Int64?
        public var notes: [Note]
        public init(journeyID: String, name: String, key: String, version: Int, enteredAtMs: Int64, step: String?, reason: String?, wakeAtMs: Int64?, notes: [Note]) {
            (self.journeyID, self.name, self.key, self.version, self.enteredAtMs) = (journeyID, name, key, version, enteredAtMs)
            (self.step, self.reason, self.wakeAtMs, self.notes) = (step, reason, wakeAtMs, notes)
        }
    }

    /// Why they are where they are in a journey, or never came in.
    public struct Why: Sendable {
        public var journeyID: String, name: String
        /// Of `JourneyWhy`.
        public var code: String
        public var atMs: Int64?
        public init(journeyID: String, name: String, code: String, atMs: Int64?) { (self.journeyID, self.name, self.code, self.atMs) = (journeyID, name, code, atMs) }
    }

    public var id: String, name: String
    public var runs: [Run]
    public var whys: [Why] = []
    /// Whether there are more journeys than are told of.
    public var hasMore = false

    /// - Parameter name: what the person's page calls them.
    public init(id: String, name: String, runs: [Run]) { (self.id, self.name, self.runs) = (id, name, runs) }

    /// The codes of `JourneyWhy`.
    public static let whys = [
        "inside", "held-out", "left", "counting", "acted", "too-often", "not-started", "stopped", "paused", "objects", "no-event", "where", "before-start", "late", "no-key", "not-taken", "not-in-segment", "in-before", "not-left", "no-date",
        "not-yet", "over", "waits", "came-later", "only-api", "not-passed",
    ]
    public static let decisions = ["entered", "passed", "decided", "ended", "converted", "heldOut", "moved", "opened", "clicked", "sent", "failed", "withheld", "refused", "heard"]

    public func render(_ frame: Frame) -> String {
        let person = "\(Section.profiles.address(in: frame.workspace))/\(Address.encoded(id))"
        let title = frame.say("journeys.of-person", ["name": name])
        let api = APICall(path: "/api/v1/journeys/runs?profile=\(id)", host: frame.host).drawer(frame)
        let head = PageHead(title: title, sentence: "\(frame.say("journeys.of-person-sentence"))", actions: api.opener(frame), parent: (name, person))
        let empty: HTML = "<p class=\"quiet\">\(frame.say("journeys.walked-none"))</p>"
        return Shell(title: title, section: .profiles).document(frame, "\(head.html)\(why(frame))\(runs.isEmpty ? empty : .none)\(runs.map { panel($0, frame) })\(api.html(frame))")
    }

    private func outcome(_ row: DeliveriesPage.Row, _ frame: Frame) -> HTML {
        let address = "\(Section.deliveries.address(in: frame.workspace))/\(Address.encoded(row.key))"
        return "<a href=\"\(address)\">\(row.status(frame))</a> \(row.reason)"
    }

    private func why(_ frame: Frame) -> HTML {
        guard !whys.isEmpty else { return .none }
        let rows = whys.map { why -> [HTML] in
            ["<a href=\"\(Section.journeys.address(in: frame.workspace))/\(why.journeyID)\"><bdi>\(why.name)</bdi></a>", "\(frame.say(PhraseKey("journey-why.\(why.code)")))", why.atMs.map { frame.time($0) } ?? .none]
        }
        let table = Table(caption: frame.say("journey-why.title"), columns: [.init(title: frame.say("column.name")), .init(title: frame.say("journeys.reason"), isWide: true), .init(title: frame.say("journeys.when"))], rows: rows)
        let more: HTML = hasMore ? "<p class=\"help\">\(frame.say("journey-why.more", ["n": frame.number(whys.count)]))</p>" : .none
        return "<section><h2>\(frame.say("journey-why.title"))</h2><p class=\"help\">\(frame.say("journey-why.help"))</p>\(table.html)\(more)</section>"
    }

    private func panel(_ run: Run, _ frame: Frame) -> HTML {
        // Whose inaction is counted has come to no step.
        let isCounting = run.step?.isEmpty ?? false
        let status = isCounting ? Status(meaning: .quiet, text: frame.say("journey-why.counting")) : run.step.map { Status(meaning: .good, text: frame.say("journeys.stands-at", ["step": $0])) } ?? Status(meaning: .quiet, text: frame.say("journeys.ended-by", ["reason": run.reason ?? ""]))
        let wake: HTML = run.wakeAtMs.map { wake -> HTML in " · \(frame.say("journeys.moves")) \(frame.time(wake))" } ?? .none
        let rows = run.notes.map { note -> [HTML] in
            [frame.time(note.atMs), "\(frame.say(PhraseKey("journeys.did-\(note.what)")))", "<bdi class=\"mono\">\(note.step)</bdi>", note.delivery.map { outcome($0, frame) } ?? "<bdi>\(note.detail)</bdi>"]
        }
        let table = Table(
            caption: run.name,
            columns: [.init(title: frame.say("journeys.when")), .init(title: frame.say("journeys.what")), .init(title: frame.say("journeys.step")), .init(title: frame.say("journeys.reason"), isWide: true)], rows: rows)
        return """
            <section><h2><a href="\(Section.journeys.address(in: frame.workspace))/\(run.journeyID)"><bdi>\(run.name)</bdi></a> \(run.key.isEmpty ? .none : "<bdi class=\"mono quiet\">\(run.key)</bdi>") \(status.html)</h2>\
            <p class="quiet">\(isCounting ? .none : "\(frame.say("journeys.entered")) \(frame.time(run.enteredAtMs)) · ")\(frame.say("journeys.version", ["version": frame.number(run.version)]))\(wake)</p>\(rows.isEmpty ? .none : table.html)</section>
            """
    }
}
