import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Vocabulary

/// The graph's file. A start without it reads the log again.
extension IdentityGraph {
    private var path: String { "\(folder)/identity.snapshot" }

    public func checkpoint() throws {
        var snapshot = try SnapshotWriter(path: path, layout: IdentityGraph.layout, position: position)
        try snapshot.put(rules.rules.json.bytes)
        try snapshot.put([UInt64(mergeCount), UInt64(unionCount), UInt64(erasedCount), partedUpTo])
        try interner.write(to: &snapshot)
        try snapshot.put(parent)
        try snapshot.put(ring)
        try snapshot.put(size)
        try snapshot.put(lowest)
        try snapshot.put(users)
        try snapshot.put(births)
        try snapshot.put(edges.all.map(\.a))
        try snapshot.put(edges.all.map(\.b))
        try snapshot.put(edges.all.map(\.word))
        try snapshot.put(shared.sorted())
        try facts.write(to: &snapshot)
        try snapshot.finish()
    }

    func load() {
        guard var snapshot = SnapshotReader(path: path, layout: IdentityGraph.layout) else { return }
        // By other rules people would be others; the log makes them again.
        guard snapshot.get(UInt8.self) == rules.rules.json.bytes else { return }
        let counts = snapshot.get(UInt64.self)
        guard counts.count == 4 else { return }
        (mergeCount, unionCount, erasedCount, partedUpTo) = (Int(counts[0]), Int(counts[1]), Int(counts[2]), counts[3])
        interner = Interner(from: &snapshot)
        parent = snapshot.get(Node.self)
        ring = snapshot.get(Node.self)
        size = snapshot.get(UInt32.self)
        lowest = snapshot.get(Node.self)
        users = snapshot.get(UInt16.self)
        births = snapshot.get(Birth.self)
        let (a, b) = (snapshot.get(Node.self), snapshot.get(Node.self))
        edges = EdgeList(nodeCount: nodeCount, a: a, b: b, words: snapshot.get(UInt64.self))
        shared = Set(snapshot.get(Node.self))
        facts = FactList(from: &snapshot)
        for node in 0..<Node(nodeCount) where namespace(node) == .groupId { accounts[ownID(node)] = node }
        position = snapshot.position
    }

    /// Becomes what another graph of the same log is, which nobody uses afterwards.
    public func adopt(_ other: IdentityGraph) {
        (position, mergeCount, unionCount, erasedCount) = (other.position, other.mergeCount, other.unionCount, other.erasedCount)
        (partedUpTo, interner, parent, ring, size, lowest, users) = (position, other.interner, other.parent, other.ring, other.size, other.lowest, other.users)
        (edges, facts, shared, births, accounts, rules) = (other.edges, other.facts, other.shared, other.births, other.accounts, other.rules)
        changes = []
    }

    /// Starts over from an empty graph: what the snapshot holds does not fit the log.
    public func reset() {
        position = 0
        mergeCount = 0
        unionCount = 0
        erasedCount = 0
        partedUpTo = 0
        interner = Interner()
        parent = []
        ring = []
        size = []
        lowest = []
        users = []
        edges = EdgeList()
        facts = FactList()
        shared = []
        births = []
        accounts = [:]
        unlink(path)
    }
}

extension FactList {
    /// Four numbers for each statement (position, kind, where it was taken back plus 1, how many are first), then all nodes.
    func write(to snapshot: inout SnapshotWriter) throws {
        try snapshot.put(all.flatMap { [$0.position, UInt64(LinkFact.Kind.allCases.firstIndex(of: $0.kind) ?? 0), ($0.undoneAt ?? 0) + ($0.undoneAt == nil ? 0 : 1), UInt64($0.first.count)] })
        try snapshot.put(all.map { UInt64($0.second.count) })
        try snapshot.put(all.flatMap(\.nodes))
    }

    init(from snapshot: inout SnapshotReader) {
        let heads = snapshot.get(UInt64.self)
        let counts = snapshot.get(UInt64.self)
        var nodes = snapshot.get(Node.self)[...]
        for (number, count) in counts.enumerated() where number * 4 + 3 < heads.count {
            let head = heads[number * 4..<number * 4 + 4].map { $0 }
            guard head[1] < UInt64(LinkFact.Kind.allCases.count) else { continue }
            let first = Array(nodes.prefix(Int(head[3])))
            nodes = nodes.dropFirst(first.count)
            let second = Array(nodes.prefix(Int(count)))
            nodes = nodes.dropFirst(second.count)
            append(Entry(position: head[0], kind: LinkFact.Kind.allCases[Int(head[1])], first: first, second: second, undoneAt: head[2] == 0 ? nil : head[2] - 1))
        }
    }
}
