/// The static lists of a workspace, and a form for one more.
public struct ListsPage: ConsolePage {
    /// One list.
    public struct Row: Sendable {
        public var id: String
        public var name: String
        public var source: String
        public var entries: Int
        public var expiresMs: Int64?
        public var changedMs: Int64
        public init(id: String, name: String, source: String, entries: Int, expiresMs: Int64?, changedMs: Int64) {
            (self.id, self.name, self.source, self.entries, self.expiresMs, self.changedMs) = (id, name, source, entries, expiresMs, changedMs)
        }
    }

    /// What was typed into the form.
    public struct Typed: Sendable {
        public var name: String
        public var source: String
        public var expiry: String
        public init(name: String = "", source: String = "", expiry: String = "") { (self.name, self.source, self.expiry) = (name, source, expiry) }
    }

    public var rows: [Row]
    public var typed: Typed
    /// Why a list was not made.
    public var problem: ConsoleProblem?

    public init(rows: [Row], typed: Typed = Typed(), problem: ConsoleProblem? = nil) { (self.rows, self.typed, self.problem) = (rows, typed, problem) }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("lists.title")
        let api = APICall(path: "/api/v1/lists", host: frame.host).drawer(frame)
        let head = PageHead(
            title: title, sentence: "\(frame.say("lists.sentence"))", actions: api.opener(frame),
            parent: (frame.say("section.segments"), Section.segments.address(in: frame.workspace)))
        let list: HTML = rows.isEmpty ? EmptyState(icon: .profiles, title: frame.say("lists.empty-title"), text: frame.say("lists.empty-text")).html : table(frame)
        let body: HTML = "\(head.html)\(problem.map { $0.html(frame) })\(list)\(form(frame))\(api.html(frame))"
        return Shell(title: title, section: .segments).document(frame, body)
    }

    private func table(_ frame: Frame) -> HTML {
        Table(
            caption: frame.say("lists.title"),
            columns: [
                .init(title: frame.say("column.name"), isWide: true), .init(title: frame.say("lists.source")), .init(title: frame.say("lists.entries"), isNumber: true),
                .init(title: frame.say("list.expires")), .init(title: frame.say("lists.changed")),
            ],
            rows: rows.map { row in
                [
                    "<a href=\"/w/\(frame.workspace)/lists/\(row.id)\"><bdi>\(row.name)</bdi></a>", "<bdi class=\"clamped quiet\">\(row.source)</bdi>", "\(frame.number(row.entries))",
                    frame.time(row.expiresMs, otherwise: "list.never"), frame.time(row.changedMs),
                ]
            }
        ).html
    }

    private func form(_ frame: Frame) -> HTML {
        let name = Field(
            name: "name", label: frame.say("column.name"), value: typed.name, isRequired: true, autocomplete: "off", placeholder: frame.say("lists.name-hint"))
        let source = Field(name: "source", label: frame.say("lists.source"), value: typed.source, help: frame.say("lists.source-help"), autocomplete: "off")
        let expiry = Field(name: "expiry", label: frame.say("lists.expiry"), value: typed.expiry, help: frame.say("lists.expiry-help"), autocomplete: "off")
        return """
            <section class="panel pad" aria-labelledby="new-title"><h2 id="new-title">\(frame.say("lists.new"))</h2>
            <form method="post" action="/w/\(frame.workspace)/lists">\(Field.csrf(frame))\(name.html)\(source.html)\(expiry.html)
            <button type="submit" class="primary">\(frame.say("lists.create"))</button></form></section>
            """
    }
}
