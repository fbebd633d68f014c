import GRDB
public import Storage
import Synchronization
public import Vocabulary

/// A refused event, whole, with the reasons.
public struct QuarantinedEvent: Sendable {
    public let id: Int64
    public let source: SourceNumber
    public let messageId: String?
    public let codes: [String]
    public let reasons: [Explanation]
    public let payload: Personal<[UInt8]>
    /// What it counts on beside itself: ``DecodedCall/around``.
    public let around: Personal<[UInt8]>?
    public let receivedAt: Timestamp
    /// The call that it came by, to replay it: an event type's name, or `batch`.
    public let shape: String

    /// Whether it is all of a batch that could not be read, rather than one of the items of a batch, or a line of a file: only then may it hold several events.
    public var isWholeBatch: Bool { shape == "batch" && codes.first.map { $0.hasPrefix("body.") || $0.hasPrefix("batch.") } ?? false }
}

/// Where refused events wait with the reason until they are mended and replayed, or deleted.
public final class Quarantine: Eraser {
    public static let migrations = [
        Migration(
            "ingest_quarantine_1",
            sql: """
                CREATE TABLE ingest_quarantine (
                  id INTEGER PRIMARY KEY AUTOINCREMENT, source INTEGER NOT NULL, messageId TEXT, reasons TEXT NOT NULL, payload BLOB NOT NULL,
                  receivedAt INTEGER NOT NULL, shape TEXT NOT NULL);
                CREATE INDEX ingest_quarantine_message ON ingest_quarantine (messageId);
                CREATE INDEX ingest_quarantine_source ON ingest_quarantine (source, id);
                """),
        Migration(
            "ingest_quarantine_2",
            sql: "CREATE INDEX ingest_quarantine_code ON ingest_quarantine (json_extract(reasons, '$[0].code'), source, id)"),
        Migration(
            "ingest_quarantine_3",
            // Once for each call, since a batch may have many refused events and much around them.
            sql: """
                CREATE TABLE ingest_quarantine_call (id INTEGER PRIMARY KEY, around BLOB NOT NULL);
                ALTER TABLE ingest_quarantine ADD COLUMN call INTEGER;
                CREATE INDEX ingest_quarantine_of_call ON ingest_quarantine (call) WHERE call IS NOT NULL;
                CREATE TRIGGER ingest_quarantine_call_gone AFTER DELETE ON ingest_quarantine
                WHEN old.call IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ingest_quarantine WHERE call = old.call)
                BEGIN DELETE FROM ingest_quarantine_call WHERE id = old.call; END;
                """),
    ]
    /// Rows kept for one source; beyond it the oldest make room, so that a broken sender cannot fill the disk.
    public static let rowsMaximum = 100_000
    /// Bytes kept of a body that is no JSON at all.
    public static let bodyMaximum = 64 << 10

    public let name = "quarantine"
    private let database: DatabaseFile
    /// Rows added for each source since it was last held to its limit.
    private let added = Mutex<[SourceNumber: Int]>([:])
    private static let trimEvents = 100

    public init(_ database: DatabaseFile) { self.database = database }

    public func add(_ events: [RefusedEvent], around: Personal<[UInt8]>? = nil, source: SourceNumber, shape: CallShape, receivedAt: Timestamp) throws {
        guard !events.isEmpty else { return }
        let isDue = isDue(events.count, source)
        try database.pool.write { try Quarantine.insert(events, around, source, shape, receivedAt, isDue: isDue, $0) }
    }

    /// The same without holding up the thread while the database writes.
    public func add(_ events: [RefusedEvent], around: Personal<[UInt8]>? = nil, source: SourceNumber, shape: CallShape, receivedAt: Timestamp) async throws {
        guard !events.isEmpty else { return }
        let isDue = isDue(events.count, source)
        try await database.pool.write { try Quarantine.insert(events, around, source, shape, receivedAt, isDue: isDue, $0) }
    }

    private func isDue(_ count: Int, _ source: SourceNumber) -> Bool {
        added.withLock { added in
            added[source, default: 0] += count
            guard added[source, default: 0] >= Quarantine.trimEvents else { return false }
            added[source] = 0
            return true
        }
    }

    private static func insert(
        _ events: [RefusedEvent], _ around: Personal<[UInt8]>?, _ source: SourceNumber, _ shape: CallShape, _ receivedAt: Timestamp, isDue: Bool, _ db: Database
    ) throws {
        let shapeName = switch shape {
        case .single(let type): type.name
        case .batch: "batch"
        }
        var call: Int64?
        if let around {
            try db.execute(sql: "INSERT INTO ingest_quarantine_call (around) VALUES (?)", arguments: [BlobBytes(around.revealed)])
            call = db.lastInsertedRowID
        }
        var count = 0
        for event in events {
            // What waits here already, and is sent or imported again, waits once.
            try db.cachedStatement(
                sql: """
                    INSERT INTO ingest_quarantine (source, messageId, reasons, payload, receivedAt, shape, call) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
                    WHERE NOT EXISTS (SELECT 1 FROM ingest_quarantine INDEXED BY ingest_quarantine_message WHERE messageId = ?2 AND source = ?1 AND payload = ?4)
                    """
            ).execute(arguments: [source, event.messageId, write(event.reasons), BlobBytes(event.payload.revealed), receivedAt.milliseconds, shapeName, call])
            count += db.changesCount
        }
        if count == 0, let call { try db.execute(sql: "DELETE FROM ingest_quarantine_call WHERE id = ?", arguments: [call]) }
        guard isDue else { return }
        try db.execute(
            sql: """
                DELETE FROM ingest_quarantine WHERE source = ? AND id <=
                (SELECT id FROM ingest_quarantine WHERE source = ? ORDER BY id DESC LIMIT 1 OFFSET ?)
                """, arguments: [source, source, rowsMaximum])
    }

