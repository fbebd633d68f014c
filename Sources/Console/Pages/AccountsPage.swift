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

    /// An account segment: a condition under a name.
    public struct Saved: Sendable {
        public var id: String
        public var name: String
        public var text: String
        public init(id: String, name: String, text: String) { (self.id, self.name, self.text) = (id, name, text) }
    }

    public var rows: [Row]
    public var query: String
    public var next: String?
    /// How many there are in all; nil where some are searched for.
    public var total: Int?
    /// What the accounts shown satisfy; empty for all.
    public var condition: String
    /// How many satisfy it.
    public var found: Int?
    public var saved: [Saved]
    public var problem: ConsoleProblem?

    public init(
        rows: [Row], query: String = "", next: String? = nil, total: Int? = nil, condition: String = "", found: Int? = nil, saved: [Saved] = [], problem: ConsoleProblem? = nil
    ) {
        (self.rows, self.query, self.next, self.total) = (rows, query, next, total)
        (self.condition, self.found, self.saved, self.problem) = (condition, found, saved, problem)
    }

    private var isAsked: Bool { !query.isEmpty || !condition.isEmpty }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("section.accounts")
        let api = APICall(path: Address.with("/api/v1/accounts", [("q", query)]), host: frame.host).drawer(frame)
        let head = PageHead(title: title, sentence: "\(total.map { frame.say("accounts.total", count: $0) } ?? frame.say("accounts.sentence"))", actions: "\(api.opener(frame))<a class=\"button\" href=\"\(Section.accounts.address(in: frame.workspace))/duplicates\">\(frame.say("companies.title"))</a>")
        let answer: HTML = found.map { "<p class=\"under\" role=\"status\"><strong>\(frame.say("accounts.found", count: $0))</strong></p>" } ?? .none
        let body: HTML = """
            \(head.html)\(problem.map { $0.html(frame) })\(rows.isEmpty && !isAsked ? .none : searchBar(frame))\(savedBar(frame))\(answer)\
            \(rows.isEmpty ? emptyState(frame) : table(frame))\(problem == nil && !condition.isEmpty ? saveForm(frame) : .none)\(api.html(frame))
            """
        return Shell(title: title, section: .accounts).document(frame, body)
    }

    private func searchBar(_ frame: Frame) -> HTML {
        let field = Field(name: "q", label: frame.say("accounts.search"), value: query, autocomplete: "off")
        let asking = Field(
            name: "where", label: frame.say("accounts.condition"), value: condition, autocomplete: "off", placeholder: frame.say("accounts.condition-hint"))
        let base = Section.accounts.address(in: frame.workspace)
        let clear: HTML = !isAsked ? .none : "<a class=\"button ghost\" href=\"\(base)\">\(frame.say("filter.clear"))</a>"
        return """
            <form class="filters" method="get" action="\(base)">\(field.html)<div class="actions"><button type="submit">\(frame.say("filter.find"))</button>\(clear)</div></form>
            <form class="filters" method="get" action="\(base)">\(asking.html)<div class="actions"><button type="submit">\(frame.say("accounts.ask"))</button></div></form>
            <p class="quiet under">\(frame.say("accounts.condition-help"))</p>
            """
    }

    private func savedBar(_ frame: Frame) -> HTML {
        guard !saved.isEmpty else { return .none }
        let base = Section.accounts.address(in: frame.workspace)
        let links = saved.map { segment -> HTML in "<a class=\"chip\" href=\"\(Address.with(base, [("where", segment.text)]))\" title=\"\(segment.text)\"><bdi>\(segment.name)</bdi></a>" }
        return "<p class=\"facts\">\(frame.say("accounts.saved")): <span class=\"chips\">\(links)</span></p>"
    }

    private func deleteForm(_ segment: Saved, _ frame: Frame) -> HTML {
        """
        <form class="panel pad" method="post" action="\(Section.accounts.address(in: frame.workspace))/segments/\(segment.id)/delete">\(Field.csrf(frame))\
        <button type="submit" class="danger">\(frame.say("accounts.delete", ["name": segment.name]))</button></form>
        """
    }

    private func saveForm(_ frame: Frame) -> HTML {
        if let kept = saved.first(where: { $0.text == condition }) { return deleteForm(kept, frame) }
        let name = Field(name: "name", label: frame.say("column.name"), isRequired: true, autocomplete: "off", scope: "save")
        return """
            <section aria-labelledby="save-title"><form class="panel pad" method="post" action="\(Section.accounts.address(in: frame.workspace))/segments"><h2 id="save-title">\(frame.say("accounts.save"))</h2>\
            \(Field.csrf(frame))<input type="hidden" name="where" value="\(condition)"><p><code>\(condition)</code></p>\(name.html)<button type="submit">\(frame.say("action.save"))</button></form></section>
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
                    "<a class=\"person\" href=\"\(base)/\(row.id)\"><span class=\"icon-tile\">\(Icon.group.html)</span><bdi>\(row.name)</bdi></a>",
                    "<span class=\"chips\">\(IdentifierLabel(type: "groupId", value: row.id).chip)</span>", "\(frame.number(row.activeMembers))", "\(frame.number(row.members))", frame.time(row.lastSeenMs),
                ]
            })
        return "\(table.html)\(NextLink(address: next.map { Address.with(base, [("q", query), ("where", condition), ("after", $0)]) }).html(frame))"
    }

    private func emptyState(_ frame: Frame) -> HTML {
        let base = Section.home.address(in: frame.workspace)
        return !isAsked
            ? EmptyState(icon: .group, title: frame.say("accounts.empty-title"), text: frame.say("accounts.empty-text"), action: (frame.say("sources.open"), base + "/sources")).html
            : EmptyState(icon: .search, title: frame.say("accounts.none-title"), text: frame.say("accounts.none-text"), action: (frame.say("accounts.show-all"), base + "/accounts")).html
    }
}
