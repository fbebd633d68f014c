import Columnar
import Vocabulary

/// What a measure comes to. Averages, shares and ratios stay fractions, so that no test of them rounds.
enum MeasuredValue: Sendable {
    case value(StoredValue)
    /// As an event said it; lists and objects are shown as it has them.
    case sent(StoredValue, at: LogPosition)
    /// The second is above 0.
    case fraction(ExactNumber, over: ExactNumber)

    static func holds(_ value: MeasuredValue?, _ test: ValueTest, _ clock: Clockwork) -> Bool {
        switch value {
        case .fraction(let upper, let lower): FractionTest.holds(upper, over: lower, test)
        case .value(let value), .sent(let value, _): test.holds(value, clock)
        case nil: test.holds(nil, clock)
        }
    }

    /// As a fraction; nil for what is no number.
    var fraction: (upper: ExactNumber, lower: ExactNumber)? {
        switch self {
        case .fraction(let upper, let lower): (upper, lower)
        case .value(.number(let number)), .sent(.number(let number), _): (number, ExactNumber(1))
        case .value, .sent: nil
        }
    }

    /// Nil where the divisor is 0.
    func divided(by other: MeasuredValue) -> MeasuredValue? {
        guard let a = fraction, let b = other.fraction, b.upper != ExactNumber(0) else { return nil }
        let (upper, lower) = (a.upper * b.lower, a.lower * b.upper)
        return lower < ExactNumber(0) ? .fraction(-upper, over: -lower) : .fraction(upper, over: lower)
    }

    /// As a decimal number, where it is a number; a fraction rounded to 15 digits.
    var number: ExactNumber? { fraction.flatMap { $0.lower == ExactNumber(1) ? $0.upper : $0.upper.divided(by: $0.lower) } }

    /// For sorting and drawing.
    var double: Double? { fraction.map { $0.upper.double / $0.lower.double } }
}

/// Shares, averages and ratios are compared as fractions, without dividing.
enum FractionTest {
    /// Whether `upper` / `lower` satisfies a test: each bound is multiplied by `lower`, which is above 0.
    static func holds(_ upper: ExactNumber, over lower: ExactNumber, _ test: ValueTest) -> Bool {
        func bound(_ literal: Literal) -> ExactNumber? { if case .number(let number) = literal { number * lower } else { nil } }
        switch test {
        case .equals(let l): return bound(l).map { upper == $0 } ?? false
        case .differs(let l): return bound(l).map { upper != $0 } ?? true
        case .less(let l): return bound(l).map { upper < $0 } ?? false
        case .atMost(let l): return bound(l).map { upper <= $0 } ?? false
        case .more(let l): return bound(l).map { upper > $0 } ?? false
        case .atLeast(let l): return bound(l).map { upper >= $0 } ?? false
        case .between(let a, let b): return (bound(a).map { upper >= $0 } ?? false) && (bound(b).map { upper <= $0 } ?? false)
        case .isOneOf(let all): return all.contains { bound($0).map { upper == $0 } ?? false }
        case .isNoneOf(let all): return !all.contains { bound($0).map { upper == $0 } ?? false }
        case .exists: return true
        case .remainder(let divisor, let rest):
            guard divisor > 0, let (whole, isExact) = upper.divided(by: lower)?.floor(scale: 0), isExact, ExactNumber(whole) * lower == upper else { return false }
            let remainder = whole % Int64(divisor)
            return (remainder < 0 ? remainder + Int64(divisor) : remainder) == Int64(rest)
        default: return false
        }
    }
}

extension StoredValue {
    init(time: Int64) { self = .text(Array(Timestamp(clamping: time).iso8601.utf8)) }

    /// Equal for equal values, and for no others.
    var identity: [UInt8] {
        switch self {
        case .text(let bytes): [0] + bytes
        case .number(let number): [1] + Array(number.description.utf8)
        case .boolean(let value): [2, value ? 1 : 0]
        case .array(let elements): elements.reduce([3]) { $0 + $1.identity + [0xff] }
        case .object: [4]
        }
    }

    private var rank: Int {
        switch self {
        case .text: 0
        case .number: 1
        case .boolean: 2
        case .array, .object: 3
        }
    }

    /// The most frequent of the values; of equally frequent ones the first as ``EventTest/Measure/mode(_:)`` says.
    static func mode(of values: [StoredValue]) -> StoredValue? {
        var counts: [[UInt8]: (count: Int, value: StoredValue)] = [:]
        for value in values { counts[value.identity, default: (0, value)].count += 1 }
        return counts.values.max { a, b in a.count != b.count ? a.count < b.count : b.value.precedes(a.value) }?.value
    }

    func precedes(_ other: StoredValue) -> Bool {
        if rank != other.rank { return rank < other.rank }
        return switch (self, other) {
        case (.text(let a), .text(let b)): a.lexicographicallyPrecedes(b)
        case (.number(let a), .number(let b)): a < b
        case (.boolean(let a), .boolean(let b)): !a && b
        default: identity.lexicographicallyPrecedes(other.identity)
        }
    }
}
