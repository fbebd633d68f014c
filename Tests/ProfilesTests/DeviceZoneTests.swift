import TestSupport
import Testing
import Vocabulary

@Suite("The zone that people's devices tell")
struct DeviceZoneTests {
    private static func say(_ who: String, _ zone: String, at time: String, to world: World) async throws {
        try await world.send("{\"batch\":[{\"type\":\"track\",\"event\":\"x\",\"messageId\":\"\(time)-\(zone)\",\(who),\"timestamp\":\"2026-01-01T\(time):00Z\",\"context\":{\"timezone\":\"\(zone)\"}}]}")
    }

    @Test("the newest counts, whenever it came; after merges, restarts and from the log alike")
    func newest() async throws {
        let world = try World()
        world.clock.now = Timestamp("2026-02-01T00:00:00Z")!
        try await Self.say("\"anonymousId\":\"a1\"", "Asia/Tokyo", at: "09:00", to: world)
        try await Self.say("\"userId\":\"ada\"", "Europe/Madrid", at: "08:00", to: world)
        try await Self.say("\"userId\":\"ada\"", "Europe/Paris", at: "07:00", to: world)
        try await Self.say("\"userId\":\"ada\"", "Mars/Olympus", at: "10:00", to: world)
        try await Self.say("\"userId\":\"bob\"", "Europe//Madrid", at: "10:00", to: world)
        #expect(try world.profile("ada")?.deviceZone == "Europe/Madrid")
        #expect(try world.profile("bob")?.deviceZone == nil)
        try await world.send(#"{"batch":[{"type":"identify","messageId":"link","anonymousId":"a1","userId":"ada","timestamp":"2026-01-01T11:00:00Z","traits":{}}]}"#)
        for round in 0..<3 {
            #expect(try world.profile("ada")?.deviceZone == "Asia/Tokyo", "round \(round)")
            try world.stages.checkpoint()
            try world.restart(snapshots: round == 0)
        }
    }

    @Test("is forgotten with the person, and what others told stays")
    func forgotten() async throws {
        let world = try World()
        for (who, zone) in [("ada", "Asia/Tokyo"), ("bob", "Europe/Madrid")] { try await Self.say("\"userId\":\"\(who)\"", zone, at: "09:00", to: world) }
        try world.erase(Identifier(.userId, "ada"))
        try await world.send(#"{"batch":[{"type":"track","event":"x","messageId":"again","userId":"ada"}]}"#)
        for round in 0..<3 {
            #expect(try world.profile("ada")?.deviceZone == nil, "round \(round)")
            #expect(try world.profile("bob")?.deviceZone == "Europe/Madrid", "round \(round)")
            try world.restart(snapshots: round == 0)
        }
    }
}
