import Privacy
import Profiles
import Synchronization
import Vocabulary

/// Has segments, journeys and destinations hear what people said otherwise than by an event: writes it into the log, in the order in which it came into force, as soon as the log can be written.
final class ConsentTeller: Sendable {
    private static let atOnce = 2000

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
    private let profiles: Profiles
    private let state = Mutex(State())

    init(_ ledger: ConsentLedger, _ own: OwnEvents, _ profiles: Profiles, settle: @escaping @Sendable () async -> Void) {
        (self.ledger, self.own, self.profiles, self.settle) = (ledger, own, profiles, settle)
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
        _ = try await own.write { [self] in
            let now = Clock.now()
            let untold = try ledger.untold(limit: ConsentTeller.atOnce)
            last.withLock { $0 = untold.last?.number }
            let mailboxes = Set(untold.lazy.map(\.person).filter { $0.namespace == .email })
            let owners = mailboxes.isEmpty ? [:] : profiles.people(with: mailboxes)
            let objections = Dictionary(grouping: untold.lazy.filter { $0.statement.state != .granted }) { $0.person }
            return try untold.flatMap { untold in try tellings(untold, owners, isAnswered: objections[untold.person, default: []].contains { $0.answers(untold) }, now).map { event(of: $0.0, to: $0.1) } }
        }
        guard let told = last.withLock({ $0 }) else { return false }
        try ledger.told(upTo: told)
        return true
    }

    /// What is told, and of whom. Whom nobody knows becomes nobody by it.
    ///
    /// - Parameter isAnswered: whether an objection of theirs is to be told behind it.
    private func tellings(_ untold: ConsentLedger.Untold, _ owners: [Identifier: [[Identifier]]], isAnswered: Bool, _ now: Timestamp) throws -> [(ConsentLedger.Untold, Identifier)] {
        let (person, statement) = (untold.person, untold.statement)
        if person.namespace == .email {
            return try owners[person, default: []].flatMap { identifiers in
                let own = try ledger.concerning(identifiers, untold, now: now)
                return own.map { own in Workspace.tellers(named: [], identifiers).map { (own, $0) } } ?? []
            }
        }
        let known = profiles.identifiers(knownWith: [person])
        guard !known.isEmpty, try isAnswered || !ledger.overrules(statement, of: known, address: profiles.address(of: person), asOf: now) else { return [] }
        return [(untold, person)]
    }

    /// Told again after a crash, or of somebody who has the mailbox as well, it is the same event, and kept once.
    private func event(of untold: ConsentLedger.Untold, to person: Identifier) -> JSONText {
        let (statement, scope) = (untold.statement, untold.statement.scope)
        return Workspace.event(EventReason.consentStated, of: person, at: statement.at, id: "consent-\(Base64URL.encode(Array(ledger.name(of: untold, to: person).prefix(18))))") { w in
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
