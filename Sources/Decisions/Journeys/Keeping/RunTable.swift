import GRDB
import Identity
public import Storage
public import Vocabulary

/// Where runs, timers and counts stand.
///
/// A run that waits takes some hundred bytes. Timers are an index by journey and instant of the runs that wait, so that a start reads none of them.
public enum RunTable {
    public static let migrations = [
        Migration(
            "decisions_journey_1",
            sql: """
                CREATE TABLE decisions_journey (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, state TEXT NOT NULL, version INTEGER NOT NULL, since INTEGER NOT NULL);
                CREATE TABLE decisions_run (
                  number INTEGER PRIMARY KEY, journey INTEGER NOT NULL, version INTEGER NOT NULL, owner INTEGER NOT NULL, instance TEXT NOT NULL, start TEXT NOT NULL, data TEXT, entered INTEGER NOT NULL,
                  since INTEGER NOT NULL, step TEXT NOT NULL, arrived INTEGER NOT NULL, wake INTEGER, clock INTEGER NOT NULL, reason TEXT, ended INTEGER, converted INTEGER, revenue TEXT, notes TEXT NOT NULL);
                CREATE INDEX decisions_run_owner ON decisions_run (owner);
                CREATE INDEX decisions_run_wake ON decisions_run (wake) WHERE wake IS NOT NULL;
                CREATE TABLE decisions_count (
                  journey INTEGER NOT NULL, version INTEGER NOT NULL, step TEXT NOT NULL, what TEXT NOT NULL, count INTEGER NOT NULL, square REAL NOT NULL, PRIMARY KEY (journey, version, step, what)) WITHOUT ROWID;
                CREATE TABLE decisions_cursor (name TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
                """),
        // By journey first: those of one that is paused stand in nobody's way.
        Migration("decisions_journey_2", sql: "DROP INDEX decisions_run_wake; CREATE INDEX decisions_run_due ON decisions_run (journey, wake) WHERE wake IS NOT NULL;"),
    ] + EntryTable.migrations + PersonCount.migrations + CanaryReport.migrations + [
        // Of one person's runs those of one journey.
        Migration("decisions_journey_3", sql: "DROP INDEX decisions_run_owner; CREATE INDEX decisions_run_of ON decisions_run (owner, journey, start, instance);"),
        // Who drew the lots, where that is not the id by which the run is somebody's.
        Migration("decisions_journey_4", sql: "ALTER TABLE decisions_run ADD COLUMN lot INTEGER;"),
    ]

    private static let columns = "number, journey, version, owner, instance, start, data, entered, since, step, arrived, wake, clock, reason, ended, converted, revenue, notes, goal_from, counted, lot"

    /// All runs of a person, by any of their ids; where one is named, of one journey.
    static func runs(of owners: [ProfileID], journey: Int64? = nil, _ db: Database) throws -> [(journey: Int64, run: JourneyRun)] {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM decisions_run WHERE owner = ?\(journey == nil ? "" : " AND journey = ?") ORDER BY number")
        var found: [(journey: Int64, run: JourneyRun)] = []
        for owner in owners {
            let rows = try GRDB.Row.fetchCursor(statement, arguments: StatementArguments([owner.number] + (journey.map { [$0] } ?? [])))
            while let row = try rows.next() { if let one = run(row) { found.append(one) } }
        }
        return found
    }

    /// The journeys in which a person has runs, by any of their ids.
    static func journeys(of owners: [ProfileID], _ db: Database) throws -> Set<Int64> {
        let statement = try db.cachedStatement(sql: "SELECT DISTINCT journey FROM decisions_run WHERE owner = ?")
        return try owners.reduce(into: []) { $0.formUnion(try Int64.fetchAll(statement, arguments: [$1.number])) }
    }

    /// A timer that is due.
    struct Due {
        let owner: ProfileID
        let journey: Int64
    }

    /// Timers of these journeys that are due, the earliest first.
    static func due(at time: Timestamp, journeys: [Int64], limit: Int, _ db: Database) throws -> [Due] {
        let statement = try db.cachedStatement(sql: "SELECT owner, wake FROM decisions_run INDEXED BY decisions_run_due WHERE journey = ? AND wake <= ? ORDER BY wake LIMIT ?")
        var found: [(due: Due, wake: Int64)] = []
        for journey in journeys {
            found += try GRDB.Row.fetchAll(statement, arguments: [journey, time.milliseconds, limit]).compactMap { row in
                let values = Array(row.databaseValues).compactMap { Int64.fromDatabaseValue($0) }
                return values.count == 2 ? (Due(owner: ProfileID(number: values[0]), journey: journey), values[1]) : nil
            }
        }
        return found.sorted { $0.wake < $1.wake }.prefix(limit).map(\.due)
    }

