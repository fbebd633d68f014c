public import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
public import Identity
import Storage
public import Vocabulary

/// Who belongs to which account, as what and since when, and which account is whose parent: a fold of the log and the identity graph.
///
/// Facts are kept by node, so that a merge moves nothing and can be undone; what they come to for each row is kept beside the columns. Guarded by the folds'
/// ``StateLock``: `apply` runs under writing, everything else under reading.
public final class Accounts: Fold, @unchecked Sendable {
    static let layout: UInt32 = 1
    public let name = "accounts"
    public private(set) var position: LogPosition = 0

    let graph: IdentityGraph
    let store: ProfileStore
    /// Holds this for whoever asks about accounts; not the other way round, so that both can go.
    unowned let columns: ProfileColumns
    let lock: StateLock
    private let folder: String
    var roles = Roles()
    /// By a person's node.
    private(set) var facts: [Node: [MembershipFact]] = [:]
    /// By account: the nodes that a fact speaks of, ascending.
    private(set) var people: [Node: [Node]] = [:]
    /// Every account's node, ascending.
    private(set) var all: [Node] = []
    /// By type, ascending: the things that are kept beside accounts.
    private(set) var entities: [String: [Node]] = [:]
    private var entityNodes: Set<Node> = []
    /// Accounts and things that were stated to be another one, which stands for them. Facts keep the one that they named.
    private(set) var merged: Set<Node> = []
    var tree = AccountTree()
    private var nodeCount = 0

    /// - Parameters:
    ///   - graph, store, columns: applied before this fold, batch by batch, and standing at one position when this is made.
    public init(folder: String, graph: IdentityGraph, store: ProfileStore, columns: ProfileColumns, lock: StateLock, log: EventLog) {
        (self.folder, self.graph, self.store, self.columns, self.lock) = (folder, graph, store, columns, lock)
        Folder.make(folder)
        if !load() { remake(from: log) }
        nodeCount = graph.nodeCount
        for node in 0..<Node(nodeCount) where graph.namespace(node) == .groupId { meet(node) }
        for account in all { place(account) }
        columns.contexts.accounts = self
        for node in facts.keys { if let row = columns.row(of: node) { refresh(row: row) } }
    }

    // MARK: - Folding

    public func apply(_ batch: LogBatch) {
        for node in nodeCount..<max(nodeCount, graph.nodeCount) where graph.namespace(Node(node)) == .groupId { meet(Node(node)) }
        nodeCount = graph.nodeCount
        regroup(graph.changes)
        for pair in columns.joined { columns.contexts.set([], row: pair.loser) }
        for touch in columns.touched where touch.what == .everything { refresh(row: touch.row) }
        for (index, entry) in batch.entries.enumerated() where graph.groups[index] != .max {
            guard let event = batch.event(entry) else { continue }
            let account = graph.groups[index]
            if event.type == .group { place(account) }
            if take(event, at: entry.position, of: graph.anchors[index], account) { touch(graph.anchors[index]) }
        }
        if let last = batch.entries.last { position = last.position + 1 }
    }

    private func meet(_ node: Node) {
        let id = graph.identifier(node).value
        guard !id.isEmpty else { return }
        guard EntityName.isOne(id) else { return all.append(node) }
        entityNodes.insert(node)
        if let name = EntityName(groupId: id) { entities[name.type, default: []].append(node) }
    }

    /// - Returns: whether it says something of a person.
    private func take(_ event: EventView, at position: LogPosition, of person: Node, _ account: Node) -> Bool {
        guard person != .max, let statement = event.membership else { return false }
        let number = statement.isLeaving ? MembershipFact.leaving : statement.roles.map { roles.number(of: $0) } ?? MembershipFact.rolesUnsaid
        facts[person, default: []].append(MembershipFact(account: account, roles: number, time: event.statedAt.milliseconds, position: position))
        Accounts.insert(person, into: &people[account, default: []])
        return true
    }

    /// Those who became one, or fell apart: whoever belongs to one of them belongs to another one now.
    private func regroup(_ changes: [IdentityChange]) {
        var concerned: Set<Node> = []
        for change in changes {
            switch change {
            case .joined(let kept, _): if graph.namespace(kept) == .groupId { concerned.formUnion(graph.members(kept)) }
            case .decided(let moves): for move in moves where graph.namespace(move.node) == .groupId { concerned.formUnion(graph.members(move.node)) }
            }
        }
        regroup(concerned)
    }

