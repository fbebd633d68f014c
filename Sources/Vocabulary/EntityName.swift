/// A household, a pet, a subscription or any other thing that people have: kept as a group of its own type, beside accounts.
///
/// In the log its groupId is the type, U+001F and the id, so that no account is taken for one, and none for an account.
public struct EntityName: Sendable, Hashable {
    public let type: String
    public let id: String

    static let separator: UInt8 = 0x1f
    public static let bytesMaximum = 200

    /// Nil where type or id is empty, too long, or holds a control character.
    public init?(type: String, id: String) {
        for part in [type, id] where part.isEmpty || part.utf8.count > EntityName.bytesMaximum || part.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) { return nil }
        (self.type, self.id) = (type, id)
    }

    /// Nil for the groupId of an account.
    public init?(groupId: [UInt8]) {
        guard let place = groupId.firstIndex(of: EntityName.separator) else { return nil }
        self.init(type: String(decoding: groupId[..<place], as: UTF8.self), id: String(decoding: groupId[(place + 1)...], as: UTF8.self))
    }

    public var groupId: String { "\(type)\u{1f}\(id)" }

    /// Whether a groupId is of a thing and not of an account.
    public static func isOne(_ groupId: [UInt8]) -> Bool { groupId.contains(separator) }
}
