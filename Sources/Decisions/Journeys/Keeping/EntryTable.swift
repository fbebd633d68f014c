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
                """)
    ]

    struct Entry {
        let number: Int64
        let journey: Int64
        let owner: ProfileID
        let at: Timestamp
    }

    /// Those who wait already for the same occasion wait once.
    static func add(_ entries: some Sequence<TimedEntries.Entry>, journey: Int64, occasion: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(sql: "INSERT OR IGNORE INTO decisions_entry (journey, occasion, owner, at) VALUES (?, ?, ?, ?)")
        for entry in entries { try statement.execute(arguments: [journey, occasion, entry.profile.number, entry.at.milliseconds]) }
    }

    static func due(at time: Timestamp, journeys: [Int64], limit: Int, _ db: Database) throws -> [Entry] {
        guard !journeys.isEmpty else { return [] }
        let list = journeys.map(String.init).joined(separator: ",")
        let rows = try GRDB.Row.fetchAll(
            db.cachedStatement(sql: "SELECT number, journey, owner, at FROM decisions_entry WHERE at <= ? AND journey IN (\(list)) ORDER BY at, number LIMIT ?"), arguments: [time.milliseconds, limit])
        return rows.compactMap { row in
            let values = Array(row.databaseValues).compactMap { Int64.fromDatabaseValue($0) }
            return values.count == 4 ? Entry(number: values[0], journey: values[1], owner: ProfileID(number: values[2]), at: Timestamp(clamping: values[3])) : nil
        }
    }

    static func next(journeys: [Int64], _ db: Database) throws -> Int64? {
        guard !journeys.isEmpty else { return nil }
        return try Int64.fetchOne(db, sql: "SELECT at FROM decisions_entry WHERE journey IN (\(journeys.map(String.init).joined(separator: ","))) ORDER BY at LIMIT 1")
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

    /// All that are left come so much later, as after a pause.
    static func shift(journey: Int64, by milliseconds: Int64, _ db: Database) throws { try db.execute(sql: "UPDATE decisions_entry SET at = at + ? WHERE journey = ?", arguments: [milliseconds, journey]) }
}
