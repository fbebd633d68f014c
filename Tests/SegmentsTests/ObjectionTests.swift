import Columnar
import Privacy
import Profiles
import Segments
import Storage
import TestSupport
import Testing
import Vocabulary

@Suite("Who objects to analytics is left out of every question")
struct ObjectionTests {
    private static func event(_ ids: String, consent: Bool? = nil, at: String = "2026-06-27T09:00:00Z") -> String {
        let context = consent.map { ",\"context\":{\"consent\":{\"categoryPreferences\":{\"analytics\":\($0)}}}" } ?? ""
        return "{\"batch\":[{\"type\":\"track\",\"event\":\"Tea Tasted\",\"timestamp\":\"\(at)\",\(ids)\(context)}]}"
    }

    private static func count(_ engine: SegmentEngine, _ text: String = "did \"Tea Tasted\"") throws -> Int {
        try engine.rows(Condition(text: text), at: Moment(asOf: Timestamp("2026-07-01")!), in: try engine.view()).reduce(0) { $0 + $1.count }
    }

    @Test("from the moment at which it is said until it is taken back")
    func objecting() async throws {
        let world = try World(clock: StoryClock(Timestamp("2026-06-28")!))
        let engine = try world.engine()
        try await world.send(Self.event("\"userId\":\"ada\""))
        try await world.send(Self.event("\"userId\":\"bob\""))
        #expect(try Self.count(engine) == 2)
        #expect(try Self.count(engine, "everyone") == 2)

        try await world.send(Self.event("\"userId\":\"ada\"", consent: false, at: "2026-06-27T10:00:00Z"))
        #expect(try Self.count(engine) == 1)
        #expect(try Self.count(engine, "not did \"Tea Tasted\"") == 0)
        #expect(try Self.count(engine, "everyone") == 1)

        // An older grant that arrives later changes nothing; a newer one does.
        try await world.send(Self.event("\"userId\":\"ada\"", consent: true, at: "2026-06-27T09:30:00Z"))
        #expect(try Self.count(engine) == 1)
        try await world.send(Self.event("\"userId\":\"ada\"", consent: true, at: "2026-06-27T11:00:00Z"))
        #expect(try Self.count(engine) == 2)
    }

    @Test("with all that turns out to be theirs, also after a restart")
    func merging() async throws {
        let folder = TemporaryFolder()
        let clock = StoryClock(Timestamp("2026-06-28")!)
        do {
            let world = try World(in: folder, clock: clock)
            let engine = try world.engine()
            try await world.send(Self.event("\"anonymousId\":\"device\"", consent: false))
            try await world.send(Self.event("\"userId\":\"ada\""))
            #expect(try Self.count(engine) == 1)
            // The device is Ada's: what it said holds for her.
            try await world.send(Self.event("\"userId\":\"ada\",\"anonymousId\":\"device\""))
            #expect(try Self.count(engine) == 0)
            try world.stages.checkpoint()
        }
        let again = try World(in: folder, clock: clock)
        #expect(try Self.count(try again.engine()) == 0)
        try await again.send(Self.event("\"messageId\":\"bob1\",\"userId\":\"bob\""))
        #expect(try Self.count(try again.engine()) == 1)
    }

    @Test("until they say yes, signed in; what somebody else says on their device is not theirs")
    func signingIn() async throws {
        let world = try World(clock: StoryClock(Timestamp("2026-06-28")!))
        let engine = try world.engine()
        let (device, ada, bob) = ("\"anonymousId\":\"device\"", "\"userId\":\"ada\",\"anonymousId\":\"device\"", "\"userId\":\"bob\",\"anonymousId\":\"device\"")
        try await world.send(Self.event(device, consent: false, at: "2026-06-27T10:00:00Z"))
        try await world.send(Self.event(ada, at: "2026-06-27T10:01:00Z"))
        #expect(try Self.count(engine) == 0)
        try await world.send(Self.event(ada, consent: true, at: "2026-06-27T11:00:00Z"))
        #expect(try Self.count(engine) == 1)
        try await world.send(Self.event(device, consent: false, at: "2026-06-27T12:00:00Z"))
        try await world.send(Self.event(bob, at: "2026-06-27T12:01:00Z"))
        try await world.send(Self.event(bob, consent: true, at: "2026-06-27T13:00:00Z"))
        #expect(try Self.count(engine) == 1, "Bob alone")
    }

    @Test("and leaves a segment whose members are live")
    func leaving() async throws {
        let world = try World(clock: StoryClock(Timestamp("2026-06-28")!))
        let engine = try world.engine()
        let store = try SegmentStore(Documents(world.stages.database))
        let live = LiveSegments(engine: engine, store: store) { Timestamp("2026-06-28")! }
        let tasters = try store.create(id: "seg_1", name: "Tasters", note: "", condition: Condition(text: "did \"Tea Tasted\""), zone: .utc, author: "ada", at: Timestamp("2026-06-28")!)
        live.segmentsChanged()
        world.stages.follow { live.applied(touched: $0, merged: $1) }
        live.settle()
        try await world.send(Self.event("\"userId\":\"ada\""))
        live.settle()
        #expect(live.size(of: tasters.id) == 1)
        try await world.send(Self.event("\"userId\":\"ada\"", consent: false, at: "2026-06-27T10:00:00Z"))
        live.settle()
        #expect(live.size(of: tasters.id) == 0)
    }
}
