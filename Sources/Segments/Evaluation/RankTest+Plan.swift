import Columnar
import Profiles
import Synchronization
import Vocabulary

extension RankTest: PlannedTest {
    func makePlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan {
        let outer = compiler.needs
        compiler.needs = Needs()
        let numbers = try numbers(&compiler)
        let needs = compiler.needs
        compiler.needs = outer
        compiler.reads.isOfEveryone = true
        let ranking = Ranking(numbers: numbers, isTop: isTop, size: size, parts: compiler.view.parts, needs: needs)
        compiler.rankings.append(ranking)
        // What moves all the time is ranked anew so long after the last time.
        return RankPlan(ranking: ranking, recheck: numbers.moves ? compiler.clock.now + RankTest.timePauseMs : numbers.recheck)
    }

    private static let timePauseMs: Int64 = 60_000

    private func numbers(_ compiler: inout PlanCompiler) throws(SegmentError) -> RankedNumbers {
        switch subject {
        case .measure(let measure): return .measured(compiler.measurers(of: .measure(measure)), skipsZero: measure.measure.none != nil)
        case .computed(let name):
            guard let trait = compiler.computed(name) else { throw .unknownComputed(name) }
            guard trait.measurement.isNumeric else { throw .unfitTest(name, .notRanked) }
            let plans = try compiler.counting(in: trait.zone) { compiler throws(SegmentError) in compiler.measurers(of: trait.measurement) }
            return .measured(plans, skipsZero: trait.measurement.parts.count == 1 && trait.measurement.parts[0].measure.none != nil)
        case .trait(let path):
            compiler.reads.traits = true
            return .trait(RelationPlan.Side(path, &compiler))
        }
    }
}

/// The numbers by which people are ranked.
enum RankedNumbers: Sendable {
    /// - Parameter skipsZero: whether 0 is that of people without any such event.
    case measured([SlowEventPlan], skipsZero: Bool)
    case trait(RelationPlan.Side)

    /// Makes ready to look at one part: a row's number, nil for one that is not ranked.
    func part(_ scope: PartScope) -> (rows: RowSet, number: (Int) -> MeasuredValue?) {
        switch self {
        case .measured(let plans, let skipsZero):
            let measured = MeasurementPart(plans, scope)
            return (measured.having, { row in measured.value(row).flatMap { value in value.double.map { skipsZero && $0 == 0 } ?? true ? nil : value } })
        case .trait(let side):
            return (scope.part.alive, { row in if case .number(let number) = side.value(row, scope) { .value(.number(number)) } else { nil } })
        }
    }

    private var plans: [SlowEventPlan] { if case .measured(let plans, _) = self { plans } else { [] } }
    /// Whether the numbers change at any moment though nothing happens.
    var moves: Bool { plans.contains { plan in plan.test.measure.isContinuous || [plan.test.window.from, plan.test.window.to].contains { if case .ago? = $0 { true } else { false } } } }
    /// When a calendar's bound jumps.
    var recheck: Int64? { plans.compactMap(\.recheck).min() }
    /// Whether machine numbers hold them exactly.
    var areWhole: Bool { !plans.isEmpty && plans.count == 1 && plans[0].test.measure.isCount }
}

/// Who is in a rank: found once for a state and a moment, when it is first asked.
final class Ranking: Sendable {
    private let numbers: RankedNumbers
    private let isTop: Bool
    private let size: RankTest.Size
    private let parts: [Part]
    private let needs: Needs
    private let found = Mutex<[RowSet]?>(nil)

    init(numbers: RankedNumbers, isTop: Bool, size: RankTest.Size, parts: [Part], needs: Needs) {
        (self.numbers, self.isTop, self.size, self.parts, self.needs) = (numbers, isTop, size, parts, needs)
    }

    func rows(ofPart part: Int, _ records: any RecordSource) -> RowSet {
        let rows = found.withLock { found in
            if let found { return found }
            let rows = rank(records) { count, body in (0..<count).map(body) }
            found = rows
            return rows
        }
        return part < rows.count ? rows[part] : RowSet()
    }

