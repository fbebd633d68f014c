public import Columnar
import Profiles
import Vocabulary

/// Patterns of events made ready to be walked through, person by person.
public struct EventWalk: Sendable {
    let patterns: [[TablePattern]]
    let bounds: TimeBounds
    let needs: Needs
    let clock: Clockwork
    let records: any RecordSource

    /// A pattern's events in one run, with the rows that the run alone answers for.
    public struct Source {
        let step: Int
        let run: Run
        let rows: RowSet
        let mask: EventMask?
    }

    public func scope(_ part: Part) -> Scope { Scope(PartScope(part, needs: needs, records: records)) }

    /// One part while it is walked through, by one thread.
    public struct Scope {
        let inner: PartScope
        init(_ inner: PartScope) { self.inner = inner }
    }

    public func sources(_ scope: Scope) -> [Source] {
        patterns.enumerated().flatMap { step, tables in
            tables.flatMap { table in
                scope.inner.runs(of: table.table).map { Source(step: step, run: $0.run, rows: $0.rows.intersection($0.run.rows), mask: table.mask($0.run, scope.inner, clock)) }
            }
        }
    }

    /// Each step's events by run; nil where a step means several events, which then have to be walked through together.
    public func legs(_ scope: Scope) -> [[Leg]]? {
        guard patterns.allSatisfy({ $0.count <= 1 }) else { return nil }
        return patterns.map { tables in
            tables.flatMap { table in scope.inner.runs(of: table.table).map { Leg(run: $0.run, rows: $0.rows, mask: table.mask($0.run, scope.inner, clock)) } }
        }
    }

    /// The rows that can have an event of a step inside the bounds.
    public func rows(having step: Int, _ sources: [Source], _ part: Part) -> RowSet {
        var rows = RowSet()
        for source in sources where source.step == step {
            rows.formUnion(source.run.rows(of: source.run.slots(source.run.slots(of: source.rows), touching: bounds)))
        }
        return rows.intersection(part.alive)
    }

    /// Where the walk through one person's events stands; kept between people, so that nothing is made anew.
    public struct Cursors {
        struct Cursor { var index: Int, end: Int, time: Int64, source: Int }
        var all: [Cursor] = []
        public init() {}
    }

    /// Calls `body` with each of a row's events inside the bounds, by time; of one instant the later steps first.
    @inline(__always)
    public func eachEvent(of row: Int, _ sources: [Source], _ cursors: inout Cursors, _ body: (_ step: Int, _ time: Int64) -> Void) {
        cursors.all.removeAll(keepingCapacity: true)
        for number in sources.indices where sources[number].rows.contains(row) {
            guard let slot = sources[number].run.slot(of: row) else { continue }
            var range = sources[number].run.events(ofSlot: slot, in: bounds)
            EventWalk.skip(&range, sources[number])
            if !range.isEmpty {
                cursors.all.append(Cursors.Cursor(index: range.lowerBound, end: range.upperBound, time: sources[number].run.time(range.lowerBound), source: number))
            }
        }
        while !cursors.all.isEmpty {
            var best = 0
            for index in 1..<max(1, cursors.all.count) {
                let (time, least) = (cursors.all[index].time, cursors.all[best].time)
                if time < least || (time == least && sources[cursors.all[index].source].step > sources[cursors.all[best].source].step) { best = index }
            }
            let number = cursors.all[best].source
            body(sources[number].step, cursors.all[best].time)
            var range = cursors.all[best].index + 1..<cursors.all[best].end
            EventWalk.skip(&range, sources[number])
            if range.isEmpty { cursors.all.remove(at: best) } else {
                cursors.all[best].index = range.lowerBound
                cursors.all[best].time = sources[number].run.time(range.lowerBound)
            }
        }
    }

    @inline(__always)
    private static func skip(_ range: inout Range<Int>, _ source: Source) {
        guard let mask = source.mask else { return }
        while !range.isEmpty, !mask.contains(range.lowerBound) { range = range.lowerBound + 1..<range.upperBound }
    }
}

extension Question {
    /// Makes patterns ready to be walked through.
    public func events(_ patterns: [EventPattern], in window: Window) throws(SegmentError) -> EventWalk {
        var compiler = compiler
        var tables: [[TablePattern]] = []
        for pattern in patterns { tables.append(compiler.patterns(pattern)) }
        return EventWalk(patterns: tables, bounds: compiler.bounds(window), needs: compiler.needs, clock: compiler.clock, records: engine.log)
    }

    /// The bounds of a window at this moment.
    public func bounds(_ window: Window) -> TimeBounds { compiler.bounds(window) }

    /// The profile ids of rows, given as part and row in it.
    public func profileIDs(_ rows: [(part: Int, row: Int)]) -> [String] {
        engine.profileIDs(rows.map { Row($0.part * RowSet.capacity + $0.row) })
    }
}
