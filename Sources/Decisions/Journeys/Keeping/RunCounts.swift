import GRDB
public import Vocabulary

/// What is counted of a journey, changed in the same transaction as the runs.
public struct RunCounts: Sendable {
    /// What a number is of.
    public struct Key: Hashable, Sendable {
        public let journey: Int64
        public let version: Int64
        /// Empty for the whole journey.
        public let step: String
        /// `entered`, `held`, `armed`, `at`, `arrived`, `passed`, `way:` and which, `decided`, `ended:` and the reason, `refused`, `converted`, `heldConverted`, `revenue`, `heldRevenue`, `sent`, `failed`, `opened`, `clicked`.
        public let what: String
    }
    public struct Value: Sendable, Hashable {
        /// How many; of revenue in ten-thousandths.
        public var count: Int64 = 0
        /// The sum of the squares of revenue, for its spread.
        public var square: Double = 0
    }
    public private(set) var values: [Key: Value] = [:]

    public init() {}

    /// Counts what one deciding changed.
    ///
    /// - Parameter before: nil for a run that began.
    mutating func add(_ run: JourneyRun, before: JourneyRun?, journey: Int64) {
        func key(_ step: String, _ what: String, _ version: Int64? = nil) -> Key { Key(journey: journey, version: version ?? run.version, step: step, what: what) }
        if let before, before.isUnderWay { values[key(before.step, before.isArmed ? "armed" : "at", before.version), default: Value()].count -= 1 }
        if run.isUnderWay { values[key(run.step, run.isArmed ? "armed" : "at"), default: Value()].count += 1 }
        for note in run.fresh {
            switch note.what {
            case .entered: values[key("", "entered"), default: Value()].count += 1
            case .heldOut: values[key("", "held"), default: Value()].count += 1
            case .arrived: values[key(note.step, "arrived"), default: Value()].count += 1
            case .decided: values[key(note.step, "decided"), default: Value()].count += 1
            case .opened, .clicked, .sent, .failed: values[key(note.step, note.what.rawValue), default: Value()].count += 1
            case .refused: values[key("", "refused"), default: Value()].count += 1
            case .moved: values[key("", "moved"), default: Value()].count += 1
            case .ended: values[key("", "ended:" + note.detail), default: Value()].count += 1
            case .passed:
                values[key(note.step, "passed"), default: Value()].count += 1
                if !note.detail.isEmpty { values[key(note.step, "way:" + note.detail), default: Value()].count += 1 }
            case .converted:
                values[key("", run.isHeldOut ? "heldConverted" : "converted"), default: Value()].count += 1
                if let revenue = run.conversion?.revenue { add(revenue.double, to: key("", run.isHeldOut ? "heldRevenue" : "revenue")) }
            }
        }
    }

    /// Somebody who is forgotten stands nowhere any more; that they were once counted names nobody.
    mutating func forget(_ run: JourneyRun, journey: Int64) {
        guard run.isUnderWay else { return }
        values[Key(journey: journey, version: run.version, step: run.step, what: run.isArmed ? "armed" : "at"), default: Value()].count -= 1
    }

    private mutating func add(_ revenue: Double, to key: Key) {
        // Sums stay exact to the ten-thousandth; what is beyond all money is no revenue.
        guard abs(revenue) < 1e12 else { return }
        values[key, default: Value()].count += Int64((revenue * 10_000).rounded())
        values[key, default: Value()].square += revenue * revenue
    }

    mutating func add(_ other: RunCounts) {
        for (key, value) in other.values {
            values[key, default: Value()].count += value.count
            values[key, default: Value()].square += value.square
        }
    }

    func write(_ db: Database) throws {
        let statement = try db.cachedStatement(sql: """
            INSERT INTO decisions_count VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (journey, version, step, what) DO UPDATE SET count = count + excluded.count, square = square + excluded.square
            """)
        for (key, value) in values where value.count != 0 || value.square != 0 {
            try statement.execute(arguments: [key.journey, key.version, key.step, key.what, value.count, value.square])
        }
    }

    /// The versions of a journey that somebody has entered, or may yet.
    static func versions(of journey: Int64, _ db: Database) throws -> Set<Int64> {
        Set(try Int64.fetchAll(db, sql: "SELECT DISTINCT version FROM decisions_count WHERE journey = ? AND (what = 'entered' OR (what = 'armed' AND count > 0) OR (what = 'at' AND count > 0))", arguments: [journey]))
    }

    /// All of one journey.
    static func read(of journey: Int64, _ db: Database) throws -> [Key: Value] {
        var found: [Key: Value] = [:]
        for row in try GRDB.Row.fetchAll(db, sql: "SELECT version, step, what, count, square FROM decisions_count WHERE journey = ?", arguments: [journey]) {
            let values = Array(row.databaseValues)
            guard values.count == 5, let version = Int64.fromDatabaseValue(values[0]), let step = String.fromDatabaseValue(values[1]), let what = String.fromDatabaseValue(values[2]),
                let count = Int64.fromDatabaseValue(values[3]), let square = Double.fromDatabaseValue(values[4])
            else { continue }
            found[Key(journey: journey, version: version, step: step, what: what)] = Value(count: count, square: square)
        }
        return found
    }
}
