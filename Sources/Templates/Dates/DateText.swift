import Vocabulary

/// Reads dates as people and programs write them: `March 14, 2016`, `14 Mar 2016 10:30 +0200`, `2016-03-14T10:30:00Z`, `14/03/2016`, `10:30 pm`.
struct DateText {
    private enum Part: Equatable {
        case number(Int64, digits: Int)
        case word(String)
        case mark(UInt8)
    }

    private var parts: [Part] = []
    private var index = 0
    private var year: Int64?
    private var month: Int64?
    private var day: Int64?
    private var clock: Int64?
    private var nanoseconds = 0
    private var offset: Int64?
    private static let partsMaximum = 64

    /// Nil for what is no date. A date without a year is of this year, and a time alone is of today.
    static func moment(_ text: Text, now: Timestamp) -> Moment? {
        var reader = DateText()
        guard reader.readPlain(text) || reader.cut(text) && reader.read() else { return nil }
        return reader.moment(now)
    }

    /// `2016-03-14` and `2016-03-14T10:30:00Z`, as programs write them: what ``read()`` makes of them, at a tenth of the time.
    private mutating func readPlain(_ text: Text) -> Bool {
        guard text.count == 10 || text.count == 20, text[4] == 0x2d, text[7] == 0x2d else { return false }
        guard let year = number(text, 0, 4), let month = number(text, 5, 2), let day = number(text, 8, 2) else { return false }
        if text.count == 20 {
            guard text[10] == 0x54, text[13] == 0x3a, text[16] == 0x3a, text[19] == 0x5a, let hour = number(text, 11, 2), let minute = number(text, 14, 2), let second = number(text, 17, 2) else { return false }
            guard hour < 24, minute <= 59, second <= 60 else { return false }
            (clock, offset) = (hour * 3600 + minute * 60 + second, 0)
        }
        (self.year, self.month, self.day) = (year, month, day)
        return true
    }

    private func number(_ text: Text, _ start: Int, _ digits: Int) -> Int64? {
        var value: Int64 = 0
        for index in start..<(start + digits) {
            guard text[index] >= 0x30, text[index] <= 0x39 else { return nil }
            value = value * 10 + Int64(text[index] - 0x30)
        }
        return value
    }

    /// Longer ones are no dates, as in Ruby.
    static let bytesMaximum = 128

    private mutating func cut(_ bytes: Text) -> Bool {
        var index = 0
        while index < bytes.count {
            guard parts.count < DateText.partsMaximum else { return false }
            let start = index
            let byte = bytes[index]
            if byte >= 0x30, byte <= 0x39 {
                while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 { index += 1 }
                guard index - start <= 18, let value = Int64(bytes.cut(start..<index).string) else { return false }
                parts.append(.number(value, digits: index - start))
            } else if byte | 0x20 >= 0x61, byte | 0x20 <= 0x7a {
                while index < bytes.count, bytes[index] | 0x20 >= 0x61, bytes[index] | 0x20 <= 0x7a { index += 1 }
                parts.append(.word(bytes.cut(start..<index).string.lowercased()))
            } else {
                index += 1
                if !Ascii.isBlank(byte) { parts.append(.mark(byte)) } else if parts.last != .mark(0x20) { parts.append(.mark(0x20)) }
            }
        }
        return true
    }

    private func part(_ offset: Int) -> Part? { parts.indices.contains(index + offset) ? parts[index + offset] : nil }

    private func number(_ offset: Int) -> (value: Int64, digits: Int)? {
        if case .number(let value, let digits)? = part(offset) { (value, digits) } else { nil }
    }

    private mutating func read() -> Bool {
        while index < parts.count {
            switch parts[index] {
            case .number(let value, let digits): guard number(value, digits) else { return false }
            case .word(let word): guard self.word(word) else { return false }
            case .mark(let mark):
                if clock != nil, offset == nil, mark == 0x2b || mark == 0x2d, readOffset(mark) { continue }
                index += 1
            }
        }
        return year != nil || month != nil || day != nil || clock != nil
    }

    private mutating func number(_ value: Int64, _ digits: Int) -> Bool {
        if part(1) == .mark(0x3a), number(2) != nil { return time() }
        if let second = number(2), case .mark(let mark)? = part(1), mark == 0x2d || mark == 0x2f || mark == 0x2e, year == nil || day == nil {
            return date(value, digits, mark, second.value)
        }
        if digits == 8, year == nil {
            (year, month, day) = (value / 10_000, value / 100 % 100, value % 100)
            index += 1
            if part(0) == .word("t"), let time = number(1), time.digits == 6 || time.digits == 4 {
                let seconds = time.digits == 6 ? time.value : time.value * 100
                clock = seconds / 10_000 * 3600 + seconds / 100 % 100 * 60 + seconds % 100
                index += 2
            }
            return true
        }
        if case .word(let word)? = part(part(1) == .mark(0x20) ? 2 : 1), word == "am" || word == "pm", clock == nil { return time() }
        index += 1
        if digits >= 3 {
            guard year == nil else { return false }
            year = value
        } else if day == nil { day = value } else if year == nil { year = DateText.full(value) } else { return false }
        return true
    }

