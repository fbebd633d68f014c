import Columnar
import Profiles
import Vocabulary

/// A filter of events made ready for one table.
indirect enum FilterPlan: Sendable {
    case constant(Bool)
    case all([FilterPlan])
    case any([FilterPlan])
    case not(FilterPlan)
    case value(column: Int, path: [UInt8], matcher: ValueMatcher)
    /// A property that is only in the log: each event is read.
    case logged(path: [UInt8], matcher: ValueMatcher)
    case hours(Int, Int)
    case weekdays(Set<Int>)
    case member(EventContext)

    /// Which events of a run pass.
    func mask(_ run: Run, _ scope: PartScope, _ clock: Clockwork) -> EventMask {
        switch self {
        case .constant(let value): return EventMask(count: run.count, all: value)
        case .all(let parts):
            var mask = EventMask(count: run.count, all: true)
            for part in parts { mask.formIntersection(part.mask(run, scope, clock)) }
            return mask
        case .any(let parts):
            var mask = EventMask(count: run.count)
            for part in parts { mask.formUnion(part.mask(run, scope, clock)) }
            return mask
        case .not(let inner):
            var mask = inner.mask(run, scope, clock)
            mask.invert()
            return mask
        case .value(let column, let path, let matcher):
            var mask = EventMask(count: run.count)
            mask.words = matcher.words(column < run.columns.count ? run.columns[column] : nil, count: run.count) { index in
                matcher.holds(scope.records.value(at: run.position(index), path))
            }
            return mask
        case .logged(let path, let matcher): return each(run) { matcher.holds(scope.records.value(at: run.position($0), path)) }
        case .hours(let from, let to):
            let times = run.times.plain
            return each(run) { FilterPlan.isHour(clock.rules.hour(of: times[$0]), from: from, to: to) }
        case .weekdays(let days):
            let times = run.times.plain
            return each(run) { days.contains(clock.rules.weekday(of: times[$0])) }
        case .member(let context): return context.mask(run, scope)
        }
    }

    static func isHour(_ hour: Int, from: Int, to: Int) -> Bool { from <= to ? hour >= from && hour < to : hour >= from || hour < to }

    private func each(_ run: Run, _ test: (Int) -> Bool) -> EventMask {
        var mask = EventMask(count: run.count)
        for index in 0..<run.count where test(index) { mask.words[index >> 6] |= 1 << UInt64(index & 63) }
        return mask
    }
}

extension RecordSource {
    /// A property of an event by its path; behind `context.` a member of its context, of an identify call a trait.
    func value(at position: LogPosition, _ path: [UInt8]) -> StoredValue? { json(at: position, path).flatMap(StoredValue.init(json:)) }

    /// The same as it was sent.
    func json(at position: LogPosition, _ path: [UInt8]) -> JSONText? { event(at: position)?.property(at: path) }
}

extension EventView {
    /// A property by its path; behind `context.` a member of the context, of an identify call a trait.
    func property(at path: [UInt8]) -> JSONText? {
        let prefix = Array("context.".utf8)
        if path.starts(with: prefix), let value = json(.context)?.member(at: Array(path.dropFirst(prefix.count))), !value.isNull { return value }
        return json(type == .identify ? .traits : .properties)?.member(at: path)
    }
}

/// Which events of one table a pattern means.
struct TablePattern: Sendable {
    let table: Int
    /// Nil where all of them are meant.
    let filter: FilterPlan?
    /// Tells filters apart where masks are kept.
    let filterNumber: Int

    func mask(_ run: Run, _ scope: PartScope, _ clock: Clockwork) -> EventMask? {
        guard let filter else { return nil }
        return scope.mask(run, filterNumber) { filter.mask(run, scope, clock) }
    }
}

extension PlanCompiler {
    /// The tables that hold a pattern's events; those that nobody has sent yet are none.
    mutating func patterns(_ pattern: EventPattern) -> [TablePattern] {
        let tables = view.catalog.tables
        var found: [TablePattern] = []
        for name in pattern.names {
            switch name {
            case .track(let event): add(TableName(type: .track, event: Array(event.utf8)), named: nil, pattern.filter, to: &found)
            case .page(let page): add(TableName(type: .page), named: page, pattern.filter, to: &found)
            case .screen(let screen): add(TableName(type: .screen), named: screen, pattern.filter, to: &found)
            case .any: for table in tables where table.isBehaviour { add(table, named: nil, pattern.filter, to: &found) }
            // What sessions are made of; their filter looks at the session.
            case .sessions: for table in tables where table.isBehaviour { add(table, named: nil, nil, to: &found) }
            }
        }
        return found
    }

    private mutating func add(_ name: TableName, named page: String?, _ filter: PropertyFilter?, to found: inout [TablePattern]) {
        guard let table = view.catalog.table(name) else { return }
        reads.tables.insert(table)
        var parts: [FilterPlan] = []
        if let page { parts.append(value(ProfileColumns.pageName, .equals(.text(page)), of: table)) }
        if let filter { parts.append(self.filter(filter, of: table)) }
        let whole: FilterPlan? = parts.isEmpty ? nil : parts.count == 1 ? parts[0] : .all(parts)
        // The same table twice, as by "A" or "A", would count its events twice.
        if let index = found.firstIndex(where: { $0.table == table }) {
            let both: FilterPlan? = found[index].filter.flatMap { old in whole.map { .any([old, $0]) } }
            found[index] = TablePattern(table: table, filter: both, filterNumber: nextFilterNumber())
        } else {
            found.append(TablePattern(table: table, filter: whole, filterNumber: nextFilterNumber()))
        }
    }

    mutating func filter(_ filter: PropertyFilter, of table: Int) -> FilterPlan {
        switch filter {
        case .all(let parts): return .all(filters(parts, of: table))
        case .any(let parts): return .any(filters(parts, of: table))
        case .not(let inner): return .not(self.filter(inner, of: table))
        case .property(let path, let test): return value(Array(path.utf8), test, of: table)
        case .hours(let from, let to): return .hours(from, to)
        case .weekdays(let days): return .weekdays(Set(days))
        case .member(let pattern): return .member(EventContext(ContextPlan(pattern, &self), of: table, &self))
        }
    }

    private mutating func filters(_ filters: [PropertyFilter], of table: Int) -> [FilterPlan] {
        var plans: [FilterPlan] = []
        for filter in filters { plans.append(self.filter(filter, of: table)) }
        return plans
    }

    private mutating func value(_ path: [UInt8], _ test: ValueTest, of table: Int) -> FilterPlan {
        guard let (column, dictionary) = view.catalog.column(path, of: table) else {
            return view.catalog.isOnlyInLog(path, of: table) ? .logged(path: path, matcher: ValueMatcher(test, nil, clock)) : .constant(test.holds(nil, clock))
        }
        needs.add(column, of: table)
        return .value(column: column, path: path, matcher: ValueMatcher(test, dictionary, clock, present: present?.codes(column, of: table)))
    }
}
