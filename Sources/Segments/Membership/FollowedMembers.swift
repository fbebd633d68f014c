import GRDB
import Identity
import Storage

/// The tables of whom followers of segments were told of: under ids alone, some 15 bytes each.
enum FollowedMembers {
    static let migrations = [
        Migration(
            "segments_followed_1",
            sql: """
                CREATE TABLE segments_followed (number INTEGER PRIMARY KEY AUTOINCREMENT, follower TEXT NOT NULL, segment TEXT NOT NULL, isWhole INTEGER NOT NULL);
                CREATE TABLE segments_followed_member (followed INTEGER NOT NULL, profile INTEGER NOT NULL, PRIMARY KEY (followed, profile)) WITHOUT ROWID;
                """)
    ]
    /// Rows of one transaction, so that no other writer waits long.
    private static let transactionRows = 20_000

    /// What a follower follows, by segment; what was begun and not finished before a crash is taken away.
    static func segments(of follower: String, _ db: Database) throws -> [String: Int64] {
        var found: [String: Int64] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT number, segment, isWhole FROM segments_followed WHERE follower = ?", arguments: [follower]) {
            let values = Array(row.databaseValues)
            guard values.count == 3, let number = Int64.fromDatabaseValue(values[0]) else { continue }
            if let segment = String.fromDatabaseValue(values[1]), Bool.fromDatabaseValue(values[2]) == true { found[segment] = number } else { try drop(number, db) }
        }
        return found
    }

    /// - Returns: the number under which they are kept.
    static func begin(_ segment: String, of follower: String, with members: [ProfileID], _ database: DatabaseFile) throws -> Int64 {
        let number = try database.pool.write { db in
            try db.execute(sql: "INSERT INTO segments_followed (follower, segment, isWhole) VALUES (?, ?, 0)", arguments: [follower, segment])
            return db.lastInsertedRowID
        }
        // In the order of the key, which is the quickest way in.
        let sorted = members.map(\.number).sorted()
        for start in stride(from: 0, to: sorted.count, by: transactionRows) {
            try database.pool.write { db in
                let insert = try db.cachedStatement(sql: "INSERT OR IGNORE INTO segments_followed_member VALUES (?, ?)")
                for profile in sorted[start..<min(start + transactionRows, sorted.count)] { try insert.execute(arguments: [number, profile]) }
            }
        }
        try database.pool.write { db in try db.execute(sql: "UPDATE segments_followed SET isWhole = 1 WHERE number = ?", arguments: [number]) }
        return number
    }

    static func all(of number: Int64, _ db: Database) throws -> [ProfileID] {
        try Int64.fetchAll(db, sql: "SELECT profile FROM segments_followed_member WHERE followed = ?", arguments: [number]).map(ProfileID.init(number:))
    }

    static func contains(_ profile: ProfileID, in number: Int64, _ db: Database) throws -> Bool {
        try Bool.fetchOne(db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM segments_followed_member WHERE followed = ? AND profile = ?)"), arguments: [number, profile.number]) ?? false
    }

    static func add(_ profile: ProfileID, to number: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO segments_followed_member VALUES (?, ?)").execute(arguments: [number, profile.number])
    }

    static func remove(_ profile: ProfileID, from number: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM segments_followed_member WHERE followed = ? AND profile = ?").execute(arguments: [number, profile.number])
    }

    static func drop(_ number: Int64, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM segments_followed_member WHERE followed = ?", arguments: [number])
        try db.execute(sql: "DELETE FROM segments_followed WHERE number = ?", arguments: [number])
    }

    /// - Returns: how many.
    static func erase(_ profiles: Set<ProfileID>, _ db: Database) throws -> Int {
        var count = 0
        for number in try Int64.fetchAll(db, sql: "SELECT number FROM segments_followed") {
            for profile in profiles {
                try remove(profile, from: number, db)
                count += db.changesCount
            }
        }
        return count
    }
}
