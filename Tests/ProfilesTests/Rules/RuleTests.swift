import Identity
import TestSupport
import Testing
import Vocabulary

@Suite("Rules of identity")
struct RuleTests {
    private static func rules(_ change: (inout IdentityRules) -> Void) -> IdentityRules {
        var rules = IdentityRules.usual
        change(&rules)
        return rules
    }

    private static func set(_ name: String, in rules: inout IdentityRules, _ change: (inout IdentityRules.TypeRule) -> Void) {
        guard let index = rules.types.firstIndex(where: { $0.name == name }) else { return }
        change(&rules.types[index])
    }

    @Test("the document reads back as it is written, and thirteen types are there from the beginning")
    func document() throws {
        #expect(IdentityRules.usual.types.count == 13)
        #expect(try IdentityRules(IdentityRules.usual.json) == .usual)
        let own = Self.rules { rules in
            rules.types.append(IdentityRules.TypeRule("loyaltyId", .join, limit: 2, window: .month, sharedBy: 3, paths: ["traits.loyaltyId", "externalIds"]))
            rules.blocked.append(IdentityRules.Blocked("*@spam.example", type: "email"))
        }
        #expect(try IdentityRules(own.json) == own)
    }

    @Test("a document that cannot be is refused with its place", arguments: [
        (#"{}"#, "/types"), (#"{"types": 1}"#, "/types"), (#"{"types": []}"#, "/types"), (#"{"types": [1]}"#, "/types/0/name"), (#"{"types": [{"name": "a:b", "use": "join"}]}"#, "/types/0/name"),
        (#"{"types": [{"name": "externalId", "use": "join"}]}"#, "/types/0/name"), (#"{"types": [{"name": "x", "use": "marry"}]}"#, "/types/0/use"),
        (#"{"types": [{"name": "x", "use": "join", "sharedBy": 10}]}"#, "/types/0/paths"), (#"{"types": [{"name": "x", "use": "join", "sharedBy": 10, "paths": ["nowhere"]}]}"#, "/types/0/paths/0"),
        (#"{"types": [{"name": "x", "use": "join", "paths": ["externalIds"]}]}"#, "/types/0/sharedBy"), (#"{"types": [{"name": "x", "use": "join", "sharedBy": 61, "paths": ["externalIds"]}]}"#, "/types/0/sharedBy"),
        (#"{"types": [{"name": "x", "use": "join", "limit": 0}]}"#, "/types/0/limit"), (#"{"types": [{"name": "x", "use": "join", "limit": 99999999999999999999}]}"#, "/types/0/limit"),
        (#"{"types": [{"name": "x", "use": "join", "window": "hour"}]}"#, "/types/0/window"), (#"{"types": [{"name": "userId", "use": "join", "paths": ["traits.id"]}]}"#, "/types/0/paths"),
    ])
    func faults(_ json: String, _ place: String) throws {
        let text = try #require(JSONText(validating: Array(json.utf8)))
        do throws(Refusal) {
            _ = try IdentityRules(text)
            Issue.record("taken: \(json)")
        } catch {
            #expect(error.place == place && error.explanation.code == "identity.rules")
        }
    }

    @Test("a custom identifier joins who names it, from a trait, a path or externalIds, and stands in the profile")
    func custom() async throws {
        let rules = Self.rules { $0.types.append(IdentityRules.TypeRule("loyaltyId", .join, paths: ["traits.loyaltyId", "properties.card", "externalIds"])) }
        let world = try World(rules: rules)
        try await world.play("""
            09:00  identify  anonymousId=a1  loyaltyId=77
            09:01  track     anonymousId=a2  card=77  Bought
            """)
        try await world.send(#"{"type":"track","anonymousId":"a3","event":"Seen","messageId":"x","context":{"externalIds":[{"id":"77","type":"loyaltyId"},{"id":"77","type":"other"},7]}}"#, as: .single(.track))
        #expect(world.profileCount == 1)
        #expect(try world.identifiers(of: "a1") == ["anonymousId=a1", "anonymousId=a2", "anonymousId=a3", "externalId=loyaltyId:77"])
        #expect(try world.timeline(of: "externalId:loyaltyId:77") == ["Bought", "Seen"])
        // By the usual rules it is a trait and nothing else.
        try world.restart()
        #expect(world.profileCount == 3)
    }

    @Test("a device's id counts on its own system alone")
    func device() async throws {
        let rules = Self.rules { rules in for name in ["ios.id", "android.id"] { Self.set(name, in: &rules) { $0.use = .join } } }
        let world = try World(rules: rules)
        for (number, system) in ["ios", "iOS", "android"].enumerated() {
            try await world.send(#"{"anonymousId":"a\#(number)","event":"Seen","messageId":"x\#(number)","context":{"device":{"id":"d1","type":"\#(system)"}}}"#, as: .single(.track))
        }
        #expect(try world.identifiers(of: "a0") == ["anonymousId=a0", "anonymousId=a1", "externalId=ios.id:d1"])
        #expect(try world.identifiers(of: "a2") == ["anonymousId=a2", "externalId=android.id:d1"])
    }

    @Test("an address that joins makes visitors one, but never two users")
    func emailJoins() async throws {
        let world = try World(rules: Self.rules { Self.set("email", in: &$0) { $0.use = .join } })
        try await world.play("""
            09:00  identify  anonymousId=a1  email=ada@wren.example
            09:01  identify  anonymousId=a2  email=ada@wren.example
            09:02  identify  anonymousId=a3 userId=u1  email=ada@wren.example
            09:03  identify  userId=u2  email=ada@wren.example
            """)
        #expect(try world.identifiers(of: "u1") == ["anonymousId=a1", "anonymousId=a2", "anonymousId=a3", "email=ada@wren.example", "userId=u1"])
        #expect(try world.identifiers(of: "u2") == ["userId=u2"])
    }

    @Test("blocked values are no identifiers, exactly or by a pattern, in either case, of one type or of any")
    func blocked() async throws {
        let world = try World(rules: Self.rules { $0.blocked = [IdentityRules.Blocked("*@test.example", type: "email"), IdentityRules.Blocked("demo-??"), IdentityRules.Blocked("Guest")] })
        try await world.play("""
            09:00  identify  userId=u1  email=QA@TEST.example
            09:01  identify  userId=demo-07 anonymousId=a1
            09:02  identify  userId=demo-007 anonymousId=a2
            09:03  identify  userId=GUEST anonymousId=a3
            09:04  track     userId=qa@test.example  Bought
            09:05  track     userId=guest  Seen
            """)
        #expect(try world.identifiers(of: "u1") == ["userId=u1"])
        #expect(try world.identifiers(of: "a1") == ["anonymousId=a1"])
        #expect(try world.identifiers(of: "a2") == ["anonymousId=a2", "userId=demo-007"])
        #expect(try world.identifiers(of: "a3") == ["anonymousId=a3"])
        #expect(try world.profile("qa@test.example") != nil)
        // Kept in the log, and nobody's.
        #expect(try world.profile("guest") == nil && world.stages.log.end == 6)
    }

    @Test("a limit holds within its window: the third device of a month is refused, that of the next month is not")
    func limits() async throws {
        let world = try World(rules: Self.rules { Self.set("anonymousId", in: &$0) { ($0.limit, $0.window) = (2, .month) } })
        try await world.play("""
            09:00     track  userId=u1 anonymousId=a1  One
            1d09:00   track  userId=u1 anonymousId=a2  Two
            2d09:00   track  userId=u1 anonymousId=a3  Three
            40d09:00  track  userId=u1 anonymousId=a4  Four
            """)
        #expect(try world.identifiers(of: "u1") == ["anonymousId=a1", "anonymousId=a2", "anonymousId=a4", "userId=u1"])
        #expect(world.reader.refusals(of: try #require(try world.profile("u1"))).map(\.edge.outcome) == [.limit])
    }

    @Test("whatever rules there were before, people are those of a server that had these from the beginning; and back again", arguments: Seed.some(6))
    func fromTheBeginning(seed: Seed) async throws {
        var random = Random(seed)
        let other = Self.rules { rules in
            Self.set("email", in: &rules) { $0.use = .join }
            Self.set("userId", in: &rules) { $0.limit = 2 }
            Self.set("anonymousId", in: &rules) { ($0.limit, $0.sharedBy) = (3, 4) }
            rules.blocked.append(IdentityRules.Blocked("a1?", type: "anonymousId"))
            rules.types.append(IdentityRules.TypeRule("plan", .attach, sharedBy: 2, paths: ["traits.plan"]))
        }
        let (changed, fresh) = (try World(), try World(rules: other))
        for step in 0..<60 {
            let calls = (0..<3).map { random.call(step * 3 + $0, now: Timestamp(clamping: changed.clock.now.milliseconds + Int64($0))) }
            for world in [changed, fresh] {
                world.clock.now = Timestamp(clamping: calls[2].receivedAt.milliseconds + 1000)
                try await world.send("{\"batch\":[\(calls.map(\.json).joined(separator: ","))]}")
            }
        }
        let usual = try HistoryTests.everything(changed)
        let difference = IdentityDifference(from: changed.stages.graph, to: fresh.stages.graph)
        #expect(difference.profilesAfter == fresh.profileCount && difference.profilesBefore == changed.profileCount)
        #expect((difference.joining + difference.parting > 0) == !difference.samples.isEmpty)
        try changed.restart(snapshots: random.chance(50), rules: other)
        #expect(try HistoryTests.everything(changed) == HistoryTests.everything(fresh))
        try changed.restart()
        #expect(try HistoryTests.everything(changed) == usual)
    }
}
