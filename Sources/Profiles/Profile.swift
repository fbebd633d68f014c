public import Identity
public import Vocabulary

/// What we know of one person or account at one instant.
public struct Profile: Sendable {
    public enum Kind: String, Sendable { case person, account, entity }

    /// A ``ProfileID`` as text: the same whichever identifier one comes from.
    public let id: String
    public let kind: Kind
    public let traits: [Trait]
    public let identifiers: [Identifier]
    /// When each identifier was first and last seen, in the order of `identifiers`.
    public let seen: [Seen]
    /// The nodes that make it up; a profile is their union.
    public let members: [Node]
    public let firstSeen: Timestamp?
    public let lastSeen: Timestamp?
    /// What their devices told last of the time zone (`context.timezone`).
    public internal(set) var deviceZone: String?
    /// How many events there were at the instant of a profile of the past; nil for now, which ``ProfileReader/eventCount(of:)`` counts.
    public internal(set) var eventsThen: Int?

    public struct Seen: Sendable {
        public let first: Timestamp?
        public let last: Timestamp?
    }

    /// The current traits as one JSON object, without those that were cleared by null.
    public func write(traits w: inout JSONWriter) {
        w.object { w in
            for trait in traits where !trait.value.isNull {
                w.key(trait.name)
                w.raw(trait.value.bytes)
            }
        }
    }

    /// A name to show: `name`, else the legal name, else first and last name, else e-mail, else the first identifier.
    public var displayName: String {
        func text(_ names: [String]) -> String? {
            for name in names {
                if let value = traits.first(where: { $0.name == name })?.value.string, !value.utf8.allSatisfy({ $0 <= 0x20 }) { return value }
            }
            return nil
        }
        if let name = text(["name", "legalName", "legal_name"]) { return name }
        let parts = [text(["firstName", "first_name"]), text(["lastName", "last_name"])].compactMap { $0 }
        if !parts.isEmpty { return parts.joined(separator: " ") }
        return text(["email"]) ?? identifiers.first.map { EntityName(groupId: $0.value)?.id ?? $0.text } ?? id
    }
}

/// One trait: the value as it was sent, and the event that said so.
public struct Trait: Sendable {
    public let name: String
    public let value: JSONText
    /// ``EventView/statedAt`` of the event.
    public let timestamp: Timestamp
    /// Of the event in the log.
    public let position: LogPosition
}

/// One event as a person's history shows it.
public struct TimelineEvent: Sendable {
    public let position: LogPosition
    public let event: EventView

    public init(position: LogPosition, event: EventView) {
        self.position = position
        self.event = event
    }
}
