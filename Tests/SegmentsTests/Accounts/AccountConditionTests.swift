import Segments
import TestSupport
import Testing
import Vocabulary

@Suite("Conditions on accounts")
struct AccountConditionTests {
    private static func world() async throws -> World {
        let world = try World()
        try await world.play("""
            09:00  group  userId=ada groupId=sol   industry=Hotels rooms=80 role=buyer
            09:00  group  userId=bob groupId=sol   role=admin
            09:00  group  userId=ada groupId=luna  industry=Hotels rooms=12 parentId=sol role=admin
            09:00  group  userId=eve groupId=cafe  industry=Cafés
            09:30  track  userId=bob  Order Completed  total=5
            09:40  track  userId=eve  Order Completed  total=9
            09:50  track  userId=eve  Account Left     accountId=cafe
            """)
        try await world.send("{\"batch\":[{\"type\":\"track\",\"userId\":\"ada\",\"event\":\"Order Completed\",\"messageId\":\"c1\",\"timestamp\":\"2026-07-01T09:45:00Z\",\"properties\":{\"total\":7},\"context\":{\"groupId\":\"luna\"}}]}")
        return world
    }

    private static func ask(_ text: String, _ world: World, at hour: String = "12:00") throws -> [String] {
        let engine = try world.engine()
        let condition = try AccountCondition(text: text)
        #expect(try AccountCondition(text: condition.text).text == condition.text)
        return try engine.question(at: Moment(asOf: Timestamp("2026-07-01T\(hour):00Z")!), in: engine.view(), segments: { _ in nil }).accounts(condition).ids.sorted()
    }

    @Test("traits, the tree, and how many members satisfy what", arguments: [
        ("everything", ["cafe", "luna", "sol"]),
        ("industry = \"Hotels\"", ["luna", "sol"]),
        ("industry = \"Hotels\" and rooms > 20 and < 100", ["sol"]),
        ("under \"sol\" and not under \"luna\"", ["sol"]),
        ("any member", ["luna", "sol"]),
        ("no member", ["cafe"]),
        ("at least 2 members", ["sol"]),
        ("any member with role \"admin\"", ["luna", "sol"]),
        ("exactly 1 members with role in (\"buyer\", \"admin\")", ["luna"]),
        // What Ada did as a member of Luna does not count for Sol.
        ("any member (sum(total) of \"Order Completed\" >= 7)", ["luna"]),
        ("any member with role \"admin\" (did \"Order Completed\")", ["luna", "sol"]),
        ("all members (did \"Order Completed\")", ["cafe", "luna"]),
        ("no member (did \"Order Completed\") or industry = \"Cafés\"", ["cafe"]),
        ("at most 1 members (did not do \"Order Completed\")", ["cafe", "luna", "sol"]),
    ])
    func answers(_ text: String, _ wanted: [String]) async throws {
        let world = try await Self.world()
        #expect(try Self.ask(text, world) == wanted, "\(text)")
        world.stages.lock.writing { world.stages.columns.sortEverything() }
        #expect(try Self.ask(text, world) == wanted, "\(text), sorted in")
    }

    @Test("memberships are asked as of the moment")
    func past() async throws {
        let world = try await Self.world()
        #expect(try Self.ask("any member (did \"Order Completed\")", world, at: "09:46") == ["cafe", "luna", "sol"])
        #expect(try Self.ask("any member", world, at: "08:00") == [])
    }

    @Test("what is written wrongly is refused", arguments: ["", "any", "at least members", "any member (", "any member (plan)", "at least 3", "industry", "renewal within last 3 days", "any member with role", "everything)"])
    func refused(_ text: String) { #expect(throws: ConditionError.self) { try AccountCondition(text: text) } }
}
