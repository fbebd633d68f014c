/// The journeys, and how many walk each.
public struct JourneysPage: ConsolePage {
    /// One journey.
    public struct Row: Sendable {
        public var id: String, name: String, trigger: String
        public var state: JourneyState
        public var entered: Int, inside: Int, converted: Int
        public init(id: String, name: String, trigger: String, state: JourneyState, entered: Int, inside: Int, converted: Int) {
            (self.id, self.name, self.trigger, self.state) = (id, name, trigger, state)
            (self.entered, self.inside, self.converted) = (entered, inside, converted)
        }
    }

    public var rows: [Row]
    /// What was searched for in their names.
    public var query: String
    public var next: String?
    /// Whether there are more of them than these.
    public var isPart: Bool

    public init(rows: [Row], query: String = "", next: String? = nil, isPart: Bool = false) { (self.rows, self.query, self.next, self.isPart) = (rows, query, next, isPart) }

    public func render(_ frame: Frame) -> String {
        let title = frame.say(Section.journeys.title)
        let address = Section.journeys.address(in: frame.workspace)
        let api = APICall(path: "/api/v1/journeys", host: frame.host).drawer(frame)
        let campaign: HTML = "<a class=\"button\" href=\"\(address)/campaign\">\(frame.say("campaign.new"))</a>"
        let new: HTML = "<a class=\"button primary\" href=\"\(address)/new\">\(frame.say("journeys.new"))</a>"
        let head = PageHead(title: title, sentence: "\(frame.say("journeys.list-sentence"))", actions: "\(api.opener(frame))\(campaign)\(rows.isEmpty && query.isEmpty ? .none : new)")
        let empty = query.isEmpty
            ? EmptyState(icon: .journeys, title: frame.say("journeys.empty-title"), text: frame.say("journeys.empty-text"), action: (frame.say("journeys.new"), address + "/new"))
            : EmptyState(icon: .journeys, title: frame.say("journeys.none-title"), text: frame.say("journeys.none-text"), action: (frame.say("filter.clear"), address))
        let pages = NextLink(address: next.map { Address.with(address, [("q", query), ("after", $0)]) })
        return Shell(title: title, section: .journeys).document(frame, "\(head.html)\(searchBar(frame, address))\(rows.isEmpty ? empty.html : table(frame, address))\(pages.html(frame))\(api.html(frame))")
    }

    /// Where there are so many that one looks for them.
    private func searchBar(_ frame: Frame, _ address: String) -> HTML {
        guard isPart || !query.isEmpty else { return .none }
        let field = Field(name: "q", label: frame.say("column.name"), value: query, autocomplete: "off")
        let clear: HTML = query.isEmpty ? .none : "<a class=\"button ghost\" href=\"\(address)\">\(frame.say("filter.clear"))</a>"
        return "<form class=\"filters\" method=\"get\" action=\"\(address)\">\(field.html)<div class=\"actions\"><button type=\"submit\">\(frame.say("filter.find"))</button>\(clear)</div></form>"
    }

    private func table(_ frame: Frame, _ address: String) -> HTML {
        Table(
            caption: frame.say(Section.journeys.title),
            columns: [
                .init(title: frame.say("column.name"), isWide: true), .init(title: frame.say("journeys.state")), .init(title: frame.say("journeys.trigger")),
                .init(title: frame.say("journeys.entered"), isNumber: true), .init(title: frame.say("journeys.inside"), isNumber: true), .init(title: frame.say("journeys.converted"), isNumber: true),
            ],
            rows: rows.map { row in
                [
                    "<a href=\"\(address)/\(row.id)\"><bdi>\(row.name)</bdi></a>", row.state.status(frame).html, "\(frame.say(PhraseKey("journeys.trigger-\(row.trigger)")))", "\(frame.number(row.entered))",
                    "\(frame.number(row.inside))", "\(frame.number(row.converted))",
                ]
            }
        ).html
    }
}

/// Where a journey stands.
public enum JourneyState: String, Sendable, CaseIterable {
    case draft, live, paused, stopped

    func status(_ frame: Frame) -> Status {
        let meaning: Status.Meaning = switch self {
        case .draft, .stopped: .quiet
        case .live: .good
        case .paused: .caution
        }
        return Status(meaning: meaning, text: frame.say(PhraseKey("journeys.state-\(rawValue)")))
    }
}
