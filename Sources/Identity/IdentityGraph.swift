public import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Privacy
import Storage
public import Vocabulary

/// A number for one identifier; events and traits are kept by node, so that a merge moves nothing and can be undone.
public typealias Node = UInt32

/// Which event first joined two identifiers, and by what kind of call.
public struct IdentityEdge: Sendable {
    public enum Kind: UInt8, Sendable {
        /// One call carried both.
        case sameCall = 0
        /// An alias call said so.
        case alias = 1
        /// A trait of the person names it.
        case trait = 2
    }
    public let a: Node
    public let b: Node
    public let position: LogPosition
    public let kind: Kind
}

/// The identity graph of one workspace, deterministic: the same log gives the same people.
///
/// A person may have one userId by calls that merely carry two identifiers; a second userId seen on a known anonymousId never merges two known
/// users. Only an alias call joins known users. An e-mail address is attached to the first who names it and joins nobody.
///
/// Guarded by the folds' ``StateLock``: `apply` runs under writing, everything else under reading.
public final class IdentityGraph: Fold, @unchecked Sendable {
    static let layout: UInt32 = 2
    public let name = "identity"
    public private(set) var position: LogPosition = 0
    public private(set) var mergeCount = 0

    private(set) var interner = Interner()
    private var parent: [Node] = []
    /// The next member of the same person, in a ring.
    private var ring: [Node] = []
    /// At a root: how many members, the lowest of them, and whether one is a userId.
    private var size: [UInt32] = []
    private var lowest: [Node] = []
    private var known: [UInt8] = []
    private var edges: [IdentityEdge] = []
    /// By node, ascending: what a person's id is made of; 8 bytes an identifier.
    private(set) var births: [Birth] = []
    /// The accounts by their ids.
    private(set) var accounts: [ProfileID: Node] = [:]
    let cipher: ProfileIDCipher
    private let folder: String

    /// For each event of the batch applied last: the node that it belongs to. Read by the next fold.
    public private(set) var anchors: [Node] = []
    /// The anonymousId that came beside a userId; `Node.max` where there was none.
    public private(set) var companions: [Node] = []
    /// Which events of the batch named which contact identifiers.
    public private(set) var contacts: [(index: Int, node: Node)] = []
    /// The account that a group call names, or a track call that says who joined or left one; `Node.max` for the others.
    public private(set) var groups: [Node] = []

    /// Which roots the batch joined, in this order: the second's person became part of the first's.
    public private(set) var unions: [(kept: Node, gone: Node)] = []

    /// - Parameter secret: at least 16 random bytes of the workspace's, for the ids of profiles.
    public init(folder: String, secret: [UInt8]) {
        self.folder = folder
        cipher = ProfileIDCipher(secret: secret)
        Folder.make(folder)
        load()
    }

    public var nodeCount: Int { parent.count }

    /// People and accounts: nodes that are their person's lowest.
    public var personCount: Int { nodeCount - unionCount - erasedCount }
    private var unionCount = 0
    private var erasedCount = 0

    // MARK: - Folding

    public func apply(_ batch: LogBatch) {
        anchors.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        companions.removeAll(keepingCapacity: true)
        contacts.removeAll(keepingCapacity: true)
        unions.removeAll(keepingCapacity: true)
        for entry in batch.entries {
            var anchor = Node.max
            var group = Node.max
            var companion = Node.max
            if let event = batch.event(entry), !event.isErased { (anchor, companion, group) = link(event, at: entry.position) }
            companions.append(companion)
            anchors.append(anchor)
            groups.append(group)
        }
        if let last = batch.entries.last { position = last.position + 1 }
    }

