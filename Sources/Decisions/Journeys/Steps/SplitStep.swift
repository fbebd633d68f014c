import Segments
public import Vocabulary

/// Shares of people by a hash of who they are: the same person goes the same way, however often and wherever it is worked out.
public struct SplitStep: JourneyStep {
    public static let key = "split"
    public static let members = ["salt"]
    /// Of 10,000; what is missing to the whole goes to the step behind.
    let shares: [Int]
    /// Nil where the journey and the step are the salt.
    let salt: String?
    public let ways: [String]

    public init(_ fields: inout StepFields) throws(JourneyFault) {
        var shares: [Int] = []
        for var way in try fields.list(SplitStep.key) {
            shares.append(try way.share("share"))
            try fields.way("then", of: &way)
            try way.done()
        }
        guard shares.reduce(0, +) <= 10_000 else {
            throw JourneyFault("shares", "The shares of this split are more than 100 %.", "Let them add up to at most 100 %; who is in none of them goes on behind the split.", at: fields.place + "/split")
        }
        self.shares = shares
        salt = try fields.optionalText("salt", maximum: 64)
        ways = shares.map { "\(SplitStep.percent($0)) %" }
    }

    public var summary: String { ways.joined(separator: " / ") }

    private static func percent(_ share: Int) -> String { share % 100 == 0 ? "\(share / 100)" : "\(share / 100).\(share % 100 < 10 ? "0" : "")\(share % 100)" }

    public func arrive(_ walk: inout JourneyWalk) -> StepOutcome {
        if let said = walk.saidWay { return .go(way: said) }
        let bucket = BucketTest.bucket(of: walk.run.lot.text, salt: salt ?? "\(walk.journeyID)/\(walk.run.step)")
        var end = 0
        for (index, share) in shares.enumerated() {
            end += share
            if bucket < end { return .go(way: index) }
        }
        return .go(way: nil)
    }
}
