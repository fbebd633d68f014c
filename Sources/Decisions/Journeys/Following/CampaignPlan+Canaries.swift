import GRDB
import Storage
public import Vocabulary

/// Whether everyone else follows the canaries.
extension CampaignPlan {
    typealias Verdict = CanaryReport.Verdict

    /// Without a message of theirs that arrived or failed, everyone else waits so long; then the campaign pauses.
    private static let holdMaximum: Int64 = 86_400_000
    private var held: String { "canary-held:\(kept.number):\(kept.liveVersion)" }

    /// What the canaries' messages say, once the first of everyone else is due; by people's own clocks each time that some are, while there are canaries left. Before that only failures that no other canary can
    /// make up for say something. What follows from it is written down.
    ///
    /// - Returns: nil where nobody else is due, and where nothing is to be asked any more.
    func judge(at now: Timestamp) throws -> Verdict? {
        guard let canary = campaign.canary else { return nil }
        let pool = follower.store.database.pool
        let found = try pool.read { db -> (report: CanaryReport, before: CanaryReport?, first: Int64, isLast: Bool, wasHeld: Bool)? in
            guard let first = try EntryTable.next(journey: kept.number, isCanary: false, db), try RunTable.cursor(judged, db) == nil else { return nil }
            let isLast = try EntryTable.next(journey: kept.number, isCanary: true, db) == nil
            let report = try report(canary, at: now, isLast: isLast, othersDue: first, db)
            guard first <= now.milliseconds || report.verdict == .stops else { return nil }
            return (report, try CanaryReport.find(journey: kept.number, version: kept.liveVersion, db), first, isLast, try RunTable.cursor(held, db) ?? 0 > 0)
        }
        guard let found else { return nil }
        let verdict = found.report.verdict
        // What says the same as before need not be written again.
        if found.report.says(found.before), verdict == .holds ? found.wasHeld : verdict == .goes && !found.isLast && !found.wasHeld { return verdict }
        try pool.write { db in
            try found.report.write(journey: kept.number, version: kept.liveVersion, db)
            // Those who were held come in at the same distances, later.
            if found.wasHeld, verdict != .holds { try EntryTable.shiftOthers(journey: kept.number, by: now.milliseconds - found.first, upTo: campaign.isLocal ? now.milliseconds : .max, db) }
            try RunTable.setCursor(held, verdict == .holds ? 1 : 0, db)
            guard verdict == .stops || (verdict == .goes && found.isLast) else { return }
            // Starting it again lets everyone else go.
            try RunTable.setCursor(judged, now.milliseconds, db)
            if verdict == .stops { try follower.store.pause(kept, at: now, db) }
        }
        return verdict
    }

    private func report(_ canary: CampaignTrigger.Canary, at: Timestamp, isLast: Bool, othersDue first: Int64, _ db: Database) throws -> CanaryReport {
        let counts = try RunCounts.read(of: kept.number, db)
        let steps = Set(journey.steps.filter { $0.step is MessageStep }.map(\.id))
        func sum(_ what: String, at steps: Set<String>) -> Int64 { counts.reduce(0) { $1.key.what == what && $1.key.version == kept.liveVersion && steps.contains($1.key.step) ? $0 + $1.value.count : $0 } }
        var report = CanaryReport(
            .goes, at: at, decided: sum("decided", at: steps), sent: sum("sent", at: steps), failed: sum("failed", at: steps), refused: sum("withheld", at: steps), stopAbove: canary.stopAbove)
        // Who gets no message says nothing about messages. None is left and none has come: they were erased, are held out as in an earlier version, or the campaign was planned when canaries were not marked.
        let entered = sum("entered", at: [""]) - sum("held", at: [""])
        guard !steps.isEmpty, !(isLast && entered == 0) else { return report }
        if first <= at.milliseconds {
            report.judge(isOver: at.milliseconds - first > CampaignPlan.holdMaximum)
        } else {
            // Every round comes by here: the canaries are counted where some failed.
            let left = report.failed == 0 ? 0 : try EntryTable.canaries(journey: kept.number, db)
            report.judgeEarly(others: left + max(0, entered - report.decided))
        }
        return report
    }
}

