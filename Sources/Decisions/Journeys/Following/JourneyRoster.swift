import Segments
import Vocabulary

/// The journeys that are live or paused, or stopped while orders count, and which of them are asked about what; worked out when one of them changes, since thousands may stand beside each other.
struct JourneyRoster {
    typealias Standing = (kept: KeptJourney, decider: JourneyDecider)

    private(set) var all: [String: Standing] = [:]
    private var listeners = Listeners()
    /// By number, those that are live.
    private(set) var live: [Int64: String] = [:]
    /// Live ones that schedules and dates begin, and live campaigns.
    private(set) var timed: [String] = []
    private(set) var campaigns: [String] = []
    /// Journeys that a segment begins, by its name as they have it.
    private(set) var bySegment: [String: [String]] = [:]

    /// Live journeys that another one begins, by the name or the id that they have of it.
    private var byJourney: [String: [String]] = [:]

    /// For live journeys that another one begins: that one.
    private var origin: [String: String] = [:]

    var isEmpty: Bool { all.isEmpty }

    subscript(id: String) -> Standing? { all[id] }

    /// What decides about a live journey, by its number.
    func live(_ number: Int64) -> Standing? { live[number].flatMap { all[$0] } }

    /// Which journeys listen to an event, in the order in which they are asked: whom it puts into one by way of another did not come in before it, so that those that begin by others are asked before these.
    func listeners(of event: EventView) -> [String] {
        let found = listeners.of(event)
        guard !origin.isEmpty, found.count > 1 else { return Array(found) }
        return found.map { ($0, origins(of: $0).count) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0)
    }

    /// The live journeys that one begins.
    func followers(of kept: KeptJourney) -> [String] { byJourney.isEmpty ? [] : (byJourney[kept.id] ?? []) + (byJourney[kept.journey.name] ?? []) }

    /// By which journeys one begins, the nearest first; none for most.
    func origins(of id: String) -> [String] {
        var (path, seen, place) = ([String](), Set([id]), id)
        // A circle ends where it begins.
        while let next = origin[place], seen.insert(next).inserted {
            path.append(next)
            place = next
        }
        return path
    }

    /// Takes in what has changed; those that are nil are gone.
    mutating func change(_ changes: [String: Standing?]) {
        guard !changes.isEmpty else { return }
        for (id, standing) in changes { all[id] = standing }
        (listeners, live, timed, campaigns, bySegment, byJourney, origin) = (Listeners(), [:], [], [], [:], [:], [:])
        for (id, (kept, decider)) in all {
            listeners.add(id, decider.versions.values, isStopped: kept.state == .stopped)
            let trigger = decider.versions[decider.current]?.trigger
            if kept.state != .stopped, case .segment(let name, _) = trigger { bySegment[name, default: []].append(id) }
            guard kept.state == .live else { continue }
            live[kept.number] = id
            switch trigger {
            case .campaign: campaigns.append(id)
            case .schedule, .date: timed.append(id)
            case .journey(let passage): byJourney[passage.journey, default: []].append(id)
            case .event, .segment, .api, .inaction, nil: break
            }
        }
        for (id, standing) in all { for follower in followers(of: standing.kept) { origin[follower] = id } }
    }
}

/// Which journeys listen to an event, by its name; asked of every event there is.
struct Listeners {
    private var tracks: [[UInt8]: Set<String>] = [:]
    private var types: [EventType: Set<String>] = [:]
    private var everything: Set<String> = []

    mutating func add(_ id: String, _ versions: some Sequence<Journey>, isStopped: Bool) {
        for journey in versions {
            // In one that is stopped nobody moves.
            if journey.hearsEverything, !isStopped { everything.insert(id) }
            for name in journey.ears.flatMap(\.names) {
                switch name {
                case .track(let name): tracks[Array(name.utf8), default: []].insert(id)
                case .page: types[.page, default: []].insert(id)
                case .screen: types[.screen, default: []].insert(id)
                case .any: for type in [EventType.track, .page, .screen] { types[type, default: []].insert(id) }
                case .sessions: break
                }
            }
        }
    }

    func of(_ event: EventView) -> Set<String> {
        var found = everything
        if let ids = types[event.type] { found.formUnion(ids) }
        if !tracks.isEmpty, event.type == .track, let name = event.field(.event), let ids = tracks[Array(name)] { found.formUnion(ids) }
        return found
    }
}

/// The first instant at which somebody moves or begins, of each journey that is live: a round asks no others.
struct JourneyInstants {
    private var byJourney: [Int64: Int64] = [:]
    /// Of all of them.
    private(set) var first: Int64?

    subscript(journey: Int64) -> Int64? { byJourney[journey] }

    /// The journeys, by number, whose instant has come.
    func journeys(upTo time: Timestamp) -> Set<Int64> {
        guard let first, first <= time.milliseconds else { return [] }
        return Set(byJourney.lazy.filter { $0.value <= time.milliseconds }.map(\.key))
    }

    /// Sets those of some journeys; where nothing was found there is none.
    mutating func set(_ found: [Int64: Int64?], of journeys: Set<Int64>) {
        for journey in journeys { byJourney[journey] = found[journey] ?? nil }
        first = byJourney.values.min()
    }

    /// Has these looked at by now.
    mutating func ring(_ journeys: Set<Int64>, at time: Timestamp) {
        set(journeys.reduce(into: [:]) { $0[$1] = min(byJourney[$1] ?? .max, time.milliseconds) }, of: journeys)
    }
}
