public import Delivery
import Identity
public import Privacy
public import Vocabulary

/// Messages as signed calls of one destination, which passes them on: the body is what the template of kind `json` made for the person.
public struct WebhookChannel: Channel {
    public let name = "webhook"
    public let kind = MessageTemplate.Kind.json
    public let concurrency = 64
    private let caller: any WebhookCalling
    private let destinations: DestinationStore
    private let policy: SendingPolicyStore

    /// - Parameter policy: says to which destination messages go.
    public init(caller: any WebhookCalling, destinations: DestinationStore, policy: SendingPolicyStore) { (self.caller, self.destinations, self.policy) = (caller, destinations, policy) }

    private var destination: Destination? { destinations.find(policy.current.webhookDestination).flatMap { $0.isEnabled ? $0 : nil } }

    /// The destination's, for everyone: it is what reaches the person.
    public func address(identifiers: [Identifier], traits: JSONText) -> String? { destination?.url }

    public func send(_ message: OutgoingMessage, _ leave: LeaveToSend) async -> HandOver {
        guard let destination, let body = message.content.json.flatMap({ JSONText(validating: Array($0.utf8)) }) else { return .refused(reason: "The destination is switched off.", nil) }
        var w = JSONWriter()
        w.object { w in
            w.member("type", "message")
            w.member("timestamp", message.at)
            w.key("data")
            w.object { w in
                w.member("profileId", message.profile.text)
                w.member("unsubscribe", message.unsubscribe)
                w.member("preferences", message.preferences)
                w.key("message")
                w.raw(body.bytes)
            }
        }
        let result = await caller.post(to: destination.url, secrets: destination.secrets, id: message.key, at: message.at) { [bytes = w.text.bytes] in
            // Whoever moved it meanwhile is heeded: the message goes again to where it is now.
            guard self.destination?.isCalled(as: destination) ?? false else { return .stop(.unsent) }
            switch leave.ask() {
            case .granted: return .body(bytes)
            case .withheld(let instead): return .stop(instead)
            }
        }
        if result.isGone { destinations.gone(destination.id, at: message.at) }
        return result.handOver
    }
}
