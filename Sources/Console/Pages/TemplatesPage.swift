/// The templates of messages.
public struct TemplatesPage: ConsolePage {
    /// One template.
    public struct Row: Sendable {
        public var id: String, name: String, kind: String
        public var savedAtMs: Int64
        public init(id: String, name: String, kind: String, savedAtMs: Int64) { (self.id, self.name, self.kind, self.savedAtMs) = (id, name, kind, savedAtMs) }
    }

    public var rows: [Row]

    public init(rows: [Row]) { self.rows = rows }

    public func render(_ frame: Frame) -> String {
        let title = frame.say(Section.templates.title)
        let address = Section.templates.address(in: frame.workspace)
        let api = APICall(path: "/api/v1/templates", host: frame.host).drawer(frame)
        let new: HTML = "<a class=\"button primary\" href=\"\(address)/new\">\(frame.say("templates.new"))</a>"
        let head = PageHead(title: title, sentence: "\(frame.say("templates.list-sentence"))", actions: "\(api.opener(frame))\(rows.isEmpty ? .none : new)")
        let empty = EmptyState(icon: .templates, title: frame.say("templates.empty-title"), text: frame.say("templates.empty-text"), action: (frame.say("templates.new"), address + "/new"))
        let body: HTML = "\(head.html)\(rows.isEmpty ? empty.html : table(frame, address))\(api.html(frame))"
        return Shell(title: title, section: .templates).document(frame, body)
    }

    private func table(_ frame: Frame, _ address: String) -> HTML {
        Table(
            caption: frame.say(Section.templates.title),
            columns: [.init(title: frame.say("column.name")), .init(title: frame.say("templates.kind")), .init(title: frame.say("column.saved"))],
            rows: rows.map { row in
                ["<a href=\"\(address)/\(row.id)\"><bdi>\(row.name)</bdi></a>", "\(frame.say(PhraseKey("templates.kind-\(row.kind)")))", frame.time(row.savedAtMs)]
            }
        ).html
    }
}
