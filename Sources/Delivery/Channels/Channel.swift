public import Identity
public import Privacy
public import Vocabulary

/// A way out to people, such as e-mail. A further one is one file, one line where the server lists them, and the conformance suite.
public protocol Channel: Sendable {
    /// As consent, caps and templates call it, such as `email`.
    var name: String { get }
    /// What kind of template it sends.
    var kind: MessageTemplate.Kind { get }
    /// How many messages may be under way at once.
    var concurrency: Int { get }
    /// Where a message to somebody with these identifiers and traits would go; nil where it cannot reach them.
    func address(identifiers: [Identifier], traits: JSONText) -> String?
    /// Hands one message over, and says what became of it. The permit is for this message alone.
    func send(_ message: OutgoingMessage, _ permit: consuming SendPermit) async -> HandOver
}

/// A message that is ready to go.
public struct OutgoingMessage: Sendable {
    /// Of the intent: the same when it is tried again, so that the other side can tell.
    public let key: String
    public let profile: ProfileID
    public let address: String
    public let content: RenderedMessage
    /// Where one call stops such messages to this address (RFC 8058), and where the person chooses; nil for what nobody can leave, such as a receipt.
    public let unsubscribe: String?
    public let preferences: String?
    /// When this try hands it over.
    public let at: Timestamp

    public init(key: String, profile: ProfileID, address: String, content: RenderedMessage, unsubscribe: String? = nil, preferences: String? = nil, at: Timestamp) {
        (self.key, self.profile, self.address, self.content) = (key, profile, address, content)
        (self.unsubscribe, self.preferences, self.at) = (unsubscribe, preferences, at)
    }
}

/// What became of a message.
public enum HandOver: Sendable, Hashable {
    /// The other side has taken it over, and this is how it calls it.
    case accepted(receipt: String)
    /// Not now, and perhaps later; not before the number of seconds, where the other side says so.
    case deferred(reason: String, after: Int?)
    /// Never, for this message or this address.
    case refused(reason: String, AddressFault?)
    /// Nobody can tell whether it was taken over: the connection was lost after all of it was sent.
    case unknown(reason: String)

    /// What is wrong with the address itself.
    public enum AddressFault: String, Sendable { case hard, complaint }
}
