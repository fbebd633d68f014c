/// Where mail is handed over, and how.
public struct SMTPSettings: Sendable, Hashable {
    public enum Security: String, Sendable, CaseIterable {
        /// TLS from the first byte (port 465).
        case tls
        /// STARTTLS, or nothing is sent (port 587).
        case starttls
        /// STARTTLS where the server offers it, without asking whose certificate it is: better than nothing, and no more (RFC 7435).
        case opportunistic
        /// In the clear: for a server on this machine.
        case none
    }

    public struct Credentials: Sendable, Hashable {
        public let user: String
        public let password: String
        public init(user: String, password: String) { (self.user, self.password) = (user, password) }
    }

    public var host: String
    public var port: Int
    public var security: Security
    public var credentials: Credentials?
    /// PEM certificates that are trusted beside those of the system, such as a company's own.
    public var authority: String?
    /// How we greet.
    public var helloName = "localhost"
    public var connectionMaximum = 8
    /// Some servers want a new connection after so many.
    public var messagesPerConnection = 200
    public var idleSeconds = 20
    public var timeouts = Timeouts()

    /// Seconds that a server may take, by stage. RFC 5321, section 4.5.3.2, would have us wait for minutes; a queue that tries again need not.
    public struct Timeouts: Sendable, Hashable {
        public var connect = 15
        public var greeting = 30
        public var command = 60
        /// From the last byte of a message to the answer. Cut off too early, a message goes out twice.
        public var content = 300
        public init() {}
    }

    public init(host: String, port: Int, security: Security) { (self.host, self.port, self.security) = (host, port, security) }

    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}

/// A message on its way: who gets it, who hears when it cannot be delivered, and its bytes.
public struct SMTPEnvelope: Sendable {
    /// The return path.
    public let sender: MailAddress
    public let recipient: MailAddress
    /// As ``MailMessage/bytes(signedBy:)`` gives them.
    public let content: [UInt8]
    public init(sender: MailAddress, recipient: MailAddress, content: [UInt8]) { (self.sender, self.recipient, self.content) = (sender, recipient, content) }

    var needsUTF8: Bool { sender.needsUTF8 || recipient.needsUTF8 }
}

/// How far a message came.
public enum SMTPStage: String, Sendable, CaseIterable {
    case connect, greeting, hello, secure, authenticate, sender, recipient, data, content, reset
}

/// What became of a message.
public enum SMTPOutcome: Sendable, Hashable {
    /// The server answers for it now.
    case accepted(SMTPReply)
    /// Not now; it was not taken over for certain.
    case deferred(SMTPProblem)
    /// Never.
    case refused(SMTPProblem, isAddress: Bool)
    /// All of it was sent, and no answer came.
    case unknown(SMTPProblem)
}

/// Where a message failed, and at what. Its words hold no address.
public struct SMTPProblem: Sendable, Hashable {
    public enum Cause: String, Sendable {
        case refusedConnection = "The connection was refused or the server's name is not known."
        case lost = "The connection was lost."
        case timeout = "The server did not answer in time."
        case malformed = "The server's answer is no SMTP."
        case noTLS = "The server does not offer TLS."
        case handshake = "TLS failed: the certificate is not trusted, or no version fits."
        case noAuthentication = "The server offers no way to sign in that we know."
        case clearPassword = "The password would go over the net in the clear."
        case noUTF8 = "The server takes no addresses with letters beyond ASCII."
        case closing = "The sender is being closed."
        case reply = "The server said no."
    }
    public let stage: SMTPStage
    public let cause: Cause
    public let reply: SMTPReply?

    /// A mailbox was refused for good, and nobody said why: without an enhanced code, or with the one for anything.
    public var isVagueRefusal: Bool { stage == .recipient && (reply.map { [550, 551, 553].contains($0.code) && ($0.enhanced == nil || $0.enhanced == "5.0.0") } ?? false) }

    /// Something was said of one mailbox and not of the server, as by one that takes mail of strangers at the second try; a server without room (4.3.x), or one that goes away (421), means everyone.
    public var isOfOne: Bool { stage == .recipient && (reply.map { $0.code != 421 && !($0.enhanced?.contains(".3.") ?? false) } ?? false) }

    init(_ stage: SMTPStage, _ cause: Cause, _ reply: SMTPReply? = nil) { (self.stage, self.cause, self.reply) = (stage, cause, reply) }

    /// A short, stable name with the server's codes, such as `recipient 550 5.1.1`.
    public var code: String { reply.map { "\(stage.rawValue) \($0.codes)" } ?? "\(stage.rawValue) \(cause)" }
}
