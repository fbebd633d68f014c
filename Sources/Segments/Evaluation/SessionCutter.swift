import Columnar
import Profiles
import Vocabulary

/// A person's events cut into sessions, for one state and one moment.
struct SessionCutter: Sendable {
    /// In milliseconds.
    let gap: Int64
    let filter: PropertyFilter?
    private let share: PropertyFilter?
    /// Of each pattern of the measurer, which calls its table holds.
    private let types: [EventType]
    /// Of each property of events that is looked at, where each pattern's table has it.
    private let columns: [String: [Place]]
    private let clock: Clockwork

    private enum Place {
        case column(Int, ValueDictionary)
        /// A property that is only in the log.
        case log
        case nowhere
    }

    /// Nil where events are meant.
    init?(_ pattern: EventPattern, _ measure: EventTest.Measure, _ patterns: [TablePattern], _ compiler: inout PlanCompiler) {
        guard let gap = pattern.sessionGap?.milliseconds else { return nil }
        self.gap = gap
        filter = pattern.filter
        share = if case .share(let filter) = measure { filter } else { nil }
        clock = compiler.clock
        let tables = compiler.view.catalog.tables
        types = patterns.map { $0.table < tables.count ? tables[$0.table].type : .track }
        var columns: [String: [Place]] = [:]
        let paths = (filter?.paths ?? []) + (share?.paths ?? []) + (measure.path.map { [$0] } ?? [])
        for path in paths.compactMap({ SessionProperty(path: $0)?.eventPath }) where columns[path] == nil {
            columns[path] = patterns.map { SessionCutter.place(Array(path.utf8), of: $0.table, &compiler) }
        }
        if columns["name"] != nil { columns[SessionCutter.callName] = patterns.map { SessionCutter.place(ProfileColumns.pageName, of: $0.table, &compiler) } }
        self.columns = columns
    }

    /// Under which the names of pages and screens are kept; no path of a condition is empty.
    private static let callName = ""

    private static func place(_ path: [UInt8], of table: Int, _ compiler: inout PlanCompiler) -> Place {
        guard let (column, dictionary) = compiler.view.catalog.column(path, of: table) else { return compiler.view.catalog.isOnlyInLog(path, of: table) ? .log : .nowhere }
        compiler.needs.add(column, of: table)
        return .column(column, dictionary)
    }

    // MARK: - Cutting

    /// Events one after the other; never empty.
    struct Session {
        let events: ArraySlice<FoundEvent>
        var first: FoundEvent { events[events.startIndex] }
        var last: FoundEvent { events[events.endIndex - 1] }
    }

    /// All sessions of a row that begin in the bounds, in order.
    func sessions(_ row: Int, _ sources: [EventSource], _ bounds: TimeBounds) -> [Session] {
        var events: [FoundEvent] = []
        // Whether an event begins a session is told by what lies at most the gap before it; how long one goes on, by all that follows.
        let from = bounds.from > .min + gap ? bounds.from - gap : .min
        for (index, source) in sources.enumerated() { source.collect(row, TimeBounds(from: from, to: clock.now), source: index, into: &events) }
        events.sort { ($0.time, $0.position) < ($1.time, $1.position) }
        var sessions: [Session] = []
        var start = 0
        for index in events.indices where index == events.count - 1 || events[index + 1].time - events[index].time > gap {
            let session = Session(events: events[start...index])
            if session.first.time >= bounds.from, session.first.time < bounds.to { sessions.append(session) }
            start = index + 1
        }
        return sessions
    }

    func passing(_ sessions: [Session], _ sources: [EventSource], _ scope: PartScope) -> [Session] {
        guard let filter else { return sessions }
        return sessions.filter { passes($0, filter, sources, scope) }
    }

    // MARK: - Looking

