/// The client's side of SMTP (RFC 5321) as a value: what arrives goes in, what is to be done comes out. No socket, no clock.
struct SMTPDialogue: Sendable {
    enum Action: Hashable {
        case write([UInt8])
        /// Begin TLS; ``secured()`` follows.
        case startTLS
        /// The message that is under way has ended so.
        case finish(SMTPOutcome)
        /// The next message can be given.
        case ready
        /// It could not be made ready.
        case fail(SMTPProblem)
        case close
    }

    private enum State: Hashable { case greeting, hello(isFallback: Bool), startTLS, handshake, secureHello, plain, loginUser, loginPassword, idle, envelope, content, discard, reset, closed }

    private let settings: SMTPSettings
    private var state = State.greeting
    private var extensions: Set<String> = []
    private var mechanisms: Set<String> = []
    private var isSecure: Bool
    private var envelope: SMTPEnvelope?
    /// Commands of the envelope that are yet to be answered, in order.
    private var expected: [SMTPStage] = []
    private var toSend: [SMTPStage] = []
    private var failure: SMTPOutcome?
    private(set) var sentCount = 0

    init(_ settings: SMTPSettings) {
        self.settings = settings
        isSecure = settings.security == .tls
    }

    /// Of the reply that is waited for; nil when none is.
    var waiting: SMTPStage? {
        switch state {
        case .greeting: .greeting
        case .hello, .secureHello: .hello
        case .startTLS, .handshake: .secure
        case .plain, .loginUser, .loginPassword: .authenticate
        case .envelope: expected.first ?? .sender
        case .content: .content
        case .discard, .reset: .reset
        case .idle, .closed: nil
        }
    }

    // MARK: - What arrives

    mutating func send(_ envelope: SMTPEnvelope) -> [Action] {
        guard state == .idle else { return [.finish(.deferred(SMTPProblem(.sender, .lost)))] }
        if envelope.needsUTF8, !extensions.contains("SMTPUTF8") { return [.finish(.refused(SMTPProblem(.sender, .noUTF8), isAddress: false)), .ready] }
        self.envelope = envelope
        failure = nil
        state = .envelope
        sentCount += 1
        toSend = [.sender, .recipient, .data]
        expected = []
        return [.write(extensions.contains("PIPELINING") ? commands(3) : commands(1))]
    }

    mutating func received(_ reply: SMTPReply) -> [Action] {
        switch state {
        case .greeting:
            guard reply.isPositive else { return end(SMTPProblem(.greeting, .reply, reply)) }
            state = .hello(isFallback: false)
            return [.write(line("EHLO \(settings.helloName)"))]
        case .hello(let isFallback):
            if !reply.isPositive, !isFallback, reply.code >= 500, settings.security == .none || settings.security == .opportunistic {
                // A server from before 1995.
                state = .hello(isFallback: true)
                return [.write(line("HELO \(settings.helloName)"))]
            }
            guard reply.isPositive else { return end(SMTPProblem(.hello, .reply, reply)) }
            learn(reply, isFallback)
            return greeted()
        case .startTLS:
            guard reply.code == 220 else { return settings.security == .opportunistic && reply.code != 421 ? authenticate() : end(SMTPProblem(.secure, .reply, reply)) }
            state = .handshake
            return [.startTLS]
        // Whatever is said in the clear once TLS was agreed on is nobody's to trust.
        case .handshake: return end(SMTPProblem(.secure, .malformed))
        case .secureHello:
            guard reply.isPositive else { return end(SMTPProblem(.hello, .reply, reply)) }
            learn(reply, false)
            return authenticate()
        case .plain: return authenticated(reply)
        case .loginUser: return login(reply, settings.credentials?.user, next: .loginPassword)
        case .loginPassword:
            // The answer to the user's name asks for the password, and the answer to that is the verdict.
            if reply.code == 334 { return login(reply, settings.credentials?.password, next: .plain) }
            return authenticated(reply)
        case .envelope: return answered(reply)
        case .content: return finishContent(reply)
        case .discard:
            state = .reset
            return reply.code == 421 ? closing() : [.write(line("RSET"))]
        case .reset:
            guard reply.isPositive else { return closing() }
            state = .idle
            return [.ready]
        case .idle, .closed:
            // Nobody asked: 421, as a server says before it hangs up.
            return closing()
        }
    }

