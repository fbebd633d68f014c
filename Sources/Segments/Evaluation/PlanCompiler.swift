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
    /// A source's name by its number.
    let source: @Sendable (SourceNumber) -> String?
    var needs = Needs()
    /// What the plans made since this was emptied look at.
    var reads = Reads()
    /// Of everyone, to be made before parts are asked.
    var rankings: [Ranking] = []
    /// Which values occur, where the plan is for few rows; nil where it is for everyone.
    let present: PresentCodes?
    private var filterCount = 0
    private var open: [String] = []
    /// Of other segments, made once: two that name a third twice each would otherwise be four, and so on.
    private var made: [String: (plan: any Plan, reads: Reads)] = [:]

    init(
        _ view: ColumnView, at moment: Moment, rules: ZoneRules, present: PresentCodes? = nil, segments: @escaping @Sendable (String) -> Condition?,
        computed: @escaping @Sendable (String) -> ComputedTrait?, source: @escaping @Sendable (SourceNumber) -> String?
    ) {
        self.view = view
        self.present = present
        clock = Clockwork(now: moment.asOf.milliseconds, rules: rules)
        self.segments = segments
        self.computed = computed
        self.source = source
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
        if !open.contains(name), let known = made[name] {
            reads.formUnion(known.reads)
            return known.plan
        }
        let condition = try enter(name)
        let before = reads
        reads = Reads()
        defer {
            leave()
            reads.formUnion(before)
        }
        let plan = SharedPlan(plan: try plan(condition), number: nextFilterNumber())
        made[name] = (plan, reads)
        return plan
    }

    /// The same as of another moment.
    mutating func plan(ofSegment name: String, on moment: Timestamp) throws(SegmentError) -> any Plan {
        try asking(on: moment) { compiler throws(SegmentError) in
            // What was made of it for the moment asked about is another plan.
            let known = compiler.made
            compiler.made = [:]
            defer { compiler.made = known }
            return try compiler.plan(ofSegment: name)
        }
    }

    /// What `body` makes as of another moment.
    mutating func asking<Value>(on moment: Timestamp, _ body: (inout PlanCompiler) throws(SegmentError) -> Value) throws(SegmentError) -> Value {
        let own = clock
        clock = Clockwork(now: moment.milliseconds, rules: own.rules)
        defer { clock = own }
        return try body(&self)
    }

    /// Another segment's condition; until ``leave()``, naming that segment again is a circle.
    mutating func enter(_ name: String) throws(SegmentError) -> Condition {
        guard !open.contains(name) else { throw .cycle(open + [name]) }
        guard let condition = segments(name) else { throw .unknown(name) }
        open.append(name)
        return condition
    }

    mutating func leave() { open.removeLast() }

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

/// What an answer rests on: nothing else that happens to a person changes it.
struct Reads: Sendable {
    /// Of events, by number.
    var tables: Set<Int> = []
    var traits = false
    var memberships = false
    /// Whether it rests on everybody's, so that what happens to one person may change another's answer.
    var isOfEveryone = false

    mutating func formUnion(_ other: Reads) {
        tables.formUnion(other.tables)
        traits = traits || other.traits
        memberships = memberships || other.memberships
        isOfEveryone = isOfEveryone || other.isOfEveryone
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
