/// What became of messages: how channels are doing, what was sent and refused over time, and each message with its reason.
public struct DeliveriesPage: ConsolePage {
    /// One message, call or record.
    public struct Row: Sendable {
        public var key: String
        public var profileID: String
        /// The person as lists name them; their id where they are gone.
        public var person: String
        /// A channel or destination, by name.
        public var lane: String
        public var template: String?
        public var state: String
        /// In the reader's language.
        public var reason: String
        public var atMs: Int64
        public init(key: String, profileID: String, person: String, lane: String, template: String?, state: String, reason: String, atMs: Int64) {
            (self.key, self.profileID, self.person, self.lane) = (key, profileID, person, lane)
            (self.template, self.state, self.reason, self.atMs) = (template, state, reason, atMs)
        }

        func status(_ frame: Frame) -> HTML {
            let meaning: Status.Meaning = switch state {
            case "sent": .good
            case "refused": .caution
            case "dead": .critical
            default: .quiet
            }
            return Status(meaning: meaning, text: frame.say(PhraseKey("delivery-state.\(state)"))).html
        }
    }

    /// One queue.
    public struct Lane: Sendable {
        public var id: String, name: String
        public var waiting: Int, dead: Int
        public var isPaused: Bool
        /// Of a destination that is switched off.
        public var isOff: Bool
        public init(id: String, name: String, waiting: Int, dead: Int, isPaused: Bool, isOff: Bool = false) { (self.id, self.name, self.waiting, self.dead, self.isPaused, self.isOff) = (id, name, waiting, dead, isPaused, isOff) }

        func status(_ frame: Frame) -> HTML {
            if isOff { return "\(Status(meaning: .caution, text: frame.say("destinations.off")).html)<br><span class=\"quiet\">\(frame.say("destinations.off-waits"))</span>" }
            return (isPaused ? Status(meaning: .critical, text: frame.say("deliveries.paused")) : Status(meaning: .good, text: frame.say("deliveries.works"))).html
        }
    }

    /// What waits for somebody's word since a backup was restored.
    public struct Held: Sendable {
        public var atMs: Int64
        public var lanes: [(id: String, name: String, count: Int)]
        public init(atMs: Int64, lanes: [(id: String, name: String, count: Int)]) { (self.atMs, self.lanes) = (atMs, lanes) }
    }

    public static let states = ["waiting", "retrying", "underway", "sent", "refused", "dead", "held"]

    public var chart: DeliveryChart
    public var lanes: [Lane]
    /// Newest first.
    public var rows: [Row]
    /// What the address asks for: `?state=` and `?channel=`.
    public var state: String?, channel: String?
    /// Whose alone they are: of one journey, and of one step of it.
    public var origin: (id: String, name: String, step: String?)?
    /// `?kind=`, where other things than messages are asked for.
    public var kind: String?
    public var held: Held?
    public var next: String?

    public init(
        chart: DeliveryChart, lanes: [Lane], rows: [Row], state: String? = nil, channel: String? = nil, origin: (id: String, name: String, step: String?)? = nil, kind: String? = nil, held: Held? = nil,
        next: String? = nil
    ) {
        (self.chart, self.lanes, self.rows, self.state, self.channel, self.origin, self.kind) = (chart, lanes, rows, state, channel, origin, kind)
        (self.held, self.next) = (held, next)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say(Section.deliveries.title)
        let api = APICall(path: "/api/v1/messages", host: frame.host).drawer(frame)
        let head = PageHead(title: title, sentence: "\(frame.say("deliveries.sentence"))", actions: api.opener(frame))
        let address = next.map { Address.with(base(frame), chosen(state) + [("after", $0)]) }
        let list: HTML = rows.isEmpty
            ? EmptyState(icon: .deliveries, title: frame.say("deliveries.empty-title"), text: frame.say("deliveries.empty-text")).html
            : "\(Self.table(rows, frame))\(NextLink(address: address).html(frame))"
        let body: HTML = "\(head.html)\(held.map { heldPanel($0, frame) } ?? .none)\(chart.html(frame))\(lanesPanel(frame))\(only(frame))\(filters(frame))\(list)\(api.html(frame))"
        return Shell(title: title, section: .deliveries).document(frame, body)
    }

    /// What the address asks for, in another state.
    private func chosen(_ state: String?) -> [(String, String?)] { [("state", state), ("channel", channel), ("originId", origin?.id), ("step", origin?.step), ("kind", kind)] }