    mutating func secured() -> [Action] {
        isSecure = true
        state = .secureHello
        return [.write(line("EHLO \(settings.helloName)"))]
    }

    /// The connection is gone, or no longer of use.
    mutating func failed(_ cause: SMTPProblem.Cause) -> [Action] {
        defer { state = .closed }
        let stage = waiting ?? .sender
        switch state {
        case .closed, .idle, .reset, .discard: return [.close]
        case .content: return [.finish(.unknown(SMTPProblem(.content, cause))), .close]
        case .envelope: return [.finish(failure ?? .deferred(SMTPProblem(stage, cause))), .close]
        default: return [.fail(SMTPProblem(stage, cause)), .close]
        }
    }

    /// Says goodbye where nobody is being sent to.
    mutating func quit() -> [Action] {
        defer { state = .closed }
        return state == .idle ? [.write(line("QUIT")), .close] : [.close]
    }

    // MARK: - Beginning

    private mutating func learn(_ reply: SMTPReply, _ isFallback: Bool) {
        (extensions, mechanisms) = ([], [])
        guard !isFallback else { return }
        for line in reply.lines.dropFirst() {
            let words = line.uppercased().split { $0 == " " || $0 == "=" }.map(String.init)
            guard let first = words.first else { continue }
            extensions.insert(first)
            if first == "AUTH" { mechanisms.formUnion(words.dropFirst()) }
        }
    }

    private mutating func greeted() -> [Action] {
        let wants = settings.security == .starttls || settings.security == .opportunistic
        guard wants, !isSecure else { return authenticate() }
        guard extensions.contains("STARTTLS") else { return settings.security == .opportunistic ? authenticate() : end(SMTPProblem(.secure, .noTLS)) }
        state = .startTLS
        return [.write(line("STARTTLS"))]
    }

    private mutating func authenticate() -> [Action] {
        guard let credentials = settings.credentials else {
            state = .idle
            return [.ready]
        }
        guard isSecure && settings.security != .opportunistic || settings.isLoopback else { return end(SMTPProblem(.authenticate, .clearPassword)) }
        if mechanisms.contains("PLAIN") {
            state = .plain
            return [.write(line("AUTH PLAIN " + Base64.encode([0] + Array(credentials.user.utf8) + [0] + Array(credentials.password.utf8))))]
        }
        guard mechanisms.contains("LOGIN") else { return end(SMTPProblem(.authenticate, .noAuthentication)) }
        state = .loginUser
        return [.write(line("AUTH LOGIN"))]
    }

    private mutating func login(_ reply: SMTPReply, _ secret: String?, next: State) -> [Action] {
        guard reply.code == 334, let secret else { return end(SMTPProblem(.authenticate, .reply, reply)) }
        state = next
        return [.write(line(Base64.encode(Array(secret.utf8))))]
    }

    private mutating func authenticated(_ reply: SMTPReply) -> [Action] {
        guard reply.code == 235 else { return end(SMTPProblem(.authenticate, .reply, reply)) }
        state = .idle
        return [.ready]
    }

    private mutating func end(_ problem: SMTPProblem) -> [Action] {
        state = .closed
        return [.fail(problem), .close]
    }

    private mutating func closing() -> [Action] {
        state = .closed
        return [.close]
    }

    // MARK: - A message

    private mutating func commands(_ count: Int) -> [UInt8] {
        var out: [UInt8] = []
        guard let envelope else { return out }
        for stage in toSend.prefix(count) {
            switch stage {
            case .sender:
                let size = extensions.contains("SIZE") ? " SIZE=\(envelope.content.count)" : ""
                out += line("MAIL FROM:<\(envelope.sender.text)>\(size)\(envelope.needsUTF8 ? " SMTPUTF8" : "")")
            case .recipient: out += line("RCPT TO:<\(envelope.recipient.text)>")
            default: out += line("DATA")
            }
            expected.append(stage)
        }
        toSend.removeFirst(min(count, toSend.count))
        return out
    }

