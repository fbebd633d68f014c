@testable import Mail
import Testing

@Suite("The client's side of SMTP")
struct DialogueTests {
    private static let envelope: SMTPEnvelope? = try? SMTPEnvelope(sender: MailAddress("shop@wren.example"), recipient: MailAddress("ada@example.com"), content: Array("Subject: Tea\r\n\r\nTea\r\n".utf8))

    /// Speaks with a server that answers each stage as told, and gives what became of the message.
    private static func outcome(_ settings: SMTPSettings, isPipelining: Bool, failing stage: SMTPStage?, with code: Int) throws -> (outcome: SMTPOutcome?, problem: SMTPProblem?, heard: [String]) {
        var dialogue = SMTPDialogue(settings)
        var heard: [String] = []
        var outcome: SMTPOutcome?
        var problem: SMTPProblem?
        var wasSent = false
        var queue: [SMTPReply] = [reply(stage == .greeting ? code : 220, ["mail.example ESMTP"])]
        var isTransfer = false
        func answer(_ line: String) -> SMTPReply {
            let word = line.prefix { $0 != " " }
            let of: SMTPStage = switch word {
            case "EHLO", "HELO": .hello
            case "STARTTLS": .secure
            case "AUTH": .authenticate
            case "MAIL": .sender
            case "RCPT": .recipient
            case "DATA": .data
            default: .reset
            }
            if of == stage { return reply(code, ["no"]) }
            return switch of {
            case .hello: reply(250, ["mail.example"] + (isPipelining ? ["PIPELINING"] : []) + ["AUTH PLAIN LOGIN", "STARTTLS", "SIZE 1000000"])
            case .secure: reply(220, ["go"])
            case .authenticate: reply(235, ["in"])
            case .data: reply(354, ["go"])
            default: reply(250, ["ok"])
            }
        }
        func perform(_ actions: [SMTPDialogue.Action]) throws {
            for action in actions {
                switch action {
                case .write(let bytes):
                    let text = String(decoding: bytes, as: UTF8.self)
                    if isTransfer {
                        isTransfer = false
                        heard.append("(content)")
                        queue.append(stage == .content ? reply(code, ["no"]) : reply(250, ["2.0.0 queued"]))
                        continue
                    }
                    for line in text.split(separator: "\r\n") {
                        heard.append(String(line))
                        let given = answer(String(line))
                        if given.code == 354 { isTransfer = true }
                        queue.append(given)
                    }
                case .startTLS: try perform(dialogue.secured())
                case .finish(let value): outcome = value
                case .ready:
                    if !wasSent {
                        wasSent = true
                        try perform(dialogue.send(#require(envelope)))
                    }
                case .fail(let value): problem = value
                case .close: queue = []
                }
            }
        }
        var steps = 0
        while !queue.isEmpty, steps < 100 {
            steps += 1
            let next = queue.removeFirst()
            try perform(dialogue.received(next))
        }
        #expect(steps < 100)
        return (outcome, problem, heard)
    }

    private static func reply(_ code: Int, _ lines: [String]) -> SMTPReply { SMTPReply(code: code, lines: lines) }

    private static func settings(_ security: SMTPSettings.Security, signsIn: Bool) -> SMTPSettings {
        var settings = SMTPSettings(host: "127.0.0.1", port: 25, security: security)
        if signsIn { settings.credentials = SMTPSettings.Credentials(user: "u", password: "p") }
        return settings
    }

    @Test("a message is handed over, with pipelining and without", arguments: [true, false], SMTPSettings.Security.allCases)
    func fine(_ isPipelining: Bool, _ security: SMTPSettings.Security) throws {
        let (outcome, problem, heard) = try Self.outcome(Self.settings(security, signsIn: security != .opportunistic), isPipelining: isPipelining, failing: nil, with: 0)
        #expect(problem == nil)
        guard case .accepted(let reply) = outcome else { return #expect(Bool(false), "\(String(describing: outcome))") }
        #expect(reply.code == 250)
        #expect(heard.contains("MAIL FROM:<shop@wren.example> SIZE=21") && heard.contains("RCPT TO:<ada@example.com>") && heard.contains("(content)"))
    }

    @Test("faults 47 and 48: a no at any stage is told apart from a yes, and later from never", arguments: [SMTPStage.greeting, .hello, .secure, .authenticate, .sender, .recipient, .data, .content], [421, 451, 550])
    func refusals(_ stage: SMTPStage, _ code: Int) throws {
        for isPipelining in [true, false] {
            let (outcome, problem, heard) = try Self.outcome(Self.settings(.starttls, signsIn: true), isPipelining: isPipelining, failing: stage, with: code)
            if [.greeting, .hello, .secure, .authenticate].contains(stage) {
                #expect(outcome == nil)
                #expect(problem?.stage == stage && problem?.reply?.code == code)
                continue
            }
            #expect(problem == nil)
            switch outcome {
            case .deferred(let problem): #expect(code < 500 && problem.stage == stage)
            case .refused(let problem, let isAddress): #expect(code >= 500 && problem.stage == stage && !isAddress, "a digit says nothing of the mailbox")
            default: #expect(Bool(false), "\(stage) \(code) \(String(describing: outcome))")
            }
            #expect(heard.contains("(content)") == (stage == .content || stage != .data && isPipelining && code != 421))
        }
    }

    @Test("a server that wants somebody to sign in first says nothing of the message", arguments: [SMTPStage.sender, .recipient, .data, .content], [530, 534, 535, 538])
    func settings(_ stage: SMTPStage, _ code: Int) throws {
        for isPipelining in [true, false] {
            let (outcome, _, _) = try Self.outcome(Self.settings(.none, signsIn: false), isPipelining: isPipelining, failing: stage, with: code)
            guard case .deferred(let problem) = outcome else { return #expect(Bool(false), "\(String(describing: outcome))") }
            #expect(problem.stage == stage && problem.reply?.code == code)
        }
    }

    @Test("a mailbox is not there where an enhanced code says so, and nowhere else", arguments: [
        ("5.1.1 no such mailbox", true, false), ("5.1.10 null MX", true, false), ("5.2.1 disabled", true, false), ("Message rejected: your IP is on a blocklist", false, true), ("No such user", false, true),
        ("5.0.0 no", false, true), ("5.7.1 blocked", false, false), ("5.1.8 bad sender", false, false),
    ])
    func mailboxes(_ words: String, _ isGone: Bool, _ isVague: Bool) throws {
        var dialogue = SMTPDialogue(Self.settings(.none, signsIn: false))
        _ = dialogue.received(Self.reply(220, ["hi"])) + dialogue.received(Self.reply(250, ["mail.example"])) + dialogue.send(try #require(Self.envelope)) + dialogue.received(Self.reply(250, ["ok"]))
        guard case .finish(.refused(let problem, let isAddress)) = dialogue.received(Self.reply(550, [words])).first else { return #expect(Bool(false), "\(words)") }
        #expect(isAddress == isGone && problem.isVagueRefusal == isVague)
    }

    @Test("what is said in the clear once TLS was agreed on ends it, and so does a word of TLS that nobody waits for")
    func injected() {
        var dialogue = SMTPDialogue(Self.settings(.starttls, signsIn: true))
        _ = dialogue.received(Self.reply(220, ["hi"])) + dialogue.received(Self.reply(250, ["mail.example", "STARTTLS"]))
        #expect(dialogue.received(Self.reply(220, ["go"])) == [.startTLS])
        #expect(dialogue.received(Self.reply(250, ["mail.example", "AUTH LOGIN"])) == [.fail(SMTPProblem(.secure, .malformed)), .close])
    }

    @Test("an answer that asks for more after the whole message is no yes, and the connection is used no more", arguments: [354, 334, 300])
    func intermediate(_ code: Int) throws {
        for isPipelining in [true, false] {
            let (outcome, _, _) = try Self.outcome(Self.settings(.none, signsIn: false), isPipelining: isPipelining, failing: .content, with: code)
            guard case .unknown(let problem) = outcome else { return #expect(Bool(false), "\(String(describing: outcome))") }
            #expect(problem.stage == .content && problem.reply?.code == code)
        }
    }

    @Test("a connection that is lost before the message leaves it for later; after it, nobody knows")
    func lost() throws {
        for stage in 0..<9 {
            var dialogue = SMTPDialogue(Self.settings(.none, signsIn: false))
            var actions = dialogue.received(Self.reply(220, ["hi"])) + dialogue.received(Self.reply(250, ["mail.example"]))
            #expect(actions.last == .ready)
            actions = dialogue.send(try #require(Self.envelope))
            if stage > 0 { actions = dialogue.received(Self.reply(250, ["ok"])) }
            if stage > 1 { actions = dialogue.received(Self.reply(250, ["ok"])) }
            if stage > 2 { actions = dialogue.received(Self.reply(354, ["go"])) }
            let end = dialogue.failed(stage.isMultiple(of: 2) ? .lost : .timeout)
            guard case .finish(let outcome) = end.first else { return #expect(Bool(false)) }
            if stage > 2 {
                guard case .unknown = outcome else { return #expect(Bool(false), "\(outcome)") }
            } else {
                guard case .deferred = outcome else { return #expect(Bool(false), "\(outcome)") }
            }
        }
    }

    @Test("a password goes over TLS or to this machine, and nowhere else")
    func clear() throws {
        var settings = Self.settings(.none, signsIn: true)
        #expect(try Self.outcome(settings, isPipelining: true, failing: nil, with: 0).problem == nil)
        settings.host = "mail.example"
        #expect(try Self.outcome(settings, isPipelining: true, failing: nil, with: 0).problem?.cause == .clearPassword)
        settings.security = .opportunistic
        #expect(try Self.outcome(settings, isPipelining: true, failing: nil, with: 0).problem?.cause == .clearPassword)
    }

    @Test("fault 88: nothing in a message ends it", arguments: [
        "\r\n.\r\n", "\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", ".\r\n", "a\r\n.\rb", "\r\r\n.\r\n", "\0.\r\n", ".", "..", "\r\n.\r\nMAIL FROM:<eve@example.com>\r\n",
    ])
    func smuggling(_ text: String) {
        let out = SMTPDialogue.stuffed(Array(("Subject: a\r\n\r\n" + text).utf8))
        let lines = String(decoding: out, as: UTF8.self).unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String(String.UnicodeScalarView($0)) }
        #expect(lines.last == "" && lines.filter { $0 == ".\r" }.count == 1 && lines[lines.count - 2] == ".\r")
        #expect(lines.dropLast().allSatisfy { $0.hasSuffix("\r") || $0.unicodeScalars.last == "\r" })
        #expect(!out.contains(0) && !zip(out, out.dropFirst()).contains { $0 == 0x0d && $1 != 0x0a })
    }

    @Test("whatever a server says, the dialogue goes on or ends", arguments: [UInt64](1...300))
    func fuzz(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var dialogue = SMTPDialogue(Self.settings(SMTPSettings.Security.allCases[dice.below(4)], signsIn: dice.below(2) == 0))
        var reader = SMTPReplyReader()
        let words = ["220 hi\r\n", "250-mail\r\n250-PIPELINING\r\n250 AUTH PLAIN LOGIN\r\n", "250 ok\r\n", "354 go\r\n", "421 4.3.2 bye\r\n", "550 5.1.1 no\r\n", "334 VXNlcg==\r\n", "235 in\r\n", "999 x\r\n", "25", "\r\n", "250-", "\0", "2500000\r\n", "250\n"]
        for _ in 0..<60 {
            let text = dice.below(8) == 0 ? dice.text(dice.below(40)) : words[dice.below(words.count)]
            for byte in text.utf8 {
                guard let reply = reader.take(byte) else { continue }
                let actions = dialogue.received(reply)
                for action in actions {
                    if action == .startTLS { _ = dialogue.secured() }
                    if action == .ready { _ = dialogue.send(try #require(Self.envelope)) }
                }
            }
            if reader.isBroken { reader = SMTPReplyReader() }
        }
        #expect(dialogue.failed(.lost).last == .close)
    }

    @Test("replies are cut where they end, and what is none is noticed", arguments: [
        ("250 ok\r\n", [250], false), ("250-a\r\n250-b\r\n250 c\r\n", [250], false), ("250 a\n354 b\n", [250, 354], false), ("250\r\n", [250], false), ("250-a\r\n354 b\r\n", [], true), ("hello\r\n", [], true),
        ("2500 a\r\n", [], true), ("99 a\r\n", [], true), ("650 a\r\n", [], true), (String(repeating: "2", count: 5000), [], true), ("250-a\r\n", [], false),
    ])
    func replies(_ text: String, _ codes: [Int], _ isBroken: Bool) {
        var reader = SMTPReplyReader()
        #expect(text.utf8.compactMap { reader.take($0)?.code } == codes)
        #expect(reader.isBroken == isBroken)
    }

    @Test("an enhanced code is read where there is one")
    func enhanced() {
        #expect(Self.reply(550, ["5.1.1 no such", "5.1.1 mailbox"]).enhanced == "5.1.1")
        #expect(Self.reply(550, ["5.1.1 no such", "5.1.1 mailbox"]).lines == ["no such", "mailbox"])
        #expect(Self.reply(550, ["4.1.1 no"]).enhanced == nil)
        #expect(Self.reply(250, ["ok"]).codes == "250")
    }
}
