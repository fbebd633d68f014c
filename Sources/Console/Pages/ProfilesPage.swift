/// Everyone we know, found by any name or identifier.
public struct ProfilesPage: ConsolePage {
    /// One person as a list shows them.
    public struct Row: Sendable {
        public var id: String
        /// Nil for someone who never said a name; the list then shows an identifier.
        public var name: String?
        public var identifiers: [IdentifierLabel]
        public var firstSeenMs: Int64
        public var lastSeenMs: Int64
        public var events: Int

        public init(
            id: String, name: String? = nil, identifiers: [IdentifierLabel], firstSeenMs: Int64, lastSeenMs: Int64, events: Int
        ) {
            (self.id, self.name, self.identifiers) = (id, name, identifiers)
            (self.firstSeenMs, self.lastSeenMs, self.events) = (firstSeenMs, lastSeenMs, events)
        }

        func shownName(_ frame: Frame) -> String {
            name ?? identifiers.first.map { "\($0.type) \($0.value)" } ?? frame.say("profile.nameless")
        }
    }

    public var rows: [Row]
    public var query: String
    /// Cursor of the next page, nil at the end.
    public var next: String?
    /// How many there are in all, nil where counting would make the page wait.
    public var total: Int?
    /// Only people who were merged from several (`?merged=1`), as Home's tile opens it.
    public var isMergedOnly: Bool

    public init(rows: [Row], query: String = "", next: String? = nil, total: Int? = nil, isMergedOnly: Bool = false) {
        (self.rows, self.query, self.next) = (rows, query, next)
        (self.total, self.isMergedOnly) = (total, isMergedOnly)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("section.profiles")
        let sentence: HTML = "\(total.map { frame.say("profiles.total", count: $0) } ?? frame.say("profiles.sentence"))"
        let api = APICall(path: Address.with("/api/v1/profiles", [("q", query), ("merged", isMergedOnly ? "true" : nil)]), host: frame.host).drawer(frame)
        let head = PageHead(title: title, sentence: sentence, actions: "<a class=\"button\" href=\"/w/\(frame.workspace)/identity\">\(frame.say("rules.title"))</a>\(api.opener(frame))")
        let body: HTML = "\(head.html)\(searchBar(frame))\(rows.isEmpty ? emptyState(frame) : table(frame))\(api.html(frame))"
        return Shell(title: title, section: .profiles).document(frame, body)
    }

    private func searchBar(_ frame: Frame) -> HTML {
        let field = Field(
            name: "q", label: frame.say("profiles.search"), value: query, autocomplete: "off",
            placeholder: frame.say("profiles.search-hint"))
        let merged: HTML = """
            <div class="field check"><input id="f-merged" type="checkbox" name="merged" value="1"\(flag: "checked", when: isMergedOnly)>\
            <label for="f-merged">\(frame.say("profiles.merged-only"))</label></div>
            """
        let clear: HTML = "<a class=\"button ghost\" href=\"/w/\(frame.workspace)/profiles\">\(frame.say("filter.clear"))</a>"
        return """
            <form class="filters" method="get" action="/w/\(frame.workspace)/profiles">\(field.html)\(merged)\
            <div class="actions"><button type="submit">\(frame.say("filter.find"))</button>\(query.isEmpty && !isMergedOnly ? .none : clear)</div></form>
            """
    }

    private func table(_ frame: Frame) -> HTML {
        let table = Table(
            caption: frame.say("section.profiles"),
            columns: [
                .init(title: frame.say("column.person"), isWide: true), .init(title: frame.say("column.identifiers")),
                .init(title: frame.say("column.events"), isNumber: true), .init(title: frame.say("column.first-seen")),
                .init(title: frame.say("column.last-seen")),
            ],
            rows: rows.map { cells($0, frame) })
        let address = next.map {
            Address.with(Section.profiles.address(in: frame.workspace), [("q", query), ("merged", isMergedOnly ? "1" : nil), ("after", $0)])
        }
        return "\(table.html)\(NextLink(address: address).html(frame))"
    }

    private func cells(_ row: Row, _ frame: Frame) -> [HTML] {
        let chips = row.identifiers.prefix(2).map(\.chip)
        let others = row.identifiers.count - 2
        let rest: HTML = others > 0 ? "<span class=\"quiet\">+\(others)</span>" : .none
        return [
            "<a class=\"person\" href=\"/w/\(frame.workspace)/profiles/\(row.id)\">\(Avatar(name: row.name, id: row.id).html)<bdi>\(row.shownName(frame))</bdi></a>",
            "<span class=\"chips\">\(chips)\(rest)</span>",
            "\(frame.number(row.events))", frame.time(row.firstSeenMs), frame.time(row.lastSeenMs),
        ]
    }

    private func emptyState(_ frame: Frame) -> HTML {
        let base = Section.home.address(in: frame.workspace)
        return query.isEmpty && !isMergedOnly
            ? EmptyState(
                icon: .profiles, title: frame.say("profiles.empty-title"), text: frame.say("profiles.empty-text"),
                action: (frame.say("sources.open"), base + "/sources")
            ).html
            : EmptyState(
                icon: .search, title: frame.say("profiles.none-title"), text: frame.say("profiles.none-text"),
                action: (frame.say("profiles.show-all"), base + "/profiles")
            ).html
    }
}
