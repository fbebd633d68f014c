import Columnar
import Profiles
import Vocabulary

extension SequenceTest: ReasonedTest {
    func makeLook(_ compiler: inout PlanCompiler) -> any Look { SequenceLook(test: self, plan: makeSequencePlan(&compiler)) }
}

/// A person's events along the steps of a sequence.
struct SequenceLook: Look {
    /// Following takes as many steps as one step's events times the next's; of somebody with more of them only the answer is told.
    private static let eventsMaximum = 2000
    let test: SequenceTest
    let plan: SequencePlan

    func seen(_ one: OneProfile, _ scope: PartScope) -> Reason.Seen {
        let sources = plan.steps.map { EventSource.sources($0.patterns, scope, plan.clock) }
        let events = sources.enumerated().map { number, own -> [FoundEvent] in
            var found: [FoundEvent] = []
            for (index, source) in own.enumerated() { source.collect(one.row, number == 0 ? plan.window : plan.all, source: index, into: &found) }
            return found.sorted { ($0.time, $0.position) < ($1.time, $1.position) }
        }
        guard events.allSatisfy({ $0.count <= SequenceLook.eventsMaximum }) else { return .nothing }
        let trace = SequenceTrace(plan)
        var best = trace.follow(events)
        if !plan.same.isEmpty {
            // One chain for each combination of values; the one that came furthest, and of those the latest, is shown.
            let absent = events.enumerated().map { plan.steps[$0.offset].isAbsent ? $0.element : [] }
            var byKey: [[[UInt8]]: [[FoundEvent]]] = [:]
            for (number, found) in events.enumerated() where !plan.steps[number].isAbsent {
                for event in found { if let key = plan.key(event, step: number, sources, scope) { byKey[key, default: absent][number].append(event) } }
            }
            best = byKey.values.map(trace.follow).max { ($0.metCount, $0.latest) < ($1.metCount, $1.latest) } ?? trace.follow(events.map { _ in [] })
        }
        return .steps(best.steps.enumerated().map { number, step in
            let rest = number == 0 ? nil : test.rest[number - 1]
            let pattern = rest?.pattern ?? test.first
            return SeenStep(
                pattern: pattern, isAbsent: rest?.isAbsent ?? false, within: rest?.within, window: number == 0 ? test.window : nil, isMet: step.isMet,
                event: step.event.map { one.seen($0, paths: (test.same + pattern.paths)) }, waitsUntil: step.waitsUntil.map(Timestamp.init(clamping:)))
        })
    }
}

/// Follows a sequence as ``Chain`` does, and keeps which events made it.
struct SequenceTrace {
    struct Step {
        var isMet: Bool?
        var event: FoundEvent?
        var waitsUntil: Int64?
    }
    struct Found {
        var steps: [Step]
        var metCount: Int { steps.count { $0.isMet ?? false } }
        /// Of the events along the chain; `Int64.min` where there is none.
        var latest: Int64 { steps.compactMap(\.event?.time).max() ?? .min }
    }
    /// A chain of present steps' events.
    private struct Path {
        var events: [FoundEvent]
        var start: Int64 { events.first?.time ?? .min }
        var end: FoundEvent? { events.last }
    }
    private let steps: [SequencePlan.Step]
    private let chain: Chain

    init(_ plan: SequencePlan) {
        steps = plan.steps
        chain = Chain(steps: plan.steps, within: plan.within, clock: plan.clock)
    }

    /// - Parameter events: for each step, by time.
    func follow(_ events: [[FoundEvent]]) -> Found {
        var found = Found(steps: steps.map { _ in Step() })
        var paths = events[0].map { Path(events: [$0]) }
        var absent: [Int] = []
        guard !paths.isEmpty else {
            found.steps[0].isMet = false
            return found
        }
        for number in 1..<steps.count {
            if steps[number].isAbsent {
                absent.append(number)
                if number == steps.count - 1 { return close(paths, absent, events, found) }
                continue
            }
            let next = extended(paths, by: number, without: absent, events)
            guard !next.isEmpty else { return stopped(paths, at: number, absent, events, found) }
            for step in absent { found.steps[step].isMet = true }
            (paths, absent) = (next, [])
        }
        return marked(found, paths.last)
    }

    /// Each event of a step behind the chain that begins latest, as ``Chain/exists(_:)`` chooses.
    private func extended(_ paths: [Path], by number: Int, without absent: [Int], _ events: [[FoundEvent]]) -> [Path] {
        events[number].compactMap { event in
            var best: Path?
            for path in paths {
                guard let end = path.end, end.time < event.time, chain.isNear(end.time, event.time, steps[number].within), chain.isNear(path.start, event.time, chain.within),
                    path.start > best?.start ?? .min
                else { continue }
                if absent.contains(where: { breaking($0, after: end.time, before: event.time, events) != nil }) { continue }
                best = path
            }
            return best.map { Path(events: $0.events + [event]) }
        }
    }

    private func breaking(_ step: Int, after: Int64, before: Int64, _ events: [[FoundEvent]]) -> FoundEvent? {
        events[step].first { $0.time > after && $0.time < before }
    }

    /// No event of a step fits; where one would but for what lies between, that is what is missing.
    private func stopped(_ paths: [Path], at number: Int, _ absent: [Int], _ events: [[FoundEvent]], _ found: Found) -> Found {
        var found = found
        if !absent.isEmpty, let path = extended(paths, by: number, without: [], events).last, path.events.count > 1 {
            let (from, to) = (path.events[path.events.count - 2].time, path.events[path.events.count - 1].time)
            for step in absent {
                let event = breaking(step, after: from, before: to, events)
                (found.steps[step].isMet, found.steps[step].event) = (event == nil, event)
            }
            return marked(found, Path(events: Array(path.events.dropLast())))
        }
        found.steps[number].isMet = false
        return marked(found, paths.last)
    }

    /// What must not follow: true when one chain stayed without it to the end of the period.
    private func close(_ paths: [Path], _ absent: [Int], _ events: [[FoundEvent]], _ found: Found) -> Found {
        var found = found
        let last = steps.count - 1
        var latest: (path: Path, breaking: [FoundEvent?], end: Int64)?
        for path in paths {
            guard let from = path.end?.time else { continue }
            let end = chain.end(of: steps[last].within, after: from)
            let breaks = absent.map { step in events[step].first { $0.time > from && $0.time <= end } }
            if end < chain.clock.now, breaks.allSatisfy({ $0 == nil }) {
                for step in absent { found.steps[step].isMet = true }
                return marked(found, path)
            }
            latest = (path, breaks, end)
        }
        guard let latest else { return found }
        for (step, event) in zip(absent, latest.breaking) {
            let isWaiting = event == nil && latest.end >= chain.clock.now
            (found.steps[step].isMet, found.steps[step].event, found.steps[step].waitsUntil) = (event == nil && !isWaiting, event, isWaiting ? latest.end + 1 : nil)
        }
        return marked(found, latest.path)
    }

    /// The chain's events at their steps.
    private func marked(_ found: Found, _ path: Path?) -> Found {
        var found = found
        for (step, event) in zip(steps.indices.filter { !steps[$0].isAbsent }, path?.events ?? []) { (found.steps[step].isMet, found.steps[step].event) = (true, event) }
        return found
    }
}
