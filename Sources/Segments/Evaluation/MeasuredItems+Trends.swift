import Columnar
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Vocabulary

/// Measures in which time itself counts.
extension MeasuredItems {
    private var end: Int64 { min(bounds.to, clock.now) }

    func rate(_ unit: Period.Unit) -> MeasuredValue {
        let from = bounds.from == .min ? times.min() ?? end : bounds.from
        let span = max(end - from, unit.rateMilliseconds)
        return .fraction(ExactNumber(Int64(items.count)) * ExactNumber(unit.rateMilliseconds), over: ExactNumber(span))
    }

    /// - Parameter values: in the order of time, so that the sum is the same wherever it is made.
    func decayed(_ values: [(time: Int64, value: Double)], _ halfLife: Period) -> MeasuredValue {
        let length = Double(max(1, halfLife.milliseconds ?? 1))
        return .value(.number(Decay.rounded(values.reduce(0) { $0 + $1.value * exp2(-Double(clock.now - $1.time) / length) })))
    }

    /// Counted from the newest event on, since all decay alike: which value is first does not change by waiting.
    func affinity(_ halfLife: Period) -> MeasuredValue? {
        let length = Double(max(1, halfLife.milliseconds ?? 1))
        let newest = times.max() ?? 0
        var scores: [[UInt8]: (score: Double, value: StoredValue)] = [:]
        for item in inOrder {
            guard let value = value(item), value.isScalar else { continue }
            scores[value.identity, default: (0, value)].score += exp2(-Double(newest - place(item).time) / length)
        }
        let rounded = scores.values.map { (score: ($0.score * Decay.places).rounded(), value: $0.value) }
        return rounded.max { a, b in a.score != b.score ? a.score < b.score : b.value.precedes(a.value) }.map { .value($0.value) }
    }

    func slope() -> MeasuredValue? {
        var points: [(x: ExactNumber, y: ExactNumber)] = []
        let begin = times.min() ?? 0
        for item in items { if case .number(let number) = value(item) { points.append((ExactNumber(place(item).time - begin), number)) } }
        return MeasuredItems.slope(points, per: ExactNumber(86_400_000))
    }

    func trend(_ unit: Period.Unit) -> MeasuredValue? {
        let rules = clock.rules
        let first: Int64
        if bounds.from == .min { first = rules.number(of: unit, holding: times.min() ?? end) } else {
            // One that begins with the window lies wholly in it; else the next one is the first.
            first = rules.number(of: unit, holding: bounds.from) + (rules.start(of: unit, holding: bounds.from) == bounds.from ? 0 : 1)
        }
        let last = rules.number(of: unit, holding: end) - 1
        guard last > first, last - first < 100_000 else { return nil }
        var counts = [Int64](repeating: 0, count: Int(last - first) + 1)
        for time in times {
            let number = rules.number(of: unit, holding: time)
            if number >= first, number <= last { counts[Int(number - first)] += 1 }
        }
        return MeasuredItems.slope(counts.enumerated().map { (ExactNumber(Int64($0)), ExactNumber($1)) }, per: ExactNumber(1))
    }

    /// The slope of the line that fits points best, as a fraction; nil where they have fewer than two different x.
    private static func slope(_ points: [(x: ExactNumber, y: ExactNumber)], per unit: ExactNumber) -> MeasuredValue? {
        let n = ExactNumber(Int64(points.count))
        func sum(_ value: ((x: ExactNumber, y: ExactNumber)) -> ExactNumber) -> ExactNumber { points.reduce(ExactNumber(0)) { $0 + value($1) } }
        let (x, y) = (sum(\.x), sum(\.y))
        let lower = n * sum { $0.x * $0.x } + -(x * x)
        guard lower > ExactNumber(0) else { return nil }
        return .fraction((n * sum { $0.x * $0.y } + -(x * y)) * unit, over: lower)
    }
}

extension Period.Unit {
    /// A day, a week, or a twelfth of 365.2425 days.
    var rateMilliseconds: Int64 {
        switch self {
        case .day: 86_400_000
        case .week: 604_800_000
        default: 2_629_746_000
        }
    }
}

/// Values that become half of themselves.
enum Decay {
    /// Decayed values are rounded to nine decimals.
    static let places = 1e9

    static func rounded(_ value: Double) -> ExactNumber {
        guard value.isFinite else { return ExactNumber(0) }
        let scaled = (value * places).rounded()
        return abs(scaled) < 9e15 ? ExactNumber(Int64(scaled), scale: 9) : ExactNumber(json: "\(value)".utf8) ?? ExactNumber(0)
    }
}

extension SlowEventPlan {
    /// Calls `note` with moments close before which, or at which, a measure that changes by itself comes to one of the numbers that the test names. Whoever asks again at them is told the next ones.
    func crossings(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) {
        let bounds = test.test.literals.compactMap { if case .number(let number) = $0 { number.double } else { nil } }
        guard test.measure.isContinuous, !bounds.isEmpty else { return }
        let measured = measurer.part(scope)
        measured.having.intersection(among).forEach { row in
            guard let value = measured.value(row)?.double else { return }
            for bound in bounds {
                for wait in waits(from: value, to: bound, measured, row) where wait.isFinite && wait < 1e14 { note(row, clock.now + max(1, Int64(wait))) }
            }
        }
    }

    /// In milliseconds from now.
    private func waits(from value: Double, to bound: Double, _ measured: MeasuredPart, _ row: Int) -> [Double] {
        switch test.measure {
        case .decayedCount(let halfLife), .decayedSum(_, let halfLife):
            // Half a unit of the last decimal on both sides, since the value is rounded.
            return [bound + 0.5 / Decay.places, bound - 0.5 / Decay.places].flatMap { edge -> [Double] in
                guard edge != 0, value / edge > 1 else { return [] }
                let wait = log2(value / edge) * Double(halfLife.milliseconds ?? 1)
                return [wait.rounded(.down), wait.rounded(.up)]
            }
        case .rate(let unit):
            // What moves with the moment keeps its length; what has a fixed beginning grows, and the rate falls with it.
            if case .ago = test.window.from { return [] }
            // One that comes to the number exactly is below it a moment later.
            guard let span = measured.span(row), bound > 0, value >= bound else { return [] }
            let wait = Double(max(span, unit.rateMilliseconds)) * (value / bound) - Double(span)
            return [wait.rounded(.down), wait.rounded(.up)]
        default: return []
        }
    }

    /// When a day, week or month of a trend comes wholly into the window, or leaves it.
    var trendRecheck: Int64? {
        guard case .trend(let unit) = test.measure else { return nil }
        let rules = clock.rules
        var moments = [rules.nextStart(of: unit, after: clock.now)]
        for case .ago(let period)? in [test.window.from, test.window.to] {
            let start = rules.start(of: unit, holding: rules.instant(period, before: clock.now))
            let next = rules.nextStart(of: unit, after: rules.instant(period, before: clock.now))
            for edge in [start, next] { moments += [clock.leaving(edge, period) - 1, clock.leaving(edge, period)] }
        }
        return moments.filter { $0 > clock.now }.min()
    }
}
