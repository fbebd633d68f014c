public import EventLog
import GRDB
public import Identity
public import Profiles
public import Segments
public import Storage
import Synchronization
public import Vocabulary

/// Follows the log and the clock, decides for everyone in live journeys, and commits what it decided together with where everyone stands.
///
/// One thread decides. It takes what has gathered since its last commit as one transaction, so that a commit's wait is shared; what begins a run becomes an intent within two commits.
public final class JourneyFollower: Sendable {
    struct Pending {
        var batches: [LogBatch] = []
        var bytes = 0
        /// More came than is worth keeping in memory; the log is read instead.
        var isOverrun = false
        var jobs: [@Sendable () -> Void] = []
        var isStopped = false
        var hasEnded = false
    }
    struct Following {
        /// The first position that has not been taken.
        var position: LogPosition = 0
        var savedPosition: LogPosition = 0
        /// Up to when events have been taken: timers behind it wait for events that come before them.
        var seenUpTo = Timestamp.earliest
        /// Segment changes up to this number.
        var changeNumber = 0
        /// Schedules and dates up to this instant.
        var tick = Timestamp.earliest
        var roster = JourneyRoster()
        /// Stopped ones that hear nothing any more but what became of their messages.
        var stopped: [String: KeptJourney] = [:]
        var isStale = true
        var instants = JourneyInstants()
        /// Journeys that a segment begins, by the segment's id.
        var triggers: [String: [String]] = [:]
        /// Campaigns, by number, whose canaries have told nothing yet: everyone else waits.
        var held: Set<Int64> = []
        /// When campaigns, by number, are to be asked next whom they go to.
        var looks: [Int64: Int64] = [:]

        /// One that was ever started.
        func kept(_ id: String) -> KeptJourney? { roster[id]?.kept ?? stopped[id] }

        /// One that is to be read anew.
        mutating func forget(_ id: String) {
            roster.change([id: .none])
            isStale = true
        }
    }

    /// Batches that wait in memory, in bytes.
    private static let waitingMaximum = 64 << 20
    /// What happens at the same instant as a timer comes first; an event may take so many milliseconds from its stamp to this thread.
    static let lagMs: Int64 = 50

    public let name = "journeys"
    let store: JourneyStore
    let log: EventLog
    let graph: IdentityGraph
    let columns: ProfileColumns
    let lock: StateLock
    let engine: SegmentEngine
    let segments: @Sendable (String) -> Condition?
    let segmentID: @Sendable (String) -> String?
    let segmentZone: @Sendable (String) -> TimeZoneName?
    let memberships: SegmentFollower?
    private let lastChange: @Sendable () -> Int
    let reader: ProfileReader
    let clock: @Sendable () -> Timestamp
    private let onCommit = Hook<@Sendable () -> Void>({})
    private let destinationID = Hook<@Sendable (_ name: String) -> String?>({ _ in nil })
    private let onPauseEnd = Hook<@Sendable (_ journey: String) -> Void>({ _ in })
    let pending = Mutex(Pending())
    let following = Mutex(Following())
    private let alarm = Alarm()
    private let worker = BackgroundWorker(name: "martlet-journeys", standing: .following)

    /// - Parameters:
    ///   - reader: for people's time zones.
    ///   - segments: conditions of segments by id or handle; `segmentID` gives the id for either, `segmentZone` where its days are counted.
    ///   - memberships: whose changes begin runs; nil where no segment is live.
    public init(
        store: JourneyStore, log: EventLog, graph: IdentityGraph, columns: ProfileColumns, lock: StateLock, engine: SegmentEngine, reader: ProfileReader, memberships: LiveSegments? = nil,
        segments: @escaping @Sendable (String) -> Condition? = { _ in nil }, segmentID: @escaping @Sendable (String) -> String? = { $0 }, segmentZone: @escaping @Sendable (String) -> TimeZoneName? = { _ in nil },
        clock: @escaping @Sendable () -> Timestamp
    ) {
        (self.store, self.log, self.graph, self.columns, self.lock, self.engine, self.reader) = (store, log, graph, columns, lock, engine, reader)
        (self.segments, self.segmentID, self.segmentZone, self.clock) = (segments, segmentID, segmentZone, clock)
        self.memberships = memberships.map { SegmentFollower("journeys", $0, store.database, graph: graph, lock: lock) }
        lastChange = { memberships?.lastNumber ?? 0 }
    }

    /// Has `body` called after each commit that held intents, on the deciding thread.
    public func onIntents(_ body: @escaping @Sendable () -> Void) { onCommit.set(body) }

    func announce() { onCommit.body() }

    /// Has `body` called after a journey that was paused goes on or was stopped.
    public func onEndOfPause(_ body: @escaping @Sendable (_ journey: String) -> Void) { onPauseEnd.set(body) }

    /// By which id a destination is known that a step names; nil where there is none.
    public func callsDestinations(_ body: @escaping @Sendable (_ name: String) -> String?) { destinationID.set(body) }

    func destination(_ name: String) -> String { destinationID.body(name) ?? name }

    func announcePauseEnd(_ id: String) { onPauseEnd.body(id) }

