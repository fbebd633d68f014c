import Synchronization
public import Vocabulary

/// A call that is on its way into the log.
public final class Submission: Sendable {
    public struct Counts: Sendable {
        public let accepted: Int
        public let duplicates: Int
        /// Left out, since they name somebody who is suppressed.
        public let suppressed: Int
        public let refused: Int
        /// Applied up to here, all of the call can be read.
        public let end: LogPosition
    }

    private struct State {
        var result: Result<CommitOutcome, Refusal>?
        var waiter: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())
    private let refused: Int

    init(refused: Int) { self.refused = refused }

    func finish(_ result: Result<CommitOutcome, Refusal>) {
        let waiter = state.withLock { state in
            state.result = result
            return state.waiter
        }
        waiter?.resume()
    }

    /// What became of the call, once it is durable. One task may wait.
    ///
    /// - Throws: ``Refusal`` when nothing of it was accepted.
    public func counts() async throws -> Counts {
        let outcome = try await outcome()
        return Counts(accepted: outcome.accepted, duplicates: outcome.duplicates.count, suppressed: outcome.suppressed.count, refused: refused, end: outcome.end)
    }

    /// The same, item by item.
    func outcome() async throws -> CommitOutcome {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state -> Bool in
                if state.result != nil { return true }
                state.waiter = continuation
                return false
            }
            if isDone { continuation.resume() }
        }
        guard let outcome = try state.withLock({ $0.result })?.get() else { throw Refusal(503, "ingest.stopping", "The server is stopping.", retryAfter: 5) }
        return outcome
    }
}
