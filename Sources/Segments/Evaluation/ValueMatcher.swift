import Columnar
import Vocabulary

/// A test of values prepared for one column: which codes satisfy it, and which numbers.
struct ValueMatcher: Sendable {
    /// Which codes satisfy the test; 0 does not.
    let truths: CodeTruths
    /// Whether no value satisfies the test.
    let acceptsMissing: Bool
    /// By code, when a date satisfies the test otherwise; empty where time changes nothing.
    let flips: [Int64]
    private let test: ValueTest
    private let clock: Clockwork
    var isRelative: Bool { test.isRelative }
    /// When everyone must be asked again, since days are counted.
    var recheck: Int64? { test.isCalendar ? clock.rules.nextStart(of: .day, after: clock.now) : nil }

    /// - Parameters:
    ///   - dictionary: nil where no place has a code.
    ///   - present: the codes that occur, where those are few: no others are looked at.
    init(_ test: ValueTest, _ dictionary: ValueDictionary?, _ clock: Clockwork, present: Set<UInt32>? = nil) {
        self.test = test
        self.clock = clock
        acceptsMissing = test.holds(nil, clock)
        if let dictionary, let present {
            (truths, flips) = ValueMatcher.few(test, dictionary, clock, present)
            return
        }
        truths = CodeTruths(dictionary.map { ValueMatcher.truths(test, $0, clock) } ?? [0])
        let times = test.period == nil ? [] : dictionary?.instants(ValueMatcher.instant) ?? []
        flips = times.isEmpty ? [] : [.max] + times.map { $0 == .min ? .max : test.flip(of: $0, clock) }
    }

    private static func few(_ test: ValueTest, _ dictionary: ValueDictionary, _ clock: Clockwork, _ present: Set<UInt32>) -> (CodeTruths, [Int64]) {
        let known = present.filter { $0 != ValueDictionary.overflow }
        let count = Int(known.max() ?? 0) + 1
        var truths = [UInt8](repeating: 0, count: count)
        var flips = [Int64](repeating: .max, count: test.period == nil ? 0 : count)
        for code in known {
            guard let (kind, content) = dictionary.value(code) else { continue }
            let value = StoredValue(kind: kind, content: content)
            truths[Int(code)] = test.holds(value, clock) ? 1 : 0
            if !flips.isEmpty, let time = value?.instant { flips[Int(code)] = test.flip(of: time.milliseconds, clock) }
        }
        return (CodeTruths(truths), flips)
    }

    private static func instant(_ content: UnsafeRawBufferPointer) -> Int64 { unsafe Timestamp(text: content)?.milliseconds ?? .min }

    private static func truths(_ test: ValueTest, _ dictionary: ValueDictionary, _ clock: Clockwork) -> [UInt8] {
        var truths = [UInt8](repeating: 0, count: dictionary.count + 1)
        // Equal texts are looked up; where there are lists too, each must be looked into.
        if let texts = test.plainTexts, !dictionary.hasArrays {
            for text in texts { if let code = dictionary.find(.text, Array(text.utf8)), Int(code) < truths.count { truths[Int(code)] = 1 } }
            return truths
        }
        if let bounds = test.instants {
            let times = dictionary.instants(instant)
            let (low, high) = (max(bounds.lowerBound, Int64.min + 1), bounds.upperBound)
            for index in 0..<min(times.count, truths.count - 1) where times[index] >= low && times[index] <= high { truths[index + 1] = 1 }
            if !dictionary.hasArrays { return truths }
        }
        dictionary.forEach { code, kind, content in
            guard Int(code) < truths.count else { return }
            truths[Int(code)] = unsafe test.holds(StoredValue(kind: kind, content: Array(content)), clock) ? 1 : 0
        }
        return truths
    }

    /// Which numbers of a scale satisfy the test; nil where that is not a few ranges.
    func ranges(scale: Int) -> NumberRanges? { test.ranges(scale: scale) }

    func holds(_ value: StoredValue?) -> Bool { test.holds(value, clock) }

    /// The next moment at which a value satisfies the test otherwise; `Int64.max` where none comes.
    func flip(of value: StoredValue?) -> Int64 { value?.instant.map { test.flip(of: $0.milliseconds, clock) } ?? .max }

    /// The places of a column that satisfy the test, a bit each.
    ///
    /// - Parameters:
    ///   - column: nil where no place has a value.
    ///   - among: which places are asked about, a bit each; of others the answer may be either. Nil for all of them.
    ///   - fromLog: answers for a place whose value is only in the log.
    func words(_ column: Column?, count: Int, among: [UInt64]? = nil, fromLog: (Int) -> Bool) -> [UInt64] {
        let wordCount = (count + 63) / 64
        guard let column else { return ValueMatcher.every(acceptsMissing, count) }
        var words = [UInt64](repeating: 0, count: wordCount)
        if let codes = column.codes {
            codes.test(truths, among: among, into: &words)
            if case .wide(let all) = codes {
                for index in all.indices where all[index] == ValueDictionary.overflow && fromLog(index) { words[index >> 6] |= 1 << UInt64(index & 63) }
            }
        }
        if let numbers = column.numbers { addNumbers(numbers, to: &words) }
        if acceptsMissing {
            var scratch = [UInt64](repeating: 0, count: wordCount)
            var missing = ValueMatcher.every(true, count)
            if let codes = column.codes {
                codes.test(CodeTruths([1]), into: &scratch)
                for index in missing.indices { missing[index] &= scratch[index] }
            }
            if let numbers = column.numbers {
                numbers.test(from: Int64.min + 1, to: .max, into: &scratch)
                for index in missing.indices { missing[index] &= ~scratch[index] }
            }
            for index in words.indices { words[index] |= missing[index] }
        }
        return words
    }

