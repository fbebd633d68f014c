import EventLog
import Identity
import Synchronization
import Vocabulary

/// Whose clock is elsewhere by what was applied, also as they part from whom they were taken for: what waits for them by their own clock is looked at again, of all people of a second together.
///
/// By then whatever was asked by the clock before is written down.
final class ZoneMoves: Sendable {
    private struct State {
        var people: Set<ProfileID> = []
        var isStopped = false
    }
    private static let gatheredMs: Int64 = 1000
    private static let togetherMaximum = 500

    private let state = Mutex(State())
    private let worker = BackgroundWorker(name: "martlet-zones", standing: .following)
    private let alarm = Alarm()
    private let onMove = Hook<@Sendable ([ProfileID]) -> Void>({ _ in })

    /// Has `body` told of people, some hundreds at once, by every id that they ever had.
    func follow(_ body: @escaping @Sendable ([ProfileID]) -> Void) { onMove.set(body) }

    func note(_ people: [ProfileID]) {
        let isFirst = state.withLock { state in
            defer { state.people.formUnion(people) }
            return state.people.isEmpty && !state.isStopped
        }
        if isFirst { worker.submit { [self] in tell() } }
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        alarm.ring()
        worker.stop()
    }

    private func tell() {
        alarm.wait(upTo: ZoneMoves.gatheredMs)
        let people = state.withLock { state in
            defer { state.people = [] }
            return state.isStopped ? [] : Array(state.people)
        }
        for start in stride(from: 0, to: people.count, by: ZoneMoves.togetherMaximum) { onMove.body(Array(people[start..<min(start + ZoneMoves.togetherMaximum, people.count)])) }
    }
}
