import Delivery
import Identity
import Mail
import Privacy
import Storage
import Synchronization
import Templates
import Testing
import TestSupport
import Vocabulary

/// A workspace's e-mail in a folder of its own, sending to a catcher, with the clock held in the hand.
final class MailWorld: Sendable {
    let folder = TemporaryFolder()
    let ledger: ConsentLedger
    let store: EmailStore
    let bounces: BounceLedger
    let channel: EmailChannel
    let catcher: MailCatcher
    let flag: TrackedFlag
    final class TrackedFlag: Sendable { let isOn = Mutex(true) }
    static let key = WorkspaceKey(bytes: (0..<32).map { UInt8($0) })
    static let start: Int64 = 1_790_000_000_000
    static let ada = [Identifier(.userId, "u1")]

    init() async throws {
        let database = try DatabaseFile(
            path: "\(folder.path)/w.sqlite", migrations: Documents.migrations + SuppressionList.migrations + ConsentLedger.migrations + EmailStore.migrations + BounceLedger.migrations)
        ledger = try ConsentLedger(database, key: Self.key)
        store = try EmailStore(database)
        bounces = try BounceLedger(database, ledger: ledger)
        let catcher = MailCatcher { Timestamp(clamping: Self.start) }
        self.catcher = catcher
        _ = try await catcher.start(port: 0)
        let flag = TrackedFlag()
        self.flag = flag
        channel = EmailChannel(
            store: store, bounces: bounces, secret: Self.key, workspace: "main",
            EmailChannel.Surroundings(catcherPort: { catcher.port }, address: { "https://shop.example" }, clock: { Timestamp(clamping: Self.start) }))
        var settings = EmailSettings()
        (settings.fromName, settings.fromAddress, settings.host, settings.bounceAddress) = ("Wren", "shop@wren.example", EmailSettings.catcher, "b@bounces.wren.example")
        settings.postalAddress = "1 Tea Lane"
        try store.save(settings, password: nil, author: "test", at: Timestamp(clamping: Self.start))
    }


    static let html = """
        <html><head><style>a { color: red }</style></head><body><!-- <a href="https://comment.example/">x</a> --><p><a href="https://tea.example/a?x=1&amp;y=2">Assam</a>
        <a class='b' href='http://tea.example/b'>Darjeeling</a> <a href=https://tea.example/c>Nilgiri</a> <a href="mailto:shop@wren.example">Write</a> <a href="javascript:alert(1)">no</a>
        <a href="https://shop.example/unsubscribe/main/t">Unsubscribe</a></p></body></html>
        """

    func message(_ address: String = "ada@example.com", html: String = MailWorld.html, tracked: Bool = true, key: String = "k1") throws -> OutgoingMessage {
        let template = MessageTemplate(id: "t", name: "t", kind: .email, parts: [.subject: "Tea", .html: html], usesLayout: false, isTracked: tracked)
        let content = try CompiledMessage(template, partials: [:]).render(Record([]), now: Timestamp(clamping: Self.start))
        return OutgoingMessage(
            key: key, profile: try #require(ProfileID("prf_0000000000001")), address: address, content: content, stream: "service", unsubscribe: "https://shop.example/unsubscribe/main/t",
            preferences: "https://shop.example/preferences/main/t", at: Timestamp(clamping: Self.start))
    }

    func send(_ message: OutgoingMessage) async throws -> HandOver {
        await channel.send(message, LeaveToSend(permitsTracking: { [flag] in flag.isOn.withLock { $0 } }) { [ledger] in
            let question = ConsentQuestion(.service, channel: "email", topic: "", context: .personal, address: message.address)
            let permit: Permit
            do { permit = try ledger.permit(question, for: Self.ada, now: Timestamp(clamping: Self.start)) } catch { return .withheld(.refused(reason: "ledger", nil)) }
            switch consume permit {
            case .granted(let leave): return .granted(leave)
            case .refused: return .withheld(.refused(reason: "consent", nil))
            }
        })
    }

    func close() {
        channel.close()
        catcher.stop()
    }
}

