/// What kind of identifier a value is; each namespace has its own values.
public enum IdentifierNamespace: UInt8, Sendable, CaseIterable {
    case userId = 0
    case anonymousId = 1
    case email = 2
    case groupId = 3
    case externalId = 4

    /// As the API and the console write it.
    public var name: String {
        switch self {
        case .userId: "userId"
        case .anonymousId: "anonymousId"
        case .email: "email"
        case .groupId: "groupId"
        case .externalId: "externalId"
        }
    }

    /// As Segment's Profile API writes it in `<type>:<id>`, next to our own name.
    public init?(name: String) {
        switch name {
        case "userId", "user_id": self = .userId
        case "anonymousId", "anonymous_id": self = .anonymousId
        case "email": self = .email
        case "groupId", "group_id": self = .groupId
        case "externalId", "external_id": self = .externalId
        default: return nil
        }
    }
}

/// A namespace and a value, compared byte for byte: `é` in its two Unicode spellings is two identifiers.
public struct Identifier: Sendable, Hashable {
    public let namespace: IdentifierNamespace
    public let value: [UInt8]

    public init(_ namespace: IdentifierNamespace, _ value: [UInt8]) {
        self.namespace = namespace
        self.value = value
    }

    public init(_ namespace: IdentifierNamespace, _ text: String) {
        self.init(namespace, Array(text.utf8))
    }

    public var text: String { String(decoding: value, as: UTF8.self) }
}

/// Values that many people share by mistake; they are kept in the payload and never used to match.
///
/// - Note: `^[0-]*$`, `-1`, `null` and `anonymous` are Segment's documented list; the others are what Mixpanel and PostHog refuse, and blanks alone.
public enum BlockedIdentifiers {
    public static func contains(_ value: UnsafeRawBufferPointer) -> Bool {
        if unsafe value.allSatisfy({ $0 == 0x30 || $0 == 0x2d }) || value.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }) { return true }
        switch value.count {
        case 2: return unsafe equals(value, "-1")
        case 3: return unsafe equals(value, "nan") || equals(value, "n/a")
        case 4: return unsafe equals(value, "null") || equals(value, "none") || equals(value, "true")
        case 5: return unsafe equals(value, "false")
        case 9: return unsafe equals(value, "anonymous") || equals(value, "undefined")
        case 15: return unsafe equals(value, "[object object]")
        default: return false
        }
    }

    private static func equals(_ value: UnsafeRawBufferPointer, _ lowercase: StaticString) -> Bool {
        for index in 0..<value.count {
            var byte = unsafe value[index]
            if byte >= 0x41 && byte <= 0x5a { byte |= 0x20 }
            if unsafe byte != lowercase.utf8Start[index] { return false }
        }
        return true
    }
}

/// Where a record stands in a workspace's log: 0 for the first, then one more for each; below 2^40.
public typealias LogPosition = UInt64

/// A source's number inside its workspace, given once and never reused; 0 is the reserved source `martlet`.
public typealias SourceNumber = UInt32
