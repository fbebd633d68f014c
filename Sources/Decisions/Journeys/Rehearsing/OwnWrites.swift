import Segments

/// The traits and events that a journey's own steps write, for telling whether it reads them again.
struct OwnWrites {
    private let traits: Set<String>
    private let events: Set<String>

    init(_ journey: Journey) {
        traits = Set(journey.steps.flatMap { ($0.step as? TraitStep)?.names ?? [] })
        events = Set(journey.steps.compactMap { ($0.step as? EventStep)?.name })
    }

    var isEmpty: Bool { traits.isEmpty && events.isEmpty }

    /// Whether what begins the journey, moves people in it or takes them out hangs on what it writes: patterns, conditions, and the segments and computed traits that these name.
    func areRead(by journey: Journey, segments: (String) -> Condition?, computed: (String) -> ComputedTrait?) -> Bool {
        if isEmpty { return false }
        // By it people's clocks go.
        if traits.contains("timezone") || journey.ears.contains(where: { areMeant(by: $0.names) }) { return true }
        if case .date(let date) = journey.trigger, areMeant(by: date.trait) { return true }
        var open = journey.conditions + journey.trigger.segments.compactMap(segments)
        var seen: Set<String> = []
        while let condition = open.popLast() {
            let subjects = condition.subjects
            let measured = subjects.computed.compactMap(computed).flatMap(\.measurement.parts).flatMap(\.pattern.names)
            if subjects.traits.contains(where: areMeant(by:)) || areMeant(by: subjects.events) || areMeant(by: measured) { return true }
            open += condition.segments.filter { seen.insert($0).inserted }.compactMap(segments)
        }
        return false
    }

    /// A trait that is written by its name is read by a path into it, and the other way round.
    private func areMeant(by path: String) -> Bool { traits.contains { $0 == path || path.hasPrefix("\($0).") || $0.hasPrefix("\(path).") } }

    private func areMeant(by names: some Sequence<EventPattern.Name>) -> Bool {
        !events.isEmpty && names.contains { name in
            switch name {
            case .track(let name): events.contains(name)
            case .any, .sessions: true
            case .page, .screen: false
            }
        }
    }
}

extension JourneyTrigger {
    /// The segment that begins it, by its id or name; empty for another trigger.
    fileprivate var segments: [String] {
        switch self {
        case .segment(let name, _): [name]
        case .schedule(let schedule): [schedule.segment]
        case .campaign(let campaign): [campaign.segment]
        case .event, .journey, .date, .api, .inaction: []
        }
    }
}
