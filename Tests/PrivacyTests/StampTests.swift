import Privacy
import Synchronization
import Testing
import TestSupport
import Vocabulary

private let marketing = ConsentPurpose("marketing")

/// What a consent banner writes into every event, beside what people say elsewhere.
@Suite("Stamps of consent banners")
struct StampTests {
    private static let user = Identifier(.userId, "u1")
    private static let device = Identifier(.anonymousId, "d1")

    private func stamp(_ world: LedgerWorld, _ isGranted: Bool, of purpose: ConsentPurpose = marketing, at: Int64, by who: [Identifier] = [user]) throws {
        var fact = ConsentFact(identifiers: who, purpose: purpose, isGranted: isGranted, at: Timestamp(clamping: at), position: LogPosition(at))
        fact.isStamp = true
        try world.ledger.record([fact], upTo: LogPosition(at) + 1)
    }

    @Test("said again it is no new statement; changed and changed back it is one")
    func again() throws {
        let world = try LedgerWorld()
        try stamp(world, true, at: 10)
        try world.say(.withdrawn, ConsentScope(.everyMessage, context: .every), at: 20)
        for at in [30, 31, 5_000_000] as [Int64] { try stamp(world, true, at: at) }
        #expect(try world.reason() == .withdrawn && world.ledger.history(of: LedgerWorld.ada).count == 2)
        try stamp(world, false, at: 6_000_000)
        try stamp(world, true, at: 6_000_001)
        #expect(try world.reason() == .granted)
    }

    @Test("what comes late undoes nothing that is newer")
    func late() throws {
        let world = try LedgerWorld()
        try stamp(world, false, at: 10)
        try stamp(world, false, at: 30)
        try stamp(world, true, at: 20)
        try stamp(world, true, at: 30)
        try stamp(world, true, at: 5)
        #expect(try world.reason() == .withdrawn)
        try stamp(world, true, at: 31)
        #expect(try world.reason() == .granted)
    }

    @Test("a choice that turns out to be older than it seemed does not stand against what was said in between")
    func earlier() throws {
        let world = try LedgerWorld()
        try world.say(.withdrawn, ConsentScope(marketing, context: .every), at: 7)
        try stamp(world, true, at: 10)
        #expect(try world.reason() == .granted)
        try stamp(world, true, at: 5)
        #expect(try world.reason() == .withdrawn)
    }

    @Test("who signs in on a device has chosen what was chosen there, when it was")
    func signingIn() throws {
        let world = try LedgerWorld()
        try stamp(world, true, at: 10, by: [Self.device])
        try world.say(.withdrawn, ConsentScope(marketing), at: 12)
        try stamp(world, true, at: 15, by: [Self.user, Self.device])
        #expect(try world.reason() == .withdrawn && world.reason(of: [Self.device]) == .granted)
        try stamp(world, true, at: 20, by: [Self.user, Identifier(.anonymousId, "d2")])
        try stamp(world, true, at: 30, by: [Identifier(.anonymousId, "d2")])
        #expect(try world.ledger.history(of: [Identifier(.anonymousId, "d2")]).isEmpty)
    }

    @Test("a later yes by event counts from all that was one person by then, and from nothing else")
    func together() throws {
        let world = try LedgerWorld()
        let both = [Self.user, Self.device]
        try world.say(.withdrawn, ConsentScope(marketing), at: 10, by: [Self.device])
        var yes = ConsentFact(identifiers: [Self.user], purpose: marketing, isGranted: true, at: Timestamp(clamping: 20), position: 200)
        yes.statement = ConsentStatement(ConsentScope(marketing), .granted, at: Timestamp(clamping: 20), position: 200)
        try world.ledger.record([yes], upTo: 201)
        #expect(try world.reason(of: both) == .withdrawn, "nobody knows that they were one")
        world.ledger.together.set { identifier, position in position >= 200 ? Set(both) : [identifier] }
        #expect(try world.reason(of: both) == .granted)
        world.ledger.together.set { identifier, position in position >= 201 ? Set(both) : [identifier] }
        #expect(try world.reason(of: both) == .withdrawn, "they became one afterwards")
        try world.say(.withdrawn, ConsentScope(marketing), at: 30, by: [Self.device])
        world.ledger.together.set { _, _ in Set(both) }
        #expect(try world.reason(of: both) == .withdrawn)
    }

    @Test("a yes of who signs in on a device leaves the device's own no, unless they are known to be one")
    func borrowed() throws {
        for isTheirs in [false, true] {
            let world = try LedgerWorld()
            if isTheirs { world.ledger.together.set { _, _ in [Self.user, Self.device] } }
            try stamp(world, false, of: .analytics, at: 10, by: [Self.device])
            try stamp(world, true, of: .analytics, at: 20, by: [Self.user, Self.device])
            #expect(try world.ledger.permits(.analytics, for: [Self.user]))
            #expect(try world.ledger.permits(.analytics, for: [Self.user, Self.device]) == isTheirs)
            #expect(try !world.ledger.permits(.analytics, for: [Self.device]) && world.ledger.objects(Self.device, to: .analytics), "once it is taken from them, it objects")
            try stamp(world, false, of: .analytics, at: 30, by: [Self.user, Self.device])
            #expect(try !world.ledger.permits(.analytics, for: [Self.user]) && !world.ledger.permits(.analytics, for: [Self.device]), "a no is everybody's")
        }
    }

    @Test("the graph is asked once of each yes, however many identifiers object")
    func manyIdentifiers() throws {
        let world = try LedgerWorld()
        let all = [Self.user] + (0..<1000).map { Identifier(.anonymousId, "d\($0)") }
        try world.say(.withdrawn, ConsentScope(marketing), at: 10, by: all)
        for number in 0..<300 {
            let (at, position) = (Timestamp(clamping: Int64(20 + number)), LogPosition(20 + number))
            var yes = ConsentFact(identifiers: [Self.user], purpose: marketing, isGranted: true, at: at, position: position)
            yes.statement = ConsentStatement(ConsentScope(marketing), .granted, at: at, evidence: ConsentEvidence(wording: "w\(number)"), position: position)
            try world.ledger.record([yes], upTo: position + 1)
        }
        let (everyone, asked) = (Set(all), Count())
        world.ledger.together.set { _, position in
            asked.add()
            // Only by the first of them.
            return position < 21 ? everyone : []
        }
        #expect(try world.reason(of: all) == .granted)
        #expect(asked.value.withLock { $0 } <= 300)
    }
}

private final class Count: Sendable {
    let value = Mutex(0)
    func add() { value.withLock { $0 += 1 } }
}
