/// Where events come from.
public struct SourcesPage: ConsolePage {
    /// One source and what arrived from it.
    public struct Row: Sendable {
        public var id: String
        public var name: String
        public var isEnabled: Bool
        public var lastEventMs: Int64?
        public var events24h: Int
        /// Of its refused events, those that wait in quarantine now.
        public var waiting: Int
        public init(
            id: String, name: String, isEnabled: Bool = true, lastEventMs: Int64? = nil, events24h: Int = 0, waiting: Int = 0
        ) {
            (self.id, self.name, self.isEnabled, self.lastEventMs) = (id, name, isEnabled, lastEventMs)
            (self.events24h, self.waiting) = (events24h, waiting)
        }
    }

    /// Why a source was not made.
    public enum Mistake: Sendable, Equatable { case nameMissing, nameTaken, nameTooLong(maximum: Int) }

    public var rows: [Row]
    public var mistake: Mistake?
    /// What was typed, kept when it is refused.
    public var typedName: String
    /// When counting began, if that is less than a day ago.
    public var countedSinceMs: Int64?

    public init(rows: [Row], mistake: Mistake? = nil, typedName: String = "", countedSinceMs: Int64? = nil) {
        (self.rows, self.mistake, self.typedName, self.countedSinceMs) = (rows, mistake, typedName, countedSinceMs)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("section.sources")
        let api = APICall(path: "/api/v1/sources", host: frame.host).drawer(frame)
        let head = PageHead(title: title, sentence: "\(frame.say("sources.sentence"))", actions: api.opener(frame))
        let list: HTML =
            rows.isEmpty
            ? EmptyState(icon: .sources, title: frame.say("sources.empty-title"), text: frame.say("sources.empty-text")).html
            : "\(table(frame))\(Self.countedSince(countedSinceMs, frame))"
        let body: HTML = """
            \(head.html)\(list)
            <section class="panel pad" aria-labelledby="new-title"><h2 id="new-title">\(frame.say("sources.new"))</h2>\
            \(Self.form(frame, mistake: mistake, name: typedName))</section>
            \(api.html(frame))
            """
        return Shell(title: title, section: .sources).document(frame, body)
    }

    /// The form that makes a source; Home's first step uses it too.
    static func form(_ frame: Frame, mistake: Mistake?, name: String) -> HTML {
        let field = Field(
            name: "name", label: frame.say("field.source-name"), value: name, help: frame.say("sources.name-help"), error: mistake?.text(frame),
            isRequired: true, autocomplete: "off", placeholder: frame.say("sources.name-hint"), isFirst: mistake != nil)
        return """
            <form class="inline" method="post" action="/w/\(frame.workspace)/sources">\(Field.csrf(frame))\(field.html)\
            <button type="submit" class="primary">\(frame.say("sources.create"))</button></form>
            """
    }

    private func table(_ frame: Frame) -> HTML {
        Table(
            caption: frame.say("section.sources"),
            columns: [
                .init(title: frame.say("column.name"), isWide: true), .init(title: frame.say("column.status")),
                .init(title: frame.say("column.events-24h"), isNumber: true),
                .init(title: frame.say("column.waiting"), isNumber: true), .init(title: frame.say("column.last-event")),
            ],
            rows: rows.map { row in
                let live = Address.with(Section.live.address(in: frame.workspace), [("source", row.name)])
                let refused = Address.with(Section.quarantine.address(in: frame.workspace), [("source", row.name)])
                return [
                    "<a href=\"/w/\(frame.workspace)/sources/\(row.id)\"><bdi>\(row.name)</bdi></a>",
                    Self.status(row.isEnabled, row.lastEventMs, frame),
                    Self.count(row.events24h, live, frame), Self.count(row.waiting, refused, frame),
                    frame.time(row.lastEventMs, otherwise: "source.no-events"),
                ]
            }
        ).html
    }

    /// A number that opens what is behind it; behind none there is nothing to open.
    private static func count(_ value: Int, _ address: String, _ frame: Frame) -> HTML {
        value == 0 ? "<span class=\"quiet\">0</span>" : "<a href=\"\(address)\">\(frame.number(value))</a>"
    }

    static func countedSince(_ ms: Int64?, _ frame: Frame) -> HTML {
        ms.map { "<p class=\"help\">\(frame.phrase("sources.counted-since", ["time": frame.time($0)]))</p>" } ?? .none
    }

    /// A source that sent nothing for longer has fallen silent.
    static let receivingMs: Int64 = 86_400_000

    static func status(_ isEnabled: Bool, _ lastEventMs: Int64?, _ frame: Frame) -> HTML {
        guard isEnabled else { return Status(meaning: .quiet, text: frame.say("source.disabled"), icon: .pause).html }
        guard let lastEventMs else { return Status(meaning: .quiet, text: frame.say("source.waiting")).html }
        // Compared without a sum: an event may have said any instant.
        return lastEventMs >= frame.nowMs - receivingMs
            ? Status(meaning: .good, text: frame.say("source.receiving")).html
            : Status(meaning: .quiet, text: frame.say("source.silent", ["date": frame.date(lastEventMs)])).html
    }
}

extension SourcesPage.Mistake {
    func text(_ frame: Frame) -> String {
        switch self {
        case .nameMissing: frame.say("sources.name-missing")
        case .nameTaken: frame.say("sources.name-taken")
        case .nameTooLong(let maximum): frame.say("sources.name-long", count: maximum)
        }
    }
}
