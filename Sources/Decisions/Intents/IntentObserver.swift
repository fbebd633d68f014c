public import GRDB

/// Tells when intents were committed, on the thread that committed them: whoever does them need not ask again and again.
///
/// `@unchecked Sendable`: `hasNew` is touched only by the database's one writing connection.
public final class IntentObserver: TransactionObserver, @unchecked Sendable {
    private let onCommit: @Sendable () -> Void
    private var hasNew = false

    /// - Parameter onCommit: must return at once.
    public init(onCommit: @escaping @Sendable () -> Void) { self.onCommit = onCommit }

    public func observes(eventsOfKind kind: DatabaseEventKind) -> Bool {
        if case .insert("decisions_intent") = kind { true } else { false }
    }

    public func databaseDidChange(with event: DatabaseEvent) { hasNew = true }

    public func databaseDidCommit(_ db: Database) {
        guard hasNew else { return }
        hasNew = false
        onCommit()
    }

    public func databaseDidRollback(_ db: Database) { hasNew = false }
}
