import Columnar
import Profiles

extension ComputedTest: PlannedTest {
    /// The plan of the measure itself, so that live members stay as exact as with the measure written out.
    func makePlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan {
        guard let trait = compiler.computed(self.trait) else { throw .unknownComputed(self.trait) }
        if let fault = trait.measurement.fault(of: test) { throw .unfitTest(trait.name, fault) }
        return try compiler.counting(in: trait.zone) { compiler throws(SegmentError) in
            switch trait.measurement {
            case .measure(let measure): return try measure.test(test).makePlan(&compiler)
            case .ratio: return RatioPlan(parts: compiler.measurers(of: trait.measurement), test: test)
            }
        }
    }
}

/// One measure divided by another, person by person.
struct RatioPlan: Plan {
    /// Two, made ready for looking when their values change.
    let parts: [SlowEventPlan]
    let test: ValueTest
    var cost: Int { parts.reduce(0) { $0 + $1.cost } }

    func rows(in scope: PartScope, among: RowSet) -> RowSet {
        let measured = MeasurementPart(parts, scope)
        var rows = RowSet()
        among.forEach { row in if MeasuredValue.holds(measured.value(row), test, parts[0].clock) { rows.insert(row) } }
        return rows
    }
}

extension RatioPlan: TimedPlan {
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) { for part in parts { part.changes(in: scope, among: among, note: note) } }
    var recheck: Int64? { parts.compactMap(\.recheck).min() }
}

/// A measurement of one part's rows.
struct MeasurementPart {
    private let parts: [MeasuredPart]

    init(_ plans: [SlowEventPlan], _ scope: PartScope) { parts = plans.map { $0.measurer.part(scope) } }

    /// The rows whose value may be another than that of a person without any events.
    var having: RowSet { parts.reduce(into: RowSet()) { $0.formUnion($1.having) } }

    func value(_ row: Int) -> MeasuredValue? {
        guard let first = parts.first?.value(row) else { return nil }
        guard parts.count > 1 else { return first }
        return parts[1].value(row).flatMap(first.divided)
    }
}

extension PlanCompiler {
    mutating func measurers(of measurement: Measurement) -> [SlowEventPlan] {
        var plans: [SlowEventPlan] = []
        for part in measurement.parts { plans.append(part.test(.exists).slowPlan(patterns(part.pattern), bounds(part.window), &self)) }
        return plans
    }
}
