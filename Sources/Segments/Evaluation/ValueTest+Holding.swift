import Vocabulary

extension ValueTest {
    /// Whether a value, or the lack of one, satisfies the test.
    ///
    /// Of a list some element must satisfy `=`, `in` and `contains`, and none what their opposites deny; other tests are false of lists.
    func holds(_ value: StoredValue?, _ clock: Clockwork) -> Bool {
        switch self {
        case .exists: return value != nil
        case .isMissing: return value == nil
        case .isTrueOrUnknown: return value.map { if case .boolean(true) = $0 { true } else { false } } ?? true
        case .isFalseOrUnknown: return value.map { if case .boolean(false) = $0 { true } else { false } } ?? true
        default: break
        }
        guard let value else { return false }
        if case .elements(let test) = self { return test.holds(value, clock) }
        guard case .array(let elements) = value else { return holdsOne(value, clock) }
        switch self {
        case .equals, .isOneOf, .contains, .equalsFolded: return elements.contains { $0.isScalar && holdsOne($0, clock) }
        case .differs, .isNoneOf, .omits: return elements.allSatisfy { !$0.isScalar || holdsOne($0, clock) }
        default: return false
        }
    }

    private func holdsOne(_ value: StoredValue, _ clock: Clockwork) -> Bool {
        switch self {
        case .equals(let literal): ValueTest.isEqual(value, literal)
        case .differs(let literal): !ValueTest.isEqual(value, literal)
        case .isOneOf(let literals): literals.contains { ValueTest.isEqual(value, $0) }
        case .isNoneOf(let literals): !literals.contains { ValueTest.isEqual(value, $0) }
        case .less(let literal): ValueTest.compare(value, literal).map { $0 < 0 } ?? false
        case .atMost(let literal): ValueTest.compare(value, literal).map { $0 <= 0 } ?? false
        case .more(let literal): ValueTest.compare(value, literal).map { $0 > 0 } ?? false
        case .atLeast(let literal): ValueTest.compare(value, literal).map { $0 >= 0 } ?? false
        case .between(let low, let high):
            ValueTest.compare(value, low).map { $0 >= 0 } ?? false && ValueTest.compare(value, high).map { $0 <= 0 } ?? false
        case .remainder(let divisor, let rest): ValueTest.remainder(value, divisor) == rest
        case .contains, .omits, .starts, .ends, .equalsFolded, .matches: holdsText(value)
        case .withinLast, .withinNext, .beforeLast, .afterNext, .anniversaryWithinNext: value.instant.map { holdsInstant($0, clock) } ?? false
        case .exists, .isMissing, .isTrueOrUnknown, .isFalseOrUnknown, .elements: false
        }
    }

    private func holdsText(_ value: StoredValue) -> Bool {
        guard case .text(let bytes) = value else { if case .omits = self { return true } else { return false } }
        switch self {
        case .contains(let needles, let fold): return needles.contains { TextFolding.contains(bytes, $0, fold: fold) }
        case .omits(let needles, let fold): return !needles.contains { TextFolding.contains(bytes, $0, fold: fold) }
        case .starts(let text, let fold): return TextFolding.form(bytes, fold).starts(with: TextFolding.form(Array(text.utf8), fold))
        case .ends(let text, let fold): return TextFolding.form(bytes, fold).reversed().starts(with: TextFolding.form(Array(text.utf8), fold).reversed())
        case .equalsFolded(let text, let fold): return TextFolding.form(bytes, fold) == TextFolding.form(Array(text.utf8), fold)
        case .matches(let pattern): return (try? TextPattern(pattern))?.matches(String(decoding: bytes, as: UTF8.self)) ?? false
        default: return false
        }
    }

    private func holdsInstant(_ instant: Timestamp, _ clock: Clockwork) -> Bool {
        let time = instant.milliseconds
        let now = clock.now
        switch self {
        case .withinLast(let period): return time >= clock.rules.instant(period, before: now) && time < now
        case .withinNext(let period): return time >= now && time <= clock.rules.instant(period, after: now)
        case .beforeLast(let period): return time < clock.rules.instant(period, before: now)
        case .afterNext(let period): return time > clock.rules.instant(period, after: now)
        case .anniversaryWithinNext(let days): return clock.isAnniversary(of: time, withinNext: days)
        default: return false
        }
    }

