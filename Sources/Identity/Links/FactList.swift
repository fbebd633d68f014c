import Vocabulary

/// The statements that stand in the log, by position, with the identifiers that they name; their words are read there.
struct FactList {
    struct Entry {
        let position: LogPosition
        let kind: LinkFact.Kind
        let first: [Node]
        let second: [Node]
        /// Where the statement stands that took it back.
        var undoneAt: LogPosition?

        var nodes: [Node] { first + second }
        var keepsApart: Bool { undoneAt == nil && (kind == .never || kind == .unmerge) }
    }

    private(set) var all: [Entry] = []
    private var byNode: [Node: [Int]] = [:]
    private(set) var hasConstraints = false

    mutating func append(_ entry: Entry) {
        all.append(entry)
        index(all.count - 1)
    }

    private mutating func index(_ number: Int) {
        for node in Set(all[number].nodes) { byNode[node, default: []].append(number) }
        if all[number].keepsApart { hasConstraints = true }
    }

    /// - Returns: its number; nil where nothing is stated there.
    func number(at position: LogPosition) -> Int? {
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if all[middle].position < position { low = middle + 1 } else { high = middle }
        }
        return low < all.count && all[low].position == position ? low : nil
    }

    mutating func undo(_ number: Int, at position: LogPosition) { all[number].undoneAt = position }

    mutating func removeLast() {
        let entry = all.removeLast()
        for node in Set(entry.nodes) { byNode[node]?.removeLast() }
        hasConstraints = all.contains(where: \.keepsApart)
    }

    /// Makes what was taken back stand again.
    mutating func restore(_ number: Int) { all[number].undoneAt = nil }

    /// The statements that name a node, oldest first.
    func naming(_ node: Node) -> [Entry] { (byNode[node] ?? []).map { all[$0] } }

    func neighbours(of node: Node) -> [Node] { byNode.isEmpty ? [] : naming(node).flatMap(\.nodes) }

    /// Whether one of those from whom a node is to be kept apart satisfies `isMet`.
    func others(of node: Node, contain isMet: (Node) -> Bool) -> Bool {
        for number in byNode[node] ?? [] where all[number].keepsApart {
            if (all[number].first.contains(node) ? all[number].second : all[number].first).contains(where: isMet) { return true }
        }
        return false
    }

    mutating func removeAll(where isGone: (Entry) -> Bool) {
        all.removeAll(where: isGone)
        byNode = [:]
        hasConstraints = false
        for number in all.indices { index(number) }
    }
}
