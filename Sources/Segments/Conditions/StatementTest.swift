/// Tests when the present value of a trait was said, and by whom. A trait without a value satisfies none but `is missing`.
public struct StatementTest: ConditionTest, Hashable {
    public static let key = "statement"

    public enum Fact: String, Sendable, CaseIterable {
        /// When the value became what it is: the first of the identify calls, one after the other, that say so.
        case changed
        /// When it was said last.
        case set
        /// Which source said it last: a list of the source's id, as `src_2`, and its name.
        case source
    }
    public let path: String
    public let fact: Fact
    public let test: ValueTest

    public init(path: String, fact: Fact, test: ValueTest) {
        self.path = path
        self.fact = fact
        self.test = test
    }
}

/// Tests when the first or the last call of any kind that concerns a person happened; what Martlet writes of its own messages is none.
public struct SeenTest: ConditionTest, Hashable {
    public static let key = "seen"
    public enum Which: String, Sendable, CaseIterable { case first, last }
    public let which: Which
    public let test: ValueTest

    public init(_ which: Which, test: ValueTest) {
        self.which = which
        self.test = test
    }
}
