import Columnar
import Profiles
import Vocabulary

/// Events of several tables, or measures without a loop of their own: person by person.
struct SlowEventPlan: Plan {
    let measurer: EventMeasurer
    let test: EventTest
    var clock: Clockwork { measurer.clock }

    var cost: Int { 400 * max(1, measurer.patterns.count) }

    func rows(in scope: PartScope, among: RowSet) -> RowSet {
        let measured = measurer.part(scope)
        var rows = test.test.holds(measurer.measure.none, clock) ? among : RowSet()
        measured.having.intersection(among).forEach { row in
            if MeasuredValue.holds(measured.value(row), test.test, clock) { rows.insert(row) } else { rows.remove(row) }
        }
        return rows
    }
}

extension EventTest {
    func slowPlan(_ patterns: [TablePattern], _ bounds: TimeBounds, _ compiler: inout PlanCompiler) -> SlowEventPlan {
        SlowEventPlan(measurer: EventMeasurer(measured, patterns, bounds, &compiler), test: self)
    }
}

/// One event of a person, and where it was found.
struct FoundEvent {
    let time: Int64
    let position: UInt64
    let source: Int
    let index: Int
}

/// One run with the mask of a pattern's filter.
struct EventSource {
    /// Which of the patterns.
    let pattern: Int
    let run: Run
    let rows: RowSet
    let mask: EventMask?
    let filter: FilterPlan?

    static func sources(_ patterns: [TablePattern], _ scope: PartScope, _ clock: Clockwork) -> [EventSource] {
        patterns.enumerated().flatMap { number, pattern in
            scope.runs(of: pattern.table).map { EventSource(pattern: number, run: $0.run, rows: $0.rows, mask: pattern.mask($0.run, scope, clock), filter: pattern.filter) }
        }
    }

    func collect(_ row: Int, _ bounds: TimeBounds, source: Int, into events: inout [FoundEvent]) {
        guard rows.contains(row), let slot = run.slot(of: row) else { return }
        for index in run.events(ofSlot: slot, in: bounds) where mask?.contains(index) ?? true {
            events.append(FoundEvent(time: run.time(index), position: run.position(index), source: source, index: index))
        }
    }
}
