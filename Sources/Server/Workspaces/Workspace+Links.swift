import Identity
import Vocabulary

extension Workspace {
    /// States who is who: in the log when it returns, and in force.
    ///
    /// - Parameter fact: a merge names one identifier of each side, by preference a userId.
    /// - Throws: ``LinkError`` where it cannot be so, ``Refusal`` 503 while nothing can be written.
    func link(_ fact: LinkFact) async throws -> Link {
        guard let link = try await link([fact]).first else { throw LinkError.unknownLink }
        return link
    }

    /// The same for several, in one write. All are checked against people as they stand before the first of them, while nobody is being forgotten: what names somebody would outlive them.
    func link(_ facts: [LinkFact]) async throws -> [Link] { try await own.speaking { try await linkAloud(facts) } }

    /// The same for who speaks already.
    func linkAloud(_ facts: [LinkFact]) async throws -> [Link] {
        await folds.waitUntilApplied(log.end)
        for fact in facts { try links.check(fact) }
        let now = Clock.now()
        let positions = try await ingest.state(facts.map { $0.record(messageId: IngestionRoutes.newMessageId(0), at: now) }, hasher: hasher)
        if let last = positions.compactMap({ $0 }).last { await folds.waitUntilApplied(last + 1) }
        // An undo has no line of its own: it shows in what it took back.
        return try zip(facts, positions).compactMap { fact, position in try (fact.undoes ?? position).flatMap { try links.find(Link.id($0)) } }
    }

    /// Takes the statement with this id back.
    func undo(_ id: String, author: String, reasons: [String] = []) async throws -> Link {
        guard let position = Link.position(id) else { throw LinkError.unknownLink }
        return try await link(LinkFact(.undo, undoes: position, reasons: reasons, author: author))
    }

    /// Who there would be if this were stated, by identifier; nothing is.
    func outcome(of fact: LinkFact) async throws -> [[Node]] {
        await folds.waitUntilApplied(log.end)
        try links.check(fact)
        return try await folds.perform { [graph, lock] in lock.writing { graph.outcome(of: fact) } }
    }
}
