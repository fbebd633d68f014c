/// How segments and lists lie over one another: how many are in each two of them, and in exactly which of them.
public struct OverlapPage: ConsolePage {
    /// More would make a matrix that nobody reads.
    public static let chosenMaximum = 8

    /// A segment or a list that can be chosen.
    public struct Choice: Sendable {
        public var id: String
        public var name: String
        public var isList: Bool
        public var isChosen: Bool
        public init(id: String, name: String, isList: Bool, isChosen: Bool) { (self.id, self.name, self.isList, self.isChosen) = (id, name, isList, isChosen) }
    }

    /// People who are in exactly these of those chosen: bit 0 for the first.
    public struct Cell: Sendable {
        public var mask: Int
        public var count: Int
        public init(mask: Int, count: Int) { (self.mask, self.count) = (mask, count) }
    }

    public var choices: [Choice]
    public var cells: [Cell]
    /// What asking took.
    public var milliseconds: Double
    public var problem: ConsoleProblem?

    public init(choices: [Choice], cells: [Cell], milliseconds: Double, problem: ConsoleProblem? = nil) {
        (self.choices, self.cells, self.milliseconds, self.problem) = (choices, cells, milliseconds, problem)
    }

    private static let combinationsMaximum = 20

    private var chosen: [Choice] { choices.filter(\.isChosen) }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("overlap.title")
        let list = Section.segments.address(in: frame.workspace)
        let api = APICall(path: "/api/v1/analytics/overlap", host: frame.host).drawer(frame)
        let head = PageHead(title: title, sentence: "\(frame.say("overlap.sentence"))", actions: api.opener(frame), parent: (frame.say("section.segments"), list))
        let answer: HTML = chosen.count < 2 ? "<p class=\"notice\">\(Icon.segments.html)<span>\(frame.say("overlap.choose-two"))</span></p>" : "\(matrix(frame))\(combinations(frame))"
        let empty = EmptyState(icon: .segments, title: frame.say("overlap.empty-title"), text: frame.say("overlap.empty-text"), action: (frame.say("segments.new"), list + "/new"))
        let body: HTML = "\(head.html)\(problem.map { $0.html(frame) })\(choices.isEmpty ? empty.html : "\(form(frame, list))\(problem == nil ? answer : .none)")\(api.html(frame))"
        return Shell(title: title, section: .segments).document(frame, body)
    }

    private func form(_ frame: Frame, _ list: String) -> HTML {
        let boxes = choices.enumerated().map { index, choice -> HTML in
            """
            <div class="field check"><input type="checkbox" id="of-\(index)" name="of" value="\(choice.id)"\(flag: "checked", when: choice.isChosen)>\
            <label for="of-\(index)"><bdi>\(choice.name)</bdi></label></div>
            """
        }
        return """
            <form class="panel pad" method="get" action="\(list)/overlap"><fieldset class="choices"><legend>\(frame.say("overlap.choose", count: Self.chosenMaximum))</legend>\(boxes)</fieldset>
            <button type="submit" class="primary">\(frame.say("overlap.compare"))</button></form>
            """
    }

    // MARK: - Each two

    /// How many are in both.
    private func shared(_ first: Int, _ second: Int) -> Int {
        let both = 1 << first | 1 << second
        return cells.reduce(0) { $0 + ($1.mask & both == both ? $1.count : 0) }
    }

    private func matrix(_ frame: Frame) -> HTML {
        let columns = [Table.Column(title: frame.say("overlap.of"))] + chosen.map { Table.Column(title: $0.name, isNumber: true) }
        let rows = chosen.indices.map { row -> [HTML] in
            let size = shared(row, row)
            let item = chosen[row]
            let name: HTML = "<a href=\"/w/\(frame.workspace)/\(item.isList ? "lists" : "segments")/\(item.id)\"><bdi>\(item.name)</bdi></a> <span class=\"quiet\">\(frame.number(size))</span>"
            return [name] + chosen.indices.map { column in
                let both = shared(row, column)
                let percent = size == 0 ? 0 : Int((100 * Double(both) / Double(size)).rounded())
                return row == column ? "<span class=\"quiet\">–</span>" : "<span class=\"heat heat-\(percent / 20)\"><strong>\(percent) %</strong> \(frame.number(both))</span>"
            }
        }
        return """
            <section class="panel" aria-labelledby="matrix-title"><div class="panel-head"><h2 id="matrix-title">\(frame.say("overlap.matrix"))</h2>\
            <p class="quiet">\(frame.say("overlap.matrix-help"))</p></div>\(Table(caption: frame.say("overlap.matrix"), columns: columns, rows: rows).html)</section>
            """
    }

    // MARK: - Exactly which

    private func combinations(_ frame: Frame) -> HTML {
        let sorted = cells.sorted { ($1.count, $0.mask) < ($0.count, $1.mask) }
        let most = Double(max(1, sorted.first?.count ?? 1))
        let rows = sorted.prefix(Self.combinationsMaximum).map { cell -> [HTML] in
            let names = chosen.indices.filter { cell.mask >> $0 & 1 == 1 }.map { index -> HTML in "<span class=\"chip\"><bdi>\(chosen[index].name)</bdi></span> " }
            let width = (1000 * Double(cell.count) / most).rounded() / 10
            return [
                "\(names)", "\(frame.number(cell.count))",
                "<svg class=\"share\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"\(width)\" height=\"8\"/></svg>",
            ]
        }
        let table = Table(
            caption: frame.say("overlap.exactly"),
            columns: [.init(title: frame.say("overlap.only-in")), .init(title: frame.say("column.size"), isNumber: true), .init(title: frame.say("computed.share"), isWide: true)], rows: rows)
        let content: HTML = rows.isEmpty ? "<p class=\"quiet pad\">\(frame.say("overlap.nobody"))</p>" : table.html
        let more: HTML = sorted.count > rows.count ? "<p class=\"quiet pad\">\(frame.say("overlap.more", count: sorted.count - rows.count))</p>" : .none
        return """
            <section class="panel" aria-labelledby="exactly-title"><div class="panel-head"><h2 id="exactly-title">\(frame.say("overlap.exactly"))</h2>\
            <p class="quiet">\(frame.say("overlap.took", ["ms": frame.amount((milliseconds * 10).rounded() / 10)]))</p></div>\(content)\(more)</section>
            """
    }
}
