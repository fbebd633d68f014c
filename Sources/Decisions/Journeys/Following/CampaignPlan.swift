import GRDB
import Identity
import Profiles
import Segments
import Vocabulary

/// A campaign as it begins: who gets it, each at an instant of their own. What is left of it stands in a table, so that pausing and a crash lose and double nobody.
struct CampaignPlan {
    private let follower: JourneyFollower
    private let kept: KeptJourney
    private let campaign: CampaignTrigger
    private let zone: TimeZoneName

    init?(_ follower: JourneyFollower, _ kept: KeptJourney, _ journey: Journey) {
        guard case .campaign(let campaign) = journey.trigger else { return nil }
        (self.follower, self.kept, self.campaign, zone) = (follower, kept, campaign, journey.zone)
    }

    /// When it begins, by the journey's clock.
    private var begin: Timestamp {
        guard let local = campaign.at else { return kept.since }
        return Timestamp(clamping: ((try? ZoneRules.named(zone)) ?? .utc).instant(ofLocal: local))
    }
    /// People furthest east have their morning this much earlier.
    private static let eastMs: Int64 = 14 * 3_600_000
    private var planned: String { "campaign:\(kept.number):\(kept.liveVersion)" }
    private var judged: String { "canary:\(kept.number):\(kept.liveVersion)" }

    /// Whom it goes to and when, the canaries first; nil where it is not yet time, or was planned before.
    ///
    /// - Returns: at most once; the name under which that is noted.
    func due(at now: Timestamp) throws -> (entries: [TimedEntries.Entry], name: String)? {
        let earliest = Timestamp(clamping: begin.milliseconds - (campaign.isLocal ? CampaignPlan.eastMs : 0))
        guard now >= earliest, try follower.store.database.pool.read({ db in try RunTable.cursor(planned, db) }) == nil else { return nil }
        return (try entries(from: max(begin, kept.since)), planned)
    }

    /// Everyone in the segment, each with their instant.
    func entries(from begin: Timestamp) throws -> [TimedEntries.Entry] {
        guard let condition = follower.segments(campaign.segment) else { return [] }
        let view = try follower.engine.view()
        let rows = try follower.engine.rows(condition, at: Moment(asOf: Timestamp(clamping: follower.clock().milliseconds + 1), zone: zone), in: view, segments: follower.segments)
        // By a hash, so that the canaries are like everyone else.
        let people = follower.engine.profileIDs(rows, limit: .max).map { (id: $0, bucket: BucketTest.bucket(of: $0, salt: "\(kept.id)/canary")) }.sorted { ($0.bucket, $0.id) < ($1.bucket, $1.id) }
        var counts: [String: Int64] = [:]
        return people.compactMap { person in
            guard let profile = ProfileID(person.id) else { return nil }
            let isCanary = campaign.canary.map { person.bucket < $0.share } ?? false
            let own = campaign.isLocal ? ((try? follower.reader.profile(id: person.id)) ?? nil)?.timeZone ?? zone : zone
            var at = begin.milliseconds
            // Whose hour has passed when it is started gets it now.
            if campaign.isLocal, let local = campaign.at { at = max(at - CampaignPlan.eastMs, kept.since.milliseconds, ((try? ZoneRules.named(own)) ?? .utc).instant(ofLocal: local)) }
            if let canary = campaign.canary, !isCanary { at += canary.waitMs }
            if let perMinute = campaign.perMinute {
                let group = "\(own.name) \(isCanary)"
                at += counts[group, default: 0] * 60_000 / Int64(perMinute)
                counts[group, default: 0] += 1
            }
            return TimedEntries.Entry(profile: profile, at: Timestamp(clamping: at))
        }
    }

    /// Whether the canaries fared too badly for everyone else to follow. Judged once, when their time is over and before anyone else enters.
    ///
    /// - Returns: nil while it is too early, and where it was judged before.
    func isStopped(at now: Timestamp) throws -> (stops: Bool, name: String)? {
        guard let canary = campaign.canary, now.milliseconds >= max(begin, kept.since).milliseconds + canary.waitMs - JourneyFollower.lagMs else { return nil }
        return try follower.store.database.pool.read { db -> (stops: Bool, name: String)? in
            guard try RunTable.cursor(planned, db) != nil, try RunTable.cursor(judged, db) == nil else { return nil }
            let counts = try RunCounts.read(of: kept.number, db)
            func sum(_ what: String) -> Int64 { counts.reduce(0) { $1.key.what == what && $1.key.version == kept.liveVersion ? $0 + $1.value.count : $0 } }
            let (sent, failed) = (sum("sent"), sum("failed"))
            return (failed > 0 && failed * 10_000 > Int64(canary.stopAbove) * (sent + failed), judged)
        }
    }
}
