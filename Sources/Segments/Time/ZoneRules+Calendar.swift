import Vocabulary

/// Days, hours and the beginnings of weeks and months by the local clock. All instants are milliseconds since 1970.
extension ZoneRules {
    /// The number of the local day, counted from 1970-01-01.
    @inline(__always)
    public func day(of ms: Int64) -> Int64 { ZoneRules.quotient(ms + offset(at: ms), 86_400_000) }

    /// 0 to 23.
    @inline(__always)
    public func hour(of ms: Int64) -> Int {
        let local = ms + offset(at: ms)
        return Int((local - ZoneRules.quotient(local, 86_400_000) * 86_400_000) / 3_600_000)
    }

    /// 1 (Monday) to 7 (Sunday).
    @inline(__always)
    public func weekday(of ms: Int64) -> Int { ZoneRules.weekday(ofDay: day(of: ms)) }

    /// 1 (Monday) to 7 (Sunday) of a day counted from 1970-01-01, which was a Thursday.
    public static func weekday(ofDay day: Int64) -> Int { Int(remainder(day + 3, 7)) + 1 }

    /// When a local day begins: midnight, or the end of the gap where clocks skip it.
    public func start(ofDay day: Int64) -> Int64 { instant(ofLocal: day * 86_400_000) }

    /// When the day, week (from Monday), month, quarter or year that holds `ms` begins, moved by so many of them; smaller units begin exactly
    /// at a multiple of their length by the local clock.
    public func start(of unit: Period.Unit, holding ms: Int64, movedBy count: Int = 0) -> Int64 {
        let today = day(of: ms)
        switch unit {
        case .day: return start(ofDay: today + Int64(count))
        case .week: return start(ofDay: today - Int64(ZoneRules.weekday(ofDay: today) - 1) + Int64(count) * 7)
        case .month, .quarter, .year:
            let date = Timestamp.civil(fromDays: today)
            let length = ZoneRules.months(of: unit)
            let month = ZoneRules.quotient(date.year * 12 + date.month - 1, length) * length + Int64(count) * length
            return start(ofDay: ZoneRules.firstDay(ofMonth: month))
        case .second, .minute, .hour:
            let length = Period(1, unit).milliseconds ?? 1
            let offset = offset(at: ms)
            return ZoneRules.quotient(ms + offset, length) * length - offset + Int64(count) * length
        }
    }

    /// The instant so long before `ms`.
    ///
    /// Months, quarters and years go back by the calendar, the time of day is kept: three months before the 31st of May is the 28th of February
    /// (29th in a leap year). A time of day that is shown twice is the first one, a skipped one is the end of the gap.
    public func instant(_ period: Period, before ms: Int64) -> Int64 { moved(ms, by: period, -1) }

    /// The instant so long after `ms`, by the same rules.
    public func instant(_ period: Period, after ms: Int64) -> Int64 { moved(ms, by: period, 1) }

    /// The first instant after `ms` at which another day, week, month, quarter or year begins.
    public func nextStart(of unit: Period.Unit, after ms: Int64) -> Int64 {
        var next = start(of: unit, holding: ms, movedBy: 1)
        // Where clocks go back over midnight, a day is entered twice; only what is later than `ms` is news.
        var count = 2
        while next <= ms {
            next = start(of: unit, holding: ms, movedBy: count)
            count += 1
        }
        return next
    }

    private func moved(_ ms: Int64, by period: Period, _ sign: Int64) -> Int64 {
        guard period.count != 0 else { return ms }
        if let length = period.milliseconds { return ms + sign * length }
        let local = ms + offset(at: ms)
        let day = ZoneRules.quotient(local, 86_400_000)
        let date = Timestamp.civil(fromDays: day)
        let month = date.year * 12 + date.month - 1 + sign * Int64(period.count) * ZoneRules.months(of: period.unit)
        let first = ZoneRules.firstDay(ofMonth: month)
        let length = ZoneRules.firstDay(ofMonth: month + 1) - first
        return instant(ofLocal: (first + min(date.day, length) - 1) * 86_400_000 + local - day * 86_400_000)
    }

    private static func months(of unit: Period.Unit) -> Int64 { unit == .year ? 12 : unit == .quarter ? 3 : 1 }

    /// - Parameter month: counted from January of year 0.
    private static func firstDay(ofMonth month: Int64) -> Int64 {
        Timestamp.days(fromYear: quotient(month, 12), month: remainder(month, 12) + 1, day: 1)
    }

    /// Rounded down, also below 0.
    @inline(__always)
    static func quotient(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : (a - b + 1) / b }

    @inline(__always)
    static func remainder(_ a: Int64, _ b: Int64) -> Int64 { a - quotient(a, b) * b }
}
