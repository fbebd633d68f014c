import Columnar
import Profiles
import Vocabulary

/// Events made ready to be measured person by person, for one state and one moment.
struct EventMeasurer: Sendable {
    let measure: EventTest.Measure
    let patterns: [TablePattern]
    let bounds: TimeBounds
    /// For each pattern, the column of the measured property, and the filter of a share.
    let columns: [(column: Int, dictionary: ValueDictionary)?]
    let shares: [TablePattern?]
    /// For each pattern, whether the measured property is in the log alone.
    let isLogged: [Bool]
    let clock: Clockwork

    init(_ measure: EventTest.Measure, _ patterns: [TablePattern], _ bounds: TimeBounds, _ compiler: inout PlanCompiler) {
        var columns: [(column: Int, dictionary: ValueDictionary)?] = []
        var shares: [TablePattern?] = []
        var isLogged: [Bool] = []
        for pattern in patterns {
            let path = measure.path.map { Array($0.utf8) }
            let found = path.flatMap { compiler.view.catalog.column($0, of: pattern.table) }
            if let found { compiler.needs.add(found.number, of: pattern.table) }
            columns.append(found.map { ($0.number, $0.dictionary) })
            isLogged.append(found == nil && path.map { compiler.view.catalog.isOnlyInLog($0, of: pattern.table) } ?? false)
            if case .share(let filter) = measure {
                let part = compiler.filter(filter, of: pattern.table)
                let both = pattern.filter.map { FilterPlan.all([$0, part]) } ?? part
                shares.append(TablePattern(table: pattern.table, filter: both, filterNumber: compiler.nextFilterNumber()))
            } else {
                shares.append(nil)
            }
        }
        (self.measure, self.patterns, self.bounds, self.columns, self.shares, self.isLogged) = (measure, patterns, bounds, columns, shares, isLogged)
        clock = compiler.clock
    }

    /// Makes ready to measure the rows of one part.
    func part(_ scope: PartScope) -> MeasuredPart { MeasuredPart(self, scope) }
}

/// One part's events while they are measured.
struct MeasuredPart {
    private let measurer: EventMeasurer
    private let scope: PartScope
    private let sources: [EventSource]
    private let shares: [EventSource]
    /// The rows with events of the kind, whatever their time and properties.
    let having: RowSet

    init(_ measurer: EventMeasurer, _ scope: PartScope) {
        self.measurer = measurer
        self.scope = scope
        sources = EventSource.sources(measurer.patterns, scope, measurer.clock)
        shares = EventSource.sources(measurer.shares.compactMap(\.self), scope, measurer.clock)
        having = sources.reduce(into: RowSet()) { $0.formUnion($1.run.rows.intersection($1.rows)) }
    }

    /// What the measure of a row's events comes to; nil for no value.
    func value(_ row: Int) -> MeasuredValue? {
        var events: [FoundEvent] = []
        for (index, source) in sources.enumerated() { source.collect(row, measurer.bounds, source: index, into: &events) }
        if events.isEmpty { return measurer.measure.none.map { .value($0) } }
        func number(_ count: Int) -> MeasuredValue { .value(.number(ExactNumber(Int64(count)))) }
        let rules = measurer.clock.rules
        switch measurer.measure {
        case .count: return number(events.count)
        case .days: return number(Set(events.map { rules.day(of: $0.time) }).count)
        case .firstTime: return events.map(\.time).min().map { .value(StoredValue(time: $0)) }
        case .lastTime: return events.map(\.time).max().map { .value(StoredValue(time: $0)) }
        case .sum: return .value(.number(numbers(events).reduce(ExactNumber(0), +)))
        case .average:
            let numbers = numbers(events)
            return numbers.isEmpty ? nil : .fraction(numbers.reduce(ExactNumber(0), +), over: ExactNumber(Int64(numbers.count)))
        case .minimum: return numbers(events).min().map { .value(.number($0)) }
        case .maximum: return numbers(events).max().map { .value(.number($0)) }
        case .percentile(_, let percent):
            let sorted = numbers(events).sorted()
            return sorted.isEmpty ? nil : .value(.number(sorted[max(0, (percent * sorted.count + 99) / 100 - 1)]))
        case .distinct: return number(Set(values(events).filter(\.isScalar).map(\.identity)).count)
        case .mode: return StoredValue.mode(of: values(events).filter(\.isScalar)).map { .value($0) }
        case .list:
            var seen: Set<[UInt8]> = []
            let values = values(events.inOrder).filter { $0.isScalar && seen.insert($0.identity).inserted }
            return values.isEmpty ? nil : .value(.array(values))
        case .first: return sent(events.inOrder)
        case .last: return sent(events.inOrder.reversed())
        case .streak(let unit, let isCurrent): return number(Streak.length(events.map(\.time), unit, isCurrent: isCurrent, measurer.clock))
        case .share:
            var part: [FoundEvent] = []
            for source in shares { source.collect(row, measurer.bounds, source: 0, into: &part) }
            return .fraction(ExactNumber(Int64(part.count)), over: ExactNumber(Int64(events.count)))
        }
    }