    /// The first instant for which a run of a journey waits.
    static func nextWake(journey: Int64, _ db: Database) throws -> Int64? {
        let statement = try db.cachedStatement(sql: "SELECT wake FROM decisions_run INDEXED BY decisions_run_due WHERE journey = ? AND wake IS NOT NULL ORDER BY wake LIMIT 1")
        return try Int64.fetchOne(statement, arguments: [journey])
    }

    /// Has the timers of people who walk ring now, to be set anew; those who wait for inaction have none of their own clock.
    ///
    /// - Returns: the journeys in which there are any.
    static func wake(_ owners: [ProfileID], at now: Timestamp, _ db: Database) throws -> Set<Int64> {
        let which = "WHERE owner = ? AND wake > ? AND step != ''"
        let found = try db.cachedStatement(sql: "SELECT DISTINCT journey FROM decisions_run INDEXED BY decisions_run_of \(which)")
        let changed = try db.cachedStatement(sql: "UPDATE decisions_run INDEXED BY decisions_run_of SET wake = ? \(which)")
        return try owners.reduce(into: []) { journeys, owner in
            let own = try Int64.fetchAll(found, arguments: [owner.number, now.milliseconds])
            if !own.isEmpty { try changed.execute(arguments: [now.milliseconds, owner.number, now.milliseconds]) }
            journeys.formUnion(own)
        }
    }

    /// Runs under way of one journey behind a row, in the order of their rows.
    static func underWay(journey: Int64, after number: Int64, limit: Int, _ db: Database) throws -> [JourneyRun] {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM decisions_run WHERE number > ? AND journey = ? AND ended IS NULL ORDER BY number LIMIT ?")
        return try GRDB.Row.fetchAll(statement, arguments: [number, journey, limit]).compactMap { run($0)?.run }
    }

    /// Who came into a journey or left it within these instants, whenever they are asked for.
    static func passages(journey: Int64, from: Timestamp, to: Timestamp, _ db: Database) throws -> [JourneyPassage] {
        let (from, to) = (from.milliseconds, to.milliseconds)
        let rows = try GRDB.Row.fetchCursor(
            db.cachedStatement(sql: "SELECT \(columns) FROM decisions_run WHERE journey = ? AND (entered >= ? AND entered < ? OR ended >= ? AND ended < ?) ORDER BY number"), arguments: [journey, from, to, from, to])
        var found: [JourneyPassage] = []
        while let row = try rows.next() {
            if let (_, run) = run(row) { found += JourneyPassage.between([], [run]).filter { $0.at.milliseconds >= from && $0.at.milliseconds < to } }
        }
        return found
    }

    /// Takes out every run of these ids; what they count as standing somewhere is taken back.
    ///
    /// - Returns: how many.
    static func erase(_ owners: Set<ProfileID>, _ counts: inout RunCounts, _ db: Database) throws -> Int {
        let found = try runs(of: Array(owners), db)
        for (journey, run) in found {
            counts.forget(run, journey: journey)
            try db.execute(sql: "DELETE FROM decisions_run WHERE number = ?", arguments: [run.number])
        }
        return found.count
    }

    static func write(_ run: JourneyRun, journey: Int64, _ db: Database) throws {
        let values: [(any DatabaseValueConvertible)?] = [
            run.version, run.data?.text, run.enteredAt.milliseconds, run.since.milliseconds, run.step, run.arrivedAt.milliseconds, run.wake?.milliseconds, run.clock.milliseconds, run.end?.reason,
            run.end?.at.milliseconds, run.conversion?.at.milliseconds, run.conversion?.revenue?.description, run.noted.text ?? notes(run.notes),
            run.goalFrom.milliseconds, run.counted?.text ?? run.countedWith?.text,
        ]
        guard let number = run.number else {
            let statement = try db.cachedStatement(sql: "INSERT INTO decisions_run (journey, owner, lot, instance, start, \(changing)) VALUES (?, ?, ?, ?, ?\(String(repeating: ", ?", count: values.count)))")
            return try statement.execute(arguments: [journey, run.owner.number, run.lot == run.owner ? nil : run.lot.number, run.instance, run.start] + StatementArguments(values))
        }
        // What it is known by never changes: no index but that of the timers is touched.
        let statement = try db.cachedStatement(sql: "UPDATE decisions_run SET (\(changing)) = (?\(String(repeating: ", ?", count: values.count - 1))) WHERE number = ?")
        try statement.execute(arguments: StatementArguments(values) + [number])
    }
    private static let changing = "version, data, entered, since, step, arrived, wake, clock, reason, ended, converted, revenue, notes, goal_from, counted"