@Suite("E-mail as a channel")
struct EmailTests {
    @Test("a message arrives signed, with its mark, its links and the sender's postal address")
    func whole() async throws {
        let world = try await MailWorld()
        guard case .accepted(let receipt) = try await world.send(world.message()) else { return #expect(Bool(false)) }
        let caught = try #require(world.catcher.list(limit: 1).first)
        let mail = MIMEPart(caught.bytes)
        #expect(mail.field("message-id") == receipt && mail.field("list-unsubscribe") == "<https://shop.example/unsubscribe/main/t>" && mail.field("feedback-id") == "service:main:email:martlet")
        #expect(mail.fields.filter { $0.name == "DKIM-Signature" }.count == 2)
        let mark = try #require(MailMark(traces: [caught.sender], MailWorld.key))
        #expect(mark == MailMark(traces: [receipt], MailWorld.key) && mark.profile.text == "prf_0000000000001")
        #expect(mark.address == MailMark.hash(ofAddress: "ADA@example.com", MailWorld.key))
        #expect(mail.parts.allSatisfy { $0.text.contains("1 Tea Lane") })
        // The same message again is the same to whoever sees both.
        guard case .accepted(let again) = try await world.send(world.message()) else { return #expect(Bool(false)) }
        #expect(again == receipt)
        world.close()
    }

    /// Addresses of links and images in the HTML of the newest mail.
    private static func addresses(_ world: MailWorld) throws -> [String] {
        let caught = try #require(world.catcher.list(limit: 1).first)
        let html = try #require(MIMEPart(caught.bytes).parts.last?.text)
        return html.matches(of: /(?:href|src)=(?:"([^"]*)"|'([^']*)'|([^\s>]+))/).map { String($0.1 ?? $0.2 ?? $0.3 ?? "") }
    }

    @Test("links of the web are signed; those that leave, write or do harm stay as they are")
    func links() async throws {
        let world = try await MailWorld()
        _ = try await world.send(world.message())
        let found = try Self.addresses(world)
        let signed = found.filter { $0.hasPrefix("https://shop.example/c/main/") || $0.hasPrefix("https://shop.example/o/main/") }.compactMap { TrackingLink(token: String($0.split(separator: "/").last ?? ""), MailWorld.key) }
        #expect(signed.filter { $0.kind == .click }.map(\.target) == ["https://tea.example/a?x=1&y=2", "http://tea.example/b", "https://tea.example/c"])
        #expect(signed.filter { $0.kind == .trap }.count == 1 && signed.filter { $0.kind == .open }.count == 1)
        #expect(Set(signed.map(\.key)) == ["k1"])
        for kept in ["https://comment.example/", "mailto:shop@wren.example", "javascript:alert(1)", "https://shop.example/unsubscribe/main/t"] { #expect(found.contains(kept)) }
        world.close()
    }

    @Test("whoever objects, and whichever template is told not to, is not tracked")
    func untracked() async throws {
        let world = try await MailWorld()
        _ = try await world.send(world.message(tracked: false))
        #expect(try Self.addresses(world).allSatisfy { !$0.contains("/c/main/") && !$0.contains("/o/main/") })
        world.flag.isOn.withLock { $0 = false }
        _ = try await world.send(world.message())
        #expect(try Self.addresses(world).allSatisfy { !$0.contains("/c/main/") && !$0.contains("/o/main/") })
        world.close()
    }

    @Test("fault 92: a link that was changed in any bit is not ours")
    func tampering() throws {
        let link = TrackingLink(.click, key: "k1", profile: try #require(ProfileID("prf_0000000000001")), sentAt: Timestamp(clamping: MailWorld.start), index: 1, count: 3, target: "https://tea.example/")
        let token = link.token(MailWorld.key)
        #expect(TrackingLink(token: token, MailWorld.key) == link)
        #expect(TrackingLink(token: token, WorkspaceKey(bytes: [UInt8](repeating: 9, count: 32))) == nil)
        let letters = Array(token)
        for index in letters.indices {
            var other = letters
            other[index] = other[index] == "A" ? "B" : "A"
            #expect(TrackingLink(token: String(other), MailWorld.key) == nil)
        }
        for count in 0..<token.count { #expect(TrackingLink(token: String(token.prefix(count)), MailWorld.key) == nil) }
    }

    @Test("a mark that was changed is nobody's, in small letters or large")
    func marks() throws {
        let mark = MailMark(key: "k1", profile: try #require(ProfileID("prf_0000000000001")), address: "ada@example.com", MailWorld.key)
        let text = mark.text(MailWorld.key)
        #expect(text.count == 55 && MailMark(text: text.uppercased(), MailWorld.key) == mark)
        let letters = Array(text)
        for index in letters.indices {
            var other = letters
            other[index] = other[index] == "b" ? "c" : "b"
            #expect(MailMark(text: String(other), MailWorld.key) == nil)
        }
    }

    @Test("an address is the trait, else the identifier; what is none is nobody's")
    func address() async throws {
        let world = try await MailWorld()
        func find(_ traits: String, _ emails: [String] = []) -> String? { world.channel.address(identifiers: emails.map { Identifier(.email, $0) }, traits: JSONText(trusted: Array(traits.utf8))) }
        #expect(find("{\"email\":\"Ada@Example.com\"}", ["b@example.com"]) == "Ada@example.com")
        #expect(find("{}", ["b@example.com"]) == "b@example.com")
        #expect(find("{\"email\":\"ada@example.com\\r\\nBcc: eve@evil.example\"}") == nil)
        #expect(find("{\"email\":7}") == nil && find("{}") == nil)
        world.close()
    }
}
