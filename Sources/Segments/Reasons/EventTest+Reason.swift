import Columnar
import Profiles
import Vocabulary

extension EventTest: ReasonedTest {
    func makeLook(_ compiler: inout PlanCompiler) -> any Look {
        let patterns = compiler.patterns(pattern)
        let resolved = window.resolved(at: compiler.moment, using: compiler.clock.rules)
        let slow = slowPlan(patterns, TimeBounds(from: resolved.from, to: resolved.to), &compiler)
        if let sessions = slow.measurer.sessions { return SessionLook(slow: slow, sessions: sessions, window: resolved, paths: (paths + ["duration", "events"]).unique) }
        return EventLook(
            slow: slow, window: resolved, unfiltered: pattern.filter == nil ? nil : compiler.patterns(EventPattern(pattern.names)), paths: paths)
    }

    /// The properties that the test looks at, each once.
    private var paths: [String] {
        var paths = measure.path.map { [$0] } ?? []
        if case .share(let filter) = measure { paths += filter.paths }
        return (paths + pattern.paths).unique
    }
}

extension EventPattern {
    /// The properties that its filter looks at.
    var paths: [String] { filter?.paths.unique ?? [] }
}

extension [String] {
    fileprivate var unique: [String] {
        var known: Set<String> = []
        return filter { known.insert($0).inserted }
    }
}

/// A person's events that a test measures, one by one.
struct EventLook: Look {
    let slow: SlowEventPlan
    let window: ResolvedWindow
    /// The same events without the filter; nil where there is none.
    let unfiltered: [TablePattern]?
    let paths: [String]

    func seen(_ one: OneProfile, _ scope: PartScope) -> Reason.Seen {
        let sources = EventSource.sources(slow.measurer.patterns, scope, slow.clock)
        let bounds = TimeBounds(from: window.from, to: window.to)
        let found = events(sources, one, bounds)
        let earlier = found.isEmpty ? events(sources, one, TimeBounds(from: .min, to: window.to)).last : nil
        let measured = slow.measurer.part(scope)
        return .events(SeenEvents(
            value: measured.value(one.row).map(\.shown), count: found.count,
            unfilteredCount: unfiltered.map { events(EventSource.sources($0, scope, slow.clock), one, bounds).count }, window: window,
            events: telling(found, measured).map { one.seen($0, paths: paths) }, before: earlier.map { one.seen($0, paths: paths) }))
    }

    /// By time, then in the order of arrival.
    private func events(_ sources: [EventSource], _ one: OneProfile, _ bounds: TimeBounds) -> [FoundEvent] {
        var found: [FoundEvent] = []
        for (index, source) in sources.enumerated() { source.collect(one.row, bounds, source: index, into: &found) }
        return found.sorted { ($0.time, $0.position) < ($1.time, $1.position) }
    }

    /// The events that made the measure, before all others; of a number of events the newest.
    private func telling(_ found: [FoundEvent], _ measured: MeasuredPart) -> [FoundEvent] {
        func number(_ event: FoundEvent) -> ExactNumber? { if case .number(let number) = measured.value(of: event) { number } else { nil } }
        func numbered(_ precedes: (ExactNumber, ExactNumber) -> Bool) -> [FoundEvent] {
            found.compactMap { event in number(event).map { (event, $0) } }.sorted { precedes($0.1, $1.1) }.map(\.0)
        }
        let ordered: [FoundEvent] =
            switch slow.measurer.measure {
            case .minimum: numbered(<)
            case .maximum: numbered(>)
            case .firstTime: found
            case .first: found.filter { measured.value(of: $0) != nil }
            case .last: found.reversed().filter { measured.value(of: $0) != nil }
            default: found.reversed()
            }
        return Array(ordered.prefix(Question.seenEventsMaximum))
    }
}

extension MeasuredValue {
    /// For people to read: comparing has been done exactly.
    var shown: JSONText {
        switch self {
        case .value(let value), .sent(let value, _): OneProfile.cut(value.json)
        case .fraction: .rounded(double ?? 0)
        }
    }
}

extension JSONText {
    /// A number for people to read: comparing has been done exactly.
    fileprivate static func rounded(_ value: Double) -> JSONText {
        var w = JSONWriter()
        w.number((value * 1e6).rounded() / 1e6)
        return w.text
    }
}
