/// The computed traits of a workspace with what they measure.
public struct ComputedTraitsPage: ConsolePage {
    /// One computed trait.
    public struct Row: Sendable {
        public var id: String
        public var name: String
        /// The measure in the reader's language.
        public var sentence: String
        public var savedAtMs: Int64
        public init(id: String, name: String, sentence: String, savedAtMs: Int64) { (self.id, self.name, self.sentence, self.savedAtMs) = (id, name, sentence, savedAtMs) }
    }

    public var rows: [Row]

    public init(rows: [Row]) { self.rows = rows }

    public func render(_ frame: Frame) -> String {
        let title = frame.say(Section.computed.title)
        let address = Section.computed.address(in: frame.workspace)
        let api = APICall(path: "/api/v1/computed-traits", host: frame.host).drawer(frame)
        let new: HTML = "<a class=\"button primary\" href=\"\(address)/new\">\(frame.say("computed.new"))</a>"
        let head = PageHead(title: title, sentence: "\(frame.say("computed.list-sentence"))", actions: "\(api.opener(frame))\(rows.isEmpty ? .none : new)")
        let body: HTML = "\(head.html)\(rows.isEmpty ? empty(frame) : table(frame))\(api.html(frame))"
        return Shell(title: title, section: .computed).document(frame, body)
    }

    private func table(_ frame: Frame) -> HTML {
        let address = Section.computed.address(in: frame.workspace)
        return Table(
            caption: frame.say(Section.computed.title),
            columns: [.init(title: frame.say("column.name")), .init(title: frame.say("computed.column-measured"), isWide: true), .init(title: frame.say("column.saved"))],
            rows: rows.map { row in
                ["<a href=\"\(address)/\(row.id)\"><bdi>\(row.name)</bdi></a>", "<bdi class=\"clamped quiet\">\(row.sentence)</bdi>", frame.time(row.savedAtMs)]
            }
        ).html
    }

    private func empty(_ frame: Frame) -> HTML {
        let state = EmptyState(
            icon: .computed, title: frame.say("computed.empty-title"), text: frame.say("computed.empty-text"),
            action: (frame.say("computed.new"), Section.computed.address(in: frame.workspace) + "/new"))
        return "\(state.html)\(Self.examples(frame))"
    }

    /// Measures that a shop would make first; they open in the editor, where they are worked out before they are saved.
    static func examples(_ frame: Frame) -> HTML {
        let all: [(name: String, title: String, text: String)] = [
            ("lifetimeValue", frame.say("computed.example-value"), #"sum(total) of "Order Completed""#),
            ("favouriteCategory", frame.say("computed.example-favourite"), #"most frequent(category) of "Product Viewed""#),
            ("orderStreak", frame.say("computed.example-streak"), #"current month streak of "Order Completed""#),
            ("ordersPerView", frame.say("computed.example-ratio"), #"count of "Order Completed" / count of "Product Viewed""#),
        ]
        let items = all.map { example -> HTML in
            let address = Address.with(Section.computed.address(in: frame.workspace) + "/new", [("name", example.name), ("text", example.text)])
            return """
                <li><a href="\(address)"><span class="icon-tile">\(Icon.computed.html)</span><span class="grow">\(example.title)</span></a>\
                <code class="quiet">\(example.text)</code></li>
                """
        }
        return """
            <section class="panel examples" aria-labelledby="examples-title"><div class="panel-head">\
            <h2 id="examples-title">\(frame.say("segments.examples"))</h2></div><ul class="list">\(items)</ul></section>
            """
    }
}
