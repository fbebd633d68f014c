import Columnar
import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
public import Profiles
import Synchronization
public import Vocabulary

/// Keeps the members of every segment live: after each event those whom it touched are asked again, and everyone at the instant at which time alone
/// may change their answer. Nobody is polled.
public final class LiveSegments: Sendable {
    /// Changes that are kept to be read by whoever follows.
    public static let changesMaximum = 20_000
    private static let ledgerPauseUs: UInt32 = 200_000

    struct State {
        var memberships: [String: Membership] = [:]
        var heap = DueHeap()
        var changes: [MembershipChange] = []
        var nextNumber = 1
    }
    /// What the applying thread has left to do.
    private struct Pending {
        /// By part.
        var touched: [Int: RowSet] = [:]
        var merged: [(winner: Row, loser: Row)] = []
        var isStopped = false
    }

    let engine: SegmentEngine
    let store: SegmentStore
    let clock: @Sendable () -> Timestamp
    let state = Mutex(State())
    private let pending = Mutex(Pending())
    private let alarm = Alarm()
    private let worker = BackgroundWorker(name: "martlet-live")
    private let waiters = Mutex<[Int: CheckedContinuation<Void, Never>]>([:])

    public init(engine: SegmentEngine, store: SegmentStore, clock: @escaping @Sendable () -> Timestamp) {
        self.engine = engine
        self.store = store
        self.clock = clock
        // Begins with the time, so that a reader who followed before a restart, and names the last number that they saw, misses nothing behind it.
        state.withLock { $0.nextNumber = Int(clock().milliseconds) * 1000 }
    }

    /// Begins to follow.
    public func start() { worker.submit { [self] in run() } }

    public func stop() {
        pending.withLock { $0.isStopped = true }
        alarm.ring()
        worker.drain()
    }

    /// Told by the applying thread which rows a batch touched and which merged.
    public func applied(touched: [Row], merged: [(winner: Row, loser: Row)]) {
        guard state.withLock({ !$0.memberships.isEmpty }) else { return }
        pending.withLock { pending in
            for row in touched { pending.touched[Int(row) / RowSet.capacity, default: RowSet()].insert(Int(row) % RowSet.capacity) }
            pending.merged += merged
        }
        alarm.ring()
    }

    /// A segment or a computed trait was made, changed or deleted.
    public func segmentsChanged() {
        let segments = Dictionary(uniqueKeysWithValues: store.all.map { ($0.id, $0) })
        state.withLock { state in
            for id in state.memberships.keys where segments[id] == nil { state.memberships[id] = nil }
            for segment in segments.values {
                let known = state.memberships[segment.id]
                // Others that name a changed one, or a computed trait, change with it; asking everyone again costs milliseconds.
                if known?.segment.version != segment.version || !segment.condition.segments.isEmpty || !segment.condition.computed.isEmpty {
                    var fresh = Membership(segment: segment)
                    fresh.members = known?.members ?? []
                    fresh.isFollowed = known.map { $0.isFollowed || $0.isComplete } ?? false
                    fresh.generation = (known?.generation ?? 0) + 1
                    state.memberships[segment.id] = fresh
                }
            }
        }
        alarm.ring()
    }

    /// People were erased: nobody is in who is not there any more, and what was kept of changes names no one.
    public func forgot() {
        let view = try? engine.view()
        state.withLock { state in
            state.changes = []
            for id in state.memberships.keys {
                state.memberships[id]?.generation += 1
                guard let view else {
                    // Without the consent ledger nobody can be shown; everyone is asked again when it is back.
                    state.memberships[id]?.members = []
                    state.memberships[id]?.isComplete = false
                    continue
                }
                state.memberships[id]?.makeRoom(for: view.parts.count)
                for part in view.parts.indices { state.memberships[id]?.members[part].formIntersection(view.parts[part].alive) }
            }
        }
    }

    // MARK: - Following

    private func run() {
        segmentsChanged()
        while true {
            let now = clock().milliseconds
            let next = state.withLock { state in
                let rechecks = state.memberships.values.compactMap { $0.isComplete ? $0.recheck : 0 }
                return ([state.heap.next].compactMap { $0 } + rechecks).min()
            }
            alarm.wait(upTo: min(60_000, max(0, (next ?? .max / 2) - now)))
            if pending.withLock({ $0.isStopped }) { return }
            settle()
        }
    }

