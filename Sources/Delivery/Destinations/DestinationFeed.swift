import Decisions
public import EventLog
import GRDB
public import Identity
public import Profiles
public import Segments
public import Storage
import Synchronization
public import Vocabulary

/// Follows the log and the segments for destinations, and decides a call for each event and change that one wants to be told of.
///
/// Where it stands is committed with the calls, so that nothing is told twice or left out. Of a destination that does not keep up, the log is the queue: it reads on when there is room.
public final class DestinationFeed: Sendable {
    public static let migrations = [
        Migration("delivery_feed_1", sql: "CREATE TABLE delivery_feed (destination TEXT PRIMARY KEY, position INTEGER NOT NULL, change INTEGER NOT NULL) WITHOUT ROWID;")
    ]
    /// Calls of one destination that wait in the table at most.
    private static let waitingMaximum = 5000
    private static let eventsAtOnce: LogPosition = 2000
    private static let changesAtOnce = 1000
    /// In milliseconds; while there is no room for more, it looks again sooner.
    private static let behindPauseMs: Int64 = 50
    private static let idlePauseMs: Int64 = 1000

    private let database: DatabaseFile
    private let store: DestinationStore
    private let log: EventLog
    private let graph: IdentityGraph
    private let lock: StateLock
    private let segments: LiveSegments
    private let filtering: DestinationFilter.Surroundings
    private let source: @Sendable (SourceNumber) -> String?
    /// Up to where everything is applied.
    private let applied: @Sendable () -> LogPosition
    private let alarm: Alarm
    private let ended = Alarm()
    private let state = Mutex((isStopped: false, hasEnded: false))
    /// By destination.
    private let followers = Mutex<[String: SegmentFollower]>([:])

    /// - Parameters:
    ///   - alarm: rung when something was applied.
    ///   - engine, columns, conditions, zone: by which conditions of destinations are answered.
    public init(
        _ database: DatabaseFile, _ store: DestinationStore, alarm: Alarm, log: EventLog, graph: IdentityGraph, lock: StateLock, segments: LiveSegments, engine: SegmentEngine, columns: ProfileColumns,
        conditions: @escaping @Sendable (String) -> Condition?, zone: @escaping @Sendable () -> TimeZoneName, source: @escaping @Sendable (SourceNumber) -> String?,
        applied: @escaping @Sendable () -> LogPosition, clock: @escaping @Sendable () -> Timestamp
    ) {
        filtering = DestinationFilter.Surroundings(engine: engine, columns: columns, segments: conditions, zone: zone, clock: clock)
        (self.database, self.store, self.log, self.graph, self.lock, self.segments) = (database, store, log, graph, lock, segments)
        (self.source, self.applied, self.alarm) = (source, applied, alarm)
    }

    public func start() {
        startThread(name: "martlet-feed", standing: .following) { [self] in run() }
        Task { [self] in
            while !state.withLock({ $0.isStopped }) {
                await segments.waitForMore(after: segments.lastNumber)
                wake()
            }
        }
    }

    /// Something was applied, or a destination or its queue changed.
    public func wake() { alarm.ring() }

    public func stop() {
        state.withLock { $0.isStopped = true }
        segments.wake()
        alarm.ring()
        while !state.withLock({ $0.hasEnded }) { ended.wait(upTo: 1000) }
    }

    /// A new destination is told of what comes from now on, or of everything from a position.
    public func begin(_ destination: Destination, from position: LogPosition?) throws {
        let start = (position ?? log.end, segments.lastNumber)
        try database.pool.write { db in
            try db.execute(sql: "INSERT OR REPLACE INTO delivery_feed VALUES (?, ?, ?)", arguments: [destination.id, Int64(start.0), start.1])
        }
        for segment in wanted(destination) { try follower(destination).begin(segment) }
        wake()
    }

    public func end(_ destination: Destination) throws {
        try database.pool.write { try $0.execute(sql: "DELETE FROM delivery_feed WHERE destination = ?", arguments: [destination.id]) }
        try follower(destination).end()
        followers.withLock { $0[destination.id] = nil }
    }

    private func follower(_ destination: Destination) -> SegmentFollower {
        followers.withLock { followers in
            if let known = followers[destination.id] { return known }
            let fresh = SegmentFollower(destination.id, segments, database, graph: graph, lock: lock)
            followers[destination.id] = fresh
            return fresh
        }
    }

    private func wanted(_ destination: Destination) -> Set<String> { segments.segmentIDs.filter { destination.wants(segment: $0) } }

    /// The first position that a destination was not told of.
    public func position(of destination: Destination) throws -> LogPosition? { try place(of: destination.id)?.position }

    private func place(of id: String) throws -> (position: LogPosition, change: Int)? {
        try database.pool.read { db in
            guard let row = try GRDB.Row.fetchOne(db, sql: "SELECT position, change FROM delivery_feed WHERE destination = ?", arguments: [id]), let position = Int64.fromDatabaseValue(row[0]),
                let change = Int.fromDatabaseValue(row[1])
            else { return nil }
            return (LogPosition(max(0, position)), change)
        }
    }

