import CKernels
import Columnar
public import EventLog
public import Identity
public import Profiles
import Synchronization
public import Vocabulary

/// Which rows are on which list, kept as people are born and merge: entries are held by the graph's nodes, and those of people not met yet by a keyed hash.
///
/// A fold without a snapshot: the table of entries and the graph make it again at every start. Nothing here can be read back to an identifier.
/// Changes that are not a batch's come from one thread at a time (``ListStore``).
public final class ListRows: Fold {
    public let name = "lists"
    public var position: LogPosition { columns.position }
    let lock: StateLock
    private let graph: IdentityGraph
    private let columns: ProfileColumns
    private let state = Mutex(State())
    private let key = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
    /// Identifiers that are looked up in one hold of the lock: about 0.3 ms.
    private static let stepEntries = 1024

    /// 128 bits of an identifier: that two of a billion share them is out of the question.
    private struct EntryKey: Hashable { let low: UInt64, high: UInt64 }

    private struct Listed {
        let id: String
        /// Until when; `Int64.max` for ever.
        var nodes: [Node: Int64] = [:]
        var waiting: [EntryKey: Int64] = [:]
    }

    private struct State {
        /// By the list's number.
        var lists: [Int64: Listed] = [:]
        /// By the list's id.
        var marks: [String: RowMarks] = [:]
        /// Nodes and waiting keys that some list has, or had: most people are on none, and are passed over by one look.
        var nodes: Set<Node> = []
        var waiting: Set<EntryKey> = []
        /// What has been looked at.
        var nodeCount = 0
        var rowCount = 0
    }

    /// - Parameter graph, columns: applied before this fold, batch by batch.
    public init(graph: IdentityGraph, columns: ProfileColumns, lock: StateLock) { (self.graph, self.columns, self.lock) = (graph, columns, lock) }

    /// Whoever has been met so far is found by entries as they are put.
    func begin() { lock.reading { state.withLock { ($0.nodeCount, $0.rowCount) = (graph.nodeCount, columns.rowCount) } } }

    /// By list id; called under the state lock.
    var marks: [String: RowMarks] { state.withLock { $0.marks } }

    /// People have other nodes and rows now: nobody is on a list until the entries are put anew.
    func forgetRows() {
        state.withLock { state in
            (state.nodes, state.waiting) = ([], [])
            for (number, listed) in state.lists {
                state.lists[number] = Listed(id: listed.id)
                if let marks = state.marks[listed.id] { state.marks[listed.id] = RowMarks(handle: marks.handle, end: marks.end) }
            }
        }
    }

    // MARK: - Following the log

    public func apply(_ batch: LogBatch) {
        state.withLock { state in
            let (nodes, rows) = (state.nodeCount..<max(state.nodeCount, graph.nodeCount), state.rowCount..<max(state.rowCount, columns.rowCount))
            (state.nodeCount, state.rowCount) = (nodes.upperBound, rows.upperBound)
            guard !state.lists.isEmpty else { return }
            for node in nodes where !state.waiting.isEmpty { welcome(Node(node), &state) }
            guard !state.nodes.isEmpty else { return }
            for row in rows { look(Row(row), &state) }
            for touch in columns.touched where touch.what == .everything { look(touch.row, &state) }
        }
    }

    public func checkpoint() {}

    /// A new node may be one that waits.
    private func welcome(_ node: Node, _ state: inout State) {
        let key = key(of: graph.identifier(node))
        guard state.waiting.remove(key) != nil else { return }
        for number in state.lists.keys {
            guard let until = state.lists[number]?.waiting.removeValue(forKey: key) else { continue }
            state.lists[number]?.nodes[node] = until
            state.nodes.insert(node)
            // Their row is new, or was touched by a merge; one that has none yet comes by either.
        }
    }

    /// Marks a row as its person's nodes say.
    private func look(_ row: Row, _ state: inout State) {
        let members = graph.members(columns.node(of: row)).filter(state.nodes.contains)
        guard !members.isEmpty else { return }
        for listed in state.lists.values {
            let until = members.compactMap { listed.nodes[$0] }.max()
            if let until { state.marks[listed.id]?.mark(row, until: until) }
        }
    }

    // MARK: - Changing lists

    func add(_ list: StaticList) {
        state.withLock { state in
            state.lists[list.number] = Listed(id: list.id)
            state.marks[list.id] = RowMarks(handle: list.handle, end: list.expiresAt?.milliseconds ?? .max)
        }
    }

    func expire(_ list: StaticList) { state.withLock { $0.marks[list.id]?.end = list.expiresAt?.milliseconds ?? .max } }

    func remove(_ list: StaticList) {
        state.withLock { state in
            state.lists[list.number] = nil
            state.marks[list.id] = nil
        }
    }

    /// Every row that is or was on a list, by part.
    func everyRow(of list: StaticList) -> [Int: RowSet] { state.withLock { $0.marks[list.id] }?.everyRow ?? [:] }

    /// Takes entries in, or with `isGone` out.
    ///
    /// - Returns: the rows that this concerns, by part.
    func put(_ entries: [ListEntry], isGone: Bool = false, on list: StaticList) -> [Int: RowSet] {
        var changed: [Int: RowSet] = [:]
        for start in stride(from: 0, to: entries.count, by: ListRows.stepEntries) {
            let step = entries[start..<min(entries.count, start + ListRows.stepEntries)]
            lock.reading { state.withLock { state in for entry in step { put(entry, isGone, list.number, &state, &changed) } } }
        }
        return changed
    }

    private func put(_ entry: ListEntry, _ isGone: Bool, _ number: Int64, _ state: inout State, _ changed: inout [Int: RowSet]) {
        let until = isGone ? nil : entry.expiresAt?.milliseconds ?? .max
        guard let node = graph.find(entry.identifier) else {
            let key = key(of: entry.identifier)
            state.lists[number]?.waiting[key] = until
            if !isGone { state.waiting.insert(key) }
            return
        }
        state.lists[number]?.nodes[node] = until
        if !isGone { state.nodes.insert(node) }
        guard let row = columns.row(of: node), let id = state.lists[number]?.id else { return }
        let best = graph.members(node).compactMap { state.lists[number]?.nodes[$0] }.max()
        state.marks[id]?.mark(row, until: best)
        changed[Int(row) / RowSet.capacity, default: RowSet()].insert(Int(row) % RowSet.capacity)
    }

    func counts(of list: StaticList, at now: Timestamp) -> ListCounts {
        state.withLock { state in
            guard let listed = state.lists[list.number] else { return ListCounts(entries: 0, unknown: 0, expired: 0) }
            let all = listed.nodes.count + listed.waiting.count
            if list.expiresAt.map({ $0 <= now }) ?? false { return ListCounts(entries: all, unknown: listed.waiting.count, expired: all) }
            func expired(_ values: some Sequence<Int64>) -> Int { values.reduce(0) { $0 + ($1 <= now.milliseconds ? 1 : 0) } }
            return ListCounts(entries: all, unknown: listed.waiting.count, expired: expired(listed.nodes.values) + expired(listed.waiting.values))
        }
    }

    /// Whether a person with this identifier has been met.
    func isKnown(_ identifiers: [Identifier]) -> [Bool] { lock.reading { identifiers.map { graph.find($0) != nil } } }

    private func key(of identifier: Identifier) -> EntryKey {
        // The namespace goes into the key, so that equal values of two are two.
        let hash = identifier.value.withUnsafeBytes { unsafe martlet_siphash128(key.0 ^ UInt64(identifier.namespace.rawValue), key.1, $0.baseAddress, $0.count) }
        return EntryKey(low: hash.low, high: hash.high)
    }
}
