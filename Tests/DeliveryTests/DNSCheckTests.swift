import Delivery
import Mail
import Storage
import Synchronization
import Testing
import TestSupport
import Vocabulary

@Suite("What DNS says of the sender")
struct DNSCheckTests {
    private static let now = Timestamp("2026-07-09T12:00:00Z")!
    private static func later(_ hours: Double) -> Timestamp { Timestamp(clamping: now.milliseconds + Int64(hours * 3_600_000)) }

    private final class Shop {
        let folder = TemporaryFolder()
        let database: DatabaseFile
        let store: EmailStore
        var settings = EmailSettings()

        init(_ change: (inout EmailSettings) -> Void = { _ in }) throws {
            database = try DatabaseFile(path: "\(folder.path)/w.sqlite", migrations: Documents.migrations + EmailStore.migrations)
            store = try EmailStore(database)
            (settings.fromAddress, settings.host, settings.bounceAddress) = ("shop@mail.wren.example", "smtp.wren.example", "b@bounces.wren.example")
            change(&settings)
            try store.save(settings, password: nil, author: "test", at: DNSCheckTests.now)
        }

        var current: EmailStore.Current { get throws { try #require(store.current) } }

        /// What a careful owner would have set.
        var right: [String: DNSAnswer] {
            get throws { Dictionary(try DNSRecord.all(for: current).map { ($0.name, DNSAnswer.records([$0.value])) }) { first, _ in first } }
        }

        func look(_ answers: [String: DNSAnswer]) async throws -> DNSCheck { await DNSCheck.look(try current, at: DNSCheckTests.now) { answers[$0.name] ?? .absent } }
    }

    private func states(_ check: DNSCheck, _ purpose: DNSRecord.Purpose) -> Set<DNSCheck.State> { Set(check.findings.filter { $0.record.purpose == purpose }.map(\.state)) }

    @Test("what stands there as it was printed is found, and without it everything is missing")
    func printed() async throws {
        let shop = try Shop()
        let check = try await shop.look(try shop.right)
        #expect(check.findings.map(\.record) == DNSRecord.all(for: try shop.current) && check.findings.count == 5)
        #expect(check.findings.allSatisfy { $0.state == .found } && !check.isRefuted && !check.hasUnknown)
        let empty = try await shop.look([:])
        #expect(empty.findings.allSatisfy { $0.state == .missing } && empty.isRefuted)
        #expect(empty.faults.count == 4, "where bounces arrive makes no mail believed")
    }

    @Test("a key may be written in other words, and is another where its letters or what it may do are", arguments: [
        ("p=KEY", DNSCheck.State.found), ("v=DKIM1; p=KEY", .found), (" v = DKIM1 ; k=rsa; h=sha1:sha256; s=*; t=s; n=tea; p=KEY;", .found), ("k=RSA;p=BROKEN", .found), ("v=DKIM1; k=rsa; s=email; p=KEY", .found),
        ("v=DKIM1; k=rsa; p=", .differs), ("v=DKIM1; k=rsa", .differs), ("v=DKIM1; k=ed25519; p=KEY", .differs), ("k=rsa; v=DKIM1; p=KEY", .differs), ("v=DKIM2; p=KEY", .differs), ("h=sha1; p=KEY", .differs),
        ("s=tlsrpt; p=KEY", .differs), ("v=DKIM1; p=KEYx", .differs), ("v=spf1 -all", .differs), ("p=KEY; p=KEY", .differs), ("p=KEY; nonsense", .differs), ("", .differs),
    ] as [(String, DNSCheck.State)])
    func keys(text: String, state: DNSCheck.State) async throws {
        let shop = try Shop()
        var answers = try shop.right
        let record = try #require(DNSRecord.all(for: try shop.current).first { $0.purpose == .dkim && $0.value.contains("k=rsa") })
        let key = String(try #require(record.value.split(separator: "p=").last))
        let broken = key.enumerated().map { $0.offset % 50 == 49 ? "\($0.element) \n" : String($0.element) }.joined()
        answers[record.name] = .records([text.replacing("KEY", with: key).replacing("BROKEN", with: broken)])
        #expect(try await shop.look(answers).findings.first { $0.record == record }?.state == state)
        answers[record.name] = .records([record.value, record.value])
        #expect(try await shop.look(answers).findings.first { $0.record == record }?.state == .differs, "nobody knows which of two holds")
    }

    @Test("one record of SPF is right, none is missing, two are an error", arguments: [
        (["v=spf1 include:_spf.example ~all"], DNSCheck.State.found), (["v=SPF1"], .found), (["hello", "v=spf1 a ~all", "v=spf10 x"], .found), (["hello"], .missing), (["v=spf10 a"], .missing), ([" v=spf1 a"], .missing),
        (["v=spf1 a ~all", "v=spf1 mx ~all"], .differs), (["v=spf1 a", "V=SPF1"], .differs),
    ] as [([String], DNSCheck.State)])
    func sender(texts: [String], state: DNSCheck.State) async throws {
        let shop = try Shop()
        var answers = try shop.right
        // Receivers ask the return path's domain, and not the sender's.
        answers["mail.wren.example"] = .records(["v=spf1 -all", "v=spf1 -all"])
        answers["bounces.wren.example"] = .records(texts)
        // The same name is asked where bounces arrive.
        #expect(states(try await shop.look(answers), .spf) == [state])
    }

    @Test("a policy stands at the sender's domain or a parent, and the nearest counts", arguments: [
        (["_dmarc.mail.wren.example": ["v=DMARC1; p=none"]], DNSCheck.State.found), (["_dmarc.wren.example": ["v=DMARC1;p=reject; sp=none"]], .found), (["_dmarc.example": ["v=DMARC1; p=none"]], .missing),
        (["_dmarc.mail.wren.example": ["hello"], "_dmarc.wren.example": ["v=DMARC1; p=QUARANTINE"]], .found), (["_dmarc.mail.wren.example": ["v=DMARC1; p=none", "v=DMARC1; p=none"]], .differs),
        (["_dmarc.mail.wren.example": ["v=DMARC1; p=maybe"], "_dmarc.wren.example": ["v=DMARC1; p=none"]], .differs), (["_dmarc.mail.wren.example": ["p=none; v=DMARC1"]], .missing), (["_dmarc.mail.wren.example": ["v=DMARC1"]], .differs),
    ] as [([String: [String]], DNSCheck.State)])
    func policy(texts: [String: [String]], state: DNSCheck.State) async throws {
        let shop = try Shop()
        let answers = try shop.right.filter { !$0.key.hasPrefix("_dmarc") }.merging(texts.mapValues { .records($0) }) { $1 }
        #expect(states(try await shop.look(answers), .dmarc) == [state])
    }

    @Test("a domain of very many labels is no flood of questions")
    func flood() async throws {
        let shop = try Shop { $0.fromAddress = "shop@" + String(repeating: "a.", count: 100) + "wren.example" }
        let asked = Mutex<[String]>([])
        _ = await DNSCheck.look(try shop.current, at: Self.now) { question in
            asked.withLock { $0.append(question.name) }
            return .absent
        }
        let places = asked.withLock { $0 }.filter { $0.hasPrefix("_dmarc.") }
        #expect(places.count == 8 && places.last == "_dmarc.wren.example")
    }

    @Test("what nobody answers is unknown, says nothing about the record, and is found out for each by itself")
    func unknown() async throws {
        let shop = try Shop()
        var answers = try shop.right
        answers["bounces.wren.example"] = .unknown
        let check = try await shop.look(answers)
        #expect(states(check, .spf) == [.unknown] && states(check, .bounce) == [.unknown] && states(check, .dkim) == [.found])
        #expect(check.hasUnknown && !check.isRefuted)
        answers["_dmarc.mail.wren.example"] = .unknown
        answers["_dmarc.wren.example"] = .records(["v=DMARC1; p=none"])
        #expect(states(try await shop.look(answers), .dmarc) == [.unknown], "a parent's does not count where the own is not known")
    }

    @Test("a domain that takes no mail takes no bounces")
    func noMail() async throws {
        let shop = try Shop()
        for (texts, state) in [(["0 ."], DNSCheck.State.differs), (["10 mx.elsewhere.example"], .found)] {
            let check = await DNSCheck.look(try shop.current, at: Self.now) { $0.kind == .mailServers ? .records(texts) : .absent }
            #expect(states(check, .bounce) == [state])
        }
    }

    @Test("the sender's domain is the signer's or the return path's, or of the same organisation", arguments: [
        ("", "", true), ("", "b@elsewhere.example", true), ("wren.example", "b@elsewhere.example", true), ("esp.example", "b@bounces.wren.example", true), ("esp.example", "", true), ("esp.example", "b@esp.example", false),
    ])
    func aligned(signer: String, path: String, isAligned: Bool) async throws {
        let shop = try Shop { ($0.dkimDomain, $0.bounceAddress) = (signer, path) }
        let check = try await shop.look(try shop.right)
        #expect(check.isAligned == isAligned && check.isRefuted == !isAligned)
    }

    @Test("keys are not looked for where another signs")
    func unsigned() async throws {
        let shop = try Shop { $0.signs = false }
        #expect(Set(try await shop.look([:]).findings.map(\.record.purpose)) == [.spf, .dmarc, .bounce])
    }

    @Test("a look is kept, and is of no use once settings or keys are others")
    func kept() async throws {
        let shop = try Shop()
        var answers = try shop.right
        answers["bounces.wren.example"] = .records(["v=spf1 a\u{1b}[2J\u{202e}", "v=spf1 " + String(repeating: "x", count: 5000)])
        let check = try await shop.look(answers)
        let there = check.findings.first { $0.record.purpose == .spf }?.there ?? []
        #expect(there.first == "v=spf1 a\u{fffd}[2J\u{fffd}" && there.last?.count == 601)
        #expect(shop.store.check == nil && shop.store.freshCheck == nil)
        try shop.store.keep(check)
        let again = try EmailStore(shop.database)
        #expect(again.check == check && again.freshCheck == check)
        try shop.store.rotate(at: Self.later(1))
        #expect(shop.store.check == check && shop.store.freshCheck == nil)
        try shop.store.keep(try await shop.look(answers))
        #expect(shop.store.freshCheck != nil)
        shop.settings.port = 25
        try shop.store.save(shop.settings, password: nil, author: "test", at: Self.now)
        #expect(shop.store.freshCheck != nil, "the port stands in no record")
        shop.settings.fromAddress = "shop@wren.example"
        try shop.store.save(shop.settings, password: nil, author: "test", at: Self.now)
        #expect(shop.store.check != nil && shop.store.freshCheck == nil)
        try shop.store.delete(author: "test", at: Self.now)
        #expect(shop.store.check == nil)
        #expect(try EmailStore(shop.database).check == nil)
    }

    @Test("a start looks again after a day where all is well, and after an hour where it is not")
    func due() async throws {
        let shop = try Shop()
        let (well, ill, unknown) = (try await shop.look(try shop.right), try await shop.look([:]), try await shop.look(try shop.right.mapValues { _ in .unknown }))
        #expect(!well.isDue(at: Self.later(23.9)) && well.isDue(at: Self.later(24)))
        for check in [ill, unknown] { #expect(!check.isDue(at: Self.later(0.9)) && check.isDue(at: Self.later(1))) }
    }
}
