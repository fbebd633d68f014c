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
    /// Whether it finds out who reads what it sends; asked of each person, and never done without their leave.
    var isTracking: Bool { get }
    /// Whether messages that need consent wait until somebody releases them, as after too many complaints.
    var isHeldBack: Bool { get }
    /// Whether it suppresses addresses that are wrong by itself, and lets them go again when it was not they.
    var suppressesItself: Bool { get }
    /// How many messages that need consent may begin on this day; nil for any number.
    func allowance(at now: Timestamp) -> DailyAllowance?
    /// Where a message to somebody with these identifiers and traits would go; nil where it cannot reach them.
    func address(identifiers: [Identifier], traits: JSONText) -> String?
    /// Until when nothing goes to an address, since it gave mail back again and again; nil where it does not rest.
    func rest(of address: String, at now: Timestamp) throws -> Timestamp?
    /// Hands one message over, and says what became of it.
    ///
    /// - Parameter leave: asked when nothing but the handing over is left, and again where that begins anew: whatever waits for a connection has no leave yet.
    func send(_ message: OutgoingMessage, _ leave: LeaveToSend) async -> HandOver
    /// Nothing begins any more: what waits for a connection comes back as ``HandOver/unsent``. What has begun ends by itself.
    func halt()
}

extension Channel {
    public var isTracking: Bool { false }
    public var isHeldBack: Bool { false }
    public var suppressesItself: Bool { false }
    public func allowance(at now: Timestamp) -> DailyAllowance? { nil }
    public func rest(of address: String, at now: Timestamp) throws -> Timestamp? { nil }
    public func halt() {}
}

/// Leave to hand one message over, asked at the last moment: consent, suppression and erasure hold for whatever has not begun.
public struct LeaveToSend: Sendable {
    public enum Answer: ~Copyable, Sendable {
        case granted(SendPermit)
        /// What becomes of the message instead.
        case withheld(HandOver)
    }

    public let ask: @Sendable () -> Answer
    /// Whether the person lets us know whether they open and click what is sent.
    public let permitsTracking: @Sendable () -> Bool
    public init(permitsTracking: @escaping @Sendable () -> Bool = { false }, _ ask: @escaping @Sendable () -> Answer) { (self.ask, self.permitsTracking) = (ask, permitsTracking) }
}

extension ConsentQuestion {
    /// Whether somebody lets us know whether they open and click what comes by a channel: as everybody is told who asks, so that whoever said no for this channel alone, or for a while, is not tracked either.
    ///
    /// - Parameter address: where the message goes; nil where that is not known any more.
    public static func tracking(channel: String, address: String? = nil) -> ConsentQuestion { ConsentQuestion(.analytics, channel: channel, address: address) }
}

/// A message that is ready to go.
public struct OutgoingMessage: Sendable {
    /// Of the intent: the same when it is tried again, so that the other side can tell.
    public let key: String
    public let profile: ProfileID
    public let address: String
    public let content: RenderedMessage
    /// Its topic, else its purpose: what mailbox providers tell a sender's streams apart by.
    public let stream: String
    /// Where one call stops such messages to this address (RFC 8058), and where the person chooses; nil for what nobody can leave, such as a receipt.
    public let unsubscribe: String?
    public let preferences: String?
    /// When this try hands it over.
    public let at: Timestamp

    public init(key: String, profile: ProfileID, address: String, content: RenderedMessage, stream: String = "", unsubscribe: String? = nil, preferences: String? = nil, at: Timestamp) {
        (self.key, self.profile, self.address, self.content, self.stream) = (key, profile, address, content, stream)
        (self.unsubscribe, self.preferences, self.at) = (unsubscribe, preferences, at)
    }
}

/// What became of a message.
public enum HandOver: Sendable, Hashable {
    /// The other side has taken it over, and this is how it calls it.
    case accepted(receipt: String)
    /// Not now, and perhaps later; not before the number of seconds, where the other side says so. What is said of this one alone is no fault of the channel.
    case deferred(reason: String, after: Int?, isOfOne: Bool = false)
    /// Never, for this message or this address.
    case refused(reason: String, AddressFault?)
    /// Nobody can tell whether it was taken over: the connection was lost after all of it was sent.
    case unknown(reason: String)
    /// It was not begun, by our own rules, and never is.
    case withheld(DeliveryReason, detail: String)
    /// It was not begun, and nothing is held against it: it waits as if it had never been taken.
    case unsent

    /// What is wrong with the address itself.
    public enum AddressFault: String, Sendable { case hard, complaint }
}