    private func addNumbers(_ numbers: Numbers, to words: inout [UInt64]) {
        if let ranges = ranges(scale: numbers.scale) {
            var scratch = [UInt64](repeating: 0, count: words.count)
            for range in ranges.ranges {
                numbers.test(from: range.lowerBound, to: range.upperBound, into: &scratch)
                for index in words.indices { words[index] |= scratch[index] }
            }
            return
        }
        for index in 0..<numbers.count where numbers[index] != Numbers.none && holds(.number(ExactNumber(numbers[index], scale: numbers.scale))) {
            words[index >> 6] |= 1 << UInt64(index & 63)
        }
    }

    static func every(_ value: Bool, _ count: Int) -> [UInt64] { EventMask(count: count, all: value).words }

    /// Whether one place satisfies the test.
    func holds(_ value: Column.Value, fromLog: () -> Bool) -> Bool {
        switch value {
        case .none: acceptsMissing
        case .code(ValueDictionary.overflow): fromLog()
        case .code(let code): truths.contains(code)
        case .number(let number, let scale): holds(.number(ExactNumber(number, scale: scale)))
        }
    }
}

extension ValueTest {
    /// The texts of which a value must be one, where that is all the test says.
    fileprivate var plainTexts: [String]? {
        switch self {
        case .equals(.text(let text)): return [text]
        case .isOneOf(let literals):
            let texts = literals.compactMap { if case .text(let text) = $0 { text } else { nil } }
            return texts.count == literals.count ? texts : nil
        default: return nil
        }
    }

    /// The milliseconds of which a date must be one, where that is all the test says.
    fileprivate var instants: ClosedRange<Int64>? {
        switch self {
        case .equals(.instant(let t)): t.milliseconds...t.milliseconds
        case .less(.instant(let t)): Int64.min + 1...t.milliseconds - 1
        case .atMost(.instant(let t)): Int64.min + 1...t.milliseconds
        case .more(.instant(let t)): t.milliseconds + 1...Int64.max
        case .atLeast(.instant(let t)): t.milliseconds...Int64.max
        case .between(.instant(let a), .instant(let b)): a <= b ? a.milliseconds...b.milliseconds : nil
        default: nil
        }
    }

    /// Which whole numbers of 10^-scale satisfy the test; nil where it is not a matter of ranges.
    func ranges(scale: Int) -> NumberRanges? {
        let low = Int64.min + 1
        func upTo(_ number: ExactNumber, including: Bool) -> NumberRanges {
            let (floor, isExact) = number.floor(scale: scale)
            let last = isExact && !including ? (floor == .min ? floor : floor - 1) : floor
            return last >= low ? NumberRanges([low...last]) : .none
        }
        func from(_ number: ExactNumber, including: Bool) -> NumberRanges {
            let (floor, isExact) = number.floor(scale: scale)
            if floor == .max, !isExact { return .none }
            let first = isExact && including ? floor : floor == .max ? floor : floor + 1
            if floor == .max, !including { return .none }
            return NumberRanges([max(low, first)...Int64.max])
        }
        func points(_ literals: [Literal]) -> [Int64] {
            literals.compactMap { literal in
                guard case .number(let number) = literal, case let (value, isExact) = number.floor(scale: scale), isExact else { return nil }
                return value
            }
        }
        switch self {
        case .equals(let literal): return NumberRanges(points([literal]).map { $0...$0 })
        case .isOneOf(let literals): return NumberRanges(Set(points(literals)).sorted().map { $0...$0 })
        case .differs(let literal): return NumberRanges(points([literal]).map { $0...$0 }).inverted
        case .isNoneOf(let literals): return NumberRanges(Set(points(literals)).sorted().map { $0...$0 }).inverted
        case .less(.number(let n)): return upTo(n, including: false)
        case .atMost(.number(let n)): return upTo(n, including: true)
        case .more(.number(let n)): return from(n, including: false)
        case .atLeast(.number(let n)): return from(n, including: true)
        case .between(.number(let a), .number(let b)):
            guard let first = from(a, including: true).ranges.first, let last = upTo(b, including: true).ranges.first, first.lowerBound <= last.upperBound else { return NumberRanges.none }
            return NumberRanges([first.lowerBound...last.upperBound])
        case .exists, .omits: return .all
        case .remainder: return nil
        default: return NumberRanges.none
        }
    }
}
