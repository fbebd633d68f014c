import Columnar
public import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
public import Identity
import Matching
import Privacy
public import Profiles
public import Storage
import Synchronization
public import Vocabulary

/// Matches each profile that comes or changes with all others, within a second, and keeps what it found for people to look at.
///
/// Profiles are known by their row. Learning again, which takes seconds to a minute, goes on beside; what changes meanwhile is matched again by what was learned.
public final class MatchFollower: Eraser {
    public static let migrations = PairStore.migrations

    struct State {
        var index: MatchIndex?
        var columns = RecordColumns()
        var names = TraitNames()
        var settings = MatchSettings.usual
        var calibration = Calibration.none
        /// 0 before anything was learned.
        var model: Int64 = 0
        /// Under which pairs are noted: while one is being learned, the coming one, which must not take them for left over.
        var noted: Int64 = 0
        var learnedAt: Timestamp?
        /// Rows to look at.
        var pending: Set<UInt32> = []
        /// Rows that changed since what is being learned now was read; nil while nothing is.
        var sinceReading: Set<UInt32>?
        /// Rows of people who were forgotten; they are nobody's any more.
        var erased: Set<UInt32> = []
        /// Columns were met that the index does not have.
        var hasNewColumns = false
        var erasedIDs: Set<String> = []
        /// People who were looked at in vain: nothing said who any of them is.
        var silent = 0
        /// Grows whenever rows are given anew: what was read before means others.
        var numbering = 0
        var isErasing = false
        var isStopped = false
        var lastTouch = ContinuousClock.now
        /// Since when somebody waits; nil while nobody does.
        var firstPending: ContinuousClock.Instant?
    }

    public let name = "possible matches"
    let reader: ProfileReader
    let columns: ProfileColumns
    let graph: IdentityGraph
    let lock: StateLock
    let view: @Sendable () throws -> ColumnView
    let store: PairStore
    let documents: Documents
    let clock: @Sendable () -> Timestamp
    let decide: Hook<@Sendable (MatchDecision) -> Void>
    let state = Mutex(State())
    /// Held through one round, and while somebody is forgotten.
    let working = Mutex(())
    let alarm = Alarm()
    private let worker = BackgroundWorker(name: "martlet-match", standing: .following)
    private let learner = BackgroundWorker(name: "martlet-learn", standing: .last)

    /// - Parameters:
    ///   - view: everyone's columns without those who object.
    ///   - reader: sees everyone; what it reads are rows of a view.
    public init(
        reader: ProfileReader, columns: ProfileColumns, graph: IdentityGraph, lock: StateLock, database: DatabaseFile, view: @escaping @Sendable () throws -> ColumnView,
        clock: @escaping @Sendable () -> Timestamp
    ) throws {
        (self.reader, self.columns, self.graph, self.lock, self.view, self.clock) = (reader, columns, graph, lock, view, clock)
        store = PairStore(database)
        documents = Documents(database)
        decide = Hook { _ in }
        let settings = try MatchSettings.load(documents)
        let calibration = try MatchFollower.calibration(store)
        state.withLock { ($0.settings, $0.calibration) = (settings, calibration) }
    }

    /// Has `body` told of pairs that are to be merged without asking.
    public func onMerge(_ body: @escaping @Sendable (MatchDecision) -> Void) { decide.set(body) }

    public func start() {
        // Everyone is looked at once: nothing of what was learned outlives the process.
        if let rows = try? view().rows { state.withLock { $0.pending.formUnion(rows) } }
        worker.submit { [self] in run() }
        alarm.ring()
    }

    public func stop() {
        state.withLock { $0.isStopped = true }
        alarm.ring()
        worker.drain()
        learner.drain()
    }

    /// Told by the applying thread what a batch changed and which rows merged.
    public func applied(touched: [Touch], merged: [(winner: UInt32, loser: UInt32)]) {
        let rows = touched.lazy.filter { touch in if case .events = touch.what { false } else { true } }.map(\.row)
        guard !merged.isEmpty || !rows.isEmpty else { return }
        state.withLock { state in
            state.pending.formUnion(rows)
            for pair in merged { state.pending.formUnion([pair.winner, pair.loser]) }
            state.lastTouch = .now
            if state.firstPending == nil { state.firstPending = .now }
        }
        alarm.ring()
    }

    // MARK: - Following

    /// So many profiles are matched in one round, so that nobody waits for many others.
    private static let roundRows = 256
    /// More than so many at once are learned rather than matched one by one.
    static let bulkRows = 5000

