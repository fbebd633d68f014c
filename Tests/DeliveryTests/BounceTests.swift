import Delivery
import Identity
import Privacy
import Storage
import Testing
import TestSupport
import Vocabulary

@Suite("Bounces")
struct BounceTests {
    private struct World {
        let folder = TemporaryFolder()
        let ledger: ConsentLedger
        let bounces: BounceLedger
        init() throws {
            let database = try DatabaseFile(path: "\(folder.path)/w.sqlite", migrations: SuppressionList.migrations + ConsentLedger.migrations + BounceLedger.migrations)
            ledger = try ConsentLedger(database, key: MailWorld.key)
            bounces = try BounceLedger(database, ledger: ledger)
        }
        func bounce(_ address: String, hard: Bool, mailed: Bool = true, at: Int64 = 0) throws -> BounceLedger.Verdict {
            try bounces.bounced(address, isHard: hard, wasAccepted: mailed, maximum: 4, restHours: 72, at: Timestamp(clamping: MailWorld.start + at))
        }
        func accept(_ address: String, at: Int64 = 0) throws { try bounces.accepted(address, at: Timestamp(clamping: MailWorld.start + at)) }
        func isSuppressed(_ address: String) throws -> Bool { try ledger.suppression(ofAddress: address) != nil }
        func rests(_ address: String, at: Int64 = 0) throws -> Bool { try bounces.rest(of: address, now: Timestamp(clamping: MailWorld.start + at)) != nil }
    }

    @Test("fault 48: a hard one suppresses at once, and only that address")
    func hard() throws {
        let world = try World()
        #expect(try world.bounce("Ada@example.com", hard: true) == .suppressed)
        #expect(try world.isSuppressed("ada@example.com") && !world.isSuppressed("bob@example.com"))
    }

