public import Segments
public import Vocabulary

/// A walk through steps that people begin by a trigger: one version of it, read and checked.
public struct Journey: Sendable {
    public let name: String
    public let note: String
    public let trigger: JourneyTrigger
    /// Where in what triggered it the name of the instance stands, such as `properties.cartId`; nil where one person has one instance.
    public let key: String?
    public let reentry: Reentry
    /// In which days and hours are told for people whose zone is unknown.
    public let zone: TimeZoneName
    /// What its waits count as business days.
    public let businessDays: BusinessDays
    /// How many of 10,000 people only count, and walk nowhere.
    public let holdout: Int
    public let goal: JourneyGoal?
    public let exits: [JourneyExit]
    /// A run that has lasted so long ends.
    public let maximum: Period
    /// In the order of the document; a step's ways out are numbers in this list.
    public let steps: [PlacedStep]
    /// What it listens to, by number.
    public let ears: [EventPattern]

    /// What happens when somebody triggers it who has walked it before, with the same key.
    public enum Reentry: String, Sendable, CaseIterable {
        /// Never again.
        case once
        /// Only when no run is under way.
        case idle
        /// As many runs at once as there are triggers.
        case parallel
        /// The run under way ends, and another begins.
        case restart
    }

    /// The most steps of one journey, how deep they may stand within each other, and the most bytes of a document.
    public static let stepsMaximum = 500
    public static let depthMaximum = 8
    public static let bytesMaximum = 262_144

    /// Whether everything that happens to a person may move them, since a condition is waited for.
    public var hearsEverything: Bool {
        exits.contains { if case .condition = $0 { true } else { false } } || steps.contains { $0.step.asksWhileWaiting }
    }

    /// Every condition that it asks.
    public var conditions: [Condition] {
        exits.compactMap { if case .condition(let condition) = $0 { condition } else { nil } } + steps.flatMap(\.step.conditions)
    }

    /// Whether its steps write traits or events of the person's.
    public var writes: Bool { steps.contains { $0.step is TraitStep || $0.step is EventStep } }

    /// The templates and destinations that its steps name.
    /// Whether it asks for an event with the run's own key where the journey has it.
    public var asksForOwnKey: Bool {
        goal?.sameKey == .own || exits.contains { if case .event(_, .own) = $0 { true } else { false } } || steps.contains { ($0.step as? WaitStep)?.asksForOwnKey ?? false }
    }
    public var templates: [String] { steps.compactMap { ($0.step as? MessageStep)?.template } }
    /// What it calls, by name or id.
    public var destinations: [String] { steps.compactMap { ($0.step as? WebhookStep)?.destination } }

    public func step(_ id: String) -> PlacedStep? { steps.first { $0.id == id } }
    public func index(of id: String) -> Int? { steps.firstIndex { $0.id == id } }
}

/// What begins a run.
public enum JourneyTrigger: Sendable {
    /// An event, by the number of its pattern.
    case event(Int)
    /// Somebody comes into a segment or leaves it.
    case segment(String, enters: Bool)
    /// Somebody comes into another journey or leaves it.
    case journey(PassageTrigger)
    /// The day that a trait names, so many days before or after it, at a time of the person's day.
    case date(DateTrigger)
    /// Everyone in a segment, again and again.
    case schedule(ScheduleTrigger)
    /// Everyone in a segment once, now or at a time.
    case campaign(CampaignTrigger)
    /// Only whoever is put in by the API.
    case api
    /// An event that is not followed by another within a period.
    case inaction(Int, without: Int, within: Period)

    public static let kinds = ["event", "segment", "journey", "date", "schedule", "campaign", "api", "inaction"]

    public var kind: String {
        switch self {
        case .event: "event"
        case .segment: "segment"
        case .journey: "journey"
        case .date: "date"
        case .schedule: "schedule"
        case .campaign: "campaign"
        case .api: "api"
        case .inaction: "inaction"
        }
    }
}

