public import Identity
public import Mail
public import Privacy
import Synchronization
public import Vocabulary

/// E-mail, handed to the workspace's mail server.
public final class EmailChannel: Channel {
    public let name = "email"
    public let kind = MessageTemplate.Kind.email
    public let concurrency = 128
    public var isTracking: Bool { store.current?.settings.isTracking ?? false }
    /// What bounces is suppressed, and pardoned when it was the domain, by its ledger.
    public var suppressesItself: Bool { true }
    public var isHeldBack: Bool { bounces.brake.hold != nil }
    public func rest(of address: String, at now: Timestamp) throws -> Timestamp? { try bounces.rest(of: address, now: now) }
    public func allowance(at now: Timestamp) -> DailyAllowance? {
        store.current.flatMap { current in Timestamp(current.settings.warmUpFrom).flatMap { DailyAllowance.warmingUp(from: $0, first: current.settings.warmUpFirst, at: now) } }
    }

    public let store: EmailStore
    private let bounces: BounceLedger
    private let secret: WorkspaceKey
    private let workspace: String
    private let surroundings: Surroundings
    private let senders = Mutex<(for: SMTPSettings, sender: SMTPSender)?>(nil)

    /// What the channel must ask of the rest.
    public struct Surroundings: Sendable {
        /// The port of this Martlet's mail catcher; nil where there is none.
        public let catcherPort: @Sendable () -> Int?
        /// Where links in mails lead, such as `https://cdp.wren.example`.
        public let address: @Sendable () -> String
        public let clock: @Sendable () -> Timestamp

        public init(catcherPort: @escaping @Sendable () -> Int?, address: @escaping @Sendable () -> String, clock: @escaping @Sendable () -> Timestamp) {
            (self.catcherPort, self.address, self.clock) = (catcherPort, address, clock)
        }
    }

    public init(store: EmailStore, bounces: BounceLedger, secret: WorkspaceKey, workspace: String, _ surroundings: Surroundings) {
        (self.store, self.bounces, self.secret, self.workspace, self.surroundings) = (store, bounces, secret, workspace, surroundings)
    }

    /// The trait `email`, else the identifier; what is no address of a mailbox is nobody's.
    public func address(identifiers: [Identifier], traits: JSONText) -> String? { EmailChannel.mailbox(identifiers: identifiers, traits: traits) }

    public static func mailbox(identifiers: [Identifier], traits: JSONText) -> String? {
        let candidates = [traits["email"]?.string].compactMap { $0 } + identifiers.filter { $0.namespace == .email }.map(\.text)
        return candidates.lazy.compactMap { try? MailAddress($0).text }.first
    }

    public func send(_ message: OutgoingMessage, _ leave: LeaveToSend) async -> HandOver {
        guard let current = store.current else { return .deferred(reason: "email.not-set-up", after: 60) }
        guard let to = try? MailAddress(message.address) else { return .refused(reason: "mail.address", .hard) }
        guard let (mail, sender) = begun(message, to: to, current) else { return .refused(reason: "email.address", nil) }
        let delivered = await deliver(from: sender, current) { [self] in
            // It is sent now: what was prepared may have waited for this connection.
            let now = surroundings.clock()
            do { if try bounces.rest(of: message.address, now: now) != nil { return .failure(Stop(.unsent)) } } catch {
                return .failure(Stop(.deferred(reason: "storage.unwritable", after: 5)))
            }
            let envelope = SMTPEnvelope(sender: sender, recipient: to, content: whole(mail, message, current.settings, leave, at: now).bytes(signedBy: current.signing))
            // Asked last, once a connection is held: a withdrawal that was acknowledged before this line stops the mail.
            switch leave.ask() {
            case .withheld(let instead): return .failure(Stop(instead))
            case .granted: return .success(envelope)
            }
        }
        switch delivered {
        case .failure(let stop): return stop.handOver
        case .success(let outcome): return handOver(outcome, mail, message.address, current.settings)
        }
    }

    /// What waits for a connection comes back unsent.
    public func halt() { senders.withLock { $0?.sender.close() } }

