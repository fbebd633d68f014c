import GRDB
import Identity
import Segments
import Storage
import Synchronization
import TestSupport
import Testing
import Vocabulary

/// A follower of two segments that is killed again and again, and whoever it was told of beside whoever is in.
@Suite("Whoever follows segments is told of each change once, over restarts")
struct SegmentFollowerTests {
    /// A workspace with its segments as after a start.
    private final class Place {
        let world: World
        let database: DatabaseFile
        let store: SegmentStore
        let live: LiveSegments
        let follower: SegmentFollower
        /// What the follower has made of the changes: who is in which segment, by any of their ids; kept in its database as intents are.
        private(set) var cursor = 0

        init(_ world: World, at now: Timestamp, time: @escaping @Sendable () -> Timestamp) throws {
            self.world = world
            database = try DatabaseFile(path: world.folder.path + "/follower.sqlite", migrations: Documents.migrations + SegmentFollower.migrations)
            store = try SegmentStore(Documents(database))
            if store.all.isEmpty {
                for (id, text) in [("seg_1", "plan = \"gold\""), ("seg_2", "did \"A\" in last 2 hours")] {
                    _ = try store.create(id: id, name: id, note: "", condition: Condition(text: text), zone: .utc, author: "ada", at: now)
                }
                try database.pool.write { db in
                    try db.execute(sql: "CREATE TABLE told (number INTEGER PRIMARY KEY, segment TEXT, profile INTEGER, entered INTEGER)")
                    try db.execute(sql: "CREATE TABLE place (cursor INTEGER)")
                    try db.execute(sql: "INSERT INTO place VALUES (0)")
                }
            }
            live = LiveSegments(engine: try world.engine(), store: store, clock: time)
            live.segmentsChanged()
            live.settle()
            follower = SegmentFollower("test", live, database, graph: world.stages.graph, lock: world.stages.lock)
            cursor = try database.pool.read { try Int.fetchOne($0, sql: "SELECT cursor FROM place") ?? 0 }
        }

        /// - Parameter isKilled: stops before the step is kept.
        func step(_ wanted: Set<String>, limit: Int, isKilled: Bool = false) throws -> Bool {
            let step = try follower.next(wanted, after: cursor, limit: limit)
            if isKilled { return false }
            try database.pool.write { db in
                for change in step.changes { try db.execute(sql: "INSERT INTO told (segment, profile, entered) VALUES (?, ?, ?)", arguments: [change.segment, change.id.number, change.hasEntered]) }
                try follower.write(step, db)
                try db.execute(sql: "UPDATE place SET cursor = ?", arguments: [step.cursor])
            }
            follower.done(step)
            cursor = step.cursor
            return step.isMore
        }

