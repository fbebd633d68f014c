public import Vocabulary

extension ValueTest {
    /// The literals in it.
    var literals: [Literal] {
        switch self {
        case .equals(let value), .differs(let value), .less(let value), .atMost(let value), .more(let value), .atLeast(let value): [value]
        case .between(let lower, let upper): [lower, upper]
        case .isOneOf(let values), .isNoneOf(let values): values
        default: []
        }
    }

    /// The texts that are looked for.
    var texts: [String] {
        switch self {
        case .contains(let texts, _), .omits(let texts, _): texts
        case .starts(let text, _), .ends(let text, _), .equalsFolded(let text, _), .matches(let text): [text]
        default: []
        }
    }

    /// What keeps this test from being asked.
    var fault: Explanation? {
        for case .number(let number) in literals where !NumberSize.isFit(number) {
            return Explanation(code: "segments.bad-number", problem: "This number is too large or too small.", remedy: "Numbers may have up to 400 digits before and behind the point.")
        }
        if let fault = literals.lazy.compactMap(\.versionFault).first { return fault }
        switch self {
        case .isOneOf(let values), .isNoneOf(let values): return values.isEmpty ? .emptyList : nil
        case .less(let value), .atMost(let value), .more(let value), .atLeast(let value): return ValueTest.orderFault(value)
        case .between(let lower, let upper): return ValueTest.orderFault(lower) ?? ValueTest.orderFault(upper) ?? ValueTest.rangeFault(lower, upper)
        case .contains(let texts, _), .omits(let texts, _): return texts.isEmpty ? .emptyList : texts.contains("") ? ValueTest.emptyText : nil
        case .starts(let text, _), .ends(let text, _): return text.isEmpty ? ValueTest.emptyText : nil
        case .matches(let pattern): return TextPattern.fault(of: pattern)
        case .withinLast(let period), .withinNext(let period), .beforeLast(let period), .afterNext(let period): return period.fault ?? period.zeroFault
        case .anniversaryWithinNext(let days):
            return 1...366 ~= days ? nil : Explanation(code: "segments.anniversary-range", problem: "Anniversaries are looked for in the next 1 to 366 days.", remedy: "Write `anniversary within next 7 days`.")
        case .remainder(let divisor, let rest):
            if divisor >= 1, divisor <= 1_000_000_000, rest >= 0, rest < divisor { return nil }
            return Explanation(code: "segments.remainder-range", problem: "No number leaves this remainder.", remedy: "Divide by 1 or more; the remainder lies between 0 and the divisor less 1.")
        case .elements(let test): return test.fault
        case .equals, .differs, .equalsFolded, .exists, .isMissing, .isTrueOrUnknown, .isFalseOrUnknown: return nil
        }
    }

    /// A number of times cannot be below 0.
    static func countFault(_ test: ValueTest) -> Explanation? {
        for case .number(let number) in test.literals where number < ExactNumber(0) {
            return Explanation(code: "segments.negative-count", problem: "Nothing happens less than 0 times.", remedy: "Write 0 or more.")
        }
        return nil
    }

    private static let emptyText = Explanation(code: "segments.empty-text", problem: "Every text contains, begins and ends with the empty text.", remedy: "Write at least one letter, or use `exists`.")

    private static func orderFault(_ literal: Literal) -> Explanation? {
        switch literal {
        case .number, .instant, .version: nil
        case .text, .boolean:
            Explanation(
                code: "segments.not-ordered", problem: "Only numbers, dates and versions have an order.", remedy: "Write a number, a date without quotes as in `> 2026-05-31`, or `>= version \"2.10\"`.")
        }
    }

    private static func rangeFault(_ lower: Literal, _ upper: Literal) -> Explanation? {
        let isReversed: Bool
        switch (lower, upper) {
        case (.number(let a), .number(let b)): isReversed = b < a
        case (.instant(let a), .instant(let b)): isReversed = b < a
        case (.version(let a), .version(let b)): isReversed = VersionNumber(b.utf8).flatMap { b in VersionNumber(a.utf8).map { b < $0 } } ?? false
        default:
            return Explanation(code: "segments.mixed-range", problem: "The ends of this range are of two kinds.", remedy: "Write two numbers, two dates or two versions.")
        }
        return isReversed ? Explanation(code: "segments.reversed-range", problem: "This range ends before it begins.", remedy: "Write the smaller value first.") : nil
    }
}

extension Literal {
    /// Nil for all but versions that are none.
    var versionFault: Explanation? {
        guard case .version(let text) = self, VersionNumber(text.utf8) == nil else { return nil }
        return Explanation(code: "segments.bad-version", problem: "This is no version.", remedy: "Write numbers between dots, as in `version \"2.10.0\"` or `version \"3.0-beta.2\"`.")
    }
}

extension Period {
    var fault: Explanation? {
        0...1_000_000 ~= count ? nil : Explanation(code: "segments.period-range", problem: "Periods have 0 to 1,000,000 units.", remedy: "Write a number in that range, or a larger unit.")
    }

    var zeroFault: Explanation? {
        count == 0 ? Explanation(code: "segments.zero-period", problem: "Nothing happens within no time.", remedy: "Write a period of 1 or more.") : nil
    }
}

extension WindowBound {
    var fault: Explanation? {
        switch self {
        case .ago(let period): return period.fault
        case .instant: return nil
        case .start(let unit, let count):
            if unit.isCalendar, abs(count) <= 1_000_000 { return nil }
            return Explanation(code: "segments.bad-bound", problem: "A window may begin with a day, week, month, quarter or year, at most 1,000,000 away.", remedy: "Write `start of last month`, or `24 hours ago`.")
        }
    }
}

extension Window {
    var fault: Explanation? {
        if let fault = from?.fault ?? to?.fault { return fault }
        let isReversed: Bool
        switch (from, to) {
        case (.ago(let period), nil): return period.zeroFault
        case (.instant(let a), .instant(let b)): isReversed = a >= b
        case (.ago(let a), .ago(let b)): if let a = a.milliseconds, let b = b.milliseconds { isReversed = a <= b } else { isReversed = a.unit == b.unit && a.count <= b.count }
        case (.start(let unit, let a), .start(let other, let b)): isReversed = unit == other && a >= b
        default: isReversed = false
        }
        return isReversed ? Explanation(code: "segments.reversed-range", problem: "This window ends before it begins, or at once.", remedy: "Write the earlier end first.") : nil
    }

    /// With the member of the JSON form at which it stands.
    var faults: [(pointer: String, Explanation)] {
        if from?.fault == nil, let fault = to?.fault { return [("/to", fault)] }
        return fault.map { [(from.isLast(to) ? "/last" : "/from", $0)] } ?? []
    }
}

extension WindowBound? {
    /// Whether the JSON form writes this beginning, with that end, as `last`.
    func isLast(_ to: WindowBound?) -> Bool {
        if case .ago? = self, to == nil { true } else { false }
    }
}

extension TimeZoneName {
    /// Nil when this machine knows the zone.
    public var fault: Explanation? {
        do {
            _ = try ZoneRules.named(self)
            return nil
        } catch { return error.explanation }
    }
}
