import EventLog
import Synchronization
import Vocabulary

/// Reads that look at much run here, one behind the other on threads of their own with the lowest share of the processor: on the threads that
/// answer requests, as many of them as there are cores would stop everything else.
final class HeavyReads: Sendable {
    static let waitingMaximum = 32
    private let workers = [BackgroundWorker(name: "martlet-read-1", standing: .patient), BackgroundWorker(name: "martlet-read-2", standing: .patient)]
    private let waiting = Mutex(0)

    /// - Throws: ``Refusal`` 429 when too many wait already, or what `body` throws.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let number = waiting.withLock { waiting -> Int? in
            guard waiting < HeavyReads.waitingMaximum else { return nil }
            waiting += 1
            return waiting
        }
        guard let number else {
            throw Refusal(429, "read.busy", "Too many large reads are under way.", remedy: "Try again in a moment, or ask for less.", retryAfter: 2)
        }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            workers[number % workers.count].submit { continuation.resume(with: Result { try body() }) }
        }
    }
}