    // MARK: - Following

    private func run() {
        var isBehind = false
        while true {
            alarm.wait(upTo: isBehind ? DestinationFeed.behindPauseMs : DestinationFeed.idlePauseMs)
            if state.withLock({ $0.isStopped }) { break }
            isBehind = false
            for destination in store.all where destination.isEnabled {
                // What cannot be read or written now is tried again.
                if (try? follow(destination)) ?? false { isBehind = true }
            }
        }
        state.withLock { $0.hasEnded = true }
        ended.ring()
    }

    /// - Returns: whether there is more, for which there is no room now.
    private func follow(_ destination: Destination) throws -> Bool {
        while !state.withLock({ $0.isStopped }), store.find(destination.id)?.isEnabled ?? false, let place = try place(of: destination.id) {
            let end = min(applied(), place.position + DestinationFeed.eventsAtOnce)
            let step = try follower(destination).next(wanted(destination), after: place.change, limit: DestinationFeed.changesAtOnce)
            guard end > place.position || step.cursor != place.change || !step.changes.isEmpty else { return false }
            // What is decided and not taken yet waits as well.
            let waiting = try database.pool.read { db in
                try Int(IntentTable.lastNumber(db) - (Int64.fetchOne(db, sql: "SELECT number FROM delivery_taken") ?? 0)) + (Int.fetchOne(db, sql: "SELECT count(*) FROM (SELECT 1 FROM delivery_message WHERE lane = ? AND state < 2 LIMIT ?)", arguments: [destination.id, DestinationFeed.waitingMaximum]) ?? 0)
            }
            guard waiting < DestinationFeed.waitingMaximum else { return true }
            let intents = try events(destination, place.position, end) + self.changes(destination, step.changesByID)
            try database.pool.write { db in
                try IntentTable.insert(intents, db)
                try follower(destination).write(step, db)
                try db.execute(
                    sql: "UPDATE delivery_feed SET position = ?, change = ? WHERE destination = ?", arguments: [Int64(max(end, place.position)), step.cursor, destination.id])
            }
            follower(destination).done(step)
        }
        return false
    }

    private func events(_ destination: Destination, _ from: LogPosition, _ end: LogPosition) throws -> [Intent] {
        guard !destination.events.isEmpty, end > from else { return [] }
        var found: [(position: LogPosition, person: Identifier, at: Timestamp)] = []
        log.scan(from: from, to: end) { batch in
            for entry in batch.entries where entry.position >= from && entry.position < end {
                guard let event = batch.event(entry), !event.isErased, !event.isFact, let source = source(event.source), destination.wants(event, source: source) else { continue }
                guard let person = event.field(.userId).map({ Identifier(.userId, Array($0)) }) ?? event.field(.anonymousId).map({ Identifier(.anonymousId, Array($0)) }) else { continue }
                found.append((entry.position, person, event.receivedAt))
            }
            return true
        }
        guard !found.isEmpty else { return [] }
        let filter = try DestinationFilter(destination, filtering)
        // Under one hold of the lock: whose event it is, as they are known now.
        let people = lock.reading { found.map { graph.find($0.person).map { (id: graph.id($0), row: filtering.columns.row(of: $0)) } } }
        let wanted = filter.map { $0.holds(people.compactMap { $0 }) }
        return zip(found, people).compactMap { item, person in
            guard let id = person?.id, wanted?.contains(id) ?? true else { return nil }
            return intent(destination, key: "e:\(item.position)", id, JSONText(trusted: Array("{\"event\":\(item.position)}".utf8)), at: item.at)
        }
    }

    private func changes(_ destination: Destination, _ changes: [MembershipChange]) throws -> [Intent] {
        guard !changes.isEmpty, let filter = try DestinationFilter(destination, filtering) else { return changes.compactMap { change(destination, $0) } }
        let people = lock.reading { changes.map { change in ProfileID(change.profile).flatMap { id in graph.find(id).map { (id: id, row: filtering.columns.row(of: $0)) } } } }
        let wanted = filter.holds(people.compactMap { $0 })
        return zip(changes, people).compactMap { item, person in person.flatMap { wanted.contains($0.id) ? change(destination, item) : nil } }
    }

    private func change(_ destination: Destination, _ change: MembershipChange) -> Intent? {
        guard let profile = ProfileID(change.profile) else { return nil }
        var w = JSONWriter()
        w.object { w in
            w.member("segment", change.segment)
            w.member("change", change.hasEntered ? "entered" : "exited")
        }
        // Changes that a comparison found have one number.
        let key = change.isCompared ? "s:\(change.number):\(change.segment):\(change.profile)" : "s:\(change.number)"
        return intent(destination, key: key, profile, w.text, at: change.at)
    }

    private func intent(_ destination: Destination, key: String, _ profile: ProfileID, _ data: JSONText, at: Timestamp) -> Intent {
        Intent(key: "\(destination.id):\(key)", profile: profile, .call(destination: destination.id), origin: Intent.Origin(.destination, id: destination.id), data: data, decidedAt: at)
    }
}
