import Columnar
import Profiles

extension ListTest: PlannedTest {
    func makePlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan {
        let marks = compiler.view.marks
        guard let found = marks[list] ?? marks.values.first(where: { $0.handle == list }) else { throw .unknownList(list) }
        return ListPlan(marks: found, now: compiler.clock.now)
    }
}

/// A list's rows as they were when the view was taken.
struct ListPlan: Plan {
    let marks: RowMarks
    let now: Int64
    var cost: Int { 1 }

    func rows(in scope: PartScope, among: RowSet) -> RowSet { among.intersection(scope.rows { marks.rows(ofPart: $0, at: now) }) }
}

extension ListPlan: TimedPlan {
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) {
        scope.each(marks.ends) { row, time in if time > now, time < marks.end, among.contains(row) { note(row, time) } }
    }

    /// When the whole list expires everyone is asked again at once.
    var recheck: Int64? { marks.end > now && marks.end < .max ? marks.end : nil }
}
