import Synchronization

/// Half of a work that a second thread may take over: whoever needs it does it alone where nobody has begun by then.
///
/// So it costs a busy machine nothing but the offer, and never waits for a thread that has other things to do.
final class SharedHalf<Value: Sendable>: Sendable {
    private enum State {
        case offered, begun
        case done(Value)
    }
    private let state = Mutex(State.offered)
    private let finished = Alarm()
    private let body: @Sendable () -> Value

    /// - Parameter body: called once, on one thread or the other.
    init(offeredTo worker: BackgroundWorker, _ body: @escaping @Sendable () -> Value) {
        self.body = body
        worker.submit { [self] in
            guard begins() else { return }
            let value = self.body()
            state.withLock { $0 = .done(value) }
            finished.ring()
        }
    }

    private func begins() -> Bool {
        state.withLock { state in
            guard case .offered = state else { return false }
            state = .begun
            return true
        }
    }

    /// What came of it; asked once.
    func value() -> Value {
        if begins() { return body() }
        while true {
            if case .done(let value) = state.withLock({ $0 }) { return value }
            finished.wait()
        }
    }
}
