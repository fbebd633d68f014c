public import Identity
import Vocabulary

/// Which account is whose parent, by what their traits say now.
///
/// A parent is named by its id, which may be met later or never. An account that its own parents lead back to stands at the top: a circle has no parents, whoever
/// closed it, so that the tree is the same in whatever order its statements came.
struct AccountTree {
    static let traitNames = ["parentId", "parent_id", "parentID"].map { Array($0.utf8) }

    private var parents: [Node: [UInt8]] = [:]
    private var children: [[UInt8]: Set<Node>] = [:]

    mutating func place(_ account: Node, under parent: [UInt8]?) {
        guard parents[account] != parent else { return }
        if let before = parents[account] {
            children[before]?.remove(account)
            if children[before]?.isEmpty ?? false { children[before] = nil }
        }
        parents[account] = parent
        if let parent { children[parent, default: []].insert(account) }
    }

    private func stated(_ account: Node, _ graph: IdentityGraph) -> Node? { parents[account].flatMap { graph.find(Identifier(.groupId, $0)) }.map(graph.canonical) }

    /// Those that name the account as their parent, by any of its ids.
    private func named(_ account: Node, _ graph: IdentityGraph) -> Set<Node> {
        graph.members(account).reduce(into: []) { $0.formUnion(children[graph.identifier($1).value] ?? []) }
    }

    /// The accounts of the circle that an account lies on; empty where it lies on none.
    func circle(of account: Node, in graph: IdentityGraph) -> Set<Node> {
        var seen: Set<Node> = [account]
        var next = stated(account, graph)
        while let node = next {
            if node == account { return seen }
            guard seen.insert(node).inserted else { return [] }
            next = stated(node, graph)
        }
        return []
    }

    func parent(of account: Node, in graph: IdentityGraph) -> Node? { circle(of: account, in: graph).isEmpty ? stated(account, graph) : nil }

    /// From the nearest parent up to the top.
    func ancestors(of account: Node, in graph: IdentityGraph) -> [Node] {
        var found: [Node] = []
        var next = parent(of: account, in: graph)
        while let node = next {
            found.append(node)
            next = parent(of: node, in: graph)
            // A circle above the account: its first account is the top.
            if let above = next, found.contains(above) { break }
        }
        return found
    }

    /// Ascending.
    func children(of account: Node, in graph: IdentityGraph) -> [Node] {
        let circle = circle(of: account, in: graph)
        return named(account, graph).filter { !circle.contains($0) }.sorted()
    }

    /// An account and everything below it.
    func subtree(of account: Node, in graph: IdentityGraph) -> Set<Node> {
        var found: Set<Node> = [account]
        var waiting = children(of: account, in: graph)
        while let node = waiting.popLast() {
            guard found.insert(node).inserted else { continue }
            waiting += named(node, graph)
        }
        return found
    }
}
