/// What one event says of a person's membership of an account: that they joined or left, and as what.
///
/// A group call joins, unless its `context.membership.status` is `left`. The track calls in ``joins`` and ``leaves`` say the same of the account in
/// `context.groupId`, else in their properties. Roles come from `context.membership`, else from the properties or the group call's traits.
public struct MembershipStatement: Sendable, Hashable {
    public let account: [UInt8]
    public let isLeaving: Bool
    /// Sorted, each once; nil where the event says nothing of roles, so that the present ones stay.
    public let roles: [String]?

    public static let joins = ["Account Joined", "Account Added User"]
    public static let leaves = ["Account Left", "Account Removed User"]
    /// Members of a group call's traits that are the person's and not the account's.
    public static let roleNames = ["role", "roles"]
    /// Beyond so many, further roles of one statement are left out.
    static let rolesMaximum = 16
    static let accountBytesMaximum = 512
    private static let accountNames = ["groupId", "accountId", "group_id", "account_id"]
}

extension EventView {
    /// Whether it is of a kind that says something of memberships; one comparison for nearly all other events.
    public var mayStateMembership: Bool {
        if type == .group { return true }
        guard type == .track, let name = field(.event), name.count <= 20, name.starts(with: EventView.accountPrefix) else { return false }
        let text = String(decoding: name, as: UTF8.self)
        return MembershipStatement.joins.contains(text) || MembershipStatement.leaves.contains(text)
    }
    private static let accountPrefix = Array("Account ".utf8)

    /// Nil where it says nothing of memberships, or names no account.
    public var membership: MembershipStatement? {
        guard mayStateMembership else { return nil }
        let context = json(.context)
        let stated = context?["membership"]
        let values = type == .group ? json(.traits) : json(.properties)
        let roles = stated.flatMap(MembershipStatement.roles) ?? values.flatMap(MembershipStatement.roles)
        if type == .group {
            guard let account = field(.groupId), !account.withUnsafeBytes({ unsafe BlockedIdentifiers.contains($0) }) else { return nil }
            return MembershipStatement(account: Array(account), isLeaving: stated?["status"]?.string == "left", roles: roles)
        }
        guard let account = context?["groupId"]?.string ?? MembershipStatement.account(in: values) else { return nil }
        let bytes = Array(account.utf8)
        guard !bytes.isEmpty, bytes.count <= MembershipStatement.accountBytesMaximum, !bytes.withUnsafeBytes({ unsafe BlockedIdentifiers.contains($0) }) else { return nil }
        return MembershipStatement(account: bytes, isLeaving: MembershipStatement.leaves.contains(text(.event) ?? ""), roles: roles)
    }
}

extension MembershipStatement {
    static func account(in properties: JSONText?) -> String? { accountNames.lazy.compactMap { properties?[$0]?.string }.first }

    /// The roles that an object's `role` or `roles` names; nil where it has neither.
    static func roles(in object: JSONText) -> [String]? {
        guard let value = roleNames.lazy.compactMap({ object[$0] }).first else { return nil }
        let named = value.isArray ? value.elements.prefix(rolesMaximum).compactMap(\.string) : value.string.map { [$0] } ?? []
        return Array(Set(named.filter { !$0.isEmpty && $0.utf8.count <= 200 })).sorted()
    }
}
