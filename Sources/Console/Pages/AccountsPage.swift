/// Every account, found by its id or name.
public struct AccountsPage: ConsolePage {
    /// One account as a list shows it.
    public struct Row: Sendable {
        public var id: String
        public var name: String
        public var members: Int
        public var activeMembers: Int
        public var lastSeenMs: Int64
        public init(id: String, name: String, members: Int, activeMembers: Int, lastSeenMs: Int64) {
            (self.id, self.name, self.members, self.activeMembers, self.lastSeenMs) = (id, name, members, activeMembers, lastSeenMs)
        }
    }

    public var rows: [Row]
    public var query: String
    public var next: String?
    /// How many there are in all; nil where some are searched for.
    public var total: Int?

    public init(rows: [Row], query: String = "", next: String? = nil, total: Int? = nil) { (self.rows, self.query, self.next, self.total) = (rows, query, next, total) }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("section.accounts")
        let api = APICall(path: Address.with("/api/v1/accounts", [("q", query)]), host: frame.host).drawer(frame)
        let head = PageHead(title: title, sentence: "\(total.map { frame.say("accounts.total", count: $0) } ?? frame.say("accounts.sentence"))", actions: api.opener(frame))
        let body: HTML = "\(head.html)\(rows.isEmpty && query.isEmpty ? .none : searchBar(frame))\(rows.isEmpty ? emptyState(frame) : table(frame))\(api.html(frame))"
        return Shell(title: title, section: .accounts).document(frame, body)
    }

    private func searchBar(_ frame: Frame) -> HTML {
        let field = Field(name: "q", label: frame.say("accounts.search"), value: query, autocomplete: "off")
        let base = Section.accounts.address(in: frame.workspace)
        let clear: HTML = query.isEmpty ? .none : "<a class=\"button ghost\" href=\"\(base)\">\(frame.say("filter.clear"))</a>"
        return """
            <form class="filters" method="get" action="\(base)">\(field.html)<div class="actions"><button type="submit">\(frame.say("filter.find"))</button>\(clear)</div></form>
            """
    }

    private func table(_ frame: Frame) -> HTML {
        let base = Section.accounts.address(in: frame.workspace)
        let table = Table(
            caption: frame.say("section.accounts"),
            columns: [
                .init(title: frame.say("column.account"), isWide: true), .init(title: frame.say("column.identifier")),
                .init(title: frame.say("account.active"), isNumber: true), .init(title: frame.say("account.members-ever"), isNumber: true), .init(title: frame.say("column.last-seen")),
            ],
            rows: rows.map { row in
                [
                    "<a class=\"person\" href=\"\(base)/\(Address.encoded(row.id))\"><span class=\"icon-tile\">\(Icon.group.html)</span><bdi>\(row.name)</bdi></a>",
                    "<span class=\"chips\">\(IdentifierLabel(type: "groupId", value: row.id).chip)</span>", "\(frame.number(row.activeMembers))", "\(frame.number(row.members))", frame.time(row.lastSeenMs),
                ]
            })
        return "\(table.html)\(NextLink(address: next.map { Address.with(base, [("q", query), ("after", $0)]) }).html(frame))"
    }

    private func emptyState(_ frame: Frame) -> HTML {
        let base = Section.home.address(in: frame.workspace)
        return query.isEmpty
            ? EmptyState(icon: .group, title: frame.say("accounts.empty-title"), text: frame.say("accounts.empty-text"), action: (frame.say("sources.open"), base + "/sources")).html
            : EmptyState(icon: .search, title: frame.say("accounts.none-title"), text: frame.say("accounts.none-text"), action: (frame.say("accounts.show-all"), base + "/accounts")).html
    }
}
