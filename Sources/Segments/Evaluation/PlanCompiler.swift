import Columnar
import Profiles
import Vocabulary

/// Makes plans of conditions, for one state and one moment.
struct PlanCompiler {
    let view: ColumnView
    private(set) var clock: Clockwork
    /// Conditions of other segments by id or handle.
    let segments: @Sendable (String) -> Condition?
    let computed: @Sendable (String) -> ComputedTrait?
    var needs = Needs()
    private var filterCount = 0
    private var open: [String] = []

    init(
        _ view: ColumnView, at moment: Moment, rules: ZoneRules, segments: @escaping @Sendable (String) -> Condition?, computed: @escaping @Sendable (String) -> ComputedTrait?
    ) {
        self.view = view
        clock = Clockwork(now: moment.asOf.milliseconds, rules: rules)
        self.segments = segments
        self.computed = computed
    }

    var moment: Moment { Moment(asOf: Timestamp(clamping: clock.now), zone: clock.rules.name) }

    mutating func plan(_ condition: Condition) throws(SegmentError) -> any Plan {
        switch condition {
        case .all(let parts): return AllPlan(try plans(parts))
        case .any(let parts): return AnyPlan(try plans(parts))
        case .not(let inner): return NotPlan(plan: try plan(inner))
        case .test(let test): return try test.plan(&self)
        }
    }

    private mutating func plans(_ conditions: [Condition]) throws(SegmentError) -> [any Plan] {
        var plans: [any Plan] = []
        for condition in conditions { plans.append(try plan(condition)) }
        return plans
    }

    /// The plan of another segment's condition.
    mutating func plan(ofSegment name: String) throws(SegmentError) -> any Plan {
        guard !open.contains(name) else { throw .cycle(open + [name]) }
        guard let condition = segments(name) else { throw .unknown(name) }
        open.append(name)
        defer { open.removeLast() }
        return try plan(condition)
    }

    /// What `body` makes with days and months counted in another zone.
    mutating func counting<Value>(in zone: TimeZoneName, _ body: (inout PlanCompiler) throws(SegmentError) -> Value) throws(SegmentError) -> Value {
        let own = clock
        clock = Clockwork(now: own.now, rules: try ZoneRules.known(zone))
        defer { clock = own }
        return try body(&self)
    }

    func bounds(_ window: Window) -> TimeBounds {
        let resolved = window.resolved(at: moment, using: clock.rules)
        return TimeBounds(from: resolved.from, to: resolved.to > newest ? .max : resolved.to)
    }

    /// An end of a window behind every event that there is cuts nothing off, and asking it of each event would cost as much as the rest.
    private var newest: Int64 { view.newestTime }

    mutating func nextFilterNumber() -> Int {
        filterCount += 1
        return filterCount
    }
}

extension ConditionTest {
    /// Kinds that have no plan of their own yet are refused when asked.
    func plan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan {
        guard let planned = self as? any PlannedTest else { throw .notAskable(Self.key) }
        return try planned.makePlan(&compiler)
    }
}

/// A test that can be asked of columns.
protocol PlannedTest: ConditionTest {
    func makePlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan
}