    private let whole = "SELECT q.*, c.around FROM ingest_quarantine q LEFT JOIN ingest_quarantine_call c ON c.id = q.call"

    /// Newest first, before `before` where given.
    ///
    /// - Parameter code: of the first reason.
    public func list(messageId: String? = nil, source: SourceNumber? = nil, code: String? = nil, before: Int64? = nil, limit: Int) throws -> [QuarantinedEvent] {
        try database.pool.read { db in
            var sql = whole + " WHERE q.id < ?"
            var arguments: StatementArguments = [before ?? Int64.max]
            if let messageId {
                sql += " AND messageId = ?"
                arguments += [messageId]
            }
            if let source {
                sql += " AND source = ?"
                arguments += [source]
            }
            if let code {
                sql += " AND json_extract(reasons, '$[0].code') = ?"
                arguments += [code]
            }
            return try Row.fetchAll(db, sql: sql + " ORDER BY q.id DESC LIMIT ?", arguments: arguments + [limit]).map(Quarantine.event)
        }
    }

    /// How often each reason stands first, most frequent first; read from an index alone.
    public func codes(source: SourceNumber? = nil, limit: Int = 20) throws -> [(code: String, count: Int)] {
        try database.pool.read { db in
            var sql = "SELECT json_extract(reasons, '$[0].code') AS code, count(*) AS count FROM ingest_quarantine"
            var arguments: StatementArguments = []
            if let source {
                sql += " WHERE source = ?"
                arguments += [source]
            }
            return try Row.fetchAll(db, sql: sql + " GROUP BY code ORDER BY count DESC, code LIMIT ?", arguments: arguments + [limit])
                .compactMap { row in (row["code"] as String?).map { ($0, row["count"]) } }
        }
    }

    public func get(_ id: Int64) throws -> QuarantinedEvent? {
        try database.pool.read { db in
            try Row.fetchOne(db, sql: whole + " WHERE q.id = ?", arguments: [id]).map(Quarantine.event)
        }
    }

    @discardableResult
    public func remove(_ id: Int64) throws -> Bool {
        try database.pool.write { db in
            try db.execute(sql: "DELETE FROM ingest_quarantine WHERE id = ?", arguments: [id])
            return db.changesCount > 0
        }
    }

    /// How many wait; read from an index alone.
    public func count(source: SourceNumber? = nil) throws -> Int {
        try database.pool.read { db in
            if let source { return try Int.fetchOne(db, sql: "SELECT count(*) FROM ingest_quarantine WHERE source = ?", arguments: [source]) ?? 0 }
            return try Int.fetchOne(db, sql: "SELECT count(*) FROM ingest_quarantine") ?? 0
        }
    }

    /// Every row that mentions one of the subject's identifiers, in its payload or around it.
    public func erase(_ subject: ErasureSubject) throws -> Int {
        let mention = Mention(of: subject.identifiers.map(\.value))
        func rows(behind start: Int64, _ db: Database) throws -> (gone: [Int64], last: Int64) {
            var (gone, last) = ([Int64](), start)
            let rows = try Row.fetchCursor(db, sql: whole + " WHERE q.id > ? ORDER BY q.id", arguments: [start])
            while let row = try rows.next() {
                last = row["id"]
                if mention.isIn((row["payload"] as BlobBytes).bytes) || (row["around"] as BlobBytes?).map({ mention.isIn($0.bytes) }) ?? false { gone.append(last) }
            }
            return (gone, last)
        }
        // Hundreds of megabytes may be read here: nobody else waits to write meanwhile.
        let old = try database.pool.read { try rows(behind: 0, $0) }
        let count = try database.pool.write { db in
            let gone = old.gone + (try rows(behind: old.last, db)).gone
            for id in gone { try db.execute(sql: "DELETE FROM ingest_quarantine WHERE id = ?", arguments: [id]) }
            return gone.count
        }
        try database.truncateLog()
        return count
    }

    private static func write(_ reasons: [Explanation]) -> String {
        var w = JSONWriter()
        w.array { w in
            for reason in reasons {
                w.object {
                    $0.member("code", reason.code)
                    $0.member("problem", reason.problem)
                    $0.member("remedy", reason.remedy)
                }
            }
        }
        return w.text.text
    }

    private static func event(_ row: Row) -> QuarantinedEvent {
        let reasons = JSONText(trusted: Array((row["reasons"] as String).utf8)).elements.map {
            Explanation(code: $0["code"]?.string ?? "", problem: $0["problem"]?.string ?? "", remedy: $0["remedy"]?.string ?? "")
        }
        return QuarantinedEvent(
            id: row["id"], source: row["source"], messageId: row["messageId"], codes: reasons.map(\.code), reasons: reasons,
            payload: Personal((row["payload"] as BlobBytes).bytes), around: (row["around"] as BlobBytes?).map { Personal($0.bytes) }, receivedAt: Timestamp(clamping: row["receivedAt"]), shape: row["shape"])
    }
}
