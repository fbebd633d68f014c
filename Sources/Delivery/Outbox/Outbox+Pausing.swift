import GRDB
import Storage
import Vocabulary

extension Outbox {
    /// A journey that was paused goes on or was stopped: what it holds is looked at now.
    ///
    /// Once it stands so, as ``onSending(_:)`` is asked again at once.
    public func wake(journey id: String) throws {
        wanted.wake()
        var (lanes, last): (Set<String>, Int64) = ([], 0)
        while true {
            // Found without holding up whoever writes: many may wait, and few of them for this.
            let found = try database.pool.read { [last] in try DeliveryTable.paused(journey: id, after: last, limit: Outbox.wokenAtOnce, $0) }
            guard let end = found.last?.number else { break }
            let now = clock()
            try database.pool.write { db in for one in found { try DeliveryTable.wake(one.number, at: now, db) } }
            lanes.formUnion(found.map(\.lane))
            last = end
        }
        look(lanes)
    }
    private static let wokenAtOnce = 1000
}

extension DeliveryTable {
    /// What waits since its journey is paused, in the order in which it was decided.
    static func paused(journey id: String, after number: Int64, limit: Int, _ db: Database) throws -> [(number: Int64, lane: String)] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT number, lane FROM delivery_message WHERE state = 0 AND number > ? AND reason = ? AND origin_id = ? ORDER BY number LIMIT ?"),
            arguments: [number, DeliveryReason.journeyPaused.rawValue, id, limit]
        ).compactMap { row in
            guard let number = Int64.fromDatabaseValue(row[0]), let lane = String.fromDatabaseValue(row[1]) else { return nil }
            return (number, lane)
        }
    }

    static func wake(_ number: Int64, at now: Timestamp, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE delivery_message SET due = min(due, ?), reason = ? WHERE number = ? AND state = 0 AND reason = ?")
            .execute(arguments: [now.milliseconds, DeliveryReason.waiting.rawValue, number, DeliveryReason.journeyPaused.rawValue])
    }
}