    static func run(_ row: GRDB.Row) -> (journey: Int64, run: JourneyRun)? {
        guard row.count == 21 else { return nil }
        func integer(_ index: Int) -> Int64? { Int64.fromDatabaseValue(row[index]) }
        func text(_ index: Int) -> String? { String.fromDatabaseValue(row[index]) }
        func time(_ index: Int) -> Timestamp? { integer(index).map(Timestamp.init(clamping:)) }
        guard let number = integer(0), let journey = integer(1), let version = integer(2), let owner = integer(3), let instance = text(4), let start = text(5), let entered = time(7), let since = time(8),
            let step = text(9), let arrived = time(10), let clock = time(12), let notes = text(17)
        else { return nil }
        var run = JourneyRun(
            version: version, owner: ProfileID(number: owner), lot: ProfileID(number: integer(20) ?? owner), instance: instance, start: start, data: text(6).flatMap { JSONText(validating: Array($0.utf8)) }, enteredAt: entered, since: since)
        (run.number, run.step, run.arrivedAt, run.wake, run.clock) = (number, step, arrived, time(11), clock)
        run.end = time(14).map { JourneyRun.End(reason: text(13) ?? "", at: $0) }
        run.conversion = time(15).map { JourneyRun.Conversion(at: $0, revenue: text(16).flatMap { ExactNumber(json: $0.utf8) }) }
        run.noted = JourneyRun.Noted(text: notes)
        run.goalFrom = time(18) ?? entered
        (run.counted, run.countedWith) = (text(19).flatMap { PersonCount(text: $0) }, text(19).flatMap { ProfileID($0) })
        return (journey, run)
    }

    // MARK: - Notes

    /// One line each: the instant, what, the step and the detail, with tabs between them; none of them has a tab or a line's end.
    private static func notes(_ notes: [JourneyRun.Note]) -> String {
        func plain(_ text: String) -> String { String(text.prefix(200).map { $0 == "\t" || $0.isNewline ? " " : $0 }) }
        return notes.map { "\($0.at.milliseconds)\t\($0.what.rawValue)\t\(plain($0.step))\t\(plain($0.detail))" }.joined(separator: "\n")
    }

    static func notes(_ text: String) -> [JourneyRun.Note] {
        // Cut by bytes: a run is read for whatever happens to its owner.
        text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let parts = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map(Substring.init)
            guard parts.count == 4, let at = Int64(parts[0]), let what = JourneyRun.Note.What(rawValue: String(parts[1])) else { return nil }
            return JourneyRun.Note(what, at: Timestamp(clamping: at), step: String(parts[2]), detail: String(parts[3]))
        }
    }

    // MARK: - Cursors

    static func cursor(_ name: String, _ db: Database) throws -> Int64? { try Int64.fetchOne(db, sql: "SELECT position FROM decisions_cursor WHERE name = ?", arguments: [name]) }

    /// A number that no journey has had: what is left behind by one that is gone belongs to no other.
    static func newNumber(_ db: Database) throws -> Int64 {
        let last = max(try cursor("journeys", db) ?? 0, try Int64.fetchOne(db, sql: "SELECT max(number) FROM decisions_journey") ?? 0)
        try setCursor("journeys", last + 1, db)
        // Before numbers were noted, those of the last were given out again, and what stood under them stayed.
        try removeCursors(of: last + 1, db)
        return last + 1
    }

    static func removeCursors(of journey: Int64, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM decisions_cursor WHERE name GLOB ? OR name GLOB ?", arguments: ["*:\(journey)", "*:\(journey):*"])
    }

    static func setCursor(_ name: String, _ position: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO decisions_cursor VALUES (?, ?)").execute(arguments: [name, position])
    }
}
