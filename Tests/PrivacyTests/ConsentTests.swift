import Privacy
import Storage
import Synchronization
import Testing
import TestSupport
import Vocabulary

/// A ledger in a folder of its own.
struct LedgerWorld {
    let folder = TemporaryFolder()
    let ledger: ConsentLedger
    let database: DatabaseFile
    static let key = WorkspaceKey(bytes: (0..<32).map { UInt8($0) })

    init() throws {
        database = try DatabaseFile(path: "\(folder.path)/w.sqlite", migrations: SuppressionList.migrations + ConsentLedger.migrations)
        ledger = try ConsentLedger(database, key: Self.key)
    }

    static let ada = [Identifier(.userId, "u1")]

    func say(_ state: ConsentStatement.State, _ scope: ConsentScope, at: Int64, until: Int64? = nil, by who: [Identifier] = ada) throws {
        try ledger.state([ConsentStatement(scope, state, until: until.map(Timestamp.init(clamping:)), at: Timestamp(clamping: at))], of: who, at: Timestamp(clamping: at))
    }

    func reason(_ purpose: String = "marketing", channel: String = "email", topic: String = "offers", context: ConsentContext = .personal, address: String? = nil, now: Int64 = 1_000_000, of who: [Identifier] = ada) throws
        -> ConsentDecision.Reason
    {
        try ledger.decide(ConsentQuestion(ConsentPurpose(purpose), channel: channel, topic: topic, context: context, address: address), for: who, now: Timestamp(clamping: now)).reason
    }
}

private let marketing = ConsentPurpose("marketing")

@Suite("What people said, and what follows")
struct ConsentTests {
    @Test("unknown is not yes; the policy's purposes are granted until somebody objects")
    func unknown() throws {
        let world = try LedgerWorld()
        #expect(try world.reason() == .unknown)
        #expect(try world.reason("service") == .policy)
        try world.say(.withdrawn, ConsentScope(.service), at: 5)
        #expect(try world.reason("service") == .withdrawn)
        #expect(try world.reason(of: []) == .nobody)
    }

    @Test("a statement speaks of what lies within it, and of nothing else")
    func covering() throws {
        let world = try LedgerWorld()
        try world.say(.granted, ConsentScope(marketing, channel: "email"), at: 10)
        #expect(try world.reason() == .granted && world.reason(topic: "news") == .granted)
        #expect(try world.reason(channel: "sms") == .unknown && world.reason("research") == .unknown)
        #expect(try world.reason(context: .account("wren")) == .unknown)
        try world.say(.granted, ConsentScope(marketing, context: .account("wren")), at: 11)
        #expect(try world.reason(context: .account("wren")) == .granted && world.reason(context: .account("other")) == .unknown)
    }

    @Test("a later yes to one topic stands against leaving everything, and nothing wider or earlier does")
    func specific() throws {
        let world = try LedgerWorld()
        try world.say(.granted, ConsentScope(marketing), at: 10)
        try world.say(.withdrawn, ConsentScope(.everyMessage, context: .every), at: 20)
        #expect(try world.reason() == .withdrawn)
        try world.say(.granted, ConsentScope(marketing, channel: "email", topic: "offers"), at: 30)
        #expect(try world.reason() == .granted && world.reason(topic: "news") == .withdrawn && world.reason(channel: "sms") == .withdrawn)
        try world.say(.withdrawn, ConsentScope(marketing, channel: "email", topic: "offers"), at: 40)
        try world.say(.granted, ConsentScope(marketing), at: 50)
        #expect(try world.reason() == .withdrawn, "a wide yes does not undo a no about one topic")
        #expect(try world.reason(topic: "news") == .granted, "though it undoes an older no about everything")
        try world.say(.granted, ConsentScope(.everyMessage, context: .every), at: 60)
        #expect(try world.reason() == .withdrawn)
        #expect(try world.reason("service") == .policy, "leaving all messages is no objection to the service")
    }