    /// Asks everyone who was touched or is due by now; when it returns, all memberships are what their conditions say.
    public func settle() {
        let work = pending.withLock { pending in
            defer { (pending.touched, pending.merged) = ([:], []) }
            return pending
        }
        step(work.touched, work.merged)
    }

    /// Asks whoever was touched or is due, of every segment.
    private func step(_ touched: [Int: RowSet], _ merged: [(winner: Row, loser: Row)]) {
        // What happens in this millisecond has happened.
        let now = Timestamp(clamping: clock().milliseconds + 1)
        guard let view = try? engine.view() else {
            // Without the consent ledger nobody is asked about; trying again at once would only keep a processor busy.
            askAgain(touched, merged)
            usleep(LiveSegments.ledgerPauseUs)
            return
        }
        var due: [String: [Int: RowSet]] = [:]
        state.withLock { state in
            while let entry = state.heap.take(at: now.milliseconds) {
                guard state.memberships[entry.segment]?.due[entry.row] == entry.at else { continue }
                state.memberships[entry.segment]?.due[entry.row] = nil
                due[entry.segment, default: [:]][Int(entry.row) / RowSet.capacity, default: RowSet()].insert(Int(entry.row) % RowSet.capacity)
            }
        }
        for id in state.withLock({ Array($0.memberships.keys) }) {
            guard var membership = state.withLock({ $0.memberships[id] }) else { continue }
            membership.makeRoom(for: view.parts.count)
            for pair in merged { membership.join(pair.winner, pair.loser) }
            var asked = touched
            for (part, rows) in due[id] ?? [:] { asked[part] = asked[part]?.union(rows) ?? rows }
            let isEveryone = !membership.isComplete || membership.recheck.map { $0 <= now.milliseconds } ?? false
            if isEveryone { asked = Dictionary(uniqueKeysWithValues: view.parts.indices.map { ($0, RowSet(first: RowSet.capacity)) }) }
            // A workspace without people has no parts to ask, and its segments are complete all the same.
            if asked.isEmpty, merged.isEmpty, !isEveryone { continue }
            if !ask(&membership, asked, view, Moment(asOf: now, zone: membership.segment.zone)) { askAgain(asked, merged) }
        }
        wake()
    }

    /// What was asked while people were forgotten or segments changed is asked again; of other segments too, which costs little and changes nothing.
    private func askAgain(_ asked: [Int: RowSet], _ merged: [(winner: Row, loser: Row)]) {
        pending.withLock { pending in
            for (part, rows) in asked { pending.touched[part] = pending.touched[part]?.union(rows) ?? rows }
            pending.merged = merged + pending.merged
        }
        alarm.ring()
    }

    /// - Returns: false when the answer was overtaken and is not kept.
    private func ask(_ membership: inout Membership, _ asked: [Int: RowSet], _ view: ColumnView, _ moment: Moment) -> Bool {
        let (segment, generation) = (membership.segment, membership.generation)
        guard let question = try? engine.question(at: moment, in: view, segments: store.conditions), let answer = question.liveAnswer(segment.condition, asked) else {
            // A segment that it names is gone; nobody is in, and it is asked again when segments change.
            membership.isComplete = true
            state.withLock { if $0.memberships[segment.id]?.generation == generation { $0.memberships[segment.id] = membership } }
            return true
        }
        var entered: [Row] = []
        var left: [Row] = []
        for part in answer.parts {
            let old = membership.members[part.index].intersection(part.asked)
            part.rows.subtracting(old).forEach { entered.append(Row(part.index * RowSet.capacity + $0)) }
            old.subtracting(part.rows).forEach { left.append(Row(part.index * RowSet.capacity + $0)) }
            membership.members[part.index] = membership.members[part.index].subtracting(part.asked).union(part.rows)
        }
        let isAnnounced = membership.isComplete || membership.isFollowed
        membership.isComplete = true
        membership.recheck = answer.recheck
        let names = engine.profileIDs(entered + left)
        return state.withLock { state in
            // A segment that is gone needs no answer.
            guard let current = state.memberships[segment.id] else { return true }
            guard current.generation == generation else { return false }
            for part in answer.parts {
                for (row, at) in part.flips where membership.due[row].map({ at < $0 }) ?? true {
                    membership.due[row] = at
                    state.heap.add(DueHeap.Entry(at: at, segment: segment.id, row: row))
                }
            }
            state.memberships[segment.id] = membership
            guard isAnnounced else { return true }
            for (index, name) in names.enumerated() {
                state.changes.append(MembershipChange(number: state.nextNumber, segment: segment.id, profile: name, hasEntered: index < entered.count, at: moment.asOf))
                state.nextNumber += 1
            }
            if state.changes.count > LiveSegments.changesMaximum { state.changes.removeFirst(state.changes.count - LiveSegments.changesMaximum) }
            return true
        }
    }

