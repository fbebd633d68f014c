public import Decisions
import GRDB
public import Vocabulary

/// Which messages somebody asks for.
public struct DeliveryFilter: Sendable {
    public var states: [DeliveryRecord.State] = []
    /// A channel or a destination.
    public var lane: String?
    /// `message`, `call` or `record`.
    public var kind: String?
    public var origin: Intent.Origin.Kind?
    public var originID: String?
    /// Of a journey, which step decided it.
    public var step: String?
    /// Every id that one person ever had.
    public var profiles: [String]?
    /// Only what was decided before this number, for the page behind.
    public var before: Int64 = .max

    public init() {}
}

/// How many came to what, in one stretch of time.
public struct DeliveryCount: Sendable, Hashable {
    public let from: Timestamp
    public var sent = 0
    public var refused = 0
    public var dead = 0
}

extension DeliveryTable {
    private static let columns = "number, state, reason, detail, receipt, attempts, lost, due, began, ended"

    private static func record(_ row: Row, _ db: Database) throws -> DeliveryRecord? {
        let values = Array(row.databaseValues)
        guard values.count == 10, let number = Int64.fromDatabaseValue(values[0]), let state = Int.fromDatabaseValue(values[1]).flatMap(DeliveryRecord.State.init), let stored = try IntentTable.find(number, db)
        else { return nil }
        func time(_ index: Int) -> Timestamp? { Int64.fromDatabaseValue(values[index]).map(Timestamp.init(clamping:)) }
        return DeliveryRecord(
            stored: stored, state: state, reason: String.fromDatabaseValue(values[2]).flatMap(DeliveryReason.init) ?? .waiting, detail: String.fromDatabaseValue(values[3]) ?? "",
            receipt: String.fromDatabaseValue(values[4]) ?? "", attempts: Int.fromDatabaseValue(values[5]) ?? 0, lost: Int.fromDatabaseValue(values[6]) ?? 0, due: time(7) ?? stored.intent.notBefore,
            began: time(8), ended: time(9))
    }

    static func unreported(limit: Int, _ db: Database) throws -> [DeliveryRecord] {
        try Row.fetchAll(db.cachedStatement(sql: "SELECT \(columns) FROM delivery_message WHERE reported = 0 AND ended IS NOT NULL ORDER BY number LIMIT ?"), arguments: [limit]).compactMap { try record($0, db) }
    }

    static func find(key: String, _ db: Database) throws -> DeliveryRecord? {
        if let row = try Row.fetchOne(db, sql: "SELECT \(columns) FROM delivery_message WHERE key = ?", arguments: [key]) { return try record(row, db) }
        // Decided a moment ago and not yet taken: it waits for its turn.
        guard let stored = try IntentTable.find(key: key, db), stored.number > (try lastTaken(db)) else { return nil }
        return DeliveryRecord(stored: stored, state: .waiting, reason: .waiting, detail: "", receipt: "", attempts: 0, lost: 0, due: stored.intent.notBefore, began: nil, ended: nil)
    }

    /// Newest first.
    static func emailKeys(of profile: String, limit: Int, _ db: Database) throws -> [String] {
        try String.fetchAll(db, sql: "SELECT key FROM delivery_message WHERE profile = ? AND lane = 'email' ORDER BY number DESC LIMIT ?", arguments: [profile, limit])
    }

    static func list(_ filter: DeliveryFilter, limit: Int, _ db: Database) throws -> [DeliveryRecord] {
        var (conditions, arguments): ([String], StatementArguments) = (["number < ?"], [filter.before])
        func among(_ column: String, _ values: [some DatabaseValueConvertible]) {
            conditions.append("\(column) IN (\(values.map { _ in "?" }.joined(separator: ", ")))")
            arguments += StatementArguments(values)
        }
        if !filter.states.isEmpty { among("state", filter.states.map(\.rawValue)) }
        if let lane = filter.lane { among("lane", [lane]) }
        if let kind = filter.kind { among("kind", [kind]) }
        if let origin = filter.origin { among("origin", [origin.rawValue]) }
        if let id = filter.originID { among("origin_id", [id]) }
        if let step = filter.step {
            conditions.append(IntentTable.isOfStep("delivery_message.number"))
            arguments += [step]
        }
        if let profiles = filter.profiles { among("profile", profiles) }
        arguments += [limit]
        return try Row.fetchAll(db, sql: "SELECT \(columns) FROM delivery_message WHERE \(conditions.joined(separator: " AND ")) ORDER BY number DESC LIMIT ?", arguments: arguments)
            .compactMap { try record($0, db) }
    }

    static func steps(of number: Int64, _ db: Database) throws -> [DeliveryStep] {
        try Row.fetchAll(db, sql: "SELECT at, reason, detail FROM delivery_step WHERE message = ? ORDER BY at, rowid", arguments: [number]).compactMap { row in
            guard let at = Int64.fromDatabaseValue(row[0]), let reason = String.fromDatabaseValue(row[1]).flatMap(DeliveryReason.init) else { return nil }
            return DeliveryStep(at: Timestamp(clamping: at), reason: reason, detail: String.fromDatabaseValue(row[2]) ?? "")
        }
    }

    static func counts(from: Timestamp, to: Timestamp, stepMs: Int64, _ db: Database) throws -> [DeliveryCount] {
        guard stepMs > 0, to > from else { return [] }
        let count = Int((to.milliseconds - from.milliseconds + stepMs - 1) / stepMs)
        // Each stretch by itself, which its index answers in order; all at once they would be sorted first.
        let statement = try db.cachedStatement(sql: "SELECT sum(state = 3), sum(state = 4), count(*) FROM delivery_message WHERE ended >= ? AND ended < ? AND kind = 'message'")
        return try (0..<count).map { index in
            var told = DeliveryCount(from: Timestamp(clamping: from.milliseconds + Int64(index) * stepMs))
            guard let row = try Row.fetchOne(statement, arguments: [told.from.milliseconds, min(told.from.milliseconds + stepMs, to.milliseconds)]) else { return told }
            (told.sent, told.refused) = (Int.fromDatabaseValue(row[0]) ?? 0, Int.fromDatabaseValue(row[1]) ?? 0)
            told.dead = (Int.fromDatabaseValue(row[2]) ?? 0) - told.sent - told.refused
            return told
        }
    }

    /// Forgets people: what became of their messages, and whom we counted.
    static func erase(_ profiles: Set<String>, _ db: Database) throws -> Int {
        var count = 0
        for profile in profiles {
            try db.execute(sql: "DELETE FROM delivery_step WHERE message IN (SELECT number FROM delivery_message WHERE profile = ?)", arguments: [profile])
            try db.execute(sql: "DELETE FROM delivery_contact WHERE profile = ?", arguments: [profile])
            try db.execute(sql: "DELETE FROM delivery_message WHERE profile = ?", arguments: [profile])
            count += db.changesCount
        }
        return count
    }
}