    private func sent(_ events: [FoundEvent]) -> MeasuredValue? {
        for event in events { if let value = value(of: event) { return .sent(value, at: event.position) } }
        return nil
    }

    /// The measured property of one of the events.
    func value(of event: FoundEvent) -> StoredValue? {
        let source = sources[event.source]
        func logged() -> StoredValue? { measurer.measure.path.flatMap { scope.records.value(at: event.position, Array($0.utf8)) } }
        guard let (column, dictionary) = measurer.columns[source.pattern] else { return measurer.isLogged[source.pattern] ? logged() : nil }
        guard column < source.run.columns.count, let values = source.run.columns[column] else { return nil }
        let value = values.cell(event.index)
        return value == .code(ValueDictionary.overflow) ? logged() : StoredValue(value, dictionary)
    }

    private func values(_ events: [FoundEvent]) -> [StoredValue] { events.compactMap(value(of:)) }

    private func numbers(_ events: [FoundEvent]) -> [ExactNumber] { values(events).compactMap { if case .number(let number) = $0 { number } else { nil } } }
}

extension [FoundEvent] {
    /// By time, of the same time in the order accepted.
    fileprivate var inOrder: [FoundEvent] { sorted { ($0.time, $0.position) < ($1.time, $1.position) } }
}

extension EventTest.Measure {
    /// What the measure of no events is: 0 for counts and sums, nothing for the others.
    var none: StoredValue? {
        switch self {
        case .count, .sum, .distinct, .days, .streak: .number(ExactNumber(0))
        default: nil
        }
    }
}

/// Days, weeks or months one after the other.
enum Streak {
    /// - Parameters:
    ///   - times: of the events, in milliseconds, in any order.
    ///   - isCurrent: whether only the streak counts that reaches the moment's own day, week or month, or the one before.
    static func length(_ times: [Int64], _ unit: Period.Unit, isCurrent: Bool, _ clock: Clockwork) -> Int {
        let numbers = Set(times.map { clock.rules.number(of: unit, holding: $0) })
        if isCurrent {
            let now = clock.rules.number(of: unit, holding: clock.now)
            var number = numbers.contains(now) ? now : now - 1
            var length = 0
            while numbers.contains(number) {
                length += 1
                number -= 1
            }
            return length
        }
        var longest = 0
        var length = 0
        var last: Int64?
        for number in numbers.sorted() {
            length = last == number - 1 ? length + 1 : 1
            longest = max(longest, length)
            last = number
        }
        return longest
    }
}

extension ZoneRules {
    /// Counts days, weeks (from Monday) or months of the zone: the next one's number is one more.
    fileprivate func number(of unit: Period.Unit, holding ms: Int64) -> Int64 {
        let day = day(of: ms)
        switch unit {
        case .week:
            // 1970-01-01 was a Thursday.
            return ZoneRules.quotient(day + 3, 7)
        case .month:
            let civil = CivilDay(number: day)
            return civil.year * 12 + civil.month
        default: return day
        }
    }
}
