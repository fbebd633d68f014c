public import EventLog
import Privacy
import Storage
public import Vocabulary

/// The identity graph of one workspace, deterministic: the same log gives the same people.
///
/// A person may have one userId by calls that merely carry two identifiers; a second userId seen on a known anonymousId never merges two known
/// users. Only an alias call joins known users, or a ``LinkFact``. An e-mail address is attached to the first who names it and joins nobody.
///
/// Who is who is always what deciding all evidence in the order of the log gives, under the facts that stand now; so that taking a fact back leaves
/// what would be had it never been stated. What only adds is joined at once; what parts has the people around it decided anew.
///
/// Guarded by the folds' ``StateLock``: `apply` runs under writing, everything else under reading.
public final class IdentityGraph: Fold, @unchecked Sendable {
    static let layout: UInt32 = 3
    public let name = "identity"
    public internal(set) var position: LogPosition = 0
    public internal(set) var mergeCount = 0

    var interner = Interner()
    var parent: [Node] = []
    /// The next member of the same person, in a ring.
    var ring: [Node] = []
    /// At a root: how many members, the lowest of them, and how many are userIds.
    var size: [UInt32] = []
    var lowest: [Node] = []
    var users: [UInt16] = []
    var edges = EdgeList()
    var facts = FactList()
    /// Identifiers that too many people share: they belong to nobody.
    var shared: Set<Node> = []
    /// Behind the last position at which somebody was parted: columns that stand before it know the people wrongly.
    public internal(set) var partedUpTo: LogPosition = 0
    /// By node, ascending: what a person's id is made of; 8 bytes an identifier.
    var births: [Birth] = []
    /// The accounts by their ids.
    var accounts: [ProfileID: Node] = [:]
    let cipher: ProfileIDCipher
    let folder: String
    var rules: CompiledRules

    /// For each event of the batch applied last: the node that it belongs to. Read by the next fold.
    public private(set) var anchors: [Node] = []
    /// The anonymousId that came beside a userId; `Node.max` where there was none.
    public private(set) var companions: [Node] = []
    /// Which events of the batch named which contact identifiers.
    public private(set) var contacts: [(index: Int, node: Node)] = []
    /// The account that a group call names, or a track call that says who joined or left one; `Node.max` for the others.
    public private(set) var groups: [Node] = []

    /// Who the batch joined and parted, in this order.
    public internal(set) var changes: [IdentityChange] = []

    /// - Parameters:
    ///   - secret: at least 16 random bytes of the workspace's, for the ids of profiles.
    ///   - rules: a snapshot that was made by others is not read.
    public init(folder: String, secret: [UInt8], rules: IdentityRules = .usual) {
        self.folder = folder
        self.rules = CompiledRules(rules)
        cipher = ProfileIDCipher(secret: secret)
        Folder.make(folder)
        load()
    }

    public var nodeCount: Int { parent.count }

    /// People and accounts: nodes that are their person's lowest.
    public var personCount: Int { nodeCount - unionCount - erasedCount }
    var unionCount = 0
    var erasedCount = 0

    // MARK: - Folding

    public func apply(_ batch: LogBatch) {
        anchors.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        companions.removeAll(keepingCapacity: true)
        contacts.removeAll(keepingCapacity: true)
        changes.removeAll(keepingCapacity: true)
        for entry in batch.entries {
            var anchor = Node.max
            var group = Node.max
            var companion = Node.max
            if let event = batch.event(entry), !event.isErased {
                if !event.isFact {
                    (anchor, companion, group) = link(event, at: entry.position)
                } else if let fact = LinkFact(event) {
                    state(fact, at: entry.position, day: IdentityGraph.day(event))
                }
            }
            companions.append(companion)
            anchors.append(anchor)
            groups.append(group)
        }
        if let last = batch.entries.last { position = last.position + 1 }
    }

    static func day(_ event: EventView) -> Int { Int(max(0, event.receivedAt.milliseconds / 86_400_000)) }

