/// Events as they arrive, each with its verdict; useful as a list without scripts, moving with them.
public struct LivePage: ConsolePage {
    /// What became of an arrival.
    public enum Verdict: String, Sendable, CaseIterable { case accepted, duplicate, quarantined }

    /// One arrival; the same fields as a message of the stream.
    public struct Row: Sendable {
        /// Grows with every arrival of whatever verdict, so that the script can tell what it shows already.
        public var position: Int64
        public var receivedAtMs: Int64
        public var type: String
        /// The name of a track, page or screen; nil for the others.
        public var event: String?
        public var verdict: Verdict
        public var source: String
        /// The person as the sender named them: name, email, or identifier.
        public var person: String?
        public var profileID: String?
        /// What stands out in it, in one line; for a quarantined one, the problem.
        public var summary: String

        public init(
            position: Int64, receivedAtMs: Int64, type: String, event: String? = nil, verdict: Verdict, source: String,
            person: String? = nil, profileID: String? = nil, summary: String = ""
        ) {
            (self.position, self.receivedAtMs, self.type, self.event) = (position, receivedAtMs, type, event)
            (self.verdict, self.source, self.person) = (verdict, source, person)
            (self.profileID, self.summary) = (profileID, summary)
        }
    }

    /// What the address asks for; nil and empty ask for everything.
    public struct Filter: Sendable, Equatable {
        public var text: String
        public var type: String?
        public var source: String?
        public var verdict: Verdict?
        /// An interval instead of the newest events, as a point of a chart opens it.
        public var fromMs: Int64?
        public var toMs: Int64?

        public init(
            text: String = "", type: String? = nil, source: String? = nil, verdict: Verdict? = nil,
            fromMs: Int64? = nil, toMs: Int64? = nil
        ) {
            (self.text, self.type, self.source) = (text, type, source)
            (self.verdict, self.fromMs, self.toMs) = (verdict, fromMs, toMs)
        }

        var isEmpty: Bool { self == Filter() }
    }

    /// Newest first.
    public var rows: [Row]
    public var filter: Filter
    /// Names of the sources to choose from.
    public var sources: [String]

    public init(rows: [Row], filter: Filter = Filter(), sources: [String] = []) {
        (self.rows, self.filter, self.sources) = (rows, filter, sources)
    }

    static let callTypes = ["identify", "track", "page", "screen", "group", "alias"]
    static let rowsMaximum = 200

    public func render(_ frame: Frame) -> String {
        let isInterval = filter.fromMs != nil || filter.toMs != nil
        let pause: HTML = """
            <button type="button" id="live-pause" aria-pressed="false" hidden>\(Icon.pause.html)<span data-on="\(frame.say("live.resume"))" \
            data-off="\(frame.say("live.pause"))">\(frame.say("live.pause"))</span></button>
            """
        let head = PageHead(
            title: frame.say("section.live"), sentence: isInterval ? interval(frame) : "\(frame.say("live.sentence"))",
            status: isInterval ? .none : "<span id=\"live-state\" class=\"status quiet\" role=\"status\" data-live=\"\(frame.say("live.connected"))\" data-lost=\"\(frame.say("live.lost"))\" data-paused=\"\(frame.say("live.paused"))\"></span>",
            actions: isInterval ? .none : pause)
        let body: HTML = "\(head.html)\(filterBar(frame))\(list(frame, isInterval: isInterval))"
        return Shell(title: frame.say("section.live"), section: .live, scripts: isInterval ? [] : [.live]).document(frame, body)
    }

    private func interval(_ frame: Frame) -> HTML {
        let from = filter.fromMs.map { frame.exact($0) } ?? "…"
        let to = filter.toMs.map { frame.exact($0) } ?? "…"
        let back: HTML = "<a href=\"/w/\(frame.workspace)/live\">\(frame.say("live.back"))</a>"
        return frame.phrase("live.interval", ["from": "\(from)", "to": "\(to)", "link": back])
    }

    private func filterBar(_ frame: Frame) -> HTML {
        func menu(_ name: String, _ label: PhraseKey, _ options: [(value: String, title: String)], _ value: String?) -> HTML {
            Field(name: name, label: frame.say(label), kind: .choice([("", frame.say("filter.any"))] + options), value: value ?? "").html
        }
        let verdicts = Verdict.allCases.map { ($0.rawValue, $0.title(frame)) }
        // Filtering inside an interval stays inside it.
        let interval = [("from", filter.fromMs), ("to", filter.toMs)].compactMap { name, ms in
            ms.map { ms -> HTML in "<input type=\"hidden\" name=\"\(name)\" value=\"\(ms)\">" }
        }
        let clear: HTML = "<a class=\"button ghost\" href=\"/w/\(frame.workspace)/live\">\(frame.say("filter.clear"))</a>"
        return """
            <form class="filters" id="live-filter" method="get" action="/w/\(frame.workspace)/live">\(interval)
            \(Field(name: "text", label: frame.say("filter.text"), value: filter.text, autocomplete: "off", placeholder: frame.say("live.text-hint")).html)
            \(menu("type", "filter.type", Self.callTypes.map { ($0, $0) }, filter.type))
            \(menu("source", "filter.source", sources.map { ($0, $0) }, filter.source))
            \(menu("verdict", "filter.verdict", verdicts, filter.verdict?.rawValue))
            <div class="actions"><button type="submit">\(frame.say("filter.apply"))</button>\(filter.isEmpty ? .none : clear)</div>
            </form>
            """
    }

    private func list(_ frame: Frame, isInterval: Bool) -> HTML {
        let empty: HTML = rows.isEmpty ? emptyState(frame) : .none
        let stream = isInterval ? nil : "/w/\(Address.encoded(frame.workspace))/live/stream"
        return """
            <div id="live"\(attribute: "data-stream", stream) data-max="\(Self.rowsMaximum)" data-waiting="\(frame.say("live.waiting"))">
            <div class="frame"><table class="table live"><caption class="hidden">\(frame.say("section.live"))</caption>
            <thead><tr><th scope="col">\(frame.say("column.time"))</th><th scope="col">\(frame.say("column.event"))</th>\
            <th scope="col">\(frame.say("column.person"))</th><th scope="col" class="wide">\(frame.say("column.summary"))</th>\
            <th scope="col">\(frame.say("column.source"))</th><th scope="col">\(frame.say("column.verdict"))</th></tr></thead>
            <tbody id="live-rows">\(rows.map { $0.html(frame) })</tbody></table></div>
            <div id="live-empty"\(flag: "hidden", when: !rows.isEmpty)>\(empty)</div>
            </div>\(templates(frame))
            """
    }

    private func emptyState(_ frame: Frame) -> HTML {
        let base = Section.home.address(in: frame.workspace)
        return filter.isEmpty
            ? EmptyState(
                icon: .live, title: frame.say("live.empty-title"), text: frame.say("live.empty-text"),
                action: (frame.say("sources.open"), base + "/sources")
            ).html
            : EmptyState(
                icon: .search, title: frame.say("live.none-title"), text: frame.say("live.none-text"),
                action: (frame.say("filter.clear"), base + "/live")
            ).html
    }

    /// The row and the marks that the script copies, so that words and drawings stay here.
    private func templates(_ frame: Frame) -> HTML {
        let icons = Self.callTypes.map { type -> HTML in "<template data-call=\"\(type)\">\(Icon.forCall(type).html)</template>" }
        let verdicts = Verdict.allCases.map { verdict -> HTML in
            "<template data-verdict=\"\(verdict.rawValue)\">\(verdict.mark(frame))</template>"
        }
        return "\(icons)\(verdicts)"
    }
}
