public import Vocabulary

/// By what people are told apart and joined: a document with versions.
public struct IdentityRules: Sendable, Hashable {
    /// What an identifier of a type does.
    public enum Use: String, Sendable, CaseIterable {
        /// Whoever names it is one person with whoever else does.
        case join
        /// It belongs to the first who names it, and joins nobody.
        case attach
        /// It is no identifier.
        case ignore
    }

    /// How long an identifier counts towards its type's limit.
    public enum Window: String, Sendable, CaseIterable {
        case ever, year, month, week, day

        /// In days; nil for ever.
        var days: Int? {
            switch self {
            case .ever: nil
            case .year: 365
            case .month: 30
            case .week: 7
            case .day: 1
            }
        }
    }

    public struct TypeRule: Sendable, Hashable {
        public let name: String
        public var use: Use
        /// So many identifiers of the type one person may come to have by events; nil for any number.
        public var limit: Int?
        public var window: Window
        /// When more people than so many name one, it is nobody's; nil for never.
        public var sharedBy: Int?
        /// Where custom ones stand in an event, as `traits.loyaltyId`, `context.device.id` or `externalIds`.
        public var paths: [String]

        public init(_ name: String, _ use: Use, limit: Int? = nil, window: Window = .ever, sharedBy: Int? = 10, paths: [String] = []) {
            (self.name, self.use, self.limit, self.window, self.sharedBy, self.paths) = (name, use, limit, window, sharedBy, paths)
        }
    }

    /// A value that is no identifier: as it is in either case, or with `*` for any text and `?` for any one character.
    public struct Blocked: Sendable, Hashable {
        /// Of which type; nil for any.
        public let type: String?
        public let value: String

        public init(_ value: String, type: String? = nil) { (self.type, self.value) = (type, value) }
    }

    /// In the order in which an event's identifiers are joined: what comes later gives way.
    public var types: [TypeRule]
    /// Besides ``BlockedIdentifiers``, which always are.
    public var blocked: [Blocked]

    public init(types: [TypeRule], blocked: [Blocked]) { (self.types, self.blocked) = (types, blocked) }

    /// Types that are a field of every call, whatever the rules.
    static let fields = ["userId", "anonymousId", "email", "groupId"]
    /// Types that stand for a device or a browser, whatever the rules.
    static let devices: Set<String> = [
        "anonymousId", "cross_domain_id", "ga_client_id", "ios.id", "ios.idfa", "ios.push_token", "android.id", "android.idfa", "android.push_token",
    ]

    /// Thirteen types that most shops have, of which those that a call itself carries are in use.
    public static let usual = IdentityRules(
        types: [
            TypeRule("userId", .join, limit: 1, sharedBy: nil),
            TypeRule("email", .attach),
            TypeRule("anonymousId", .join),
            TypeRule("phone", .ignore, paths: ["traits.phone", "context.traits.phone", "externalIds"]),
            TypeRule("cross_domain_id", .ignore, paths: ["context.crossDomainId", "externalIds"]),
            TypeRule("ga_client_id", .ignore, paths: ["integrations.Google Analytics.clientId", "externalIds"]),
            TypeRule("ios.id", .ignore, paths: ["ios:context.device.id", "externalIds"]),
            TypeRule("ios.idfa", .ignore, paths: ["ios:context.device.advertisingId", "externalIds"]),
            TypeRule("ios.push_token", .ignore, paths: ["ios:context.device.token", "externalIds"]),
            TypeRule("android.id", .ignore, paths: ["android:context.device.id", "externalIds"]),
            TypeRule("android.idfa", .ignore, paths: ["android:context.device.advertisingId", "externalIds"]),
            TypeRule("android.push_token", .ignore, paths: ["android:context.device.token", "externalIds"]),
            TypeRule("groupId", .attach, sharedBy: nil),
        ],
        blocked: ["test@test.com", "test@example.com", "unknown", "guest", "nil"].map { Blocked($0) })

    public func type(_ name: String) -> TypeRule? { types.first { $0.name == name } }
}
