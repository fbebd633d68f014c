import GRDB
public import Storage
public import Vocabulary

extension Outbox {
    /// What is held since a backup was restored.
    public struct Hold: Sendable {
        /// When the restored folder was first served.
        public let since: Timestamp
        /// How many messages and calls, by channel or destination; those without any are left out.
        public let counts: [(lane: String, count: Int)]
        public var count: Int { counts.reduce(0) { $0 + $1.count } }
    }

    /// Nil where nothing is.
    public func hold() throws -> Hold? {
        try database.pool.read { db in
            guard let since = try DeliveryTable.heldSince(db) else { return nil }
            return Hold(since: since, counts: try DeliveryTable.heldCounts(db))
        }
    }

    /// Sends what is held after all, each under its key.
    ///
    /// - Returns: how many.
    public func release(_ which: HeldMessages) throws -> Int { try end(which, isDropped: false) }

    /// Takes back what is held: it is not sent, and says so.
    ///
    /// - Returns: how many.
    public func drop(_ which: HeldMessages) throws -> Int { try end(which, isDropped: true) }

    private func end(_ which: HeldMessages, isDropped: Bool) throws -> Int {
        let now = clock()
        let lanes = try database.pool.write { try DeliveryTable.end(which, isDropped: isDropped, at: now, $0) }
        if isDropped { reporter.wake() } else { look(Set(lanes)) }
        return lanes.count
    }
}
