import EventLog
import Synchronization

/// The threads that answer questions: each question runs on one, and the others that are idle take parts of it over.
public final class QueryPool: Sendable {
    private let askers: [BackgroundWorker]
    private let helpers: [BackgroundWorker]
    /// For questions about one person, which take less than a millisecond and wait for no other.
    private let quick = BackgroundWorker(name: "martlet-ask-one")
    private let next = Atomic<Int>(0)

    /// - Parameter threads: how many cores a question may use.
    public init(threads: Int) {
        askers = (1...2).map { BackgroundWorker(name: "martlet-ask-\($0)") }
        helpers = threads > 1 ? (1..<threads).map { BackgroundWorker(name: "martlet-help-\($0)") } : []
    }

    /// Runs `body` on a thread for questions.
    public func ask<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let number = next.add(1, ordering: .relaxed).oldValue
        return try await withCheckedThrowingContinuation { continuation in
            askers[number % askers.count].submit { continuation.resume(with: Result { try body() }) }
        }
    }

    /// Runs a question about one person, behind no question about everyone.
    public func askOne<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in quick.submit { continuation.resume(with: Result { try body() }) } }
    }

    /// `body` of each number below `count`, in order; called on a thread for questions.
    public func map<Value: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Value) -> [Value] {
        // A few parts are done before another thread has woken up.
        guard count > 3 else { return (0..<count).map(body) }
        return mapFew(count, body)
    }

    /// The same for a few large pieces of work.
    public func mapFew<Value: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Value) -> [Value] {
        guard count > 1, !helpers.isEmpty else { return (0..<count).map(body) }
        let work = SharedWork<Value>(count)
        for helper in helpers { helper.submit { work.run(body) } }
        work.run(body)
        return work.results()
    }

    public func stop() {
        for worker in askers + helpers + [quick] { worker.stop() }
    }
}

/// Numbers that several threads take in turn, and what came of each.
private final class SharedWork<Value: Sendable>: Sendable {
    private let count: Int
    private let next = Atomic<Int>(0)
    private let done = Atomic<Int>(0)
    private let values: Mutex<[Value?]>

    init(_ count: Int) {
        self.count = count
        values = Mutex([Value?](repeating: nil, count: count))
    }

    func run(_ body: (Int) -> Value) {
        while true {
            let number = next.add(1, ordering: .relaxed).oldValue
            guard number < count else { return }
            let value = body(number)
            values.withLock { $0[number] = value }
            done.add(1, ordering: .releasing)
        }
    }

    /// Waits for the parts that others still have at hand: a fraction of a millisecond.
    func results() -> [Value] {
        while done.load(ordering: .acquiring) < count { letOthersRun() }
        return values.withLock { $0.compactMap { $0 } }
    }
}

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
private func letOthersRun() { _ = sched_yield() }
