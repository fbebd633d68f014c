public import Segments

/// The first way whose condition is true; else the one for all others.
public struct BranchStep: JourneyStep {
    public static let key = "branch"
    public static let members = ["otherwise"]
    public let conditions: [Condition]
    public let ways: [String]

    public init(_ fields: inout StepFields) throws(JourneyFault) {
        var conditions: [Condition] = []
        for var way in try fields.list(BranchStep.key) {
            conditions.append(try way.condition("if"))
            try fields.way("then", of: &way)
            try way.done()
        }
        try fields.way("otherwise")
        self.conditions = conditions
        ways = conditions.map(\.text) + ["otherwise"]
    }

    public var summary: String { conditions.map(\.text).joined(separator: " | ") }

    public func arrive(_ walk: inout JourneyWalk) -> StepOutcome {
        for (index, condition) in conditions.enumerated() where walk.holds(condition) { return .go(way: index) }
        return .go(way: conditions.count)
    }
}
