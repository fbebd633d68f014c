import Columnar
import Profiles
import Vocabulary

extension EventTest: PlannedTest {
    func makePlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan {
        let patterns = compiler.patterns(pattern)
        let bounds = compiler.bounds(window)
        // Making the loops ready takes longer than one person's events do.
        if compiler.present == nil, pattern.sessionGap == nil, let quick = quickPlan(patterns, bounds, &compiler) { return quick }
        return slowPlan(patterns, bounds, &compiler)
    }

    /// A plan of loops over one table's columns, for the measures that have one; nil where several tables or odd values ask for the general way.
    private func quickPlan(_ patterns: [TablePattern], _ bounds: TimeBounds, _ compiler: inout PlanCompiler) -> (any Plan)? {
        let slow = slowPlan(patterns, bounds, &compiler)
        func plan(_ pattern: TablePattern, _ kernel: MeasureKernel, none: Bool) -> any Plan {
            MeasurePlan(pattern: pattern, bounds: bounds, kernel: kernel, acceptsNone: none, clock: compiler.clock, slow: slow)
        }
        guard patterns.count == 1, let pattern = patterns.first else {
            // Without any such event every measure is that of nothing; whether someone did one of several things is a union.
            if patterns.isEmpty { return ConstantPlan(value: test.holds(measure.none, compiler.clock)) }
            if measure == .count, test == .atLeast(.number(ExactNumber(1))) {
                return AnyPlan(patterns.map { plan($0, .count(NumberRanges([1...Int64.max])), none: false) })
            }
            return nil
        }
        let acceptsNone = test.holds(measure.none, compiler.clock)
        /// What is not in the ranges is answered by the rows that are: so those without events need no look.
        func ranges(scale: Int) -> NumberRanges? { test.ranges(scale: scale).map { acceptsNone ? $0.inverted : $0 } }
        switch measure {
        case .count: return ranges(scale: 0).map { plan(pattern, .count($0), none: acceptsNone) }
        case .firstTime, .lastTime:
            guard let times = instantRanges(compiler.clock) else { return nil }
            return plan(pattern, .time(isFirst: measure == .firstTime, acceptsNone ? times.inverted : times), none: acceptsNone)
        case .sum(let path), .minimum(let path), .maximum(let path):
            guard let (column, dictionary) = compiler.view.catalog.column(Array(path.utf8), of: pattern.table), !dictionary.hasWideNumbers, test.ranges(scale: 0) != nil else { return nil }
            compiler.needs.add(column, of: pattern.table)
            let reduction: Run.Reduction = if case .sum = measure { .sum } else if case .minimum = measure { .minimum } else { .maximum }
            return plan(pattern, .reduce(column, reduction, test, isInverted: acceptsNone), none: acceptsNone)
        case .distinct(let path):
            guard let (column, dictionary) = compiler.view.catalog.column(Array(path.utf8), of: pattern.table), !dictionary.hasOverflowed,
                !dictionary.hasWideNumbers, dictionary.hasOnlyScalars, let ranges = ranges(scale: 0)
            else { return nil }
            compiler.needs.add(column, of: pattern.table)
            return plan(pattern, .distinct(column, codeCount: dictionary.count, ranges), none: acceptsNone)
        case .mode(let path):
            guard !acceptsNone, let (column, dictionary) = compiler.view.catalog.column(Array(path.utf8), of: pattern.table), !dictionary.hasOverflowed,
                !dictionary.hasWideNumbers, dictionary.hasOnlyScalars, dictionary.count < 100_000
            else { return nil }
            compiler.needs.add(column, of: pattern.table)
            return plan(pattern, .mode(column, ValueMatcher(test, dictionary, compiler.clock).truths.table, dictionary.ranks()), none: false)
        case .average, .percentile, .first, .last, .days, .share, .list, .streak, .rate, .decayedCount, .decayedSum, .latest, .slope, .trend, .affinity: return nil
        }
    }

