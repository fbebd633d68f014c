import Columnar
public import Identity

/// Everyone's memberships by row at one moment; a value that nothing changes any more.
public struct ContextView: Sendable {
    /// By part, and by row of the part: sorted by account and beginning. Most people have none.
    private var parts: [[Int: [MembershipSpan]]] = []
    /// Where accounts are looked up; nil where a workspace keeps none.
    public internal(set) var accounts: Accounts?

    public init() {}

    public func spans(part: Int, row: Int) -> [MembershipSpan] { part < parts.count ? parts[part][row] ?? [] : [] }

    /// Whether anybody of a part is or was a member of an account.
    public func hasMembers(part: Int) -> Bool { part < parts.count && !parts[part].isEmpty }

    /// The rows of a part that are or were members of some account.
    public func rows(ofPart part: Int) -> some Sequence<Int> { (part < parts.count ? parts[part] : [:]).keys }

    mutating func set(_ spans: [MembershipSpan], row: Row) {
        let (part, place) = (Int(row) / RowSet.capacity, Int(row) % RowSet.capacity)
        if part >= parts.count {
            guard !spans.isEmpty else { return }
            parts += [[Int: [MembershipSpan]]](repeating: [:], count: part + 1 - parts.count)
        }
        parts[part][place] = spans.isEmpty ? nil : spans
    }
}

extension [MembershipSpan] {
    /// The account as whose member a person acted at an instant: the one that they belonged to then.
    ///
    /// Who belonged to several has no context unless the event names it: to guess would let what was done for one account count for another.
    public func context(at time: Int64) -> Node? {
        var found: Node?
        for span in self where span.holds(at: time) && !span.isEntity {
            guard found == nil else { return nil }
            found = span.account
        }
        return found
    }
}
