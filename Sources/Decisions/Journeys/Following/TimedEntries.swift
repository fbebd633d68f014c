import Identity
import Profiles
import Segments
import Vocabulary

/// Who begins a journey by the calendar: on a schedule, or on a day that a trait names.
struct TimedEntries {
    private let follower: JourneyFollower
    private let journey: Journey
    private static let dayMs: Int64 = 86_400_000
    /// How often dates are looked at. Clocks differ by quarters of an hour, so that the time of day comes at the same minutes of a quarter everywhere.
    private static let lookMs: Int64 = 900_000

    struct Entry {
        let profile: ProfileID
        let at: Timestamp
        /// Of a campaign: goes before everyone else.
        var isCanary = false
    }

    init(_ follower: JourneyFollower, _ journey: Journey) { (self.follower, self.journey) = (follower, journey) }

    /// Behind `start`, up to and with `end`.
    func between(_ start: Timestamp, _ end: Timestamp) throws -> [Entry] {
        switch journey.trigger {
        case .schedule(let schedule): try scheduled(schedule, start, end)
        case .date(let date): try dated(date, start, end)
        case .event, .segment, .journey, .campaign, .api, .inaction: []
        }
    }

    /// Of several that were missed while nothing ran, the last.
    private func scheduled(_ schedule: ScheduleTrigger, _ start: Timestamp, _ end: Timestamp) throws -> [Entry] {
        guard let rules = try? ZoneRules.named(journey.zone), let condition = follower.segments(schedule.segment) else { return [] }
        let last = rules.day(of: end.milliseconds)
        // A month and a day hold one of every kind.
        let occasions = (0...32).lazy.map { last - Int64($0) }.filter { TimedEntries.isOn($0, schedule.every) }.map { rules.instant(ofLocal: $0 * TimedEntries.dayMs + Int64(schedule.minute) * 60_000) }
        guard let at = occasions.first(where: { $0 <= end.milliseconds }), at > start.milliseconds else { return [] }
        return try profiles(condition, asOf: at, in: journey.zone).map { Entry(profile: $0, at: Timestamp(clamping: at)) }
    }

    static func isOn(_ day: Int64, _ every: ScheduleTrigger.Every) -> Bool {
        switch every {
        case .day: return true
        case .week(let weekdays): return weekdays.contains(ZoneRules.weekday(ofDay: day))
        case .month(let wanted):
            let date = Timestamp.civil(fromDays: day)
            let isLast = Timestamp.civil(fromDays: day + 1).month != date.month
            return date.day == wanted || (isLast && wanted > date.day)
        }
    }

    private func profiles(_ condition: Condition, asOf at: Int64, in zone: TimeZoneName) throws -> [ProfileID] {
        let view = try follower.engine.view()
        let rows = try follower.engine.rows(condition, at: Moment(asOf: Timestamp(clamping: at), zone: zone), in: view, segments: follower.segments)
        return follower.engine.profileIDs(rows, limit: .max).compactMap { ProfileID($0) }
    }

    private func dated(_ date: DateTrigger, _ start: Timestamp, _ end: Timestamp) throws -> [Entry] {
        let (from, to) = (TimedEntries.look(start, date.minute), TimedEntries.look(end, date.minute))
        guard from < to else { return [] }
        // As traits are now: who was not known at the time has a day all the same.
        let now = follower.clock().milliseconds + 1
        let candidates = try profiles(TimedEntries.candidates(date, from, to, asOf: now), asOf: now, in: .utc)
        return candidates.compactMap { id in
            guard let profile = (try? follower.reader.profile(id: id.text)) ?? nil, let value = TimedEntries.value(of: date.trait, in: profile)?.string, let day = TimedEntries.day(value) else { return nil }
            let rules = (try? ZoneRules.named(profile.timeZone ?? journey.zone)) ?? .utc
            return TimedEntries.instants(of: day, date, rules, around: to).first { $0 > from && $0 <= to }.map { Entry(profile: id, at: Timestamp(clamping: $0)) }
        }
    }

    /// The day that a text names: as it is written, wherever its clock is. Midnight in UTC; nil for what is no date.
    static func day(_ text: String) -> Timestamp? {
        guard let time = Timestamp(text) else { return nil }
        return text.utf8.dropFirst(4).first == UInt8(ascii: "-") ? Timestamp(String(text.prefix(10))) ?? time : time
    }

    /// Whose day may be meant in some zone: within three days on either side.
    static func candidates(_ date: DateTrigger, _ from: Int64, _ to: Int64, asOf now: Int64) -> Condition {
        let shift = Int64(date.offsetDays) * dayMs
        let (first, last) = (from - shift - 3 * dayMs, to - shift + 3 * dayMs)
        func test(_ test: ValueTest) -> Condition { .test(TraitTest(path: date.trait, test: test)) }
        guard date.isYearly else { return test(.between(.instant(Timestamp(clamping: first)), .instant(Timestamp(clamping: last)))) }
        // Anniversaries are counted from today. A day more on either side, for February 29.
        let start = ZoneRules.utc.day(of: first) - 1 - ZoneRules.utc.day(of: now)
        let days = Int((last - first) / dayMs) + 4
        let skipped = Int((start % 365 + 365) % 365)
        guard days < 365 else { return test(.exists) }
        let within = test(.anniversaryWithinNext(days: min(skipped + days, 366)))
        guard skipped > 0 else { return within }
        let later = Condition.all([within, .not(test(.anniversaryWithinNext(days: skipped)))])
        return skipped + days <= 365 ? later : .any([later, test(.anniversaryWithinNext(days: skipped + days - 364))])
    }

    /// A trait by its name, or a part of one by its path.
    static func value(of path: String, in profile: Profile) -> JSONText? {
        if let whole = profile.traits.first(where: { $0.name == path }) { return whole.value }
        return profile.traits.lazy.compactMap { trait in path.hasPrefix(trait.name + ".") ? trait.value.value(at: String(path.dropFirst(trait.name.utf8.count + 1))) : nil }.first
    }

    /// The last look at a time or before it.
    private static func look(_ time: Timestamp, _ minute: Int) -> Int64 {
        let since = time.milliseconds - Int64(minute) * 60_000
        return time.milliseconds - (since % lookMs + lookMs) % lookMs
    }

    /// When a day comes by the person's clock: once, or in the years about an instant.
    static func instants(of day: Timestamp, _ trigger: DateTrigger, _ rules: ZoneRules, around time: Int64) -> [Int64] {
        let named = Timestamp.civil(fromDays: ZoneRules.utc.day(of: day.milliseconds))
        let year = Timestamp.civil(fromDays: ZoneRules.utc.day(of: time)).year
        let years = trigger.isYearly ? Array(year - 1...year + 1) : [named.year]
        return years.map { year in
            // Who was born on February 29 has a birthday on the 28th in other years.
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let number = Timestamp.days(fromYear: year, month: named.month, day: named.month == 2 && named.day == 29 && !isLeap ? 28 : named.day)
            return rules.instant(ofLocal: (number + Int64(trigger.offsetDays)) * dayMs + Int64(trigger.minute) * 60_000)
        }
    }
}
