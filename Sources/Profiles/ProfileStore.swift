public import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
public import Identity
import Privacy
import Storage
public import Vocabulary

/// Traits and timelines of everyone in a workspace, by node of the identity graph: a profile is read by joining its nodes, so that a merge
/// moves nothing.
///
/// Guarded by the folds' ``StateLock``: `apply` runs under writing, everything else under reading.
public final class ProfileStore: Fold, @unchecked Sendable {
    static let layout: UInt32 = 7
    public let name = "profiles"
    public private(set) var position: LogPosition = 0
    public private(set) var eventCount = 0

    let graph: IdentityGraph
    var timelines = Timelines()
    var traits = TraitTable()
    let search = SearchIndex()
    private(set) var zones = PersonZones()
    let isZone: @Sendable (String) -> Bool
    /// Of the batch that was applied last: people who were known before and whose clock may be elsewhere by it.
    public private(set) var movedZones: [Node] = []
    private var hasMoved = false
    /// By node, in milliseconds: the first and last event's timestamp; `Int64.max` where there is none.
    private(set) var firstSeen: [Int64] = []
    private(set) var lastSeen: [Int64] = []
    /// By node: when the identifier was first and last named, also beside another.
    private(set) var firstMention: [Int64] = []
    private(set) var lastMention: [Int64] = []
    /// By which of several statements of a trait counts; set by ``learn(_:from:)``.
    private(set) var policy = SurvivorshipPolicy(name: SurvivorshipPolicy.standard, rules: [:], version: 0)
    /// The rules by the trait's number: every statement of such a trait is kept.
    private var rules: [UInt32: SurvivorshipRule] = [:]
    /// The rules by which the snapshot was written, as JSON.
    private(set) var snapshotRules: [UInt8] = []
    /// By canonical reading: people and accounts that have at least one event, counted as they appear and merge.
    private let folder: String

    /// - Parameters:
    ///   - graph: applied before this fold, batch by batch.
    ///   - isZone: whether there is a time zone of that name.
    public init(folder: String, graph: IdentityGraph, policy: SurvivorshipPolicy? = nil, isZone: @escaping @Sendable (String) -> Bool) {
        self.folder = folder
        self.isZone = isZone
        self.graph = graph
        Folder.make(folder)
        load()
        // Other rules than those of the snapshot are learnt from the log, once it is there to be read.
        if let policy, position == 0 || ProfileStore.json(policy) == snapshotRules { obey(policy) }
    }

    func obey(_ policy: SurvivorshipPolicy) {
        self.policy = policy
        rules = [:]
        for (trait, rule) in policy.rules { rules[traits.number(ofKey: Array(trait.utf8))] = rule }
    }

    static func json(_ policy: SurvivorshipPolicy) -> [UInt8] {
        var w = JSONWriter()
        SurvivorshipStore.write(policy.rules, &w)
        return w.text.bytes
    }

    // MARK: - Folding

    public func apply(_ batch: LogBatch) {
        precondition(graph.anchors.count == batch.entries.count, "the graph has just applied the same batch")
        movedZones.removeAll(keepingCapacity: true)
        for (index, entry) in batch.entries.enumerated() {
            let anchor = graph.anchors[index]
            guard let event = batch.event(entry) else { continue }
            if graph.groups[index] != .max { account(graph.groups[index], event, at: entry.position) }
            guard anchor != .max else { continue }
            // What Martlet sends to somebody says nothing of when they were here.
            let isKnown = Int(anchor) < firstSeen.count && firstSeen[Int(anchor)] != .max
            if !TableName.isReceipt(event) { see(anchor, at: event.timestamp) }
            if graph.companions[index] != .max { mention(graph.companions[index], at: event.timestamp) }
            timelines.append(Timelines.word(entry.position, event.type), to: anchor)
            eventCount += 1
            hasMoved = false
            if let context = event.field(.context), zones.take(context, of: anchor, at: event.statedAt, isZone: isZone) { hasMoved = true }
            if event.type == .identify { identify(anchor, event, at: entry.position) }
            // For somebody who comes now nothing waits yet.
            if hasMoved, isKnown || graph.members(anchor).count > 1 { movedZones.append(anchor) }
        }
        for contact in graph.contacts { if let event = batch.event(batch.entries[contact.index]) { mention(contact.node, at: event.timestamp) } }
        if let last = batch.entries.last { position = last.position + 1 }
    }

    /// What an event says of an account stands under the account, too.
    private func account(_ account: Node, _ event: EventView, at position: LogPosition) {
        see(account, at: event.timestamp)
        timelines.append(Timelines.word(position, event.type), to: account)
        describe(account, event, at: position)
    }

