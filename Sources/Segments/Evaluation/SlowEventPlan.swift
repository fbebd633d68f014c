import Columnar
import Profiles
import Vocabulary

/// Events of several tables, or measures without a loop of their own: person by person.
struct SlowEventPlan: Plan {
    let patterns: [TablePattern]
    let bounds: TimeBounds
    let test: EventTest
    /// For each pattern, the column of the measured property, and the filter of a share.
    let columns: [(column: Int, dictionary: ValueDictionary)?]
    let shares: [TablePattern?]
    let clock: Clockwork

    var cost: Int { 400 * max(1, patterns.count) }

    func rows(in scope: PartScope, among: RowSet) -> RowSet {
        let sources = EventSource.sources(patterns, scope, clock)
        let parts = shares.map { share in share.map { EventSource.sources([$0], scope, clock) } ?? [] }
        let acceptsNone = test.test.holds(test.noneValue, clock)
        var rows = acceptsNone ? among : RowSet()
        var having = RowSet()
        for source in sources { having.formUnion(source.run.rows.intersection(source.rows)) }
        having.formIntersection(among)
        having.forEach { row in
            if holds(row, sources, parts, scope) { rows.insert(row) } else { rows.remove(row) }
        }
        return rows
    }

    private func holds(_ row: Int, _ sources: [EventSource], _ parts: [[EventSource]], _ scope: PartScope) -> Bool {
        var events: [FoundEvent] = []
        for (index, source) in sources.enumerated() { source.collect(row, bounds, source: index, into: &events) }
        if events.isEmpty { return test.test.holds(test.noneValue, clock) }
        switch test.measure {
        case .share:
            var part: [FoundEvent] = []
            for source in parts.joined() { source.collect(row, bounds, source: 0, into: &part) }
            return ShareTest.holds(part.count, of: events.count, test.test)
        case .average: return AverageTest.holds(numbers(events, sources, scope), test.test)
        default: return test.test.holds(measure(events, sources, scope), clock)
        }
    }

    func measure(_ events: [FoundEvent], _ sources: [EventSource], _ scope: PartScope) -> StoredValue? {
        switch test.measure {
        case .count: return .number(ExactNumber(Int64(events.count)))
        case .days: return .number(ExactNumber(Int64(Set(events.map { clock.rules.day(of: $0.time) }).count)))
        case .firstTime: return events.map(\.time).min().map(StoredValue.init(time:))
        case .lastTime: return events.map(\.time).max().map(StoredValue.init(time:))
        case .sum: return .number(numbers(events, sources, scope).reduce(ExactNumber(0), +))
        case .minimum: return numbers(events, sources, scope).min().map { .number($0) }
        case .maximum: return numbers(events, sources, scope).max().map { .number($0) }
        case .percentile(_, let percent):
            let sorted = numbers(events, sources, scope).sorted()
            guard !sorted.isEmpty else { return nil }
            return .number(sorted[max(0, (percent * sorted.count + 99) / 100 - 1)])
        case .distinct: return .number(ExactNumber(Int64(Set(values(events, sources, scope).filter(\.isScalar).map(\.identity)).count)))
        case .mode: return StoredValue.mode(of: values(events, sources, scope).filter(\.isScalar))
        case .first, .last:
            let isFirst = if case .first = test.measure { true } else { false }
            let sorted = events.sorted { ($0.time, $0.position) < ($1.time, $1.position) }
            for event in isFirst ? sorted : sorted.reversed() { if let value = value(event, sources, scope) { return value } }
            return nil
        case .average, .share: return nil
        }
    }

    func value(_ event: FoundEvent, _ sources: [EventSource], _ scope: PartScope) -> StoredValue? {
        let source = sources[event.source]
        guard let (column, dictionary) = columns[source.pattern], column < source.run.columns.count, let values = source.run.columns[column] else { return nil }
        let value = values.cell(event.index)
        if value == .code(ValueDictionary.overflow), let path = test.path { return scope.records.value(at: event.position, Array(path.utf8)) }
        return StoredValue(value, dictionary)
    }

    private func values(_ events: [FoundEvent], _ sources: [EventSource], _ scope: PartScope) -> [StoredValue] {
        events.compactMap { value($0, sources, scope) }
    }

    func numbers(_ events: [FoundEvent], _ sources: [EventSource], _ scope: PartScope) -> [ExactNumber] {
        values(events, sources, scope).compactMap { if case .number(let number) = $0 { number } else { nil } }
    }
}

