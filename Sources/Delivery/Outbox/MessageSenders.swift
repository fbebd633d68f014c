import Decisions
import Identity
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

    func prepare(_ intents: [Intent], now: Timestamp) -> [Preparation] {
        // Taken before anything is asked: who became somebody else meanwhile is asked for anew.
        var courses = intents.map { Course(MessageExamination($0, senders, now: now), channel: channel.name, identifiers: senders.recipients.identifiers(of: $0.profile)) }
        for index in courses.indices { courses[index].ask(MessageCheck.beforeConsent) }
        // Each with its own questions, so that nobody is given another's answer.
        let open = courses.indices.compactMap { index in courses[index].consentQuestion.map { (index: index, question: $0) } }
        let isTracking = channel.isTracking
        let questions = open.flatMap { index, own in
            [own] + (isTracking && courses[index].isTracked ? [(.tracking(channel: channel.name, address: own.question.address), own.identifiers)] : [])
        }
        // All in one reading of the ledger, which takes as long for many as for one.
        var answers = ((try? senders.ledger.consult(questions, now: now)) ?? [])[...]
        for index in open.map(\.index) {
            courses[index].take(answers.popFirst())
            if isTracking && courses[index].isTracked { courses[index].tracking = answers.popFirst() }
            courses[index].ask(MessageCheck.afterConsent)
        }
        return courses.map { $0.preparation(now: now) }
    }

    /// One message on its way through the checks.
    private struct Course {
        private var examination: MessageExamination?
        /// Where it goes no further.
        private var end: Preparation?
        private let identifiers: [Identifier]
        var tracking: ConsentLedger.Consultation?

        init(_ examination: MessageExamination?, channel: String, identifiers: [Identifier]) {
            (self.examination, self.identifiers) = (examination, identifiers)
            if examination == nil { end = .refused(.noChannel, detail: channel) }
        }

        mutating func ask(_ checks: [MessageCheck]) {
            for check in checks where end == nil { if let verdict = examination?.ask(check) { heed(verdict) } }
        }

        var isTracked: Bool { examination?.content?.isTracked ?? false }
        var consentQuestion: (question: ConsentQuestion, identifiers: [Identifier])? { end == nil ? examination?.consentQuestion : nil }

        mutating func take(_ asked: ConsentLedger.Consultation?) { if let verdict = examination?.take(asked) { heed(verdict) } }

        private mutating func heed(_ verdict: MessageVerdict) {
            switch verdict.kind {
            case .passed: break
            case .refused, .unasked: end = .refused(verdict.reason ?? .nobody, detail: verdict.detail)
            case .waits: end = .waits(verdict.reason ?? .waiting, detail: verdict.detail, until: verdict.until ?? .earliest)
            }
        }

        func preparation(now: Timestamp) -> Preparation {
            if let end { return end }
            guard let examination, let outgoing = examination.outgoing, let consent = examination.consent else { return .refused(.nobody, detail: "") }
            return .ready(ReadyMessage(intent: examination.intent, consent: consent, tracking: tracking, identifiers: identifiers, outgoing: outgoing, contact: examination.contact, quietZone: examination.quietZone))
        }
    }

    func handOver(_ ready: ReadyMessage, now: Timestamp, _ lane: LaneMoment) async -> HandOver {
        guard let message = ready.outgoing, let consent = ready.consent else { return .withheld(.nobody, detail: "") }
        // What cannot be asked is not permitted.
        let permitsTracking: @Sendable () -> Bool = { ready.tracking.flatMap { try? senders.ledger.permits($0) } ?? false }
        let result = await channel.send(message, LeaveToSend(permitsTracking: permitsTracking) { leave(ready, consent, lane) })
        if !channel.suppressesItself, case .refused(_, let fault?) = result { try? senders.ledger.suppress(address: message.address, fault == .complaint ? .complained : .bounced, at: now) }
        return result
    }

    func halt() { channel.halt() }

    /// Asked last and spent at once: a withdrawal, a suppression, an erasure, an end or a pause of its journey that was acknowledged before, or quiet hours that have begun, stop the message, however long it waited for a connection.
    private func leave(_ ready: ReadyMessage, _ consent: ConsentLedger.Consultation, _ lane: LaneMoment) -> LeaveToSend.Answer {
        guard lane.begins() else { return .withheld(.unsent) }
        if let instead = lane.instead() { return .withheld(instead) }
        if let end = ready.intent.expiresAt, end <= lane.clock() { return .withheld(.withheld(.expired, detail: "")) }
        // Prepared again, it waits until they end.
        if let zone = ready.quietZone, senders.policy.current.quietEnd(channel: channel.name, zone: zone, now: lane.clock()) != nil { return .withheld(.unsent) }
        if ready.contact != nil, channel.isHeldBack { return .withheld(.unsent) }
        let known = senders.recipients.identifiers(of: ready.intent.profile)
        guard !known.isEmpty else { return .withheld(.withheld(.nobody, detail: "")) }
        // Of who became another since, all of both is asked.
        guard known == ready.identifiers else { return .withheld(.unsent) }
        let permit: Permit
        do { permit = try senders.ledger.permit(consent) } catch { return .withheld(.deferred(reason: "The consent ledger cannot be asked now.", after: nil)) }
        switch consume permit {
        case .refused(let decision): return .withheld(.withheld(DeliveryReason(decision) ?? .withdrawn, detail: ""))
        case .granted(let leave): return .granted(leave)
        }
    }
}
