public import Decisions
import GRDB
import Identity
import Privacy
import Profiles
public import Storage
import Synchronization
public import Vocabulary

/// Does what was decided: takes intents as they are committed, each into the lane of its channel, its destination or the log, and keeps what became of each.
///
/// At least once, and under one key: what was under way when the process ended goes again, and nothing else does.
public final class Outbox: Sendable {
    let database: DatabaseFile
    let senders: MessageSenders
    let caller: any DestinationCaller
    private let recordWork: RecordWork
    let clock: @Sendable () -> Timestamp
    private let writer: DeliveryWriter
    private let taken: TakenIntents
    let wanted = WantedIntents()
    private let lanes = Mutex(Lanes())
    let reporter: ReceiptReporter
    private let retention: DeliveryRetention

    private struct Lanes {
        var all: [String: Lane] = [:]
        /// Until when a stop waits; nil before one is asked for.
        var deadline: ContinuousClock.Instant?
    }
    /// Services are given ten seconds to end, or more.
    private static let stopMaximum = Duration.seconds(5)

    /// - Parameters:
    ///   - record: writes events of Martlet's own source.
    public convenience init(
        _ database: DatabaseFile, senders: MessageSenders, destinations: DestinationSender, record: @escaping OwnEventWriter, clock: @escaping @Sendable () -> Timestamp
    ) { self.init(database, senders, destinations, record, clock) }

    init(
        _ database: DatabaseFile, _ senders: MessageSenders, _ caller: any DestinationCaller, _ record: @escaping OwnEventWriter, _ clock: @escaping @Sendable () -> Timestamp
    ) {
        (self.database, self.senders, self.caller, self.clock) = (database, senders, caller, clock)
        recordWork = RecordWork(recipients: senders.recipients, record: record)
        let taken = TakenIntents()
        self.taken = taken
        let reporter = ReceiptReporter(database, recipients: senders.recipients, record: record, clock: clock)
        self.reporter = reporter
        writer = DeliveryWriter(database, onTaken: { taken.tell($0) }, onFinished: { reporter.wake() })
        let policy = senders.policy
        retention = DeliveryRetention { limit in try database.pool.write { try DeliveryTable.removeEnded(before: policy.current.keptSince(clock()), limit: limit, $0) } }
    }

    /// Has `body` asked, before sending and at its moment, whether what was decided is still to be done.
    public func onSending(_ body: @escaping IntentStillWanted) { wanted.ask(body) }

    /// Begins where the last process ended.
    ///
    /// - Parameter isRestored: whether a backup was restored since; then what waited at its time is held.
    /// - Throws: where the database cannot be written.
    public func start(isRestored: Bool = false) throws {
        let now = clock()
        let waiting = try database.pool.write { db in
            if isRestored { try DeliveryTable.hold(at: now, db) }
            _ = try DeliveryTable.recover(at: now, db)
            return try DeliveryTable.lanes(db)
        }
        taken.follow { [weak self] new in self?.distribute(new) }
        caller.onChange { [weak self] in self?.lookEverywhere() }
        for name in Set(waiting + senders.channels.map(\.name) + [Intent.logLane]) { _ = lane(name) }
        writer.start()
        database.pool.add(transactionObserver: IntentObserver { [writer] in writer.wake() }, extent: .databaseLifetime)
        writer.wake()
        reporter.start()
        retention.start()
    }

    /// Begins nothing any more; ``stop()`` follows. What only waits for a connection goes back.
    public func halt() {
        let all = lanes.withLock { lanes in
            if lanes.deadline == nil { lanes.deadline = .now + Outbox.stopMaximum }
            return Array(lanes.all.values)
        }
        for lane in all { lane.halt() }
    }

    /// Waits for the answers to what was begun, for a while, and writes them down: whoever has a message has it once.
    public func stop() {
        halt()
        let (all, deadline) = lanes.withLock { (Array($0.all.values), $0.deadline ?? .now) }
        for lane in all { lane.stop(by: deadline) }
        writer.stop()
        reporter.stop()
        retention.stop()
    }

    /// Something in these lanes is due now.
    func look(_ names: Set<String>) { for name in names { lane(name)?.look() } }

    /// Destinations were changed: what waits for one that is on or gone now has its turn.
    private func lookEverywhere() { for lane in lanes.withLock({ Array($0.all.values) }) { lane.look() } }

    /// Removes messages, calls and records that ended longer ago than the sending policy keeps them.
    ///
    /// - Returns: how many, at most `limit`. It is done by itself, every ten minutes.
    public func removeOld(limit: Int) throws -> Int { try database.pool.write { [senders, clock] in try DeliveryTable.removeEnded(before: senders.policy.current.keptSince(clock()), limit: limit, $0) } }

    /// Has intents done; those that are known already change nothing.
    ///
    /// - Returns: how many are new.
    @discardableResult
    public func submit(_ intents: [Intent]) throws -> Int { try database.pool.write { try IntentTable.insert(intents, $0) } }

