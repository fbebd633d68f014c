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
        // Some new seeds make a journey that everybody leaves before it says anything.
        #expect(!live.isEmpty || seed.value >= 1000, "\(seed)")
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

    @Test("a policy is asked about each person's messages, with those that others decided")
    func policy() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey("name: Other\ntrigger: {event: '\"e1\"'}\nsteps: [{message: o, purpose: p, priority: 70}]", id: "jny_2")
        for minute in 0..<10 { try await world.event(minute == 3 ? "e1" : "e0", user: "u1", at: minute) }
        try await world.event("e0", user: "u2", at: 10)
        try world.pass(to: 20)
        let journey = try Journey(json: JourneyYAML.json("name: C\ntrigger: {event: '\"e0\"'}\nreentry: parallel\nsteps: [{message: m, purpose: p}]"))
        let policy: RehearsedPolicy = { messages, _ in
            var fates = RehearsedFates()
            // Three in all, whoever decided them.
            let over = messages.sorted { $0.at < $1.at }.dropFirst(3).filter(\.isOwn).count
            if over > 0 { fates.overByCap["three"] = over }
            fates.held = messages.contains { $0.priority == 70 && !$0.isOwn } ? 1 : 0
            return fates
        }
        let rehearsal = try world.follower.rehearse(journey, id: "draft", from: WalkingWorld.begin, to: WalkingWorld.minute(20), policy: policy)
        #expect(rehearsal.messages == 10)
        #expect(rehearsal.overByCap == ["three": 6], "the first three are its own; of the seven behind them one is another's")
        #expect((rehearsal.overCap, rehearsal.peopleOverCap, rehearsal.held) == (6, 1, 1))
        #expect(rehearsal.peopleByMessages == [9: 1, 1: 1])
        #expect(try world.intents.count == 1, "nothing is decided")
    }

    @Test("what is late by less than a day or stamped ahead is heard when it came, and what an import brings at its own time")
    func late() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        let kept = try await world.journey("name: L\ntrigger: {event: '\"e0\"'}\nreentry: parallel\ngoal: {event: '\"e1\"', within: 2 hours}\nsteps: [{wait: 30 minutes}, {message: m, purpose: p}]")
        let plain = try await world.journey("name: N\ntrigger: {event: '\"e2\"'}\nreentry: parallel\nsteps: [{message: n, purpose: p}]", id: "jny_2")
        var random = Random(Seed(11))
        for minute in 1..<400 where random.chance(40) {
            // A clock that goes back makes nobody wait twice, and no receipt earlier.
            if random.chance(5) { world.time.set(WalkingWorld.minute(max(0, minute - 30))) }
            // Some are a few minutes late, some a few hours, and of some the device's clock is fast.
            let late = random.chance(30) ? random.below(200) : random.chance(20) ? random.below(6) - 3 : random.chance(20) ? -random.below(90) : 0
            let happened = "\"timestamp\":\"\(WalkingWorld.minute(minute - late).iso8601)\""
            try await world.event("e\(random.below(3))", user: "u\(random.below(5))", at: minute, happened)
        }
        try world.pass(to: 600)
        let end = WalkingWorld.minute(599)
        let live = try world.intents.map(\.intent).filter { $0.decidedAt < end }
        for kept in [kept, plain] {
            let rehearsal = try world.follower.rehearse(kept.journey, id: kept.id, from: WalkingWorld.begin, to: end, limit: 1_000_000)
            #expect(Set(rehearsal.decisions.map { "\($0.key) \($0.at.iso8601)" }) == Set(live.filter { $0.origin.id == kept.id }.map { "\($0.key) \($0.decidedAt.iso8601)" }))
            #expect(!rehearsal.decisions.isEmpty)
        }
        try await world.event("e2", user: "old", at: 610, "\"timestamp\":\"2026-06-20T10:00:00Z\"")
        let import_ = try world.follower.rehearse(plain.journey, id: plain.id, from: Timestamp("2026-06-19")!, to: Timestamp("2026-06-21")!)
        #expect(import_.decisions.map(\.at) == [Timestamp("2026-06-20T10:00:00Z")!])
    }

    @Test("a campaign comes to each person when the live one did", arguments: ["perMinute: 2", "at: '2026-07-01T09:00', perMinute: 1", "at: '2026-07-01T09:00', local: true", "at: '2026-07-01T01:00', local: true, perMinute: 1"])
    func campaign(_ times: String) async throws {
        let world = try WalkingWorld(segments: ["drinkers": "tea = true"])
        defer { world.close() }
        for number in 0..<10 { try await world.event("", user: "u\(number)", "{\"tea\":true,\"timezone\":\"\(number % 2 == 0 ? "Europe/Madrid" : "America/New_York")\"}", type: "identify", at: 0) }
        let kept = try await world.journey("name: C\ntrigger: {campaign: drinkers, \(times)}\nsteps: [{message: m, purpose: p}]")
        for minute in stride(from: 5, through: 1500, by: 5) {
            try world.live(to: minute)
            // By their own clocks this one leaves it before their hour, and another comes in.
            if minute == 200 {
                try await world.event("", user: "u0", #"{"tea":false}"#, type: "identify", at: minute)
                try await world.event("", user: "u20", #"{"tea":true,"timezone":"America/New_York"}"#, type: "identify", at: minute)
            }
            try world.pass(to: minute)
        }
        let live = try world.intents.map(\.intent)
        #expect(live.count >= 10)
        let rehearsal = try world.follower.rehearse(kept.journey, id: kept.id, from: WalkingWorld.begin, to: WalkingWorld.minute(1500), limit: 1000)
        func told(_ key: String, _ at: Timestamp) -> String { "\(key.split(separator: ":")[1]) \(at.iso8601)" }
        // At one rate who comes in later goes behind the others; here that is asked only of whom.
        let isSpaced = times.contains("local") && times.contains("perMinute")
        let (was, would) = (live.map { told($0.key, $0.decidedAt) }, rehearsal.decisions.map { told($0.key, $0.at) })
        #expect(isSpaced ? Set(was.map { $0.prefix { $0 != " " } }) == Set(would.map { $0.prefix { $0 != " " } }) : was.sorted() == would.sorted())
    }

    @Test("a campaign whose time is none of these days goes out at that hour of the first of them that is the same day of the week, and its canaries go first")
    func otherTime() async throws {
        let world = try WalkingWorld(segments: ["drinkers": "tea = true"])
        defer { world.close() }
        for number in 0..<10 { try await world.event("", user: "u\(number)", #"{"tea":true}"#, type: "identify", at: 0) }
        func times(_ trigger: String, days: Int) throws -> [String: Int] {
            let journey = try Journey(json: JourneyYAML.json("name: C\ntrigger: {campaign: drinkers, \(trigger)}\nzone: Europe/Madrid\nsteps: [{message: m, purpose: p}]"))
            let rehearsal = try world.follower.rehearse(journey, id: "draft", from: WalkingWorld.begin, to: WalkingWorld.minute(days * 1440), limit: 1000)
            return rehearsal.decisions.reduce(into: [:]) { $0[$1.at.iso8601, default: 0] += 1 }
        }
        // March 1, 2027 is a Monday, and July 1, 2026 a Wednesday.
        #expect(try times("at: '2027-03-01T09:00'", days: 30) == ["2026-07-06T07:00:00.000Z": 10])
        #expect(try times("at: '2027-03-01T09:00'", days: 3) == ["2026-07-01T07:00:00.000Z": 10])
        #expect(try times("at: '2027-03-01T09:00', local: true", days: 30) == ["2026-07-06T07:00:00.000Z": 10])
        let canaries = try times("at: '2026-07-02T09:00', canary: {share: 0.01%, wait: 1 hour, stopAbove: 1%}", days: 3)
        #expect(canaries == ["2026-07-02T07:00:00.000Z": 1, "2026-07-02T08:00:00.000Z": 9])
    }

    @Test("who comes into a segment and leaves it does so at the instant at which the live one would have been told", arguments: [true, false])
    func segments(_ enters: Bool) async throws {
        let world = try WalkingWorld(segments: ["busy": "did \"e1\" at least 2 times in last 90 minutes and not (plan = \"staff\")"])
        defer { world.close() }
        var random = Random(Seed(3))
        var events: [(minute: Int, user: Int, plan: String?)] = []
        for minute in 1..<1500 where random.chance(20) {
            let (user, plan) = (random.below(4), random.chance(15) ? random.pick(["staff", "free"]) : nil)
            events.append((minute, user, plan))
            if let plan { try await world.event("", user: "u\(user)", "{\"plan\":\"\(plan)\"}", type: "identify", at: minute) } else { try await world.event("e1", user: "u\(user)", at: minute) }
        }
        let journey = try Journey(json: JourneyYAML.json("name: S\ntrigger: {segment: busy, on: \(enters ? "entry" : "exit")}\nreentry: parallel\nsteps: [{message: m, purpose: p}]"))
        let (from, to) = (WalkingWorld.minute(200), WalkingWorld.minute(1400))
        let rehearsal = try world.follower.rehearse(journey, id: "draft", from: from, to: to, limit: 1_000_000)
        // Millisecond by millisecond would take long: whatever changes does so at an event or ninety minutes after one.
        var wanted: [String] = []
        for user in 0..<4 {
            func isIn(_ at: Int64) -> Bool {
                let own = events.filter { $0.user == user && WalkingWorld.minute($0.minute).milliseconds < at }
                let recent = own.filter { $0.plan == nil && WalkingWorld.minute($0.minute).milliseconds >= at - 90 * 60_000 }
                return recent.count >= 2 && own.last { $0.plan != nil }?.plan != "staff"
            }
            let id = try #require(try world.world.profile("u\(user)")?.id)
            let instants = Set(events.filter { $0.user == user }.flatMap { event -> [Int64] in
                let at = WalkingWorld.minute(event.minute).milliseconds
                return [at + 1, at + 90 * 60_000, at + 90 * 60_000 + 1]
            }).filter { $0 > from.milliseconds && $0 < to.milliseconds }.sorted()
            var before = isIn(from.milliseconds)
            for at in instants where isIn(at) != before {
                before.toggle()
                if before == enters { wanted.append("\(id) \(at)") }
            }
        }
        #expect(rehearsal.decisions.map { "\($0.profile) \($0.at.milliseconds)" }.sorted() == wanted.sorted())
        #expect(wanted.count > 5)
    }
}
