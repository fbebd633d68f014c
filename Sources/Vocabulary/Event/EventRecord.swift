/// The six calls of the public Segment Spec.
public enum EventType: UInt8, Sendable, CaseIterable {
    case identify = 0, track, page, screen, group, alias

    public var name: String {
        switch self {
        case .identify: "identify"
        case .track: "track"
        case .page: "page"
        case .screen: "screen"
        case .group: "group"
        case .alias: "alias"
        }
    }

    /// From the name that an event carries as `type`.
    public init?(name: some Collection<UInt8>) {
        for type in EventType.allCases where name.elementsEqual(type.name.utf8) {
            self = type
            return
        }
        return nil
    }
}

/// The members of an event that have a place of their own in a record; any other member of the call is kept under `other`.
///
/// The texts are stored unescaped, the values as the JSON that was sent.
public enum EventField: UInt8, Sendable, CaseIterable {
    case messageId = 1, userId, anonymousId, event, groupId, previousId
    case name = 16, category, properties, traits, context, integrations, originalTimestamp, sentAt
    /// `timestamp` as it was sent beside an `originalTimestamp`; what an event calls `timestamp` is the time that we gave it.
    case timestampAsSent
    /// One member of the call that the Spec does not name, as `"key":value`; may repeat.
    case other = 32

    public var isText: Bool { rawValue < 16 }

    /// The member of a Segment-shaped event.
    public var key: StaticString {
        switch self {
        case .messageId: "messageId"
        case .userId: "userId"
        case .anonymousId: "anonymousId"
        case .event: "event"
        case .groupId: "groupId"
        case .previousId: "previousId"
        case .name: "name"
        case .category: "category"
        case .properties: "properties"
        case .traits: "traits"
        case .context: "context"
        case .integrations: "integrations"
        case .originalTimestamp: "originalTimestamp"
        case .sentAt: "sentAt"
        case .timestampAsSent: "timestampAsSent"
        case .other: ""
        }
    }
}

/// How one event is laid out as bytes: what the log keeps and `EventView` reads.
///
///     0  format (1)   1  type   2  flags   3  zero   4  source number (UInt32)   8  receivedAt (Int64 ms)   16  timestamp (Int64 ms)
///     24 fields: id (UInt8), byte count (varint), bytes; in ascending order of id
///
/// Little-endian. A record whose person was erased keeps its 24 bytes with the flag `erased` and no fields.
public enum EventRecord {
    public static let format: UInt8 = 1
    public static let fieldsOffset = 24
    public static let flagErased: UInt8 = 1
    /// `originalTimestamp` was `timestamp` in our own spelling, and is not written twice (8 bytes of 100 when compressed).
    public static let flagOriginalIsTimestamp: UInt8 = 2

    /// Martlet states this itself.
    static let flagFact: UInt8 = 4

    static func appendVarint(_ value: Int, to bytes: inout [UInt8]) {
        var rest = UInt64(value)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    static func appendFixed(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// The record of something that Martlet states itself.
    ///
    /// - Parameters:
    ///   - kind: what reads it, as `identity.link`.
    ///   - messageId: a repeated one changes nothing.
    public static func fact(_ kind: String, body: JSONText, messageId: String, at: Timestamp) -> [UInt8] {
        var bytes: [UInt8] = [format, EventType.track.rawValue, flagFact, 0]
        appendFixed(UInt32(0), to: &bytes)
        appendFixed(at.milliseconds, to: &bytes)
        appendFixed(at.milliseconds, to: &bytes)
        for (field, value) in [(EventField.messageId, Array(messageId.utf8)), (.event, Array(kind.utf8)), (.properties, body.bytes)] {
            bytes.append(field.rawValue)
            appendVarint(value.count, to: &bytes)
            bytes.append(contentsOf: value)
        }
        return bytes
    }

    /// The record of an erased event: that something was here and when it arrived, nothing of whom or what.
    public static func erased(type: EventType, receivedAt: Timestamp) -> [UInt8] {
        var bytes: [UInt8] = [format, type.rawValue, flagErased, 0]
        appendFixed(UInt32(0), to: &bytes)
        appendFixed(receivedAt.milliseconds, to: &bytes)
        appendFixed(receivedAt.milliseconds, to: &bytes)
        return bytes
    }
}

/// Encoded events on their way into the log, in one buffer: each record behind room for the log's frame header.
public struct EventBatch: Sendable {
    /// Bytes in front of each record that the log fills when it gives the record its position.
    public static let headroom = 20

    public struct Entry: Sendable {
        /// Where the record begins, behind its headroom.
        public var start: UInt32
        public var count: UInt32
        /// Which item of the call it was, to report verdicts in the order sent.
        public var item: UInt32
    }

    public var bytes: [UInt8]
    public var entries: [Entry]

    public init(capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
        entries = []
    }
}
