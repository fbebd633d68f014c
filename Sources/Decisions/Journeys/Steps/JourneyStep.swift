public import Segments
public import Vocabulary

/// A kind of step. Adding one means its file in `Steps/`, its line in ``JourneySteps/all``, and its tests; nothing else switches over kinds.
public protocol JourneyStep: Sendable {
    /// The member of a step's object that tells this kind from the others, such as `wait`.
    static var key: String { get }
    /// What stands beside the key, beside `id`.
    static var members: [String] { get }

    /// Reads its settings; the steps of its ways are read through the fields.
    init(_ fields: inout StepFields) throws(JourneyFault)

    /// The names of its ways, in the order in which they were read; empty where there is one way on.
    var ways: [String] { get }
    /// Whether it asks a condition while somebody stands at it.
    var asksWhileWaiting: Bool { get }
    /// The conditions that it asks.
    var conditions: [Condition] { get }
    /// What it does, in a few words; no value of a person.
    var summary: String { get }

    /// Somebody has come to it.
    func arrive(_ walk: inout JourneyWalk) -> StepOutcome
    /// Something happened to whoever stands at it; nil where that is nothing to it.
    func hear(_ happening: Happening, _ walk: inout JourneyWalk) -> StepOutcome?
    /// The instant has come for which whoever stands at it waited.
    func ring(_ walk: inout JourneyWalk) -> StepOutcome
}

extension JourneyStep {
    public static var members: [String] { [] }
    public var ways: [String] { [] }
    public var asksWhileWaiting: Bool { false }
    public var conditions: [Condition] { [] }
    public func hear(_ happening: Happening, _ walk: inout JourneyWalk) -> StepOutcome? { nil }
    /// Only waits hold people; whoever rings elsewhere stood at a wait of an older version, and comes to this step now.
    public func ring(_ walk: inout JourneyWalk) -> StepOutcome { arrive(&walk) }
    public var key: String { Self.key }
}

/// Where a step sends whoever is at it.
public enum StepOutcome: Sendable, Hashable {
    /// On, by a way of the step, or with nil to the step behind it.
    case go(way: Int?)
    /// Nowhere until something happens, or until an instant.
    case stay(until: Timestamp)
    /// Out of the journey, with the reason.
    case end(String)
}

/// Every kind of step, in the order in which the console offers them.
public enum JourneySteps {
    public static let all: [any JourneyStep.Type] = [
        MessageStep.self, WaitStep.self, BranchStep.self, SplitStep.self, FilterStep.self, TraitStep.self, EventStep.self, WebhookStep.self, ExitStep.self,
    ]
}
