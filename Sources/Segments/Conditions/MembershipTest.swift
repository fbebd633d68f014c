public import Vocabulary

/// Which memberships are meant: of which accounts, and in which roles.
public struct MembershipPattern: Sendable, Hashable {
    /// Of things that people have, as `Pet`; nil for accounts.
    public let type: String?
    /// Ids of accounts or things; empty for any.
    public let accounts: [String]
    /// Whether everything below those accounts counts, too.
    public let isTree: Bool
    /// What the account's traits must be, as they are now.
    public let filter: PropertyFilter?
    /// One of these; empty for any, and for none.
    public let roles: [String]

    public init(type: String? = nil, accounts: [String] = [], isTree: Bool = false, where filter: PropertyFilter? = nil, roles: [String] = []) {
        (self.type, self.accounts, self.isTree, self.filter, self.roles) = (type, accounts, isTree, filter, roles)
    }
}

/// Whether the person belongs to such an account at the moment, or belonged to one before it.
public struct MembershipTest: ConditionTest, Hashable {
    public static let key = "member"
    public let pattern: MembershipPattern
    /// Whether it is enough that they belonged once.
    public let isEver: Bool

    public init(_ pattern: MembershipPattern, isEver: Bool = false) { (self.pattern, self.isEver) = (pattern, isEver) }
}

/// Tests what somebody's trait is as a member of an account: the newest statement of it that was made in that context.
public struct ContextTraitTest: ConditionTest, Hashable {
    public static let key = "traitAs"
    public let path: String
    public let pattern: MembershipPattern
    public let test: ValueTest

    public init(path: String, as pattern: MembershipPattern, test: ValueTest) { (self.path, self.pattern, self.test) = (path, pattern, test) }
}
