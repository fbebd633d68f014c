import Identity
import Segments
import Storage
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite("Who came and who left, over restarts")
struct MembershipHistoryTests {
    private let clock = StoryClock(Timestamp("2026-07-01")!)
    private let folder = TemporaryFolder()

    /// A workspace with one segment and what keeps its changes, as after a start.
    private func start() throws -> (world: World, live: LiveSegments, history: MembershipHistory, database: DatabaseFile) {
        let world = try World(in: folder, clock: clock)
        let database = try DatabaseFile(path: folder.path + "/history.sqlite", migrations: Documents.migrations + MembershipHistory.migrations)
        let history = try MembershipHistory(database, graph: world.stages.graph, lock: world.stages.lock)
        let store = try SegmentStore(Documents(database))
        if store.all.isEmpty {
            for (id, text) in [("seg_1", "did \"A\""), ("seg_2", "did \"B\"")] {
                _ = try store.create(id: id, name: id, note: "", condition: Condition(text: text), zone: .utc, author: "ada", at: clock.now)
            }
        }
        let now = clock.now
        let live = LiveSegments(engine: try world.engine(), store: store, history: history) { now }
        live.segmentsChanged()
        world.stages.follow { live.applied(touched: $0, merged: $1) }
        live.settle()
        return (world, live, history, database)
    }

    private func texts(_ column: String, _ database: DatabaseFile) throws -> Set<String> {
        try database.pool.read { try Set(String.fetchAll($0, sql: "SELECT \(column) FROM segments_changes")) }
    }

    private func send(_ world: World, _ user: String, _ event: String = "A") async throws {
        try await world.send("{\"batch\":[{\"type\":\"track\",\"event\":\"\(event)\",\"userId\":\"\(user)\",\"messageId\":\"\(user)-\(event)\",\"timestamp\":\"2026-06-26T23:00:00Z\"}]}")
    }

    @Test("changes are there after a restart, with numbers that go on, and a deleted segment's are gone")
    func restart() async throws {
        var (world, live, _, database) = try start()
        for user in ["ada", "ben", "cem"] { try await send(world, user) }
        try await send(world, "ada", "B")
        live.settle()
        let before = live.changes(after: 0, of: "seg_1", limit: 100)
        #expect(before.count == 3 && before.allSatisfy(\.hasEntered))
        live.stop()
        try world.stages.checkpoint()
        world.stages.close()
        clock.now = Timestamp(clamping: clock.now.milliseconds + 1)
        (world, live, _, database) = try start()
        #expect(live.changes(after: 0, of: "seg_1", limit: 100).map(\.number) == before.map(\.number))
        #expect(live.latestChanges(of: "seg_1", limit: 2).map(\.number) == before.map(\.number).suffix(2).reversed())
        #expect(live.changes(after: before[1].number, of: "seg_1", limit: 100).map(\.profile) == [before[2].profile])
        try await send(world, "dora")
        live.settle()
        let after = live.changes(after: 0, of: "seg_1", limit: 100)
        // Nobody came in by the restart.
        #expect(after.count == 4 && after[3].number > before[2].number)
        let store = try SegmentStore(Documents(database))
        _ = try store.delete("seg_2", author: "ada", at: clock.now)
        live.stop()
        world.stages.close()
        (world, live, _, database) = try start()
        live.stop()
        #expect(try texts("segment", database) == ["seg_1"])
        world.stages.close()
    }

    @Test("whoever is forgotten is in no change any more, under none of the ids that they had, and is not written again")
    func erasure() async throws {
        let (world, live, history, database) = try start()
        try await send(world, "ada")
        try await send(world, "ben")
        try await world.send("{\"batch\":[{\"type\":\"track\",\"event\":\"A\",\"anonymousId\":\"x\",\"timestamp\":\"2026-06-26T23:00:00Z\"}]}")
        live.settle()
        let ids = Set(live.changes(after: 0, of: "seg_1", limit: 10).map(\.profile))
        #expect(ids.count == 3)
        try await world.send("{\"batch\":[{\"type\":\"identify\",\"userId\":\"ada\",\"anonymousId\":\"x\",\"timestamp\":\"2026-06-26T23:00:00Z\"}]}")
        live.settle()
        live.stop()
        #expect(try texts("profile", database) == ids)
        #expect(try history.erase(ErasureSubject(identifiers: [Identifier(.userId, "ada"), Identifier(.anonymousId, "x")], positions: [])) >= 2)
        #expect(try texts("profile", database).count == 1)
        #expect(try history.erase(ErasureSubject(identifiers: [Identifier(.userId, "nobody")], positions: [])) == 0)
        world.stages.close()
    }
}