    private func run() {
        while true {
            let isLearning = state.withLock { $0.sinceReading != nil }
            alarm.wait(upTo: isLearning || state.withLock { $0.pending.isEmpty } ? 10_000 : 200)
            if state.withLock({ $0.isStopped }) { return }
            let began = ContinuousClock.now
            learnIfDue()
            while round() {
                // Half a processor at most, since whoever sends goes first.
                let pause = min(Duration.milliseconds(50), (ContinuousClock.now - began) / 8)
                usleep(UInt32(pause / .microseconds(1)))
                if state.withLock({ $0.isStopped }) { return }
            }
        }
    }

    /// Matches some of those who changed.
    ///
    /// - Returns: whether there are more.
    private func round() -> Bool {
        working.withLock { _ in
            let work = state.withLock { state -> (rows: [UInt32], index: MatchIndex, erased: Set<UInt32>)? in
                guard let index = state.index, !state.isErasing, !state.pending.isEmpty, !isBulk(state) else { return nil }
                let rows = Array(state.pending.prefix(MatchFollower.roundRows))
                state.pending.subtract(rows)
                state.sinceReading?.formUnion(rows)
                return (rows, index, state.erased)
            }
            guard let work else { return false }
            do { try match(work.rows.filter { !work.erased.contains($0) }, work.index) } catch {
                // Without the consent ledger or the table nobody is matched; it is tried again.
                state.withLock { $0.pending.formUnion(work.rows) }
                return false
            }
            return state.withLock { !$0.pending.isEmpty }
        }
    }

    private func isBulk(_ state: State) -> Bool { state.pending.count > max(MatchFollower.bulkRows, (state.index?.learnedCount ?? 0) / 8) }

    private func match(_ rows: [UInt32], _ index: MatchIndex) throws {
        let view = try view()
        var (columns, names) = state.withLock { ($0.columns, $0.names) }
        var there: [UInt32: (id: String, row: [[UInt8]])] = [:]
        var hasNewColumns = false
        reader.eachProfile(of: rows.filter { view.contains($0) }, in: self.columns) { row, profile in
            let record = columns.row(of: profile, &names) { own in hasNewColumns = hasNewColumns || !columns.own.contains(own) }
            if let record { there[row] = (profile.id, record) }
        }
        state.withLock { state in
            state.names = names
            state.hasNewColumns = state.hasNewColumns || hasNewColumns
        }
        for row in rows where there[row] == nil { index.remove(UInt64(row)) }
        let ready = there.keys.sorted()
        guard !ready.isEmpty else { return }
        var text = TextRows(header: index.header)
        for row in ready { if let record = there[row]?.row { _ = text.append(record) } }
        index.set(try text.text(), keys: ready.map(UInt64.init))
        var likely: [(id: String, near: [(found: MatchIndex.Found, id: String)])] = []
        var pairs: [PairStore.Found] = []
        for row in ready {
            guard let id = there[row]?.id else { continue }
            let found = (index.find(UInt64(row), limit: MatchFollower.pairsOfOne, least: PairStore.least) ?? []).filter { view.contains(UInt32($0.key)) }
            let ids = profileIDs(found.map { UInt32($0.key) })
            pairs.append(PairStore.Found(profile: id, others: zip(found, ids).compactMap { found, other in other == id ? nil : (id: other, probability: found.settled) }))
            likely.append((id, zip(found, ids).map { (found: $0, id: $1) }))
        }
        try store.replace(pairs, model: state.withLock { $0.noted }, at: clock())
        for one in likely { mergeLikely(one.id, one.near) }
    }
    static let pairsOfOne = 20

    func profileIDs(_ rows: [UInt32]) -> [String] { lock.reading { rows.map { Int($0) < columns.rowCount ? columns.profileID(of: $0) : "" } } }

    // MARK: - Learning

    private func learnIfDue() {
        let isDue = state.withLock { state -> Bool in
            guard state.sinceReading == nil, !state.isErasing else { return false }
            let quiet = ContinuousClock.now - state.lastTouch
            // Not in the middle of a bulk load, which begins with a few people, too; but whoever sends without a pause waits no longer than half a minute.
            let isCalm = quiet > .seconds(1) || state.firstPending.map { ContinuousClock.now - $0 > .seconds(30) } ?? false
            guard isCalm else { return false }
            guard let index = state.index else { return state.pending.count > state.silent / 4 }
            if isBulk(state) { return quiet > .seconds(1) }
            let (known, changed) = (index.learnedCount, index.changesSinceLearning + state.pending.count)
            return changed > max(known < 1000 ? 0 : 200, known / 4) || (state.hasNewColumns && known < MatchFollower.bulkRows)
        }
        guard isDue else { return }
        state.withLock { state in
            state.sinceReading = []
            (state.hasNewColumns, state.firstPending) = (false, nil)
        }
        learner.submit { [self] in
            do { try learn() } catch { state.withLock { $0.sinceReading = nil } }
            alarm.ring()
        }
    }

