/// Compares two traits of the same profile; false where either is missing or their types differ.
public struct RelationTest: ConditionTest, Hashable {
    public static let key = "relation"
    public enum Comparison: String, Sendable, CaseIterable { case equals = "=", differs = "!=", less = "<", atMost = "<=", more = ">", atLeast = ">=" }
    public let left: String
    public let comparison: Comparison
    public let right: String

    public init(left: String, comparison: Comparison, right: String) {
        self.left = left
        self.comparison = comparison
        self.right = right
    }
}
