/// Puts each profile into one of 10,000 buckets by a hash of its profile id and a salt, the same for ever; true for those from `lower` to `upper` - 1.
public struct BucketTest: ConditionTest, Hashable {
    public static let key = "bucket"
    public static let count = 10_000
    public let salt: String
    public let lower: Int
    public let upper: Int

    public init(salt: String, lower: Int, upper: Int) {
        self.salt = salt
        self.lower = lower
        self.upper = upper
    }
}