    private func link(_ event: EventView, at position: LogPosition) -> (anchor: Node, companion: Node, group: Node) {
        var user = Node.max
        var anonymous = Node.max
        var group = Node.max
        var births = Births(position)
        let day = IdentityGraph.day(event)
        event.bytes.withUnsafeBytes { p in
            event.eachField { field, range in
                let value = unsafe UnsafeRawBufferPointer(rebasing: p[range])
                switch field {
                case .userId: user = unsafe identifier(.userId, value, &births)
                case .anonymousId: anonymous = unsafe identifier(.anonymousId, value, &births)
                case .groupId:
                    guard event.type == .group else { break }
                    let birth = births.next()
                    if unsafe !BlockedIdentifiers.contains(value) { group = unsafe node(.groupId, value, birth) }
                default: break
                }
            }
            if event.type == .alias, user != .max, let previous = event.field(.previousId) {
                previous.withUnsafeBytes { value in
                    // The call does not say what kind of id it replaces: an anonymousId if we know it as nothing else.
                    let old = unsafe interner.find(.userId, value) ?? interner.find(.anonymousId, value) ?? identifier(.userId, value, &births)
                    if old != .max { observe(user, old, .alias, at: position, day) }
                }
            }
        }
        // Track calls that say who joined or left an account name it as a group call does.
        if event.type == .track, let statement = event.membership { group = statement.account.withUnsafeBytes { unsafe node(.groupId, $0, births.next()) } }
        if user != .max, anonymous != .max { observe(user, anonymous, .sameCall, at: position, day) }
        let anchor = user != .max ? user : anonymous
        if event.type == .identify, anchor != .max, rules.emailUse != .ignore {
            event.eachContact { namespace, value in
                if let contact = value.withUnsafeBytes({ unsafe attach(namespace, $0, to: anchor, at: position, day, births.next()) }) { contacts.append((anchors.count, contact)) }
            }
        }
        if anchor != .max, !rules.custom.isEmpty { linkCustom(event, to: anchor, at: position, day, &births) }
        return (anchor, user != .max ? anonymous : .max, group)
    }

    /// The node of a field's value; `Node.max` for one that is no identifier.
    private func identifier(_ namespace: IdentifierNamespace, _ value: UnsafeRawBufferPointer, _ births: inout Births) -> Node {
        // Counted whatever becomes of it below, so that other rules give nobody another id.
        BlockedIdentifiers.contains(value) ? .max : unsafe identifier(namespace, value, births.next())
    }

    private func identifier(_ namespace: IdentifierNamespace, _ value: UnsafeRawBufferPointer, _ birth: Birth) -> Node {
        if rules.hasBlocked, unsafe interner.find(namespace, value) == nil, unsafe rules.isBlocked(namespace.name, String(decoding: value, as: UTF8.self)) { return .max }
        return unsafe node(namespace, value, birth)
    }

    /// Identifiers of the types that the rules add, in their order.
    private func linkCustom(_ event: EventView, to anchor: Node, at position: LogPosition, _ day: Int, _ births: inout Births) {
        var fields: [EventField: JSONText] = [:]
        for field in rules.fields { fields[field] = event.json(field) }
        guard !fields.isEmpty else { return }
        for type in rules.custom {
            for text in Set(type.paths.flatMap { $0.values(in: fields, of: type.name) }).sorted() where !text.isEmpty && text.utf8.count <= 512 {
                let born = births.next()
                let isBlocked = Array(text.utf8).withUnsafeBytes { BlockedIdentifiers.contains($0) }
                if isBlocked || rules.isBlocked(type.name, text) { continue }
                let bytes = Array("\(type.name):\(text)".utf8)
                let own = bytes.withUnsafeBytes { unsafe self.node(.externalId, $0, born) }
                observe(anchor, own, type.joins ? .sameCall : .trait, at: position, day)
                contacts.append((anchors.count, own))
            }
        }
    }

