import Columnar
import Profiles

/// An answer about some rows, with when it may change.
struct LiveAnswer: Sendable {
    struct Part: Sendable {
        let index: Int
        let asked: RowSet
        let rows: RowSet
        /// For each row, the next instant at which to look again.
        let flips: [(Row, Int64)]
    }
    let parts: [Part]
    let recheck: Int64?
}

extension Question {
    /// Asks a condition of some rows; nil when it cannot be asked.
    ///
    /// - Parameter asked: by part.
    func liveAnswer(_ condition: Condition, _ asked: [Int: RowSet]) -> LiveAnswer? {
        var compiler = compiler
        guard let plan = try? compiler.plan(condition) else { return nil }
        let needs = compiler.needs
        let log = engine.log
        let parts = view.parts
        let work = asked.filter { $0.key < parts.count }.sorted { $0.key < $1.key }
        let answers = engine.pool.map(work.count) { number -> LiveAnswer.Part in
            let (index, rows) = work[number]
            let scope = PartScope(parts[index], needs: needs, records: log)
            let among = rows.intersection(parts[index].alive)
            let hits = plan.rows(in: scope, among: among)
            var flips: [Int: Int64] = [:]
            plan.timedChanges(in: scope, among: among) { row, time in flips[row] = min(flips[row] ?? .max, time) }
            return LiveAnswer.Part(index: index, asked: rows, rows: hits, flips: flips.map { (Row(index * RowSet.capacity + $0.key), $0.value) })
        }
        return LiveAnswer(parts: answers, recheck: plan.timedRecheck)
    }
}
