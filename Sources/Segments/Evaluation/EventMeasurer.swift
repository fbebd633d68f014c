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
    /// What cuts the events into sessions, where those are measured.
    let sessions: SessionCutter?

    init(_ measured: EventMeasure, _ patterns: [TablePattern], _ bounds: TimeBounds, _ compiler: inout PlanCompiler) {
        let measure = measured.measure
        sessions = SessionCutter(measured.pattern, measure, patterns, &compiler)
        var columns: [(column: Int, dictionary: ValueDictionary)?] = []
        var shares: [TablePattern?] = []
        var isLogged: [Bool] = []
        for pattern in patterns {
            let path = sessions == nil ? measure.path.map { Array($0.utf8) } : nil
            let found = path.flatMap { compiler.view.catalog.column($0, of: pattern.table) }
            if let found { compiler.needs.add(found.number, of: pattern.table) }
            columns.append(found.map { ($0.number, $0.dictionary) })
            isLogged.append(found == nil && path.map { compiler.view.catalog.isOnlyInLog($0, of: pattern.table) } ?? false)
            if sessions == nil, case .share(let filter) = measure {
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
        if let cutter = measurer.sessions {
            let sessions = cutter.passing(cutter.sessions(row, sources, measurer.bounds), sources, scope)
            return MeasuredItems(
                items: sessions, clock: measurer.clock, bounds: measurer.bounds, place: { ($0.first.time, $0.first.position) },
                value: { session in measurer.measure.path.flatMap { cutter.value($0, of: session, sources, scope) } },
                shared: { cutter.sharing(sessions, sources, scope) }
            ).value(of: measurer.measure)
        }
        var events: [FoundEvent] = []
        for (index, source) in sources.enumerated() { source.collect(row, measurer.bounds, source: index, into: &events) }
        func shared() -> Int {
            var part: [FoundEvent] = []
            for source in shares { source.collect(row, measurer.bounds, source: 0, into: &part) }
            return part.count
        }
        return MeasuredItems(items: events, clock: measurer.clock, bounds: measurer.bounds, place: { ($0.time, $0.position) }, value: value(of:), shared: shared).value(of: measurer.measure)
    }

    /// How long the time is in which a rate is counted; nil where there is nothing to count.
    func span(_ row: Int) -> Int64? {
        let end = min(measurer.bounds.to, measurer.clock.now)
        return measurer.bounds.from > .min ? end - measurer.bounds.from : times(row).min().map { end - $0 }
    }

    private func times(_ row: Int) -> [Int64] {
        if let cutter = measurer.sessions { return cutter.passing(cutter.sessions(row, sources, measurer.bounds), sources, scope).map(\.first.time) }
        var events: [FoundEvent] = []
        for (index, source) in sources.enumerated() { source.collect(row, measurer.bounds, source: index, into: &events) }
        return events.map(\.time)
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

}
