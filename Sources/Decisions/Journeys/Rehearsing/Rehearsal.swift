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
    /// Messages beyond the cap that was asked about, and to how many people.
    public internal(set) var overCap = 0
    public internal(set) var peopleOverCap = 0
    /// Messages within a day of one that other journeys decided for the same person.
    public internal(set) var collisions = 0
    /// By person and time, as many as were asked for.
    public internal(set) var decisions: [Decision] = []
    public internal(set) var milliseconds = 0.0

    init(from: Timestamp, to: Timestamp) { (self.from, self.to) = (from, to) }

    public var messages: Int { messagesByDay.values.reduce(0) { $0 + $1.values.reduce(0, +) } }

    /// Puts another part's people beside these.
    mutating func add(_ other: Rehearsal, keeping limit: Int) {
        counts.add(other.counts)
        people += other.people
        for (day, steps) in other.messagesByDay { messagesByDay[day, default: [:]].merge(steps, uniquingKeysWith: +) }
        peopleByMessages.merge(other.peopleByMessages, uniquingKeysWith: +)
        (overCap, peopleOverCap, collisions) = (overCap + other.overCap, peopleOverCap + other.peopleOverCap, collisions + other.collisions)
        if decisions.count < limit { decisions += other.decisions.prefix(limit - decisions.count) }
    }
}

/// How many messages somebody may get in some days, for a rehearsal to count what goes beyond.
public struct RehearsedCap: Sendable, Hashable {
    public let count: Int
    public let days: Int
    public init(count: Int = 3, days: Int = 7) { (self.count, self.days) = (count, days) }

    /// How many of these instants, ascending, go beyond it: as they would be refused one after the other.
    func beyond(_ times: [Timestamp]) -> Int {
        var sent: [Timestamp] = []
        var over = 0
        for time in times {
            let recent = sent.reversed().prefix { time.milliseconds - $0.milliseconds < Int64(days) * 86_400_000 }.count
            if recent >= count { over += 1 } else { sent.append(time) }
        }
        return over
    }
}