    /// Begins to follow where it stood; the first time, at the end of the log.
    public func start() throws {
        // Noted at once: after a crash it goes on behind what was there at the very first start.
        let (position, change, tick) = try store.database.pool.write { db in
            let position = try RunTable.cursor("log", db)
            if position == nil { try RunTable.setCursor("log", Int64(clamping: log.end), db) }
            return (position, try RunTable.cursor("changes", db), try RunTable.cursor("tick", db))
        }
        following.withLock { following in
            following.position = position.map { LogPosition($0) } ?? log.end
            following.savedPosition = following.position
            following.changeNumber = change.map { Int($0) } ?? lastChange()
            following.tick = tick.map(Timestamp.init(clamping:)) ?? clock()
        }
        worker.submit { [self] in run() }
        alarm.ring()
        if let memberships {
            Task { [weak self] in
                while let self, !self.pending.withLock({ $0.isStopped }) {
                    await memberships.waitForMore()
                    if memberships.isFollowing { self.wake() }
                }
            }
        }
    }

    public func stop() {
        pending.withLock { $0.isStopped = true }
        alarm.ring()
        worker.drain()
    }

    /// Told by the applying thread what it has applied.
    ///
    /// - Parameter isTime: whether it is looked at now, or with what comes after it.
    public func applied(_ batch: LogBatch, isTime: Bool = true) {
        pending.withLock { pending in
            guard !pending.isOverrun else { return }
            pending.batches.append(batch)
            pending.bytes += batch.bytes.count
            if pending.bytes > JourneyFollower.waitingMaximum { (pending.batches, pending.bytes, pending.isOverrun) = ([], 0, true) }
        }
        if isTime { alarm.ring() }
    }

    /// A journey was saved, or stands otherwise.
    public func changed() {
        pending.withLock { pending in pending.jobs.append { [weak self] in self?.following.withLock { $0.isStale = true } } }
        alarm.ring()
    }

    /// Something may have changed that it looks at between events, such as a segment's members.
    public func wake() { alarm.ring() }

    /// Runs `job` on the deciding thread, between two rounds; throws `Refusal.stopping` once that has ended.
    public func perform<Value: Sendable>(_ job: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = pending.withLock { pending in
                if !pending.hasEnded { pending.jobs.append { continuation.resume(with: Result { try job() }) } }
                return !pending.hasEnded
            }
            if isTaken { alarm.ring() } else { continuation.resume(throwing: Refusal.stopping) }
        }
    }

    // MARK: - The thread

    private func run() {
        while true {
            let wait = following.withLock { following -> Int64 in
                guard let next = following.instants.first else { return 1000 }
                return min(1000, max(1, next + JourneyFollower.lagMs - clock().milliseconds))
            }
            alarm.wait(upTo: wait)
            let isLast = pending.withLock { $0.isStopped }
            doJobs()
            do { while try round() {} } catch {
                // A full disk or a ledger that cannot be read: nothing was committed, and it is tried again.
                pending.withLock { $0.isOverrun = true }
                following.withLock { ($0.roster, $0.instants, $0.isStale) = (JourneyRoster(), JourneyInstants(), true) }
                alarm.wait(upTo: 500)
            }
            if isLast {
                doJobs(isLast: true)
                return
            }
        }
    }

    private func doJobs(isLast: Bool = false) {
        let jobs = pending.withLock { pending in
            defer { (pending.jobs, pending.hasEnded) = ([], isLast) }
            return pending.jobs
        }
        for job in jobs { job() }
    }

    /// Decides about what waits; for tests that move the clock themselves.
    public func settle() throws { while try round() {} }

    /// One transaction.
    ///
    /// - Returns: whether there is more to do at once.
    private func round() throws -> Bool {
        return try following.withLock { following in
            var round = FollowRound(self, following)
            let isMore = try round.run()
            following = round.following
            return isMore
        }
    }

    /// The batches to take next: those that were handed over, or a piece of the log.
    ///
    /// - Parameter isHeard: whether any journey is there to hear them; else they are passed over unread.
    /// - Returns: `end` is where to go on.
    func take(from position: LogPosition, isHeard: Bool) -> (batches: [LogBatch], end: LogPosition, isMore: Bool) {
        let (batches, isOverrun) = pending.withLock { pending in
            defer { (pending.batches, pending.bytes, pending.isOverrun) = ([], 0, false) }
            return (pending.batches, pending.isOverrun)
        }
        guard isHeard else { return ([], max(position, lock.reading { columns.position }), false) }
        let ready = batches.filter { ($0.entries.last?.position ?? 0) >= position }
        if !isOverrun, let first = ready.first?.entries.first?.position, first <= position, let last = ready.last?.entries.last?.position { return (ready, last + 1, false) }
        // A gap before them, or nothing: what was applied since stands in the log. What was handed over is read there in its turn.
        let end = lock.reading { columns.position }
        guard position < end else { return ([], position, false) }
        var found: [LogBatch] = []
        var count = 0
        log.scan(from: position, to: end) { batch in
            found.append(batch)
            count += batch.entries.count
            return count < JourneyFollower.pieceEvents
        }
        // Behind the last that can be read, some may be lost.
        let reached = count < JourneyFollower.pieceEvents ? end : (found.last?.entries.last?.position).map { $0 + 1 } ?? end
        return (found, reached, reached < end)
    }
    private static let pieceEvents = 20_000
}
