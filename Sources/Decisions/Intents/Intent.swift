public import Identity
public import Privacy
public import Vocabulary

/// One thing that was decided for one person, and is yet to be done: a message, a call, or something to be written down about them.
///
/// Deciding it again gives the same ``key``, and it is done once. Whether a message may be sent is not decided here, but when it is sent.
public struct Intent: Sendable, Hashable {
    /// Who decided it.
    public struct Origin: Sendable, Hashable {
        public enum Kind: String, Sendable, CaseIterable { case journey, campaign, api, destination, test }
        public let kind: Kind
        /// Of the journey or campaign; of a call, the name of its token.
        public let id: String
        public let version: Int64
        /// The step that decided it; empty where there is only one.
        public let step: String
        /// The instance of a journey, such as a person's cart; empty elsewhere.
        public let run: String

        public init(_ kind: Kind, id: String, version: Int64 = 0, step: String = "", run: String = "") {
            (self.kind, self.id, self.version, self.step, self.run) = (kind, id, version, step, run)
        }
    }

    public enum Effect: Sendable, Hashable {
        /// A template, by id, on the channel of the scope, for its purpose, topic and context.
        case message(template: String, ConsentScope)
        /// A call of a destination, by id, with ``Intent/data``.
        case call(destination: String)
        /// An event or traits of the person, as a call of the tracking API without its `messageId`, which is made of the key.
        case record(JSONText)
    }

    /// Deterministic: the same decision has the same key, whoever makes it again after a crash.
    public let key: String
    /// As the person was known when it was decided; who that is now is asked when it is done.
    public let profile: ProfileID
    public let effect: Effect
    public let origin: Origin
    /// What a template sees beside the person: `event`, `journey`, and what a call handed in. An object.
    public let data: JSONText
    /// More is more urgent; of two messages that both fit under a cap, the more urgent one is sent. 0 to 100.
    public let priority: Int
    public let decidedAt: Timestamp
    /// Not done before.
    public let notBefore: Timestamp
    /// Not done from then on; nil for as long as it takes.
    public let expiresAt: Timestamp?

    public init(
        key: String, profile: ProfileID, _ effect: Effect, origin: Origin, data: JSONText = JSONText(trusted: Array("{}".utf8)), priority: Int = 50, decidedAt: Timestamp, notBefore: Timestamp? = nil,
        expiresAt: Timestamp? = nil
    ) {
        (self.key, self.profile, self.effect, self.origin, self.data, self.priority) = (key, profile, effect, origin, data, priority)
        (self.decidedAt, self.notBefore, self.expiresAt) = (decidedAt, notBefore ?? decidedAt, expiresAt)
    }
}
