import Profiles
public import Vocabulary

/// One event, as it arrives, held against what is waited for; the same answers as the columns give of it later.
extension EventPattern {
    /// Whether the event is meant. Erased events and facts are none.
    ///
    /// - Parameter zone: in which hours and weekdays are told.
    public func matches(_ event: EventView, in zone: ZoneRules) -> Bool {
        guard !event.isErased, names.contains(where: { $0.matches(event) }) else { return false }
        return filter?.holds(event, Clockwork(now: event.receivedAt.milliseconds, rules: zone)) ?? true
    }
}

extension EventPattern.Name {
    /// Whether an event is called so, its properties aside.
    public func matches(_ event: EventView) -> Bool {
        switch self {
        case .track(let name): event.type == .track && event.field(.event)?.elementsEqual(name.utf8) ?? false
        case .page(let name): event.type == .page && (name == nil || event.json(.name)?.string == name)
        case .screen(let name): event.type == .screen && (name == nil || event.json(.name)?.string == name)
        case .any: TableName(type: event.type, event: event.type == .track ? Array(event.field(.event) ?? []) : []).isBehaviour
        case .sessions: false
        }
    }
}

extension PropertyFilter {
    func holds(_ event: EventView, _ clock: Clockwork) -> Bool {
        switch self {
        case .all(let parts): parts.allSatisfy { $0.holds(event, clock) }
        case .any(let parts): parts.contains { $0.holds(event, clock) }
        case .not(let part): !part.holds(event, clock)
        case .property(let path, let test): test.holds(event.property(at: Array(path.utf8)).flatMap(StoredValue.init(json:)), clock)
        case .hours(let from, let to): FilterPlan.isHour(clock.rules.hour(of: event.timestamp.milliseconds), from: from, to: to)
        case .weekdays(let days): days.contains(clock.rules.weekday(of: event.timestamp.milliseconds))
        // Refused where such a pattern is read.
        case .member: false
        }
    }
}

extension EventView {
    /// A property by its path, as filters name it; behind `context.` a member of the context, of an identify call a trait.
    public func value(at path: String) -> JSONText? { property(at: Array(path.utf8)).flatMap { $0.isNull ? nil : $0 } }
}

extension JSONText {
    /// The member at a dotted path of an object, as conditions find it.
    public func value(at path: String) -> JSONText? { member(at: Array(path.utf8)).flatMap { $0.isNull ? nil : $0 } }
}
