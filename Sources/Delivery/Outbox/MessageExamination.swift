import Decisions
import GRDB
import Identity
import Privacy
import Profiles
import Segments
import Storage
public import Vocabulary

/// One thing that a message is held to, in the order in which it is asked.
public enum MessageCheck: String, Sendable, CaseIterable {
    case person, expiry, channel, address, template, consent, frequency, caps, sender
    case quietHours = "quiet-hours"

    /// Frequency and caps are asked last, in the transaction that writes the message down as under way.
    static let order = beforeConsent + [.consent] + afterConsent
    static let beforeConsent: [MessageCheck] = [.person, .expiry, .channel, .address, .template]
    static let afterConsent: [MessageCheck] = [.quietHours, .sender]
    static let counted: [MessageCheck] = [.frequency, .caps]
}

/// The answer of one check.
public struct MessageVerdict: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case passed, refused, waits
        /// An earlier check leaves nothing to ask.
        case unasked
    }
    public let check: MessageCheck
    public let kind: Kind
    public let reason: DeliveryReason?
    public let detail: String
    public let until: Timestamp?

    init(_ check: MessageCheck, _ kind: Kind, _ reason: DeliveryReason? = nil, detail: String = "", until: Timestamp? = nil) {
        (self.check, self.kind, self.reason, self.detail, self.until) = (check, kind, reason, detail, until)
    }
}

/// Asks one message everything, step by step; each finds what the next needs.
struct MessageExamination {
    let senders: MessageSenders
    let intent: Intent
    let template: String
    let scope: ConsentScope
    let now: Timestamp
    private(set) var profile: Profile?
    private(set) var channel: (any Channel)?
    private(set) var address: String?
    private(set) var content: RenderedMessage?
    private(set) var links: Recipients.Links?
    private(set) var consent: ConsentLedger.Consultation?

    /// Nil for an intent that is no message.
    ///
    /// - Parameter links: stand in it instead of the person's own.
    init?(_ intent: Intent, _ senders: MessageSenders, now: Timestamp, links: Recipients.Links? = nil) {
        guard case .message(let template, let scope) = intent.effect else { return nil }
        (self.intent, self.senders, self.template, self.scope, self.now, self.links) = (intent, senders, template, scope, now, links)
    }

    mutating func ask(_ check: MessageCheck) -> MessageVerdict {
        switch check {
        case .person: askPerson()
        case .expiry: intent.expiresAt.map { $0 <= now } ?? false ? MessageVerdict(check, .refused, .expired) : MessageVerdict(check, .passed)
        case .channel: askChannel()
        case .address: askAddress()
        case .template: askTemplate()
        case .consent: askConsent()
        case .quietHours: askQuietHours()
        case .sender: askSender()
        case .frequency, .caps: MessageVerdict(check, .unasked)
        }
    }

    private mutating func askPerson() -> MessageVerdict {
        // Without the ledger nobody can be read; what cannot be asked now is asked again.
        guard case .success(let found) = Result(catching: { try senders.recipients.profile(intent.profile) }) else { return again(.person) }
        profile = found
        return found == nil ? MessageVerdict(.person, .refused, .nobody) : MessageVerdict(.person, .passed)
    }

    private mutating func askChannel() -> MessageVerdict {
        channel = senders.channel(scope.channel)
        return channel == nil ? MessageVerdict(.channel, .refused, .noChannel, detail: scope.channel) : MessageVerdict(.channel, .passed)
    }

    private mutating func askAddress() -> MessageVerdict {
        guard let profile, let channel else { return MessageVerdict(.address, .unasked) }
        var w = JSONWriter()
        profile.write(traits: &w)
        address = channel.address(identifiers: profile.identifiers, traits: w.text)
        guard let address else { return MessageVerdict(.address, .refused, .noAddress) }
        guard case .success(let rest) = Result(catching: { try channel.rest(of: address, at: now) }) else { return again(.address) }
        return rest.map { MessageVerdict(.address, .waits, .addressRests, until: $0) } ?? MessageVerdict(.address, .passed)
    }

    private mutating func askTemplate() -> MessageVerdict {
        guard let profile, let channel else { return MessageVerdict(.template, .unasked) }
        let links = links ?? senders.recipients.links(intent.profile, scope, address)
        self.links = links
        do throws(CompiledMessage.Fault) {
            guard let message = try senders.templates.compiled(template), message.kind == channel.kind else { return MessageVerdict(.template, .refused, .noTemplate, detail: template) }
            let data = senders.recipients.data(profile, intent.data, links, message.computedNames)
            if message.onMissing == .refuse, let first = message.missing(in: data).first { return MessageVerdict(.template, .refused, .missingValue, detail: first.joined(separator: ".")) }
            content = try message.render(data, now: now, zone: senders.policy.current.zone(of: profile))
            return MessageVerdict(.template, .passed)
        } catch { return MessageVerdict(.template, .refused, error.error.isMissingValue ? .missingValue : .templateFault, detail: "\(error.explanation.code) \(error.place)") }
    }

