import GRDB
public import Storage
import Synchronization
public import Vocabulary

/// An import as it is listed, running or over.
public struct ImportRecord: Sendable {
    public let id: String
    /// For people, such as the file's; empty where it named somebody who was forgotten.
    public let name: String
    public let source: String
    public let format: String
    public let startedAt: Timestamp
    /// Without refused lines in a list.
    public let progress: ImportJob.Progress
}

/// The imports of a workspace, kept over restarts: a row when one begins, its counts while it runs and when it ends.
///
/// Refused lines are kept by number and reason; what they held is in quarantine alone, whose eraser forgets it.
public final class ImportHistory: Eraser {
    public static let migrations = [
        Migration(
            "ingest_imports_1",
            sql: """
                CREATE TABLE ingest_imports (
                  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, source TEXT NOT NULL, format TEXT NOT NULL,
                  startedAt INTEGER NOT NULL, finishedAt INTEGER, state TEXT NOT NULL, accepted INTEGER NOT NULL DEFAULT 0,
                  duplicates INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0, problem TEXT, lines TEXT NOT NULL DEFAULT '[]');
                """),
        Migration("ingest_imports_2", sql: "ALTER TABLE ingest_imports ADD COLUMN suppressed INTEGER NOT NULL DEFAULT 0;"),
    ]
    public static let rowsMaximum = 200
    private static let noteIntervalMs: Int64 = 2000
    private static let nameMinimum = 3

    public let name = "imports"
    private let database: DatabaseFile
    /// What runs, and when its counts were last written, in milliseconds.
    private let running = Mutex<[String: (job: ImportJob, notedAt: Int64)]>([:])

    /// Imports that were running when the process ended are listed as interrupted from now on.
    public init(_ database: DatabaseFile) throws {
        self.database = database
        try database.pool.write { db in
            try db.execute(
                sql: "UPDATE ingest_imports SET state = ?, problem = ? WHERE state = ?",
                arguments: [ImportJob.State.interrupted.rawValue, ImportHistory.write(ImportJob.interruption), ImportJob.State.running.rawValue])
        }
    }

