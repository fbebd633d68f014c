/// Whether the profile is on a static list at the same moment: one of its identifiers is an entry that has not expired.
public struct ListTest: ConditionTest, Hashable {
    public static let key = "list"
    /// The list's id, as `lst_…`, or its unique handle.
    public let list: String

    public init(list: String) { self.list = list }
}
