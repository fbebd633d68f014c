import Decisions
import EventLog
import GRDB
import Identity
import Profiles
import Segments
import Storage
import Synchronization
import TestSupport
import Testing
import Vocabulary

/// A world with journeys in it: the real stages, the real follower, and a clock that only the test moves.
final class WalkingWorld {
    let world: World
    let time: TimeOfTest
    let store: JourneyStore
    let database: DatabaseFile
    let follower: JourneyFollower

    /// What time it is, for threads too.
    final class TimeOfTest: Sendable {
        private let now: Mutex<Timestamp>
        init(_ now: Timestamp) { self.now = Mutex(now) }
        var value: Timestamp { now.withLock { $0 } }
        func set(_ time: Timestamp) { now.withLock { $0 = time } }
    }

    static let begin = Timestamp("2026-07-01T00:00:00Z")!
    static func minute(_ number: Int) -> Timestamp { Timestamp(clamping: begin.milliseconds + Int64(number) * 60_000) }

    /// - Parameter segments: conditions by the name of a segment.
    init(in folder: TemporaryFolder = TemporaryFolder(), at start: Timestamp = WalkingWorld.begin, segments: [String: String] = [:]) throws {
        let conditions = try segments.mapValues { try Condition(text: $0) }
        let time = TimeOfTest(start)
        self.time = time
        world = try World(in: folder, clock: StoryClock(start))
        database = try DatabaseFile(path: "\(folder.path)/decisions.sqlite", migrations: IntentTable.migrations + RunTable.migrations)
        store = try JourneyStore(Documents(world.stages.database), database)
        let objectors = Objectors(ledger: world.stages.ledger, graph: world.stages.graph, purpose: .analytics)
        try objectors.lookThroughEveryone(under: world.stages.lock)
        let engine = SegmentEngine(columns: world.stages.columns, objectors: objectors, lock: world.stages.lock, log: world.stages.log, pool: QueryPool(threads: 2))
        follower = JourneyFollower(
            store: store, log: world.stages.log, graph: world.stages.graph, columns: world.stages.columns, lock: world.stages.lock, engine: engine, reader: world.stages.profiles.reader(for: .service),
            segments: { conditions[$0] }
        ) { time.value }
        try follower.start()
    }

    func close() { follower.stop() }

    func journey(_ yaml: String, id: String = "jny_1") async throws -> KeptJourney {
        _ = try store.save(id, JourneyDocument(yaml: yaml), author: "ada", at: time.value)
        _ = try await follower.start(id)
        return try #require(store.find(id))
    }

    /// Moves the clock to a minute and lets timers ring.
    func pass(to minute: Int) throws {
        time.set(WalkingWorld.minute(minute))
        world.clock.now = time.value
        try follower.settle()
    }

    /// The same minute by minute, as while nothing is down: a campaign of so many in a minute keeps its distances otherwise.
    func live(to minute: Int) throws {
        let now = Int((time.value.milliseconds - WalkingWorld.begin.milliseconds) / 60_000)
        for number in stride(from: now + 1, through: minute, by: 1) {
            // While some begin, every few seconds.
            while try database.hasEntries(from: WalkingWorld.minute(number - 1), to: WalkingWorld.minute(number)), time.value.milliseconds + 4000 < WalkingWorld.minute(number).milliseconds {
                time.set(Timestamp(clamping: time.value.milliseconds + 4000))
                world.clock.now = time.value
                try follower.settle()
            }
            try pass(to: number)
        }
        try pass(to: minute)
    }

    /// - Parameters:
    ///   - isOurs: as Martlet writes what became of its messages.
    ///   - more: members of the call besides, such as its `timestamp`.
    func event(_ name: String, user: String, _ properties: String = "{}", type: String = "track", at minute: Int, isOurs: Bool = false, _ more: String = "") async throws {
        try pass(to: minute)
        let who = user.hasPrefix("a") ? "anonymousId" : "userId"
        let what = type == "track" ? "\"event\":\"\(name)\",\"properties\":\(properties)" : "\"traits\":\(properties)"
        try await world.send("{\"batch\":[{\"type\":\"\(type)\",\"messageId\":\"\(Int.random(in: 0 ... .max))\",\"\(who)\":\"\(user)\",\(what)\(more.isEmpty ? "" : "," + more)}]}", isOurs: isOurs)
        try follower.settle()
    }

    func link(_ device: String, _ user: String, at minute: Int) async throws {
        try pass(to: minute)
        try await world.send("{\"batch\":[{\"type\":\"identify\",\"messageId\":\"link-\(device)-\(user)\",\"userId\":\"\(user)\",\"anonymousId\":\"\(device)\",\"traits\":{}}]}")
        try follower.settle()
    }

    var intents: [StoredIntent] { get throws { try database.pool.read { db in try IntentTable.after(0, limit: 1_000_000, db) } } }

    /// Minute and step of everything that was decided, in its order.
    var decided: [String] {
        get throws { try intents.map(\.intent).sorted { ($0.decidedAt, $0.key) < ($1.decidedAt, $1.key) }.map { "\(($0.decidedAt.milliseconds - WalkingWorld.begin.milliseconds) / 60_000) \($0.origin.step)" } }
    }

    func runs(of user: String) throws -> [JourneyRun] {
        guard let profile = try world.profile(user) else { return [] }
        return try store.runs(of: world.stages.lock.reading { profile.members.map(world.stages.graph.ownID) }).map(\.run)
    }
}

extension DatabaseFile {
    /// Whether somebody is to begin by a campaign, a schedule or a date within some time.
    fileprivate func hasEntries(from start: Timestamp, to end: Timestamp) throws -> Bool {
        try pool.read { try Int.fetchOne($0, sql: "SELECT 1 FROM decisions_entry WHERE at >= ? AND at < ? LIMIT 1", arguments: [start.milliseconds, end.milliseconds]) } != nil
    }
}
