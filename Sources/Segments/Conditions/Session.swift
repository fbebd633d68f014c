import Vocabulary

/// A session of a person: a run of the things they did (track, page and screen calls) in which each follows the one before within the gap. It is asked about like an
/// event that happened when its first event did, with properties of its own.
///
/// Sessions are cut whenever they are asked about, from all that happened before the moment, so that late events and merges need no correction.
public enum SessionProperty: Sendable, Hashable {
    /// From the first event to the last, in seconds; 0 of a single event.
    case duration
    /// How many calls of all three kinds, page calls, screen calls.
    case events, pages, screens
    /// A property of the first event, of the first page or screen, or of the last event; of the context with a leading `context.`. `name` is the call's own name
    /// where the properties have none.
    case entry(String), landing(String), exit(String)

    /// Nil for what a session has not.
    public init?(path: String) {
        switch path {
        case "duration": self = .duration
        case "events": self = .events
        case "pages": self = .pages
        case "screens": self = .screens
        default:
            guard let dot = path.firstIndex(of: "."), case let rest = String(path[path.index(after: dot)...]), !rest.isEmpty else { return nil }
            switch path[..<dot] {
            case "entry": self = .entry(rest)
            case "landing": self = .landing(rest)
            case "exit": self = .exit(rest)
            default: return nil
            }
        }
    }

    /// Of one of the session's events; nil for what is counted.
    var eventPath: String? {
        switch self {
        case .duration, .events, .pages, .screens: nil
        case .entry(let path), .landing(let path), .exit(let path): path
        }
    }
}

extension EventPattern {
    /// The gap that people speak of when they say nothing else.
    public static let sessionGap = Period(30, .minute)

    /// The longest pause within a session, where sessions are meant; nil for events.
    public var sessionGap: Period? {
        for case .sessions(let gap) in names { return gap }
        return nil
    }

    /// What is wrong with a pattern of sessions; nil for one of events.
    var sessionFault: Explanation? {
        guard let gap = sessionGap else { return nil }
        if names.count > 1 {
            return Explanation(code: "segments.sessions-alone", problem: "Sessions are not asked about together with events.", remedy: "Write two conditions joined by `or`, or add up what they come to.")
        }
        if gap.milliseconds == nil || gap.count == 0 || gap.fault != nil {
            return Explanation(code: "segments.session-gap", problem: "This is no gap between sessions.", remedy: "Write seconds, minutes, hours, days or weeks, as in `sessions with gaps up to 30 minutes`.")
        }
        return filter.flatMap(EventPattern.sessionFault)
    }

    static func sessionFault(_ filter: PropertyFilter) -> Explanation? { filter.namesContext ? .contextOfSession : filter.paths.lazy.compactMap(sessionFault(path:)).first }

    static func sessionFault(path: String) -> Explanation? {
        if SessionProperty(path: path) != nil { return nil }
        return Explanation(
            code: "segments.session-property", problem: "A session has no property `\(path.prefix(64))`.",
            remedy: "It has duration, events, pages, screens, and what its events have as entry.…, landing.… and exit.…, such as `entry.context.campaign.source`.")
    }
}

extension EventMeasure {
    /// What is wrong with a measure of sessions; nil for one of events.
    var sessionFault: Explanation? {
        guard pattern.sessionGap != nil else { return nil }
        if let fault = pattern.sessionFault { return fault }
        if case .share(let filter) = measure { return EventPattern.sessionFault(filter) }
        return measure.path.flatMap(EventPattern.sessionFault(path:))
    }
}

extension PropertyFilter {
    /// Whether it asks as whose member somebody did it.
    var namesContext: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains(where: \.namesContext)
        case .not(let part): part.namesContext
        case .member: true
        case .property, .hours, .weekdays: false
        }
    }

    /// The properties that it looks at, in the order written.
    var paths: [String] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.paths)
        case .not(let part): part.paths
        case .property(let path, _): [path]
        case .hours, .weekdays, .member: []
        }
    }
}
