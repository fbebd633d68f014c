import Decisions
import TestSupport
import Testing
import Vocabulary

@Suite("What waits to be sent is sent only while its journey wants it", .serialized)
struct WantingTests {
    private static let yaml = "name: J\ntrigger: {event: '\"A\"'}\nreentry: restart\ngoal: {event: '\"B\"', within: 7 days}\nexits: [{event: '\"C\"'}]\nsteps: [{message: m, purpose: p}, {wait: 1 day}, {exit: goal}]"

    private func world(_ yaml: String = WantingTests.yaml) async throws -> WalkingWorld {
        let world = try WalkingWorld()
        _ = try await world.journey(yaml)
        try await world.event("A", user: "u1", at: 1)
        return world
    }

    private func standing(_ world: WalkingWorld) throws -> [IntentStanding] { try world.store.standing(of: try world.intents.map(\.intent)) { [$0] } }

    @Test("while the journey is paused it waits; once it is stopped, or gone, it is void")
    func states() async throws {
        let world = try await world()
        defer { world.close() }
        #expect(try standing(world) == [.isWanted])
        #expect(try await world.follower.pause("jny_1"))
        #expect(try standing(world) == [.waits])
        _ = try await world.follower.start("jny_1")
        #expect(try standing(world) == [.isWanted])
        _ = try await world.follower.stop("jny_1")
        #expect(try standing(world) == [.isVoid("journey-stopped")])
        _ = try await world.follower.start("jny_1")
        #expect(try standing(world) == [.isVoid("stopped")])
        _ = try await world.follower.stop("jny_1")
        #expect(try world.store.delete("jny_1", author: "ada", at: world.time.value))
        #expect(try standing(world) == [.isVoid("journey-gone")])
    }

    @Test("whoever reaches the goal or an exit, or begins anew, does not get what waits", arguments: [("B", "goal"), ("C", "exit"), ("A", "restarted")])
    func ends(event: String, reason: String) async throws {
        let world = try await world()
        defer { world.close() }
        try await world.event(event, user: "u1", at: 2)
        #expect(try standing(world) == (event == "A" ? [.isVoid(reason), .isWanted] : [.isVoid(reason)]))
    }

    @Test("whoever is through with the steps gets what waits, whatever a step calls the end, but not once they have what they came for")
    func finished() async throws {
        let world = try await world()
        defer { world.close() }
        try world.pass(to: 2000)
        #expect(try world.runs(of: "u1").map { $0.end?.reason } == ["goal"])
        #expect(try standing(world) == [.isWanted])
        try await world.event("B", user: "u1", at: 2001)
        #expect(try standing(world) == [.isVoid("goal")])
    }

    @Test("an order counts for whoever has the id by which it was made, and for nobody else")
    func ordersByAnotherID() async throws {
        let world = try await world()
        defer { world.close() }
        try await world.event("A", user: "u2", at: 2)
        let intents = try world.intents.map(\.intent)
        let ids = intents.map(\.profile)
        try world.pass(to: 2000)
        try await world.event("B", user: "u2", at: 2001)
        #expect(try world.store.standing(of: intents) { [$0] } == [.isWanted, .isVoid("goal")])
        #expect(try world.store.standing(of: intents) { _ in ids } == [.isVoid("goal"), .isVoid("goal")], "once the two are one")
    }

    @Test("two who turn out to be one get once what both of their runs decided, but where each run is for itself", arguments: ["idle", "restart", "parallel"])
    func twoWhoAreOne(reentry: String) async throws {
        let world = try await world("name: J\ntrigger: {event: '\"A\"'}\nreentry: \(reentry)\nsteps: [{message: m, purpose: p}, {wait: 1 day}]")
        defer { world.close() }
        try await world.event("A", user: "u2", at: 2)
        let intents = try world.intents.map(\.intent)
        let ids = intents.map(\.profile)
        #expect(try world.store.standing(of: intents) { [$0] } == [.isWanted, .isWanted])
        #expect(try world.store.standing(of: intents) { _ in ids } == [.isWanted, reentry == "parallel" ? .isWanted : .isVoid("merged")])
        // The older one is over: the younger one is theirs alone.
        try world.pass(to: 1442)
        #expect(try world.store.standing(of: intents) { _ in ids } == [.isWanted, .isWanted])
    }

    @Test("of one version of a campaign a person gets one, also where two have it waiting who turn out to be one")
    func campaign() async throws {
        let world = try WalkingWorld(segments: ["everyone": "tea = true"])
        defer { world.close() }
        for user in ["u1", "u2"] { try await world.event("x", user: user, #"{"tea":true}"#, type: "identify", at: 0) }
        _ = try await world.journey("name: C\ntrigger: {campaign: everyone}\nsteps: [{message: m, purpose: p}]")
        for minute in 1...3 { try world.pass(to: minute) }
        let intents = try world.intents.map(\.intent)
        #expect(intents.count == 2)
        let ids = intents.map(\.profile)
        #expect(try world.store.standing(of: intents) { [$0] } == [.isWanted, .isWanted])
        let together = try world.store.standing(of: intents) { _ in ids }
        #expect(together.filter { $0 == .isWanted }.count == 1 && together.contains(.isVoid("merged")))
    }

    @Test("a goal that ends nothing, and what no journey decided, hold nothing back")
    func others() async throws {
        let world = try await world(Self.yaml.replacing("within: 7 days", with: "within: 7 days, ends: false"))
        defer { world.close() }
        try await world.event("B", user: "u1", at: 2)
        #expect(try standing(world) == [.isWanted])
        let intent = try #require(try world.intents.first?.intent)
        let other = Intent(key: "k", profile: intent.profile, intent.effect, origin: Intent.Origin(.api, id: "t"), decidedAt: intent.decidedAt)
        #expect(try world.store.standing(of: [other, intent], everyID: { [$0] }) == [.isWanted, .isWanted])
    }
}