    private func link(_ event: EventView, at position: LogPosition) -> (anchor: Node, companion: Node, group: Node) {
        var user = Node.max
        var anonymous = Node.max
        var group = Node.max
        // Every mention counts, new or not, so that a birth depends on its own event alone.
        var mention = 0
        func birth() -> Birth {
            defer { mention += 1 }
            return Birth(position, mention: mention)
        }
        event.bytes.withUnsafeBytes { p in
            event.eachField { field, range in
                let value = unsafe UnsafeRawBufferPointer(rebasing: p[range])
                switch field {
                case .userId: if !BlockedIdentifiers.contains(value) { user = unsafe node(.userId, value, birth()) }
                case .anonymousId: if !BlockedIdentifiers.contains(value) { anonymous = unsafe node(.anonymousId, value, birth()) }
                case .groupId: if event.type == .group { group = unsafe node(.groupId, value, birth()) }
                default: break
                }
            }
            if event.type == .alias, user != .max, let previous = event.field(.previousId) {
                previous.withUnsafeBytes { value in
                    guard !BlockedIdentifiers.contains(value) else { return }
                    // The call does not say what kind of id it replaces: an anonymousId if we know it as nothing else.
                    let old = unsafe interner.find(.userId, value) ?? interner.find(.anonymousId, value) ?? node(.userId, value, birth())
                    union(user, old, at: position, .alias)
                }
            }
        }
        // Track calls that say who joined or left an account name it as a group call does.
        if event.type == .track, let statement = event.membership { group = statement.account.withUnsafeBytes { unsafe node(.groupId, $0, birth()) } }
        if user != .max, anonymous != .max {
            let a = root(user)
            let b = root(anonymous)
            // Known already on both sides: the device is shared, and the event belongs to who signed in.
            if a != b, known[Int(b)] == 0 { union(user, anonymous, at: position, .sameCall) }
        }
        let anchor = user != .max ? user : anonymous
        if event.type == .identify, anchor != .max {
            event.eachContact { namespace, value in
                if let contact = value.withUnsafeBytes({ unsafe attach(namespace, $0, to: anchor, at: position, birth()) }) { contacts.append((anchors.count, contact)) }
            }
        }
        return (anchor, user != .max ? anonymous : .max, group)
    }

    private func node(_ namespace: IdentifierNamespace, _ value: UnsafeRawBufferPointer, _ birth: Birth) -> Node {
        let (node, isNew) = unsafe interner.intern(namespace, value)
        if isNew {
            parent.append(node)
            ring.append(node)
            size.append(1)
            lowest.append(node)
            known.append(namespace == .userId ? 1 : 0)
            births.append(birth)
            if namespace == .groupId { accounts[ownID(node)] = node }
        }
        return node
    }

    /// Attaches a contact identifier that a trait named to its person, unless it is somebody else's already.
    ///
    /// Done event by event as the others are, so that nodes are numbered the same however the events are grouped into batches.
    ///
    /// - Returns: its node, nil for a value that identifies nobody.
    private func attach(_ namespace: IdentifierNamespace, _ value: UnsafeRawBufferPointer, to anchor: Node, at position: LogPosition, _ birth: Birth) -> Node? {
        guard !value.isEmpty, value.count <= 512, !BlockedIdentifiers.contains(value) else { return nil }
        let node = unsafe node(namespace, value, birth)
        if size[Int(root(node))] == 1 { union(anchor, node, at: position, .trait) }
        return node
    }

    private func union(_ x: Node, _ y: Node, at position: LogPosition, _ kind: IdentityEdge.Kind) {
        let a = root(x)
        let b = root(y)
        guard a != b else { return }
        edges.append(IdentityEdge(a: x, b: y, position: position, kind: kind))
        unionCount += 1
        if kind != .trait { mergeCount += 1 }
        let (big, small) = size[Int(a)] >= size[Int(b)] ? (a, b) : (b, a)
        unions.append((big, small))
        parent[Int(small)] = big
        size[Int(big)] += size[Int(small)]
        lowest[Int(big)] = min(lowest[Int(big)], lowest[Int(small)])
        known[Int(big)] |= known[Int(small)]
        ring.swapAt(Int(big), Int(small))
    }

    /// The node that stands for a person inside the graph; which one it is changes as people merge.
    public func root(of node: Node) -> Node { root(node) }

    private func root(_ node: Node) -> Node {
        var node = node
        while parent[Int(node)] != node { node = parent[Int(node)] }
        return node
    }

    // MARK: - Reading

    /// The node that an applied event belongs to, as `anchors` gave it then; nil where it names nobody.
    public func anchor(of event: EventView) -> Node? {
        var user: Node?
        var anonymous: Node?
        event.bytes.withUnsafeBytes { p in
            event.eachField { field, range in
                let value = unsafe UnsafeRawBufferPointer(rebasing: p[range])
                switch field {
                case .userId: if !BlockedIdentifiers.contains(value) { user = unsafe interner.find(.userId, value) }
                case .anonymousId: if !BlockedIdentifiers.contains(value) { anonymous = unsafe interner.find(.anonymousId, value) }
                default: break
                }
            }
        }
        return user ?? anonymous
    }