    private mutating func askConsent() -> MessageVerdict {
        guard let consentQuestion else { return MessageVerdict(.consent, .unasked) }
        return take((try? senders.ledger.consult([consentQuestion], now: now))?.first)
    }

    /// What the ledger said to ``consentQuestion``; nil where it cannot be asked now.
    mutating func take(_ asked: ConsentLedger.Consultation?) -> MessageVerdict {
        // Decided before such purposes were refused.
        guard scope.purpose.isForMessages else { return MessageVerdict(.consent, .refused, .notForMessages) }
        guard let asked else { return again(.consent) }
        consent = asked
        guard let reason = DeliveryReason(asked.decision) else { return MessageVerdict(.consent, .passed) }
        return MessageVerdict(.consent, .refused, reason)
    }

    private func askQuietHours() -> MessageVerdict {
        guard profile != nil else { return MessageVerdict(.quietHours, .unasked) }
        let policy = senders.policy.current
        guard !policy.quietHours.isEmpty, let zone = quietZone, let until = policy.quietEnd(channel: scope.channel, zone: zone, now: now) else { return MessageVerdict(.quietHours, .passed) }
        return MessageVerdict(.quietHours, .waits, .quietHours, detail: zone.name.name, until: until)
    }

    /// What a new sender may send on a day is counted with the caps.
    private func askSender() -> MessageVerdict {
        guard channel?.isHeldBack ?? false, !scope.purpose.isGrantedByPolicy else { return MessageVerdict(.sender, .passed) }
        return MessageVerdict(.sender, .waits, .complaints, until: Timestamp(clamping: now.milliseconds + MessageExamination.heldBackMs))
    }
    /// Whoever releases it has it looked at at once.
    private static let heldBackMs: Int64 = 1_800_000

    /// By whose clock quiet hours hold it back; nil for what they hold nothing back of.
    var quietZone: ZoneRules? { scope.purpose.isGrantedByPolicy ? nil : profile.map { senders.policy.current.zone(of: $0) } }

    private func again(_ check: MessageCheck) -> MessageVerdict {
        MessageVerdict(check, .waits, .waiting, detail: "ledger", until: Timestamp(clamping: now.milliseconds + MessageExamination.troublePauseMs))
    }
    private static let troublePauseMs: Int64 = 1000

    /// What the consent ledger is asked.
    var question: ConsentQuestion { ConsentQuestion(scope.purpose, channel: scope.channel, topic: scope.topic, context: scope.context, address: address) }

    /// The same with the identifiers that it is asked for; nil before the person is known.
    var consentQuestion: (question: ConsentQuestion, identifiers: [Identifier])? { profile.map { (question, $0.identifiers) } }

    /// The place that it needs under caps; nil for what is not counted.
    var contact: Contact? {
        guard let profile, !scope.purpose.isGrantedByPolicy else { return nil }
        return Contact(profile: intent.profile.text, ids: senders.recipients.ids(of: profile), scope: scope, contexts: senders.ledger.contexts(of: scope.context), caps: senders.policy.current.caps, frequency: consent?.decision.frequency ?? "", allowance: channel?.allowance(at: now), expiresAt: intent.expiresAt)
    }

    /// Ready to go; nil before every check was passed.
    var outgoing: OutgoingMessage? {
        guard profile != nil, let address, let content else { return nil }
        let isOptional = !scope.purpose.isGrantedByPolicy
        return OutgoingMessage(
            key: intent.key, profile: intent.profile, address: address, content: content, stream: scope.topic.isEmpty ? scope.purpose.name : scope.topic, unsubscribe: isOptional ? links?.unsubscribe : nil, preferences: isOptional ? links?.preferences : nil, at: now)
    }
}

extension CompiledMessage {
    /// The computed traits that it reads; nil where it may read any.
    fileprivate var computedNames: Set<String>? {
        let paths = uses.map(\.use.path).filter { $0.first == "computed" }
        return paths.contains { $0.count < 2 } ? nil : Set(paths.map { $0[1] })
    }
}

extension DeliveryReason {
    /// Why a decision of the ledger lets nothing go; nil where it does.
    init?(_ decision: ConsentDecision) {
        switch decision.reason {
        case .granted, .policy: return nil
        case .unknown: self = .unknownConsent
        case .withdrawn: self = .withdrawn
        case .paused: self = .paused
        case .notAMember: self = .notAMember
        case .suppressed: self = .suppressed
        case .addressSuppressed: self = .addressSuppressed
        case .nobody: self = .nobody
        }
    }
}