    /// Lists an import that is about to run; the oldest make room.
    public func begin(_ job: ImportJob) throws {
        try database.pool.write { db in
            try db.execute(
                sql: "INSERT INTO ingest_imports (id, name, source, format, startedAt, state) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [job.id, job.name, job.source.name, job.format.rawValue, job.startedAt.milliseconds, ImportJob.State.running.rawValue])
            try db.execute(sql: "DELETE FROM ingest_imports WHERE number <= (SELECT max(number) FROM ingest_imports) - ?", arguments: [ImportHistory.rowsMaximum])
        }
        running.withLock { $0[job.id] = (job, job.startedAt.milliseconds) }
    }

    /// Keeps how far a running import is, every two seconds at most. A disk that is full costs only the counts of an interrupted import.
    public func note(_ job: ImportJob, at: Timestamp) {
        let isDue = running.withLock { running in
            guard let entry = running[job.id], at.milliseconds - entry.notedAt >= ImportHistory.noteIntervalMs else { return false }
            running[job.id] = (job, at.milliseconds)
            return true
        }
        if isDue { try? save(job) }
    }

    /// Keeps how an import ended.
    public func settle(_ job: ImportJob) throws {
        defer { running.withLock { $0[job.id] = nil } }
        try save(job)
    }

    private func save(_ job: ImportJob) throws {
        let progress = job.current
        try database.pool.write { db in
            try db.execute(
                sql: """
                    UPDATE ingest_imports SET finishedAt = ?, state = ?, accepted = ?, duplicates = ?, suppressed = ?, rejected = ?, bytes = ?, problem = ?, lines = ? WHERE id = ?
                    """,
                arguments: [
                    progress.finishedAt?.milliseconds, progress.state.rawValue, progress.accepted, progress.duplicates, progress.suppressed, progress.rejected, progress.bytes,
                    progress.problem.map(ImportHistory.write), ImportHistory.write(progress.rejectedLines), job.id,
                ])
        }
    }

    /// Has a running import give up; false when none of this id is running.
    public func cancel(_ id: String) -> Bool {
        guard let job = running.withLock({ $0[id]?.job }) else { return false }
        job.cancel()
        return true
    }

    /// Has the running imports of sources that take nothing more give up.
    public func end(importsInto isEnded: (SourceNumber) -> Bool) {
        for (job, _) in running.withLock({ Array($0.values) }) where isEnded(job.source.number) { job.cancel(ImportReason.sourceDisabled) }
    }

    // MARK: - Reading

    /// Newest first, without their refused lines.
    public func list() throws -> [ImportRecord] {
        try database.pool.read { db in
            try Row.fetchAll(
                db, sql: "SELECT id, name, source, format, startedAt, finishedAt, state, accepted, duplicates, suppressed, rejected, bytes, problem FROM ingest_imports ORDER BY number DESC")
        }.map(record)
    }

    /// One with its refused lines, the first ``ImportJob/rejectedLinesMaximum`` of them.
    public func find(_ id: String) throws -> ImportRecord? {
        try database.pool.read { db in try Row.fetchOne(db, sql: "SELECT * FROM ingest_imports WHERE id = ?", arguments: [id]) }.map(record)
    }

    private func record(_ row: Row) -> ImportRecord {
        let id: String = row["id"]
        var progress = running.withLock { $0[id] }?.job.current
        if progress == nil {
            var kept = ImportJob.Progress()
            kept.state = ImportJob.State(rawValue: row["state"]) ?? .failed
            (kept.accepted, kept.duplicates, kept.suppressed, kept.rejected, kept.bytes) = (row["accepted"], row["duplicates"], row["suppressed"], row["rejected"], row["bytes"])
            kept.finishedAt = (row["finishedAt"] as Int64?).map { Timestamp(clamping: $0) }
            if kept.state == .interrupted, kept.finishedAt == nil {
                kept.counted = kept.bytes + kept.accepted + kept.duplicates + kept.suppressed + kept.rejected > 0 ? .partly : .never
            }
            kept.problem = (row["problem"] as String?).map { ImportHistory.explanation(JSONText(trusted: Array($0.utf8))) }
            let lines = row.hasColumn("lines") ? JSONText(trusted: Array((row["lines"] as String).utf8)).elements : []
            kept.rejectedLines = lines.map { ImportJob.Rejected(line: Int($0["line"]?.integer ?? 0), reason: ImportHistory.explanation($0)) }
            progress = kept
        }
        return ImportRecord(
            id: id, name: row["name"], source: row["source"], format: row["format"], startedAt: Timestamp(clamping: row["startedAt"]), progress: progress ?? ImportJob.Progress())
    }

    // MARK: - Forgetting

    /// Empties names that hold one of the subject's identifiers, such as `ada@example.com.csv`.
    public func erase(_ subject: ErasureSubject) throws -> Int {
        let identifiers = subject.identifiers.map { $0.text.lowercased() }
        let count = try database.pool.write { db in
            var count = 0
            for row in try Row.fetchAll(db, sql: "SELECT number, name FROM ingest_imports WHERE name <> ''") {
                let name = (row["name"] as String).lowercased()
                // A short identifier such as `7` is part of nearly every name.
                guard identifiers.contains(where: { name == $0 || $0.utf8.count >= ImportHistory.nameMinimum && name.contains($0) }) else { continue }
                try db.execute(sql: "UPDATE ingest_imports SET name = '' WHERE number = ?", arguments: [row["number"] as Int64])
                count += 1
            }
            return count
        }
        if count > 0 { try database.truncateLog() }
        return count
    }

    // MARK: - JSON

    private static func write(_ reason: Explanation) -> String {
        var w = JSONWriter()
        w.object { write(reason, to: &$0) }
        return w.text.text
    }

    private static func write(_ lines: [ImportJob.Rejected]) -> String {
        var w = JSONWriter()
        w.array { w in
            for line in lines {
                w.object {
                    $0.member("line", line.line)
                    write(line.reason, to: &$0)
                }
            }
        }
        return w.text.text
    }

    private static func write(_ reason: Explanation, to w: inout JSONWriter) {
        w.member("code", reason.code)
        w.member("problem", reason.problem)
        w.member("remedy", reason.remedy)
    }

    private static func explanation(_ json: JSONText) -> Explanation {
        Explanation(code: json["code"]?.string ?? "", problem: json["problem"]?.string ?? "", remedy: json["remedy"]?.string ?? "")
    }
}
