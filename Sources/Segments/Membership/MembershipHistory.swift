public import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import GRDB
public import Identity
public import Storage
import Synchronization
public import Vocabulary

/// Who came into segments and who left them, over restarts: the newest of each segment, under the profile's id alone.
///
/// Changes are written some tenths of a second after they happen, many at once; those of the last moment before a crash may be missing. In a bulk load they come
/// by the million, and most are overtaken before they are written: then a twentieth of a processor writes what is newest.
public final class MembershipHistory: Eraser {
    public static let migrations = [
        Migration(
            "segments_changes_1",
            sql: """
                CREATE TABLE segments_changes (number INTEGER PRIMARY KEY, segment TEXT NOT NULL, profile TEXT NOT NULL, hasEntered INTEGER NOT NULL, at INTEGER NOT NULL);
                CREATE INDEX segments_changes_by_segment ON segments_changes (segment, number);
                CREATE INDEX segments_changes_by_profile ON segments_changes (profile);
                """)
    ]
    /// So many of one segment are kept, and so many of all.
    public static let segmentMaximum = 2000
    public static let countMaximum = 2_000_000
    /// Of one segment, so many more before the oldest are taken away.
    private static let trimStep = 500
    /// In milliseconds.
    private static let pauses = Int64(200)...30_000
    /// The pause after a writing, as many times as long as it took.
    private static let pauseShare: Int64 = 19
    /// So many are written at once, and of each segment at least ``fewest``.
    private static let writtenMaximum = 100_000
    private static let fewest = 20
    /// Rows of one transaction, so that no other writer waits long.
    private static let transactionRows = 2000

    public let name = "membership changes"
    private let database: DatabaseFile
    private let graph: IdentityGraph
    private let lock: StateLock
    private let worker = BackgroundWorker(name: "martlet-history", standing: .last)
    private let alarm = Alarm()
    private let waiting = Mutex(Waiting())
    /// Held while changes go to the table, and while a person's are taken out of it.
    private let writing = Mutex(Written())

    private struct Waiting {
        var changes: [MembershipChange] = []
        /// When there are more than so many, those that are overtaken are dropped.
        var limit = MembershipHistory.writtenMaximum
        var isBusy = false
        /// Ids that named people who were forgotten; they name nobody else, ever.
        var erased: Set<ProfileID> = []
    }
    private struct Written {
        var count: Int
        /// By segment, since its oldest were taken away.
        var fresh: [String: Int] = [:]
        /// How long to wait before the next writing, in milliseconds.
        var pause = MembershipHistory.pauses.lowerBound

        init(count: Int = 0) { self.count = count }
    }

    public init(_ database: DatabaseFile, graph: IdentityGraph, lock: StateLock) throws {
        (self.database, self.graph, self.lock) = (database, graph, lock)
        let count = try database.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM segments_changes") ?? 0 }
        writing.withLock { $0 = Written(count: count) }
    }

    // MARK: - Writing

    /// Returns at once; the changes are written soon.
    func note(_ changes: [MembershipChange]) {
        guard !changes.isEmpty else { return }
        let isFirst = waiting.withLock { waiting in
            waiting.changes += changes.filter { !waiting.erased.contains($0.id) }
            // What a segment would lose again at once need not wait.
            if waiting.changes.count > waiting.limit {
                waiting.changes = MembershipHistory.newest(waiting.changes, ofEach: MembershipHistory.segmentMaximum)
                waiting.limit = max(MembershipHistory.writtenMaximum, waiting.changes.count * 2)
            }
            defer { waiting.isBusy = true }
            return !waiting.isBusy
        }
        if isFirst { worker.submit { [self] in gather() } }
    }

    private func gather() {
        alarm.wait(upTo: writing.withLock(\.pause))
        writing.withLock { written in
            var changes = waiting.withLock { waiting in
                defer { (waiting.changes, waiting.isBusy) = ([], false) }
                return MembershipHistory.newest(waiting.changes, ofEach: MembershipHistory.segmentMaximum)
            }
            if changes.count > MembershipHistory.writtenMaximum {
                let share = MembershipHistory.writtenMaximum / Set(changes.map(\.segment)).count
                changes = MembershipHistory.newest(changes, ofEach: max(MembershipHistory.fewest, share))
            }
            let began = ContinuousClock.now
            // What cannot be written is lost to history, not to the members; a full disk is told by whoever must write.
            var rest = changes[...]
            while !rest.isEmpty {
                let some = rest.prefix(MembershipHistory.transactionRows)
                try? write(some, &written)
                rest = rest.dropFirst(some.count)
            }
            let took = ContinuousClock.now - began
            let pause = Int64(took / .milliseconds(1)) * MembershipHistory.pauseShare
            written.pause = min(max(pause, MembershipHistory.pauses.lowerBound), MembershipHistory.pauses.upperBound)
        }
    }