/// What the canaries' messages said of a campaign when it was last asked, and what followed from it.
public struct CanaryReport: Sendable, Hashable {
    public enum Verdict: String, Sendable, CaseIterable {
        /// Everyone else gets it.
        case goes
        /// Too little is known yet.
        case holds
        /// Nobody else gets it unless it is started again.
        case stops
    }
    public private(set) var verdict: Verdict
    public let at: Timestamp
    /// Messages that were decided for whoever has come in, and what became of them; of the others nothing is known yet.
    public let decided: Int64
    public let sent: Int64
    public let failed: Int64
    /// By our own rules, such as consent: neither sent nor failed.
    public let refused: Int64
    /// Of 10,000 that were sent or failed.
    public let stopAbove: Int

    init(_ verdict: Verdict, at: Timestamp, decided: Int64, sent: Int64, failed: Int64, refused: Int64, stopAbove: Int) {
        (self.verdict, self.at, self.decided, self.sent, self.failed, self.refused, self.stopAbove) = (verdict, at, decided, sent, failed, refused, stopAbove)
    }

    /// Of half of the messages it must be known what became of them, and one at least must have arrived or failed; before that only failures that nothing can make up for any more decide.
    ///
    /// - Parameter isOver: whether it was waited for long enough.
    mutating func judge(isOver: Bool) {
        let isBad = failed * 10_000 > Int64(stopAbove) * (sent + failed)
        let isHopeless = failed * 10_000 > Int64(stopAbove) * max(sent + failed, decided - refused)
        let isKnown = sent + failed > 0 && (sent + failed + refused) * 2 >= decided
        verdict = isHopeless || (isKnown && isBad) ? .stops : isKnown ? .goes : isOver ? .stops : .holds
    }

    /// Before everyone else is due: failures that nothing can make up for decide, nothing else.
    ///
    /// - Parameter others: canaries of whom no message was decided yet.
    mutating func judgeEarly(others: Int64) {
        verdict = failed * 10_000 > Int64(stopAbove) * max(sent + failed, decided - refused + others) ? .stops : .holds
    }

    /// Whether it says what another says, whenever.
    func says(_ other: CanaryReport?) -> Bool {
        guard let other else { return false }
        return (verdict, decided, sent, failed, refused) == (other.verdict, other.decided, other.sent, other.failed, other.refused)
    }

    // MARK: - As it is kept

    static let migrations = [
        Migration(
            "decisions_canary_1",
            sql: """
                CREATE TABLE decisions_canary (
                  journey INTEGER NOT NULL, version INTEGER NOT NULL, verdict TEXT NOT NULL, at INTEGER NOT NULL, decided INTEGER NOT NULL, sent INTEGER NOT NULL, failed INTEGER NOT NULL,
                  refused INTEGER NOT NULL, stop_above INTEGER NOT NULL, PRIMARY KEY (journey, version)) WITHOUT ROWID;
                """)
    ]

    static func find(journey: Int64, version: Int64, _ db: Database) throws -> CanaryReport? {
        let statement = try db.cachedStatement(sql: "SELECT at, decided, sent, failed, refused, stop_above, verdict FROM decisions_canary WHERE journey = ? AND version = ?")
        guard let row = try GRDB.Row.fetchOne(statement, arguments: [journey, version]) else { return nil }
        let all = Array(row.databaseValues)
        let values = all.prefix(6).compactMap { Int64.fromDatabaseValue($0) }
        guard values.count == 6, all.count == 7, let verdict = String.fromDatabaseValue(all[6]).flatMap(Verdict.init) else { return nil }
        return CanaryReport(verdict, at: Timestamp(clamping: values[0]), decided: values[1], sent: values[2], failed: values[3], refused: values[4], stopAbove: Int(clamping: values[5]))
    }

    func write(journey: Int64, version: Int64, _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO decisions_canary VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", arguments: [journey, version, verdict.rawValue, at.milliseconds, decided, sent, failed, refused, stopAbove])
    }
}

extension JourneyStore {
    /// What was last found of the canaries of the version in which people begin; nil where there are none, and before everyone else was due.
    public func canaries(of kept: KeptJourney) throws -> CanaryReport? {
        guard case .campaign(let campaign) = live(kept).journey.trigger, campaign.canary != nil else { return nil }
        return try database.pool.read { db in try CanaryReport.find(journey: kept.number, version: kept.liveVersion, db) }
    }
}