    private func node(_ namespace: IdentifierNamespace, _ value: UnsafeRawBufferPointer, _ birth: Birth) -> Node {
        let (node, isNew) = unsafe interner.intern(namespace, value)
        if isNew {
            parent.append(node)
            ring.append(node)
            size.append(1)
            lowest.append(node)
            users.append(namespace == .userId ? 1 : 0)
            edges.addNode()
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
    private func attach(_ namespace: IdentifierNamespace, _ value: UnsafeRawBufferPointer, to anchor: Node, at position: LogPosition, _ day: Int, _ birth: Birth) -> Node? {
        guard !value.isEmpty, value.count <= 512, !BlockedIdentifiers.contains(value), case let node = unsafe identifier(namespace, value, birth), node != .max else { return nil }
        observe(anchor, node, rules.emailUse == .join ? .sameCall : .trait, at: position, day)
        return node
    }

    /// The node that stands for a person inside the graph; which one it is changes as people merge.
    public func root(of node: Node) -> Node { root(node) }

    func root(_ node: Node) -> Node {
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

    /// What the person with an identifier was known by once the event at `position` was in, by what joins it now; empty where nobody has met them.
    public func identifiers(knownWith identifier: Identifier, by position: LogPosition) -> Set<Identifier> {
        guard let node = find(identifier) else { return [] }
        var found: Set<Node> = [node]
        var waiting = [node]
        while let next = waiting.popLast() {
            edges.each(next) { _, edge in
                // Also what said so of those who were one already: what joined them first may be another thing now.
                guard edge.outcome == .joined || edge.outcome == .known, edge.position <= position else { return }
                let other = edge.a == next ? edge.b : edge.a
                if found.insert(other).inserted { waiting.append(other) }
            }
        }
        return Set(found.map { self.identifier($0) })
    }

    public func identifier(_ node: Node) -> Identifier { interner.identifier(node) }
    public func namespace(_ node: Node) -> IdentifierNamespace { interner.namespace(node) }

    /// Whether so many people share an identifier that it is nobody's.
    public func isShared(_ node: Node) -> Bool { shared.contains(node) }

    /// What made these nodes one person, in the order of the log.
    public func evidence(_ members: [Node]) -> [IdentityEdge] {
        var found: [IdentityEdge] = []
        for node in members { edges.eachOfA(node) { if $1.outcome == .joined { found.append($1) } } }
        return found.sorted { ($0.position, $0.b) < ($1.position, $1.b) }
    }

    /// What spoke for one of these nodes and somebody else being one person, and did not do.
    public func refusals(_ members: [Node]) -> [IdentityEdge] {
        var found: [IdentityEdge] = []
        for node in members {
            edges.eachOfA(node) { if $1.outcome.isRefusal { found.append($1) } }
            edges.eachOfB(node) { _, edge in
                // An edge within these nodes has been met from its other end.
                if edge.outcome.isRefusal, root(edge.a) != root(node) { found.append(edge) }
                return true
            }
        }
        return found.sorted { ($0.position, $0.a, $0.b) < ($1.position, $1.a, $1.b) }
    }

    /// Whether some event names these identifiers together with somebody else's, as two people's one device does: without the events of these, the log says something else of those.
    public func isNamedWithOthers(_ identifiers: [Identifier]) -> Bool {
        let members = Set(identifiers.compactMap(find).flatMap(self.members))
        return members.contains { node in
            var isNamed = shared.contains(node)
            edges.eachOfA(node) { isNamed = isNamed || !members.contains($1.b) }
            edges.eachOfB(node) { _, edge in
                isNamed = isNamed || !members.contains(edge.a)
                return !isNamed
            }
            return isNamed
        }
    }

    /// Takes the value from a node, and everything that says who it was.
    func forget(_ node: Node) {
        if namespace(node) == .groupId { accounts[ownID(node)] = nil }
        interner.erase(node)
        stand(alone: node)
        users[Int(node)] = 0
    }

    func stand(alone node: Node) {
        parent[Int(node)] = node
        ring[Int(node)] = node
        size[Int(node)] = 1
        lowest[Int(node)] = node
    }
}
