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
        /// `entered`, `held`, `armed`, `at`, `arrived`, `passed`, `way:` and which, `decided`, `ended:` and the reason, `refused`, `converted`, `heldConverted`, `sent`, `failed`, `withheld`, `opened`, `clicked`;
        /// of people `people`, `peopleConverted`, `peopleRevenue`, and the same of those who are held out: `heldPeople`, …
        public let what: String
    }
    public struct Value: Sendable, Hashable {
        /// How many; of revenue in ten-thousandths. At the ends of what it holds it stays there.
        public private(set) var count: Int64 = 0
        /// The sum of the squares of revenue, for its spread.
        public private(set) var square: Double = 0

        mutating func add(_ count: Int64, square: Double = 0) {
            self.count = self.count.addingClamped(count)
            self.square += square
        }

        mutating func add(_ other: Value) { add(other.count, square: other.square) }
    }
    public private(set) var values: [Key: Value] = [:]

    public init() {}

    /// Counts what one deciding changed.
    ///
    /// - Parameter before: nil for a run that began.
    mutating func add(_ run: JourneyRun, before: JourneyRun?, journey: Int64) {
        func key(_ step: String, _ what: String, _ version: Int64? = nil) -> Key { Key(journey: journey, version: version ?? run.version, step: step, what: what) }
        if let before, before.isUnderWay { add(-1, to: key(before.step, before.isArmed ? "armed" : "at", before.version)) }
        if run.isUnderWay { add(1, to: key(run.step, run.isArmed ? "armed" : "at")) }
        for note in run.fresh {
            switch note.what {
            case .entered: add(1, to: key("", "entered"))
            case .heldOut: add(1, to: key("", "held"))
            case .arrived: add(1, to: key(note.step, "arrived"))
            case .decided: add(1, to: key(note.step, "decided"))
            case .opened, .clicked, .sent, .withheld: add(1, to: key(note.step, note.what.rawValue))
            case .heard, .failed: break
            case .refused: add(1, to: key("", "refused"))
            case .moved: add(1, to: key("", "moved"))
            case .ended: add(1, to: key("", "ended:" + note.detail))
            case .passed:
                add(1, to: key(note.step, "passed"))
                if !note.detail.isEmpty { add(1, to: key(note.step, "way:" + note.detail)) }
            case .converted:
                add(1, to: key("", run.isHeldOut ? "heldConverted" : "converted"))
            }
        }
        for step in Set(run.fresh.filter { $0.what == .failed || $0.what == .sent }.map(\.step)) {
            let (was, now) = (before.map { RunCounts.hasFailed(step, $0.notes) } ?? false, RunCounts.hasFailed(step, run.notes))
            if was != now { add(now ? 1 : -1, to: key(step, "failed")) }
        }
    }

    /// Whether the message of a step has failed: it came back, or was given up and not sent again since.
    private static func hasFailed(_ step: String, _ notes: some BidirectionalCollection<JourneyRun.Note>) -> Bool {
        let own = notes.filter { $0.step == step && ($0.what == .failed || $0.what == .sent) }
        guard let givenUp = own.firstIndex(where: { $0.what == .failed }) else { return false }
        return own.contains { $0.what == .failed && !$0.detail.isEmpty } || !own[givenUp...].contains { $0.what == .sent }
    }

    /// Somebody who is forgotten stands nowhere any more; that they were once counted names nobody.
    mutating func forget(_ run: JourneyRun, journey: Int64) {
        guard run.isUnderWay else { return }
        add(-1, to: Key(journey: journey, version: run.version, step: run.step, what: run.isArmed ? "armed" : "at"))
    }

    mutating func add(_ count: Int64, square: Double = 0, to key: Key) { values[key, default: Value()].add(count, square: square) }

    mutating func add(_ other: RunCounts) {
        for (key, value) in other.values {
            values[key, default: Value()].add(value)
        }
    }

    func write(_ db: Database) throws {
        // A sum beyond 64 bits would become a floating-point number, which is no count any more.
        let statement = try db.cachedStatement(sql: """
            INSERT INTO decisions_count VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (journey, version, step, what)
            DO UPDATE SET count = max(-9223372036854775807, min(9223372036854775807, count + excluded.count)), square = square + excluded.square
            """)
        for (key, value) in values where value.count != 0 || value.square != 0 {
            try statement.execute(arguments: [key.journey, key.version, key.step, key.what, value.count, value.square])
        }
    }

    /// The versions of a journey that somebody has entered, or may yet.
    static func versions(of journey: Int64, _ db: Database) throws -> Set<Int64> {
        Set(try Int64.fetchAll(db, sql: "SELECT DISTINCT version FROM decisions_count WHERE journey = ? AND (what IN ('entered', 'held') OR (what = 'armed' AND count > 0) OR (what = 'at' AND count > 0))", arguments: [journey]))
    }

    /// All of one journey.
    static func read(of journey: Int64, _ db: Database) throws -> [Key: Value] {
        var found: [Key: Value] = [:]
        for row in try GRDB.Row.fetchAll(db, sql: "SELECT version, step, what, count, square FROM decisions_count WHERE journey = ?", arguments: [journey]) {
            let values = Array(row.databaseValues)
            guard values.count == 5, let version = Int64.fromDatabaseValue(values[0]), let step = String.fromDatabaseValue(values[1]), let what = String.fromDatabaseValue(values[2]),
                let count = Int64.fromDatabaseValue(values[3]), let square = Double.fromDatabaseValue(values[4])
            else { continue }
            found[Key(journey: journey, version: version, step: step, what: what), default: Value()].add(count, square: square)
        }
        return found
    }
}
