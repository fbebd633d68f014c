public import GRDB
import Identity
import Privacy
public import Storage
import Vocabulary

/// Where intents stand until they are done. Whoever decides writes them in the same transaction as its own state; `Delivery` takes them from here and keeps what became of them.
public enum IntentTable {
    public static let migrations = [
        Migration(
            "decisions_intent_1",
            sql: """
                CREATE TABLE decisions_intent (
                  number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, profile TEXT NOT NULL, effect TEXT NOT NULL, lane TEXT NOT NULL, template TEXT,
                  purpose TEXT, topic TEXT, context TEXT, record TEXT, origin TEXT NOT NULL, origin_id TEXT NOT NULL, origin_version INTEGER NOT NULL, step TEXT NOT NULL, run TEXT NOT NULL,
                  data TEXT NOT NULL, priority INTEGER NOT NULL, decided INTEGER NOT NULL, not_before INTEGER NOT NULL, expires INTEGER);
                CREATE INDEX decisions_intent_profile ON decisions_intent (profile, number);
                """)
    ]

    /// What was decided before stays as it was.
    ///
    /// - Returns: how many are new.
    @discardableResult
    public static func insert(_ intents: [Intent], _ db: Database) throws -> Int {
        guard !intents.isEmpty else { return 0 }
        let statement = try db.cachedStatement(sql: """
            INSERT OR IGNORE INTO decisions_intent (key, profile, effect, lane, template, purpose, topic, context, record, origin, origin_id, origin_version, step, run, data, priority, decided, not_before, expires)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        var count = 0
        for intent in intents {
            let (effect, template, scope, record) = columns(of: intent.effect)
            try statement.execute(arguments: [
                intent.key, intent.profile.text, effect, intent.lane, template, scope?.purpose.name, scope?.topic, scope?.context.text, record, intent.origin.kind.rawValue, intent.origin.id,
                intent.origin.version, intent.origin.step, intent.origin.run, intent.data.text, intent.priority, intent.decidedAt.milliseconds, intent.notBefore.milliseconds, intent.expiresAt?.milliseconds,
            ])
            count += db.changesCount
        }
        return count
    }

    private static func columns(of effect: Intent.Effect) -> (effect: String, template: String?, scope: ConsentScope?, record: String?) {
        switch effect {
        case .message(let template, let scope): ("message", template, scope, nil)
        case .call: ("call", nil, nil, nil)
        case .record(let call): ("record", nil, nil, call.text)
        }
    }

    // MARK: - Reading

    /// A condition of SQL, with one argument: that the intent of a number was decided by a step.
    ///
    /// - Parameter number: a column.
    public static func isOfStep(_ number: String) -> String { "EXISTS (SELECT 1 FROM decisions_intent WHERE decisions_intent.number = \(number) AND decisions_intent.step = ?)" }

    private static let selection = """
        SELECT number, key, profile, effect, lane, template, purpose, topic, context, record, origin, origin_id, origin_version, step, run, data, priority, decided, not_before, expires FROM decisions_intent
        """

    /// Behind a number, in the order in which they were committed.
    public static func after(_ number: Int64, limit: Int, _ db: Database) throws -> [StoredIntent] {
        try Row.fetchAll(db.cachedStatement(sql: "\(selection) WHERE number > ? ORDER BY number LIMIT ?"), arguments: [number, limit]).compactMap(stored)
    }

    public static func find(_ number: Int64, _ db: Database) throws -> StoredIntent? {
        try Row.fetchOne(db.cachedStatement(sql: "\(selection) WHERE number = ?"), arguments: [number]).flatMap(stored)
    }

    public static func find(key: String, _ db: Database) throws -> StoredIntent? {
        try Row.fetchOne(db.cachedStatement(sql: "\(selection) WHERE key = ?"), arguments: [key]).flatMap(stored)
    }

    /// When messages were decided by others than one, by profile; the first so many.
    static func messages(from: Timestamp, to: Timestamp, exceptBy origin: String, limit: Int, _ db: Database) throws -> [String: [RehearsedMessage]] {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT profile, decided, lane, purpose, topic, context, priority, expires FROM decisions_intent WHERE effect = 'message' AND decided >= ? AND decided < ? AND origin_id != ? LIMIT ?",
            arguments: [from.milliseconds, to.milliseconds, origin, limit])
        var found: [String: [RehearsedMessage]] = [:]
        while let row = try rows.next() {
            let values = Array(row.databaseValues)
            guard values.count == 8, let profile = String.fromDatabaseValue(values[0]), let decided = Int64.fromDatabaseValue(values[1]), let lane = String.fromDatabaseValue(values[2]),
                let purpose = String.fromDatabaseValue(values[3]), let context = String.fromDatabaseValue(values[5]).flatMap({ ConsentContext(text: $0) }), let priority = Int.fromDatabaseValue(values[6])
            else { continue }
            let scope = ConsentScope(ConsentPurpose(purpose), channel: lane, topic: String.fromDatabaseValue(values[4]) ?? "", context: context)
            found[profile, default: []].append(RehearsedMessage(
                scope, at: Timestamp(clamping: decided), priority: priority, expiresAt: Int64.fromDatabaseValue(values[7]).map(Timestamp.init(clamping:)), isOwn: false))
        }
        return found
    }

    /// The number of the newest; 0 before the first.
    public static func lastNumber(_ db: Database) throws -> Int64 { try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(number) FROM decisions_intent")) ?? 0 }

    /// Takes out everything that was decided for these profiles.
    ///
    /// - Returns: how many.
    public static func delete(profiles: Set<String>, _ db: Database) throws -> Int {
        try profiles.reduce(0) { count, profile in
            try db.execute(sql: "DELETE FROM decisions_intent WHERE profile = ?", arguments: [profile])
            return count + db.changesCount
        }
    }

    /// Takes out what was done long ago, by number.
    public static func delete(numbers: [Int64], _ db: Database) throws {
        try db.execute(sql: "DELETE FROM decisions_intent WHERE number IN (\(numbers.map { _ in "?" }.joined(separator: ", ")))", arguments: StatementArguments(numbers))
    }

    /// Nil for a row that no version of Martlet writes, such as one of a damaged file.
    private static func stored(_ row: Row) -> StoredIntent? {
        let values = Array(row.databaseValues)
        guard values.count == 20 else { return nil }
        func text(_ index: Int) -> String? { String.fromDatabaseValue(values[index]) }
        func number(_ index: Int) -> Int64? { Int64.fromDatabaseValue(values[index]) }
        guard let id = number(0), let key = text(1), let profile = text(2).flatMap({ ProfileID($0) }), let kind = text(3), let lane = text(4), let origin = text(10).flatMap(Intent.Origin.Kind.init),
            let originID = text(11), let version = number(12), let step = text(13), let run = text(14), let data = text(15), let priority = number(16), let decided = number(17), let notBefore = number(18)
        else { return nil }
        let effect: Intent.Effect
        switch kind {
        case "message":
            guard let template = text(5), let purpose = text(6), let context = text(8).flatMap({ ConsentContext(text: $0) }) else { return nil }
            effect = .message(template: template, ConsentScope(ConsentPurpose(purpose), channel: lane, topic: text(7) ?? "", context: context))
        case "call": effect = .call(destination: lane)
        case "record":
            guard let record = text(9) else { return nil }
            effect = .record(JSONText(trusted: Array(record.utf8)))
        default: return nil
        }
        let intent = Intent(
            key: key, profile: profile, effect, origin: Intent.Origin(origin, id: originID, version: version, step: step, run: run), data: JSONText(trusted: Array(data.utf8)), priority: Int(priority),
            decidedAt: Timestamp(clamping: decided), notBefore: Timestamp(clamping: notBefore), expiresAt: number(19).map(Timestamp.init(clamping:)))
        return StoredIntent(number: id, intent: intent)
    }
}

/// An intent with its number, which grows in the order in which intents were committed.
public struct StoredIntent: Sendable, Hashable {
    public let number: Int64
    public let intent: Intent
}

extension Intent {
    /// The queue that it stands in: a channel, a destination, or the log.
    public var lane: String {
        switch effect {
        case .message(_, let scope): scope.channel
        case .call(let destination): destination
        case .record: Intent.logLane
        }
    }

    public static let logLane = "log"
}
