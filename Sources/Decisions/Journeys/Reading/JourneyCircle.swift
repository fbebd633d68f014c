public import Segments

/// Journeys that begin each other in a circle, each by what the one before it writes.
public struct JourneyCircle: Sendable, Hashable {
    public struct Link: Sendable, Hashable {
        /// Of the journey.
        public let name: String
        /// The event or trait that it writes and that begins the next; nil where coming into it or leaving it does.
        public let writes: String?
    }
    /// The first is the journey that was asked about; the last leads back to it.
    public let links: [Link]
    /// Whether somebody who is in it goes round for ever without time passing: no wait, no condition and no rule of re-entry stands in the way.
    public let isEndless: Bool

    /// In words, such as “`A` writes `X`, which begins `B`; `B` writes `Y`, which begins `A`”.
    public var sentence: String {
        links.enumerated().map { index, link in
            let next = "begins `\(links[(index + 1) % links.count].name.prefix(64))`"
            return link.writes.map { "`\(link.name.prefix(64))` writes `\($0.prefix(64))`, which \(next)" } ?? "`\(link.name.prefix(64))` \(next)"
        }.joined(separator: "; ")
    }

    /// The shortest circle through one of these journeys; one that is endless rather than another. A journey that begins itself is refused where it is read.
    ///
    /// - Parameters:
    ///   - journeys: those that are live or paused, and the one that is asked about.
    ///   - segment: conditions of segments by id or handle.
    public static func through(_ id: String, _ journeys: [(id: String, journey: Journey)], segment: (String) -> Condition?) -> JourneyCircle? {
        let named = Set(journeys.compactMap { if case .journey(let trigger) = $0.journey.trigger { trigger.journey } else { nil } })
        func begins(_ from: Int) -> Bool { journeys[from].journey.writes || named.contains(journeys[from].journey.name) || named.contains(journeys[from].id) }
        guard let start = journeys.firstIndex(where: { $0.id == id }), begins(start) else { return nil }
        let heard = journeys.map { Heard($0.journey, segment) }
        for isEndless in [true, false] {
            // Of those that are reached alone: most write nothing that begins another.
            func edges(_ from: Int) -> [(to: Int, writes: String?)] {
                guard begins(from) else { return [] }
                return journeys.indices.compactMap { to in
                    guard to != from else { return nil }
                    if let isSure = heard[to].follows(journeys[from]) { return isSure || !isEndless ? (to: to, writes: nil) : nil }
                    return (isEndless ? heard[to].surely(begunBy: journeys[from].journey) : heard[to].perhaps(begunBy: journeys[from].journey)).map { (to: to, writes: $0) }
                }
            }
            guard let path = shortest(edges, from: start) else { continue }
            return JourneyCircle(links: path.map { Link(name: journeys[$0.from].journey.name, writes: $0.writes) }, isEndless: isEndless)
        }
        return nil
    }

    private static func shortest(_ edges: (Int) -> [(to: Int, writes: String?)], from start: Int) -> [(from: Int, writes: String?)]? {
        var came: [Int: (from: Int, writes: String?)] = [:]
        var open = [start]
        while !open.isEmpty {
            let next = open.removeFirst()
            for edge in edges(next) where came[edge.to] == nil {
                came[edge.to] = (next, edge.writes)
                if edge.to != start {
                    open.append(edge.to)
                    continue
                }
                var path = [(from: next, writes: edge.writes)]
                while let last = path.first, last.from != start, let step = came[last.from] { path.insert((step.from, step.writes), at: 0) }
                return path
            }
        }
        return nil
    }
}

/// What begins one journey, for telling which others do.
private struct Heard {
    private let journey: Journey
    private let pattern: EventPattern?
    /// Of a journey that a segment begins, the conditions that decide it, as text.
    private let conditions: [String]
    private static let depthMaximum = 16

    init(_ journey: Journey, _ segment: (String) -> Condition?) {
        self.journey = journey
        // Other triggers need time, or somebody who calls.
        if case .event(let ear) = journey.trigger { pattern = journey.ears[ear] } else { pattern = nil }
        var names: [String] = []
        if case .segment(let name, _) = journey.trigger { names = [name] }
        var (conditions, seen): ([Condition], Set<String>) = ([], [])
        while let name = names.popLast(), conditions.count < Heard.depthMaximum {
            guard seen.insert(name).inserted, let condition = segment(name) else { continue }
            conditions.append(condition)
            names += condition.segments
        }
        self.conditions = conditions.map(\.text)
    }

    /// Whether another's runs begin it, and then whether in the instant in which that one is begun itself, and again each time; nil where they do not.
    func follows(_ other: (id: String, journey: Journey)) -> Bool? {
        guard case .journey(let trigger) = journey.trigger, [other.id, other.journey.name].contains(trigger.journey) else { return nil }
        return beginsAgain && (journey.key.map { $0 == "data.key" } ?? true) && (trigger.enters || other.journey.straight.end.map { trigger.means($0) } ?? false)
    }

    /// Whether it is begun again in the instant in which it was begun.
    private var beginsAgain: Bool { journey.reentry == .parallel || journey.reentry == .restart || (journey.reentry == .idle && journey.straight.end != nil) }

    /// The event by which another begins it in the instant in which it is begun itself, and again each time.
    func surely(begunBy other: Journey) -> String? {
        guard let pattern, pattern.filter == nil, beginsAgain else { return nil }
        return other.straight.steps.lazy.compactMap { $0.step as? EventStep }.first { event in
            pattern.hears(event) && (journey.key.map { $0.hasPrefix("properties.") && event.writes(String($0.dropFirst("properties.".count))) } ?? true)
        }?.name
    }

    /// What another writes that may begin it, sooner or later.
    func perhaps(begunBy other: Journey) -> String? {
        for step in other.steps.map(\.step) {
            if let event = step as? EventStep, pattern?.hears(event) ?? conditions.contains(where: { $0.contains("\"\(event.name)\"") }) { return event.name }
            if let trait = step as? TraitStep, let name = trait.names.first(where: { name in conditions.contains { Heard.names(name, in: $0) } }) { return name }
        }
        return nil
    }

    /// Whether a name stands in a text as a word of its own.
    private static func names(_ name: String, in text: String) -> Bool {
        guard !name.isEmpty else { return false }
        func isPart(_ sign: Character?) -> Bool { sign.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false }
        return text.ranges(of: name).contains { range in
            !isPart(range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]) && !isPart(range.upperBound == text.endIndex ? nil : text[range.upperBound])
        }
    }
}

extension EventPattern {
    fileprivate func hears(_ event: EventStep) -> Bool { names.contains(.any) || names.contains(.track(event.name)) }
}

extension Journey {
    /// The steps that everybody comes to in the instant in which they enter, and by which reason they leave where that leads to an end.
    fileprivate var straight: (steps: [PlacedStep], end: String?) {
        guard !exits.contains(where: { if case .condition = $0 { true } else { false } }) else { return ([], nil) }
        var found: [PlacedStep] = []
        var next = steps.isEmpty ? nil : 0
        while let index = next {
            let placed = steps[index]
            if let exit = placed.step as? ExitStep { return (found, exit.reason) }
            guard placed.step is MessageStep || placed.step is TraitStep || placed.step is EventStep || placed.step is WebhookStep else { return (found, nil) }
            found.append(placed)
            next = placed.next
        }
        return (found, "finished")
    }
}
