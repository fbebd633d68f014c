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
        Chains.withLoops(legs.joined().map { ($0.run, $0.mask) }[...]) { loops in
            let longest = legs.joined().reduce(1) { max($0, $1.run.longest) }
            unsafe withUnsafeTemporaryAllocation(of: martlet_link.self, capacity: longest * 2) { links in
                having.forEach { row in walk(row, loops, links, longest, &reached) }
            }
        }
        return reached
    }

    /// - Parameters:
    ///   - loops: by step and leg.
    ///   - links: room for twice `longest`.
    @inline(__always)
    private func walk(_ row: Int, _ loops: [martlet_events], _ links: UnsafeMutableBufferPointer<martlet_link>, _ longest: Int, _ reached: inout [Int]) {
        var first = 0
        var before = martlet_events()
        var count = 0
        for step in legs.indices {
            var number = 0
            while number < legs[step].count, !legs[step][number].rows.contains(row) { number += 1 }
            guard number < legs[step].count, let slot = legs[step][number].run.slot(of: row) else { return }
            let leg = legs[step][number]
            let range = leg.run.events(ofSlot: slot, in: bounds)
            var events = unsafe loops[first + number]
            unsafe (events.from, events.to) = (range.lowerBound, range.upperBound)
            first += legs[step].count
            let most = step + 1 == legs.count ? 1 : longest
            // Links are written beside those that are read.
            let (old, new) = unsafe (links.baseAddress! + (step & 1) * longest, links.baseAddress! + (step & 1 ^ 1) * longest)
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

    private static func withLoops(_ runs: ArraySlice<(Run, EventMask?)>, _ loops: [martlet_events] = [], _ body: ([martlet_events]) -> Void) {
        guard let (run, mask) = runs.first else { return unsafe body(loops) }
        run.withLoop { loop in
            var events = unsafe martlet_events(seconds: loop.seconds, thousandths: loop.thousandths, mask: nil, from: 0, to: 0)
            guard let mask else { return unsafe withLoops(runs.dropFirst(), loops + [events], body) }
            unsafe mask.words.withUnsafeBufferPointer { words in
                unsafe events.mask = words.baseAddress
                unsafe withLoops(runs.dropFirst(), loops + [events], body)
            }
        }
    }
}
