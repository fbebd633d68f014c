/// Tests the current value of a trait.
public struct TraitTest: ConditionTest, Hashable {
    public static let key = "trait"
    /// Nested members are reached with dots, as `address.city`.
    public let path: String
    public let test: ValueTest

    public init(path: String, test: ValueTest) {
        self.path = path
        self.test = test
    }
}
