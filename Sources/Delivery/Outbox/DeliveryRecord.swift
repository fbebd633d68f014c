public import Decisions
public import Vocabulary

/// What became of an intent: one row for each, from the moment it is taken until long after it was sent or refused.
public struct DeliveryRecord: Sendable {
    public enum State: Int, Sendable, CaseIterable {
        /// Not tried yet, or held back until an instant.
        case waiting = 0
        /// Tried in vain, and tried again at an instant; what comes later for the same person waits behind it.
        case retrying = 1
        /// Handed over, without an answer so far.
        case underway = 2
        case sent = 3
        /// By our own rules.
        case refused = 4
        /// Given up: a dead letter, which a person may send again.
        case dead = 5
        /// It waited when the backup was made that was restored: until somebody says whether it is still to be sent.
        case held = 6

        public var name: String {
            switch self {
            case .waiting: "waiting"
            case .retrying: "retrying"
            case .underway: "underway"
            case .sent: "sent"
            case .refused: "refused"
            case .dead: "dead"
            case .held: "held"
            }
        }

        public init?(name: String) {
            guard let state = State.allCases.first(where: { $0.name == name }) else { return nil }
            self = state
        }

        public var isFinal: Bool { self == .sent || self == .refused || self == .dead }
    }

    public let stored: StoredIntent
    public let state: State
    public internal(set) var reason: DeliveryReason
    /// What the other side said, or which rule it was; never a value of the person's.
    public let detail: String
    /// How the other side calls it.
    public let receipt: String
    public let attempts: Int
    /// How often nobody could tell whether it arrived: so many times more than once the other side may have it, under the same key.
    public let lost: Int
    /// Not tried before.
    public let due: Timestamp
    /// When it was first handed over.
    public let began: Timestamp?
    public let ended: Timestamp?

    public var intent: Intent { stored.intent }
}

/// One thing that happened on the way.
public struct DeliveryStep: Sendable, Hashable {
    public let at: Timestamp
    public let reason: DeliveryReason
    public let detail: String
}