    private func describe(_ account: Node, _ event: EventView, at position: LogPosition) {
        if event.type == .group, let slice = event.field(.traits) { set(account, from: slice, event, at: position) }
    }

    /// An identifier was named beside the one that the event belongs to.
    private func mention(_ node: Node, at timestamp: Timestamp) {
        while firstMention.count <= Int(node) {
            firstMention.append(.max)
            lastMention.append(.min)
        }
        firstMention[Int(node)] = min(firstMention[Int(node)], timestamp.milliseconds)
        lastMention[Int(node)] = max(lastMention[Int(node)], timestamp.milliseconds)
    }

    private func see(_ node: Node, at timestamp: Timestamp) {
        mention(node, at: timestamp)
        while firstSeen.count <= Int(node) {
            firstSeen.append(.max)
            lastSeen.append(.min)
        }
        firstSeen[Int(node)] = min(firstSeen[Int(node)], timestamp.milliseconds)
        lastSeen[Int(node)] = max(lastSeen[Int(node)], timestamp.milliseconds)
    }

    /// Traits are the union of `context.traits` and `traits`; where both name one, `traits` counts.
    private func identify(_ anchor: Node, _ event: EventView, at position: LogPosition) {
        if let context = event.field(.context), let nested = ProfileStore.member("traits", of: context) { set(anchor, from: nested, event, at: position) }
        if let slice = event.field(.traits) { set(anchor, from: slice, event, at: position) }
    }

    private func set(_ node: Node, from object: ArraySlice<UInt8>, _ event: EventView, at position: LogPosition) {
        let timestamp = event.statedAt
        // Of which every statement is kept: of a repeated name the last, as of any other.
        var ruled: [(key: UInt32, value: JSONSlice)] = []
        unsafe object.withUnsafeBufferPointer { buffer in
            let p = unsafe buffer.span
            let raw = UnsafeRawBufferPointer(buffer)
            JSONText.eachMember(of: p, in: JSONSlice(start: 0, count: UInt32(p.count))) { key, value in
                var name: [UInt8] = []
                JSONText.unescape(p, key, into: &name)
                if event.type == .group, ProfileStore.roleNames.contains(name) { return }
                let number = traits.number(ofKey: name)
                if !rules.isEmpty, rules[number] != nil {
                    ruled.removeAll { $0.key == number }
                    ruled.append((number, value))
                    return
                }
                let isNew = unsafe traits.set(
                    node, key: number, value: UnsafeRawBufferPointer(rebasing: raw[value.range]), timestamp: timestamp, position: position)
                if isNew, traits.isSearchable(number) { search.touch(node) }
                if isNew, ProfileStore.zoneNames.contains(name) { hasMoved = true }
            }
            for (key, value) in ruled {
                unsafe traits.add(node, key: key, value: UnsafeRawBufferPointer(rebasing: raw[value.range]), timestamp: timestamp, position: position, source: event.source)
                if traits.isSearchable(key) { search.touch(node) }
                if ProfileStore.zoneNames.contains(traits.key(key)) { hasMoved = true }
            }
        }
    }

    private static let zoneNames = ["timezone", "timeZone"].map { Array($0.utf8) }
    private static let roleNames = MembershipStatement.roleNames.map { Array($0.utf8) }

    /// A member of a JSON object that must itself be an object.
    private static func member(_ wanted: StaticString, of object: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var found: JSONSlice?
        unsafe object.withUnsafeBufferPointer { buffer in
            let p = unsafe buffer.span
            JSONText.eachMember(of: p, in: JSONSlice(start: 0, count: UInt32(p.count))) { key, value in
                guard Int(key.count) == wanted.utf8CodeUnitCount + 2 else {
                    // With escapes the same name is longer.
                    guard Int(key.count) > wanted.utf8CodeUnitCount + 2, unsafe buffer[key.range].contains(0x5c) else { return }
                    var name: [UInt8] = []
                    JSONText.unescape(p, key, into: &name)
                    if name.elementsEqual("\(wanted)".utf8) { found = value }
                    return
                }
                for offset in 0..<wanted.utf8CodeUnitCount where unsafe p[Int(key.start) + 1 + offset] != wanted.utf8Start[offset] { return }
                found = value
            }
        }
        return found.map { object[object.startIndex + $0.range.lowerBound..<object.startIndex + $0.range.upperBound] }
    }

    /// Calls `body` with the current value of each trait of the person whom these nodes are; called under the lock.
    func eachTrait(of members: [Node], _ body: (_ number: Int, _ key: [UInt8], _ value: ArraySlice<UInt8>) -> Void) {
        for entry in newest(of: members).values { body(Int(entry.key), traits.key(entry.key), traits.bytes(entry)) }
    }