public struct PassageTrigger: Sendable, Hashable {
    /// The other journey's name or id.
    public let journey: String
    public let enters: Bool
    /// Why they must have left; any reason where it is empty.
    public let reasons: [String]

    /// Whether leaving for a reason begins a run, or where there is none, coming in.
    func means(_ reason: String?) -> Bool { enters == (reason == nil) && (reason.map { reasons.isEmpty || reasons.contains($0) } ?? true) }
}

public struct DateTrigger: Sendable, Hashable {
    public let trait: String
    /// Every year on its day, or once.
    public let isYearly: Bool
    /// Negative before the day.
    public let offsetDays: Int
    /// Minutes after midnight.
    public let minute: Int
}

public struct ScheduleTrigger: Sendable, Hashable {
    public enum Every: Sendable, Hashable {
        case day
        /// On some days; Monday is 1.
        case week([Int])
        /// 1 to 31; in a shorter month its last day.
        case month(Int)
    }
    public let every: Every
    /// Minutes after midnight.
    public let minute: Int
    /// The segment whose members begin.
    public let segment: String
}

public struct CampaignTrigger: Sendable, Hashable {
    public struct Canary: Sendable, Hashable {
        /// How many of 10,000 go first.
        public let share: Int
        /// How much later everyone else goes.
        public let waitMs: Int64
        /// Of 10,000 messages to them: when more have failed, nobody else goes.
        public let stopAbove: Int
    }
    /// The segment whose members get it, as they are when it begins.
    public let segment: String
    /// By the local clock, in milliseconds since 1970-01-01T00:00; nil when the journey is started.
    public let at: Int64?
    /// Whether each person's own clock is meant.
    public let isLocal: Bool
    /// How many begin in a minute; nil for all at once.
    public let perMinute: Int?
    public let canary: Canary?
}

/// What a journey is for.
public struct JourneyGoal: Sendable, Hashable {
    /// The number of the pattern.
    public let ear: Int
    /// The property that says how much it is worth; nil where only the fact counts.
    public let revenue: String?
    /// Counted from the beginning of the run.
    public let within: Period
    /// Whether whoever reaches it leaves the journey.
    public let ends: Bool
    public let sameKey: SameKey
}

/// What takes people out of a journey wherever they stand.
public enum JourneyExit: Sendable {
    case event(Int, SameKey)
    case condition(Condition)
}

/// Whether an event must carry the run's own key.
public enum SameKey: Sendable, Hashable {
    case no
    /// Where the journey has its key.
    case own
    /// At this path, for runs whose key no event began.
    case at(String)
}

/// A step where it stands in its journey.
public struct PlacedStep: Sendable {
    /// Of this journey alone; people who are at it keep it when the journey changes.
    public let id: String
    public let step: any JourneyStep
    /// The step behind it; nil at the end.
    public let next: Int?
    /// The first step of each of its ways; nil where a way leads to the end.
    public let ways: [Int?]
    /// Where in the document it stands, as RFC 6901 writes it.
    public let place: String
    public let depth: Int
    /// The names of its ways, each one's own: of several that are called alike each has its number, or one would be counted for the other.
    public let wayNames: [String]

    init(id: String, step: any JourneyStep, next: Int?, ways: [Int?], place: String, depth: Int) {
        (self.id, self.step, self.next, self.ways, self.place, self.depth) = (id, step, next, ways, place, depth)
        var counts: [String: Int] = [:]
        for name in step.ways { counts[name, default: 0] += 1 }
        var seen: [String: Int] = [:]
        wayNames = step.ways.map { name in
            seen[name, default: 0] += 1
            return counts[name] == 1 ? name : "\(name) (\(seen[name] ?? 1))"
        }
    }

    func wayName(_ way: Int?) -> String { way.flatMap { $0 < wayNames.count ? wayNames[$0] : nil } ?? "" }
}
