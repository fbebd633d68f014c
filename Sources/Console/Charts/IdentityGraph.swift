/// The identity graph of one person: visitors' identifiers on the left, the user's in the middle, everything else on the right.
///
/// Columns by namespace instead of forces: the same person is drawn the same way every time, and people read left to right
/// from "someone browsed" to "this is who". Beyond `nodesMaximum` identifiers the words below the drawing carry the rest.
struct IdentityGraph {
    var identifiers: [IdentifierLabel]
    var evidence: [ProfilePage.Evidence]

    private static let nodesMaximum = 12
    private static let columnWidth = 162.0
    private static let nodeWidth = 130.0
    private static let nodeHeight = 40.0
    private static let rowHeight = 56.0

    private struct Node {
        var label: IdentifierLabel
        var x: Double
        var y: Double
    }

    func html(_ frame: Frame) -> HTML {
        let nodes = nodes
        let places = Dictionary(nodes.map { ($0.label, $0) }, uniquingKeysWith: { first, _ in first })
        let width = (nodes.map(\.x).max() ?? 0) + Self.nodeWidth + 2
        let height = (nodes.map(\.y).max() ?? 0) + Self.nodeHeight + 2
        let hidden = identifiers.count - nodes.count
        let more: HTML = hidden > 0 ? "<p class=\"quiet\">\(frame.say("graph.more", count: hidden))</p>" : .none
        return """
            <div class="frame plain"><svg class="graph" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img" \
            aria-label="\(frame.say("graph.label", count: identifiers.count))">\
            \(edges(places, frame))\(nodes.map(drawing))</svg></div>\(more)
            """
    }

    private var nodes: [Node] {
        let shown = identifiers.prefix(Self.nodesMaximum)
        let columns = [
            shown.filter { $0.type == "anonymousId" }, shown.filter { $0.type == "userId" },
            shown.filter { $0.type != "anonymousId" && $0.type != "userId" },
        ].filter { !$0.isEmpty }
        let tallest = columns.map(\.count).max() ?? 0
        return columns.enumerated().flatMap { index, column in
            let offset = Double(tallest - column.count) * Self.rowHeight / 2
            return column.enumerated().map { row, label in
                Node(label: label, x: 1 + Double(index) * Self.columnWidth, y: 1 + offset + Double(row) * Self.rowHeight)
            }
        }
    }

    /// One line for two identifiers, however often they were seen together; more evidence makes it firmer.
    private func edges(_ places: [IdentifierLabel: Node], _ frame: Frame) -> HTML {
        var counts: [Set<IdentifierLabel>: Int] = [:]
        var order: [Evidence] = []
        for item in evidence where item.from != item.to {
            let pair: Set = [item.from, item.to]
            if counts[pair] == nil { order.append(item) }
            counts[pair, default: 0] += 1
        }
        return order.compactMap { item -> HTML? in
            guard let from = places[item.from], let to = places[item.to] else { return nil }
            let isFirm = counts[[item.from, item.to], default: 1] > 1
            return "<path class=\"edge\(isFirm ? " firm" : "")\" d=\"\(Self.path(from, to))\"/>"
        }.joined()
    }

    private typealias Evidence = ProfilePage.Evidence

    private static func path(_ one: Node, _ other: Node) -> String {
        let (left, right) = one.x <= other.x ? (one, other) : (other, one)
        let (y1, y2) = (left.y + nodeHeight / 2, right.y + nodeHeight / 2)
        if left.x == right.x {
            let x = left.x + nodeWidth
            return "M\(x) \(y1)C\(x + 28) \(y1) \(x + 28) \(y2) \(x) \(y2)"
        }
        let (x1, x2) = (left.x + nodeWidth, right.x)
        let middle = (x1 + x2) / 2
        return "M\(x1) \(y1)C\(middle) \(y1) \(middle) \(y2) \(x2) \(y2)"
    }

    private func drawing(_ node: Node) -> HTML {
        let shown = node.label.value.count > 15 ? node.label.value.prefix(7) + "…" + node.label.value.suffix(6) : node.label.value[...]
        return """
            <g class="node \(node.label.type == "userId" ? "known" : "")"><title>\(node.label.type) \(node.label.value)</title>\
            <rect x="\(node.x)" y="\(node.y)" width="\(Self.nodeWidth)" height="\(Self.nodeHeight)" rx="6"/>\
            <text class="node-type" x="\(node.x + 10)" y="\(node.y + 16)">\(node.label.type)</text>\
            <text x="\(node.x + 10)" y="\(node.y + 31)">\(String(shown))</text></g>
            """
    }
}
