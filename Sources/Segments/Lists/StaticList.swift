public import Vocabulary

/// People whom somebody put on a list by their identifiers, as from a trade fair: it changes only by hand, and by expiry.
public struct StaticList: Sendable {
    /// `lst_` and twelve letters and digits; for ever.
    public let id: String
    /// For people and for conditions: lower-case words joined by hyphens; unique in the workspace.
    public let handle: String
    public var name: String
    public var note: String
    /// Where the entries came from, in the operator's words.
    public var source: String
    /// From this instant on nobody is on the list; nil for never.
    public var expiresAt: Timestamp?
    public let createdAt: Timestamp
    public let createdBy: String
    /// When the list or its entries last changed, and by whom.
    public internal(set) var changedAt: Timestamp
    public internal(set) var changedBy: String
    /// How often its name, note, source or expiry was saved, the first time included; entries do not count.
    public internal(set) var version: Int64
    /// Names it in the table of entries.
    let number: Int64
}

/// An identifier on a list, and until when.
public struct ListEntry: Sendable, Hashable {
    public let identifier: Identifier
    /// From this instant on it does not count; nil for never.
    public let expiresAt: Timestamp?

    public init(_ identifier: Identifier, expiresAt: Timestamp? = nil) { (self.identifier, self.expiresAt) = (identifier, expiresAt) }

    /// The kinds of identifier that name people.
    public static let namespaces: [IdentifierNamespace] = [.userId, .anonymousId, .email, .externalId]
    public static let valueMaximum = 512

    /// Why an identifier cannot stand on a list; nil where it can.
    public static func fault(_ identifier: Identifier) -> Explanation? {
        if !namespaces.contains(identifier.namespace) {
            return Explanation(code: "list.identifier-type", problem: "Accounts are not people.", remedy: "Use \(namespaces.map(\.name).joined(separator: ", ")).")
        }
        if identifier.value.isEmpty { return Explanation(code: "list.identifier-empty", problem: "There is no identifier.", remedy: "Fill it in, or leave the entry out.") }
        if identifier.value.count > valueMaximum {
            return Explanation(code: "list.identifier-long", problem: "The identifier is longer than \(valueMaximum) bytes.", remedy: "Check which column holds the identifiers.")
        }
        if identifier.value.withUnsafeBytes({ unsafe BlockedIdentifiers.contains($0) }) {
            return Explanation(code: "list.identifier-blocked", problem: "Many people share this value by mistake, so it names nobody.", remedy: "Leave the entry out.")
        }
        return nil
    }
}

/// An entry as it is kept.
public struct StoredEntry: Sendable {
    public let entry: ListEntry
    public let addedAt: Timestamp
}

/// How many of a list's entries there are.
public struct ListCounts: Sendable, Equatable {
    public let entries: Int
    /// Nobody with this identifier has been met; they come in when they are.
    public let unknown: Int
    public let expired: Int
}
