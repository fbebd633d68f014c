import Decisions
import Segments
import Storage
import TestSupport
import Testing
import Vocabulary

/// A random journey on the real engine, lived and then rehearsed.
@Suite("A rehearsal decides what the live journey decided on the same events", .serialized)
struct RehearsalTests {
    static let yaml = """
        name: R
        trigger: {event: '"e0" where n > 2'}
        reentry: REENTRY
        holdout: 20%
        key: properties.cart
        goal: {event: '"e3"', revenue: properties.n, within: 3 hours}
        exits: EXITS
        steps:
        - wait: 7 minutes
        - branch:
          - if: plan = "premium" and did "e1" at least 2 times in last 40 minutes
            then:
            - message: premium
              purpose: p
          - if: did "e2" in last 30 minutes
            then:
            - wait: {until: [{condition: plan = "premium", then: [{message: turned, purpose: p}]}], timeout: 50 minutes}
              otherwise: [{trait: {late: true}}]
          otherwise:
          - wait: {until: [{event: '"e1"', sameKey: true, then: [{message: own, purpose: p}]}, {event: '"e2" where n > 4', then: []}], timeout: 33 minutes}
            otherwise: [{message: nothing, purpose: p}]
        - split:
          - share: 50%
            then: [{message: half, purpose: p}]
        """

    @Test("no decision differs, and a crash in the middle changes none", arguments: Seed.some(4))
    func equal(_ seed: Seed) async throws {
        var random = Random(seed)
        let folder = TemporaryFolder()
        let world = try WalkingWorld(in: folder)
        defer { world.close() }
        let yaml = Self.yaml.replacing("REENTRY", with: random.pick(Journey.Reentry.allCases).rawValue).replacing("EXITS", with: random.chance(50) ? "[{condition: plan = \"staff\"}]" : "[{event: '\"e4\"'}]")
        let kept = try await world.journey(yaml)
        var crashed: WalkingWorld?
        for minute in 1..<240 {
            for number in 0..<6 where random.chance(30) {
                let user = "u\(number)"
                if random.chance(12) {
                    try await world.event("", user: user, "{\"plan\":\"\(random.pick(["free", "premium", "staff"]))\"}", type: "identify", at: minute)
                } else {
                    try await world.event("e\(random.below(5))", user: user, "{\"n\":\(random.below(8)),\"cart\":\"c\(random.below(2))\"}", at: minute)
                }
            }
            if random.chance(30) { try world.pass(to: minute) }
            if minute == 120 { crashed = try WalkingWorld(in: folder.copy(), at: WalkingWorld.minute(minute)) }
        }
        try world.pass(to: 400)
        let end = WalkingWorld.minute(399)
        let live = try world.intents.map(\.intent).filter { $0.decidedAt < end }
        let rehearsal = try world.follower.rehearse(kept.journey, id: kept.id, from: WalkingWorld.begin, to: end, limit: 1_000_000)
        #expect(Set(rehearsal.decisions.map { "\($0.key) \($0.at.iso8601)" }) == Set(live.map { "\($0.key) \($0.decidedAt.iso8601)" }), "\(seed): \(yaml)")
        #expect(!live.isEmpty, "\(seed)")
        #expect(Set(live.map(\.key)).count == live.count)
        // Who starts again from what was on the disk decides the same about the first half, once.
        let again = try #require(crashed)
        defer { again.close() }
        try again.pass(to: 400)
        let early = Set(live.filter { $0.decidedAt < WalkingWorld.minute(119) }.map(\.key))
        let kept2 = try again.intents.map(\.intent).filter { $0.decidedAt < WalkingWorld.minute(119) }
        #expect(Set(kept2.map(\.key)) == early, "\(seed)")
        #expect(kept2.count == early.count)
    }

    @Test("what goes beyond a cap is counted one after the other")
    func caps() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        for minute in 0..<10 { try await world.event("e0", user: "u1", at: minute) }
        try world.pass(to: 20)
        let journey = try Journey(json: JourneyYAML.json("name: C\ntrigger: {event: '\"e0\"'}\nreentry: parallel\nsteps: [{message: m, purpose: p}]"))
        let rehearsal = try world.follower.rehearse(journey, id: "draft", from: WalkingWorld.begin, to: WalkingWorld.minute(20), cap: RehearsedCap(count: 3, days: 7))
        #expect(rehearsal.messages == 10)
        #expect(rehearsal.overCap == 7)
        #expect(rehearsal.peopleOverCap == 1)
        #expect(rehearsal.peopleByMessages == [10: 1])
        #expect(try world.intents.isEmpty, "nothing is decided")
    }
}
