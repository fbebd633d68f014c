import Decisions
import Identity
import TestSupport
import Testing
import Vocabulary

@Suite("Many journeys beside each other", .serialized)
struct ManyJourneysTests {
    private enum Act {
        case event(String, user: String)
        case gold(user: String)
        case link(String, String)
        case pause(Int)
        case start(Int)
        case stop(Int)
        case nothing
    }

    private static func text(_ number: Int, _ random: inout Random) -> String {
        let names = ["A", "B", "C"]
        func name() -> String { names[random.below(names.count)] }
        let trigger = random.below(4) == 0 ? "{inaction: '\"\(name())\"', without: '\"Z\"', within: \(1 + random.below(9)) minutes}" : "{event: '\"\(name())\"'}"
        let reentry = ["idle", "restart", "parallel", "once"][random.below(4)]
        let exits = random.below(3) == 0 ? "exits: [{condition: plan = \"gold\"}]\n" : ""
        let wait = random.below(2) == 0 ? "{wait: \(1 + random.below(20)) minutes}" : "{wait: {until: [{event: '\"\(name())\"', then: [{message: m\(number), purpose: p}]}], timeout: \(1 + random.below(30)) minutes}}"
        return "name: J\(number)\ntrigger: \(trigger)\nreentry: \(reentry)\n\(exits)steps:\n- \(wait)\n- {wait: \(1 + random.below(9)) minutes}\n- {message: n\(number), purpose: p}\n"
    }

    private static func act(_ count: Int, _ random: inout Random) -> Act {
        let user = "u\(1 + random.below(3))"
        switch random.below(20) {
        case 0..<12: return .event(["A", "B", "C", "Z", "Other"][random.below(5)], user: random.below(4) == 0 ? "a\(1 + random.below(3))" : user)
        case 12: return .gold(user: user)
        case 13: return .link("a\(1 + random.below(3))", user)
        case 14: return .pause(random.below(count))
        case 15, 16: return .start(random.below(count))
        case 17: return random.below(4) == 0 ? .stop(random.below(count)) : .nothing
        default: return .nothing
        }
    }

    /// - Parameter journeys: which of them the world has, by number.
    private static func play(_ act: Act, _ world: WalkingWorld, _ journeys: Set<Int>, at minute: Int) async throws {
        switch act {
        case .event(let name, let user): try await world.event(name, user: user, at: minute)
        case .gold(let user): try await world.event("", user: user, #"{"plan":"gold"}"#, type: "identify", at: minute)
        case .link(let device, let user): try await world.link(device, user, at: minute)
        case .pause(let number) where journeys.contains(number): _ = try await world.follower.pause("jny_\(number)")
        case .start(let number) where journeys.contains(number): _ = try await world.follower.start("jny_\(number)")
        case .stop(let number) where journeys.contains(number): _ = try await world.follower.stop("jny_\(number)")
        case .pause, .start, .stop, .nothing: break
        }
        try world.pass(to: minute)
    }

    /// What each of the people has walked in one journey, in the order of their beginnings.
    private static func walked(_ world: WalkingWorld, _ number: Int) throws -> [String] {
        var lines: Set<String> = []
        for user in (1...3).flatMap({ ["u\($0)", "a\($0)"] }) {
            guard let profile = try world.world.profile(user) else { continue }
            let ids = world.world.stages.lock.reading { profile.members.map(world.world.stages.graph.ownID) }
            for (journey, run) in try world.store.runs(of: ids) where journey.id == "jny_\(number)" {
                let notes = run.notes.map { "\(($0.at.milliseconds - WalkingWorld.begin.milliseconds) / 60_000) \($0.what.rawValue) \($0.step) \($0.detail)" }
                lines.insert("\(user) \(run.start) \(run.step) \(run.wake?.milliseconds ?? 0) \(run.end?.reason ?? "-") \(notes.joined(separator: ", "))")
            }
        }
        return lines.sorted()
    }

    @Test("each decides as it would alone: over waits, pauses, stops and people who become one", arguments: Seed.some(3))
    func alone(_ seed: Seed) async throws {
        var random = Random(seed)
        let texts = (0..<6).map { Self.text($0, &random) }
        var minute = 0
        let acts = (0..<120).map { _ -> (act: Act, minute: Int) in
            minute += random.below(4)
            return (Self.act(texts.count, &random), minute)
        }
        let beside = try WalkingWorld()
        defer { beside.close() }
        for (number, text) in texts.enumerated() { _ = try await beside.journey(text, id: "jny_\(number)") }
        for (act, minute) in acts { try await Self.play(act, beside, Set(texts.indices), at: minute) }
        try beside.pass(to: minute + 100)
        var count = 0
        for (number, text) in texts.enumerated() {
            let alone = try WalkingWorld()
            defer { alone.close() }
            _ = try await alone.journey(text, id: "jny_\(number)")
            for (act, minute) in acts { try await Self.play(act, alone, [number], at: minute) }
            try alone.pass(to: minute + 100)
            let walked = try Self.walked(alone, number)
            #expect(try Self.walked(beside, number) == walked, "\(text)")
            count += walked.count
        }
        #expect(count > 20, "somebody walks")
    }

    @Test("of hundreds that are live, an event and a timer move their own alone")
    func hundreds() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        let count = 700
        for number in 0..<count { _ = try world.store.save("jny_\(number)", JourneyDocument(yaml: "name: J\(number)\ntrigger: {event: '\"E\(number)\"'}\nsteps: [{wait: 1 hour}, {message: m, purpose: p}]"), author: "ada", at: world.time.value) }
        for number in 0..<count { _ = try await world.follower.start("jny_\(number)") }
        for number in [3, 77, 699] { try await world.event("E\(number)", user: "u1", at: number % 10) }
        try world.pass(to: 64)
        #expect(Set(try world.intents.map(\.intent.origin.id)) == ["jny_3"])
        try world.pass(to: 70)
        #expect(Set(try world.intents.map(\.intent.origin.id)) == ["jny_3", "jny_77", "jny_699"])
        #expect(try world.runs(of: "u1").count == 3)
    }
}
