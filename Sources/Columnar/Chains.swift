import CKernels

/// One step's events in a run, of the rows that the run answers for.
public struct Leg: Sendable {
    let run: Run
    let rows: RowSet
    let mask: EventMask?

    /// - Parameter mask: which events of the run are meant; nil for all of them.
    public init(run: Run, rows: RowSet, mask: EventMask?) {
        self.run = run
        self.rows = rows.intersection(run.rows)
        self.mask = mask
    }

    /// The rows that have such an event inside the bounds.
    public func rows(in bounds: TimeBounds) -> RowSet {
        run.rows(of: run.counting(run.slots(of: rows), in: bounds, where: mask, ranges: NumberRanges([1...Int64.max])))
    }
}

/// Chains of events, one of each step, each strictly later than the one before and all within a period of the first.
public struct Chains {
    private let legs: [[Leg]]
    private let bounds: TimeBounds
    private let within: Int64

    /// - Parameters:
    ///   - legs: by step; of one step's legs no two answer for the same row.
    ///   - within: in milliseconds, from a chain's first event to its last.
    public init(_ legs: [[Leg]], in bounds: TimeBounds, within: Int64) {
        self.legs = legs
        self.bounds = bounds
        self.within = within
    }

    /// How many of `rows` have a chain through the first step, the first two, and so on.
    public func reached(_ rows: RowSet) -> [Int] {
        var reached = [Int](repeating: 0, count: legs.count)
        var having = rows
        // Nothing is walked for those who did nothing of the second step.
        for step in legs.indices.prefix(2) {
            var mine = RowSet()
            for leg in legs[step] { mine.formUnion(leg.rows(in: bounds)) }
            having.formIntersection(mine)
            if step == 0 { reached[0] = having.count }
        }
        guard legs.count > 1 else { return reached }
        Chains.withPaths(Array(legs.joined())[...]) { paths in
            let longest = legs.joined().reduce(1) { max($0, $1.run.longest) }
            let ends = legs.indices.map { step in legs[...step].reduce(0) { $0 + $1.count } }
            unsafe withUnsafeTemporaryAllocation(of: martlet_link.self, capacity: longest * 2) { links in
                unsafe paths.withUnsafeBufferPointer { paths in
                    having.forEach { row in unsafe walk(row, paths, ends, links.baseAddress!, longest, &reached) }
                }
            }
        }
        return reached
    }

    /// - Parameters:
    ///   - paths: by step and leg.
    ///   - ends: by step, where its paths end.
    ///   - links: room for twice `longest`.
    @inline(__always)
    private func walk(
        _ row: Int, _ paths: UnsafeBufferPointer<Path>, _ ends: [Int], _ links: UnsafeMutablePointer<martlet_link>, _ longest: Int, _ reached: inout [Int]
    ) {
        var number = 0
        var before = unsafe martlet_events()
        var count = 0
        for step in ends.indices {
            while number < ends[step], unsafe paths[number].rows[row >> 6] >> UInt64(row & 63) & 1 == 0 { number += 1 }
            guard number < ends[step] else { return }
            var events = unsafe paths[number].events
            let range = unsafe paths[number].loop.range(paths[number].loop.slot(ofPresent: row), bounds)
            unsafe (events.from, events.to) = (range.lowerBound, range.upperBound)
            number = ends[step]
            let most = step + 1 == ends.count ? 1 : longest
            // Links are written beside those that are read.
            let (old, new) = unsafe (links + (step & 1) * longest, links + (step & 1 ^ 1) * longest)
            switch step {
            case 0:
                unsafe before = events
                continue
            case 1: count = unsafe martlet_chain_first(&before, &events, within, most, new)
            default: count = unsafe martlet_chain_next(old, count, &events, within, most, new)
            }
            if count == 0 { return }
            reached[step] += 1
        }
    }

    /// One leg as plain memory.
    private struct Path {
        let rows: UnsafePointer<UInt64>
        let loop: RunLoop
        let events: martlet_events
    }

    private static func withPaths(_ legs: ArraySlice<Leg>, _ paths: [Path] = [], _ body: ([Path]) -> Void) {
        guard let leg = legs.first else { return body(paths) }
        leg.run.withLoop { loop in
            unsafe leg.rows.words.withUnsafeBufferPointer { rows in
                var events = unsafe martlet_events(seconds: loop.seconds, thousandths: loop.thousandths, mask: nil, from: 0, to: 0)
                guard let mask = leg.mask else {
                    return unsafe withPaths(legs.dropFirst(), paths + [Path(rows: rows.baseAddress!, loop: loop, events: events)], body)
                }
                unsafe mask.words.withUnsafeBufferPointer { words in
                    unsafe events.mask = words.baseAddress
                    unsafe withPaths(legs.dropFirst(), paths + [Path(rows: rows.baseAddress!, loop: loop, events: events)], body)
                }
            }
        }
    }
}