    private static func isEqual(_ value: StoredValue, _ literal: Literal) -> Bool {
        switch (value, literal) {
        case (.text(let bytes), .text(let text)): bytes.elementsEqual(text.utf8)
        case (.number(let a), .number(let b)): a == b
        case (.boolean(let a), .boolean(let b)): a == b
        case (.text, .instant(let instant)): value.instant == instant
        case (.text(let bytes), .version(let text)): VersionNumber(bytes).map { $0 == VersionNumber(text.utf8) } ?? false
        default: false
        }
    }

    /// Below, at or above 0 as the value is less than, equal to or more than the literal; nil where they cannot be compared.
    private static func compare(_ value: StoredValue, _ literal: Literal) -> Int? {
        switch (value, literal) {
        case (.number(let a), .number(let b)): return a < b ? -1 : a == b ? 0 : 1
        case (.text, .instant(let b)): return value.instant.map { $0 < b ? -1 : $0 == b ? 0 : 1 }
        case (.text(let bytes), .version(let text)):
            guard let a = VersionNumber(bytes), let b = VersionNumber(text.utf8) else { return nil }
            return a < b ? -1 : a == b ? 0 : 1
        default: return nil
        }
    }

    /// The rest of a whole number that fits 64 bits, from 0 up; nil for others.
    private static func remainder(_ value: StoredValue, _ divisor: Int) -> Int? {
        guard case .number(let number) = value, divisor > 0, case let (whole, isExact) = number.floor(scale: 0), isExact else { return nil }
        let rest = Int(whole % Int64(divisor))
        return rest < 0 ? rest + divisor : rest
    }
}

/// A moment with its zone's rules: what tests of time need.
struct Clockwork: Sendable {
    /// Milliseconds since 1970.
    let now: Int64
    let rules: ZoneRules

    /// Whether the day and month of an instant (read in UTC, as dates are sent) come round on one of the next days, today included.
    func isAnniversary(of time: Int64, withinNext days: Int) -> Bool {
        let born = CivilDay(number: ZoneRules.utc.day(of: time))
        let today = rules.day(of: now)
        guard days > 0 else { return false }
        // At most 366 steps, and only as many as are asked for.
        for offset in 0..<min(days, 366) {
            let day = CivilDay(number: today + Int64(offset))
            if day.month == born.month, day.day == born.day { return true }
            // Born on 29 February: in other years on the 28th.
            if born.month == 2, born.day == 29, day.month == 2, day.day == 28, !CivilDay.isLeap(day.year) { return true }
        }
        return false
    }
}

/// A day of the Gregorian calendar.
struct CivilDay {
    let year: Int64
    let month: Int64
    let day: Int64

    /// - Parameter number: days since 1970-01-01.
    init(number: Int64) { (year, month, day) = Timestamp.civil(fromDays: number) }

    static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
}

/// Comparing texts as they are or folded.
enum TextFolding {
    static func form(_ bytes: [UInt8], _ fold: Folding) -> [UInt8] {
        if fold == .none { return bytes }
        if bytes.allSatisfy({ $0 < 0x80 }) { return bytes.map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 } }
        let text = String(decoding: bytes, as: UTF8.self)
        return Array((fold == .accents ? AccentFolding.folded(text) : CaseFolding.folded(text)).utf8)
    }

    static func contains(_ haystack: [UInt8], _ needle: String, fold: Folding) -> Bool {
        let text = form(haystack, fold)
        let wanted = form(Array(needle.utf8), fold)
        guard !wanted.isEmpty else { return true }
        guard text.count >= wanted.count else { return false }
        for start in 0...(text.count - wanted.count) where text[start] == wanted[0] && text[start..<start + wanted.count].elementsEqual(wanted) { return true }
        return false
    }
}