    /// Ranks everyone on all threads, before any part is asked.
    func prepare(_ records: any RecordSource, _ pool: QueryPool) {
        if found.withLock({ $0 != nil }) { return }
        let rows = rank(records) { pool.map($0, $1) }
        found.withLock { $0 = rows }
    }

    private struct Ranked: Sendable { let number: Double, part: Int, row: Int }

    /// Machine numbers first; those that are too near the last place to be told apart so are compared exactly.
    private func rank(_ records: any RecordSource, _ map: (Int, @escaping @Sendable (Int) -> [Ranked]) -> [[Ranked]]) -> [RowSet] {
        let (numbers, parts, needs, sign) = (self.numbers, self.parts, self.needs, isTop ? 1.0 : -1.0)
        let ranked = map(parts.count) { number in
            let scope = PartScope(parts[number], needs: needs, records: records)
            let (rows, value) = numbers.part(scope)
            var found: [Ranked] = []
            rows.intersection(parts[number].alive).forEach { row in if let double = value(row)?.double { found.append(Ranked(number: double * sign, part: number, row: row)) } }
            return found
        }.flatMap(\.self)
        var sets = [RowSet](repeating: RowSet(), count: parts.count)
        let places = places(among: ranked.count)
        guard places < ranked.count else {
            for one in ranked { sets[one.part].insert(one.row) }
            return sets
        }
        let edge = ranked.map(\.number).sorted(by: >)[places - 1]
        let band = numbers.areWhole ? 0 : Swift.max(abs(edge) * 1e-12, .leastNormalMagnitude)
        for one in ranked where one.number > edge + band || (numbers.areWhole && one.number == edge) { sets[one.part].insert(one.row) }
        if numbers.areWhole { return sets }
        let exact = exact(ranked.filter { abs($0.number - edge) <= band }, records)
        let better = isTop ? 1 : -1
        let sorted = exact.sorted { MeasuredValue.order($0.value, $1.value) == better }
        let last = sorted[places - 1 - sets.reduce(0) { $0 + $1.count }].value
        for (one, value) in exact where MeasuredValue.order(value, last) != -better { sets[one.part].insert(one.row) }
        return sets
    }

    private func exact(_ near: [Ranked], _ records: any RecordSource) -> [(one: Ranked, value: MeasuredValue?)] {
        Dictionary(grouping: near, by: \.part).flatMap { part, ranked in
            var rows = RowSet()
            for one in ranked { rows.insert(one.row) }
            let number = numbers.part(PartScope(parts[part], needs: needs, records: records, only: rows)).number
            return ranked.map { (one: $0, value: number($0.row)) }
        }
    }

    private func places(among count: Int) -> Int {
        switch size {
        case .count(let places): return places
        case .percent(let percent):
            let (whole, isExact) = (percent * ExactNumber(Int64(count))).movingPoint(by: -2)?.floor(scale: 0) ?? (0, true)
            return Int(whole) + (isExact ? 0 : 1)
        }
    }
}

struct RankPlan: Plan {
    let ranking: Ranking
    let recheck: Int64?
    var cost: Int { 1_000_000 }

    func rows(in scope: PartScope, among: RowSet) -> RowSet { among.isEmpty ? among : among.intersection(scope.rows { ranking.rows(ofPart: $0, scope.records) }) }
}

extension RankPlan: TimedPlan {
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) {}
}

extension MeasuredValue {
    /// -1, 0 or 1 as the first is less, equal or more; 0 where one of them is no number.
    static func order(_ a: MeasuredValue?, _ b: MeasuredValue?) -> Int {
        guard let a = a?.fraction, let b = b?.fraction else { return 0 }
        let (x, y) = (a.upper * b.lower, b.upper * a.lower)
        return x < y ? -1 : x == y ? 0 : 1
    }
}

extension RankTest: ReasonedTest {
    /// What is ranked; how it compares with everybody's is not told.
    func makeLook(_ compiler: inout PlanCompiler) -> any Look {
        switch subject {
        case .measure(let measure): measure.test(.exists).makeLook(&compiler)
        case .trait(let path): TraitLook([path], &compiler)
        case .computed(let name): ComputedTest(trait: name, test: .exists).makeLook(&compiler)
        }
    }

    /// When others overtake is not foretold.
    func isTimeless(isPast: Bool) -> Bool { true }
}
