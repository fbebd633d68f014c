import Identity
import Segments
import Vocabulary

/// When a campaign comes to each of its people. Pure: live and rehearsed alike.
struct CampaignTimes {
    let campaign: CampaignTrigger
    /// Of the journey: the canaries are chosen by it.
    let id: String
    /// Whose hour is over by then gets it then.
    let started: Int64
    let zone: TimeZoneName
    /// How many of 10,000 only count: they are no canaries, since nothing is sent to them.
    let holdout: Int
    /// By the local clock; nil for when it is started.
    private let at: Int64?

    /// - Parameter at: another time than the campaign's own.
    init(_ campaign: CampaignTrigger, of id: String, started: Int64, in zone: TimeZoneName, holdout: Int, at: Int64? = nil) {
        (self.campaign, self.id, self.started, self.zone, self.holdout, self.at) = (campaign, id, started, zone, holdout, at ?? campaign.at)
    }

    /// As it would have gone out in some past days: at its own time where that is one of them, else at the same hour of the first that fits: of the same day of the week where there is a week, else of any.
    init(_ campaign: CampaignTrigger, of id: String, rehearsedFrom from: Int64, to: Int64, in zone: TimeZoneName, holdout: Int) {
        let rules = (try? ZoneRules.named(zone)) ?? .utc
        guard let own = campaign.at, !(from..<to).contains(rules.instant(ofLocal: own)) else {
            self.init(campaign, of: id, started: from, in: zone, holdout: holdout)
            return
        }
        // By people's own clocks the first come hours earlier, and must not find their hour over.
        let first = from + rules.offset(at: from) + (campaign.isLocal ? CampaignPlan.eastMs : 0)
        let unit: Int64 = to - from >= 8 * CampaignTimes.dayMs ? 7 * CampaignTimes.dayMs : CampaignTimes.dayMs
        self.init(campaign, of: id, started: from, in: zone, holdout: holdout, at: first + ((own - first) % unit + unit) % unit)
    }
    private static let dayMs: Int64 = 86_400_000

    /// When it begins by the clock of a zone.
    func begin(in zone: TimeZoneName) -> Int64 {
        guard let at else { return started }
        return ((try? ZoneRules.named(zone)) ?? .utc).instant(ofLocal: at)
    }

    /// Each with their instant: in each zone the canaries, and when the last of them has gone and `wait` is over, everyone else.
    ///
    /// - Parameters:
    ///   - after: only those whose own hour is later.
    ///   - zoneOf: where somebody's own clock is; asked only where that matters.
    func entries(of ids: [String], after: Int64? = nil, zoneOf: (String) -> TimeZoneName?) -> [TimedEntries.Entry] {
        // By a hash, so that the canaries are like everyone else.
        let people = ids.map { (id: $0, bucket: BucketTest.bucket(of: $0, salt: "\(id)/canary")) }.sorted { ($0.bucket, $0.id) < ($1.bucket, $1.id) }
        struct Zone { var canaries: Int64 = 0, others: Int64 = 0 }
        var zones: [String: Zone] = [:]
        let interval: (Int64) -> Int64 = { count in campaign.perMinute.map { count * 60_000 / Int64($0) } ?? 0 }
        return people.compactMap { person in
            guard let profile = ProfileID(person.id) else { return nil }
            let own = campaign.isLocal ? zoneOf(person.id) ?? zone : zone
            // Whose hour has passed when it is started gets it now.
            var at = max(begin(in: own), started)
            if let after, at <= after { return nil }
            guard let canary = campaign.canary else {
                at += interval(zones[own.name, default: Zone()].others)
                zones[own.name, default: Zone()].others += 1
                return TimedEntries.Entry(profile: profile, at: Timestamp(clamping: at))
            }
            var counts = zones[own.name, default: Zone()]
            // The first in each zone whatever the share: without one nothing would be known.
            let isCanary = (person.bucket < canary.share || (after == nil && counts.canaries == 0)) && !JourneyWalk.isHeldOut(person.id, of: id, holdout)
            at += isCanary ? interval(counts.canaries) : interval(max(0, counts.canaries - 1)) + canary.waitMs + interval(counts.others)
            if isCanary { counts.canaries += 1 } else { counts.others += 1 }
            zones[own.name] = counts
            return TimedEntries.Entry(profile: profile, at: Timestamp(clamping: at), isCanary: isCanary)
        }
    }
}