    /// Which times satisfy the test, in milliseconds; nil where that is not a range.
    private func instantRanges(_ clock: Clockwork) -> NumberRanges? {
        func range(_ low: Int64, _ high: Int64) -> NumberRanges { low <= high ? NumberRanges([low...high]) : .none }
        let first = Int64.min + 1
        return switch test {
        case .equals(.instant(let t)): range(t.milliseconds, t.milliseconds)
        case .less(.instant(let t)): range(first, t.milliseconds - 1)
        case .atMost(.instant(let t)): range(first, t.milliseconds)
        case .more(.instant(let t)): range(t.milliseconds + 1, .max)
        case .atLeast(.instant(let t)): range(t.milliseconds, .max)
        case .between(.instant(let a), .instant(let b)): range(a.milliseconds, b.milliseconds)
        case .withinLast(let period): range(clock.rules.instant(period, before: clock.now), clock.now - 1)
        case .beforeLast(let period): range(first, clock.rules.instant(period, before: clock.now) - 1)
        case .exists: .all
        case .isMissing: NumberRanges.none
        default: nil
        }
    }
}

struct ConstantPlan: Plan {
    let value: Bool
    var cost: Int { 0 }
    func rows(in scope: PartScope, among: RowSet) -> RowSet { value ? among : RowSet() }
}

/// What is measured of a slot's events, by which loop.
enum MeasureKernel: Sendable {
    case count(NumberRanges)
    case time(isFirst: Bool, NumberRanges)
    /// The test is kept until the column's scale is known; inverted where rows without events satisfy it.
    case reduce(Int, Run.Reduction, ValueTest, isInverted: Bool)
    case distinct(Int, codeCount: Int, NumberRanges)
    case mode(Int, [UInt8], [UInt32])
}

/// One table's events measured by one loop.
struct MeasurePlan: Plan {
    let pattern: TablePattern
    let bounds: TimeBounds
    let kernel: MeasureKernel
    /// Whether rows without such events satisfy the test; the kernel then finds those that do not.
    let acceptsNone: Bool
    let clock: Clockwork
    /// For parts whose columns have values that the loop does not know.
    let slow: SlowEventPlan

    var cost: Int {
        switch kernel {
        case .count, .time: 10 + (pattern.filter == nil ? 0 : 20)
        case .reduce: 30
        case .distinct, .mode: 60
        }
    }

    func rows(in scope: PartScope, among: RowSet) -> RowSet {
        var hits = RowSet()
        let runs = scope.runs(of: pattern.table)
        if case .mode(let number, _, _) = kernel, runs.contains(where: { number < $0.run.columns.count && $0.run.columns[number]?.numbers != nil }) {
            return slow.rows(in: scope, among: among)
        }
        for (run, own) in runs {
            let candidates = run.slots(of: among.intersection(own))
            hits.formUnion(run.rows(of: slots(run, candidates, scope)))
        }
        return acceptsNone ? among.subtracting(hits) : hits
    }

    private func slots(_ run: Run, _ candidates: SlotSet, _ scope: PartScope) -> SlotSet {
        let mask = pattern.mask(run, scope, clock)
        func column(_ number: Int) -> Column? { number < run.columns.count ? run.columns[number] : nil }
        switch kernel {
        case .count(let ranges): return run.counting(candidates, in: bounds, where: mask, ranges: ranges)
        case .time(let isFirst, let ranges): return run.timing(candidates, in: bounds, where: mask, isFirst: isFirst, ranges: ranges)
        case .reduce(let number, let reduction, let test, let isInverted):
            guard let numbers = column(number)?.numbers, let ranges = test.ranges(scale: numbers.scale) else { return SlotSet.none }
            return run.reducing(candidates, in: bounds, where: mask, of: numbers, by: reduction, ranges: isInverted ? ranges.inverted : ranges)
        case .distinct(let number, let codeCount, let ranges):
            guard let values = column(number) else { return SlotSet.none }
            return run.distinctValues(candidates, in: bounds, where: mask, of: values, codeCount: codeCount, ranges: ranges)
        case .mode(let number, let truths, let ranks):
            guard let codes = column(number)?.codes else { return SlotSet.none }
            return run.modes(candidates, in: bounds, where: mask, of: codes, truths: truths, ranks: ranks)
        }
    }
}
