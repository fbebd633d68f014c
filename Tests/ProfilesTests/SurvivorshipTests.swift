import Ingest
import Profiles
import TestSupport
import Testing
import Vocabulary

@Suite("Which statement of a trait survives")
struct SurvivorshipTests {
    private static func policy(_ kind: SurvivorshipRule.Kind, _ sources: [String] = [], of trait: String = "city") -> SurvivorshipPolicy {
        SurvivorshipPolicy(name: SurvivorshipPolicy.standard, rules: [trait: SurvivorshipRule(kind, sources: sources)], version: 1)
    }

    private static func send(_ body: String, from source: Source, to world: World) async throws {
        var bytes = Array(body.utf8)
        let now = world.clock.now
        var call = try decode(&bytes, at: now).get()
        _ = try await world.stages.ingest.accept(&call, from: source, shape: .single(.identify), hasher: world.stages.hasher, receivedAt: now, wantsVerdicts: false)
    }

    private static func decode(_ bytes: inout [UInt8], at now: Timestamp) -> Result<DecodedCall, JSONError> {
        do throws(JSONError) { return .success(try EventDecoder.decode(&bytes, as: .single(.identify), in: CallContext(receivedAt: now)) { "n\($0)" }) } catch { return .failure(error) }
    }

    private struct Said {
        let person: Int
        let value: String
        let source: Int
        let time: Int64
        let number: Int
    }

    /// The obvious reading: all statements of a value and source together, then the rule in its own words.
    private static func survivor(_ said: [Said], _ kind: SurvivorshipRule.Kind, _ sources: [Int]) -> String? {
        func latest(_ said: [Said]) -> String? { said.max { ($0.time, $0.number) < ($1.time, $1.number) }?.value }
        switch kind {
        case .latest: return latest(said)
        case .sources:
            for source in sources { if let value = latest(said.filter { $0.source == source }) { return value } }
            return latest(said)
        case .verified: return latest(said.filter { sources.contains($0.source) }) ?? latest(said)
        case .frequent:
            let most = said.map { one in said.count { $0.value == one.value } }.max() ?? 0
            return latest(said.filter { one in said.count { $0.value == one.value } == most })
        case .complete:
            let longest = said.map(\.value.count).max() ?? 0
            return latest(said.filter { $0.value.count == longest })
        }
    }

    @Test("every rule, on random statements, learnt before, after and in the midst of them", arguments: Seed.some(3), SurvivorshipRule.Kind.allCases)
    func agree(_ seed: Seed, _ kind: SurvivorshipRule.Kind) async throws {
        var random = Random(seed)
        let world = try World()
        world.clock.now = Timestamp("2026-07-02")!
        let sources = try [world.source] + ["CRM", "App"].map { try world.stages.sources.create(name: $0, author: "ada", at: world.clock.now) }
        let named = kind == .sources || kind == .verified ? [2, 0] : []
        let policy = Self.policy(kind, named.map { sources[$0].id })
        let learnAt = random.pick([0, 20, 60])
        var said: [Said] = []
        for number in 0..<60 {
            if number == learnAt { try world.stages.store.learn(policy, from: world.stages.log, under: world.stages.lock) }
            let one = Said(person: random.below(3), value: random.pick(["Rome", "Lugo", "Seville", "York"]), source: random.below(3), time: Timestamp("2026-07-01")!.milliseconds + Int64(random.below(30)) * 1000, number: number)
            said.append(one)
            let who = random.chance(40) ? "\"anonymousId\":\"a\(one.person)\"" : "\"userId\":\"u\(one.person)\""
            try await Self.send(
                "{\(who),\"messageId\":\"m\(number)\",\"timestamp\":\"\(Timestamp(clamping: one.time).iso8601)\",\"traits\":{\"city\":\"\(one.value)\"}}", from: sources[one.source], to: world)
        }
        for person in 0..<3 { try await Self.send("{\"userId\":\"u\(person)\",\"anonymousId\":\"a\(person)\",\"messageId\":\"join\(person)\"}", from: sources[0], to: world) }
        if learnAt == 60 { try world.stages.store.learn(policy, from: world.stages.log, under: world.stages.lock) }
        for person in 0..<3 {
            let own = said.filter { $0.person == person }
            guard !own.isEmpty else { continue }
            let wanted = Self.survivor(own, kind, named)
            let profile = try #require(try world.profile("u\(person)"))
            #expect(profile.traits.first { $0.name == "city" }?.value.string == wanted, "seed \(seed.value), \(kind), u\(person)")
            let choice = try #require(try world.reader.choices(of: profile, by: policy).first { $0.name == "city" })
            #expect(choice.statements.first?.value.string == wanted)
            #expect(choice.statements.reduce(0) { $0 + $1.count } == own.count, "the losers are kept")
        }
        // Back to the latest statement, as if there had been no rule.
        try world.stages.store.learn(SurvivorshipPolicy(name: "default", rules: [:], version: 2), from: world.stages.log, under: world.stages.lock)
        for person in 0..<3 {
            let own = said.filter { $0.person == person }
            #expect(try world.profile("u\(person)")?.traits.first { $0.name == "city" }?.value.string == Self.survivor(own, .latest, []))
        }
    }

    @Test("what stood there before the rule is counted once, though its source had said it before")
    func readAgain() async throws {
        let world = try World()
        try await world.play("""
            09:00  identify  userId=ada  city=Rome
            09:01  identify  userId=ada  city=Lugo
            09:02  identify  userId=ada  city=Lugo
            09:03  identify  userId=ada  city=Lugo
            09:04  identify  userId=ada  city=Rome
            """)
        #expect(try world.traits(of: "ada") == ["city": "\"Rome\""])
        try world.stages.store.learn(Self.policy(.frequent), from: world.stages.log, under: world.stages.lock)
        #expect(try world.traits(of: "ada") == ["city": "\"Lugo\""])
        try await world.play("09:05  identify  userId=ada  city=Rome")
        #expect(try world.traits(of: "ada") == ["city": "\"Rome\""], "three each: the newest")
    }

    @Test("erasing a person erases what did not survive, too")
    func erased() async throws {
        let world = try World()
        try world.stages.store.learn(Self.policy(.frequent), from: world.stages.log, under: world.stages.lock)
        try await world.play("""
            09:00  identify  userId=eve  city=lovelace4711
            09:01  identify  userId=eve  city=Rome
            09:02  identify  userId=eve  city=Rome
            """)
        #expect(try world.traits(of: "eve") == ["city": "\"Rome\""])
        try world.restart()
        try world.erase(Identifier(.userId, "eve"))
        #expect(world.folder.filesContaining("lovelace4711") == [])
    }
}
