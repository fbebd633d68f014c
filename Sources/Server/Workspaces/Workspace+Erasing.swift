import Identity
import Ingest
import Privacy
import Profiles
import Storage
import Vocabulary

extension Workspace {
    /// Forgets the person with this identifier everywhere, in this order: nothing more is said of anybody, where asked nothing more of them is taken, applied
    /// state waits for all that was accepted, then every eraser runs.
    func erase(_ identifier: Identifier, suppress: Bool, at: Timestamp) async throws -> Erasure.Receipt? {
        try await own.silent { try await eraseInSilence(identifier, suppress: suppress, at: at) }
    }

    private func eraseInSilence(_ identifier: Identifier, suppress: Bool, at: Timestamp) async throws -> Erasure.Receipt? {
        // Somebody whom we have not met yet is not taken in either.
        if suppress { try suppression.add(profiles.subject(identifier)?.identifiers ?? [identifier], at: at) }
        // What was let through just before is in the log when a statement made now is.
        await folds.waitUntilApplied(try await ingest.end())
        ingest.messages.checkpoint()
        defer { if Files.read(againMark) != nil { decideAgain() } }
        return try await folds.perform { [self] in
            guard let subject = profiles.subject(identifier) else {
                // Nobody by that name in the profiles; refused events and files' names may still name them.
                let receipt = try Erasure([lists, ingest.quarantine, imports]).run(ErasureSubject(identifiers: [identifier], positions: []))
                live.forget([])
                return suppress || receipt.removed.contains { $0.count > 0 } ? receipt : nil
            }
            if suppress { try suppression.add(subject.identifiers, at: at) }
            resolver.forgot()
            // An erasure that fails leaves nobody unmatched either.
            defer { matching.forgot() }
            if lock.reading({ graph.isNamedWithOthers(subject.identifiers) }) { try Files.write([], to: againMark) }
            let receipt = try Erasure(erasers).run(subject)
            live.forget(subject.positions)
            previews.clear()
            catcher.clear()
            memberships.forgot()
            // Whoever was in one statement with them may have been parted.
            memberships.applied(touched: columns.touched, merged: columns.joined)
            matching.applied(touched: columns.touched, merged: columns.joined)
            return receipt
        }
    }
}

extension Admission.Naming {
    init(_ naming: EventNaming) {
        self.init(types: naming.types, identifiers: naming.identifiers)
    }
}
