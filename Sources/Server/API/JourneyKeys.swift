import Decisions
import Vocabulary

/// Whether the keys of a journey can be there.
enum JourneyKeys {
    /// A key that what begins the journey can never have.
    static func never(_ journey: Journey, _ place: Workspace) -> Explanation? {
        guard let key = journey.key else { return nil }
        let isMissing = switch journey.trigger {
        case .event, .inaction: key.hasPrefix("data.")
        case .api: !key.hasPrefix("data.")
        case .journey(let trigger): !handedIn(trigger, place).contains(key)
        case .segment, .date, .schedule, .campaign: true
        }
        guard isMissing else { return nil }
        return Explanation(
            code: "journey.key-never", problem: "What begins this journey never has the key `\(key.prefix(64))`, so that it begins nobody.",
            remedy: "Take `key` away; properties. and context. are an event's, data. is what the API hands in, and another journey data.key (its own key), data.reason and data.journey.")
    }

    /// What another journey hands to one that it begins, of what can be a key.
    private static func handedIn(_ trigger: PassageTrigger, _ place: Workspace) -> Set<String> {
        let hasKey = place.journeys.find(trigger.journey).map { $0.journey.key != nil } ?? true
        return Set(["data.journey"] + (hasKey ? ["data.key"] : []) + (trigger.enters ? [] : ["data.reason"]))
    }

    /// Events that are asked for with the run's own key, where no event has it.
    static func neverSame(_ journey: Journey) -> Explanation? {
        guard let key = journey.key, key.hasPrefix("data."), journey.asksForOwnKey else { return nil }
        return Explanation(
            code: "journey.same-key-never", problem: "No event has the key `\(key.prefix(64))`, so that `sameKey: true` hears none.", remedy: "Say where the event has it instead, such as `sameKey: properties.cartId`.")
    }
}
