public import Vocabulary

/// Why a condition is true or false of one profile at one moment: the condition's own tree, with what was seen at each of its parts.
public struct Reason: Sendable {
    public let condition: Condition
    public let isTrue: Bool
    /// Whether the answer of the whole that this is a part of hangs on it: of `and` the parts that are false, where there are any.
    public internal(set) var decides = true
    public let seen: Seen
    /// Of `and`, `or`, `not`; of a test of another segment that segment's condition.
    public let parts: [Reason]

    /// What a test looked at.
    public enum Seen: Sendable {
        /// Nothing of its own: it is made of parts, or there was no room for more in one answer.
        case nothing
        /// The traits that are tested, in the order written.
        case traits([SeenTrait])
        case events(SeenEvents)
        case steps([SeenStep])
        /// 0 to 9999.
        case bucket(Int)
    }
}

/// What a condition answers of one profile at one moment, why, and when time alone changes it.
public struct ReasonedAnswer: Sendable {
    public let moment: Moment
    public let reason: Reason
    /// The first later moment at which the same condition is answered otherwise though nothing happens; nil where there is none up to `lookedUntil`.
    /// Of a past moment, what has happened since counts.
    public let flipsAt: Timestamp?
    public let lookedUntil: Timestamp
}

/// How far ahead a change by time alone is looked for.
public struct Outlook: Sendable {
    public let horizonMs: Int64
    /// After which no further moment is looked at.
    public let budget: Duration
    /// 400 days, so that whatever comes round every year is found, and half a second.
    public static let usual = Outlook(horizonMs: 400 * 86_400_000, budget: .milliseconds(500))

    public init(horizonMs: Int64, budget: Duration) { (self.horizonMs, self.budget) = (horizonMs, budget) }
}

/// What can be said of a profile and a condition.
public enum ProfileReasoning: Sendable {
    case answered(ReasonedAnswer)
    /// The person objects to the purpose that questions serve, and is in no segment.
    case objecting
    /// Nothing of the profile is in the columns: no event of a person; an account never has any.
    case withoutEvents
}

/// A trait as it stood at the moment.
public struct SeenTrait: Sendable {
    public let path: String
    /// Cut where it is long; nil for none.
    public let value: JSONText?
    /// The identify call that said so; nil where that cannot be told from the columns.
    public let statement: SeenEvent?
}

/// The events that a test measures.
public struct SeenEvents: Sendable {
    /// The measure, as JSON; nil where there is no such value, as of the average of nothing.
    public let value: JSONText?
    /// How many events lie in the window and pass the filter.
    public let count: Int
    /// How many of these names lie in the window, whether or not they pass the filter; nil where there is no filter.
    public let unfilteredCount: Int?
    /// From (included) to (excluded).
    public let window: ResolvedWindow
    /// Those that say most, at most ``Question/seenEventsMaximum``: the newest; of a smallest, largest or first value, those that made it.
    public let events: [SeenEvent]
    /// Where none counts: the last such event before the window ends that passes the filter.
    public let before: SeenEvent?
}

/// One step of a sequence, along the chain that came furthest.
public struct SeenStep: Sendable {
    public let pattern: EventPattern
    public let isAbsent: Bool
    public let within: Period?
    /// Of the first step.
    public let window: Window?
    /// Nil for steps that were not come to.
    public let isMet: Bool?
    /// The step's event; of a step that must be absent, the one that is there.
    public let event: SeenEvent?
    /// When a period in which nothing may happen ends, where that is still to come.
    public let waitsUntil: Timestamp?
}

/// One event, with what the test looked at in it.
public struct SeenEvent: Sendable {
    public let position: LogPosition
    public let time: Timestamp
    /// As a timeline calls it; empty where the log does not have it any more.
    public let title: String
    public let messageId: String?
    /// By their paths, in the order written; cut where they are long.
    public let values: [(path: String, value: JSONText?)]
}