    func regroup(_ concerned: Set<Node>) {
        for account in concerned { place(account) }
        for person in Set(concerned.flatMap { people[$0] ?? [] }) { touch(person) }
    }

    /// Puts an account where its traits say; one that another stands for is nowhere.
    private func place(_ account: Node) {
        let one = graph.canonical(account)
        if one == account { merged.remove(account) } else { merged.insert(account) }
        tree.place(one, under: statedParent(of: one))
        if one != account { tree.place(account, under: nil) }
    }

    /// Whom facts of an account speak of, or of those that it stands for; ascending.
    func people(of account: Node) -> [Node] {
        let all = graph.members(account)
        return all.count == 1 ? people[account] ?? [] : Set(all.flatMap { people[$0] ?? [] }).sorted()
    }

    private static func insert(_ node: Node, into nodes: inout [Node]) {
        let place = index(of: node, in: nodes)
        if place == nodes.count || nodes[place] != node { nodes.insert(node, at: place) }
    }

    /// Where a node stands among ascending ones, or would.
    static func index(of node: Node, in nodes: [Node]) -> Int {
        var (low, high) = (0, nodes.count)
        while low < high {
            let middle = (low + high) / 2
            if nodes[middle] < node { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The memberships of a node's person are other ones now.
    private func touch(_ node: Node) {
        guard let row = columns.row(of: node) else { return }
        refresh(row: row)
        columns.touched.append(Touch(row: row, what: .memberships))
    }

    private func refresh(row: Row) { columns.contexts.set(spans(of: graph.members(columns.node(of: row))), row: row) }

    func isEntity(_ node: Node) -> Bool { entityNodes.contains(node) }

    func spans(of members: [Node]) -> [MembershipSpan] {
        let all = members.flatMap { facts[$0] ?? [] }
        return all.isEmpty ? [] : spans(of: all)
    }

    func spans(of facts: [MembershipFact]) -> [MembershipSpan] {
        MembershipFact.spans(of: merged.isEmpty ? facts : facts.map { $0.naming(graph.canonical($0.account)) }, isEntity: entityNodes.contains)
    }

    /// The id that the account's traits name as its parent's.
    private func statedParent(of account: Node) -> [UInt8]? {
        let traits = store.newest(of: graph.members(account))
        for name in AccountTree.traitNames {
            guard let entry = traits.values.first(where: { store.traits.key($0.key) == name }), let text = JSONText(trusted: Array(store.traits.bytes(entry))).string, !text.isEmpty else { continue }
            return Array(text.utf8)
        }
        return nil
    }

    // MARK: - Snapshots

    public func checkpoint() throws {
        var snapshot = try SnapshotWriter(path: "\(folder)/accounts.snapshot", layout: Accounts.layout, position: position)
        try snapshot.put(roles.sets.map { UInt32($0.count) })
        try snapshot.put(roles.sets.flatMap { $0.map { UInt32($0.utf8.count) } })
        try snapshot.put(roles.sets.flatMap { $0.flatMap { Array($0.utf8) } })
        let nodes = facts.keys.sorted()
        try snapshot.put(nodes)
        try snapshot.put(nodes.map { UInt32(facts[$0]?.count ?? 0) })
        try snapshot.put(nodes.flatMap { facts[$0] ?? [] })
        try snapshot.finish()
    }

    /// - Returns: whether the snapshot is there and stands where the graph does.
    private func load() -> Bool {
        guard var snapshot = SnapshotReader(path: "\(folder)/accounts.snapshot", layout: Accounts.layout), snapshot.position == graph.position else { return false }
        let setCounts = snapshot.get(UInt32.self)
        let textCounts = snapshot.get(UInt32.self)
        let bytes = snapshot.get(UInt8.self)
        var (text, byte) = (0, 0)
        var sets: [[String]] = []
        for count in setCounts {
            var set: [String] = []
            for _ in 0..<count where text < textCounts.count {
                let end = min(bytes.count, byte + Int(textCounts[text]))
                set.append(String(decoding: bytes[byte..<end], as: UTF8.self))
                (text, byte) = (text + 1, end)
            }
            sets.append(set)
        }
        roles = Roles(sets)
        let nodes = snapshot.get(Node.self)
        let counts = snapshot.get(UInt32.self)
        let kept = snapshot.get(MembershipFact.self)
        guard nodes.count == counts.count, counts.reduce(0, { $0 + Int($1) }) == kept.count else { return false }
        var at = 0
        for (node, count) in zip(nodes, counts) {
            facts[node] = Array(kept[at..<at + Int(count)])
            for fact in facts[node] ?? [] { people[fact.account, default: []].append(node) }
            at += Int(count)
        }
        // Nodes come ascending, with one entry for each fact.
        for account in people.keys { people[account] = people[account]?.reduce(into: []) { if $0.last != $1 { $0.append($1) } } }
        position = snapshot.position
        return true
    }

    /// From the accounts' timelines, each of which names every event that said something of its account.
    private func remake(from log: EventLog) {
        (roles, facts, people) = (Roles(), [:], [:])
        for account in 0..<Node(graph.nodeCount) where graph.namespace(account) == .groupId {
            let positions = store.timelines.all(account).map(Timelines.position)
            guard !positions.isEmpty, let events = try? log.read(positions[...]) else { continue }
            for item in events {
                guard !item.event.isErased, let person = graph.anchor(of: item.event) else { continue }
                _ = take(item.event, at: item.position, of: person, account)
            }
        }
        position = graph.position
    }

    /// Takes the place of everything that was, when the graph and the columns have taken theirs.
    public func adopt(_ other: Accounts) {
        (position, roles, facts, people, all) = (other.position, other.roles, other.facts, other.people, other.all)
        (entities, entityNodes, merged, tree, nodeCount) = (other.entities, other.entityNodes, other.merged, other.tree, other.nodeCount)
        columns.contexts = other.columns.contexts
        columns.contexts.accounts = self
    }

    // MARK: - Forgetting

    /// Takes people out of what questions see, while the columns still know their rows.
    ///
    /// - Returns: the accounts that facts of them speak of.
    func withdraw(_ members: Set<Node>) -> Set<Node> {
        for node in members { if let row = columns.row(of: node) { columns.contexts.set([], row: row) } }
        return Set(members.flatMap { facts[$0] ?? [] }.map(\.account)).subtracting(members)
    }

    /// Forgets people and accounts, and writes the snapshot anew; called under the lock for writing, while the graph still knows them.
    ///
    /// - Parameter gone: accounts of which nothing is left, and nodes of the people.
    /// - Returns: what stays of accounts that were one with some of them, for ``regroup(_:)``.
    func erase(_ gone: Set<Node>) throws -> Set<Node> {
        var concerned: Set<Node> = []
        let rest = Set(gone.filter { graph.namespace($0) == .groupId }.flatMap(graph.members)).subtracting(gone)
        for node in gone {
            for account in Set((facts.removeValue(forKey: node) ?? []).map(\.account)) { remove(node, from: account) }
            for person in people.removeValue(forKey: node) ?? [] {
                facts[person]?.removeAll { $0.account == node }
                if facts[person]?.isEmpty ?? false { facts[person] = nil }
                concerned.insert(person)
            }
            tree.place(node, under: nil)
        }
        all.removeAll(where: gone.contains)
        entityNodes.subtract(gone)
        merged.subtract(gone)
        for type in entities.keys {
            entities[type]?.removeAll(where: gone.contains)
            // A type's name can say who somebody is, too.
            if entities[type]?.isEmpty ?? false { entities[type] = nil }
        }
        for node in concerned { if let row = columns.row(of: node) { refresh(row: row) } }
        roles.keep(only: Set(facts.values.joined().map(\.roles)))
        try checkpoint()
        return rest
    }

    private func remove(_ person: Node, from account: Node) {
        guard let nodes = people[account] else { return }
        let place = Accounts.index(of: person, in: nodes)
        if place < nodes.count, nodes[place] == person { people[account]?.remove(at: place) }
        if people[account]?.isEmpty ?? false { people[account] = nil }
    }
}
