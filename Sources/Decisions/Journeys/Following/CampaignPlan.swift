import Columnar
import GRDB
import Identity
import Profiles
import Segments
import Vocabulary

/// A campaign as it begins: who gets it, each at an instant of their own. What is left of it stands in a table, so that pausing and a crash lose and double nobody.
struct CampaignPlan {
    let follower: JourneyFollower
    let kept: KeptJourney
    let journey: Journey
    let campaign: CampaignTrigger

    init?(_ follower: JourneyFollower, _ kept: KeptJourney, _ journey: Journey) {
        guard case .campaign(let campaign) = journey.trigger else { return nil }
        (self.follower, self.kept, self.journey, self.campaign) = (follower, kept, journey, campaign)
    }

    private var times: CampaignTimes { CampaignTimes(campaign, of: kept.id, started: kept.since.milliseconds, in: journey.zone, holdout: journey.holdout) }
    /// People furthest east have their morning so much earlier than UTC, and those furthest west so much later.
    static let (eastMs, westMs): (Int64, Int64) = (14 * 3_600_000, 12 * 3_600_000)
    /// Clocks differ by quarters of an hour.
    private static let lookMs: Int64 = 900_000
    private static let lagMs: Int64 = 60_000
    private var planned: String { "campaign:\(kept.number):\(kept.liveVersion)" }
    /// Up to when it was looked who came into the segment before the hour of their own clock.
    private var looked: String { "campaign-look:\(kept.number):\(kept.liveVersion)" }
    var judged: String { "canary:\(kept.number):\(kept.liveVersion)" }

    /// Whether it was looked whom it goes to.
    var isPlanned: Bool { get throws { try follower.store.database.pool.read { db in try RunTable.cursor(planned, db) != nil } } }

    // MARK: - Whom it goes to

    /// Whom it goes to and when, with the name under which that is noted; nil where it is not yet time, or was planned before.
    ///
    /// - Returns: `next` is the first instant at which it may be otherwise.
    func due(at now: Timestamp) throws -> (planned: (entries: [TimedEntries.Entry], name: String)?, next: Int64) {
        let isLocal = campaign.isLocal && campaign.at != nil
        let begin = isLocal ? (campaign.at ?? 0) - CampaignPlan.eastMs : times.begin(in: journey.zone)
        guard now.milliseconds >= begin else { return (nil, begin) }
        let (first, last) = try follower.store.database.pool.read { db in (try RunTable.cursor(planned, db), isLocal ? try RunTable.cursor(looked, db) : nil) }
        let next = isLocal ? (now.milliseconds / CampaignPlan.lookMs + 1) * CampaignPlan.lookMs : .max
        guard let first else { return ((entries(of: follower.engine.profileIDs(try members(at: now.milliseconds, in: try follower.engine.view()), limit: .max)), planned), next) }
        let before = last ?? first
        guard isLocal, before < (campaign.at ?? 0) + CampaignPlan.westMs else { return (nil, .max) }
        guard now.milliseconds / CampaignPlan.lookMs > before / CampaignPlan.lookMs else { return (nil, next) }
        return ((try newcomers(since: before, now), looked), next)
    }

    /// Who came into the segment meanwhile and whose own hour was not yet past.
    private func newcomers(since before: Int64, _ now: Timestamp) throws -> [TimedEntries.Entry] {
        let view = try follower.engine.view()
        // What was received shortly before a look may have been applied behind it; who waits already waits once.
        let known = try members(at: before - CampaignPlan.lagMs, in: view)
        let fresh = try members(at: now.milliseconds, in: view).enumerated().map { part, rows in part < known.count ? rows.subtracting(known[part]) : rows }
        return entries(of: follower.engine.profileIDs(fresh, limit: .max), after: before)
    }

    /// By parts. What happened in this millisecond has happened.
    private func members(at time: Int64, in view: ColumnView) throws -> [RowSet] {
        guard let condition = follower.segments(campaign.segment) else { return [] }
        return try follower.engine.rows(condition, at: Moment(asOf: Timestamp(clamping: time + 1), zone: journey.zone), in: view, segments: follower.segments)
    }

    private func entries(of ids: [String], after: Int64? = nil) -> [TimedEntries.Entry] {
        times.entries(of: ids, after: after) { id in ((try? follower.reader.profile(id: id)) ?? nil)?.timeZone }
    }
}

extension JourneyFollower {
    /// Whether a campaign takes somebody whose turn has come.
    func takes(_ campaign: CampaignTrigger, _ happening: Happening?, _ decider: JourneyDecider, _ person: PersonOfRound, _ runs: [JourneyRun]) -> Bool {
        // Each version goes out once; two who became one while they waited are one.
        if runs.contains(where: { $0.version == decider.current && $0.enteredAt >= decider.since }) { return false }
        // By their own clocks people come in over a day, in which some leave the segment.
        guard campaign.isLocal, let happening, let condition = segments(campaign.segment), let zone = decider.versions[decider.current]?.zone else { return true }
        return person.answers.answer(condition, at: happening.at, in: zone).isTrue
    }
}
