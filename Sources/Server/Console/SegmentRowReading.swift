import Segments
import Vocabulary

/// A condition as the editor's rows and groups of rows; nil where there were too many of them.
///
/// Each row keeps the text of its part, so that what is not touched is written back as it was. What no fields can show is a row of its text.
struct SegmentRowReading: Sendable {
    /// Rows and groups, the outermost not counted.
    static let nodesMaximum = 40
    /// Groups within groups that a page has room for.
    static let depthMaximum = 5

    /// A group of rows and groups, or a row.
    enum Node: Sendable {
        case group(mode: String, items: [Node], text: String)
        /// The text, and the values of the row's fields by their names.
        case row(text: String, fields: [(name: String, value: String)])
    }

    /// A group without a row around it.
    let root: Node

    init?(_ condition: Condition) {
        let node = SegmentRowReading.node(condition, depth: 0)
        if case .group = node { root = node } else { root = .group(mode: "all", items: [node], text: "") }
        guard texts.count <= SegmentRowReading.nodesMaximum else { return nil }
    }

    /// The text of every row and group within, a group before what it holds.
    var texts: [String] {
        func below(_ node: Node) -> [String] {
            guard case .group(_, let items, _) = node else { return [] }
            return items.flatMap { [$0.text] + below($0) }
        }
        return below(root)
    }

    func write(to w: inout JSONWriter) { SegmentRowReading.write(root, to: &w) }

    private static func write(_ node: Node, to w: inout JSONWriter) {
        w.object { w in
            switch node {
            case .group(let mode, let items, _):
                w.member("kind", "group")
                w.member("mode", mode)
                w.key("items")
                w.array { w in for item in items { write(item, to: &w) } }
            case .row(let text, let fields):
                w.member("text", text)
                for field in fields { w.member(field.name, field.value) }
            }
        }
    }

    private static func node(_ condition: Condition, depth: Int) -> Node {
        let text = condition.text
        func group(_ mode: String, _ parts: [Condition]) -> Node? {
            guard depth <= depthMaximum, !parts.isEmpty else { return nil }
            return .group(mode: mode, items: parts.map { node($0, depth: depth + 1) }, text: text)
        }
        let grouped: Node? =
            switch condition {
            case .all(let parts): group("all", parts)
            case .any(let parts): group("any", parts)
            case .not(.all(let parts)): group("not-all", parts)
            case .not(.any(let parts)): group("none", parts)
            case .not(.test(let test)) where !(test is ListTest || test is SegmentTest): group("none", [.test(test)])
            case .not, .test: nil
            }
        return grouped ?? .row(text: text, fields: SegmentRowFields.read(condition) ?? [("kind", "text"), ("raw", text)])
    }
}

extension SegmentRowReading.Node {
    var text: String {
        switch self {
        case .group(_, _, let text), .row(let text, _): text
        }
    }
}
