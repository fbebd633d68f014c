import GRDB
public import Storage
import Synchronization
public import Vocabulary

/// What we may use data for.
public struct ConsentPurpose: Sendable, Hashable {
    public let name: String
    public init(_ name: String) { self.name = name }
    /// Running what the person asked for, and knowing how it is used: granted by the workspace's policy unless the person objects.
    public static let service = ConsentPurpose("service")
    public static let analytics = ConsentPurpose("analytics")

    var isGrantedByPolicy: Bool { self == .service || self == .analytics }
}

/// One statement of a person about one purpose.
public struct ConsentFact: Sendable {
    public let identifiers: [Identifier]
    public let purpose: ConsentPurpose
    public let isGranted: Bool
    public let at: Timestamp
    public let position: LogPosition

    public init(identifiers: [Identifier], purpose: ConsentPurpose, isGranted: Bool, at: Timestamp, position: LogPosition) {
        self.identifiers = identifiers
        self.purpose = purpose
        self.isGranted = isGranted
        self.at = at
        self.position = position
    }
}

/// Who said yes or no to what, by keyed hash of the identifier; the asker passes all identifiers and the strictest answer wins,
/// so that merges and unmerges need no repair here.
public final class ConsentLedger: Eraser {
    public static let migrations = [
        Migration(
            "privacy_consent_1",
            sql: """
                CREATE TABLE privacy_consent (
                  hash BLOB NOT NULL, purpose TEXT NOT NULL, granted INTEGER NOT NULL, at INTEGER NOT NULL, position INTEGER NOT NULL,
                  PRIMARY KEY (hash, purpose)) WITHOUT ROWID;
                CREATE TABLE privacy_ledger_position (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL);
                """)
    ]

    public let name = "consent ledger"
    private let database: DatabaseFile
    private let key: WorkspaceKey
    /// Whether anybody ever objected to anything. While nobody has, what the policy grants needs no look into the table.
    private let hasObjections: Mutex<Bool>

    public init(_ database: DatabaseFile, key: WorkspaceKey) throws {
        self.database = database
        self.key = key
        hasObjections = Mutex(try database.pool.read { try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM privacy_consent WHERE granted = 0)") ?? false })
    }

    /// The log position up to which facts are known; Ingest replays the rest at start.
    public func position() throws -> LogPosition {
        try database.pool.read { LogPosition(try Int64.fetchOne($0, sql: "SELECT position FROM privacy_ledger_position") ?? 0) }
    }

    /// Facts are in force when this returns. An older statement never replaces a newer one; on a tie, the one that allows less stays.
    public func record(_ facts: [ConsentFact], upTo position: LogPosition) throws {
        // Before the table, so that nobody reads the old answer after the new one is in force.
        if facts.contains(where: { !$0.isGranted }) { hasObjections.withLock { $0 = true } }
        try database.pool.write { db in
            for fact in facts {
                for identifier in fact.identifiers {
                    try db.execute(
                        sql: """
                            INSERT INTO privacy_consent VALUES (?, ?, ?, ?, ?) ON CONFLICT (hash, purpose) DO UPDATE
                            SET granted = excluded.granted, at = excluded.at, position = excluded.position
                            WHERE excluded.at > at OR (excluded.at = at AND excluded.granted <= granted)
                            """,
                        arguments: [
                            BlobBytes(key.hash(identifier)), fact.purpose.name, fact.isGranted, fact.at.milliseconds, Int64(fact.position),
                        ])
                }
            }
            try db.execute(
                sql: "INSERT INTO privacy_ledger_position VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET position = max(position, excluded.position)",
                arguments: [Int64(position)])
        }
    }

    /// Whether a person known by all of `identifiers` lets us use data for `purpose`.
    public func permits(_ purpose: ConsentPurpose, for identifiers: [Identifier]) throws -> Bool {
        if purpose.isGrantedByPolicy, !hasObjections.withLock({ $0 }) { return true }
        let answers = try database.pool.read { db in
            try identifiers.compactMap { identifier in
                try Bool.fetchOne(
                    db, sql: "SELECT granted FROM privacy_consent WHERE hash = ? AND purpose = ?",
                    arguments: [BlobBytes(key.hash(identifier)), purpose.name])
            }
        }
        return answers.isEmpty ? purpose.isGrantedByPolicy : answers.allSatisfy { $0 }
    }

    /// Leave to send one message, or nil: asked at the moment of sending.
    public func permit(_ purpose: ConsentPurpose, to identifiers: [Identifier]) throws -> SendPermit? {
        try permits(purpose, for: identifiers) ? SendPermit(purpose: purpose) : nil
    }

    public func erase(_ subject: ErasureSubject) throws -> Int {
        try database.pool.write { db in
            var count = 0
            for identifier in subject.identifiers {
                try db.execute(sql: "DELETE FROM privacy_consent WHERE hash = ?", arguments: [BlobBytes(key.hash(identifier))])
                count += db.changesCount
            }
            return count
        }
    }
}

/// Leave to send one message to one profile; spent by sending. Only ``ConsentLedger`` makes one.
public struct SendPermit: ~Copyable, Sendable {
    public let purpose: ConsentPurpose
    init(purpose: ConsentPurpose) { self.purpose = purpose }
}
