import Decisions
public import EventLog
import Identity
public import Privacy
import Profiles
import Synchronization
public import Vocabulary

/// Makes a signed call of an address, and says what became of it.
public protocol WebhookCalling: Sendable {
    /// - Parameters:
    ///   - id: the same when it is tried again.
    ///   - secrets: each `whsec_` and base64; every one signs.
    ///   - lastly: asked for the body once a connection is held.
    func post(to url: String, secrets: [String], id: String, at: Timestamp, _ lastly: @escaping @Sendable () -> LastWord) async -> WebhookResult
}

/// What is said once a connection is held: consent, suppression and erasure hold until then.
public enum LastWord: Sendable {
    case body([UInt8])
    /// Nothing is said; what becomes of it instead.
    case stop(HandOver)
}

public struct WebhookResult: Sendable {
    public let handOver: HandOver
    /// The other side wants no more calls, ever: 410.
    public let isGone: Bool
    public init(_ handOver: HandOver, isGone: Bool = false) { (self.handOver, self.isGone) = (handOver, isGone) }
}

/// Calls destinations: of an event by its place in the log, so that nothing about a person stands in the queue; of anything else with what was decided.
public struct DestinationSender: DestinationCaller {
    static let concurrency = 32
    private let store: DestinationStore
    private let log: EventLog
    private let recipients: Recipients
    private let ledger: ConsentLedger
    private let caller: any WebhookCalling
    private let segmentName: @Sendable (String) -> String?

    public init(_ store: DestinationStore, log: EventLog, recipients: Recipients, ledger: ConsentLedger, caller: any WebhookCalling, segmentName: @escaping @Sendable (String) -> String?) {
        (self.store, self.log, self.recipients, self.ledger, self.caller, self.segmentName) = (store, log, recipients, ledger, caller, segmentName)
    }

    func concurrency(of destination: String) -> Int { DestinationSender.concurrency }

    func isOff(_ destination: String) -> Bool { store.find(destination).map { !$0.isEnabled } ?? false }

    func onChange(_ body: @escaping @Sendable () -> Void) { store.onChange(body) }

    func body(of intent: Intent, for destination: String, now: Timestamp) -> Preparation {
        guard let destination = store.find(destination) else { return .refused(.noChannel, detail: "") }
        if destination.isSharing, let refusal = sharingRefusal(of: intent, now: now) { return refusal }
        var w = JSONWriter()
        if let position = intent.data["event"]?.integer.flatMap({ LogPosition(exactly: $0) }), intent.data.members.count == 1 {
            guard case .success(let found) = Result(catching: { try log.read(position) }) else { return .waits(.waiting, detail: "log", until: Timestamp(clamping: now.milliseconds + 1000)) }
            guard let event = found, !event.isErased else { return .refused(.nobody, detail: "") }
            w.object { w in
                w.member("type", "event")
                w.member("timestamp", event.receivedAt)
                w.key("data")
                event.write(to: &w, position: position)
            }
            return .ready(ReadyMessage(intent: intent, body: w.text))
        }
        guard case .success(let profile) = Result(catching: { try recipients.profile(intent.profile) }) else { return .waits(.waiting, detail: "ledger", until: Timestamp(clamping: now.milliseconds + 1000)) }
        guard let profile else { return .refused(.nobody, detail: "") }
        let (change, name) = (intent.data["change"]?.string, recipients.name(of: intent.profile, in: profile))
        w.object { w in
            w.member("type", change.map { "segment.\($0)" } ?? "\(intent.origin.kind.rawValue).call")
            w.member("timestamp", intent.decidedAt)
            w.key("data")
            w.object { w in
                // Who came and left under one id, though they were taken for another in between.
                w.member("profileId", change == nil ? profile.id : intent.profile.text)
                for namespace in IdentifierNamespace.allCases {
                    if let identifier = name?.namespace == namespace ? name : profile.identifiers.first(where: { $0.namespace == namespace }) { w.member(namespace.name, identifier.text) }
                }
                if change != nil, let segment = intent.data["segment"]?.string {
                    w.key("segment")
                    w.object { $0.member("id", segment); $0.member("name", segmentName(segment)) }
                } else {
                    w.key("data")
                    w.raw(intent.data.bytes)
                }
            }
        }
        return .ready(ReadyMessage(intent: intent, body: w.text))
    }

    /// Why the person's data may not be shared; nil where it may.
    private func sharingRefusal(of intent: Intent, now: Timestamp) -> Preparation? {
        let asked = Result {
            try recipients.profile(intent.profile).map { try ledger.decide(ConsentQuestion(.sharing, channel: ""), for: $0.identifiers, now: now) }
        }
        guard case .success(let decision) = asked else { return .waits(.waiting, detail: "ledger", until: Timestamp(clamping: now.milliseconds + 1000)) }
        guard let decision else { return .refused(.nobody, detail: "") }
        return DeliveryReason(decision).map { .refused($0, detail: "sharing") }
    }

    func call(_ destination: String, key: String, at: Timestamp, _ lastly: @escaping @Sendable () -> LastWord) async -> HandOver {
        guard let found = store.find(destination) else { return .refused(reason: "The destination was deleted.", nil) }
        guard found.isEnabled else { return .unsent }
        let result = await caller.post(to: found.url, secrets: found.secrets, id: key, at: at) {
            // Whoever moved it meanwhile, took a secret away or switched it off is heeded: it goes again to where it is now, once it is on.
            store.find(destination).map { $0.isEnabled && $0.isCalled(as: found) } ?? true ? lastly() : .stop(.unsent)
        }
        // Nothing was said against this one call: it waits with the others until somebody switches the destination on.
        if result.isGone, store.gone(found.id, at: at) { return .deferred(reason: "410", after: nil) }
        return result.handOver
    }
}
