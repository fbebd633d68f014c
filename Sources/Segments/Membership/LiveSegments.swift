import Columnar
import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
public import Identity
public import Profiles
import Synchronization
public import Vocabulary

/// Keeps the members of every segment live: after each event those whom it touched are asked again, by the segments that look at such events, and
/// everyone at the instant at which time alone may change their answer. Nobody is polled.
public final class LiveSegments: Sendable {
    /// Changes that are kept to be read by whoever follows.
    public static let changesMaximum = 20_000
    private static let ledgerPauseUs: UInt32 = 200_000

    struct State {
        var memberships: [String: Membership] = [:]
        /// Whether it has been looked which segments there are: before that, each would seem to have nobody.
        var hasLooked = false
        /// By a membership's number, and by row the instant for which it is down, so that it is down once.
        var due: [UInt32: [Row: Int64]] = [:]
        var heap = DueHeap()
        var changes: [MembershipChange] = []
        var nextNumber = 1
        var nextMembership: UInt32 = 1
    }
    /// What the applying thread has left to do.
    struct Pending {
        var touches: [Touch] = []
        /// Rows that every segment must ask, by part.
        var again: [Int: RowSet] = [:]
        var merged: [(winner: Row, loser: Row)] = []
        var isStopped = false
    }

    let engine: SegmentEngine
    let store: SegmentStore
    let clock: @Sendable () -> Timestamp
    let state = Mutex(State())
    let history: MembershipHistory?
    private let pending = Mutex(Pending())
    /// Held while anybody is asked.
    let following = Mutex(Following())
    private let alarm = Alarm()
    private let worker = BackgroundWorker(name: "martlet-live", standing: .following)
    let waiters = Mutex<[Int: CheckedContinuation<Void, Never>]>([:])

    /// - Parameter history: where changes are kept over restarts; nil where they are not.
    public init(engine: SegmentEngine, store: SegmentStore, history: MembershipHistory? = nil, clock: @escaping @Sendable () -> Timestamp) {
        self.engine = engine
        self.store = store
        self.history = history
        self.clock = clock
        // Begins with the time, so that a reader who followed before a restart, and names the last number that they saw, misses nothing behind it.
        let kept = history?.changes(of: nil, newestFirst: true, limit: LiveSegments.changesMaximum).reversed() ?? []
        state.withLock { state in
            state.changes = Array(kept)
            state.nextNumber = max(Int(clock().milliseconds) * 1000, (kept.last?.number ?? 0) + 1)
        }
        store.lists?.follow { [weak self] in self?.askAgain($0, []) }
    }

    /// Begins to follow.
    public func start() { worker.submit { [self] in run() } }

    public func stop() {
        pending.withLock { $0.isStopped = true }
        alarm.ring()
        worker.drain()
        history?.drain()
    }

    /// Told by the applying thread what a batch changed and which rows merged.
    public func applied(touched: [Touch], merged: [(winner: Row, loser: Row)]) {
        guard state.withLock({ !$0.memberships.isEmpty }) else { return }
        pending.withLock { pending in
            pending.touches += touched
            pending.merged += merged
        }
        alarm.ring()
    }

    /// A segment or a computed trait was made, changed or deleted.
    public func segmentsChanged() {
        let segments = Dictionary(uniqueKeysWithValues: store.all.map { ($0.id, $0) })
        let hasLost = state.withLock { state in
            state.hasLooked = true
            let isFirst = state.memberships.isEmpty
            let count = state.memberships.count
            for (id, membership) in state.memberships where segments[id] == nil { state.forget(id, membership.number) }
            let hasLost = isFirst || state.memberships.count < count
            for segment in segments.values {
                let known = state.memberships[segment.id]
                // Others that name a changed one, or a computed trait, change with it; asking everyone again costs milliseconds.
                if known?.segment.version != segment.version || !segment.condition.segments.isEmpty || !segment.condition.computed.isEmpty {
                    var fresh = Membership(segment: segment, number: state.nextMembership)
                    state.nextMembership += 1
                    fresh.members = known?.members ?? []
                    fresh.isFollowed = known.map { $0.isFollowed || $0.isComplete } ?? false
                    fresh.generation = (known?.generation ?? 0) + 1
                    if let known { state.forget(segment.id, known.number) }
                    state.memberships[segment.id] = fresh
                }
            }
            if hasLost { state.changes.removeAll { segments[$0.segment] == nil } }
            return hasLost
        }
        if hasLost { history?.keep(only: Set(segments.keys)) }
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

    /// Somebody may have objected otherwise than by an event, or agreed again.
    public func look() { alarm.ring() }

    /// These people object now and did not, or the other way round: whoever objects is in no segment.
    public func objectorsChanged(_ nodes: [Node]) {
        let rows = engine.lock.reading { nodes.compactMap { engine.columns.row(of: $0) } }
        askAgain(rows.reduce(into: [:]) { $0[Int($1) / RowSet.capacity, default: RowSet()].insert(Int($1) % RowSet.capacity) }, [])
    }

    /// What everyone is has changed otherwise than by an event: all are asked again.
    public func everyoneChanged() {
        guard let view = try? engine.view() else { return }
        askAgain(Dictionary(uniqueKeysWithValues: view.parts.indices.map { ($0, RowSet(first: RowSet.capacity)) }), [])
    }

    /// Has everyone get other rows while nobody is being asked, and asks everyone again; who differs afterwards came in or left.
    ///
    /// - Parameter change: gives for each row that there was the one that its person has now.
    public func renumbering(_ change: () throws -> [Row?]) rethrows {
        try following.withLock { following in
            let rows = try change()
            following = Following()
            pending.withLock { ($0.touches, $0.again, $0.merged) = ([], [:], []) }
            state.withLock { state in
                (state.due, state.heap) = ([:], DueHeap())
                for id in state.memberships.keys { state.memberships[id]?.renumber(rows) }
            }
        }
        alarm.ring()
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
            let began = ContinuousClock.now
            let touchCount = settle()
            rest(after: ContinuousClock.now - began, touchCount)
        }
    }

