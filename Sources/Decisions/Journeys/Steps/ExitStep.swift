public import Vocabulary

/// The end of a run, with a reason of its author's.
public struct ExitStep: JourneyStep {
    public static let key = "exit"
    let reason: String

    public init(_ fields: inout StepFields) throws(JourneyFault) { reason = try fields.text(ExitStep.key, maximum: 64) }

    public var summary: String { reason }

    public func arrive(_ walk: inout JourneyWalk) -> StepOutcome { .end(reason) }
}