extension EventTest {
    /// The property that is measured; nil for measures of the events themselves.
    var path: String? {
        switch measure {
        case .sum(let path), .average(let path), .minimum(let path), .maximum(let path), .percentile(let path, _), .distinct(let path), .mode(let path), .first(let path), .last(let path): path
        case .count, .firstTime, .lastTime, .days, .share: nil
        }
    }

    func slowPlan(_ patterns: [TablePattern], _ bounds: TimeBounds, _ compiler: inout PlanCompiler) -> SlowEventPlan {
        var columns: [(column: Int, dictionary: ValueDictionary)?] = []
        var shares: [TablePattern?] = []
        for pattern in patterns {
            let found = path.flatMap { compiler.view.catalog.column(Array($0.utf8), of: pattern.table) }
            if let found { compiler.needs.add(found.number, of: pattern.table) }
            columns.append(found.map { ($0.number, $0.dictionary) })
            if case .share(let filter) = measure {
                let part = compiler.filter(filter, of: pattern.table)
                let both = pattern.filter.map { FilterPlan.all([$0, part]) } ?? part
                shares.append(TablePattern(table: pattern.table, filter: both, filterNumber: compiler.nextFilterNumber()))
            } else {
                shares.append(nil)
            }
        }
        return SlowEventPlan(patterns: patterns, bounds: bounds, test: self, columns: columns, shares: shares, clock: compiler.clock)
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

extension StoredValue {
    init(time: Int64) { self = .text(Array(Timestamp(clamping: time).iso8601.utf8)) }

    /// Equal for equal values, and for no others.
    var identity: [UInt8] {
        switch self {
        case .text(let bytes): [0] + bytes
        case .number(let number): [1] + Array(number.description.utf8)
        case .boolean(let value): [2, value ? 1 : 0]
        case .array(let elements): elements.reduce([3]) { $0 + $1.identity + [0xff] }
        case .object: [4]
        }
    }

    private var rank: Int {
        switch self {
        case .text: 0
        case .number: 1
        case .boolean: 2
        case .array, .object: 3
        }
    }

    /// The most frequent of the values; of equally frequent ones the first as ``EventTest/Measure/mode(_:)`` says.
    static func mode(of values: [StoredValue]) -> StoredValue? {
        var counts: [[UInt8]: (count: Int, value: StoredValue)] = [:]
        for value in values { counts[value.identity, default: (0, value)].count += 1 }
        return counts.values.max { a, b in a.count != b.count ? a.count < b.count : b.value.precedes(a.value) }?.value
    }

    private func precedes(_ other: StoredValue) -> Bool {
        if rank != other.rank { return rank < other.rank }
        return switch (self, other) {
        case (.text(let a), .text(let b)): a.lexicographicallyPrecedes(b)
        case (.number(let a), .number(let b)): a < b
        case (.boolean(let a), .boolean(let b)): !a && b
        default: identity.lexicographicallyPrecedes(other.identity)
        }
    }
}

/// Shares and averages are compared as fractions, without dividing.
enum ShareTest {
    /// Whether `part` of `whole` satisfies a test of a number from 0 to 1.
    static func holds(_ part: Int, of whole: Int, _ test: ValueTest) -> Bool {
        FractionTest.holds(ExactNumber(Int64(part)), over: whole, test)
    }
}

enum AverageTest {
    static func holds(_ numbers: [ExactNumber], _ test: ValueTest) -> Bool {
        guard !numbers.isEmpty else { if case .isMissing = test { return true } else { return false } }
        return FractionTest.holds(numbers.reduce(ExactNumber(0), +), over: numbers.count, test)
    }
}

enum FractionTest {
    /// Whether `sum` / `count` satisfies a test: each bound is multiplied by the count instead.
    static func holds(_ sum: ExactNumber, over count: Int, _ test: ValueTest) -> Bool {
        func bound(_ literal: Literal) -> ExactNumber? { if case .number(let number) = literal { number * count } else { nil } }
        switch test {
        case .equals(let l): return bound(l).map { sum == $0 } ?? false
        case .differs(let l): return bound(l).map { sum != $0 } ?? true
        case .less(let l): return bound(l).map { sum < $0 } ?? false
        case .atMost(let l): return bound(l).map { sum <= $0 } ?? false
        case .more(let l): return bound(l).map { sum > $0 } ?? false
        case .atLeast(let l): return bound(l).map { sum >= $0 } ?? false
        case .between(let a, let b): return (bound(a).map { sum >= $0 } ?? false) && (bound(b).map { sum <= $0 } ?? false)
        case .isOneOf(let all): return all.contains { bound($0).map { sum == $0 } ?? false }
        case .isNoneOf(let all): return !all.contains { bound($0).map { sum == $0 } ?? false }
        case .exists: return true
        default: return false
        }
    }
}