    /// Four fifths of a processor at most follow; in a bulk load a sixth, since whoever is touched many times meanwhile is asked once.
    private func rest(after duration: Duration, _ touchCount: Int) {
        let isBulk = touchCount > LiveSegments.bulkTouches
        let pause = isBulk ? min(.seconds(2), duration * 5) : min(.milliseconds(50), duration / 4)
        guard pause > .milliseconds(1) else { return }
        guard isBulk else {
            usleep(UInt32(pause / .microseconds(1)))
            return
        }
        // Whoever is touched when the load is over need not wait for the end of a long pause.
        let end = ContinuousClock.now + pause
        var (known, calm) = (pending.withLock(\.touches.count), 0)
        while ContinuousClock.now < end, calm < 2, !pending.withLock(\.isStopped) {
            usleep(LiveSegments.lookUs)
            let count = pending.withLock(\.touches.count)
            calm = count - known < LiveSegments.calmTouches ? calm + 1 : 0
            known = count
        }
    }
    private static let lookUs: UInt32 = 25_000
    /// Fewer than so many in the time between two looks are no bulk load.
    private static let calmTouches = 500
    private static let bulkTouches = 20_000

    /// Asks everyone who was touched or is due by now; when it returns, all memberships are what their conditions say.
    ///
    /// - Returns: how many changes of rows were looked at.
    @discardableResult
    public func settle() -> Int {
        let work = pending.withLock { pending in
            defer { (pending.touches, pending.again, pending.merged) = ([], [:], []) }
            return pending
        }
        guard let view = try? engine.view() else {
            // Without the consent ledger nobody is asked about; trying again at once would only keep a processor busy.
            putBack(work)
            usleep(LiveSegments.ledgerPauseUs)
            return 0
        }
        // What happens in this millisecond has happened.
        let now = Timestamp(clamping: clock().milliseconds + 1)
        let due = takeDue(at: now)
        following.withLock { following in
            var round = LiveRound(work, view, at: now, following: &following, live: self)
            round.ask(due)
        }
        wake()
        return work.touches.count
    }

    private func takeDue(at now: Timestamp) -> [UInt32: [Int: RowSet]] {
        state.withLock { state in
            var due: [UInt32: [Int: RowSet]] = [:]
            while let entry = state.heap.take(at: now.milliseconds) {
                guard state.due[entry.segment]?[entry.row] == entry.at else { continue }
                state.due[entry.segment]?[entry.row] = nil
                due[entry.segment, default: [:]][Int(entry.row) / RowSet.capacity, default: RowSet()].insert(Int(entry.row) % RowSet.capacity)
            }
            return due
        }
    }

    /// What was asked while people were forgotten or segments changed is asked again; of other segments too, which costs little and changes nothing.
    func askAgain(_ rows: [Int: RowSet], _ merged: [(winner: Row, loser: Row)]) {
        var work = Pending()
        (work.again, work.merged) = (rows, merged)
        putBack(work)
    }

    private func putBack(_ work: Pending) {
        pending.withLock { pending in
            pending.touches = work.touches + pending.touches
            pending.again.merge(work.again) { $0.union($1) }
            pending.merged = work.merged + pending.merged
        }
        alarm.ring()
    }
}

extension LiveSegments.State {
    /// Drops a membership that is no more, or of which another version takes the place.
    mutating func forget(_ id: String, _ number: UInt32) {
        memberships[id] = nil
        due[number] = nil
    }
}

extension Membership {
    mutating func renumber(_ rows: [Row?]) {
        var fresh: [RowSet] = []
        for (part, set) in members.enumerated() {
            set.forEach { place in
                guard case let old = part * RowSet.capacity + place, old < rows.count, let row = rows[old] else { return }
                while fresh.count <= Int(row) / RowSet.capacity { fresh.append(RowSet()) }
                fresh[Int(row) / RowSet.capacity].insert(Int(row) % RowSet.capacity)
            }
        }
        members = fresh
        isFollowed = isFollowed || isComplete
        isComplete = false
        generation += 1
    }

    /// The loser's membership goes to the winner without a word; whether the winner stays in is asked next.
    mutating func join(_ winner: Row, _ loser: Row) {
        let (from, to) = (Int(loser) / RowSet.capacity, Int(winner) / RowSet.capacity)
        guard from < members.count, to < members.count, members[from].contains(Int(loser) % RowSet.capacity) else { return }
        members[from].remove(Int(loser) % RowSet.capacity)
        members[to].insert(Int(winner) % RowSet.capacity)
    }
}
