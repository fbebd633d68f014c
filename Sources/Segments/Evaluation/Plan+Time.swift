import Columnar
import Profiles
import Vocabulary

/// When an answer may change though nothing happens.
protocol TimedPlan: Plan {
    /// Calls `note` with rows among `among` and instants behind the moment at which their answer may be another; each row's earliest is enough. To name one
    /// too many costs a look, to miss one would be an error.
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void)
    /// When a bound that follows the calendar jumps, so that everyone must be asked again; nil where none does.
    var recheck: Int64? { get }
}

extension Plan {
    func timedChanges(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) { (self as? any TimedPlan)?.changes(in: scope, among: among, note: note) }
    var timedRecheck: Int64? { (self as? any TimedPlan)?.recheck }
}

extension AllPlan: TimedPlan {
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) { for plan in plans { plan.timedChanges(in: scope, among: among, note: note) } }
    var recheck: Int64? { plans.compactMap(\.timedRecheck).min() }
}

extension AnyPlan: TimedPlan {
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) { for plan in plans { plan.timedChanges(in: scope, among: among, note: note) } }
    var recheck: Int64? { plans.compactMap(\.timedRecheck).min() }
}

extension NotPlan: TimedPlan {
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) { plan.timedChanges(in: scope, among: among, note: note) }
    var recheck: Int64? { plan.timedRecheck }
}

extension MeasurePlan: TimedPlan {
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) { slow.changes(in: scope, among: among, note: note) }
    var recheck: Int64? { slow.recheck }
}

extension SlowEventPlan: TimedPlan {
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) {
        let movement = WindowMovement(test.window, clock)
        let tested = test.test.period.map { WindowMovement(.last($0), clock) }
        let measured = measurer.columns.map { found in found.flatMap { test.test.isRelative ? FilterPlan.value(column: $0.column, path: Array((measurer.measure.path ?? "").utf8), matcher: ValueMatcher(test.test, $0.dictionary, clock)) : nil } }
        crossings(in: scope, among: among, note: note)
        let sources = EventSource.sources(measurer.patterns, scope, clock)
        if let sessions = measurer.sessions {
            let value = test.measure.path.map { (path: $0, test: test.test) }
            among.forEach { row in sessions.flips(row, sources, value, scope) { note(row, $0) } }
        }
        for source in sources {
            source.eachSlot(among) { row, events in
                movement.changes(source, events) { note(row, $0) }
                // A time that is measured itself against the moment.
                tested?.changes(source, events) { note(row, $0) }
                for filter in [source.filter, measured[source.pattern], measurer.shares[source.pattern]?.filter] {
                    filter?.flips(source.run, events, scope) { note(row, $0) }
                }
            }
        }
    }

    var recheck: Int64? {
        let isCalendar = test.test.isCalendar || measurer.sessions?.isCalendar ?? false || (measurer.patterns + measurer.shares.compactMap(\.self)).contains { $0.filter?.isCalendar ?? false }
        let streak: Period.Unit? = if case .streak(let unit, isCurrent: true) = test.measure { unit } else { nil }
        return [
            test.window.nextChange(after: clock.now, using: clock.rules), isCalendar ? clock.rules.nextStart(of: .day, after: clock.now) : nil,
            // A streak ends when a whole day, week or month has passed without an event.
            streak.map { clock.rules.nextStart(of: $0, after: clock.now) }, trendRecheck,
        ].compactMap { $0 }.min()
    }
}

extension FilterPlan {
    /// Calls `note` with the next instants at which one of these events passes otherwise, since a date of it is held against the moment.
    func flips(_ run: Run, _ events: Range<Int>, _ scope: PartScope, _ note: (Int64) -> Void) {
        func logged(_ index: Int, _ path: [UInt8], _ matcher: ValueMatcher) {
            let flip = matcher.flip(of: scope.records.value(at: run.position(index), path))
            if flip != .max { note(flip) }
        }
        switch self {
        case .all(let parts), .any(let parts): for part in parts { part.flips(run, events, scope, note) }
        case .not(let inner): inner.flips(run, events, scope, note)
        case .value(let column, let path, let matcher):
            guard matcher.isRelative, column < run.columns.count, let codes = run.columns[column]?.codes else { return }
            for index in events {
                let code = codes[index]
                if code == ValueDictionary.overflow { logged(index, path, matcher) } else if code > 0, Int(code) < matcher.flips.count, matcher.flips[Int(code)] != .max { note(matcher.flips[Int(code)]) }
            }
        case .logged(let path, let matcher): if matcher.isRelative { for index in events { logged(index, path, matcher) } }
        // Who belonged to what is a matter of the event's time, not of the moment's.
        case .constant, .hours, .weekdays, .member: return
        }
    }

    /// Whether days are counted from the moment's.
    var isCalendar: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains(where: \.isCalendar)
        case .not(let inner): inner.isCalendar
        case .value(_, _, let matcher), .logged(_, let matcher): matcher.recheck != nil
        case .constant, .hours, .weekdays, .member: false
        }
    }
}

