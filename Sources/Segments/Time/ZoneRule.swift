import Vocabulary

/// The rule that holds after the last listed change, as `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// - Note: POSIX.1-2017, "Other Environment Variables", `TZ`, with RFC 8536's hours from -167 to 167.
struct ZoneRule {
    /// A day of any year on which the clocks change, and when on it.
    enum Day {
        /// February 29 is never counted: 1 to 365.
        case julian(Int)
        /// February 29 is counted: 0 to 365.
        case ordinal(Int)
        /// The weekday (0 is Sunday) of the week (5 is the last) of the month.
        case weekday(month: Int, week: Int, day: Int)
    }

    struct Change {
        let day: Day
        /// By the local clock before the change, from midnight.
        let seconds: Int64
    }

    /// Seconds east of UTC.
    let standard: Int64
    let summer: (offset: Int64, from: Change, to: Change)?

    /// Nil for what is no such rule.
    init?(_ text: [UInt8]) {
        var reader = ZoneRuleReader(bytes: text)
        guard reader.name(), let west = reader.time(hoursMaximum: 24) else { return nil }
        standard = -west
        guard !reader.isAtEnd else {
            summer = nil
            return
        }
        guard reader.name() else { return nil }
        var offset = standard + 3600
        if !reader.isNext(0x2c) {
            guard let west = reader.time(hoursMaximum: 24) else { return nil }
            offset = -west
        }
        guard let from = reader.change(), let to = reader.change(), reader.isAtEnd else { return nil }
        summer = (offset, from, to)
    }

    /// The changes of one year, in seconds since 1970, ascending; empty where clocks never change.
    func changes(year: Int64) -> [(at: Int64, offset: Int64)] {
        guard let summer else { return [] }
        let begin = ZoneRule.day(of: summer.from.day, year: year) * 86_400 + summer.from.seconds - standard
        let end = ZoneRule.day(of: summer.to.day, year: year) * 86_400 + summer.to.seconds - summer.offset
        return begin < end ? [(begin, summer.offset), (end, standard)] : [(end, standard), (begin, summer.offset)]
    }

    private static func day(of day: Day, year: Int64) -> Int64 {
        let first = Timestamp.days(fromYear: year, month: 1, day: 1)
        switch day {
        case .julian(let number):
            let isLeap = Timestamp.days(fromYear: year + 1, month: 1, day: 1) - first == 366
            return first + Int64(number) - 1 + (isLeap && number >= 60 ? 1 : 0)
        case .ordinal(let number): return first + Int64(number)
        case .weekday(let month, let week, let day):
            let start = Timestamp.days(fromYear: year, month: Int64(month), day: 1)
            let next = month == 12 ? Timestamp.days(fromYear: year + 1, month: 1, day: 1) : Timestamp.days(fromYear: year, month: Int64(month) + 1, day: 1)
            // 1970-01-01 was a Thursday, 4 days after a Sunday.
            let weekday = ((start + 4) % 7 + 7) % 7
            var found = start + (Int64(day) - weekday + 7) % 7 + Int64(week - 1) * 7
            while found >= next { found -= 7 }
            return found
        }
    }
}

private struct ZoneRuleReader {
    let bytes: [UInt8]
    var index = 0
    var isAtEnd: Bool { index == bytes.count }

    init(bytes: [UInt8]) { self.bytes = bytes }

    func isNext(_ byte: UInt8) -> Bool { index < bytes.count && bytes[index] == byte }

    mutating func take(_ byte: UInt8) -> Bool {
        guard isNext(byte) else { return false }
        index += 1
        return true
    }

    mutating func name() -> Bool {
        let start = index
        if take(0x3c) {
            while index < bytes.count, bytes[index] != 0x3e { index += 1 }
            return take(0x3e)
        }
        while index < bytes.count, case let letter = bytes[index] | 0x20, letter >= 0x61, letter <= 0x7a { index += 1 }
        return index - start >= 3
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int? {
        var value = 0
        let start = index
        while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39, index - start < 4 {
            value = value * 10 + Int(bytes[index] - 0x30)
            index += 1
        }
        return index > start && range.contains(value) ? value : nil
    }

    /// Seconds of `[+-]hh[:mm[:ss]]`.
    mutating func time(hoursMaximum: Int) -> Int64? {
        let isNegative = take(0x2d)
        if !isNegative { _ = take(0x2b) }
        guard let hours = number(0...hoursMaximum) else { return nil }
        var seconds = Int64(hours) * 3600
        if take(0x3a) {
            guard let minutes = number(0...59) else { return nil }
            seconds += Int64(minutes) * 60
            if take(0x3a) {
                guard let rest = number(0...59) else { return nil }
                seconds += Int64(rest)
            }
        }
        return isNegative ? -seconds : seconds
    }

    mutating func change() -> ZoneRule.Change? {
        guard take(0x2c), let day = day() else { return nil }
        guard take(0x2f) else { return ZoneRule.Change(day: day, seconds: 7200) }
        return time(hoursMaximum: 167).map { ZoneRule.Change(day: day, seconds: $0) }
    }

    private mutating func day() -> ZoneRule.Day? {
        if take(0x4a) { return number(1...365).map { .julian($0) } }
        if take(0x4d) {
            guard let month = number(1...12), take(0x2e), let week = number(1...5), take(0x2e), let day = number(0...6) else { return nil }
            return .weekday(month: month, week: week, day: day)
        }
        return number(0...365).map { .ordinal($0) }
    }
}
