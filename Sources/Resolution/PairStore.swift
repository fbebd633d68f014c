import GRDB
import Storage
public import Vocabulary

/// Pairs of profiles that may be one person, and what people answered. Of a person it holds profile ids alone.
final class PairStore: Sendable {
    static let migrations = [
        Migration(
            "resolution_pairs_1",
            sql: """
                CREATE TABLE resolution_pairs (
                  number INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL, b TEXT NOT NULL, probability REAL NOT NULL, state INTEGER NOT NULL, foundAt INTEGER NOT NULL, model INTEGER NOT NULL,
                  answeredAt INTEGER, author TEXT, UNIQUE (a, b));
                CREATE INDEX resolution_pairs_by_state ON resolution_pairs (state, probability);
                CREATE INDEX resolution_pairs_by_b ON resolution_pairs (b);
                CREATE TABLE resolution_models (version INTEGER PRIMARY KEY, learnedAt INTEGER NOT NULL, records INTEGER NOT NULL);
                """)
    ]
    /// Pairs of one learning that are kept, the likeliest first.
    static let pairsMaximum = 500_000
    /// Pairs that are less likely are not kept.
    static let least = 0.1
    /// Rows of one transaction, so that no other writer waits long.
    private static let transactionRows = 4096

    private let database: DatabaseFile
    init(_ database: DatabaseFile) { self.database = database }

    // MARK: - What was found

    /// The two in the one order in which a pair stands.
    static func ordered(_ a: String, _ b: String) -> (a: String, b: String) { a < b ? (a, b) : (b, a) }

    /// What one profile is likely to be.
    struct Found: Sendable {
        let profile: String
        let others: [(id: String, probability: Double)]
    }

    /// Puts what some profiles are likely to be in the place of what was thought of them before; answers stay.
    func replace(_ found: [Found], model: Int64, at: Timestamp) throws {
        // Most are like nobody and were before, and a writing waits for the disk.
        let some = try database.pool.read { db in
            try found.filter { one in
                try !one.others.isEmpty || Int.fetchOne(db.cachedStatement(sql: "SELECT 1 FROM \(PairStore.openPairs) LIMIT 1"), arguments: [one.profile]) != nil
            }
        }
        guard !some.isEmpty else { return }
        try database.pool.write { db in
            for one in some {
                let known = try Row.fetchAll(db.cachedStatement(sql: "SELECT number, a, b FROM \(PairStore.openPairs)"), arguments: [one.profile])
                let others = Set(one.others.map(\.id))
                for row in known {
                    guard let number: Int64 = PairStore.value(row, 0), let a: String = PairStore.value(row, 1), let b: String = PairStore.value(row, 2) else { continue }
                    if !others.contains(a == one.profile ? b : a) { try db.execute(sql: "DELETE FROM resolution_pairs WHERE number = ?", arguments: [number]) }
                }
                for other in one.others { try PairStore.put(db, one.profile, other.id, other.probability, model, at) }
            }
        }
    }

    /// Puts all that one learning found in the place of what was open before.
    func replaceAll(_ pairs: [(a: String, b: String, probability: Double)], model: Int64, at: Timestamp) throws {
        var rest = pairs.sorted { $0.probability > $1.probability }.prefix(PairStore.pairsMaximum)
        while !rest.isEmpty {
            let some = rest.prefix(PairStore.transactionRows)
            try database.pool.write { db in for pair in some { try PairStore.put(db, pair.a, pair.b, pair.probability, model, at) } }
            rest = rest.dropFirst(some.count)
        }
        var gone = PairStore.transactionRows
        while gone == PairStore.transactionRows {
            gone = try database.pool.write { db in
                try db.execute(sql: "DELETE FROM resolution_pairs WHERE number IN (SELECT number FROM resolution_pairs WHERE state = 0 AND model < ? LIMIT ?)", arguments: [model, PairStore.transactionRows])
                return db.changesCount
            }
        }
    }

    // Without the plus sign SQLite goes through every open pair, by the index of states.
    private static let openPairs = "resolution_pairs WHERE (a = ?1 OR b = ?1) AND +state = 0"

    private static func put(_ db: Database, _ x: String, _ y: String, _ probability: Double, _ model: Int64, _ at: Timestamp) throws {
        let (a, b) = ordered(x, y)
        guard a != b else { return }
        try db.cachedStatement(
            sql: """
                INSERT INTO resolution_pairs (a, b, probability, state, foundAt, model) VALUES (?, ?, ?, 0, ?, ?)
                ON CONFLICT (a, b) DO UPDATE SET probability = excluded.probability, model = excluded.model WHERE state = 0
                """
        ).execute(arguments: [a, b, probability, at.milliseconds, model])
    }

    // MARK: - Reading

    func pair(_ number: Int64) throws -> ReviewPair? {
        try database.pool.read { db in try Row.fetchOne(db, sql: "SELECT \(PairStore.columns) FROM resolution_pairs WHERE number = ?", arguments: [number]).flatMap(PairStore.pair) }
    }

