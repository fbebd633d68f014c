import Decisions
import Synchronization
import Vocabulary

/// Asks who decided whether a message or a call that waits is still to be done: before anything else is asked of it, and once more when nothing but the handing over is left.
final class WantedIntents: Sendable {
    private let asked = Hook<IntentStillWanted>({ intents in intents.map { _ in .isWanted } })
    private let wakings = Mutex(0)
    /// How often what a paused journey holds is looked at again, should nobody say that it goes on.
    private static let pauseMs: Int64 = 1_800_000
    private static let troublePauseMs: Int64 = 1000

    func ask(_ body: @escaping IntentStillWanted) { asked.set(body) }

    /// How often journeys went on: whoever asked before and writes down the pause afterwards looks again.
    var wakingCount: Int { wakings.withLock { $0 } }
    func wake() { wakings.withLock { $0 += 1 } }

    /// What becomes of one that is about to be handed over instead; nil where it is wanted.
    func instead(of intent: Intent) -> HandOver? {
        switch (try? asked.body([intent]))?.first {
        case .isWanted?: nil
        case .isVoid(let reason)?: .withheld(.unwanted, detail: reason)
        // Asked anew when it is prepared again, which also says how long it waits.
        case .waits?, nil: .unsent
        }
    }

    /// As ``LaneWork/prepare(_:now:)``.
    func prepare(_ intents: [Intent], _ work: any LaneWork, now: Timestamp) -> [Preparation] {
        guard let standing = try? asked.body(intents), standing.count == intents.count else {
            return intents.map { _ in .waits(.waiting, detail: "journey", until: Timestamp(clamping: now.milliseconds + WantedIntents.troublePauseMs)) }
        }
        // What is to be written down about a person is done at once.
        let isWanted = zip(intents, standing).map { intent, standing in if case .record = intent.effect { true } else { standing == .isWanted } }
        var prepared = work.prepare(zip(intents, isWanted).filter(\.1).map(\.0), now: now)[...]
        return zip(zip(intents, standing), isWanted).map { asked, isWanted in
            let (intent, standing) = asked
            if isWanted, let next = prepared.popFirst() { return next }
            if case .isVoid(let reason) = standing { return .refused(.unwanted, detail: reason) }
            if let end = intent.expiresAt, end <= now { return .refused(.expired, detail: "") }
            return .waits(.journeyPaused, detail: "", until: min(Timestamp(clamping: now.milliseconds + WantedIntents.pauseMs), intent.expiresAt ?? .latest))
        }
    }
}
