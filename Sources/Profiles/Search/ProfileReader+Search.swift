import Identity
public import Vocabulary

extension ProfileReader {
    /// Nodes that are looked at in one hold of the lock: whole blocks of the index, some 50 µs.
    private static let stepNodes: Node = SearchIndex.blockNodes * 16
    private static let stepProfiles = 64

    /// People and accounts whose identifiers or name-like traits contain `query`, anonymous ids at their beginning, in the order in which what matches was first seen.
    ///
    /// - Parameters:
    ///   - query: compared by ``FoldedText``, that is in either case of any script; empty matches everyone.
    ///   - after: the `next` of the page before.
    ///   - isMerged: only people whom several devices or ids turned out to be.
    /// - Returns: profiles, and where to go on; nil at the end.
    public func search(_ query: String, after: ProfileCursor?, limit: Int, isMerged: Bool = false) throws -> (profiles: [Profile], next: ProfileCursor?) {
        let needle = Needle(query)
        var found: [(profile: Profile, cursor: ProfileCursor)] = []
        var node = lock.reading { after.map { $0.node(in: graph) + 1 } ?? 0 }
        // In steps, so that no search holds up the writer.
        while true {
            var isAtEnd = false
            let step = lock.reading { () -> [(profile: Profile, cursor: ProfileCursor)] in
                var matches: [(profile: Profile, cursor: ProfileCursor)] = []
                let end = min(Node(graph.nodeCount), (node / SearchIndex.blockNodes) * SearchIndex.blockNodes + ProfileReader.stepNodes)
                isAtEnd = end >= graph.nodeCount
                for hit in hits(needle, in: min(node, end)..<end) where isFirst(hit, needle) && (!isMerged || wasMerged(hit)) {
                    matches.append((join(hit), ProfileCursor(hit, in: graph)))
                    if matches.count == ProfileReader.stepProfiles || found.count + matches.count > limit {
                        node = hit + 1
                        isAtEnd = false
                        return matches
                    }
                }
                node = end
                return matches
            }
            for item in step { if let profile = try eligible(item.profile) { found.append((profile, item.cursor)) } }
            if found.count > limit { return (found.prefix(limit).map(\.profile), found[limit - 1].cursor) }
            if isAtEnd { return (found.map(\.profile), nil) }
        }
    }

    /// Makes the index of everyone, so that the first who searches does not wait for it.
    public func prepareSearch() {
        var node: Node = 0
        var isAtEnd = false
        while !isAtEnd {
            lock.reading {
                let end = min(Node(graph.nodeCount), node + ProfileReader.stepNodes)
                store.search.eachMatch(of: ProfileReader.nothing, in: min(node, end)..<end, of: store) { _ in }
                node = end
                isAtEnd = end >= graph.nodeCount
            }
        }
    }
    private static let nothing = Needle("\u{0}")

    // MARK: - Under the lock

    /// The nodes that match, ascending.
    private func hits(_ needle: Needle, in nodes: Range<Node>) -> [Node] {
        guard !needle.isEmpty else { return nodes.filter { graph.canonical($0) == $0 } }
        var byIdentifier: [Node] = []
        graph.eachMatch(of: needle, in: nodes) { if isNamed($0, needle) { byIdentifier.append($0) } }
        var byText: [Node] = []
        store.search.eachMatch(of: needle, in: nodes, of: store) { if nodes.contains($0) { byText.append($0) } }
        return byText.isEmpty ? byIdentifier : Array(Set(byIdentifier).union(byText)).sorted()
    }

    /// Whether somebody who types this means this identifier, which has it in it: in the middle of random digits nobody looks for a name.
    private func isNamed(_ node: Node, _ needle: Needle) -> Bool { graph.namespace(node) != .anonymousId || needle.first(in: graph.identifier(node).value) == 0 }

    /// Whether no lower node of the same person matches, so that nobody is found twice.
    private func isFirst(_ node: Node, _ needle: Needle) -> Bool {
        guard !needle.isEmpty, graph.canonical(node) != node else { return true }
        return !graph.members(node).contains { $0 < node && matches($0, needle) }
    }

    private func matches(_ node: Node, _ needle: Needle) -> Bool {
        var text = graph.identifier(node).value
        if needle.first(in: text) != nil, isNamed(node, needle) { return true }
        text.removeAll(keepingCapacity: true)
        SearchIndex.append(node, of: store, to: &text)
        return needle.first(in: text) != nil
    }
}
