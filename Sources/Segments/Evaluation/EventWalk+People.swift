import Columnar
public import Profiles
public import Vocabulary

/// One of a person's events, as a walk meets it.
public struct WalkedEvent: Sendable, Hashable {
    /// The number of the pattern that it matches.
    public let step: Int
    /// Milliseconds since 1970.
    public let time: Int64
    public let position: LogPosition
}

extension Question {
    /// Makes patterns ready to be walked through, and behind them, where `everything` is wanted, one that matches every call.
    public func events(_ patterns: [EventPattern], everything: Bool, in window: Window) throws(SegmentError) -> EventWalk {
        let walk = try events(patterns, in: window)
        guard everything else { return walk }
        // Filters have numbers from 1 on.
        let all = view.catalog.tables.indices.map { TablePattern(table: $0, filter: nil, filterNumber: -1) }
        return EventWalk(patterns: walk.patterns + [all], bounds: walk.bounds, needs: walk.needs, clock: walk.clock, records: walk.records)
    }

    /// Takes everyone who has an event of some of the steps, or is named, with all of their events in the order of the log, on all cores.
    ///
    /// - Parameters:
    ///   - steps: numbers of patterns.
    ///   - named: rows besides.
    ///   - fresh: what is made for each part, and filled by `body`.
    /// - Returns: one for each part.
    public func eachPerson<Partial: Sendable>(
        _ walk: EventWalk, having steps: [Int], named: Set<Row> = [], fresh: @escaping @Sendable () -> Partial, _ body: @escaping @Sendable (inout Partial, Row, [WalkedEvent]) -> Void
    ) -> [Partial] {
        map { number, part in
            let scope = walk.scope(part)
            let sources = walk.sources(scope)
            var rows = RowSet()
            for step in steps { rows.formUnion(walk.rows(having: step, sources, part)) }
            for row in named where Int(row) / RowSet.capacity == number && part.alive.contains(Int(row) % RowSet.capacity) { rows.insert(Int(row) % RowSet.capacity) }
            var partial = fresh()
            var events: [WalkedEvent] = []
            rows.forEach { row in
                events.removeAll(keepingCapacity: true)
                walk.collect(row, sources, into: &events)
                body(&partial, Row(number * RowSet.capacity + row), events)
            }
            return partial
        }
    }
}

extension EventWalk {
    /// A row's events inside the bounds, in the order of the log where they are of one instant.
    fileprivate func collect(_ row: Int, _ sources: [Source], into events: inout [WalkedEvent]) {
        for source in sources where source.rows.contains(row) {
            guard let slot = source.run.slot(of: row) else { continue }
            for index in source.run.events(ofSlot: slot, in: bounds) where source.mask?.contains(index) ?? true {
                events.append(WalkedEvent(step: source.step, time: source.run.time(index), position: source.run.position(index)))
            }
        }
        events.sort { ($0.time, $0.position, $0.step) < ($1.time, $1.position, $1.step) }
    }
}

extension SegmentEngine {
    /// Who satisfies a condition at each of several moments, as who came and who left since the moment before.
    ///
    /// - Parameter moments: ascending; at the first nobody comes or leaves.
    public func changes(of condition: Condition, at moments: [Moment], in view: ColumnView, segments: @escaping @Sendable (String) -> Condition?) throws(SegmentError) -> [(row: Row, at: Timestamp, entered: Bool)] {
        var found: [(row: Row, at: Timestamp, entered: Bool)] = []
        var before: [RowSet]?
        for moment in moments {
            let now = try rows(condition, at: moment, in: view, segments: segments)
            if let before {
                for part in now.indices {
                    now[part].subtracting(before[part]).forEach { found.append((Row(part * RowSet.capacity + $0), moment.asOf, true)) }
                    before[part].subtracting(now[part]).forEach { found.append((Row(part * RowSet.capacity + $0), moment.asOf, false)) }
                }
            }
            before = now
        }
        return found
    }
}
