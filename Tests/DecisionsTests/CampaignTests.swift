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
    /// What became of a message, as the log has it.
    private func tell(_ event: String, of intent: Intent, in world: WalkingWorld, at minute: Int) async throws {
        let user = try #require((0..<40).first { (try? world.world.profile("u\($0)")?.id) == intent.profile.text })
        try await world.event(event, user: "u\(user)", "{\"message_key\":\"\(intent.key)\"}", at: minute, isOurs: true)
    }

    private static let steps = "steps: [{message: m, purpose: p}]"

    @Test("so many in a minute; a pause moves the rest by its length, and nobody is left out or gets it twice")
    func throttled() async throws {
        let world = try await world(10)
        defer { world.close() }
        try world.live(to: 1)
        let yaml = "name: C\ntrigger: {campaign: drinkers, perMinute: 2}\n" + Self.steps
        _ = try await world.journey(yaml)
        try world.live(to: 3)
        #expect(try world.decided == ["1 message-1", "1 message-1", "2 message-1", "2 message-1", "3 message-1"])
        #expect(try await world.follower.pause("jny_1"))
        try world.live(to: 20)
        #expect(try world.decided.count == 5)
        _ = try await world.follower.start("jny_1")
        try world.live(to: 60)
        #expect(try world.decided.dropFirst(5).map { $0 } == ["20 message-1", "21 message-1", "21 message-1", "22 message-1", "22 message-1"])
        #expect(Set(try world.intents.map(\.intent.profile)).count == 10)
        _ = try await world.follower.start("jny_1")
        try world.live(to: 100)
        #expect(try world.intents.count == 10)
    }

    @Test("two at once go by their instants, and one that is paused and overdue holds up neither the other nor its timers")
    func side() async throws {
        let world = try await world(4)
        defer { world.close() }
        _ = try await world.journey("name: First\ntrigger: {campaign: drinkers, perMinute: 1}\n" + Self.steps)
        _ = try await world.journey("name: Second\ntrigger: {campaign: drinkers, perMinute: 2}\nsteps: [{wait: 3 minutes}, {message: m, purpose: p}]", id: "jny_2")
        try world.live(to: 1)
        func origins() throws -> [String] {
            try world.intents.map(\.intent).map { "\(($0.decidedAt.milliseconds - WalkingWorld.begin.milliseconds) / 60_000) \($0.origin.id)" }
        }
        #expect(try origins() == ["0 jny_1", "1 jny_1"])
        #expect(try await world.follower.pause("jny_1"))
        try world.live(to: 30)
        #expect(try origins().dropFirst(2).map { $0 } == ["3 jny_2", "3 jny_2", "4 jny_2", "4 jny_2"])
        _ = try await world.follower.start("jny_1")
        try world.live(to: 60)
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
        for (number, intent) in canaries.enumerated() { try await tell(number < failing ? "Message Failed" : "Message Sent", of: intent, in: world, at: 2) }
        try world.pass(to: 59)
        #expect(try world.intents.count == canaries.count)
        try world.pass(to: 70)
        let isBad = failing * 5 > canaries.count
        #expect(try world.intents.count == (isBad ? canaries.count : 40))
        #expect(world.store.find("jny_1")?.state == (isBad ? .paused : .live))
    }

    @Test("two who become one while they wait get it once")
    func merged() async throws {
        let world = try WalkingWorld(segments: ["drinkers": "tea = true"])
        defer { world.close() }
        for number in 0..<6 { for kind in ["a", "u"] { try await world.event("", user: "\(kind)\(number)", #"{"tea":true}"#, type: "identify", at: 0) } }
        _ = try await world.journey("name: C\ntrigger: {campaign: drinkers, perMinute: 1}\n" + Self.steps)
        for number in 0..<6 { try await world.link("a\(number)", "u\(number)", at: 0) }
        try world.live(to: 60)
        #expect(try world.intents.count == 6)
        #expect(Set(try world.intents.map(\.intent.profile)).count == 6)
    }

    @Test("whom a version had not reached gets the next one, and nobody gets that twice", arguments: [true, false])
    func versions(isPaused: Bool) async throws {
        let world = try await world(10)
        defer { world.close() }
        let yaml = "name: C\ntrigger: {campaign: drinkers, perMinute: 2}\nreentry: parallel\n" + Self.steps
        _ = try await world.journey(yaml)
        try world.live(to: 1)
        if isPaused { #expect(try await world.follower.pause("jny_1")) }
        try world.live(to: isPaused ? 10 : 1)
        _ = try world.store.save("jny_1", JourneyDocument(yaml: yaml + "\nnote: another"), author: "ada", at: world.time.value)
        _ = try await world.follower.start("jny_1")
        try world.live(to: 60)
        let versions = Dictionary(grouping: try world.intents.map(\.intent), by: \.origin.version)
        #expect(versions[1]?.count == 3)
        #expect(versions[2]?.count == 10)
        #expect(Set(versions[2]?.map(\.profile) ?? []).count == 10)
    }

    @Test("what comes due while nothing runs goes on at the same distances, everyone once", arguments: [false, true])
    func outage(isPlannedLate: Bool) async throws {
        let world = try await world(10)
        defer { world.close() }
        _ = try await world.journey("name: C\ntrigger: {campaign: drinkers, at: 2026-07-01T00:05, perMinute: 2}\n" + Self.steps)
        if !isPlannedLate { try world.live(to: 6) }
        let told = try world.intents.count
        #expect(told == (isPlannedLate ? 0 : 3))
        try world.pass(to: 60)
        try world.live(to: 100)
        let minutes = try world.decided.dropFirst(told).map { $0.prefix { $0 != " " } }
        #expect(Dictionary(grouping: minutes) { $0 }.mapValues(\.count).values.allSatisfy { $0 <= 2 } && minutes.first == "60")
        #expect(Set(try world.intents.map(\.intent.profile)).count == 10)
        #expect(try world.intents.count == 10)
    }

    @Test("who is held out is no canary, and a campaign whose canaries are all held out goes on", arguments: Seed.some(8))
    func heldOutCanaries(_ seed: Seed) async throws {
        let world = try await world(12)
        defer { world.close() }
        _ = try await world.journey("name: C\ntrigger: {campaign: drinkers, canary: {share: 1%, wait: 1 minute, stopAbove: 20%}}\nholdout: 50%\n" + Self.steps, id: "jny_\(seed.value)")
        try world.live(to: 0)
        for intent in try world.intents { try await tell("Message Sent", of: intent.intent, in: world, at: 0) }
        #expect(try !world.intents.isEmpty, "of those who are not held out one goes first")
        try world.live(to: 10)
        #expect(world.store.find("jny_\(seed.value)")?.state == .live)
        let kept = try #require(world.store.find("jny_\(seed.value)"))
        let results = try world.store.results(of: kept, steps: kept.journey)
        #expect(results.walked.people + results.heldOut.people == 12)
        #expect(try world.intents.count == Int(results.walked.people))
    }

    @Test("each version goes out to everyone, also to who is still in the one before, and nobody gets one twice", arguments: ["idle", "parallel", "restart", "once"])
    func newVersion(_ reentry: String) async throws {
        let world = try await world(6)
        defer { world.close() }
        let yaml = "name: C\ntrigger: {campaign: drinkers}\nreentry: \(reentry)\nsteps: [{message: m, purpose: p}, {wait: 1 day}, {message: n, purpose: p}]"
        _ = try await world.journey(yaml)
        try world.pass(to: 5)
        _ = try world.store.save("jny_1", JourneyDocument(yaml: yaml + "\nnote: another"), author: "ada", at: world.time.value)
        _ = try await world.follower.start("jny_1")
        try world.pass(to: 10)
        // Something that both hear of: neither is ended by the other.
        try await world.event("", user: "u1", #"{"tea":true}"#, type: "identify", at: 20)
        try world.pass(to: 2000)
        let versions = Dictionary(grouping: try world.intents.map(\.intent), by: \.origin.version).mapValues { Dictionary(grouping: $0, by: \.origin.step).mapValues(\.count) }
        #expect(versions[1] == (reentry == "restart" ? ["message-1": 6] : ["message-1": 6, "message-2": 6]))
        #expect(versions[2] == (reentry == "once" ? nil : ["message-1": 6, "message-2": 6]))
    }

    @Test("of two who became one each message counts once, for the run that sent it")
    func countedOnce() async throws {
        let world = try WalkingWorld(segments: ["drinkers": "tea = true"])
        defer { world.close() }
        for number in 0..<3 { for kind in ["a", "u"] { try await world.event("", user: "\(kind)\(number)", #"{"tea":true}"#, type: "identify", at: 0) } }
        let kept = try await world.journey("name: C\ntrigger: {campaign: drinkers}\n" + Self.steps)
        try world.pass(to: 1)
        let intents = try world.intents.map(\.intent)
        #expect(intents.count == 6)
        for number in 0..<3 { try await world.link("a\(number)", "u\(number)", at: 2) }
        func told(_ event: String, _ intent: Intent) async throws {
            let user = try #require(["a0", "a1", "a2", "u0", "u1", "u2"].first { (try? world.runs(of: $0).contains { $0.owner == intent.profile }) ?? false })
            try await world.event(event, user: user, "{\"message_key\":\"\(intent.key)\"}", at: 3, isOurs: true)
        }
        // Given up, and sent again as a dead letter: it has not failed. What came back has.
        try await told("Message Failed", intents[0])
        for intent in intents.dropLast() { try await told("Message Sent", intent) }
        try await told("Email Bounced", intents[1])
        try await told("Message Refused", try #require(intents.last))
        try await told("Email Opened", intents[0])
        let step = try #require(try world.store.results(of: kept, steps: kept.journey).steps.first)
        #expect(step.sent == 5 && step.opened == 1 && step.failed == 1)
    }

    @Test("while nothing is known of the canaries' messages everyone else waits, a day at most", arguments: [true, false])
    func unknown(isToldLate: Bool) async throws {
        let world = try await world(40)
        defer { world.close() }
        _ = try await world.journey("name: C\ntrigger: {campaign: drinkers, perMinute: 10, canary: {share: 30%, wait: 1 hour, stopAbove: 20%}}\n" + Self.steps)
        try world.live(to: 5)
        let canaries = try world.intents.map(\.intent)
        try world.live(to: 120)
        #expect(try world.intents.count == canaries.count)
        #expect(world.store.find("jny_1")?.state == .live)
        if isToldLate { for intent in canaries { try await tell("Message Sent", of: intent, in: world, at: 121) } }
        try world.live(to: 122)
        try world.live(to: 200)
        #expect(try world.intents.count == (isToldLate ? 40 : canaries.count))
        for minute in [1000, 1800, 1810] { try world.live(to: minute) }
        #expect(world.store.find("jny_1")?.state == (isToldLate ? .live : .paused))
        if !isToldLate {
            _ = try await world.follower.start("jny_1")
            try world.live(to: 2000)
        }
        #expect(Set(try world.intents.map(\.intent.profile)).count == 40)
        #expect(try world.perMinute <= 11, "they come at the distances that they would have had")
    }

    @Test("what takes the place of a campaign that waits for its canaries begins everyone: another version of it, or a journey that is made after it was deleted", arguments: [true, false])
    func afterCanaries(isDeleted: Bool) async throws {
        let world = try await world(40)
        defer { world.close() }
        let kept = try await world.journey("name: C\ntrigger: {campaign: drinkers, canary: {share: 30%, wait: 1 hour, stopAbove: 20%}}\n" + Self.steps)
        try world.pass(to: 90)
        let before = try world.intents.count
        #expect(before < 40)
        if isDeleted {
            _ = try await world.follower.stop("jny_1")
            #expect(try world.store.delete("jny_1", author: "ada", at: world.time.value))
            world.follower.changed()
        }
        let daily = try await world.journey("name: D\ntrigger: {schedule: day, at: '02:00', segment: drinkers}\n" + Self.steps, id: isDeleted ? "jny_2" : "jny_1")
        #expect((daily.number == kept.number) == !isDeleted, "no number is given out twice")
        try world.pass(to: 125)
        #expect(try world.intents.count == before + 40)
    }

    @Test("a campaign that is made after another was deleted goes to everyone, and waits for its own canaries", arguments: ["", ", canary: {share: 30%, wait: 1 hour, stopAbove: 20%}"])
    func afterDeleted(canary: String) async throws {
        let world = try await world(40)
        defer { world.close() }
        let yaml = "name: C\ntrigger: {campaign: drinkers\(canary)}\n" + Self.steps
        _ = try await world.journey(yaml)
        try world.pass(to: 5)
        for intent in try world.intents.map(\.intent) { try await tell("Message Sent", of: intent, in: world, at: 6) }
        try world.pass(to: 70)
        #expect(try world.intents.count == 40)
        _ = try await world.follower.stop("jny_1")
        #expect(try world.store.delete("jny_1", author: "ada", at: world.time.value))
        world.follower.changed()
        _ = try await world.journey(yaml, id: "jny_2")
        try world.pass(to: 75)
        let first = try world.intents.count - 40
        #expect(canary.isEmpty ? first == 40 : first > 5 && first < 20)
        try world.pass(to: 200)
        #expect(try world.intents.count == 40 + first, "nothing is known of these canaries")
    }

    @Test("one message that arrived is no evidence while of most nothing is known; what was refused is known, and what was found is kept")
    func evidence() async throws {
        let world = try await world(40)
        defer { world.close() }
        let kept = try await world.journey("name: C\ntrigger: {campaign: drinkers, canary: {share: 30%, wait: 1 hour, stopAbove: 20%}}\n" + Self.steps)
        try world.pass(to: 1)
        let canaries = try world.intents.map(\.intent)
        try #require(canaries.count > 5)
        #expect(try world.store.canaries(of: kept) == nil)
        try await tell("Message Sent", of: canaries[0], in: world, at: 2)
        try world.pass(to: 70)
        #expect(try world.intents.count == canaries.count)
        let held = try #require(try world.store.canaries(of: kept))
        #expect(held.verdict == .holds && held.decided == canaries.count && (held.sent, held.failed, held.refused) == (1, 0, 0) && held.stopAbove == 2000)
        for intent in canaries.dropFirst().prefix((canaries.count + 1) / 2 - 1) { try await tell("Message Refused", of: intent, in: world, at: 71) }
        try world.pass(to: 72)
        #expect(try world.intents.count == 40)
        let gone = try #require(try world.store.canaries(of: kept))
        #expect(gone.verdict == .goes && gone.sent == 1 && gone.refused == (canaries.count + 1) / 2 - 1)
        #expect(try world.runs(of: "u\(try #require((0..<40).first { (try? world.world.profile("u\($0)")?.id) == canaries[1].profile.text }))").first?.notes.contains { $0.what == .withheld } ?? false)
    }

    @Test("failures that nothing can make up for stop it though most is still unknown")
    func hopeless() async throws {
        let world = try await world(40)
        defer { world.close() }
        let kept = try await world.journey("name: C\ntrigger: {campaign: drinkers, canary: {share: 30%, wait: 1 hour, stopAbove: 0%}}\n" + Self.steps)
        try world.pass(to: 1)
        try await tell("Message Failed", of: try #require(try world.intents.first?.intent), in: world, at: 2)
        try world.pass(to: 70)
        #expect(world.store.find("jny_1")?.state == .paused)
        #expect(try world.store.canaries(of: kept)?.verdict == .stops)
    }

    @Test("one goes first even where the share holds nobody")
    func nobody() async throws {
        let world = try await world(40)
        defer { world.close() }
        _ = try await world.journey("name: C\ntrigger: {campaign: drinkers, canary: {share: 0.01%, wait: 1 hour, stopAbove: 20%}}\n" + Self.steps)
        try world.pass(to: 50)
        #expect(try world.intents.count == 1)
        try await tell("Message Sent", of: try #require(try world.intents.first?.intent), in: world, at: 51)
        try world.pass(to: 70)
        #expect(try world.intents.count == 40)
    }

    @Test("canaries and everyone else keep one rate between them")
    func rate() async throws {
        let world = try await world(40)
        defer { world.close() }
        _ = try await world.journey("name: C\ntrigger: {campaign: drinkers, perMinute: 4, canary: {share: 50%, wait: 1 minute, stopAbove: 20%}}\n" + Self.steps)
        try world.live(to: 0)
        for minute in 0...20 {
            let told = try world.intents.count
            try world.live(to: minute)
            for intent in try world.intents.dropFirst(minute == 0 ? 0 : told) { try await tell("Message Sent", of: intent.intent, in: world, at: minute) }
        }
        #expect(try world.intents.count == 40)
        #expect(try world.perMinute == 4)
    }

    @Test("by people's own clocks the canaries of each zone go before everyone else there")
    func localCanary() async throws {
        let world = try await world(40)
        defer { world.close() }
        _ = try await world.journey("name: C\ntrigger: {campaign: drinkers, at: '2026-07-01T09:00', local: true, canary: {share: 20%, wait: 1 hour, stopAbove: 10%}}\n" + Self.steps)
        for minute in stride(from: 5, through: 425, by: 5) { try world.pass(to: minute) }
        let canaries = try world.intents.map(\.intent)
        #expect((1...12).contains(canaries.count))
        for intent in canaries { try await tell("Message Failed", of: intent, in: world, at: 426) }
        for minute in stride(from: 430, through: 1440, by: 5) { try world.pass(to: minute) }
        #expect(try world.intents.count == canaries.count)
        #expect(world.store.find("jny_1")?.state == .paused)
    }

    @Test("by people's own clocks who leaves the segment before their hour does not get it, and who comes in does")
    func localMembers() async throws {
        let world = try await world(4)
        defer { world.close() }
        _ = try await world.journey("name: C\ntrigger: {campaign: drinkers, at: '2026-07-01T09:00', local: true}\n" + Self.steps)
        for minute in stride(from: 5, through: 1440, by: 5) {
            if minute == 300 {
                try await world.event("", user: "u0", #"{"tea":false}"#, type: "identify", at: minute)
                try await world.event("", user: "u50", #"{"tea":true,"timezone":"Europe/Madrid"}"#, type: "identify", at: minute)
            }
            // Too late in Madrid.
            if minute == 500 {
                try await world.event("", user: "u51", #"{"tea":true,"timezone":"America/New_York"}"#, type: "identify", at: minute)
                try await world.event("", user: "u52", #"{"tea":true,"timezone":"Europe/Madrid"}"#, type: "identify", at: minute)
            }
            try world.pass(to: minute)
        }
        #expect(try world.decided == ["420 message-1", "420 message-1", "780 message-1", "780 message-1", "780 message-1"])
        let got = Set(try world.intents.map(\.intent.profile.text))
        #expect(try ["u1", "u2", "u3", "u50", "u51"].allSatisfy { got.contains(try #require(try world.world.profile($0)?.id)) })
    }

    @Test("at nine by everybody's own clock")
    func local() async throws {
        let world = try await world(4)
        defer { world.close() }
        _ = try await world.journey("name: C\ntrigger: {campaign: drinkers, at: '2026-07-01T09:00', local: true}\n" + Self.steps)
        for minute in stride(from: 5, through: 1440, by: 5) { try world.pass(to: minute) }
        #expect(try world.decided == ["420 message-1", "420 message-1", "780 message-1", "780 message-1"])
    }

    @Test("by people's own clocks a pause moves only those whose hour it held", arguments: [(300, 400, [420, 420, 780, 780]), (300, 600, [720, 720, 780, 780]), (300, 800, [920, 920, 1280, 1280])])
    func localPause(from: Int, to: Int, minutes: [Int]) async throws {
        let world = try await world(4)
        defer { world.close() }
        _ = try await world.journey("name: C\ntrigger: {campaign: drinkers, at: '2026-07-01T09:00', local: true}\n" + Self.steps)
        for minute in stride(from: 5, through: 1440, by: 5) {
            try world.pass(to: minute)
            if minute == from { #expect(try await world.follower.pause("jny_1")) }
            if minute == to { _ = try await world.follower.start("jny_1") }
        }
        #expect(try world.decided == minutes.map { "\($0) message-1" })
    }

    @Test("failures that no other canary can make up for pause it long before everyone else is due")
    func early() async throws {
        let world = try await world(40)
        defer { world.close() }
        _ = try await world.journey("name: C\ntrigger: {campaign: drinkers, perMinute: 1, canary: {share: 50%, wait: 10 hours, stopAbove: 20%}}\n" + Self.steps)
        try world.live(to: 2)
        let first = try world.intents.map(\.intent)
        #expect(first.count == 3)
        try await tell("Message Failed", of: first[0], in: world, at: 2)
        for minute in 3...30 { try world.live(to: minute) }
        // One of about twenty can still be made up for by the others.
        #expect(world.store.find("jny_1")?.state == .live)
        let all = try world.intents.map(\.intent)
        for intent in all.dropFirst().prefix(6) { try await tell("Message Failed", of: intent, in: world, at: 31) }
        for minute in 32...35 { try world.live(to: minute) }
        #expect(world.store.find("jny_1")?.state == .paused)
        for minute in stride(from: 40, through: 1400, by: 20) { try world.live(to: minute) }
        #expect(try world.intents.count == all.count)
    }

    @Test("what cannot be meant is refused", arguments: ["{campaign: x, at: soon}", "{campaign: x, at: '2026-07-01T09:00:00Z'}", "{campaign: x, at: '2026-07-01T09:00-05:00'}", "{campaign: x, at: '2026-07-01'}", "{campaign: x, local: true}", "{campaign: x, perMinute: 0}", "{campaign: x, canary: {share: 5%}}"])
    func refused(_ trigger: String) {
        #expect(throws: JourneyFault.self) { try Journey(json: JourneyYAML.json("name: C\ntrigger: \(trigger)\n" + Self.steps)) }
    }
}

extension WalkingWorld {
    /// The most that were decided in one minute.
    fileprivate var perMinute: Int { get throws { Dictionary(grouping: try intents, by: { $0.intent.decidedAt.milliseconds / 60_000 }).values.map(\.count).max() ?? 0 } }
}
