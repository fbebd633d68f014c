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
    private let destination: @Sendable () -> Destination?

    /// - Parameter destination: the one to which messages go now; nil where none is chosen.
    public init(caller: any WebhookCalling, destination: @escaping @Sendable () -> Destination?) { (self.caller, self.destination) = (caller, destination) }

    /// The destination's, for everyone: it is what reaches the person.
    public func address(identifiers: [Identifier], traits: JSONText) -> String? { destination().flatMap { $0.isEnabled ? $0.url : nil } }

    public func send(_ message: OutgoingMessage, _ permit: consuming SendPermit) async -> HandOver {
        _ = consume permit
        guard let destination = destination(), destination.isEnabled, let json = message.content.json else { return .refused(reason: "The destination is switched off.", nil) }
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
                // A template may print anything; what is no JSON goes as a text, so that the call itself stays whole.
                if let body = JSONText(validating: Array(json.utf8)) { w.raw(body.bytes) } else { w.string(json) }
            }
        }
        return await caller.post(w.text.bytes, to: destination.url, secrets: destination.secrets, id: message.key, at: message.at).handOver
    }
}