    /// Whose they are, and the way back to all.
    private func only(_ frame: Frame) -> HTML {
        guard let origin else { return .none }
        let address = "\(Section.journeys.address(in: frame.workspace))/\(Address.encoded(origin.id))"
        let journey: HTML = "<a href=\"\(address)\"><bdi>\(origin.name)</bdi></a>\(origin.step.map { step -> HTML in " · <bdi class=\"mono\">\(step)</bdi>" })"
        return "<p>\(frame.say("deliveries.only")) \(journey) · <a href=\"\(base(frame))\">\(frame.say("deliveries.of-all"))</a></p>"
    }

    private func base(_ frame: Frame) -> String { Section.deliveries.address(in: frame.workspace) }

    static func table(_ rows: [Row], _ frame: Frame, showsPerson: Bool = true) -> HTML {
        let base = Section.deliveries.address(in: frame.workspace)
        var columns: [Table.Column] = [.init(title: frame.say("column.status")), .init(title: frame.say("column.reason"), isWide: true)]
        if showsPerson { columns.append(.init(title: frame.say("column.person"))) }
        columns += [.init(title: frame.say("deliveries.channel")), .init(title: frame.say("deliveries.template")), .init(title: frame.say("column.time"))]
        return Table(
            caption: frame.say(Section.deliveries.title), columns: columns,
            rows: rows.map { row in
                let address = "\(base)/\(Address.encoded(row.key))"
                var cells: [HTML] = [row.status(frame), "<a href=\"\(address)\">\(row.reason)</a>"]
                if showsPerson { cells.append("<a href=\"\(Section.profiles.address(in: frame.workspace))/\(row.profileID)\"><bdi>\(row.person)</bdi></a>") }
                return cells + ["<bdi class=\"lane\">\(row.lane)</bdi>", "<bdi>\(row.template ?? "–")</bdi>", frame.time(row.atMs)]
            }
        ).html
    }

    private func filters(_ frame: Frame) -> HTML {
        func link(_ title: String, _ value: String?) -> HTML {
            "<a href=\"\(Address.with(base(frame), chosen(value)))\"\(attribute: "aria-current", value == state ? "true" : nil)>\(title)</a>"
        }
        let links = Self.states.map { link(frame.say(PhraseKey("delivery-state.\($0)")), $0) }
        return "<nav class=\"pills\" aria-label=\"\(frame.say("deliveries.filter"))\">\(link(frame.say("deliveries.all"), nil))\(links)</nav>"
    }

    private func heldPanel(_ held: Held, _ frame: Frame) -> HTML {
        let total = held.lanes.reduce(0) { $0 + $1.count }
        let dropping = Confirmation(
            id: "drop-held", title: frame.say("deliveries.drop-title"), button: frame.say("deliveries.drop"), consequences: [frame.say("deliveries.drop-text")], action: "\(base(frame))/drop",
            submit: frame.say("deliveries.drop"))
        let lanes = held.lanes.map { lane -> HTML in "<li><a href=\"\(Address.with(base(frame), [("state", "held"), ("channel", lane.id)]))\"><bdi>\(lane.name)</bdi></a>: \(frame.number(lane.count))</li>" }
        return """
            <section class="panel pad" aria-labelledby="held-title"><h2 id="held-title">\(frame.say("deliveries.held"))</h2>\
            <p>\(frame.say("deliveries.held-text", count: total)) <span class="quiet">\(frame.time(held.atMs))</span></p>\(lanes.isEmpty ? .none : "<ul>\(lanes)</ul>")\
            <div class="actions"><form method="post" action="\(base(frame))/release">\(Field.csrf(frame))<button type="submit" class="primary">\(frame.say("deliveries.release"))</button></form>\(dropping.opener)</div>\
            \(dropping.html(frame))</section>
            """
    }

    private func lanesPanel(_ frame: Frame) -> HTML {
        let shown = lanes.filter { $0.waiting > 0 || $0.dead > 0 || $0.isPaused }
        guard !shown.isEmpty else { return .none }
        let table = Table(
            caption: frame.say("deliveries.lanes"),
            columns: [
                .init(title: frame.say("deliveries.channel"), isWide: true), .init(title: frame.say("column.status")), .init(title: frame.say("deliveries.waiting"), isNumber: true),
                .init(title: frame.say("deliveries.dead"), isNumber: true), .init(title: frame.say("column.actions")),
            ],
            rows: shown.map { lane in
                let replay: HTML = lane.dead == 0 ? .none : """
                    <form method="post" action="\(base(frame))/replay">\(Field.csrf(frame))<input type="hidden" name="channel" value="\(lane.id)">\
                    <button type="submit">\(Icon.rotate.html)<span>\(frame.say("deliveries.replay-all"))</span></button></form>
                    """
                let dead: HTML = "<a href=\"\(Address.with(base(frame), [("state", "dead"), ("channel", lane.id)]))\">\(frame.number(lane.dead))</a>"
                return ["<bdi>\(lane.name)</bdi>", lane.status(frame), "\(frame.number(lane.waiting))", dead, replay]
            })
        return "<section class=\"panel\" aria-labelledby=\"lanes-title\"><div class=\"panel-head\"><h2 id=\"lanes-title\">\(frame.say("deliveries.lanes"))</h2></div>\(table.html)</section>"
    }
}

/// A person's messages, on their page.
public struct MessagePanel: Sendable {
    public var rows: [DeliveriesPage.Row]
    public init(rows: [DeliveriesPage.Row]) { self.rows = rows }

    func html(_ frame: Frame) -> HTML {
        guard !rows.isEmpty else { return .none }
        return """
            <section class="panel" aria-labelledby="messages-title"><div class="panel-head"><h2 id="messages-title">\(frame.say("deliveries.panel"))</h2></div>\
            \(DeliveriesPage.table(rows, frame, showsPerson: false))</section>
            """
    }
}