    /// By key number, the statement that counts: by the trait's rule, else the newest by its time, of two of one time the later in the log.
    func newest(of members: [Node]) -> [UInt32: TraitTable.Entry] {
        var best: [UInt32: TraitTable.Entry] = [:]
        var ruled: [UInt32: [(entry: TraitTable.Entry, statement: TraitStatement)]] = [:]
        for member in members {
            traits.eachPlace(member) { place, entry in
                if !rules.isEmpty, rules[entry.key] != nil { return ruled[entry.key, default: []].append((entry, traits.statement(entry, at: place))) }
                if let other = best[entry.key], (other.timestamp, other.position) > (entry.timestamp, entry.position) { return }
                best[entry.key] = entry
            }
        }
        for (key, all) in ruled { best[key] = rules[key]?.survivor(all.map(\.statement)).map { all[$0].entry } }
        return best
    }

    // MARK: - Snapshots

    /// Readers look at the values that this moves.
    public func prepareCheckpoint() { traits.compact(keeping: Set(rules.keys)) }

    public func checkpoint() throws {
        var snapshot = try SnapshotWriter(path: "\(folder)/profiles.snapshot", layout: ProfileStore.layout, position: position)
        try snapshot.put([UInt64(eventCount)])
        try timelines.write(to: &snapshot)
        try traits.write(to: &snapshot)
        try snapshot.put(firstSeen)
        try snapshot.put(lastSeen)
        try snapshot.put(firstMention)
        try snapshot.put(lastMention)
        try snapshot.put(ProfileStore.json(policy))
        try zones.write(to: &snapshot)
        try snapshot.finish()
    }

    private func load() {
        guard var snapshot = SnapshotReader(path: "\(folder)/profiles.snapshot", layout: ProfileStore.layout) else { return }
        eventCount = Int(snapshot.get(UInt64.self).first ?? 0)
        timelines = Timelines(from: &snapshot)
        traits = TraitTable(from: &snapshot)
        firstSeen = snapshot.get(Int64.self)
        lastSeen = snapshot.get(Int64.self)
        firstMention = snapshot.get(Int64.self)
        lastMention = snapshot.get(Int64.self)
        snapshotRules = snapshot.get(UInt8.self)
        zones = PersonZones(from: &snapshot)
        position = snapshot.position
    }

    /// Becomes what another store of the same log is, which nobody uses afterwards.
    public func adopt(_ other: ProfileStore) {
        (position, eventCount, timelines, traits, zones) = (other.position, other.eventCount, other.timelines, other.traits, other.zones)
        (firstSeen, lastSeen, firstMention, lastMention) = (other.firstSeen, other.lastSeen, other.firstMention, other.lastMention)
        // Rules go by the numbers of traits, and those are the other's now.
        obey(policy)
        search.reset()
    }

    /// Starts over from nothing.
    public func reset() {
        position = 0
        eventCount = 0
        timelines = Timelines()
        traits = TraitTable()
        zones = PersonZones()
        obey(policy)
        search.reset()
        firstSeen = []
        lastSeen = []
        firstMention = []
        lastMention = []
        unlink("\(folder)/profiles.snapshot")
    }

    /// Forgets what is held by these nodes, and what these events said of accounts.
    ///
    /// - Parameter accounts: those that the events may speak of.
    /// - Returns: the accounts of which no event is left.
    func erase(_ members: [Node], positions: Set<LogPosition>, accounts: Set<Node>, log: EventLog) throws -> [Node] {
        members.forEach(clear)
        let empty = try accounts.sorted().filter { try forget(positions, of: $0, log: log) }
        traits.compact(keeping: Set(rules.keys))
        return empty
    }

    private func clear(_ node: Node) {
        timelines.erase(node)
        traits.erase(node)
        zones.erase(node)
        search.touch(node)
        if Int(node) < firstSeen.count {
            firstSeen[Int(node)] = .max
            lastSeen[Int(node)] = .min
        }
        if Int(node) < firstMention.count {
            firstMention[Int(node)] = .max
            lastMention[Int(node)] = .min
        }
    }

    /// Makes an account again from the events that are left, so that it is what reading the log again would make of it.
    ///
    /// - Returns: whether it lost all of its events.
    private func forget(_ positions: Set<LogPosition>, of account: Node, log: EventLog) throws -> Bool {
        let words = timelines.all(account)
        let left = words.filter { !positions.contains(Timelines.position($0)) }
        guard left.count < words.count else { return false }
        clear(account)
        for word in left {
            timelines.append(word, to: account)
            guard let event = try? log.read(Timelines.position(word)), !event.isErased else { continue }
            see(account, at: event.timestamp)
            describe(account, event, at: Timelines.position(word))
        }
        return left.isEmpty
    }
}
