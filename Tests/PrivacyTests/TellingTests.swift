import Privacy
import Storage
import Testing
import Vocabulary

@Suite("What is to be told of consent")
struct TellingTests {
    private static let ada = Identifier(.userId, "u1"), bob = Identifier(.userId, "u2")

    private func say(_ state: ConsentStatement.State, _ scope: ConsentScope = ConsentScope(ConsentPurpose("marketing")), at: Int64, by person: Identifier = ada, in world: LedgerWorld) throws {
        let statement = ConsentStatement(scope, state, at: Timestamp(clamping: at), evidence: ConsentEvidence(basis: "consent", wording: "w", proof: "form 17", source: "api"))
        try world.ledger.state([ConsentSaying([person], [statement], toldBy: [person])], at: Timestamp(clamping: 1000))
    }

    private func untold(_ world: LedgerWorld) throws -> [String] { try world.ledger.untold(limit: 100).map { "\($0.person.text) \($0.statement.state.name) \($0.statement.at.milliseconds)" } }

    @Test("in the order in which it came into force, until it was told; how we know of it stays behind")
    func order() throws {
        let world = try LedgerWorld()
        try say(.granted, at: 10, in: world)
        try say(.withdrawn, at: 20, by: Self.bob, in: world)
        #expect(try untold(world) == ["u1 granted 10", "u2 withdrawn 20"])
        let first = try #require(try world.ledger.untold(limit: 1).first)
        #expect(first.statement.evidence == ConsentEvidence(source: "api"))
        try world.ledger.told(upTo: first.number)
        #expect(try untold(world) == ["u2 withdrawn 20"])
        try world.ledger.told(upTo: .max)
        try say(.granted, at: 30, in: world)
        #expect(try #require(try world.ledger.untold(limit: 1).first).number > first.number + 1, "no number is given out twice")
    }

    @Test("what is older than what stands is not told, and of one moment only what stands", arguments: [
        (ConsentStatement.State.withdrawn, Int64(20), ConsentStatement.State.granted, Int64(10), ["u1 withdrawn 20"]), (.withdrawn, 20, .granted, 20, ["u1 withdrawn 20"]), (.granted, 20, .withdrawn, 20, ["u1 granted 20", "u1 withdrawn 20"]),
        (.withdrawn, 20, .granted, 21, ["u1 withdrawn 20", "u1 granted 21"]),
    ])
    func older(first: ConsentStatement.State, firstAt: Int64, second: ConsentStatement.State, secondAt: Int64, told: [String]) throws {
        let world = try LedgerWorld()
        try say(first, at: firstAt, in: world)
        try say(second, at: secondAt, in: world)
        #expect(try untold(world) == told)
    }

    @Test("of one call in the order of its own time, and only what stands; a no by every name and mailbox, anything else by the first")
    func together() throws {
        let world = try LedgerWorld()
        let mailbox = Identifier(.email, "u1@tea.example")
        func saying(_ state: ConsentStatement.State, at: Int64, _ speakers: [Identifier], toldBy tellers: [Identifier]) -> ConsentSaying {
            ConsentSaying(speakers, [ConsentStatement(ConsentScope(ConsentPurpose("marketing")), state, at: Timestamp(clamping: at), evidence: ConsentEvidence(source: "api"))], toldBy: tellers)
        }
        try world.ledger.state([saying(.withdrawn, at: 20, [Self.ada], toldBy: [Self.ada]), saying(.granted, at: 10, [Self.ada], toldBy: [Self.ada])], at: Timestamp(clamping: 1000))
        #expect(try untold(world) == ["u1 withdrawn 20"])
        try world.ledger.told(upTo: .max)
        try world.ledger.state([saying(.granted, at: 40, [Self.ada, mailbox], toldBy: [Self.ada, Self.bob]), saying(.withdrawn, at: 30, [Self.ada, mailbox], toldBy: [Self.ada, Self.bob])], at: Timestamp(clamping: 1000))
        #expect(try untold(world) == ["u2 withdrawn 30", "u1 granted 40"])
        try world.ledger.told(upTo: .max)
        try world.ledger.state([saying(.withdrawn, at: 50, [Self.ada, mailbox], toldBy: [Self.ada, Self.bob]), saying(.granted, at: 60, [Identifier(.email, " U3@tea.example")], toldBy: [])], at: Timestamp(clamping: 1000))
        #expect(try untold(world) == ["u1 withdrawn 50", "u2 withdrawn 50", "u1@tea.example withdrawn 50", "u3@tea.example granted 60"])
    }

    @Test("nothing of whom, and nothing about an account that, was forgotten")
    func forgotten() throws {
        let world = try LedgerWorld()
        try say(.granted, at: 10, in: world)
        try say(.granted, ConsentScope(ConsentPurpose("marketing"), context: .account("acme")), at: 20, by: Self.bob, in: world)
        try say(.granted, at: 30, by: Self.bob, in: world)
        #expect(try world.ledger.erase(ErasureSubject(identifiers: [Self.ada], positions: [])) > 0)
        #expect(try untold(world) == ["u2 granted 20", "u2 granted 30"])
        #expect(try world.ledger.erase(ErasureSubject(identifiers: [Identifier(.groupId, "acme")], positions: [])) > 0)
        #expect(try untold(world) == ["u2 granted 30"])
    }
}