    private static func newest(_ changes: [MembershipChange], ofEach most: Int) -> [MembershipChange] {
        var counts: [String: Int] = [:]
        // Those of one segment mostly stand together.
        var (segment, count) = ("", 0)
        return changes.reversed().filter { change in
            if change.segment != segment {
                counts[segment] = count
                (segment, count) = (change.segment, counts[change.segment] ?? 0)
            }
            count += 1
            return count <= most
        }.reversed()
    }

    private func write(_ changes: ArraySlice<MembershipChange>, _ written: inout Written) throws {
        var (count, fresh) = (written.count, written.fresh)
        try database.pool.write { db in
            let insert = try db.cachedStatement(sql: "INSERT OR REPLACE INTO segments_changes VALUES (?, ?, ?, ?, ?)")
            for change in changes {
                try insert.execute(arguments: [change.number, change.segment, change.profile, change.hasEntered, change.at.milliseconds])
                fresh[change.segment, default: 0] += 1
            }
            count += changes.count
            for (segment, new) in fresh where new >= MembershipHistory.trimStep {
                try db.execute(
                    sql: "DELETE FROM segments_changes WHERE segment = ? AND number <= (SELECT number FROM segments_changes WHERE segment = ? ORDER BY number DESC LIMIT 1 OFFSET ?)",
                    arguments: [segment, segment, MembershipHistory.segmentMaximum])
                count -= db.changesCount
                fresh[segment] = nil
            }
            if count > MembershipHistory.countMaximum {
                // A tenth at once, so that it is seldom.
                let gone = count - MembershipHistory.countMaximum / 10 * 9
                try db.execute(sql: "DELETE FROM segments_changes WHERE number IN (SELECT number FROM segments_changes ORDER BY number LIMIT ?)", arguments: [gone])
                count -= db.changesCount
            }
        }
        (written.count, written.fresh) = (count, fresh)
    }

    /// Writes what waits; called when nothing further is noted.
    func drain() {
        alarm.ring()
        worker.drain()
    }

    /// Drops what is kept of all segments but these.
    func keep(only segments: Set<String>) {
        worker.submit { [self] in
            writing.withLock { written in
                let count = try? database.pool.write { db in
                    for segment in try String.fetchAll(db, sql: "SELECT DISTINCT segment FROM segments_changes") where !segments.contains(segment) {
                        try db.execute(sql: "DELETE FROM segments_changes WHERE segment = ?", arguments: [segment])
                    }
                    return try Int.fetchOne(db, sql: "SELECT count(*) FROM segments_changes") ?? 0
                }
                if let count { written.count = count }
            }
        }
    }

    // MARK: - Reading

    /// Of one segment between two numbers, both excluded, or with nil of all; oldest first, or newest first.
    func changes(of segment: String?, after: Int = 0, before: Int = .max, newestFirst: Bool, limit: Int) -> [MembershipChange] {
        let order = newestFirst ? "DESC" : "ASC"
        let rows = try? database.pool.read { db in
            try Row.fetchAll(
                db, sql: "SELECT number, segment, profile, hasEntered, at FROM segments_changes WHERE (?1 IS NULL OR segment = ?1) AND number > ?2 AND number < ?3 ORDER BY number \(order) LIMIT ?4",
                arguments: [segment, after, before, limit])
        }
        return (rows ?? []).compactMap { row in
            let values = Array(row.databaseValues)
            guard values.count == 5, let number = Int.fromDatabaseValue(values[0]), let segment = String.fromDatabaseValue(values[1]), let profile = String.fromDatabaseValue(values[2]),
                let id = ProfileID(profile), let hasEntered = Bool.fromDatabaseValue(values[3]), let at = Int64.fromDatabaseValue(values[4])
            else { return nil }
            return MembershipChange(number: number, segment: segment, id: id, hasEntered: hasEntered, at: Timestamp(clamping: at))
        }
    }

    // MARK: - Forgetting

    /// Takes out every change of the person, under each id that any of their identifiers ever had.
    public func erase(_ subject: ErasureSubject) throws -> Int {
        let ids = lock.reading { Set(subject.identifiers.compactMap { graph.find($0).map(graph.ownID) }) }.union(subject.ids.compactMap { ProfileID($0) })
        let count = try writing.withLock { written in
            waiting.withLock { waiting in
                waiting.erased.formUnion(ids)
                waiting.changes.removeAll { ids.contains($0.id) }
            }
            let count = try database.pool.write { db in
                var count = 0
                for id in ids {
                    try db.execute(sql: "DELETE FROM segments_changes WHERE profile = ?", arguments: [id.text])
                    count += db.changesCount
                }
                return count
            }
            written.count -= count
            return count
        }
        if count > 0 { try database.truncateLog() }
        return count
    }
}