    /// Open pairs at least `least` likely, those nearest to `middle` first.
    func open(near middle: Double, least: Double, limit: Int) throws -> [ReviewPair] {
        try database.pool.read { db in
            let above = try Row.fetchAll(
                db, sql: "SELECT \(PairStore.columns) FROM resolution_pairs WHERE state = 0 AND probability >= ? ORDER BY probability, number LIMIT ?", arguments: [max(middle, least), limit])
            let below = try Row.fetchAll(
                db, sql: "SELECT \(PairStore.columns) FROM resolution_pairs WHERE state = 0 AND probability < ? AND probability >= ? ORDER BY probability DESC, number LIMIT ?",
                arguments: [middle, least, limit])
            return (above + below).compactMap(PairStore.pair).sorted { (abs($0.probability - middle), $0.number) < (abs($1.probability - middle), $1.number) }.prefix(limit).map { $0 }
        }
    }

    func openCount(least: Double) throws -> Int {
        try database.pool.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM resolution_pairs WHERE state = 0 AND probability >= ?", arguments: [least]) ?? 0 }
    }

    /// What was told of each pair, and the answer to it.
    func all() throws -> [(probability: Double, state: ReviewPair.State)] {
        try database.pool.read { db in
            try Row.fetchAll(db, sql: "SELECT probability, state FROM resolution_pairs").compactMap { row in
                guard let probability: Double = PairStore.value(row, 0), let state: Int = PairStore.value(row, 1), let state = ReviewPair.State(rawValue: state) else { return nil }
                return (probability, state)
            }
        }
    }

    private static let columns = "number, a, b, probability, state, foundAt, answeredAt, author"

    private static func pair(_ row: Row) -> ReviewPair? {
        guard let number: Int64 = value(row, 0), let a: String = value(row, 1), let b: String = value(row, 2), let probability: Double = value(row, 3), let state: Int = value(row, 4),
            let state = ReviewPair.State(rawValue: state), let foundAt: Int64 = value(row, 5)
        else { return nil }
        let answeredAt: Int64? = value(row, 6)
        return ReviewPair(number: number, a: a, b: b, probability: probability, state: state, foundAt: Timestamp(clamping: foundAt), answeredAt: answeredAt.map { Timestamp(clamping: $0) }, author: value(row, 7))
    }

    /// Nil for what is not there or of another type, as in a file that was changed from outside.
    private static func value<Value: DatabaseValueConvertible>(_ row: Row, _ index: Int) -> Value? {
        let values = Array(row.databaseValues)
        return index < values.count ? Value.fromDatabaseValue(values[index]) : nil
    }

    // MARK: - Changing

    /// - Returns: false where there is no such pair.
    func set(_ number: Int64, _ state: ReviewPair.State, author: String, at: Timestamp) throws -> Bool {
        try database.pool.write { db in
            try db.execute(sql: "UPDATE resolution_pairs SET state = ?, answeredAt = ?, author = ? WHERE number = ?", arguments: [state.rawValue, at.milliseconds, author, number])
            return db.changesCount > 0
        }
    }

    func noteMerged(_ x: String, _ y: String) throws {
        let (a, b) = PairStore.ordered(x, y)
        try database.pool.write { db in
            try db.execute(sql: "UPDATE resolution_pairs SET state = ? WHERE a = ? AND b = ? AND state = 0", arguments: [ReviewPair.State.merged.rawValue, a, b])
        }
    }

    func delete(_ number: Int64) throws { try database.pool.write { db in try db.execute(sql: "DELETE FROM resolution_pairs WHERE number = ?", arguments: [number]) } }

    /// Takes out every pair of these profiles, answers too.
    func erase(_ profiles: Set<String>) throws -> Int {
        let count = try database.pool.write { db in
            var count = 0
            for id in profiles {
                try db.execute(sql: "DELETE FROM resolution_pairs WHERE a = ?1 OR b = ?1", arguments: [id])
                count += db.changesCount
            }
            return count
        }
        if count > 0 { try database.truncateLog() }
        return count
    }

    // MARK: - Models

    func newModel(records: Int, at: Timestamp) throws -> Int64 {
        try database.pool.write { db in
            try db.execute(sql: "INSERT INTO resolution_models (learnedAt, records) VALUES (?, ?)", arguments: [at.milliseconds, records])
            let version = db.lastInsertedRowID
            // Versions name what pairs were found by; so many tell enough of how matching went.
            try db.execute(sql: "DELETE FROM resolution_models WHERE version <= ?", arguments: [version - 1000])
            return version
        }
    }
}

/// Two profiles that may be one person.
public struct ReviewPair: Sendable, Hashable {
    public enum State: Int, Sendable {
        case open = 0
        case same = 1
        case different = 2
        case unsure = 3
        /// Merged because the settings say so; nobody was asked, so it teaches nothing.
        case merged = 4
    }
    public let number: Int64
    public let a: String
    public let b: String
    /// As it was told before answers changed what is told.
    public let probability: Double
    public let state: State
    public let foundAt: Timestamp
    public let answeredAt: Timestamp?
    public let author: String?
}
