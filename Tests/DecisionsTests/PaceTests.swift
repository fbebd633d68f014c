import Decisions
import Testing
import Vocabulary

/// How fast a campaign goes on after it was not looked at for a while.
@Suite struct PaceTests {
    @Test("what came due within a short outage does not go all at once", arguments: [4, 20, 45, 100])
    func shortOutage(seconds: Int) async throws {
        let world = try WalkingWorld(segments: ["drinkers": "tea = true"])
        defer { world.close() }
        for number in 0..<100 { try await world.event("", user: "u\(number)", #"{"tea":true}"#, type: "identify", at: 0) }
        _ = try await world.journey("name: C\ntrigger: {campaign: drinkers, perMinute: 120}\nsteps: [{message: m, purpose: p}]")
        var begun: [Int] = []
        func pass(_ seconds: Int) throws {
            world.time.set(Timestamp(clamping: world.time.value.milliseconds + Int64(seconds) * 1000))
            world.world.clock.now = world.time.value
            try world.follower.settle()
            begun.append(try world.intents.count)
        }
        for _ in 0..<6 { try pass(1) }
        let before = try #require(begun.last)
        #expect((10...16).contains(before))
        try pass(seconds)
        for _ in 0..<120 { try pass(1) }
        #expect(begun.last == 100)
        // Some seconds may be caught up.
        for (earlier, later) in zip(begun, begun.dropFirst()) { #expect(later - earlier <= (seconds <= 5 ? 12 : 4), "\(begun)") }
    }
}
