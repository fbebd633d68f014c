import Identity
import Ingest
import Privacy
import Profiles
import Storage
import Vocabulary

extension Workspace {
    /// Forgets the person with this identifier everywhere, in this order: nothing more is said of anybody, where asked nothing more of them is taken, applied
    /// state waits for all that was accepted, then every eraser runs.
    func erase(_ identifier: Identifier, suppress: Bool, at: Timestamp) async throws -> Erased? {
        try await own.silent { try await eraseInSilence(identifier, suppress: suppress, at: at) }
    }

    /// What an erasure removed, and by which identifiers the person is kept out from now on.
    struct Erased {
        let receipt: Erasure.Receipt
        let suppressed: Suppressed

        /// By kind, as the rules of identity call it.
        struct Suppressed {
            private(set) var kinds: Set<String> = []
            private(set) var others: Set<String> = []

            mutating func add(_ own: [Identifier], _ rest: [Identifier]) {
                kinds.formUnion(own.map(Erased.kind))
                others.formUnion(rest.map(Erased.kind))
            }
        }

        private static func kind(_ identifier: Identifier) -> String {
            identifier.namespace == .externalId ? String(decoding: identifier.value.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self) : identifier.namespace.name
        }
    }

    /// Keeps the person with an identifier out, and adds what they are kept out by.
    private func suppress(_ identifier: Identifier, at: Timestamp, _ suppressed: inout Erased.Suppressed) throws {
        let (own, rest) = profiles.suppressible(identifier)
        try suppression.add(own, at: at)
        suppressed.add(own, rest)
    }

    private func eraseInSilence(_ identifier: Identifier, suppress isSuppressing: Bool, at: Timestamp) async throws -> Erased? {
        var before = Erased.Suppressed()
        // Somebody whom we have not met yet is not taken in either.
        if isSuppressing { try suppress(identifier, at: at, &before) }
        let begun = before
        // What was let through just before is in the log when a statement made now is.
        await folds.waitUntilApplied(try await ingest.end())
        ingest.messages.checkpoint()
        defer { if Files.read(againMark) != nil { decideAgain() } }
        return try await folds.perform { [self] in
            var suppressed = begun
            guard let subject = profiles.subject(identifier) else {
                // Nobody by that name in the profiles; refused events and files' names may still name them.
                let receipt = try Erasure([lists, ingest.quarantine, imports]).run(ErasureSubject(identifiers: [identifier], positions: []))
                live.forget([])
                return isSuppressing || receipt.removed.contains { $0.count > 0 } ? Erased(receipt: receipt, suppressed: suppressed) : nil
            }
            if isSuppressing { try suppress(identifier, at: at, &suppressed) }
            resolver.forgot()
            // An erasure that fails leaves nobody unmatched either.
            defer { matching.forgot() }
            if lock.reading({ graph.isNamedWithOthers(subject.identifiers) }) { try Files.write([], to: againMark) }
            let receipt = try Erasure(erasers).run(subject)
            live.forget(subject.positions)
            previews.clear()
            catcher.clear()
            memberships.forgot()
            strayMarks.withLock { $0 = [:] }
            // Whoever was in one statement with them may have been parted.
            memberships.applied(touched: columns.touched, merged: columns.joined)
            matching.applied(touched: columns.touched, merged: columns.joined)
            return Erased(receipt: receipt, suppressed: suppressed)
        }
    }
}

extension Admission.Naming {
    init(_ naming: EventNaming) {
        self.init(types: naming.types, identifiers: naming.identifiers)
    }
}
