import Columnar
import Vocabulary

extension SegmentTest: PlannedTest {
    func makePlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan {
        guard let on else { return try compiler.plan(ofSegment: segment) }
        let plan = try compiler.plan(ofSegment: segment, on: on)
        return on.milliseconds < compiler.clock.now ? PastPlan(plan: plan) : ComingPlan(at: on.milliseconds)
    }
}

/// An answer as of an earlier moment, which no time changes any more.
struct PastPlan: Plan {
    let plan: any Plan
    var cost: Int { plan.cost }
    func rows(in scope: PartScope, among: RowSet) -> RowSet { plan.rows(in: scope, among: among) }
}

/// Nobody, until a moment has passed.
struct ComingPlan: TimedPlan {
    /// In milliseconds since 1970.
    let at: Int64
    var cost: Int { 0 }
    func rows(in scope: PartScope, among: RowSet) -> RowSet { RowSet() }
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) {}
    var recheck: Int64? { at + 1 }
}

/// Another segment's condition, which several may name: asked once of a part, unless of other rows.
struct SharedPlan: Plan {
    let plan: any Plan
    let number: Int
    var cost: Int { plan.cost }

    func rows(in scope: PartScope, among: RowSet) -> RowSet {
        if let known = scope.answers[number], among.subtracting(known.asked).isEmpty { return known.rows.intersection(among) }
        let rows = plan.rows(in: scope, among: among)
        scope.answers[number] = (among, rows)
        return rows
    }
}

extension SharedPlan: TimedPlan {
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) {
        if scope.changes[number].map({ !among.subtracting($0.asked).isEmpty }) ?? true {
            var changes: [Int: Int64] = [:]
            plan.timedChanges(in: scope, among: among) { row, time in changes[row] = min(changes[row] ?? .max, time) }
            scope.changes[number] = (among, changes)
        }
        for (row, time) in scope.changes[number]?.changes ?? [:] where among.contains(row) { note(row, time) }
    }

    var recheck: Int64? { plan.timedRecheck }
}

extension BucketTest: PlannedTest {
    func makePlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan { BucketPlan(test: self) }
}

/// Hashes each row's birth, the log position of its oldest event, with the salt: it never changes, and of two who merge the older one's bucket stays.
struct BucketPlan: Plan {
    let test: BucketTest
    var cost: Int { 5 }

    func rows(in scope: PartScope, among: RowSet) -> RowSet {
        var rows = RowSet()
        among.forEach { row in
            let bucket = BucketTest.bucket(of: String(scope.part.born[row]), salt: test.salt)
            if bucket >= test.lower, bucket < test.upper { rows.insert(row) }
        }
        return rows
    }
}