    /// Sends a mail of somebody's own to try the settings out. Asks nobody, tracks nothing, is no message.
    public func sendTest(subject: String, text: String, to: MailAddress) async -> HandOver {
        guard let current = store.current, let from = current.from else { return .refused(reason: "email.not-set-up", nil) }
        let now = surroundings.clock()
        var mail = MailMessage(id: "test-\(now.milliseconds)", from: MailMessage.Mailbox(name: current.settings.fromName, from), to: to, date: now)
        (mail.subject, mail.text) = (subject, text)
        mail.feedbackID = "test:\(workspace):email:martlet"
        let envelope = SMTPEnvelope(sender: from, recipient: to, content: mail.bytes(signedBy: current.signing))
        switch await deliver(from: from, current, { .success(envelope) }) {
        case .failure(let stop): return stop.handOver
        case .success(let outcome): return EmailChannel.handOver(outcome, receipt: mail.messageID)
        }
    }

    public func close() { senders.withLock { $0?.sender.close(); $0 = nil } }

    // MARK: - Handing over

    /// Nothing is said to any server; what becomes of the mail instead.
    private struct Stop: Error {
        let handOver: HandOver
        init(_ handOver: HandOver) { self.handOver = handOver }
        static func notNow(_ reason: String) -> Stop { Stop(.deferred(reason: reason, after: 30)) }
    }

    private func deliver(from address: MailAddress, _ current: EmailStore.Current, _ prepare: @Sendable () -> Result<SMTPEnvelope, Stop>) async -> Result<SMTPOutcome, Stop> {
        let settings = current.settings
        var smtp = SMTPSettings(host: settings.host, port: settings.port, security: settings.security)
        if settings.host == EmailSettings.catcher {
            guard let port = surroundings.catcherPort() else { return .failure(.notNow("email.no-catcher")) }
            smtp = SMTPSettings(host: "127.0.0.1", port: port, security: .none)
        } else if !settings.user.isEmpty {
            smtp.credentials = SMTPSettings.Credentials(user: settings.user, password: current.password ?? "")
        }
        if !settings.authority.isEmpty { smtp.authority = settings.authority }
        smtp.connectionMaximum = settings.connections
        smtp.helloName = address.domain
        guard let sender = try? sender(smtp) else { return .failure(.notNow("email.authority")) }
        return await sender.send(prepare)
    }

    /// One that is used again for as long as the settings stay.
    private func sender(_ smtp: SMTPSettings) throws -> SMTPSender {
        try senders.withLock { senders in
            if let senders, senders.for == smtp { return senders.sender }
            senders?.sender.close()
            let made = try SMTPSender(smtp)
            senders = (smtp, made)
            return made
        }
    }

    private func handOver(_ outcome: SMTPOutcome, _ mail: MailMessage, _ address: String, _ settings: EmailSettings) -> HandOver {
        let now = surroundings.clock()
        switch outcome {
        case .accepted:
            // What fails here costs a count of bounces; the mail is gone all the same.
            try? bounces.accepted(address, at: now)
        case .refused(_, let isAddress) where isAddress:
            let verdict = try? bounces.bounced(address, isHard: true, wasAccepted: false, maximum: settings.softBounceMaximum, restHours: settings.restHours, at: now)
            // A server that knows nobody any more has lost its list of mailboxes: it will have it again.
            if verdict == .outage { return .deferred(reason: "email.domain-out", after: 3600, isOfOne: true) }
        case .refused(let problem, _) where problem.isVagueRefusal:
            // Perhaps there is no such mailbox, perhaps it is us: one that says so again and again rests.
            let verdict = try? bounces.bounced(address, isHard: false, wasAccepted: false, maximum: settings.softBounceMaximum, restHours: settings.restHours, at: now)
            if verdict == .outage { return .deferred(reason: "email.domain-out", after: 3600, isOfOne: true) }
        default: break
        }
        return EmailChannel.handOver(outcome, receipt: mail.messageID)
    }

