import EventLog
import Ingest
import Privacy
import TestSupport
import Testing
import Vocabulary

@Suite("Taking events in")
struct IngestTests {
    private static func event(_ id: String, user: String = "u1", more: String = "") -> String {
        #"{"type":"track","event":"Tea Tasted","userId":"\#(user)","messageId":"\#(id)"\#(more)}"#
    }

    @Test("a repeated messageId changes nothing: in one call, in the next, and after a restart")
    func duplicates() async throws {
        let world = try World()
        try await world.send("{\"batch\":[\(Self.event("m1")),\(Self.event("m2")),\(Self.event("m1"))]}")
        #expect(world.verdicts == [.accepted, .accepted, .duplicate])
        try await world.send(Self.event("m2"), as: .single(.track))
        try world.restart()
        try await world.send(Self.event("m1"), as: .single(.track))
        try world.restart(snapshots: false)
        try await world.send(Self.event("m2"), as: .single(.track))
        #expect(world.verdicts.suffix(3) == [.duplicate, .duplicate, .duplicate])
        #expect(try world.timeline(of: "u1").count == 2)
        #expect(world.stages.log.end == 2)
        #expect(world.stages.messages.position(source: world.source.number, messageId: Array("m2".utf8)) == 1)
    }

    @Test("a bad item costs only itself, and its messageId may come again when it is mended")
    func badItems() async throws {
        let world = try World()
        let answer = try await world.send("""
            {"batch":[\(Self.event("m1")),{"type":"track","userId":"u1","messageId":"m2"},7,{"type":"cook","messageId":"m3"},\(Self.event("m4"))]}
            """)
        #expect(world.verdicts == [.accepted, .quarantined, .quarantined, .quarantined, .accepted])
        #expect(answer.verdicts.map { $0.reasons.map(\.code) } == [
            [], ["event.name-missing"], ["event.not-object"], ["event.type-unknown", "event.no-identity"], [],
        ])
        #expect(answer.verdicts.map(\.messageId) == ["m1", "m2", nil, "m3", "m4"])
        #expect(answer.refusal == nil, "a batch is answered with success")
        #expect(try world.stages.ingest.quarantine.count() == 3)
        let single = try await world.send(#"{"userId":"u1","messageId":"m5"}"#, as: .single(.track))
        #expect(single.refusal?.status == 400)
        #expect(single.refusal?.explanation.code == "event.name-missing")
        try await world.send(Self.event("m2"), as: .single(.track))
        #expect(world.verdicts.last == .accepted)
    }

    @Test("of a suppressed person nothing is stored")
    func suppressed() async throws {
        let world = try World()
        try world.stages.suppression.add([Identifier(.userId, "u9")], at: world.clock.now)
        try await world.send("{\"batch\":[\(Self.event("m1", user: "u9", more: #","properties":{"tea":"lapsang-4711"}"#)),\(Self.event("m2"))]}")
        #expect(world.verdicts == [.suppressed, .accepted])
        #expect(world.stages.log.end == 1)
        #expect(world.folder.filesContaining("lapsang-4711") == [])
        try world.restart()
        #expect(world.stages.suppression.contains(Identifier(.userId, "u9")))
        #expect(!world.stages.suppression.contains(Identifier(.anonymousId, "u9")))
    }

    // MARK: - Consent

    private static func consent(_ id: String, _ isGranted: Bool, user: String = "u1") -> String {
        Self.event(id, user: user, more: #","context":{"consent":{"categoryPreferences":{"analytics":\#(isGranted),"email.offers":true}}}"#)
    }

    private static let ada = [Identifier(.userId, "u1")]

    @Test("a withdrawal is in force when its sender is answered, and the strictest answer wins")
    func consents() async throws {
        let world = try World()
        let ledger = { world.stages.ledger }
        #expect(try ledger().permits(.analytics, for: Self.ada), "granted by policy")
        #expect(try !ledger().permits(ConsentPurpose("email.offers"), for: Self.ada), "unknown is not yes")
        try await world.send(Self.consent("m1", false), as: .single(.track))
        #expect(try !ledger().permits(.analytics, for: Self.ada))
        #expect(try ledger().permits(ConsentPurpose("email.offers"), for: Self.ada))
        try await world.send(Self.consent("m2", true, user: "u2"), as: .single(.track))
        #expect(try !ledger().permits(.analytics, for: Self.ada + [Identifier(.userId, "u2")]))
        #expect(try world.stages.profiles.reader(for: .analytics).profile(Identifier(.userId, "u1")) == nil)
        #expect(try world.reader.profile(Identifier(.userId, "u1")) != nil)
    }

    @Test("a grant dated in the future is withdrawn like any other")
    func futureGrant() async throws {
        let world = try World()
        try await world.send(Self.event("m1", more: #","timestamp":"2099-01-01T00:00:00Z","context":{"consent":{"categoryPreferences":{"analytics":true}}}"#), as: .single(.track))
        #expect(try world.stages.ledger.permits(.analytics, for: Self.ada))
        world.clock.now = Timestamp(clamping: world.clock.now.milliseconds + 1000)
        try await world.send(Self.consent("m2", false), as: .single(.track))
        #expect(try !world.stages.ledger.permits(.analytics, for: Self.ada))
    }

    @Test("a withdrawal whose writing failed after the event was stored is not lost, and the event is there once")
    func ledgerFails() async throws {
        let world = try World()
        try await world.send(Self.event("m0"), as: .single(.track))
        try world.stages.execute("ALTER TABLE privacy_consent RENAME TO away")
        await #expect(throws: Refusal.self) { try await world.send(Self.consent("m1", false), as: .single(.track)) }
        try world.stages.execute("ALTER TABLE away RENAME TO privacy_consent")
        // The sender comes again, as a 503 asks.
        try await world.send(Self.consent("m1", false), as: .single(.track))
        #expect(try !world.stages.ledger.permits(.analytics, for: Self.ada))
        #expect(world.stages.log.end == 2, "stored once")
        #expect(try world.timeline(of: "u1").count == 2)
        try await world.send(Self.event("m2"), as: .single(.track))
        #expect(try world.timeline(of: "u1").count == 3)
        try world.restart(snapshots: false)
        #expect(try world.timeline(of: "u1").count == 3)
    }

    @Test("a withdrawal that was durable when the power went is in force after the start")
    func ledgerCatchesUp() async throws {
        let world = try World()
        try await world.send(Self.consent("m1", true), as: .single(.track))
        // The event reached the log, and the process ended before the ledger.
        try world.stages.log.write([Self.consent("m2", false)], at: Timestamp(clamping: world.clock.now.milliseconds + 1000))
        #expect(try !world.crashed().stages.ledger.permits(.analytics, for: Self.ada))
    }

    @Test("an older statement never replaces a newer one; of two at the same instant, the one that allows less stays", arguments: Seed.some(3))
    func ledgerOrder(seed: Seed) throws {
        var random = Random(seed)
        let world = try World()
        var best: [Int: (at: Int64, isGranted: Bool)] = [:]
        for number in 0..<200 {
            let person = random.below(4)
            let at = Int64(random.below(12))
            let isGranted = random.chance(50)
            let fact = ConsentFact(
                identifiers: [Identifier(.userId, "u\(person)")], purpose: .analytics, isGranted: isGranted, at: Timestamp(clamping: at), position: LogPosition(number))
            try world.stages.ledger.record([fact], upTo: LogPosition(number + 1))
            if let known = best[person], known.at > at || (known.at == at && !known.isGranted) { continue }
            best[person] = (at, isGranted)
        }
        for (person, answer) in best {
            #expect(try world.stages.ledger.permits(.analytics, for: [Identifier(.userId, "u\(person)")]) == answer.isGranted)
        }
        #expect(try world.stages.ledger.position() == 200)
    }
}