        var keptCount: Int { get throws { try database.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM segments_followed_member") ?? -1 } } }

        /// Everything it was told: segment, the id that the person has now, and whether they came.
        func told() throws -> [(segment: String, person: String, entered: Bool)] {
            try database.pool.read { try Row.fetchAll($0, sql: "SELECT segment, profile, entered FROM told ORDER BY number") }.map { row in
                let id = ProfileID(number: row[1])
                return (row[0], world.stages.lock.reading { world.stages.graph.find(id).map { world.stages.graph.id($0).text } } ?? id.text, row[2])
            }
        }
    }

    @Test("whatever happens, and whenever it is killed", arguments: Seed.some(6))
    func follow(_ seed: Seed) async throws {
        var random = Random(seed)
        let folder = TemporaryFolder()
        let clock = StoryClock(Timestamp("2026-07-01")!)
        let time = Mutex(clock.now)
        let world = try World(in: folder, clock: clock)
        let touch = Mutex<LiveSegments?>(nil)
        world.stages.follow { rows, merged in touch.withLock { $0 }?.applied(touched: rows, merged: merged) }
        func start() throws -> Place {
            let place = try Place(world, at: clock.now) { time.withLock { $0 } }
            touch.withLock { $0 = place.live }
            return place
        }
        var place = try start()
        try await world.send("{\"batch\":[{\"type\":\"identify\",\"userId\":\"first\",\"messageId\":\"first\",\"traits\":{\"plan\":\"gold\"}}]}")
        place.live.settle()
        let wanted: Set<String> = ["seg_1", "seg_2"]
        // Whoever is in at the beginning does not come in.
        while try place.step(wanted, limit: 3) {}
        #expect(try place.told().isEmpty)
        for number in 0..<120 {
            clock.now = Timestamp(clamping: clock.now.milliseconds + Int64(random.below(40)) * 60_000 + 1)
            time.withLock { $0 = clock.now }
            for _ in 0..<random.below(6) {
                let user = "\"userId\":\"u\(random.below(8))\",\"messageId\":\"\(seed.value)-\(number)-\(random.next())\""
                let body = random.chance(50) ? "{\"type\":\"identify\",\(user),\"traits\":{\"plan\":\"\(random.pick(["gold", "free"]))\"}}" : "{\"type\":\"track\",\(user),\"event\":\"A\"}"
                try await world.send("{\"batch\":[\(body)]}")
            }
            // Killed before it looks, or while it keeps what it found; then it may be some hours before it starts.
            if random.chance(20) {
                if random.chance(50) { place.live.settle() }
                _ = try place.step(wanted, limit: 3, isKilled: true)
                if random.chance(50) { clock.now = Timestamp(clamping: clock.now.milliseconds + 10_000_000) }
                time.withLock { $0 = clock.now }
                place = try start()
            }
            place.live.settle()
            let isCut = random.chance(15)
            while try place.step(wanted, limit: 3) { if isCut { break } }
        }
        place.live.settle()
        while try place.step(wanted, limit: 3) {}
        var inside: [String: Set<String>] = ["seg_1": [try #require(try world.profile("first")).id], "seg_2": []]
        for (segment, person, entered) in try place.told() {
            // Nobody comes in twice, and nobody leaves who is not in.
            let isNew = entered ? inside[segment]!.insert(person).inserted : inside[segment]!.remove(person) != nil
            #expect(isNew, "\(seed): \(segment) \(person) \(entered)")
        }
        for (segment, people) in inside { #expect(people == Set(place.live.members(of: segment, after: 0, limit: .max)), "\(seed): \(segment)") }
    }

    @Test("a segment that is not wanted any more begins anew when it is; who was merged leaves once; who is forgotten is not kept")
    func edges() async throws {
        let clock = StoryClock(Timestamp("2026-07-01")!)
        let world = try World(clock: clock)
        let now = clock.now
        let place = try Place(world, at: now) { now }
        let live = place.live
        world.stages.follow { live.applied(touched: $0, merged: $1) }
        func gold(_ who: String, _ plan: String = "gold") async throws {
            try await world.send("{\"batch\":[{\"type\":\"identify\",\(who),\"messageId\":\"\(Int.random(in: 0 ... .max))\",\"traits\":{\"plan\":\"\(plan)\"}}]}")
            live.settle()
        }
        _ = try place.step(["seg_1"], limit: 10)
        try await gold("\"userId\":\"u1\"")
        try await gold("\"anonymousId\":\"a1\"")
        while try place.step(["seg_1"], limit: 10) {}
        try await gold("\"userId\":\"u1\",\"anonymousId\":\"a1\"", "free")
        while try place.step(["seg_1"], limit: 10) {}
        #expect(try place.told().map(\.entered) == [true, true, false])
        #expect(try place.keptCount == 0)
        try await gold("\"userId\":\"u2\"")
        while try place.step([], limit: 10) {}
        while try place.step(["seg_1"], limit: 10) {}
        #expect(try place.told().count == 3, "u2 was in when it was wanted again")
        let subject = try #require(world.stages.profiles.subject(Identifier(.userId, "u2")))
        #expect(try FollowedMembersEraser(place.database, graph: world.stages.graph, lock: world.stages.lock).erase(subject) == 1)
    }
}