    @Test("of one moment, the statement that allows less stands")
    func ties() throws {
        let world = try LedgerWorld()
        try world.say(.withdrawn, ConsentScope(marketing), at: 10)
        try world.say(.granted, ConsentScope(marketing), at: 10)
        #expect(try world.reason() == .withdrawn)
        try world.say(.granted, ConsentScope(marketing), at: 11)
        #expect(try world.reason() == .granted)
    }

    @Test("a yes as a member of an account is leave only while one is a member; an objection stays what it is")
    func memberships() throws {
        let world = try LedgerWorld()
        let members = Mutex<Set<String>>(["acme"])
        let left = Timestamp(clamping: 500)
        world.ledger.isMember.set { who, account, asOf in who == LedgerWorld.ada && (members.withLock { $0.contains(account) } || account == "acme" && asOf.map { $0 < left } ?? false) }
        try world.say(.granted, ConsentScope(marketing, context: .every), at: 10)
        try world.say(.withdrawn, ConsentScope(marketing, channel: "sms", context: .account("acme")), at: 20)
        #expect(try world.reason(context: .account("acme")) == .granted && world.reason(context: .account("other")) == .notAMember && world.reason("service", context: .account("other")) == .notAMember)
        let question = ConsentQuestion(marketing, channel: "email", context: .account("acme"))
        let asked = try world.ledger.consult([(question, LedgerWorld.ada)], now: Timestamp(clamping: 600))[0]
        members.withLock { $0 = [] }
        switch try world.ledger.permit(asked) {
        case .granted: Issue.record("nothing was written down in the ledger, and yet it must ask again")
        case .refused(let decision): #expect(decision.reason == .notAMember)
        }
        #expect(try world.reason(context: .account("acme")) == .notAMember && world.reason() == .granted && world.reason(channel: "sms", context: .account("acme")) == .withdrawn)
        let scope = ConsentScope(marketing, channel: "email", context: .account("acme"))
        #expect(try world.ledger.decision(on: scope, of: LedgerWorld.ada, asOf: Timestamp(clamping: 499)).reason == .granted && world.ledger.decision(on: scope, of: LedgerWorld.ada, asOf: left).reason == .notAMember)
        #expect(try world.ledger.decisions(on: [scope], of: LedgerWorld.ada, asOf: left, ignoringMemberships: true)[0].reason == .granted)
    }

    @Test("a pause ends at its instant, and everything is as before")
    func pauses() throws {
        let world = try LedgerWorld()
        try world.say(.granted, ConsentScope(marketing, channel: "email"), at: 10)
        try world.say(.paused, ConsentScope(.everyMessage, context: .every), at: 20, until: 100)
        #expect(try world.reason(now: 99) == .paused && world.reason(now: 100) == .granted && world.reason(channel: "sms", now: 100) == .unknown)
        try world.say(.granted, ConsentScope(marketing, channel: "email", topic: "offers"), at: 30)
        #expect(try world.reason(now: 99) == .paused, "a yes to less does not end it")
        try world.say(.paused, ConsentScope(.everyMessage, context: .every), at: 40, until: 40)
        #expect(try world.reason(now: 50) == .granted, "another pause, which ends at once, takes its place")
    }

    @Test("joining people never makes a yes of a no")
    func merging() throws {
        let world = try LedgerWorld()
        let other = [Identifier(.userId, "u2")]
        try world.say(.granted, ConsentScope(marketing), at: 50)
        try world.say(.withdrawn, ConsentScope(marketing), at: 10, by: other)
        #expect(try world.reason() == .granted && world.reason(of: other) == .withdrawn)
        #expect(try world.reason(of: LedgerWorld.ada + other) == .withdrawn)
        #expect(try world.reason(of: LedgerWorld.ada + [Identifier(.email, "ada@wren.example")]) == .granted, "an identifier of which nothing was said says nothing")
    }

