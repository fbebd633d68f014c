import Columnar
import Profiles
import Vocabulary

extension SequenceTest: PlannedTest {
    func makePlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan { makeSequencePlan(&compiler) }

    func makeSequencePlan(_ compiler: inout PlanCompiler) -> SequencePlan {
        var steps = [SequencePlan.Step(patterns: compiler.patterns(first), isAbsent: false, within: nil)]
        for step in rest { steps.append(SequencePlan.Step(patterns: compiler.patterns(step.pattern), isAbsent: step.isAbsent, within: step.within)) }
        var keys: [[[(column: Int, dictionary: ValueDictionary)?]]] = []
        for step in steps {
            keys.append(step.patterns.map { pattern in
                same.map { path in
                    guard let (column, dictionary) = compiler.view.catalog.column(Array(path.utf8), of: pattern.table) else { return nil }
                    compiler.needs.add(column, of: pattern.table)
                    return (column, dictionary)
                }
            })
        }
        return SequencePlan(
            steps: steps, bounded: window, window: compiler.bounds(window), all: compiler.bounds(.ever), within: within, same: same.map { Array($0.utf8) }, keys: keys, clock: compiler.clock)
    }
}

/// Walks each person's events step by step, keeping for each event of a step the latest first event of a chain that ends there.
struct SequencePlan: Plan {
    struct Step: Sendable {
        let patterns: [TablePattern]
        let isAbsent: Bool
        let within: Period?
    }
    let steps: [Step]
    let bounded: Window
    let window: TimeBounds
    let all: TimeBounds
    let within: Period?
    let same: [[UInt8]]
    /// For each step, pattern and path the column that holds the value.
    let keys: [[[(column: Int, dictionary: ValueDictionary)?]]]
    let clock: Clockwork
    var cost: Int { 300 * steps.count }

    func rows(in scope: PartScope, among: RowSet) -> RowSet {
        let sources = steps.map { EventSource.sources($0.patterns, scope, clock) }
        var candidates = among
        for (step, own) in zip(steps, sources) where !step.isAbsent {
            var having = RowSet()
            for source in own { having.formUnion(source.run.rows.intersection(source.rows)) }
            candidates.formIntersection(having)
        }
        if steps.count == 2, same.isEmpty, let fast = pairs(candidates, sources, among) { return fast }
        var rows = RowSet()
        candidates.forEach { row in if holds(row, sources, scope) { rows.insert(row) } }
        return rows
    }

    /// First one, then (or then not) another, within a fixed time: one loop over two runs.
    private func pairs(_ candidates: RowSet, _ sources: [[EventSource]], _ among: RowSet) -> RowSet? {
        let step = steps[1]
        guard within == nil, sources[0].count <= 1, sources[1].count <= 1, let gap = step.within?.milliseconds ?? (step.isAbsent ? nil : .some(Int64.max / 4)) else { return nil }
        guard let first = sources[0].first else { return RowSet() }
        let own = candidates.intersection(first.rows)
        if let second = sources[1].first {
            // Rows of which one run is not the whole answer go the general way.
            guard second.rows == first.rows || (second.rows.subtracting(first.rows).isEmpty && first.rows.subtracting(second.rows).isEmpty) else { return nil }
            return first.run.following(own, second.run, in: window, firstMask: first.mask, secondMask: second.mask, within: gap, isAbsent: step.isAbsent, now: clock.now, end: all)
        }
        guard step.isAbsent else { return RowSet() }
        return first.run.following(own, nil, in: window, firstMask: first.mask, secondMask: nil, within: gap, isAbsent: true, now: clock.now, end: all)
    }

    private func holds(_ row: Int, _ sources: [[EventSource]], _ scope: PartScope) -> Bool {
        var events: [[FoundEvent]] = []
        for (number, own) in sources.enumerated() {
            var found: [FoundEvent] = []
            for (index, source) in own.enumerated() { source.collect(row, number == 0 ? window : all, source: index, into: &found) }
            if found.isEmpty, !steps[number].isAbsent { return false }
            events.append(found.sorted { $0.time < $1.time })
        }
        guard !same.isEmpty else { return Chain(steps: steps, within: within, clock: clock).exists(events.map { $0.map(\.time) }) }
        // With equal properties: one chain for each combination of values that a first event has.
        var values: Set<[[UInt8]]> = []
        for event in events[0] { if let key = key(event, step: 0, sources, scope) { values.insert(key) } }
        return values.contains { wanted in
            let times = events.enumerated().map { number, found in
                found.filter { steps[number].isAbsent || key($0, step: number, sources, scope) == wanted }.map(\.time)
            }
            return Chain(steps: steps, within: within, clock: clock).exists(times)
        }
    }

    /// The values of the properties that must be equal; nil when one is missing.
    func key(_ event: FoundEvent, step: Int, _ sources: [[EventSource]], _ scope: PartScope) -> [[UInt8]]? {
        let source = sources[step][event.source]
        var key: [[UInt8]] = []
        for (index, path) in same.enumerated() {
            guard let (column, dictionary) = keys[step][source.pattern][index], column < source.run.columns.count, let values = source.run.columns[column] else { return nil }
            let cell = values.cell(event.index)
            let value = cell == .code(ValueDictionary.overflow) ? scope.records.value(at: event.position, path) : StoredValue(cell, dictionary)
            guard let value, value.isScalar else { return nil }
            key.append(value.identity)
        }
        return key
    }
}

/// Whether times, step by step, make a chain.
struct Chain {
    let steps: [SequencePlan.Step]
    let within: Period?
    let clock: Clockwork

    /// - Parameter times: for each step its events' times, ascending.
    func exists(_ times: [[Int64]]) -> Bool {
        // For each event of the last present step: the latest beginning of a chain that ends there; nil where there is none.
        var ends: [(time: Int64, start: Int64)] = times[0].map { ($0, $0) }
        var absent: [[Int64]] = []
        for number in 1..<steps.count {
            let step = steps[number]
            if step.isAbsent {
                if number == steps.count - 1 { return ends.contains { isQuiet($0.time, times[number], step.within, and: absent) } }
                absent.append(times[number])
                continue
            }
            var next: [(time: Int64, start: Int64)] = []
            for time in times[number] {
                var best: Int64?
                for end in ends where end.time < time && isNear(end.time, time, step.within) && isNear(end.start, time, within) {
                    if absent.contains(where: { quiet in quiet.contains { $0 > end.time && $0 < time } }) { continue }
                    best = max(best ?? .min, end.start)
                }
                if let best { next.append((time, best)) }
            }
            ends = next
            absent = []
            if ends.isEmpty { return false }
        }
        return !ends.isEmpty
    }

    func isNear(_ from: Int64, _ time: Int64, _ period: Period?) -> Bool {
        guard let period else { return true }
        return time <= (period.milliseconds.map { from + $0 } ?? clock.rules.instant(period, after: from))
    }

    /// The last instant of a period behind `time`; without one, that before the moment.
    func end(of period: Period?, after time: Int64) -> Int64 { period.map { $0.milliseconds.map { time + $0 } ?? clock.rules.instant($0, after: time) } ?? clock.now - 1 }

    /// Whether nothing happened from `time` to the end of the period, and that end has passed.
    private func isQuiet(_ time: Int64, _ events: [Int64], _ period: Period?, and others: [[Int64]]) -> Bool {
        let end = end(of: period, after: time)
        guard end < clock.now else { return false }
        return !(others + [events]).contains { $0.contains { $0 > time && $0 <= end } }
    }
}
