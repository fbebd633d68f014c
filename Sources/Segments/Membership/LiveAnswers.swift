import Columnar
import Profiles

/// What a segment's asking gave: of whole parts, or of single rows.
struct LiveAnswers: Sendable {
    var parts: [LiveAnswer] = []
    var singles = LiveSingles()

    /// Changes the members, and tells who came and who left.
    ///
    /// - Parameter members: by part.
    func take(into members: inout [RowSet], _ change: (_ row: Row, _ hasEntered: Bool) -> Void) {
        for answer in parts {
            let old = members[answer.part].intersection(answer.asked)
            answer.rows.subtracting(old).forEach { change(Row(answer.part * RowSet.capacity + $0), true) }
            old.subtracting(answer.rows).forEach { change(Row(answer.part * RowSet.capacity + $0), false) }
            members[answer.part] = members[answer.part].subtracting(answer.asked).union(answer.rows)
        }
        for (row, isIn) in singles.rows {
            let (part, place) = (Int(row) / RowSet.capacity, Int(row) % RowSet.capacity)
            guard members[part].contains(place) != isIn else { continue }
            if isIn { members[part].insert(place) } else { members[part].remove(place) }
            change(row, isIn)
        }
    }

    /// Calls `body` with each row and the next instant at which to look at it again.
    func eachFlip(_ body: (Row, Int64) -> Void) {
        for answer in parts { for (place, at) in answer.flips { body(Row(answer.part * RowSet.capacity + place), at) } }
        for (row, at) in singles.flips { body(row, at) }
    }
}

/// An answer about some rows of a part, with when it may change.
struct LiveAnswer: Sendable {
    let part: Int
    let asked: RowSet
    let rows: RowSet
    /// By row, the next instant at which to look again.
    let flips: [Int: Int64]

    init(_ plan: any Plan, of asked: RowSet, in scope: PartScope, part: Int) {
        let among = asked.intersection(scope.part.alive)
        (self.part, self.asked, rows, flips) = (part, asked, plan.rows(in: scope, among: among), LiveAnswer.flips(plan, scope, among))
    }

    fileprivate static func flips(_ plan: any Plan, _ scope: PartScope, _ among: RowSet) -> [Int: Int64] {
        var flips: [Int: Int64] = [:]
        plan.timedChanges(in: scope, among: among) { row, time in flips[row] = min(flips[row] ?? .max, time) }
        return flips
    }
}

/// Answers about single rows, with when they may change.
struct LiveSingles: Sendable {
    private(set) var rows: [(row: Row, isIn: Bool)] = []
    private(set) var flips: [(row: Row, at: Int64)] = []

    init() {}

    /// - Parameter asked: by part; who is not among the gathered is nobody any more, and not in.
    init(_ plan: any Plan, of asked: [Int: RowSet], in scope: PartScope, _ gathering: Gathering) {
        let among = gathering.rows(asked)
        let found = plan.rows(in: scope, among: among)
        among.forEach { place in
            let origin = gathering.origins[place]
            rows.append((Row(origin.part * RowSet.capacity + origin.row), found.contains(place)))
        }
        gathering.eachAbsent(of: asked) { rows.append(($0, false)) }
        flips = LiveAnswer.flips(plan, scope, among).map { place, at in
            (Row(gathering.origins[place].part * RowSet.capacity + gathering.origins[place].row), at)
        }
    }
}