    // MARK: - Reading

    /// How many are in now; nil for unknown segments and until everyone has been asked once.
    public func size(of id: String) -> Int? { state.withLock { $0.memberships[id].flatMap { $0.isComplete ? $0.count : nil } } }

    /// Profile ids of members, in the order in which we met them.
    ///
    /// - Parameter after: how many to pass over.
    public func members(of id: String, after: Int, limit: Int) -> [String] {
        let sets = state.withLock { $0.memberships[id]?.members ?? [] }
        var rows: [Row] = []
        var passed = 0
        for (part, set) in sets.enumerated() where rows.count < limit {
            let count = set.count
            if passed + count <= after {
                passed += count
                continue
            }
            set.forEach { row in
                if passed >= after, rows.count < limit { rows.append(Row(part * RowSet.capacity + row)) }
                passed += 1
            }
        }
        return engine.profileIDs(rows)
    }

    /// Changes behind a number, oldest first; of one segment, or of all.
    public func changes(after number: Int, of segment: String? = nil, limit: Int) -> [MembershipChange] {
        state.withLock { Array($0.changes.lazy.filter { $0.number > number && (segment == nil || $0.segment == segment) }.prefix(limit)) }
    }

    /// The newest changes of a segment, newest first.
    public func latestChanges(of segment: String, limit: Int) -> [MembershipChange] {
        state.withLock { Array($0.changes.reversed().lazy.filter { $0.segment == segment }.prefix(limit)) }
    }

    /// Ids of the segments that a profile is in now.
    public func segments(of profile: Profile) -> [String] {
        guard let row = engine.row(of: profile) else { return [] }
        let (part, index) = (Int(row) / RowSet.capacity, Int(row) % RowSet.capacity)
        return state.withLock { state in
            state.memberships.filter { part < $0.value.members.count && $0.value.members[part].contains(index) }.map(\.key).sorted()
        }
    }

    public var lastNumber: Int { state.withLock { $0.nextNumber - 1 } }

    /// Returns when something newer than `number` is here, or after two seconds.
    public func waitForMore(after number: Int) async {
        let id = Int.random(in: 0 ... .max)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                await withTaskCancellationHandler {
                    await withCheckedContinuation { continuation in
                        let isOver = waiters.withLock { waiters -> Bool in
                            if Task.isCancelled || lastNumber > number { return true }
                            waiters[id] = continuation
                            return false
                        }
                        if isOver { continuation.resume() }
                    }
                } onCancel: {
                    waiters.withLock { $0.removeValue(forKey: id) }?.resume()
                }
            }
            group.addTask { try? await Task.sleep(for: .seconds(2)) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Lets whoever waits for more look, as when the server stops.
    public func wake() {
        let woken = waiters.withLock { waiters in
            defer { waiters = [:] }
            return Array(waiters.values)
        }
        for waiter in woken { waiter.resume() }
    }
}

extension Membership {
    /// The loser's membership goes to the winner without a word; whether the winner stays in is asked next.
    mutating func join(_ winner: Row, _ loser: Row) {
        let (from, to) = (Int(loser) / RowSet.capacity, Int(winner) / RowSet.capacity)
        guard from < members.count, to < members.count, members[from].contains(Int(loser) % RowSet.capacity) else { return }
        members[from].remove(Int(loser) % RowSet.capacity)
        members[to].insert(Int(winner) % RowSet.capacity)
        due[loser] = nil
    }
}