    @Test("fault 52: soft ones are counted, and the fourth in a row makes the address rest, for a time")
    func soft() throws {
        let world = try World()
        for _ in 0..<3 { #expect(try world.bounce("ada@example.com", hard: false) == .counted) }
        #expect(try !world.rests("ada@example.com"))
        #expect(try world.bounce("ada@example.com", hard: false) == .resting)
        #expect(try world.rests("ADA@example.com", at: 71 * 3_600_000) && !world.rests("ada@example.com", at: 73 * 3_600_000))
        #expect(try !world.isSuppressed("ada@example.com"))
    }

    @Test("a report that is handed in again counts once and says what it said, until its person is forgotten")
    func repeated() throws {
        let world = try World()
        func report(_ key: String, hard: Bool = false, at: Int64 = 0) throws -> BounceLedger.Verdict {
            let mark = MailMark(key: key, profile: try #require(ProfileID("prf_0000000000001")), address: "ada@example.com", MailWorld.key)
            return try world.bounces.reported(mark, "ada@example.com", isHard: hard, maximum: 4, restHours: 72, at: Timestamp(clamping: MailWorld.start + at))
        }
        for key in ["a", "b", "c"] { for _ in 0..<5 { #expect(try report(key) == .counted) } }
        #expect(try !world.rests("ada@example.com"))
        #expect(try report("d") == .resting)
        #expect(try report("d", hard: true) == .suppressed, "a hard one of the same message says more")
        #expect(try world.ledger.unsuppress(address: "ada@example.com"))
        #expect(try report("d", hard: true) == .suppressed && !world.isSuppressed("ada@example.com"))
        #expect(try world.bounces.erase(ErasureSubject(identifiers: [Identifier(.email, "ada@example.com")], positions: [])) > 0)
        #expect(try report("a") == .counted && report("d", hard: true) == .suppressed && world.isSuppressed("ada@example.com"))
    }

    @Test("mail that is taken over and does not come back heals; one that may still come back does not")
    func healing() throws {
        let world = try World()
        for _ in 0..<3 { _ = try world.bounce("ada@example.com", hard: false) }
        // This one comes back, so it is the fourth in a row.
        try world.accept("ada@example.com")
        #expect(try world.bounce("ada@example.com", hard: false) == .resting)
        let other = try World()
        for _ in 0..<3 { _ = try other.bounce("ada@example.com", hard: false) }
        try other.accept("ada@example.com")
        try other.accept("ada@example.com")
        #expect(try other.bounce("ada@example.com", hard: false) == .counted)
    }

    @Test("a domain that gives everything back is out of order: nobody of it is suppressed, also those who came first")
    func outage() throws {
        let world = try World()
        let people = (0..<20).map { "p\($0)@out.example" }
        for person in people { try world.accept(person) }
        let verdicts = try people.map { try world.bounce($0, hard: true) }
        #expect(verdicts.last == .outage)
        for person in people { #expect(try !world.isSuppressed(person)) }
        #expect(try world.rests("p0@out.example") && !world.rests("p0@out.example", at: 3 * 3_600_000))
        // A few bad addresses among many good ones are bad addresses.
        for number in 0..<100 { try world.accept("q\(number)@fine.example") }
        for number in 0..<8 { #expect(try world.bounce("q\(number)@fine.example", hard: true) == .suppressed) }
        #expect(try world.isSuppressed("q0@fine.example"))
    }

    @Test("a start does not take mailboxes that come back for an outage of their domain, nor an outage for mailboxes that come back")
    func restarted() throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let database = try DatabaseFile(path: "\(folder.path)/w.sqlite", migrations: SuppressionList.migrations + ConsentLedger.migrations + BounceLedger.migrations)
        let ledger = try ConsentLedger(database, key: MailWorld.key)
        let now = Timestamp(clamping: MailWorld.start)
        let before = try BounceLedger(database, ledger: ledger)
        for number in 0..<40 { try before.accepted("p\(number)@fine.example", at: now) }
        for number in 0..<8 { try before.accepted("p\(number)@out.example", at: now) }
        try before.keep(at: now)
        let after = try BounceLedger(database, ledger: ledger)
        func bounce(_ address: String) throws -> BounceLedger.Verdict { try after.bounced(address, isHard: true, wasAccepted: true, maximum: 4, restHours: 72, at: Timestamp(clamping: MailWorld.start + 60_000)) }
        for number in 0..<8 { #expect(try bounce("p\(number)@fine.example") == .suppressed) }
        for number in 0..<8 { _ = try bounce("p\(number)@out.example") }
        for number in 0..<8 { #expect(try ledger.suppression(ofAddress: "p\(number)@fine.example") != nil && ledger.suppression(ofAddress: "p\(number)@out.example") == nil) }
    }

    @Test("mailboxes that came back before a start and after it are of one outage", arguments: [true, false])
    func outageOverAStart(isPolite: Bool) throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let database = try DatabaseFile(path: "\(folder.path)/w.sqlite", migrations: SuppressionList.migrations + ConsentLedger.migrations + BounceLedger.migrations)
        let ledger = try ConsentLedger(database, key: MailWorld.key)
        func bounce(_ bounces: BounceLedger, _ address: String, after seconds: Int64) throws -> BounceLedger.Verdict {
            try bounces.bounced(address, isHard: true, wasAccepted: false, maximum: 4, restHours: 72, at: Timestamp(clamping: MailWorld.start + seconds * 1000))
        }
        let before = try BounceLedger(database, ledger: ledger)
        for number in 0..<4 { #expect(try bounce(before, "p\(number)@out.example", after: 10) == .suppressed) }
        if isPolite { try before.keep(at: Timestamp(clamping: MailWorld.start + 20_000)) }
        let after = try BounceLedger(database, ledger: ledger)
        for number in 4..<8 { _ = try bounce(after, "p\(number)@out.example", after: 60) }
        for number in 0..<8 { #expect(try ledger.suppression(ofAddress: "p\(number)@out.example") == nil) }
        // Long ago is no outage of now.
        let late = try BounceLedger(database, ledger: ledger)
        for number in 8..<12 { #expect(try bounce(late, "p\(number)@out.example", after: 3 * 3600) == .suppressed) }
    }

    @Test("what people chose and complained about is not pardoned by an outage")
    func chosen() throws {
        let world = try World()
        #expect(try world.bounces.complained("p0@out.example", sent: 1000, perMille: 0, at: Timestamp(clamping: MailWorld.start)) == .complaint)
        for number in 0..<10 { _ = try world.bounce("p\(number)@out.example", hard: true, mailed: false) }
        #expect(try world.isSuppressed("p0@out.example"))
        #expect(try !world.isSuppressed("p1@out.example"))
    }

    @Test("nor is it where the address had bounced before")
    func chosenAfterBounce() throws {
        let world = try World()
        _ = try world.bounce("p0@out.example", hard: true, mailed: false)
        #expect(try world.isSuppressed("p0@out.example"))
        #expect(try world.bounces.complained("p0@out.example", sent: 1000, perMille: 0, at: Timestamp(clamping: MailWorld.start)) == .complaint)
        for number in 1..<10 { _ = try world.bounce("p\(number)@out.example", hard: true, mailed: false) }
        #expect(try world.isSuppressed("p0@out.example"))
        #expect(try !world.isSuppressed("p1@out.example"))
    }

    @Test("what is counted of a person goes with them")
    func erasure() throws {
        let world = try World()
        for _ in 0..<4 { _ = try world.bounce("ada@example.com", hard: false) }
        #expect(try world.bounces.erase(ErasureSubject(identifiers: [Identifier(.email, "ada@example.com")], positions: [])) == 1)
        #expect(try !world.rests("ada@example.com"))
    }
}
