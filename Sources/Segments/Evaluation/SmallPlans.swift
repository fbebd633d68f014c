import Columnar
import Vocabulary

extension SegmentTest: PlannedTest {
    func makePlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan { try compiler.plan(ofSegment: segment) }
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