    func value(_ path: String, of session: Session, _ sources: [EventSource], _ scope: PartScope) -> StoredValue? {
        func number(_ count: Int) -> StoredValue { .number(ExactNumber(Int64(count))) }
        func type(_ event: FoundEvent) -> EventType { types[sources[event.source].pattern] }
        switch SessionProperty(path: path) {
        case .duration: return .number(ExactNumber(session.last.time - session.first.time, scale: 3))
        case .events: return number(session.events.count)
        case .pages: return number(session.events.count { type($0) == .page })
        case .screens: return number(session.events.count { type($0) == .screen })
        case .entry(let path): return value(path, of: session.first, sources, scope)
        case .exit(let path): return value(path, of: session.last, sources, scope)
        case .landing(let path): return session.events.first { type($0) == .page || type($0) == .screen }.flatMap { value(path, of: $0, sources, scope) }
        case nil: return nil
        }
    }

    private func value(_ path: String, of event: FoundEvent, _ sources: [EventSource], _ scope: PartScope) -> StoredValue? {
        if let value = stored(path, of: event, sources, scope) { return value }
        return path == "name" ? stored(SessionCutter.callName, of: event, sources, scope) : nil
    }

    private func stored(_ path: String, of event: FoundEvent, _ sources: [EventSource], _ scope: PartScope) -> StoredValue? {
        let source = sources[event.source]
        switch columns[path]?[source.pattern] {
        case .column(let column, let dictionary):
            guard column < source.run.columns.count, let values = source.run.columns[column] else { return nil }
            let value = values.cell(event.index)
            return value == .code(ValueDictionary.overflow) ? scope.records.value(at: event.position, Array(path.utf8)) : StoredValue(value, dictionary)
        case .log: return scope.records.value(at: event.position, Array(path.utf8))
        case .nowhere, nil: return nil
        }
    }

    private func passes(_ session: Session, _ filter: PropertyFilter, _ sources: [EventSource], _ scope: PartScope) -> Bool {
        switch filter {
        case .all(let parts): parts.allSatisfy { passes(session, $0, sources, scope) }
        case .any(let parts): parts.contains { passes(session, $0, sources, scope) }
        case .not(let part): !passes(session, part, sources, scope)
        case .property(let path, let test): test.holds(value(path, of: session, sources, scope), clock)
        case .hours(let from, let to): FilterPlan.isHour(clock.rules.hour(of: session.first.time), from: from, to: to)
        case .weekdays(let days): days.contains(clock.rules.weekday(of: session.first.time))
        // Refused where conditions are checked.
        case .member: false
        }
    }

    /// How many of the sessions also pass the filter of a share.
    func sharing(_ sessions: [Session], _ sources: [EventSource], _ scope: PartScope) -> Int {
        share.map { share in sessions.count { passes($0, share, sources, scope) } } ?? 0
    }

    // MARK: - Time

    /// Calls `note` with the instants at which a date of a row's sessions is held otherwise against the moment.
    func flips(_ row: Int, _ sources: [EventSource], _ measured: (path: String, test: ValueTest)?, _ scope: PartScope, _ note: (Int64) -> Void) {
        let tests = (filter?.tests ?? []) + (share?.tests ?? []) + (measured.map { [$0] } ?? [])
        let relative = tests.filter { $0.1.period != nil }
        guard !relative.isEmpty else { return }
        for session in sessions(row, sources, TimeBounds(from: .min, to: .max)) {
            for (path, test) in relative {
                if let time = value(path, of: session, sources, scope)?.instant { note(test.flip(of: time.milliseconds, clock)) }
            }
        }
    }

    /// Whether days are counted from the moment's.
    var isCalendar: Bool { ((filter?.tests ?? []) + (share?.tests ?? [])).contains { $0.1.isCalendar } }
}

extension PropertyFilter {
    /// The tests of properties in it.
    var tests: [(path: String, test: ValueTest)] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.tests)
        case .not(let part): part.tests
        case .property(let path, let test): [(path, test)]
        case .hours, .weekdays, .member: []
        }
    }
}
