public import GRDB
import Synchronization
public import Vocabulary

/// One SQLite file: WAL, FULL synchronous, deleted content overwritten.
///
/// Tables belong to the modules that name them; each hands in its migrations when the file is opened.
public final class DatabaseFile: Sendable {
    public let pool: DatabasePool
    private let counter = CommitCounter()
    private let room: FreedRoom

    /// How many transactions were committed since it was opened. A commit is counted before whoever wrote is told of it.
    public var commits: Int { counter.count }

    /// - Throws: ``StorageError`` when the file is damaged or cannot be opened.
    public init(path: String, migrations: [Migration]) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            // Erased rows must not survive in free pages.
            try db.execute(sql: "PRAGMA secure_delete = ON")
        }
        room = FreedRoom(path: path)
        try DatabaseSeal.open(path)
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            pool.add(transactionObserver: counter, extent: .databaseLifetime)
            // GRDB sets NORMAL when it turns WAL on, so FULL must come afterwards (measured: the other order is silently undone).
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            let verdict = try pool.read { try String.fetchOne($0, sql: "PRAGMA quick_check") }
            guard verdict == "ok" else { throw StorageError.damaged(path: path) }
            var migrator = DatabaseMigrator()
            for migration in migrations {
                migrator.registerMigration(migration.name) { db in try db.execute(sql: migration.sql) }
            }
            // Written by a later version: its tables may look like ours and mean something else.
            guard try !pool.read(migrator.hasBeenSuperseded) else { throw StorageError.newer(path: path) }
            try migrator.migrate(pool)
            // A flipped bit in a column's name passes every check of SQLite's, and ends the process where a row is read.
            let expected = try DatabaseQueue()
            try migrator.migrate(expected)
            guard try pool.read(Self.columns).isSuperset(of: expected.read(Self.columns)) else { throw StorageError.damaged(path: path) }
            // Less rests on a log that was left behind.
            try? truncateLog()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB {
            throw StorageError.damaged(path: path)
        }
    }

    /// Every column of every table, with its type.
    private static func columns(_ db: Database) throws -> Set<String> {
        try Set(String.fetchAll(db, sql: """
            SELECT tables.name || '.' || columns.name || ' ' || columns.type || ' ' || columns."notnull" || ' ' || columns.pk
            FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'
            """))
    }

    /// Folds the write-ahead log into the file and empties it, so that nothing deleted remains in it.
    public func truncateLog() throws {
        try pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
    }

    /// Overwrites what SQLite left of cells that it moved, so that nothing that was deleted is anywhere in the file. Reads all of it: 356 MB in 0.04 s from the page cache.
    public func clearFreedRoom() throws {
        let used = try room.used()
        try pool.writeWithoutTransaction { db in
            let pages = used.union(room.inLog())
            _ = try db.checkpoint(.truncate)
            // What is written from memory later must not bring it back.
            try db.execute(sql: "PRAGMA shrink_memory")
            try room.clear(pages)
        }
    }

    /// Called when nothing more will be written: all of it stands in the one file then, and the next start sees whether it is still the same.
    public func close() { try? DatabaseSeal.close(pool) }

    /// Whether SQLite finds nothing wrong in the whole file.
    public var isSound: Bool { (try? pool.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") }) == "ok" }

    /// Copies the database as of one instant into `path` while it goes on being used.
    public func backup(to path: String) throws {
        let target = try DatabaseQueue(path: path)
        try pool.backup(to: target)
        try target.close()
    }
}

private final class CommitCounter: TransactionObserver, Sendable {
    private let commits = Atomic(0)
    var count: Int { commits.load(ordering: .sequentiallyConsistent) }

    // Which rows change is nothing to it; every commit is told all the same.
    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidCommit(_ db: Database) { commits.wrappingAdd(1, ordering: .sequentiallyConsistent) }
    func databaseDidRollback(_ db: Database) {}
}

/// One step of a table's history; applied once, in the order of the list.
public struct Migration: Sendable {
    public let name: String
    public let sql: String
    public init(_ name: String, sql: String) {
        self.name = name
        self.sql = sql
    }
}

extension Refusal {
    /// The refusal for an error of SQLite's, nil for other errors: what cannot be written now is our fault, not the sender's.
    public init?(storage error: any Error) {
        guard let error = error as? DatabaseError else { return nil }
        let isFull = error.resultCode == .SQLITE_FULL
        self.init(
            503, isFull ? "storage.full" : "storage.unwritable", isFull ? "The disk is full." : "The database cannot be written or read now.",
            remedy: isFull ? "Free some space; trying again works by itself then." : "Check the disk, then try again.", retryAfter: 5)
    }
}

public enum StorageError: Explained {
    case damaged(path: String)
    /// A later version of Martlet wrote it.
    case newer(path: String)

    public var explanation: Explanation {
        switch self {
        case .damaged(let path):
            Explanation(
                code: "storage.damaged", problem: "The database \(path) is damaged.",
                remedy: "Restore the folder with `martlet restore`, or run `martlet doctor` to see what can be read.")
        case .newer(let path):
            Explanation(
                code: "storage.newer", problem: "The database \(path) was written by a later version of Martlet.",
                remedy: "Use that version, or restore a backup of this one into a new folder.")
        }
    }
}
