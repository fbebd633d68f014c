/// One account: what it is, where it stands in the tree, who belongs to it, and what they did as its members.
public struct AccountPage: ConsolePage {
    public struct Link: Sendable {
        public var id: String
        public var name: String
        public init(id: String, name: String) { (self.id, self.name) = (id, name) }
    }

    /// What everyone in the account and below it comes to.
    public struct Rollup: Sendable {
        public var members: Int
        public var activeMembers: Int
        public var events: Int
        /// As senders count money; the page shows it with two digits at most.
        public var revenue: Double
        public var lastEventMs: Int64?
        public init(members: Int, activeMembers: Int, events: Int, revenue: Double, lastEventMs: Int64?) {
            (self.members, self.activeMembers, self.events, self.revenue, self.lastEventMs) = (members, activeMembers, events, revenue, lastEventMs)
        }
    }

    public struct Event: Sendable {
        public var type: String
        public var name: String
        public var summary: String
        public var timestampMs: Int64
        public var person: String
        /// Nil for who may not be shown.
        public var profileID: String?
        public init(type: String, name: String, summary: String, timestampMs: Int64, person: String, profileID: String?) {
            (self.type, self.name, self.summary, self.timestampMs, self.person, self.profileID) = (type, name, summary, timestampMs, person, profileID)
        }
    }

    public var id: String
    public var name: String
    public var profileID: String
    public var traits: [(name: String, value: String)]
    /// From the top down.
    public var ancestors: [Link]
    public var children: [Link]
    public var childCount: Int
    public var isOnCircle: Bool
    public var rollup: Rollup
    public var members: [MembershipRow]
    public var nextMembers: String?
    public var events: [Event]

    public init(
        id: String, name: String, profileID: String, traits: [(name: String, value: String)], ancestors: [Link], children: [Link], childCount: Int, isOnCircle: Bool, rollup: Rollup,
        members: [MembershipRow], nextMembers: String? = nil, events: [Event]
    ) {
        (self.id, self.name, self.profileID, self.traits, self.ancestors, self.children, self.childCount) = (id, name, profileID, traits, ancestors, children, childCount)
        (self.isOnCircle, self.rollup, self.members, self.nextMembers, self.events) = (isOnCircle, rollup, members, nextMembers, events)
    }

    public func render(_ frame: Frame) -> String {
        let list = Section.accounts.address(in: frame.workspace)
        let api = APICall(path: "/api/v1/accounts/\(Address.encoded(id))", host: frame.host).drawer(frame)
        let segment = Address.with(Section.segments.address(in: frame.workspace) + "/new", [("text", "is member of account \"\(id.filter { $0 != "\"" && $0 != "\\" })\"")])
        let head = PageHead(
            title: name, sentence: facts(frame), lead: "<span class=\"icon-tile\">\(Icon.group.html)</span>",
            actions: "\(api.opener(frame))<a class=\"button\" href=\"\(segment)\">\(frame.say("account.segment"))</a>", parent: (frame.say("section.accounts"), list))
        let circle: HTML = isOnCircle ? "<div class=\"notice caution\">\(Icon.caution.html)<div>\(frame.say("account.circle"))</div></div>" : .none
        let body: HTML = """
            \(head.html)\(circle)<div class="tiles">\(tile("account.active", "\(frame.number(rollup.activeMembers))", frame))\(tile("account.members-ever", "\(frame.number(rollup.members))", frame))\
            \(tile("column.events", "\(frame.number(rollup.events))", frame))\(tile("account.revenue", "\(frame.amount(rollup.revenue))", frame))</div>
            <p class="quiet under">\(frame.say("account.rollup-help"))</p>
            \(MembershipPanel(title: frame.say("account.members"), empty: frame.say("account.no-members"), subject: frame.say("column.person"), rows: members, next: nextMembers.map { Address.with("\(list)/\(Address.encoded(id))", [("after", $0)]) }).html(frame))
            <div class="columns"><div>\(traitsPanel(frame))\(treePanel(frame))</div>\(eventsPanel(frame))</div>\(api.html(frame))
            """
        return Shell(title: name, section: .accounts).document(frame, body)
    }

    private func facts(_ frame: Frame) -> HTML {
        let path = ancestors.map { account -> HTML in "\(link(account, frame)) <span aria-hidden=\"true\">›</span> " }
        return """
            <span class="chips">\(IdentifierLabel(type: "groupId", value: id).chip)</span><span class="facts">\(path)\(frame.say("account.last-event")): \
            \(frame.time(rollup.lastEventMs, otherwise: "account.no-events"))</span>
            """
    }

    private func link(_ account: Link, _ frame: Frame) -> HTML { "<a href=\"\(Section.accounts.address(in: frame.workspace))/\(account.id)\"><bdi>\(account.name)</bdi></a>" }

    private func tile(_ title: PhraseKey, _ value: HTML, _ frame: Frame) -> HTML { "<div class=\"tile\"><span>\(frame.say(title))</span><strong>\(value)</strong></div>" }

    private func panel(_ id: String, _ title: String, _ aside: HTML, _ content: HTML) -> HTML {
        "<section class=\"panel\" aria-labelledby=\"\(id)-title\"><div class=\"panel-head\"><h2 id=\"\(id)-title\">\(title)</h2>\(aside)</div>\(content)</section>"
    }

    private func traitsPanel(_ frame: Frame) -> HTML {
        let rows = traits.map { trait -> HTML in "<div><dt><bdi>\(trait.name)</bdi></dt><dd>\(JSONValueText(json: trait.value).html)</dd></div>" }
        let content: HTML = rows.isEmpty ? "<p class=\"quiet pad\">\(frame.say("account.no-traits"))</p>" : "<dl class=\"traits\">\(rows)</dl>"
        return panel("traits", frame.say("profile.traits"), "<a href=\"\(Section.profiles.address(in: frame.workspace))/\(profileID)\">\(frame.say("account.history"))</a>", content)
    }

    private func treePanel(_ frame: Frame) -> HTML {
        let items = children.map { child -> HTML in
            "<li><a href=\"\(Section.accounts.address(in: frame.workspace))/\(child.id)\"><span class=\"icon-tile\">\(Icon.group.html)</span><bdi class=\"grow\">\(child.name)</bdi></a></li>"
        }
        let content: HTML = items.isEmpty ? "<p class=\"quiet pad\">\(frame.say("account.no-children"))</p>" : "<ul class=\"list\">\(items)</ul>"
        return panel("tree", frame.say("account.below"), "<span class=\"quiet\">\(frame.number(childCount))</span>", content)
    }

    private func eventsPanel(_ frame: Frame) -> HTML {
        let items = events.map { event -> HTML in
            let name: HTML = "<bdi>\(event.person)</bdi>"
            let person: HTML = event.profileID.map { "<a href=\"\(Section.profiles.address(in: frame.workspace))/\($0)\">\(name)</a>" } ?? name
            return "<li><span class=\"icon-tile\">\(Icon.forCall(event.type).html)</span><span class=\"grow\"><bdi>\(event.name)</bdi> <span class=\"quiet\"><bdi>\(event.summary)</bdi></span><br>\(person)</span><span class=\"quiet\">\(frame.time(event.timestampMs))</span></li>"
        }
        let content: HTML = items.isEmpty ? "<p class=\"quiet pad\">\(frame.say("account.no-events"))</p>" : "<ul class=\"list\">\(items)</ul>"
        return panel("events", frame.say("account.events"), .none, content)
    }
}
