import GRDB
public import Identity
import Storage
import Vocabulary

/// Which of the messages and calls that wait their journeys still want.
extension JourneyStore {
    /// Reasons for which a run ends before what it decided last is sent; whoever came to the end of the steps gets what waits.
    private static let voiding: Set<String> = ["goal", "exit", "restarted", "stopped", "version-changed", "merged"]

    /// Of each intent how its journey and its run stand now. See ``IntentStillWanted``.
    ///
    /// - Parameter everyID: all ids of whoever has this one, by which their other runs stand.
    public func standing(of intents: [Intent], everyID: (ProfileID) -> [ProfileID]) throws -> [IntentStanding] {
        guard intents.contains(where: { $0.origin.kind == .journey }) else { return intents.map { _ in .isWanted } }
        let ids = intents.map { $0.origin.kind == .journey ? everyID($0.profile) : [] }
        return try database.pool.read { db in try zip(intents, ids).map { try standing(of: $0, $1, db) } }
    }

    private func standing(of intent: Intent, _ ids: [ProfileID], _ db: Database) throws -> IntentStanding {
        guard intent.origin.kind == .journey else { return .isWanted }
        guard let kept = find(intent.origin.id) else { return .isVoid("journey-gone") }
        if kept.state == .stopped { return .isVoid("journey-stopped") }
        let goalIsOwn = journey(kept.id, version: kept.liveVersion)?.goal.map { $0.sameKey != .no } ?? false
        if let run = try RunTable.fate(of: intent, ids, journey: kept.number, goalIsOwn: goalIsOwn, db) {
            if let reason = reason(run, intent, kept) { return .isVoid(reason) }
            if let journey = journey(kept.id, version: run.version), try isSecond(run, intent, ids, journey, kept, db) { return .isVoid("merged") }
        }
        return kept.state == .paused ? .waits : .isWanted
    }

    /// Whether an older run of somebody who turned out to be the same person stands for both: settled when either next moves, and until then nobody gets twice what both decided. Of a campaign, each version goes to a person once.
    private func isSecond(_ run: RunTable.Fate, _ intent: Intent, _ ids: [ProfileID], _ journey: Journey, _ kept: KeptJourney, _ db: Database) throws -> Bool {
        guard ids.count > 1, journey.reentry != .parallel else { return false }
        var isCampaign = false
        if case .campaign = journey.trigger { isCampaign = true }
        guard isCampaign || run.reason == nil else { return false }
        let runs = try RunTable.runs(of: ids, journey: kept.number, db).map(\.run).filter { $0.instance == intent.origin.run }
        guard runs.count > 1, let own = runs.first(where: { $0.intentKey(journey: kept.id, step: intent.origin.step) == intent.key }) else { return false }
        return runs.contains { other in
            JourneyRun.isOlder(other, own) && (isCampaign ? other.version == own.version && other.enteredAt >= kept.since : other.isUnderWay && !other.isArmed)
        }
    }

    private func reason(_ run: RunTable.Fate, _ intent: Intent, _ kept: KeptJourney) -> String? {
        let journey = journey(kept.id, version: run.version)
        // Who is through with the steps and buys has what they came for as well.
        if let converted = run.converted, converted >= intent.decidedAt, journey?.goal?.ends ?? false { return "goal" }
        // A step may give any reason for an end.
        guard let reason = run.reason, JourneyStore.voiding.contains(reason), !(journey?.step(run.step)?.step is ExitStep) else { return nil }
        return reason
    }
}

extension RunTable {
    /// How the run stands that decided something.
    struct Fate {
        let version: Int64
        let step: String
        let reason: String?
        let converted: Timestamp?
    }

    /// Nil where the run is not there any more.
    ///
    /// - Parameters:
    ///   - ids: of the person, all that they ever had.
    ///   - goalIsOwn: whether an order takes out only runs of its own key.
    static func fate(of intent: Intent, _ ids: [ProfileID], journey: Int64, goalIsOwn: Bool, _ db: Database) throws -> Fate? {
        // As ``JourneyWalk`` makes the key: journey, person, start, step.
        let parts = intent.key.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 4, let owner = ProfileID(parts[1]) else { return nil }
        let statement = try db.cachedStatement(sql: "SELECT version, step, reason FROM decisions_run WHERE owner = ? AND journey = ? AND start = ? AND instance = ? LIMIT 1")
        guard let row = try GRDB.Row.fetchOne(statement, arguments: [owner.number, journey, parts[2], intent.origin.run]) else { return nil }
        let values = Array(row.databaseValues)
        guard values.count == 3, let version = Int64.fromDatabaseValue(values[0]), let step = String.fromDatabaseValue(values[1]) else { return nil }
        // An order counts for the newest run alone, by whichever id that stands, and is reason enough not to send what an older one decided.
        let orders = try db.cachedStatement(sql: "SELECT max(converted) FROM decisions_run WHERE owner = ? AND journey = ? AND (instance = ? OR ?)")
        let converted = try Set(ids + [owner]).compactMap { try Int64.fetchOne(orders, arguments: [$0.number, journey, intent.origin.run, !goalIsOwn]) }.max()
        return Fate(version: version, step: step, reason: String.fromDatabaseValue(values[2]), converted: converted.map(Timestamp.init(clamping:)))
    }
}
