import Mail
import Testing
import Vocabulary

@Suite("From the sender into the catcher")
struct CatcherTests {
    private static func together(_ body: (SMTPSender, MailCatcher) async throws -> Void) async throws {
        let catcher = MailCatcher { Timestamp(clamping: 1_790_000_000_000) }
        let port = try await catcher.start(port: 0)
        var settings = SMTPSettings(host: "127.0.0.1", port: port, security: .none)
        settings.connectionMaximum = 3
        settings.messagesPerConnection = 7
        let sender = try SMTPSender(settings)
        try await body(sender, catcher)
        sender.close()
        catcher.stop()
    }

    private static func envelope(_ number: Int, _ content: [UInt8]) throws -> SMTPEnvelope { SMTPEnvelope(sender: try MailAddress("b@wren.example"), recipient: try MailAddress("ada\(number)@example.com"), content: content) }

    @Test("many at once arrive, each once and whole, over few connections that are made anew")
    func many() async throws {
        try await Self.together { sender, catcher in
            let mail = try MessageTests.mail(html: ".\r\n..\n.\r\n<p>Tea</p>", text: ".\n")
            let bytes = mail.bytes()
            await withTaskGroup(of: SMTPOutcome?.self) { group in
                for number in 0..<100 { group.addTask { try? await sender.send(Self.envelope(number, bytes)) } }
                for await outcome in group { if case .accepted = outcome {} else { #expect(Bool(false), "\(String(describing: outcome))") } }
            }
            let caught = catcher.list(limit: 1000)
            #expect(caught.count == 100 && Set(caught.flatMap(\.recipients)).count == 100)
            #expect(caught.allSatisfy { $0.bytes == bytes && $0.sender == "b@wren.example" })
            #expect(catcher.find(caught[0].number)?.recipients == caught[0].recipients)
            catcher.clear()
            #expect(catcher.count == 0)
        }
    }

    @Test("a message that is too large is refused, and the connection goes on")
    func large() async throws {
        try await Self.together { sender, catcher in
            let outcome = try await sender.send(Self.envelope(1, [UInt8](repeating: 0x61, count: MailCatcher.messageMaximum + 1)))
            guard case .refused(let problem, false) = outcome else { return #expect(Bool(false), "\(outcome)") }
            #expect(problem.reply?.code == 552)
            guard case .accepted = try await sender.send(Self.envelope(2, Array("a".utf8))) else { return #expect(Bool(false)) }
            #expect(catcher.count == 1)
        }
    }

    @Test("only the newest are kept")
    func newest() async throws {
        try await Self.together { sender, catcher in
            for number in 0..<510 { _ = try await sender.send(Self.envelope(number, Array("a".utf8))) }
            #expect(catcher.count == 500)
            #expect(catcher.list(limit: 1).first?.number == 510 && catcher.find(10) == nil && catcher.find(11) != nil)
        }
    }

    @Test("where nobody listens, it is for later")
    func nobody() async throws {
        let sender = try SMTPSender(SMTPSettings(host: "127.0.0.1", port: 1, security: .none))
        guard case .deferred(let problem) = try await sender.send(Self.envelope(1, [])) else { return #expect(Bool(false)) }
        #expect(problem.code == "connect refusedConnection")
        sender.close()
        guard case .deferred(let problem) = try await sender.send(Self.envelope(1, [])) else { return #expect(Bool(false)) }
        #expect(problem.cause == .closing)
    }
}
