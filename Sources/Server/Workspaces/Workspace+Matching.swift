import Resolution
import Vocabulary

extension Workspace {
    /// Takes a person's answer about two profiles: it teaches, and what follows from it becomes a fact.
    func answer(_ number: Int64, _ answer: ReviewPair.State, author: String) async throws {
        _ = try matching.decision(number, answer, author: author)
        try matching.answered(number, answer, author: author, at: Clock.now())
    }
}
