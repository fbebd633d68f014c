import Columnar
public import Segments
import Vocabulary

extension Insights {
    /// How many profiles reach each step of a funnel: events e1 < … < ek, one of each of the first k steps, all inside the window and at most
    /// `within` after e1.
    ///
    /// - Returns: a number for each step.
    public func funnel(_ steps: [EventPattern], in window: Window, within: Period) throws(SegmentError) -> [Int] {
        let matcher = try question.events(steps, in: window)
        let limit = within.milliseconds ?? Int64(within.count) * (within.unit == .month ? 2_592_000_000 : within.unit == .quarter ? 7_776_000_000 : 31_536_000_000)
        let parts = question.map { _, part in
            let scope = matcher.scope(part)
            if let legs = matcher.legs(scope) { return Chains(legs, in: question.bounds(window), within: limit).reached(part.alive) }
            var reached = [Int](repeating: 0, count: steps.count)
            let sources = matcher.sources(scope)
            var walk = FunnelWalk(stepCount: steps.count, within: limit)
            var cursors = EventWalk.Cursors()
            matcher.rows(having: 0, sources, part).forEach { row in
                walk.begin()
                matcher.eachEvent(of: row, sources, &cursors) { step, time in walk.take(step, time) }
                for step in 0..<walk.reached { reached[step] += 1 }
            }
            return reached
        }
        return (0..<steps.count).map { step in parts.reduce(0) { $0 + $1[step] } }
    }
}

/// Goes through one person's events in time, keeping for each step the latest first event of a chain that has come so far.
struct FunnelWalk {
    private let within: Int64
    private var starts: [Int64]
    private(set) var reached = 0

    init(stepCount: Int, within: Int64) {
        self.within = within
        starts = [Int64](repeating: .min, count: stepCount)
    }

    mutating func begin() {
        for index in starts.indices { starts[index] = .min }
        reached = 0
    }

    /// Events come by time, those of one instant with the later step first.
    @inline(__always)
    mutating func take(_ step: Int, _ time: Int64) {
        if step == 0 {
            starts[0] = time
        } else {
            let start = starts[step - 1]
            guard start != .min, time - start <= within else { return }
            starts[step] = start
        }
        if step + 1 > reached { reached = step + 1 }
    }
}
