import Columnar
import Privacy
import Profiles
public import Vocabulary

/// A condition made ready for one state of the columns and one moment: names are numbers, tests are tables, windows are bounds.
protocol Plan: Sendable {
    /// About how much a row costs; the cheaper is asked first and spares the dearer.
    var cost: Int { get }
    /// Which of `among` satisfy it.
    func rows(in scope: PartScope, among: RowSet) -> RowSet
}

struct AllPlan: Plan {
    let plans: [any Plan]
    init(_ plans: [any Plan]) { self.plans = plans.sorted { $0.cost < $1.cost } }
    var cost: Int { plans.reduce(0) { $0 + $1.cost } }

    func rows(in scope: PartScope, among: RowSet) -> RowSet {
        var left = among
        for plan in plans {
            if left.isEmpty { return left }
            left = plan.rows(in: scope, among: left)
        }
        return left
    }
}

struct AnyPlan: Plan {
    let plans: [any Plan]
    init(_ plans: [any Plan]) { self.plans = plans.sorted { $0.cost < $1.cost } }
    var cost: Int { plans.reduce(0) { $0 + $1.cost } }

    func rows(in scope: PartScope, among: RowSet) -> RowSet {
        var left = among
        var found = RowSet()
        for plan in plans {
            if left.isEmpty { return found }
            let rows = plan.rows(in: scope, among: left)
            found.formUnion(rows)
            left.subtract(rows)
        }
        return found
    }
}

struct NotPlan: Plan {
    let plan: any Plan
    var cost: Int { plan.cost }
    func rows(in scope: PartScope, among: RowSet) -> RowSet { among.subtracting(plan.rows(in: scope, among: among)) }
}

/// One part while a question is asked of it, by one thread: what several tests need of it is made once.
final class PartScope {
    let part: Part
    let needs: Needs
    let records: any RecordSource
    /// Where only these are asked about: their events are taken out into small runs, so that nothing is done for anyone else's.
    private let only: RowSet?
    private var overlays: [Int: (dirty: RowSet, run: Run?)] = [:]
    private var masks: [MaskKey: EventMask] = [:]
    /// Where the part's rows come from, when they were gathered from several.
    private let origins: [Gathering.Origin]?
    /// Of conditions that several tests name, by number.
    var answers: [Int: (asked: RowSet, rows: RowSet)] = [:]
    var changes: [Int: (asked: RowSet, changes: [Int: Int64])] = [:]

    struct MaskKey: Hashable { let run: ObjectIdentifier, filter: Int }

    init(_ part: Part, needs: Needs, records: any RecordSource, only: RowSet? = nil) {
        var part = part
        if let only { part.alive.formIntersection(only) }
        self.only = only.map { _ in part.alive }
        origins = nil
        self.part = part
        self.needs = needs
        self.records = records
    }

    init(_ gathering: Gathering, needs: Needs, records: any RecordSource) {
        (part, origins, only) = (gathering.part, gathering.origins, nil)
        (self.needs, self.records) = (needs, records)
    }

    var isGathered: Bool { origins != nil }

    /// The part and row of everyone's numbering where a row of this part comes from.
    func origin(of row: Int) -> (part: Int, row: Int) {
        guard let origins else { return (part.number, row) }
        return row < origins.count ? (origins[row].part, origins[row].row) : (part.number, row)
    }

    /// What is known of rows by part, as this part's rows.
    func rows(_ known: (Int) -> RowSet) -> RowSet {
        guard let origins else { return known(part.number) }
        var rows = RowSet()
        var last: (part: Int, rows: RowSet)?
        for (place, origin) in origins.enumerated() {
            if last?.part != origin.part { last = (origin.part, known(origin.part)) }
            if last?.rows.contains(origin.row) ?? false { rows.insert(place) }
        }
        return rows
    }

    /// What is known of single rows by part and row, as this part's rows.
    func each(_ known: (Int) -> [Int: Int64], _ body: (Int, Int64) -> Void) {
        guard let origins else { return known(part.number).forEach { body($0.key, $0.value) } }
        var last: (part: Int, values: [Int: Int64])?
        for (place, origin) in origins.enumerated() {
            if last?.part != origin.part { last = (origin.part, known(origin.part)) }
            if let value = last?.values[origin.row] { body(place, value) }
        }
    }

    /// The runs that together hold a table's events, each with the rows that it alone answers for.
    func runs(of table: Int) -> [(run: Run, rows: RowSet)] {
        guard table < part.tables.count, let state = part.tables[table] else { return [] }
        guard state.tail.count > 0 || only != nil else { return state.run.map { [($0, part.alive)] } ?? [] }
        let overlay = overlays[table] ?? makeOverlay(table, state)
        var runs: [(run: Run, rows: RowSet)] = []
        if let run = state.run, only == nil { runs.append((run, part.alive.subtracting(overlay.dirty))) }
        if let run = overlay.run { runs.append((run, overlay.dirty)) }
        return runs
    }

    /// Rows with events that are not sorted in yet get a small run of their own.
    private func makeOverlay(_ table: Int, _ state: PartTable) -> (dirty: RowSet, run: Run?) {
        let dirty = only ?? state.tail.rowSet().intersection(part.alive)
        let run = state.merged(rows: dirty, tailCount: state.tail.count, columns: needs.columns[table] ?? []) { _, _, _ in ValueDictionary.overflow }
        overlays[table] = (dirty, run)
        return (dirty, run)
    }

    func mask(_ run: Run, _ filter: Int, _ make: () -> EventMask) -> EventMask {
        let key = MaskKey(run: ObjectIdentifier(run), filter: filter)
        if let known = masks[key] { return known }
        let mask = make()
        masks[key] = mask
        return mask
    }
}

/// Which columns of which tables a plan looks at.
struct Needs: Sendable {
    var columns: [Int: Set<Int>] = [:]
    mutating func add(_ column: Int, of table: Int) { columns[table, default: []].insert(column) }
}

/// Where whole events are read that columns do not hold.
public protocol RecordSource: Sendable {
    /// The properties (or traits) and context of an event; nil when it is not there any more.
    func event(at position: LogPosition) -> EventView?
}
