import Decisions
import GRDB
import Vocabulary

/// What is held after a backup was restored: nobody can tell what of it was sent since the backup was made.
extension DeliveryTable {
    /// What is put into Martlet's own log is not held: it stands there once, by its `messageId`.
    private static let isOutward = "kind != 'record'"

    /// Holds everything that waited, was tried again or was under way, and from now on what journeys and campaigns decide: their clocks go on where the backup left them.
    static func hold(at now: Timestamp, _ db: Database) throws {
        try db.execute(sql: "INSERT OR REPLACE INTO delivery_hold VALUES (1, ?)", arguments: [now.milliseconds])
        while try take(limit: takenAtOnce, db).isMore {}
        try db.execute(sql: "INSERT INTO delivery_step SELECT number, ?, ?, '' FROM delivery_message WHERE state <= 2 AND \(isOutward)", arguments: [now.milliseconds, DeliveryReason.held.rawValue])
        try db.execute(sql: "UPDATE delivery_message SET lost = lost + (state = 2), state = 6, reason = ? WHERE state <= 2 AND \(isOutward)", arguments: [DeliveryReason.held.rawValue])
    }
    private static let takenAtOnce = 1000

    /// Since when there is a hold; nil where there is none.
    static func heldSince(_ db: Database) throws -> Timestamp? { try Int64.fetchOne(db.cachedStatement(sql: "SELECT since FROM delivery_hold")).map(Timestamp.init(clamping:)) }

    /// Of what was just taken, holds the messages of journeys and campaigns while there is a hold.
    ///
    /// - Returns: the numbers of those.
    static func holdNew(_ new: [StoredIntent], _ db: Database) throws -> Set<Int64> {
        guard try heldSince(db) != nil else { return [] }
        let held = new.filter { [.journey, .campaign].contains($0.intent.origin.kind) && $0.intent.kind != "record" }.map(\.number)
        let statement = try db.cachedStatement(sql: "UPDATE delivery_message SET state = 6, reason = ? WHERE number = ?")
        for number in held { try statement.execute(arguments: [DeliveryReason.held.rawValue, number]) }
        return Set(held)
    }

    /// How many are held, by lane.
    static func heldCounts(_ db: Database) throws -> [(lane: String, count: Int)] {
        try Row.fetchAll(db, sql: "SELECT lane, count(*) FROM delivery_message WHERE state = 6 GROUP BY lane ORDER BY lane").compactMap { row in
            guard let lane = String.fromDatabaseValue(row[0]), let count = Int.fromDatabaseValue(row[1]) else { return nil }
            return (lane, count)
        }
    }

    /// Lets what is held go, or takes it back; the hold itself ends with the last of it.
    ///
    /// - Returns: the lane of each.
    static func end(_ which: HeldMessages, isDropped: Bool, at now: Timestamp, _ db: Database) throws -> [String] {
        let (condition, arguments): (String, StatementArguments) = switch which {
        case .all: ("true", [])
        case .lane(let lane): ("lane = ?", [lane])
        case .keys(let keys): ("key IN (\(keys.map { _ in "?" }.joined(separator: ", ")))", StatementArguments(keys))
        }
        let lanes = try String.fetchAll(db, sql: "SELECT lane FROM delivery_message WHERE state = 6 AND \(condition)", arguments: arguments)
        if isDropped {
            try db.execute(
                sql: "UPDATE delivery_message SET state = 4, reason = ?, ended = ? WHERE state = 6 AND \(condition)", arguments: [DeliveryReason.cancelled.rawValue, now.milliseconds] + arguments)
        } else {
            try db.execute(
                sql: "UPDATE delivery_message SET state = 0, reason = ?, due = max(due, ?) WHERE state = 6 AND \(condition)", arguments: [DeliveryReason.waiting.rawValue, now.milliseconds] + arguments)
        }
        if try which == .all || !lanes.isEmpty && Int.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM delivery_message WHERE state = 6)") == 0 { try db.execute(sql: "DELETE FROM delivery_hold") }
        return lanes
    }
}

/// Which of the messages that are held somebody speaks of.
public enum HeldMessages: Sendable, Hashable {
    case all
    /// A channel or destination.
    case lane(String)
    case keys([String])
}