    private static func full(_ year: Int64) -> Int64 { year < 69 ? year + 2000 : year + 1900 }

    private mutating func date(_ first: Int64, _ digits: Int, _ mark: UInt8, _ second: Int64) -> Bool {
        let third = part(3) == .mark(mark) ? number(4) : nil
        if digits >= 3 {
            (year, month, day) = (first, second, third?.value)
            index += third == nil ? 3 : 5
            return true
        }
        guard let third else {
            // A month and a day, as in 3/14.
            (month, day) = (first, second)
            index += 3
            return true
        }
        let last = third.digits > 2 ? third.value : DateText.full(third.value)
        if mark == 0x2d, third.digits <= 2 { (year, month, day) = (DateText.full(first), second, third.value) } else if second > 12 {
            // Only an American date has a second number above 12.
            (month, day, year) = (first, second, last)
        } else { (day, month, year) = (first, second, last) }
        index += 5
        return true
    }

    private mutating func time() -> Bool {
        guard clock == nil, let hour = number(0)?.value else { return false }
        index += 1
        var (hours, minutes, seconds) = (hour, Int64(0), Int64(0))
        if part(0) == .mark(0x3a), let value = number(1)?.value {
            minutes = value
            index += 2
            if part(0) == .mark(0x3a), let value = number(1)?.value {
                seconds = value
                index += 2
                if part(0) == .mark(0x2e) || part(0) == .mark(0x2c), let fraction = number(1) {
                    var nanoseconds = fraction.value
                    for _ in 0..<max(0, 9 - fraction.digits) { nanoseconds *= 10 }
                    for _ in 0..<max(0, fraction.digits - 9) { nanoseconds /= 10 }
                    self.nanoseconds = Int(nanoseconds)
                    index += 2
                }
            }
        }
        if part(0) == .mark(0x20), case .word(let word)? = part(1), word == "am" || word == "pm" { index += 1 }
        if case .word(let word)? = part(0), word == "am" || word == "pm" {
            guard hours >= 1, hours <= 12 else { return false }
            hours = hours % 12 + (word == "pm" ? 12 : 0)
            index += 1
        }
        guard hours <= 24, minutes <= 59, seconds <= 60, hours < 24 || minutes == 0 && seconds == 0 else { return false }
        clock = hours * 3600 + minutes * 60 + seconds
        return true
    }

    private static let zones: [String: Int64] = [
        "z": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "jst": 9, "msk": 3, "bst": 1,
    ]
    private static let fillers: Set<String> = ["t", "of", "at", "the", "st", "nd", "rd", "th", "de", "on"]

    private mutating func word(_ word: String) -> Bool {
        index += 1
        if let place = Moment.months.firstIndex(where: { word.count >= 3 && $0.lowercased().hasPrefix(word) || word == "sept" && $0 == "September" }) {
            guard month == nil else { return false }
            month = Int64(place) + 1
            return true
        }
        if word.count >= 3, Moment.weekdays.contains(where: { $0.lowercased().hasPrefix(word) }) { return true }
        if let hours = DateText.zones[word], clock != nil {
            offset = hours * 3600
            return true
        }
        return DateText.fillers.contains(word)
    }

    private mutating func readOffset(_ mark: UInt8) -> Bool {
        guard let first = number(1) else { return false }
        let sign: Int64 = mark == 0x2d ? -1 : 1
        var (hours, minutes) = (first.value, Int64(0))
        var length = 2
        if first.digits == 4 { (hours, minutes) = (first.value / 100, first.value % 100) } else if part(2) == .mark(0x3a), let second = number(3) {
            minutes = second.value
            length = 4
        }
        guard hours <= 23, minutes <= 59 else { return false }
        offset = sign * (hours * 3600 + minutes * 60)
        index += length
        return true
    }

    private static func days(ofMonth month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private func moment(_ now: Timestamp) -> Moment? {
        let isTimeOnly = year == nil && month == nil && day == nil
        let today = year == nil || month == nil || day == nil ? Moment(now).civil : nil
        let (y, m, d) = (year ?? today?.year ?? 0, month ?? (isTimeOnly || year == nil ? today?.month ?? 0 : 1), day ?? (isTimeOnly ? today?.day ?? 0 : 1))
        guard y >= 1, y <= 9999, m >= 1, m <= 12, d >= 1, d <= DateText.days(ofMonth: m, y) else { return nil }
        let days = Timestamp.days(fromYear: y, month: m, day: d)
        var moment = Moment(seconds: days * 86_400 + (clock ?? 0) - (offset ?? 0), nanoseconds: nanoseconds, offsetSeconds: offset ?? 0)
        moment.isInstant = offset != nil
        return moment
    }
}