    @Test("a yes by API stands under what it names, and counts for what was theirs by then; an objection stands under everything")
    func parting() throws {
        let world = try LedgerWorld()
        let (other, device) = ([Identifier(.userId, "u2")], [Identifier(.anonymousId, "d1")])
        let all = LedgerWorld.ada + device + other
        let isOne = Mutex(true)
        // u1 and the device since event 5, u2 with them since event 7 until that is undone.
        world.ledger.together.set { identifier, position in
            let both = Set((position >= 5 ? LedgerWorld.ada + device : []) + (position >= 7 && isOne.withLock { $0 } ? other : []))
            return both.contains(identifier) ? both : [identifier]
        }
        func say(_ state: ConsentStatement.State, _ purpose: ConsentPurpose, at: Int64, after position: LogPosition) throws {
            let said = ConsentStatement(ConsentScope(purpose), state, at: Timestamp(clamping: at))
            try world.ledger.state([ConsentSaying(LedgerWorld.ada, known: all, [said])], after: position, at: Timestamp(clamping: at))
        }
        for purpose in [marketing, .service] { try world.say(.withdrawn, ConsentScope(purpose), at: 10, by: other) }
        try say(.withdrawn, ConsentPurpose("research"), at: 15, after: 9)
        try say(.granted, marketing, at: 20, after: 6)
        #expect(try world.reason(of: all) == .withdrawn, "said before the two were one")
        for purpose in [marketing, .service] { try say(.granted, purpose, at: 30, after: 9) }
        #expect(try world.reason(of: all) == .granted && world.ledger.history(of: all).count == 6)
        #expect(try world.reason(of: device) == .unknown && world.reason(of: other) == .withdrawn, "nobody else has said so")
        #expect(try world.ledger.permits(.service, for: all) && !world.ledger.permits(.service, for: other))
        isOne.withLock { $0 = false }
        #expect(try world.reason(of: LedgerWorld.ada + device) == .granted && world.reason(of: other) == .withdrawn)
        #expect(try world.ledger.permits(.service, for: LedgerWorld.ada + device) && !world.ledger.permits(.service, for: other))
        #expect(try world.reason("research", of: other) == .withdrawn && world.reason("research", of: device) == .withdrawn)
        try say(.granted, ConsentPurpose("research"), at: 40, after: 9)
        #expect(try world.reason("research", of: LedgerWorld.ada + device) == .granted && world.reason("research", of: other) == .withdrawn)
    }

    @Test("history tells everything, and what it came to at any instant")
    func history() throws {
        let world = try LedgerWorld()
        try world.say(.granted, ConsentScope(marketing), at: 10)
        try world.say(.withdrawn, ConsentScope(marketing), at: 20)
        #expect(try world.ledger.history(of: LedgerWorld.ada).map(\.state) == [.withdrawn, .granted])
        #expect(try world.ledger.history(of: LedgerWorld.ada, asOf: Timestamp(clamping: 19)).map(\.state) == [.granted])
        func then(_ instant: Int64) throws -> ConsentDecision.Reason {
            try world.ledger.decision(on: ConsentScope(marketing, channel: "email"), of: LedgerWorld.ada, asOf: Timestamp(clamping: instant)).reason
        }
        #expect(try then(9) == .unknown && then(10) == .granted && then(19) == .granted && then(20) == .withdrawn)
    }

    @Test("erasure takes the statements, and leaves a suppressed address as a hash")
    func erasure() throws {
        let world = try LedgerWorld()
        try world.say(.granted, ConsentScope(marketing), at: 10)
        try world.ledger.suppress(address: " Ada@Wren.example", .complained, at: Timestamp(clamping: 10))
        #expect(try world.reason(address: "ada@wren.example") == .addressSuppressed && world.reason(address: "eve@wren.example") == .granted)
        #expect(try world.ledger.erase(ErasureSubject(identifiers: LedgerWorld.ada, positions: [])) > 0)
        #expect(try world.ledger.history(of: LedgerWorld.ada).isEmpty && world.reason() == .unknown)
        #expect(try world.reason(address: "ADA@wren.example") == .addressSuppressed)
        #expect(try world.ledger.unsuppress(address: "ada@wren.example") && !world.ledger.unsuppress(address: "ada@wren.example"))
    }

