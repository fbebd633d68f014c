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
        var (own, rest) = profiles.suppressible(identifier)
        // An address that another user has, however they write it, is theirs as well.
        let mailboxes = Set(own.filter { $0.namespace == .email }.map { ledger.mailbox($0.text) })
        let known = Set(own + rest)
        let shared = mailboxes.isEmpty ? [] : profiles.people(with: mailboxes).filter { one in one.value.contains { known.isDisjoint(with: $0) && $0.contains { $0.namespace == .userId } } }.map(\.key)
        if !shared.isEmpty {
            let others = own.filter { $0.namespace == .email && shared.contains(ledger.mailbox($0.text)) }
            (own, rest) = (own.filter { !others.contains($0) }, rest + others)
        }
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
                // Nobody by that name in the profiles; refused events, files' names and what was handed in about consent may still name them.
                let receipt = try Erasure(named).run(ErasureSubject(identifiers: [identifier], positions: []))
                live.forget([])
                return isSuppressing || receipt.removed.contains { $0.count > 0 } ? Erased(receipt: receipt, suppressed: suppressed) : nil
            }
            if isSuppressing { try suppress(identifier, at: at, &suppressed) }
            resolver.forgot()
            // An erasure that fails leaves nobody unmatched either.
            defer { matching.forgot() }
            if lock.reading({ graph.isNamedWithOthers(subject.identifiers) }) { try Files.write([], to: againMark) }
            let mark = erasingMark(subject)
            try Files.write(Pending(identifier, subject).bytes, to: mark)
            let receipt = try Erasure(erasers).run(subject)
            Files.remove(mark)
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

extension Workspace {
    /// What finds somebody by how they are named, and what does by the profile ids that they had.
    private var named: [any Eraser] { [lists, ingest.quarantine, imports, ledger, bounces] }
    private var numbered: [any Eraser] { erasers.filter { eraser in !named.contains { $0.name == eraser.name } } }

    /// Stands there while somebody is being erased: what a crash leaves of it, or a refusal, the next start carries out. One of each person, the same when it is asked for again.
    private func erasingMark(_ subject: ErasureSubject) -> String {
        "\(folder)/\(Workspace.erasing)\(Base64URL.encode(Array(secret.keyedHash(Array("erasing:\(subject.ids.sorted().joined(separator: ","))".utf8)).prefix(12))))"
    }
    private static let erasing = "erasing-"

    /// Whose erasure is under way, on the disk.
    struct Pending {
        /// By which they were named.
        let identifier: Identifier
        let subject: ErasureSubject

        init(_ identifier: Identifier, _ subject: ErasureSubject) { (self.identifier, self.subject) = (identifier, subject) }

        var bytes: [UInt8] {
            var w = JSONWriter()
            w.object { w in
                w.key("identifiers")
                w.array { w in
                    for one in [identifier] + subject.identifiers {
                        w.object { w in
                            w.member("namespace", one.namespace.name)
                            w.member("value", Base64URL.encode(one.value))
                        }
                    }
                }
                w.key("ids")
                w.array { w in for id in subject.ids { w.string(id) } }
            }
            return w.bytes
        }

        /// Nil for what is not whole.
        init?(_ bytes: [UInt8]) {
            guard let json = JSONText(validating: bytes) else { return nil }
            let identifiers = (json["identifiers"]?.elements ?? []).compactMap { one -> Identifier? in
                guard let namespace = one["namespace"]?.string.flatMap(IdentifierNamespace.init(name:)), let value = one["value"]?.string.flatMap(Base64URL.decode) else { return nil }
                return Identifier(namespace, value)
            }
            guard let first = identifiers.first else { return nil }
            self.init(first, ErasureSubject(identifiers: Array(identifiers.dropFirst()), positions: [], ids: (json["ids"]?.elements ?? []).compactMap(\.string)))
        }
    }

    /// Carries out the rest of erasures that were broken off, one after the other.
    func finishErasures() {
        let marks = ((try? Folder.names(in: folder)) ?? []).filter { $0.hasPrefix(Workspace.erasing) }.sorted().map { "\(folder)/\($0)" }
        guard !marks.isEmpty else { return }
        Task { for mark in marks { await finishErasure(mark) } }
    }

    private func finishErasure(_ mark: String) async {
        // What was not wholly written down had not begun.
        guard !mark.hasSuffix(".new"), let pending = Files.read(mark).flatMap(Pending.init) else { return Files.remove(mark) }
        do {
            let ids = Set(pending.subject.ids)
            // While the log still has them it is the same person: all of it, as it was asked for.
            if lock.reading({ graph.find(pending.identifier).map { ids.contains(graph.ownID($0).text) } ?? false }) { _ = try await erase(pending.identifier, suppress: false, at: Clock.now()) }
            try await own.silent {
                await folds.waitUntilApplied(try await ingest.end())
                try await folds.perform { [self] in
                    defer { matching.forgot() }
                    _ = try Erasure(numbered).run(ErasureSubject(identifiers: [], positions: [], ids: pending.subject.ids))
                    _ = try Erasure(named).run(ErasureSubject(identifiers: pending.subject.identifiers, positions: []))
                    Files.remove(mark)
                }
            }
            logger.warning("An erasure that was broken off was carried out.", metadata: ["workspace": "\(name)"])
        } catch { logger.error("An erasure that was broken off could not be carried out; the next start tries again.", metadata: ["workspace": "\(name)"]) }
    }
}

extension Admission.Naming {
    init(_ naming: EventNaming) {
        self.init(types: naming.types, identifiers: naming.identifiers)
    }
}
