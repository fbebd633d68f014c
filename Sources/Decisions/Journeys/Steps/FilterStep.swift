public import Segments

/// Only whoever satisfies a condition goes on; the others leave.
public struct FilterStep: JourneyStep {
    public static let key = "filter"
    let condition: Condition

    public init(_ fields: inout StepFields) throws(JourneyFault) { condition = try fields.condition(FilterStep.key) }

    public var conditions: [Condition] { [condition] }
    public var summary: String { condition.text }

    public func arrive(_ walk: inout JourneyWalk) -> StepOutcome { walk.holds(condition) ? .go(way: nil) : .end("filtered") }
}
