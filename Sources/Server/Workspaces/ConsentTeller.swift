import Privacy
import Profiles
import Synchronization
import Vocabulary

/// Has segments, journeys and destinations hear what people said otherwise than by an event: writes it into the log, in the order in which it came into force, as soon as the log can be written.
final class ConsentTeller: Sendable {
    private static let atOnce = 200

    private struct State {
        var task: Task<Void, Never>?
        /// Something was said since the task last looked.
        var isAgain = false
        var isStopped = false
    }
    private let ledger: ConsentLedger
    private let own: OwnEvents
    /// Returns once whoever is known by what stands in the log is known.
    private let settle: @Sendable () async -> Void
    private let isKnown: @Sendable (Identifier) -> Bool
    private let state = Mutex(State())

    init(_ ledger: ConsentLedger, _ own: OwnEvents, settle: @escaping @Sendable () async -> Void, isKnown: @escaping @Sendable (Identifier) -> Bool) {
        (self.ledger, self.own, self.settle, self.isKnown) = (ledger, own, settle, isKnown)
    }

    /// Something may be to be told.
    func wake() {
        state.withLock { state in
            state.isAgain = true
            guard state.task == nil, !state.isStopped else { return }
            state.task = Task { [weak self] in await self?.run() }
        }
    }

    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.task?.cancel()
        }
    }

    private func run() async {
        while true {
            let goesOn = state.withLock { state in
                let goesOn = state.isAgain && !state.isStopped
                if !goesOn { state.task = nil }
                state.isAgain = false
                return goesOn
            }
            guard goesOn else { return }
            do { while try await tellSome() {} } catch {
                // A log that cannot be written now, or a start that is not over.
                state.withLock { $0.isAgain = true }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// - Returns: whether there may be more.
    private func tellSome() async throws -> Bool {
        await settle()
        let last = Mutex(Int64?.none)
        // Read while nobody is being forgotten: of whom was, nothing stands there any more.
        _ = try await own.write { [ledger, isKnown] in
            let untold = try ledger.untold(limit: ConsentTeller.atOnce)
            last.withLock { $0 = untold.last?.number }
            // Whom nobody knows becomes nobody by it.
            return untold.filter { isKnown($0.person) }.map(ConsentTeller.event)
        }
        guard let told = last.withLock({ $0 }) else { return false }
        try ledger.told(upTo: told)
        return true
    }

    /// Told again after a crash it is the same event, and kept once.
    private static func event(of untold: ConsentLedger.Untold) -> JSONText {
        let (statement, scope) = (untold.statement, untold.statement.scope)
        return Workspace.event(EventReason.consentStated, of: untold.person, at: statement.at, id: "consent-\(untold.number)-\(statement.at.milliseconds)") { w in
            for (key, text) in [("purpose", scope.purpose.name), ("channel", scope.channel), ("topic", scope.topic)] { w.member(key, text) }
            switch scope.context {
            case .personal: w.member("account", String?.none)
            case .every: w.member("account", "*")
            case .account(let group): w.member("account", group)
            }
            w.member("state", statement.state.name)
            w.member("until", statement.until)
            w.member("frequency", statement.evidence.frequency)
            w.member("source", statement.evidence.source)
        }
    }
}
