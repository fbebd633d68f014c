import Decisions
import Segments
import TestSupport
import Testing
import Vocabulary

@Suite("A campaign goes to everyone in a segment, once", .serialized)
struct CampaignTests {
    private func world(_ people: Int) async throws -> WalkingWorld {
        let world = try WalkingWorld(segments: ["drinkers": "tea = true"])
        for number in 0..<people { try await world.event("", user: "u\(number)", "{\"tea\":true,\"timezone\":\"\(number % 2 == 0 ? "Europe/Madrid" : "America/New_York")\"}", type: "identify", at: 0) }
        try await world.event("", user: "u100", #"{"tea":false}"#, type: "identify", at: 0)
        return world
    }
    private static let steps = "steps: [{message: m, purpose: p}]"

    @Test("so many in a minute; a pause moves the rest by its length, and nobody is left out or gets it twice")
    func throttled() async throws {
        let world = try await world(10)
        defer { world.close() }
        try world.pass(to: 1)
        let yaml = "name: C\ntrigger: {campaign: drinkers, perMinute: 2}\n" + Self.steps
        _ = try await world.journey(yaml)
        try world.pass(to: 3)
        #expect(try world.decided == ["1 message-1", "1 message-1", "2 message-1", "2 message-1", "3 message-1"])
        #expect(try await world.follower.pause("jny_1"))
        try world.pass(to: 20)
        #expect(try world.decided.count == 5)
        _ = try await world.follower.start("jny_1")
        try world.pass(to: 60)
        #expect(try world.decided.dropFirst(5).map { $0 } == ["20 message-1", "21 message-1", "21 message-1", "22 message-1", "22 message-1"])
        #expect(Set(try world.intents.map(\.intent.profile)).count == 10)
        _ = try await world.follower.start("jny_1")
        try world.pass(to: 100)
        #expect(try world.intents.count == 10)
    }

    @Test("two at once go by their instants, and one that is paused and overdue holds up neither the other nor its timers")
    func side() async throws {
        let world = try await world(4)
        defer { world.close() }
        _ = try await world.journey("name: First\ntrigger: {campaign: drinkers, perMinute: 1}\n" + Self.steps)
        _ = try await world.journey("name: Second\ntrigger: {campaign: drinkers, perMinute: 2}\nsteps: [{wait: 3 minutes}, {message: m, purpose: p}]", id: "jny_2")
        try world.pass(to: 1)
        func origins() throws -> [String] {
            try world.intents.map(\.intent).map { "\(($0.decidedAt.milliseconds - WalkingWorld.begin.milliseconds) / 60_000) \($0.origin.id)" }
        }
        #expect(try origins() == ["0 jny_1", "1 jny_1"])
        #expect(try await world.follower.pause("jny_1"))
        try world.pass(to: 30)
        #expect(try origins().dropFirst(2).map { $0 } == ["3 jny_2", "3 jny_2", "4 jny_2", "4 jny_2"])
        _ = try await world.follower.start("jny_1")
        try world.pass(to: 60)
        #expect(try origins().dropFirst(6).map { $0 } == ["31 jny_1", "32 jny_1"])
    }

    @Test("when more canaries fail than are allowed, nobody else gets it, and it pauses", arguments: [1, 4])
    func canary(failing: Int) async throws {
        let world = try await world(40)
        defer { world.close() }
        _ = try await world.journey("name: C\ntrigger: {campaign: drinkers, canary: {share: 30%, wait: 1 hour, stopAbove: 20%}}\n" + Self.steps)
        try world.pass(to: 1)
        let canaries = try world.intents.map(\.intent)
        #expect(canaries.count > 5 && canaries.count < 20)
        for (number, intent) in canaries.enumerated() {
            let user = try #require((0..<40).first { (try? world.world.profile("u\($0)")?.id) == intent.profile.text })
            try await world.event(number < failing ? "Message Failed" : "Message Sent", user: "u\(user)", "{\"message_key\":\"\(intent.key)\"}", at: 2, isOurs: true)
        }
        try world.pass(to: 59)
        #expect(try world.intents.count == canaries.count)
        try world.pass(to: 70)
        let isBad = failing * 5 > canaries.count
        #expect(try world.intents.count == (isBad ? canaries.count : 40))
        #expect(world.store.find("jny_1")?.state == (isBad ? .paused : .live))
    }

    @Test("at nine by everybody's own clock")
    func local() async throws {
        let world = try await world(4)
        defer { world.close() }
        _ = try await world.journey("name: C\ntrigger: {campaign: drinkers, at: '2026-07-01T09:00', local: true}\n" + Self.steps)
        for minute in stride(from: 5, through: 1440, by: 5) { try world.pass(to: minute) }
        #expect(try world.decided == ["420 message-1", "420 message-1", "780 message-1", "780 message-1"])
    }

    @Test("what cannot be meant is refused", arguments: ["{campaign: x, at: soon}", "{campaign: x, at: '2026-07-01T09:00:00Z'}", "{campaign: x, local: true}", "{campaign: x, perMinute: 0}", "{campaign: x, canary: {share: 5%}}"])
    func refused(_ trigger: String) {
        #expect(throws: JourneyFault.self) { try Journey(json: JourneyYAML.json("name: C\ntrigger: \(trigger)\n" + Self.steps)) }
    }
}
