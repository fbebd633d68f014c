/// The segments of a workspace with their sizes now.
public struct SegmentsPage: ConsolePage {
    /// One segment.
    public struct Row: Sendable {
        public var id: String
        public var name: String
        /// The condition in the reader's language.
        public var sentence: String
        /// How many are in now; nil until everyone has been asked once.
        public var size: Int?
        public var savedAtMs: Int64
        /// Its sizes of the last days, as far as they are counted; nil where they will not be.
        public var chart: SizeChart?
        public init(id: String, name: String, sentence: String, size: Int?, savedAtMs: Int64, chart: SizeChart? = nil) {
            (self.id, self.name, self.sentence, self.size, self.savedAtMs, self.chart) = (id, name, sentence, size, savedAtMs, chart)
        }
    }

    public var rows: [Row]

    public init(rows: [Row]) { self.rows = rows }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("section.segments")
        let api = APICall(path: "/api/v1/segments", host: frame.host).drawer(frame)
        let new: HTML = "<a class=\"button primary\" href=\"/w/\(frame.workspace)/segments/new\">\(frame.say("segments.new"))</a>"
        let lists: HTML = "<a class=\"button\" href=\"/w/\(frame.workspace)/lists\">\(frame.say("lists.title"))</a>"
        let overlap: HTML = rows.count < 2 ? .none : "<a class=\"button\" href=\"/w/\(frame.workspace)/segments/overlap\">\(frame.say("overlap.title"))</a>"
        let head = PageHead(
            title: title, sentence: "\(frame.say("segments.sentence"))", actions: "\(api.opener(frame))\(overlap)\(lists)\(rows.isEmpty ? .none : new)")
        let body: HTML = "\(head.html)\(rows.isEmpty ? empty(frame) : table(frame))\(api.html(frame))"
        return Shell(title: title, section: .segments, scripts: isWhole ? [] : [.refresh]).document(frame, body)
    }

    /// Nothing is still being counted.
    private var isWhole: Bool { rows.allSatisfy { $0.size != nil && $0.chart?.isWhole ?? true } }

    private func table(_ frame: Frame) -> HTML {
        "<div\(attribute: "data-refresh", isWhole ? nil : "1")>\(list(frame).html)</div>"
    }

    private func list(_ frame: Frame) -> Table {
        Table(
            caption: frame.say("section.segments"),
            columns: [
                .init(title: frame.say("column.name")), .init(title: frame.say("column.sentence"), isWide: true),
                .init(title: frame.say("column.size"), isNumber: true), .init(title: frame.say("segments.trace")), .init(title: frame.say("column.saved")),
            ],
            rows: rows.map { row in
                [
                    "<a href=\"/w/\(frame.workspace)/segments/\(row.id)\"><bdi>\(row.name)</bdi></a>", "<bdi class=\"clamped quiet\">\(row.sentence)</bdi>",
                    row.size.map { "\(frame.number($0))" } ?? "<span class=\"quiet\" title=\"\(frame.say("segment.asking"))\">…</span>", row.chart?.trace(frame) ?? .none, frame.time(row.savedAtMs),
                ]
            }
        )
    }

    private func empty(_ frame: Frame) -> HTML {
        let state = EmptyState(
            icon: .segments, title: frame.say("segments.empty-title"), text: frame.say("segments.empty-text"),
            action: (frame.say("segments.new"), Section.segments.address(in: frame.workspace) + "/new"))
        let examples = Self.examples(frame).map { example -> HTML in
            let address = Address.with(Section.segments.address(in: frame.workspace) + "/new", [("name", example.name), ("text", example.text)])
            return """
                <li><a href="\(address)"><span class="icon-tile">\(Icon.segments.html)</span><span class="grow">\(example.name)</span></a>\
                <code class="quiet">\(example.text)</code></li>
                """
        }
        return """
            \(state.html)<section class="panel examples" aria-labelledby="examples-title"><div class="panel-head">\
            <h2 id="examples-title">\(frame.say("segments.examples"))</h2></div><ul class="list">\(examples)</ul></section>
            """
    }

    /// Segments that a shop would make first; they open in the editor, where they are counted before they are saved.
    private static func examples(_ frame: Frame) -> [(name: String, text: String)] {
        [
            (frame.say("segments.example-loyal"), #"did "Order Completed" at least 3 times in last 90 days"#),
            (frame.say("segments.example-basket"), #"did "Product Added" from 30 days ago to 24 hours ago then not "Order Completed" within 24 hours"#),
            (frame.say("segments.example-quiet"), #"plan = "tea club" and did not do "Order Completed" in last 60 days"#),
        ]
    }
}
