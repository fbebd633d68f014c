import GRDB
public import Vocabulary

/// Why a campaign stands: what its canaries' messages said.
public struct CanaryPause: Sendable, Hashable {
    public let at: Timestamp
    /// Of the canaries' messages, as the log has told by now.
    public let sent: Int64, failed: Int64
    /// Of 10,000: more than so many failed. Where none arrived and none failed, nothing was heard of them for a day.
    public let stopAbove: Int
}

extension JourneyStore {
    /// What paused a campaign before everyone else got it; nil where nothing did, and where somebody paused it.
    public func canaryPause(of kept: KeptJourney) throws -> CanaryPause? {
        guard kept.state == .paused, case .campaign(let campaign)? = journey(kept.id, version: kept.liveVersion)?.trigger, let canary = campaign.canary else { return nil }
        return try database.pool.read { db in
            // Both are written in one transaction by the verdict; whoever pauses it writes the one alone.
            guard let judged = try RunTable.cursor("canary:\(kept.number):\(kept.liveVersion)", db), judged == (try RunTable.cursor("paused:\(kept.number)", db)) else { return nil }
            let counts = try RunCounts.read(of: kept.number, db)
            func sum(_ what: String) -> Int64 { counts.reduce(0) { $1.key.what == what && $1.key.version == kept.liveVersion ? $0 + $1.value.count : $0 } }
            return CanaryPause(at: Timestamp(clamping: judged), sent: sum("sent"), failed: sum("failed"), stopAbove: canary.stopAbove)
        }
    }

    /// How many are still to begin by the clock: of a campaign, whoever has not got it yet.
    public func waitingToBegin(_ kept: KeptJourney) throws -> Int {
        try database.pool.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM decisions_entry WHERE journey = ?", arguments: [kept.number]) ?? 0 }
    }
}