    private mutating func answered(_ reply: SMTPReply) -> [Action] {
        guard let stage = expected.first else { return failed(.malformed) }
        expected.removeFirst()
        let isFine = stage == .data ? reply.code == 354 : reply.isPositive
        if !isFine, failure == nil { failure = SMTPVerdict.of(reply, at: stage) }
        if reply.code == 421 {
            state = .closed
            return [.finish(failure ?? .deferred(SMTPProblem(stage, .reply, reply))), .close]
        }
        if let failure {
            guard expected.isEmpty else { return [] }
            envelope = nil
            // A server that wants a message though nobody shall get it is given an empty one, and told to forget it.
            let isOpen = stage == .data && reply.code == 354
            state = isOpen ? .discard : .reset
            return [.finish(failure), .write(isOpen ? Array(".\r\n".utf8) : line("RSET"))]
        }
        if !expected.isEmpty { return [] }
        if !toSend.isEmpty { return [.write(commands(1))] }
        guard let content = envelope?.content else { return failed(.malformed) }
        state = .content
        envelope = nil
        return [.write(SMTPDialogue.stuffed(content))]
    }

    private mutating func finishContent(_ reply: SMTPReply) -> [Action] {
        // A 3xx asks for more where all was said: neither a yes nor a no (RFC 5321, section 4.2.1), and nothing more can follow.
        if (300..<400).contains(reply.code) {
            state = .closed
            return [.finish(.unknown(SMTPProblem(.content, .reply, reply))), .close]
        }
        let outcome: SMTPOutcome = reply.isPositive ? .accepted(reply) : SMTPVerdict.of(reply, at: .content)
        if reply.code == 421 {
            state = .closed
            return [.finish(outcome), .close]
        }
        state = .idle
        return [.finish(outcome), .ready]
    }

    private func line(_ text: String) -> [UInt8] { Array(text.utf8) + [0x0d, 0x0a] }

    /// A message as it goes over the wire: only CRLF ends a line, a dot at a line's beginning is doubled, and a dot alone ends it all.
    ///
    /// A CR or LF alone becomes CRLF first: servers that take one for a line's end would find the end of the message in the middle of it (smuggling).
    static func stuffed(_ content: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(content.count + content.count / 64 + 8)
        var isLineStart = true
        var index = 0
        while index < content.count {
            // What needs no look is taken in one piece.
            let start = index
            while index < content.count, content[index] != 0x0d, content[index] != 0x0a, content[index] != 0 { index += 1 }
            if index > start {
                if isLineStart, content[start] == 0x2e { out.append(0x2e) }
                out += content[start..<index]
                isLineStart = false
            }
            guard index < content.count else { break }
            let byte = content[index]
            index += 1
            if byte == 0 { continue }
            if byte == 0x0d {
                // NUL is nothing, also between the two.
                var next = index
                while next < content.count, content[next] == 0 { next += 1 }
                if next < content.count, content[next] == 0x0a { index = next + 1 }
            }
            out += [0x0d, 0x0a]
            isLineStart = true
        }
        if !isLineStart { out += [0x0d, 0x0a] }
        out += [0x2e, 0x0d, 0x0a]
        return out
    }
}

/// What a server's no means for a message.
enum SMTPVerdict {
    /// Subjects of enhanced codes that say the mailbox itself does not exist or was given up (RFC 3463, section 3.2; RFC 7505 for 5.1.10).
    private static let addressCodes: Set<String> = ["5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"]
    static func of(_ reply: SMTPReply, at stage: SMTPStage) -> SMTPOutcome {
        let problem = SMTPProblem(stage, .reply, reply)
        // Who is to sign in first, or to speak over TLS, has other settings to make: nothing is said of this message or mailbox (RFC 4954, RFC 3207).
        guard reply.code >= 500, ![530, 534, 535, 538].contains(reply.code) else { return .deferred(problem) }
        switch stage {
        case .recipient:
            // RFC 5321, section 4.5.3.1.10: of a recipient it means the same as 452.
            if reply.code == 552 || reply.enhanced == "5.2.2" { return .deferred(problem) }
            return .refused(problem, isAddress: isAddress(reply))
        // Some learn only later that the mailbox is full; a bare 552 says here that it is the message that is too large.
        case .data where reply.enhanced == "5.2.2", .content where reply.enhanced == "5.2.2": return .deferred(problem)
        case .content: return .refused(problem, isAddress: isAddress(reply))
        case .sender, .data: return .refused(problem, isAddress: false)
        default: return .deferred(problem)
        }
    }

    private static func isAddress(_ reply: SMTPReply) -> Bool {
        // Without an enhanced code, 550 says as well that it is the sender who is not wanted: such as one on a list.
        reply.enhanced.map { addressCodes.contains($0) } ?? false
    }
}