    private static func handOver(_ outcome: SMTPOutcome, receipt: String) -> HandOver {
        switch outcome {
        case .accepted: .accepted(receipt: receipt)
        // Nothing was said: other settings were saved, or it all ends.
        case .deferred(let problem) where problem.cause == .closing: .unsent
        case .deferred(let problem): .deferred(reason: problem.code, after: nil, isOfOne: problem.isOfOne)
        case .refused(let problem, let isAddress): .refused(reason: problem.code, isAddress ? .hard : nil)
        case .unknown(let problem): .unknown(reason: problem.code)
        }
    }

    // MARK: - Composing

    /// What of a mail is known before it is composed: its id, whom it is from and to, and its return path.
    private func begun(_ message: OutgoingMessage, to: MailAddress, _ current: EmailStore.Current) -> (mail: MailMessage, sender: MailAddress)? {
        guard let from = current.from else { return nil }
        let mark = MailMark(key: message.key, profile: message.profile, address: message.address, secret).text(secret)
        var mail = MailMessage(id: mark, from: MailMessage.Mailbox(name: current.settings.fromName, from), to: to, date: message.at)
        if let reply = current.replyTo { mail.replyTo = MailMessage.Mailbox(reply) }
        if let bounce = current.bounces, let own = try? MailAddress("\(bounce.local)+\(mark)@\(bounce.domain)") { return (mail, own) }
        return (mail, from)
    }

    private func whole(_ begun: MailMessage, _ message: OutgoingMessage, _ settings: EmailSettings, _ leave: LeaveToSend, at now: Timestamp) -> MailMessage {
        var mail = begun
        mail.date = now
        mail.subject = message.content.subject ?? ""
        mail.html = message.content.html.map { html($0, message, settings, leave, at: now) }
        mail.text = message.content.text ?? ""
        mail.attachments = message.content.attachments
        if !settings.postalAddress.isEmpty { mail.text += "\n\n-- \n\(settings.postalAddress)\n" }
        mail.unsubscribe = message.unsubscribe
        mail.feedbackID = "\(message.stream):\(workspace):email:martlet"
        return mail
    }

    /// The HTML with the sender's postal address, and with links that tell of clicks where that is allowed.
    private func html(_ html: String, _ message: OutgoingMessage, _ settings: EmailSettings, _ leave: LeaveToSend, at now: Timestamp) -> String {
        var footer = ""
        if !settings.postalAddress.isEmpty {
            footer = "<p style=\"color:#5c665f;font-size:12px;text-align:center\">\(EmailChannel.escaped(settings.postalAddress).replacing("\n", with: "<br>"))</p>"
        }
        let base = surroundings.address()
        guard message.content.isTracked, settings.isTracking, leave.permitsTracking() else {
            return footer.isEmpty ? html : LinkRewriter.rewrite(html, where: { _ in false }, link: { target, _, _ in target }, end: { _ in footer })
        }
        let own = [message.unsubscribe, message.preferences].compactMap { $0 }
        func address(_ kind: TrackingLink.Kind, _ index: Int = 0, _ count: Int = 0, _ target: String = "") -> String {
            let link = TrackingLink(kind, key: message.key, profile: message.profile, sentAt: now, index: index, count: count, target: target)
            return "\(base)/\(kind == .open ? "o" : "c")/\(workspace)/\(link.token(secret))"
        }
        let pages = ["\(base)/unsubscribe/", "\(base)/preferences/"]
        return LinkRewriter.rewrite(
            html,
            where: { target in settings.tracksClicks && !own.contains(target) && !pages.contains(where: target.hasPrefix) },
            link: { target, index, count in address(.click, index, count, target) },
            end: { count in
                let trap = settings.tracksClicks && count > 0 ? "<a href=\"\(address(.trap))\" style=\"display:none\" tabindex=\"-1\" aria-hidden=\"true\"></a>" : ""
                let image = settings.tracksOpens ? "<img src=\"\(address(.open))\" width=\"1\" height=\"1\" alt=\"\" style=\"border:0\">" : ""
                return footer + trap + image
            })
    }

    private static func escaped(_ text: String) -> String { text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\r", with: "") }
}
