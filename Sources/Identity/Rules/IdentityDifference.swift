public import Vocabulary

/// What other rules would make of the same log.
public struct IdentityDifference: Sendable {
    public let profilesBefore: Int
    public let profilesAfter: Int
    /// Profiles that would be joined with others, and profiles that would fall apart.
    public let joining: Int
    public let parting: Int
    /// Identifiers that would be nobody's.
    public let shared: Int
    public let samples: [Sample]

    /// Some people who would be others: by their identifiers, as they are and as they would be.
    public struct Sample: Sendable {
        public let before: [[Identifier]]
        public let after: [[Identifier]]
    }

    /// - Parameters:
    ///   - now, then: two graphs that stand at the same position; called under the lock.
    public init(from now: IdentityGraph, to then: IdentityGraph, samples maximum: Int = 20) {
        // By the other graph's nodes, the root that the same identifier has now.
        let counterpart = (0..<Node(then.nodeCount)).map { node -> Node in
            let identifier = then.identifier(node)
            return identifier.value.isEmpty ? .max : now.find(identifier).map { now.root($0) } ?? .max
        }
        var goals: [Node: Node] = [:]
        var parted: Set<Node> = []
        var sources: [Node: Node] = [:]
        var joined: Set<Node> = []
        var joining: Set<Node> = []
        for node in 0..<Node(then.nodeCount) where counterpart[Int(node)] != .max {
            let (old, new) = (counterpart[Int(node)], then.root(node))
            if let other = goals[old], other != new { parted.insert(old) } else { goals[old] = new }
            if let other = sources[new], other != old {
                joined.insert(new)
                joining.formUnion([other, old])
            } else {
                sources[new] = old
            }
        }
        profilesBefore = now.personCount
        profilesAfter = then.personCount
        self.joining = joining.count
        parting = parted.count
        shared = then.shared.count
        var samples: [Sample] = []
        for root in joined.sorted().prefix(maximum / 2) {
            let before = Set(then.members(root).map { counterpart[Int($0)] }).subtracting([.max]).sorted()
            samples.append(Sample(before: before.map { now.members($0).map(now.identifier) }, after: [then.members(root).map(then.identifier)]))
        }
        for root in parted.sorted().prefix(maximum - samples.count) {
            let after = Set(now.members(root).compactMap { node in then.find(now.identifier(node)).map { then.root($0) } }).sorted()
            samples.append(Sample(before: [now.members(root).map(now.identifier)], after: after.map { then.members($0).map(then.identifier) }))
        }
        self.samples = samples
    }
}
