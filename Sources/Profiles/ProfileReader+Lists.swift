import Identity
public import Vocabulary

/// What lists of people need besides one profile.
extension ProfileReader {
    /// The people and accounts whom we met last, newest first.
    ///
    /// - Complexity: looks at no more than 4096 identifiers from the end, so that it costs the same in a large workspace.
    public func newest(limit: Int) throws -> [Profile] {
        let found = lock.reading { () -> [Profile] in
            var found: [Profile] = []
            var node = graph.nodeCount - 1
            let end = max(0, graph.nodeCount - 4096)
            while node >= end, found.count < limit * 2 {
                if graph.canonical(Node(node)) == Node(node) {
                    let profile = join(Node(node))
                    if profile.lastSeen != nil { found.append(profile) }
                }
                node -= 1
            }
            return found
        }
        return Array(try found.compactMap { try eligible($0) }.prefix(limit))
    }

    /// Called under the lock. An address that a trait named makes nobody two people.
    func wasMerged(_ node: Node) -> Bool {
        var count = 0
        for member in graph.members(node) where graph.namespace(member) != .email { count += 1 }
        return count > 1
    }
}

/// Where a list of profiles goes on: behind what was found last for a page.
///
/// It names that by an id, which holds whatever is read again; and by its number, in case it is erased between two pages.
public struct ProfileCursor: Sendable {
    private let id: ProfileID
    private let node: Node

    /// Behind the profile that was found by this node of it.
    init(_ node: Node, in graph: IdentityGraph) { (id, self.node) = (graph.ownID(node), node) }

    /// From a ``text``; nil for anything else.
    public init?(text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let id = ProfileID("prf_" + parts[0]), let node = Node(parts[1]) else { return nil }
        (self.id, self.node) = (id, node)
    }

    public var text: String { "\(id.text.dropFirst(4)).\(node)" }

    func node(in graph: IdentityGraph) -> Node { graph.find(id) ?? min(node, Node(graph.nodeCount)) }
}
