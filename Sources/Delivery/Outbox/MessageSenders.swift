import Decisions
public import Privacy
import Profiles
import Vocabulary

/// What sending messages needs: the channels, and whom to ask before.
public struct MessageSenders: Sendable {
    let channels: [any Channel]
    let recipients: Recipients
    let templates: MessageTemplateStore
    let policy: SendingPolicyStore
    let ledger: ConsentLedger

    public init(channels: [any Channel], recipients: Recipients, templates: MessageTemplateStore, policy: SendingPolicyStore, ledger: ConsentLedger) {
        (self.channels, self.recipients, self.templates, self.policy, self.ledger) = (channels, recipients, templates, policy, ledger)
    }

    func channel(_ name: String) -> (any Channel)? { channels.first { $0.name == name } }
}

/// Messages of one channel.
struct MessageWork: LaneWork {
    let channel: any Channel
    let senders: MessageSenders

    var concurrency: Int { max(1, channel.concurrency) }

    func prepare(_ intent: Intent, now: Timestamp) -> Preparation {
        guard var examination = MessageExamination(intent, senders, now: now) else { return .refused(.noChannel, detail: channel.name) }
        for check in MessageCheck.order {
            let verdict = examination.ask(check)
            switch verdict.kind {
            case .passed: continue
            case .refused, .unasked: return .refused(verdict.reason ?? .nobody, detail: verdict.detail)
            case .waits: return .waits(verdict.reason ?? .waiting, detail: verdict.detail, until: verdict.until ?? now)
            }
        }
        guard let outgoing = examination.outgoing, let consent = examination.consent else { return .refused(.nobody, detail: "") }
        return .ready(ReadyMessage(intent: intent, consent: consent, outgoing: outgoing, contact: examination.contact))
    }

    func handOver(_ ready: ReadyMessage, now: Timestamp) async -> HandOverResult {
        guard let message = ready.outgoing, let consent = ready.consent else { return .refused(.nobody, detail: "") }
        // Asked last and spent at once: a withdrawal that was acknowledged before this line stops the message.
        let permit: Permit
        do { permit = try senders.ledger.permit(consent) } catch {
            return .handed(.deferred(reason: "The consent ledger cannot be asked now.", after: nil))
        }
        switch consume permit {
        case .refused(let decision): return .refused(DeliveryReason(decision) ?? .withdrawn, detail: "")
        case .granted(let leave):
            let result = await channel.send(message, leave)
            if case .refused(_, let fault?) = result { try? senders.ledger.suppress(address: message.address, fault == .complaint ? .complained : .bounced, at: now) }
            return .handed(result)
        }
    }
}