    public func find(_ identifier: Identifier) -> Node? {
        identifier.value.withUnsafeBytes { unsafe interner.find(identifier.namespace, $0) }
    }

    /// The lowest node of a person, the same whichever identifier one comes from.
    public func canonical(_ node: Node) -> Node { lowest[Int(root(node))] }

    public func members(_ node: Node) -> [Node] {
        var members = [node]
        var next = ring[Int(node)]
        while next != node {
            members.append(next)
            next = ring[Int(next)]
        }
        return members.sorted()
    }

    public func identifier(_ node: Node) -> Identifier { interner.identifier(node) }
    public func namespace(_ node: Node) -> IdentifierNamespace { interner.namespace(node) }

    /// Why these nodes belong together.
    public func evidence(_ members: [Node]) -> [IdentityEdge] {
        let wanted = Set(members)
        return edges.filter { wanted.contains($0.a) && wanted.contains($0.b) }
    }

    // MARK: - Snapshots

    public func checkpoint() throws {
        var snapshot = try SnapshotWriter(path: "\(folder)/identity.snapshot", layout: IdentityGraph.layout, position: position)
        try snapshot.put([UInt64(mergeCount), UInt64(unionCount), UInt64(erasedCount)])
        try interner.write(to: &snapshot)
        try snapshot.put(parent)
        try snapshot.put(ring)
        try snapshot.put(size)
        try snapshot.put(lowest)
        try snapshot.put(known)
        try snapshot.put(births)
        try snapshot.put(edges.map(\.a))
        try snapshot.put(edges.map(\.b))
        try snapshot.put(edges.map { $0.position | UInt64($0.kind.rawValue) << 40 })
        try snapshot.finish()
    }

    private func load() {
        guard var snapshot = SnapshotReader(path: "\(folder)/identity.snapshot", layout: IdentityGraph.layout) else { return }
        let counts = snapshot.get(UInt64.self)
        guard counts.count == 3 else { return }
        (mergeCount, unionCount, erasedCount) = (Int(counts[0]), Int(counts[1]), Int(counts[2]))
        interner = Interner(from: &snapshot)
        parent = snapshot.get(Node.self)
        ring = snapshot.get(Node.self)
        size = snapshot.get(UInt32.self)
        lowest = snapshot.get(Node.self)
        known = snapshot.get(UInt8.self)
        births = snapshot.get(Birth.self)
        let a = snapshot.get(Node.self)
        let b = snapshot.get(Node.self)
        let packed = snapshot.get(UInt64.self)
        edges = zip(zip(a, b), packed).map { pair, word in
            IdentityEdge(a: pair.0, b: pair.1, position: word & 0xff_ffff_ffff, kind: IdentityEdge.Kind(rawValue: UInt8(word >> 40)) ?? .sameCall)
        }
        for node in 0..<Node(nodeCount) where namespace(node) == .groupId { accounts[ownID(node)] = node }
        position = snapshot.position
    }

    /// Starts over from an empty graph: what the snapshot holds does not fit the log.
    public func reset() {
        position = 0
        mergeCount = 0
        unionCount = 0
        erasedCount = 0
        interner = Interner()
        parent = []
        ring = []
        size = []
        lowest = []
        known = []
        edges = []
        births = []
        accounts = [:]
        unlink("\(folder)/identity.snapshot")
    }
}

extension IdentityGraph {
    /// Forgets the identifiers of one person: their nodes stay as numbers without value, alone.
    public func erase(_ members: [Node]) {
        let gone = Set(members)
        let edgeCount = edges.count
        edges.removeAll { gone.contains($0.a) || gone.contains($0.b) }
        unionCount -= edgeCount - edges.count
        erasedCount += members.count
        for node in members {
            if namespace(node) == .groupId { accounts[ownID(node)] = nil }
            interner.erase(node)
            parent[Int(node)] = node
            ring[Int(node)] = node
            size[Int(node)] = 1
            lowest[Int(node)] = node
            known[Int(node)] = 0
        }
    }
}