extension SequencePlan: TimedPlan {
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) {
        let movement = WindowMovement(bounded, clock)
        let deadline = steps.last.flatMap { $0.isAbsent ? $0.within : nil }.map { WindowMovement(.last($0), clock) }
        let last = steps.lastIndex { !$0.isAbsent } ?? 0
        for (number, step) in steps.enumerated() {
            for source in EventSource.sources(step.patterns, scope, clock) {
                source.eachSlot(among) { row, events in
                    (number == 0 ? movement : WindowMovement(.ever, clock)).changes(source, events) { note(row, $0) }
                    if number == last { deadline?.changes(source, events) { note(row, $0) } }
                    source.filter?.flips(source.run, events, scope) { note(row, $0) }
                }
            }
        }
    }

    var recheck: Int64? {
        let isCalendar = steps.contains { $0.patterns.contains { $0.filter?.isCalendar ?? false } }
        return [bounded.nextChange(after: clock.now, using: clock.rules), isCalendar ? clock.rules.nextStart(of: .day, after: clock.now) : nil].compactMap { $0 }.min()
    }
}

extension TraitPlan: TimedPlan {
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) {
        past?.changes(in: scope, among: among, note: note)
        guard matcher.isRelative, let column, column < scope.part.traits.count, let codes = scope.part.traits[column]?.codes else { return }
        among.forEach { row in
            let code = Int(codes[row])
            guard code > 0, code < matcher.flips.count, matcher.flips[code] != .max else { return }
            note(row, matcher.flips[code])
        }
    }

    var recheck: Int64? { matcher.recheck }
}

extension RelationPlan: TimedPlan {
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) { for side in [left, right] { side.past?.changes(in: scope, among: among, note: note) } }
    var recheck: Int64? { nil }
}

extension EventSource {
    /// Calls `body` with each row among `among` that has events here, and where they stand.
    func eachSlot(_ among: RowSet, _ body: (Int, Range<Int>) -> Void) {
        run.rows.intersection(rows).intersection(among).forEach { row in if let slot = run.slot(of: row) { body(row, run.events(ofSlot: slot)) } }
    }
}

/// How events leave and enter a window as the moment moves on.
struct WindowMovement {
    private let window: Window
    private let clock: Clockwork

    init(_ window: Window, _ clock: Clockwork) {
        self.window = window
        self.clock = clock
    }

    /// Calls `note` with the next instants at which one of a row's events leaves or enters the window.
    func changes(_ source: EventSource, _ events: Range<Int>, _ note: (Int64) -> Void) {
        if case .ago(let period) = window.from, let time = first(source, events, notBefore: clock.rules.instant(period, before: clock.now)) { note(leaving(time, period)) }
        switch window.to {
        case .ago(let period): if let time = first(source, events, notBefore: clock.rules.instant(period, before: clock.now)) { note(leaving(time, period)) }
        case .instant, .start, nil: break
        }
        // What lies in the future comes in when it is past.
        if let time = first(source, events, notBefore: clock.now) { note(time + 1) }
    }

    private func first(_ source: EventSource, _ events: Range<Int>, notBefore time: Int64) -> Int64? {
        var low = events.lowerBound
        var high = events.upperBound
        while low < high {
            let middle = (low + high) / 2
            if source.run.time(middle) < time { low = middle + 1 } else { high = middle }
        }
        while low < events.upperBound {
            if source.mask?.contains(low) ?? true { return source.run.time(low) }
            low += 1
        }
        return nil
    }

    /// The first moment from which `time` is longer ago than a period.
    private func leaving(_ time: Int64, _ period: Period) -> Int64 { clock.leaving(time, period) }
}

extension Clockwork {
    /// The first moment from which `time` is longer ago than a period. Months are not always undone by going back, so that one is looked for.
    func leaving(_ time: Int64, _ period: Period) -> Int64 {
        if let milliseconds = period.milliseconds { return time + milliseconds + 1 }
        var low = max(now, time)
        var high = time + Int64(period.count) * (period.unit == .year ? 367 : period.unit == .quarter ? 93 : 32) * 86_400_000 + 86_400_000
        while low < high {
            let middle = (low + high) / 2
            if rules.instant(period, before: middle) > time { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension ValueTest {
    /// The period against which an instant is held.
    var period: Period? {
        switch self {
        case .withinLast(let period), .beforeLast(let period), .withinNext(let period), .afterNext(let period): period
        default: nil
        }
    }

    /// Whether the answer moves with the moment.
    var isRelative: Bool { period != nil || isCalendar }
    var isCalendar: Bool { if case .anniversaryWithinNext = self { true } else { false } }

    /// The next moment at which a date satisfies the test otherwise than now; `Int64.max` where none comes.
    func flip(of time: Int64, _ clock: Clockwork) -> Int64 {
        let candidates: [Int64] = switch self {
        case .withinLast(let period): [time + 1, clock.leaving(time, period)]
        case .beforeLast(let period): [clock.leaving(time, period)]
        case .withinNext(let period): [clock.rules.instant(period, before: time), time + 1]
        case .afterNext(let period): [clock.rules.instant(period, before: time)]
        default: []
        }
        return candidates.filter { $0 > clock.now }.min() ?? .max
    }
}
