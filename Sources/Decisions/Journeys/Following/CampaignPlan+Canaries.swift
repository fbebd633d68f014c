import GRDB
import Vocabulary

/// Whether everyone else follows the canaries.
extension CampaignPlan {
    enum Verdict { case goes, holds, stops }

    /// Without a message of theirs that arrived or failed, everyone else waits so long; then the campaign pauses.
    private static let holdMaximum: Int64 = 86_400_000
    private var held: String { "canary-held:\(kept.number):\(kept.liveVersion)" }

    /// What the canaries' messages say, once the first of everyone else is due; by people's own clocks each time that some are, while there are canaries left. What follows from it is written down.
    ///
    /// - Returns: nil where nobody else is due, and where nothing is to be asked any more.
    func judge(at now: Timestamp) throws -> Verdict? {
        guard let canary = campaign.canary else { return nil }
        let pool = follower.store.database.pool
        let found = try pool.read { db -> (verdict: Verdict, first: Int64, isLast: Bool, wasHeld: Bool)? in
            guard let first = try EntryTable.next(journey: kept.number, isCanary: false, db), first <= now.milliseconds, try RunTable.cursor(judged, db) == nil else { return nil }
            let isLast = try EntryTable.next(journey: kept.number, isCanary: true, db) == nil
            return (try verdict(canary, isLast: isLast, isOver: now.milliseconds - first > CampaignPlan.holdMaximum, db), first, isLast, try RunTable.cursor(held, db) ?? 0 > 0)
        }
        guard let found else { return nil }
        if found.verdict == .holds, found.wasHeld { return .holds }
        if found.verdict == .goes, !found.isLast, !found.wasHeld { return .goes }
        try pool.write { db in
            // Those who were held come in at the same distances, later.
            if found.wasHeld { try EntryTable.shiftOthers(journey: kept.number, by: now.milliseconds - found.first, upTo: campaign.isLocal ? now.milliseconds : .max, db) }
            try RunTable.setCursor(held, found.verdict == .holds ? 1 : 0, db)
            guard found.verdict == .stops || (found.verdict == .goes && found.isLast) else { return }
            // Starting it again lets everyone else go.
            try RunTable.setCursor(judged, now.milliseconds, db)
            if found.verdict == .stops { try follower.store.pause(kept, at: now, db) }
        }
        return found.verdict
    }

    private func verdict(_ canary: CampaignTrigger.Canary, isLast: Bool, isOver: Bool, _ db: Database) throws -> Verdict {
        // Who gets no message says nothing about messages.
        guard journey.steps.contains(where: { $0.step is MessageStep }) else { return .goes }
        let counts = try RunCounts.read(of: kept.number, db)
        func sum(_ what: String) -> Int64 { counts.reduce(0) { $1.key.what == what && $1.key.version == kept.liveVersion ? $0 + $1.value.count : $0 } }
        let (sent, failed) = (sum("sent"), sum("failed"))
        // None is left and none has come: they were erased, or the campaign was planned when canaries were not marked.
        if isLast, sum("entered") == 0 { return .goes }
        if failed * 10_000 > Int64(canary.stopAbove) * (sent + failed) { return .stops }
        return sent + failed > 0 ? .goes : isOver ? .stops : .holds
    }
}
