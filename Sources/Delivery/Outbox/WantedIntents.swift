import Decisions
import EventLog
import Vocabulary

/// Asks who decided whether a message or a call that waits is still to be done, before anything else is asked of it.
final class WantedIntents: Sendable {
    private let asked = Hook<IntentStillWanted>({ intents in intents.map { _ in .isWanted } })
    /// How often a paused journey is looked at again.
    private static let pauseMs: Int64 = 300_000
    private static let troublePauseMs: Int64 = 1000

    func ask(_ body: @escaping IntentStillWanted) { asked.set(body) }

    /// As ``LaneWork/prepare(_:now:)``.
    func prepare(_ intents: [Intent], _ work: any LaneWork, now: Timestamp) -> [Preparation] {
        guard let standing = try? asked.body(intents), standing.count == intents.count else {
            return intents.map { _ in .waits(.waiting, detail: "journey", until: Timestamp(clamping: now.milliseconds + WantedIntents.troublePauseMs)) }
        }
        // What is to be written down about a person is done at once.
        let isWanted = zip(intents, standing).map { intent, standing in if case .record = intent.effect { true } else { standing == .isWanted } }
        var prepared = work.prepare(zip(intents, isWanted).filter(\.1).map(\.0), now: now)[...]
        return zip(standing, isWanted).map { standing, isWanted in
            if isWanted, let next = prepared.popFirst() { return next }
            if case .isVoid(let reason) = standing { return .refused(.unwanted, detail: reason) }
            return .waits(.journeyPaused, detail: "", until: Timestamp(clamping: now.milliseconds + WantedIntents.pauseMs))
        }
    }
}
