import GRDB
import Identity
import Storage
import Vocabulary

/// People who are to begin, in the order of their instants.
enum EntryTable {
    static let migrations = [
        Migration(
            "decisions_entry_1",
            sql: """
                CREATE TABLE decisions_entry (number INTEGER PRIMARY KEY, journey INTEGER NOT NULL, occasion INTEGER NOT NULL, owner INTEGER NOT NULL, at INTEGER NOT NULL, UNIQUE (journey, occasion, owner));
                CREATE INDEX decisions_entry_at ON decisions_entry (at);
                """),
        // By journey first: those of one that is paused stand in nobody's way.
        Migration("decisions_entry_2", sql: "DROP INDEX decisions_entry_at; CREATE INDEX decisions_entry_due ON decisions_entry (journey, at, number);"),
        // The canaries of a campaign for themselves: they go while everyone else is held.
        Migration(
            "decisions_entry_3",
            sql: """
                ALTER TABLE decisions_entry ADD COLUMN canary INTEGER NOT NULL DEFAULT 0;
                DROP INDEX decisions_entry_due;
                CREATE INDEX decisions_entry_due ON decisions_entry (journey, canary, at, number);
                """),
    ]

    struct Entry {
        let number: Int64
        let journey: Int64
        let owner: ProfileID
        let at: Timestamp
    }

    /// Those who wait already for the same occasion wait once.
    static func add(_ entries: some Sequence<TimedEntries.Entry>, journey: Int64, occasion: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(sql: "INSERT OR IGNORE INTO decisions_entry (journey, occasion, owner, at, canary) VALUES (?, ?, ?, ?, ?)")
        for entry in entries { try statement.execute(arguments: [journey, occasion, entry.profile.number, entry.at.milliseconds, entry.isCanary]) }
    }

    /// Of these journeys, the earliest first.
    ///
    /// - Parameter held: of which the canaries alone may go.
    static func due(at time: Timestamp, journeys: [Int64], held: Set<Int64>, limit: Int, _ db: Database) throws -> [Entry] {
        let statement = try db.cachedStatement(
            sql: "SELECT number, owner, at FROM decisions_entry INDEXED BY decisions_entry_due WHERE journey = ? AND canary = ? AND at <= ? ORDER BY at, number LIMIT ?")
        var found: [Entry] = []
        for journey in journeys {
            for isCanary in held.contains(journey) ? [true] : [true, false] {
                found += try GRDB.Row.fetchAll(statement, arguments: [journey, isCanary, time.milliseconds, limit]).compactMap { row in
                    let values = Array(row.databaseValues).compactMap { Int64.fromDatabaseValue($0) }
                    return values.count == 3 ? Entry(number: values[0], journey: journey, owner: ProfileID(number: values[1]), at: Timestamp(clamping: values[2])) : nil
                }
            }
        }
        return Array(found.sorted { ($0.at, $0.number) < ($1.at, $1.number) }.prefix(limit))
    }

    /// The first instant at which somebody may go; where it is held, of the canaries alone.
    static func next(journey: Int64, isHeld: Bool = false, _ db: Database) throws -> Int64? {
        try (isHeld ? [true] : [true, false]).compactMap { try next(journey: journey, isCanary: $0, db) }.min()
    }

    /// The first instant of the canaries of one journey, or of everyone else.
    static func next(journey: Int64, isCanary: Bool, _ db: Database) throws -> Int64? {
        let statement = try db.cachedStatement(sql: "SELECT at FROM decisions_entry INDEXED BY decisions_entry_due WHERE journey = ? AND canary = ? ORDER BY at LIMIT 1")
        return try Int64.fetchOne(statement, arguments: [journey, isCanary])
    }

    /// How many canaries of a journey are still to come.
    static func canaries(journey: Int64, _ db: Database) throws -> Int64 {
        let statement = try db.cachedStatement(sql: "SELECT count(*) FROM decisions_entry WHERE journey = ? AND canary = 1")
        return try Int64.fetchOne(statement, arguments: [journey]) ?? 0
    }

    /// When somebody's turn comes, by any of their ids; nil where they wait for none.
    static func first(of owners: [ProfileID], journey: Int64, _ db: Database) throws -> Timestamp? {
        let statement = try db.cachedStatement(sql: "SELECT min(at) FROM decisions_entry WHERE owner = ? AND journey = ?")
        return try owners.compactMap { try Int64.fetchOne(statement, arguments: [$0.number, journey]) }.min().map(Timestamp.init(clamping:))
    }

    static func remove(_ numbers: [Int64], _ db: Database) throws {
        let statement = try db.cachedStatement(sql: "DELETE FROM decisions_entry WHERE number = ?")
        for number in numbers { try statement.execute(arguments: [number]) }
    }

    static func remove(journey: Int64, _ db: Database) throws { try db.execute(sql: "DELETE FROM decisions_entry WHERE journey = ?", arguments: [journey]) }

    /// - Returns: how many.
    static func erase(_ owners: Set<ProfileID>, _ db: Database) throws -> Int {
        try owners.reduce(0) { count, owner in
            try db.execute(sql: "DELETE FROM decisions_entry WHERE owner = ?", arguments: [owner.number])
            return count + db.changesCount
        }
    }

    /// Those who were to come by an instant come so much later, as after a pause.
    static func shift(journey: Int64, by milliseconds: Int64, upTo last: Int64, _ db: Database) throws {
        try db.execute(sql: "UPDATE decisions_entry SET at = at + ? WHERE journey = ? AND at <= ?", arguments: [milliseconds, journey, last])
    }

    /// Everyone but the canaries comes so much later, where told only those who were to come by an instant.
    static func shiftOthers(journey: Int64, by milliseconds: Int64, upTo last: Int64, _ db: Database) throws {
        try db.execute(sql: "UPDATE decisions_entry SET at = at + ? WHERE journey = ? AND canary = 0 AND at <= ?", arguments: [milliseconds, journey, last])
    }
}
