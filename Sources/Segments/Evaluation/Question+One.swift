import Columnar
public import Profiles
public import Vocabulary

/// One row's answer, and until when time alone leaves it so.
public struct OneAnswer: Sendable, Hashable {
    public let isTrue: Bool
    /// The first later instant at which it may be another though nothing happens; nil where there is none.
    public let mayChangeAt: Timestamp?

    public static let no = OneAnswer(isTrue: false, mayChangeAt: nil)

    public init(isTrue: Bool, mayChangeAt: Timestamp?) { (self.isTrue, self.mayChangeAt) = (isTrue, mayChangeAt) }
}

extension Question {
    /// Asks a condition of one row, without a look at anyone else; the same plans as everyone is asked by.
    ///
    /// - Returns: no for somebody who is not in the view, since they object or have no events.
    public func answer(_ condition: Condition, of row: Row) throws(SegmentError) -> OneAnswer {
        let (number, place) = (Int(row) / RowSet.capacity, Int(row) % RowSet.capacity)
        guard number < view.parts.count, view.parts[number].alive.contains(place) else { return .no }
        var compiler = compiler
        let plan = try compiler.plan(condition)
        for ranking in compiler.rankings { ranking.prepare(engine.log, engine.pool) }
        let one = OneProfile(place, of: view.parts[number], needs: compiler.needs, records: engine.log)
        let scope = one.scope()
        let isTrue = plan.rows(in: scope, among: one.rows).contains(place)
        var next = plan.timedRecheck ?? .max
        plan.timedChanges(in: scope, among: one.rows) { _, at in if at > now { next = min(next, at) } }
        return OneAnswer(isTrue: isTrue, mayChangeAt: next > now && next < Timestamp.latest.milliseconds ? Timestamp(clamping: next) : nil)
    }
}

extension ColumnView {
    /// Whether a row may be asked about.
    public func holds(_ row: Row) -> Bool {
        let (number, place) = (Int(row) / RowSet.capacity, Int(row) % RowSet.capacity)
        return number < parts.count && parts[number].alive.contains(place)
    }
}