    /// Reads everyone, learns, and puts what was learned in the place of what was known.
    private func learn() throws {
        let (numbering, waiting) = state.withLock { ($0.numbering, $0.pending) }
        let view = try view()
        let rows = view.rows
        let model = try store.newModel(records: rows.count, at: clock())
        state.withLock { $0.noted = model }
        // What was pending is read here, or is not there any more; what comes later is looked at again.
        state.withLock { $0.pending.subtract(waiting) }
        var names = TraitNames()
        var counts: [RecordColumns.Own: Int] = [:]
        let step = max(1, rows.count / MatchFollower.sampleRows)
        reader.eachProfile(of: stride(from: 0, to: rows.count, by: step).lazy.map { rows[$0] }, in: columns) { _, profile in
            _ = RecordColumns().row(of: profile, &names) { counts[$0, default: 0] += 1 }
        }
        let layout = RecordColumns(own: RecordColumns.own(in: counts))
        var keys: [UInt64] = []
        var text = TextRows(header: layout.header)
        reader.eachProfile(of: rows, in: columns) { row, profile in
            guard let record = layout.row(of: profile, &names), text.append(record) else { return }
            keys.append(UInt64(row))
        }
        guard !keys.isEmpty else {
            return state.withLock { state in
                state.pending.formUnion(state.sinceReading ?? [])
                (state.sinceReading, state.silent) = (nil, rows.count)
            }
        }
        let (index, pairs) = MatchIndex.learning(try text.text(), as: layout.schema, keys: keys, least: PairStore.least)
        let isCurrent = try working.withLock { _ -> Bool in
            guard state.withLock({ $0.numbering == numbering }) else { return false }
            let (since, erased, forgotten) = state.withLock { ($0.sinceReading ?? [], $0.erased, $0.erasedIDs) }
            if !erased.isEmpty { index.forget(erased.map(UInt64.init)) }
            let ids = Dictionary(zip(keys, profileIDs(keys.map { UInt32($0) }))) { first, _ in first }
            let named = pairs.compactMap { pair in
                ids[pair.a].flatMap { a in ids[pair.b].map { (a: a, b: $0, probability: pair.settled) } }
            }
            try store.replaceAll(named.filter { !forgotten.contains($0.a) && !forgotten.contains($0.b) }, model: model, at: clock())
            state.withLock { state in
                (state.index, state.columns, state.names, state.model, state.learnedAt) = (index, layout, names, model, clock())
                state.pending.formUnion(since)
                state.sinceReading = nil
            }
            return true
        }
        if isCurrent { mergeLearned(pairs) } else { state.withLock { $0.sinceReading = nil } }
    }
    private static let sampleRows = 4000

    // MARK: - Forgetting

    /// Takes out every pair of the person and their record; until ``forgot()`` nobody is matched.
    public func erase(_ subject: ErasureSubject) throws -> Int {
        state.withLock { $0.isErasing = true }
        return try working.withLock { _ in
            let (rows, ids) = lock.reading { () -> (Set<UInt32>, Set<String>) in
                let nodes = subject.identifiers.compactMap(graph.find)
                return (Set(nodes.compactMap { columns.row(of: $0) }), Set(nodes.map { graph.ownID($0).text }).union(subject.ids))
            }
            let index = state.withLock { state in
                state.erased.formUnion(rows)
                state.erasedIDs.formUnion(ids)
                state.pending.subtract(rows)
                return state.index
            }
            index?.forget(rows.map(UInt64.init))
            return try store.erase(ids)
        }
    }

    /// Runs `body`, which gives rows anew: what is known by row is forgotten, and everyone is learned again.
    public func renumbering<Value>(_ body: () throws -> Value) rethrows -> Value {
        defer {
            if let rows = try? view().rows { state.withLock { $0.pending = Set(rows) } }
            alarm.ring()
        }
        return try working.withLock { _ in
            state.withLock { state in
                (state.index, state.pending, state.erased, state.silent) = (nil, [], [], 0)
                state.numbering += 1
            }
            return try body()
        }
    }

    public func forgot() {
        state.withLock { $0.isErasing = false }
        alarm.ring()
    }
}

extension ColumnView {
    func contains(_ row: UInt32) -> Bool {
        let part = Int(row) / RowSet.capacity
        return part < parts.count && parts[part].alive.contains(Int(row) % RowSet.capacity)
    }

    /// Of everyone in it.
    var rows: [UInt32] {
        var out: [UInt32] = []
        for (number, part) in parts.enumerated() { part.alive.forEach { out.append(UInt32(number * RowSet.capacity + $0)) } }
        return out
    }
}
