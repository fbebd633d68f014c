public import Privacy
public import Segments
public import Vocabulary

/// What a journey would have done with the people and events of some past days. Nothing of it is kept, and nothing is sent.
public struct Rehearsal: Sendable {
    /// Something that would have been decided.
    public struct Decision: Sendable, Hashable {
        public let key: String
        public let profile: String
        public let step: String
        /// What would have been sent, called or written.
        public let what: String
        public let isMessage: Bool
        public let at: Timestamp
    }
    public let from: Timestamp
    public let to: Timestamp
    public internal(set) var counts = RunCounts()
    public internal(set) var people = 0
    /// Messages by the day of the journey's zone, counted from 1970, and step.
    public internal(set) var messagesByDay: [Int64: [String: Int]] = [:]
    /// How many people would have got so many messages.
    public internal(set) var peopleByMessages: [Int: Int] = [:]
    /// Messages that a cap of the sending policy has no room for when they are due, by the cap's name, and to how many people they are.
    public internal(set) var overByCap: [String: Int] = [:]
    public internal(set) var peopleOverCap = 0
    /// Messages that quiet hours hold back.
    public internal(set) var held = 0
    /// Messages within a day of one that other journeys decided for the same person.
    public internal(set) var collisions = 0
    /// The first in time, as many as were asked for.
    public internal(set) var decisions: [Decision] = []
    /// For which reasons the runs ended that ended last.
    public internal(set) var lastEnd: (at: Timestamp, reasons: Set<String>)?
    public internal(set) var milliseconds = 0.0
    /// The traits and events that its steps would have written, where they were asked for.
    public internal(set) var writes: [Intent] = []
    /// What the live journey does and this does not play.
    public internal(set) var gaps: [RehearsalGap] = []

    init(from: Timestamp, to: Timestamp) { (self.from, self.to) = (from, to) }

    public var overCap: Int { overByCap.values.reduce(0, +) }
    public var messages: Int { messagesByDay.values.reduce(0) { $0 + $1.values.reduce(0, +) } }

    /// Puts another part's people beside these.
    mutating func add(_ other: Rehearsal, keeping limit: Int) {
        counts.add(other.counts)
        people += other.people
        for (day, steps) in other.messagesByDay { messagesByDay[day, default: [:]].merge(steps, uniquingKeysWith: +) }
        peopleByMessages.merge(other.peopleByMessages, uniquingKeysWith: +)
        overByCap.merge(other.overByCap, uniquingKeysWith: +)
        (peopleOverCap, held, collisions) = (peopleOverCap + other.peopleOverCap, held + other.held, collisions + other.collisions)
        if let end = other.lastEnd { for reason in end.reasons { note(end: reason, at: end.at) } }
        decisions += other.decisions
        writes += other.writes
        keepFirst(limit)
    }

    mutating func note(end reason: String, at: Timestamp) {
        if at > lastEnd?.at ?? .earliest { lastEnd = (at, [reason]) } else if at == lastEnd?.at { lastEnd?.reasons.insert(reason) }
    }

    /// Takes in a decision to tell, where it is among the first.
    mutating func tell(_ decision: Decision, keeping limit: Int) {
        decisions.append(decision)
        if decisions.count / 2 > limit { keepFirst(limit) }
    }

    private mutating func keepFirst(_ limit: Int) {
        decisions.sort { ($0.at, $0.key) < ($1.at, $1.key) }
        if decisions.count > limit { decisions.removeLast(decisions.count - limit) }
    }
}

/// What a live journey does and a rehearsal does not play, or not exactly.
public enum RehearsalGap: String, Sendable, CaseIterable {
    /// What a campaign's canaries' messages say: everyone else follows.
    case canaries
    /// By people's own clocks: who is in the segment is looked at three times instead of every quarter of an hour, and clocks are where they are known to be now.
    case local
    /// Traits and events that the journey's own steps write, where something in it reads them.
    case writes
    /// Who would have been put in by the API: nothing else begins it, and the log does not say whom.
    case api
    /// Whom another journey would have put in while it was not live.
    case journey

    /// Those of a journey.
    ///
    /// - Parameters:
    ///   - segments, computed: what conditions mean by these names.
    static func of(_ journey: Journey, segments: (String) -> Condition?, computed: (String) -> ComputedTrait?) -> [RehearsalGap] {
        var gaps: [RehearsalGap] = []
        if case .campaign(let campaign) = journey.trigger { gaps = (campaign.canary == nil ? [] : [.canaries]) + (campaign.isLocal ? [.local] : []) }
        if case .api = journey.trigger { gaps = [.api] }
        if case .journey = journey.trigger { gaps = [.journey] }
        return gaps + (OwnWrites(journey).areRead(by: journey, segments: segments, computed: computed) ? [.writes] : [])
    }

    public var sentence: String {
        switch self {
        case .canaries: "What the canaries' messages say is not played: everyone else follows."
        case .local: "By their own clocks people are looked for three times: who came into the segment and left it in between may be missing, and everyone's clock is where it is known to be now."
        case .writes: "What its own steps write (traits, events) is not played, and something in it reads that: only what stands in the log is seen."
        case .journey: "Another journey begins it: who really passed through that one is played, and nobody for the time before it was live."
        case .api: "Nobody comes in: only the API begins it, and the log does not say whom it put in. Stories play it (`martlet journey test`)."
        }
    }
}

/// A message that a rehearsal or another journey decided for one person, for a sending policy to say what becomes of it.
public struct RehearsedMessage: Sendable, Hashable {
    public let scope: ConsentScope
    public let at: Timestamp
    public let priority: Int
    public let expiresAt: Timestamp?
    /// Decided by what is rehearsed; what others decided only takes its place.
    public let isOwn: Bool

    public init(_ scope: ConsentScope, at: Timestamp, priority: Int = 50, expiresAt: Timestamp? = nil, isOwn: Bool = true) {
        (self.scope, self.at, self.priority, self.expiresAt, self.isOwn) = (scope, at, priority, expiresAt, isOwn)
    }
}

/// What a sending policy makes of one person's messages.
public struct RehearsedFates: Sendable, Hashable {
    /// Messages that a cap has no room for when they are due, by its name.
    public var overByCap: [String: Int] = [:]
    /// Messages that quiet hours hold back.
    public var held = 0

    public init() {}
}

/// Asks a sending policy about one person's messages; the zone is asked only where it matters.
public typealias RehearsedPolicy = @Sendable (_ messages: [RehearsedMessage], _ zone: () -> TimeZoneName?) -> RehearsedFates
