import EventLog
import Ingest
import Synchronization
import Vocabulary

/// Writes what Martlet itself says of people into the log, and never of somebody who has been forgotten meanwhile.
///
/// Whom an event names is asked while nobody is being forgotten, and the event stands in the log before anybody is: otherwise what was just decided or delivered would bring a person back.
final class OwnEvents: Sendable {
    private struct State {
        var speaking = 0
        var isSilent = false
        var waiting: [CheckedContinuation<Bool, Never>] = []
    }
    private let ingest: Ingest
    private let hasher: MessageHasher
    private let state = Mutex(State())

    init(_ ingest: Ingest, _ hasher: MessageHasher) { (self.ingest, self.hasher) = (ingest, hasher) }

    /// Writes calls of the reserved source.
    ///
    /// - Parameter calls: makes them, by who is known then.
    /// - Returns: of each, whether it stands in the log.
    /// - Throws: where nothing can be written now.
    func write(_ calls: @Sendable () throws -> [JSONText]) async throws -> [Bool] {
        try await speaking {
            let calls = try calls()
            var stand: [Bool] = []
            for start in stride(from: 0, to: calls.count, by: OwnEvents.atOnce) { stand += try await write(calls[start..<min(start + OwnEvents.atOnce, calls.count)]) }
            return stand
        }
    }
    private static let atOnce = 500

    private func write(_ calls: ArraySlice<JSONText>) async throws -> [Bool] {
        let now = Clock.now()
        var w = JSONWriter()
        w.object { w in
            w.key("batch")
            w.array { w in for call in calls { w.raw(call.bytes) } }
        }
        var decoded = try IngestionRoutes.read(w.text.bytes, .identity, .batch, CallContext(receivedAt: now, isOwn: true)).get()
        let answer = try await ingest.accept(&decoded, from: .martlet, shape: .batch, hasher: hasher, receivedAt: now, wantsVerdicts: true)
        return answer.verdicts.map { $0.status == .accepted || $0.status == .duplicate }
    }

    /// Runs `body`, which finds out who somebody is and then writes it into the log, while nobody is being forgotten.
    func speaking<Value: Sendable>(_ body: () async throws -> Value) async rethrows -> Value {
        await enter { state in
            guard !state.isSilent else { return false }
            state.speaking += 1
            return true
        }
        defer { leave { $0.speaking -= 1 } }
        return try await body()
    }

    /// Runs `body`, which forgets somebody, once all that was being said stands in the log, and before anything more is said.
    func silent<Value: Sendable>(_ body: () async throws -> Value) async rethrows -> Value {
        await enter { state in
            guard !state.isSilent else { return false }
            state.isSilent = true
            return true
        }
        await enter { $0.speaking == 0 }
        defer { leave { $0.isSilent = false } }
        return try await body()
    }

    /// Returns once `take` could take what it wants; it is asked again whenever somebody leaves.
    private func enter(_ take: (inout State) -> Bool) async {
        var isIn = false
        while !isIn {
            isIn = await withCheckedContinuation { continuation in
                let isTaken = state.withLock { state in
                    if take(&state) { return true }
                    state.waiting.append(continuation)
                    return false
                }
                if isTaken { continuation.resume(returning: true) }
            }
        }
    }

    private func leave(_ change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one.resume(returning: false) }
    }
}
