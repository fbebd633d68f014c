public import Profiles
public import Segments
import Vocabulary

extension SendingPolicy {
    /// When the quiet hours end that hold a message back at `now`; nil where none do.
    ///
    /// Where a change of the clock skips or repeats the end, it is the first instant whose local clock shows it or later.
    func quietEnd(channel: String, zone: ZoneRules, now: Timestamp) -> Timestamp? {
        let ends = quietHours.filter { $0.channels.isEmpty || $0.channels.contains(channel) }.compactMap { $0.end(zone: zone, now: now.milliseconds) }
        return ends.max().map(Timestamp.init(clamping:))
    }

    /// Where somebody lives (``Profile/timeZone``), else the workspace's zone.
    public func zone(of profile: Profile) -> ZoneRules { rules(ofZone: profile.timeZone?.name) }

    /// The rules of a zone by name; of one that this machine does not know, those of the workspace's.
    func rules(ofZone name: String?) -> ZoneRules {
        for name in [name, zone].compactMap({ $0 }) {
            if case .success(let rules) = Result(catching: { () throws(ZoneError) in try ZoneRules.named(TimeZoneName(name: name)) }) { return rules }
        }
        return .utc
    }
}

extension SendingPolicy.QuietHours {
    private static let minuteMs: Int64 = 60_000

    fileprivate func end(zone: ZoneRules, now: Int64) -> Int64? {
        let today = zone.day(of: now)
        let local = now + zone.offset(at: now)
        let minute = Int((local - today * 86_400_000) / Self.minuteMs)
        let isQuiet = from < to ? (from..<to).contains(minute) : minute >= from || minute < to
        guard isQuiet else { return nil }
        let day = from < to || minute < to ? today : today + 1
        let end = zone.instant(ofLocal: day * 86_400_000 + Int64(to) * Self.minuteMs)
        // In an hour that the clock shows twice, the first end may be over already; then the second is meant.
        // It comes again by as much as the clock was put back since: an hour nearly everywhere, half of one on Lord Howe.
        return end > now ? end : end + zone.offset(at: end) - zone.offset(at: now)
    }
}
