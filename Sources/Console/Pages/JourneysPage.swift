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

    public init(rows: [Row]) { self.rows = rows }

    public func render(_ frame: Frame) -> String {
        let title = frame.say(Section.journeys.title)
        let address = Section.journeys.address(in: frame.workspace)
        let api = APICall(path: "/api/v1/journeys", host: frame.host).drawer(frame)
        let campaign: HTML = "<a class=\"button\" href=\"\(address)/campaign\">\(frame.say("campaign.new"))</a>"
        let new: HTML = "<a class=\"button primary\" href=\"\(address)/new\">\(frame.say("journeys.new"))</a>"
        let head = PageHead(title: title, sentence: "\(frame.say("journeys.list-sentence"))", actions: "\(api.opener(frame))\(campaign)\(rows.isEmpty ? .none : new)")
        let empty = EmptyState(icon: .journeys, title: frame.say("journeys.empty-title"), text: frame.say("journeys.empty-text"), action: (frame.say("journeys.new"), address + "/new"))
        return Shell(title: title, section: .journeys).document(frame, "\(head.html)\(rows.isEmpty ? empty.html : table(frame, address))\(api.html(frame))")
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