    @Test("an address that was suppressed before addresses had one form is still found, and let go")
    func suppressedBefore() throws {
        let world = try LedgerWorld()
        let (address, one) = ("ada@münchen.example", "ada@xn--mnchen-3ya.example")
        try world.ledger.suppress(address: address, .complained, at: Timestamp(clamping: 10))
        let ledger = try ConsentLedger(world.database, key: LedgerWorld.key) { $0 == address ? one : $0 }
        let question = ConsentQuestion(marketing, channel: "email", address: "Ada@München.example")
        #expect(try ledger.suppression(ofAddress: address)?.reason == "complained")
        #expect(try ledger.decide(question, for: LedgerWorld.ada, now: Timestamp(clamping: 20)).reason == .addressSuppressed)
        try ledger.suppress(address: one, .manual, at: Timestamp(clamping: 30))
        #expect(try ledger.unsuppress(address: address) && ledger.suppression(ofAddress: address) == nil && !ledger.unsuppress(address: address))
        #expect(try ledger.suppression(ofAddress: one) == nil)
    }

    @Test("decisions agree with a slow obvious reader of the rules on random statements", arguments: Seed.some(8))
    func agreement(seed: Seed) throws {
        var random = Random(seed)
        for _ in 0..<50 {
            let world = try LedgerWorld()
            var said: [ConsentStatement] = []
            for _ in 0..<random.below(7) {
                let scope = ConsentScope(
                    random.pick([marketing, .everyMessage, ConsentPurpose("research")]), channel: random.pick(["", "email", "sms"]), topic: random.pick(["", "offers"]),
                    context: random.pick([ConsentContext.personal, .every, .account("wren")]))
                let state = random.pick(ConsentStatement.State.allCases)
                let at = Int64(random.below(6))
                let until = state == .paused ? Int64(random.below(12)) : nil
                said.append(ConsentStatement(scope, state, until: until.map(Timestamp.init(clamping:)), at: Timestamp(clamping: at)))
                try world.say(state, scope, at: at, until: until)
            }
            for channel in ["email", "sms"] {
                for context in [ConsentContext.personal, .account("wren")] {
                    let wanted = SlowConsent.reason(marketing, channel, "offers", context, said, now: 6)
                    #expect(try world.reason(channel: channel, context: context, now: 6) == wanted, "seed \(seed.value): \(said)")
                }
            }
        }
    }