    private func distribute(_ new: [StoredIntent]) {
        for (name, some) in Dictionary(grouping: new, by: { $0.intent.lane }) { lane(name)?.add(some) }
    }

    /// Nil once it stops.
    private func lane(_ name: String) -> Lane? {
        lanes.withLock { lanes in
            guard lanes.deadline == nil else { return nil }
            if let lane = lanes.all[name] { return lane }
            let work: any LaneWork = if name == Intent.logLane { recordWork } else if let channel = senders.channel(name) { MessageWork(channel: channel, senders: senders) } else { CallWork(destination: name, caller: caller) }
            let lane = Lane(name, work, wanted, database, writer, families: { [senders] in senders.recipients.otherIDs(of: $0) }, clock: clock)
            lanes.all[name] = lane
            lane.start()
            return lane
        }
    }

    /// How each lane is doing, by name.
    public struct LaneStatus: Sendable {
        public let name: String
        public let underway: Int
        /// Until when nothing is tried since the other side failed again and again; nil where it works.
        public let pausedUntil: Timestamp?
        /// Of a destination that is switched off: what waits goes once it is on.
        public let isOff: Bool
        public let waiting: Int
        public let dead: Int
    }

    public func laneStatus() throws -> [LaneStatus] {
        let counts = try counts()
        return lanes.withLock { Array($0.all.values) }.map { lane in
            let status = lane.status
            let own = counts[lane.name]
            return LaneStatus(name: lane.name, underway: status.underway, pausedUntil: status.openUntil, isOff: lane.work.isOff, waiting: own?.waiting ?? 0, dead: own?.dead ?? 0)
        }.sorted { $0.name < $1.name }
    }

    /// What waits for a channel or destination, and its dead letters.
    private func counts() throws -> [String: (waiting: Int, dead: Int)] {
        try database.pool.read { db in
            var counts: [String: (waiting: Int, dead: Int)] = [:]
            // What waits is counted in its index alone: a campaign to everybody is millions.
            for row in try Row.fetchAll(db.cachedStatement(sql: "SELECT lane, count(*), 0 FROM delivery_message WHERE state < 2 GROUP BY lane UNION ALL SELECT lane, 0, count(*) FROM delivery_message WHERE state = 5 GROUP BY lane")) {
                guard let lane = String.fromDatabaseValue(row[0]) else { continue }
                counts[lane, default: (0, 0)].waiting += Int.fromDatabaseValue(row[1]) ?? 0
                counts[lane, default: (0, 0)].dead += Int.fromDatabaseValue(row[2]) ?? 0
            }
            return counts
        }
    }

    // MARK: - Sending again

    /// Sends dead letters again, each under its key.
    ///
    /// - Returns: how many.
    public func replay(keys: [String]) throws -> Int {
        try replay("key IN (\(keys.map { _ in "?" }.joined(separator: ", ")))", StatementArguments(keys))
    }

    /// All dead letters of a lane.
    public func replay(lane: String) throws -> Int { try replay("lane = ?", [lane]) }

    /// Dead letters, and calls for which there was no destination, as of one that was switched off before such calls waited; nothing else that was refused, nor what was taken back.
    private static let isRepeatable = "(state = 5 OR state = 4 AND kind = 'call' AND reason = '\(DeliveryReason.noChannel.rawValue)')"

    private func replay(_ which: String, _ arguments: StatementArguments) throws -> Int {
        let now = clock()
        let names = try database.pool.write { db in
            let names = try String.fetchAll(db, sql: "SELECT lane FROM delivery_message WHERE \(Outbox.isRepeatable) AND \(which)", arguments: arguments)
            try db.execute(sql: "INSERT INTO delivery_step SELECT number, ?, reason, detail FROM delivery_message WHERE \(Outbox.isRepeatable) AND \(which)", arguments: [now.milliseconds] + arguments)
            try db.execute(
                sql: "UPDATE delivery_message SET state = 0, reason = ?, detail = '', attempts = 0, lost = 0, due = ?, ended = NULL, reported = kind != 'message' WHERE \(Outbox.isRepeatable) AND \(which)",
                arguments: [DeliveryReason.waiting.rawValue, now.milliseconds] + arguments)
            return names
        }
        look(Set(names))
        return names.count
    }

    // MARK: - Forgetting

    /// Drops what is in memory of people who are being forgotten.
    func forget(_ profiles: Set<String>) { for lane in lanes.withLock({ Array($0.all.values) }) { lane.forget(profiles) } }
}

/// Where the writer tells of intents; whom it tells is known once the outbox is there.
private final class TakenIntents: Sendable {
    private let listener = Hook<@Sendable ([StoredIntent]) -> Void>({ _ in })
    func follow(_ body: @escaping @Sendable ([StoredIntent]) -> Void) { listener.set(body) }
    func tell(_ new: [StoredIntent]) { listener.body(new) }
}
