import GRDB
public import Identity
import Storage
import Vocabulary

extension Outbox {
    /// A journey that was paused goes on or was stopped: what it holds is looked at now.
    ///
    /// Once it stands so, as ``onSending(_:)`` is asked again at once.
    public func wake(journey id: String) throws {
        wanted.wake()
        try wake { number, db in try DeliveryTable.held(by: [.journeyPaused], of: id, after: number, limit: Outbox.wokenAtOnce, db) }
    }

    /// The sending policy is another one: what its quiet hours and caps hold is asked again now.
    public func wakeWhatThePolicyHolds() throws {
        try wake { number, db in try DeliveryTable.held(by: [.quietHours, .capped], of: nil, after: number, limit: Outbox.wokenAtOnce, db) }
    }

    /// What a channel held back of its own accord is asked again: it was released, or may send more on a day.
    public func wakeWhatTheSenderHolds() throws {
        try wake { number, db in try DeliveryTable.held(by: [.complaints, .warmingUp], of: nil, after: number, limit: Outbox.wokenAtOnce, db) }
    }

    /// People's clocks are elsewhere now, or they have parted from whom they were taken for: what quiet hours and caps hold of theirs is asked again.
    ///
    /// - Parameter people: by every id that they ever had.
    public func wakeWhatThePolicyHolds(of people: [ProfileID]) throws {
        let found = try database.pool.read { db in try people.flatMap { try DeliveryTable.held(by: [.quietHours, .capped], of: $0.text, db) } }
        guard !found.isEmpty else { return }
        let now = clock()
        try database.pool.write { db in for one in found { try DeliveryTable.wake(one, at: now, db) } }
        look(Set(found.map(\.lane)))
    }

    private func wake(_ held: @Sendable (_ after: Int64, Database) throws -> [HeldMessage]) throws {
        var (lanes, last): (Set<String>, Int64) = ([], 0)
        while true {
            // Found without holding up whoever writes: many may wait, and few of them for this.
            let found = try database.pool.read { [last] in try held(last, $0) }
            guard let end = found.last?.number else { break }
            let now = clock()
            try database.pool.write { db in for one in found { try DeliveryTable.wake(one, at: now, db) } }
            lanes.formUnion(found.map(\.lane))
            last = end
        }
        look(lanes)
    }
    private static let wokenAtOnce = 1000
}

/// A message that waits for something else than its time.
struct HeldMessage: Sendable {
    let number: Int64
    let lane: String
    let reason: String
}

extension DeliveryTable {
    /// What waits for one of these reasons, of one journey where it is named, in the order in which it was decided.
    static func held(by reasons: [DeliveryReason], of journey: String?, after number: Int64, limit: Int, _ db: Database) throws -> [HeldMessage] {
        let sql = "SELECT number, lane, reason FROM delivery_message WHERE state = 0 AND number > ? AND reason IN (?, ?)\(journey == nil ? "" : " AND origin_id = ?") ORDER BY number LIMIT ?"
        var arguments: StatementArguments = [number, reasons.first?.rawValue, reasons.last?.rawValue]
        if let journey { arguments += [journey] }
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments + [limit]).compactMap(message)
    }

    /// What of a person waits for one of these reasons; the few messages of theirs are looked through, not all that wait.
    static func held(by reasons: [DeliveryReason], of profile: String, _ db: Database) throws -> [HeldMessage] {
        let statement = try db.cachedStatement(sql: "SELECT number, lane, reason FROM delivery_message INDEXED BY delivery_message_profile WHERE profile = ? AND state = 0 AND reason IN (?, ?)")
        return try Row.fetchAll(statement, arguments: [profile, reasons.first?.rawValue, reasons.last?.rawValue]).compactMap(message)
    }

    private static func message(_ row: Row) -> HeldMessage? {
        guard let number = Int64.fromDatabaseValue(row[0]), let lane = String.fromDatabaseValue(row[1]), let reason = String.fromDatabaseValue(row[2]) else { return nil }
        return HeldMessage(number: number, lane: lane, reason: reason)
    }

    static func wake(_ message: HeldMessage, at now: Timestamp, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE delivery_message SET due = min(due, ?), reason = ? WHERE number = ? AND state = 0 AND reason = ?")
            .execute(arguments: [now.milliseconds, DeliveryReason.waiting.rawValue, message.number, message.reason])
    }
}