    @Test("FAULTS 53: a withdrawal is refused at the very next decision, whoever asks meanwhile")
    func races() async throws {
        let world = try LedgerWorld()
        let ledger = world.ledger
        let wrong = Flag()
        let question = ConsentQuestion(marketing, channel: "email")
        let people = (0..<(isSoak ? 100_000 : 2000)).map { [Identifier(.userId, "r\($0)")] }
        let yes = ConsentStatement(ConsentScope(marketing), .granted, at: Timestamp(clamping: 10))
        try ledger.state(people.map { ConsentSaying($0, [yes]) }, at: Timestamp(clamping: 10))
        for who in people {
            let isWithdrawn = Flag()
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    try? ledger.state([ConsentStatement(ConsentScope(marketing), .withdrawn, at: Timestamp(clamping: 20))], of: who, at: Timestamp(clamping: 20))
                    isWithdrawn.raise()
                }
                group.addTask {
                    for _ in 0..<4 {
                        // Whatever was acknowledged before the question must be in the answer.
                        let wasWithdrawn = isWithdrawn.isRaised
                        let decision = try? ledger.decide(question, for: who, now: Timestamp(clamping: 100))
                        if wasWithdrawn, decision?.isPermitted != false { wrong.raise() }
                    }
                }
            }
            if try ledger.decide(question, for: who, now: Timestamp(clamping: 100)).isPermitted { wrong.raise() }
        }
        #expect(!wrong.isRaised)
    }

    @Test("FAULTS 93: a link is read back whole, and any change of it is refused", arguments: [("", false), ("p_2", false), ("p_2", true), ("", true)])
    func links(address: String, hasHash: Bool) throws {
        let world = try LedgerWorld()
        let hash = hasHash ? world.ledger.emailHash("Ada@Wren.example") : []
        #expect(!hasHash || hash == world.ledger.emailHash(" ada@wren.example"))
        let link = PreferenceLink(profile: "p_1", scope: ConsentScope(marketing, channel: "email", topic: "offers", context: .account("wren")), address: address, hash: hash)
        let token = world.ledger.token(for: link)
        #expect(world.ledger.link(token: token) == link)
        #expect(!token.contains("marketing") && token.utf8.allSatisfy { $0 < 0x80 })
        let letters = Array(token)
        for index in letters.indices {
            var changed = letters
            changed[index] = changed[index] == "A" ? "B" : "A"
            #expect(world.ledger.link(token: String(changed)) == nil)
            #expect(world.ledger.link(token: String(letters[..<index])) == nil)
        }
        for wrong in ["", "A", token + "A", String(repeating: "A", count: 5000), "%%%", token.uppercased()] { #expect(world.ledger.link(token: wrong) == nil) }
        #expect(PreferenceLink(token: token, WorkspaceKey(bytes: Array(repeating: 7, count: 32))) == nil, "another workspace's")
    }
}

/// Something that happened, told between tasks.
private final class Flag: Sendable {
    private let state = Mutex(false)
    var isRaised: Bool { state.withLock { $0 } }
    func raise() { state.withLock { $0 = true } }
}

/// The rules, read aloud and one at a time.
private enum SlowConsent {
    static func reason(_ purpose: ConsentPurpose, _ channel: String, _ topic: String, _ context: ConsentContext, _ said: [ConsentStatement], now: Int64) -> ConsentDecision.Reason {
        func speaks(_ scope: ConsentScope, of other: ConsentScope) -> Bool {
            let isPurpose = scope.purpose == other.purpose || scope.purpose == .everyMessage
            return isPurpose && ["", other.channel].contains(scope.channel) && ["", other.topic].contains(scope.topic) && (scope.context == .every || scope.context == other.context)
        }
        let asked = ConsentScope(purpose, channel: channel, topic: topic, context: context)
        let relevant = said.filter { speaks($0.scope, of: asked) }
        // Nobody replaced it: no other about the same is later, or as late and stricter.
        let standing = relevant.enumerated().filter { index, one in
            !relevant.enumerated().contains { other, statement in
                statement.scope == one.scope && (statement.state == .paused) == (one.state == .paused)
                    && (statement.at > one.at || statement.at == one.at && (statement.state.rawValue < one.state.rawValue || statement.state == one.state && other > index))
            }
        }.map(\.element)
        let yes = standing.filter { $0.state == .granted }
        let no = standing.filter { $0.state == .withdrawn }
        let good = yes.filter { grant in no.allSatisfy { $0.at < grant.at && speaks($0.scope, of: grant.scope) } }
        if good.isEmpty, !no.isEmpty { return .withdrawn }
        let pauses = standing.filter { pause in
            guard pause.state == .paused, let until = pause.until, until.milliseconds > now else { return false }
            return !yes.contains { $0.at > pause.at && speaks($0.scope, of: pause.scope) }
        }
        if !pauses.isEmpty { return .paused }
        return good.isEmpty ? .unknown : .granted
    }
}
