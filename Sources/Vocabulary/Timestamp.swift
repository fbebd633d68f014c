/// Milliseconds since 1970-01-01T00:00:00Z, from year 1 to year 9999.
public struct Timestamp: Sendable, Hashable, Comparable {
    public let milliseconds: Int64

    public static let earliest = Timestamp(unchecked: -62_135_596_800_000)
    public static let latest = Timestamp(unchecked: 253_402_300_799_999)

    private init(unchecked milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Values outside years 1 to 9999 become the nearest that can be written.
    public init(clamping milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, Timestamp.earliest.milliseconds), Timestamp.latest.milliseconds)
    }

    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

    /// When the sender's clock was at `sentAt` while ours was at `receivedAt`, when did our clock stand at `original`?
    ///
    /// - Note: `timestamp = receivedAt - (sentAt - originalTimestamp)`, the public Segment Spec.
    public static func corrected(original: Timestamp, sentAt: Timestamp, receivedAt: Timestamp) -> Timestamp {
        // Each lies within ±2^48, so the sum cannot overflow.
        Timestamp(clamping: receivedAt.milliseconds - (sentAt.milliseconds - original.milliseconds))
    }
}

extension Timestamp {
    /// Reads the spellings that real senders use: RFC 3339 with any fraction, with a blank for `T`, without zone (UTC), with or without a colon
    /// in the offset, a date alone, seconds or milliseconds since 1970 as digits, and with the month's name as JavaScript (`Tue Jul 01 2025 09:30:00
    /// GMT+0000 (…)`) and mail (`Tue, 01 Jul 2025 09:30:00 GMT`) write it. Nil for anything else, impossible dates included.
    public init?(text: UnsafeRawBufferPointer) {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d }
        guard let start = unsafe text.firstIndex(where: { !isBlank($0) }), let end = unsafe text.lastIndex(where: { !isBlank($0) }) else { return nil }
        let text = unsafe UnsafeRawBufferPointer(rebasing: text[start...end])
        var reader = unsafe DigitReader(bytes: text)
        if let value = reader.dateTime() { self.init(clamping: value) } else if let value = unsafe Timestamp.epoch(text) { self = value } else {
            reader.index = 0
            guard let value = reader.namedDateTime() else { return nil }
            self.init(clamping: value)
        }
    }

    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        let value = unsafe bytes.withUnsafeBytes { unsafe Timestamp(text: $0) }
        guard let value else { return nil }
        self = value
    }

    /// Seconds or milliseconds since 1970 in decimal digits; above 1e11 it must be milliseconds (as seconds it would be after year 5138).
    static func epoch(_ text: UnsafeRawBufferPointer) -> Timestamp? {
        guard !text.isEmpty, text.count <= 24 else { return nil }
        if unsafe text.contains(where: { $0 | 0x20 == 0x65 }) { return unsafe exponential(text) }
        var index = 0
        let negative = unsafe text[0] == 0x2d
        if negative { index = 1 }
        var whole: Int64 = 0
        var digits = 0
        while index < text.count, case let byte = unsafe text[index], byte >= 0x30, byte <= 0x39 {
            guard digits < 16 else { return nil }
            whole = whole * 10 + Int64(byte - 0x30)
            digits += 1
            index += 1
        }
        guard digits > 0 else { return nil }
        var thousandths: Int64 = 0
        if index < text.count {
            guard unsafe text[index] == 0x2e else { return nil }
            index += 1
            var scale: Int64 = 100
            guard index < text.count else { return nil }
            while index < text.count {
                let byte = unsafe text[index]
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                thousandths += Int64(byte - 0x30) * scale
                scale /= 10
                index += 1
            }
        }
        let milliseconds = whole > 100_000_000_000 ? whole : whole * 1000 + thousandths
        let signed = negative ? -milliseconds : milliseconds
        guard signed >= earliest.milliseconds, signed <= latest.milliseconds else { return nil }
        return Timestamp(unchecked: signed)
    }

    /// The same as a JSON number with an exponent, such as Java's `1.7513622E9`.
    private static func exponential(_ text: UnsafeRawBufferPointer) -> Timestamp? {
        guard unsafe text.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 || $0 | 0x20 == 0x65 || $0 == 0x2e || $0 == 0x2d || $0 == 0x2b }),
            let value = Double(unsafe String(decoding: text, as: UTF8.self)), value.isFinite
        else { return nil }
        let milliseconds = (value.magnitude > 100_000_000_000 ? value : value * 1000).rounded()
        guard milliseconds >= Double(earliest.milliseconds), milliseconds <= Double(latest.milliseconds) else { return nil }
        return Timestamp(unchecked: Int64(milliseconds))
    }

    /// `2026-07-01T09:30:00.000Z`, always with milliseconds and in UTC.
    public var iso8601: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    public func append(to bytes: inout [UInt8]) { unsafe withSpelling { unsafe bytes.append(contentsOf: $0) } }

    /// Calls `body` with the 24 bytes of the spelling.
    func withSpelling<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        var days = milliseconds / 86_400_000
        var rest = milliseconds % 86_400_000
        if rest < 0 { rest += 86_400_000; days -= 1 }
        let (year, month, day) = Timestamp.civil(fromDays: days)
        return unsafe withUnsafeTemporaryAllocation(byteCount: 24, alignment: 1) { p in
            func put(_ value: Int64, at place: Int, before separator: UInt8) {
                let value = UInt32(truncatingIfNeeded: value)
                unsafe p[place] = UInt8(truncatingIfNeeded: 0x30 + value / 10)
                unsafe p[place + 1] = UInt8(truncatingIfNeeded: 0x30 + value % 10)
                unsafe p[place + 2] = separator
            }
            put(year / 100, at: 0, before: 0)
            put(year % 100, at: 2, before: 0x2d)
            put(month, at: 5, before: 0x2d)
            put(day, at: 8, before: 0x54)
            put(rest / 3_600_000, at: 11, before: 0x3a)
            put(rest / 60_000 % 60, at: 14, before: 0x3a)
            put(rest / 1000 % 60, at: 17, before: 0x2e)
            put(rest % 1000 / 10, at: 20, before: UInt8(truncatingIfNeeded: 0x30 + rest % 10))
            unsafe p[23] = 0x5a
            return unsafe body(UnsafeRawBufferPointer(p))
        }
    }

    /// The date of a day counted from 1970-01-01 in the Gregorian calendar, before its introduction too.
    ///
    /// - Note: Howard Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days` and `days_from_civil`.
    public static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// The day of a date, counted from 1970-01-01: the inverse of ``civil(fromDays:)``. The date must exist.
    public static func days(fromYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Reads the fixed-width parts of a date; every step checks its bounds, since the text comes from outside.
private struct DigitReader {
    let bytes: UnsafeRawBufferPointer
    var index = 0
    private var isLeapSecond = false

    init(bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

    private var current: UInt8? { index < bytes.count ? unsafe bytes[index] : nil }

    private mutating func digits(_ count: Int) -> Int64? {
        guard index + count <= bytes.count else { return nil }
        var value: Int64 = 0
        for _ in 0..<count {
            let byte = unsafe bytes[index]
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int64(byte - 0x30)
            index += 1
        }
        return value
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        index += 1
        return true
    }

    mutating func dateTime() -> Int64? {
        guard let year = digits(4), year >= 1, take(0x2d), let month = digits(2), month >= 1, month <= 12, take(0x2d),
            let day = digits(2), day >= 1, day <= DigitReader.length(ofMonth: month, year: year)
        else { return nil }
        let midnight = Timestamp.days(fromYear: year, month: month, day: day) * 86_400_000
        guard let separator = current else { return midnight }
        guard separator == 0x54 || separator == 0x74 || separator == 0x20 else { return nil }
        index += 1
        guard let time = time(), let offset = zone() else { return nil }
        return instant(midnight + time - offset)
    }

    /// `Tue Jul 01 2025 09:30:00 GMT+0000 (Coordinated Universal Time)` or `Tue, 01 Jul 2025 09:30:00 GMT`, the weekday unread and maybe missing.
    mutating func namedDateTime() -> Int64? {
        var month: Int64?
        if let byte = current, byte > 0x39 {
            // A weekday, or the month itself.
            month = monthName()
            _ = take(0x2c)
            skipBlanks()
            if month == nil, let byte = current, byte > 0x39 { month = monthName() }
            skipBlanks()
        }
        guard let day = day() else { return nil }
        skipBlanks()
        if month == nil {
            month = monthName()
            skipBlanks()
        }
        guard let month, let year = digits(4), year >= 1, day >= 1, day <= DigitReader.length(ofMonth: month, year: year), take(0x20) else { return nil }
        guard let time = time() else { return nil }
        skipBlanks()
        if index + 3 <= bytes.count, unsafe bytes[index..<index + 3].elementsEqual("GMT".utf8) || bytes[index..<index + 3].elementsEqual("UTC".utf8) { index += 3 }
        guard let offset = offsetBeforeRemark() else { return nil }
        return instant(Timestamp.days(fromYear: year, month: month, day: day) * 86_400_000 + time - offset)
    }

    /// Nil for a second 60 that ends no day in UTC: there are no others.
    private func instant(_ milliseconds: Int64) -> Int64? {
        guard isLeapSecond else { return milliseconds }
        let rest = milliseconds % 86_400_000
        return (rest < 0 ? rest + 86_400_000 : rest) / 1000 == 86_399 ? milliseconds : nil
    }

    /// JavaScript's name of the zone in brackets says nothing that the offset does not.
    private func offsetBeforeRemark() -> Int64? {
        let end = unsafe bytes[index...].firstIndex(of: 0x28) ?? bytes.count
        guard unsafe end == bytes.count || bytes[bytes.count - 1] == 0x29 else { return nil }
        var trimmed = end
        while trimmed > index, unsafe bytes[trimmed - 1] == 0x20 { trimmed -= 1 }
        var reader = unsafe DigitReader(bytes: UnsafeRawBufferPointer(rebasing: bytes[index..<trimmed]))
        return reader.zone()
    }

    private mutating func skipBlanks() { while current == 0x20 { index += 1 } }

    private mutating func day() -> Int64? {
        guard let first = digits(1) else { return nil }
        guard let byte = current, byte >= 0x30, byte <= 0x39 else { return first }
        return digits(1).map { first * 10 + $0 }
    }

    /// Consumes three letters, of which only a month's are of use; nil, and the letters consumed, for others.
    private mutating func monthName() -> Int64? {
        guard index + 3 <= bytes.count else { return nil }
        let word = unsafe String(decoding: bytes[index..<index + 3], as: UTF8.self)
        index += 3
        return DigitReader.months.firstIndex(of: word).map { Int64($0) + 1 }
    }
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Hours and minutes, maybe seconds and a fraction of them, in milliseconds.
    private mutating func time() -> Int64? {
        guard let hour = digits(2), hour <= 23, take(0x3a), let minute = digits(2), minute <= 59 else { return nil }
        var second: Int64 = 0
        var thousandths: Int64 = 0
        if take(0x3a) {
            // A leap second counts as the second before it: our milliseconds have none.
            guard let value = digits(2), value <= 60 else { return nil }
            isLeapSecond = value == 60
            second = min(value, 59)
            if current == 0x2e || current == 0x2c {
                index += 1
                var scale: Int64 = 100
                var seen = 0
                while let byte = current, byte >= 0x30, byte <= 0x39 {
                    thousandths += Int64(byte - 0x30) * scale
                    scale /= 10
                    seen += 1
                    index += 1
                }
                guard seen > 0 else { return nil }
            }
        }
        return hour * 3_600_000 + minute * 60_000 + second * 1000 + thousandths
    }

    /// The offset from UTC in milliseconds; none at all is UTC. What Go writes behind it, such as `+0200 CEST m=+0.1`, says nothing more.
    private mutating func zone() -> Int64? {
        while current == 0x20 { index += 1 }
        guard let sign = current else { return 0 }
        if sign == 0x5a || sign == 0x7a {
            index += 1
            return index == bytes.count ? 0 : nil
        }
        guard sign == 0x2b || sign == 0x2d else { return nil }
        index += 1
        guard let hours = digits(2), hours <= 23 else { return nil }
        let hasColon = take(0x3a)
        var minutes: Int64 = 0
        if hasColon || (current ?? 0x20) != 0x20 {
            guard let value = digits(2), value <= 59 else { return nil }
            minutes = value
        }
        if index < bytes.count {
            let words = unsafe bytes[index...].split(separator: 0x20)
            guard unsafe bytes[index] == 0x20, words.count <= 2, unsafe words.first?.allSatisfy({ $0 >= 0x41 && $0 <= 0x5a }) ?? false,
                unsafe words.count < 2 || words[1].starts(with: "m=".utf8) else { return nil }
        }
        let magnitude = hours * 3_600_000 + minutes * 60_000
        return sign == 0x2d ? -magnitude : magnitude
    }

    private static func length(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}
