import Identity
import Matching
import Profiles
import Resolution
import Vocabulary

extension Workspace {
    /// As statements call what found them where no person did.
    private static let rule = "matching"
    private static let reasonsMaximum = 10

    /// Takes a person's answer about two profiles: what follows from it becomes a statement in the log, and it teaches.
    func answer(_ number: Int64, _ answer: ReviewPair.State, author: String) async throws {
        let decision = try matching.decision(number, answer, author: author)
        // First, since two who are one are no pair that waits any more.
        try matching.answered(number, answer, author: author, at: Clock.now())
        guard let decision else { return }
        do { try await state(decision) } catch {
            try? matching.answered(number, .open, author: author, at: Clock.now())
            throw error
        }
    }

    /// Merges what the settings say is to be merged; one that cannot be, as where somebody said never, stays two and is not tried again.
    func merge(_ decision: MatchDecision) {
        Task { [self] in try? await state(decision) }
    }

    private func state(_ decision: MatchDecision) async throws { try await own.speaking { try await stateAloud(decision) } }

    private func stateAloud(_ decision: MatchDecision) async throws {
        let reader = profiles.reader(for: .service)
        guard let a = try reader.profile(id: decision.a)?.telling, let b = try reader.profile(id: decision.b)?.telling else { throw ReadRoutes.noProfile }
        let reasons = decision.reasons.prefix(Workspace.reasonsMaximum).map(\.words)
        let fact = LinkFact(
            decision.verdict == .same ? .merge : .never, [a], [b], reasons: Array(reasons), author: decision.author ?? Workspace.rule,
            rule: "\(Workspace.rule) \(matching.status.model)", probability: decision.probability)
        _ = try await LinkRoutes.refusing { try await self.linkAloud([fact]) }
    }
}

extension Profile {
    /// The identifier that names them most lastingly.
    fileprivate var telling: Identifier? { identifiers.first { $0.namespace == .userId } ?? identifiers.first }
}
