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
        let erased = try await own.silent { try await eraseInSilence(identifier, suppress: suppress, at: at) }
        if erased != nil { await clearDatabases() }
        return erased
    }

    /// Takes out of the databases' files what SQLite left of rows that are gone. What fails here, the next erasure does.
    private func clearDatabases() async {
        let (database, decisions) = (self.database, self.decisions)
        do {
            try await MartletServer.onThread("martlet-clearing") { for one in [database, decisions] { try one.clearFreedRoom() } }
        } catch { logger.warning("Room that rows left in a database could not be overwritten; the next erasure tries again.", metadata: ["workspace": "\(name)"]) }
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

    /// Who is meant by an address: it is one however it is written, and who is known by it in other letters is not left with half of what they said.
    ///
    /// - Throws: ``Refusal`` 409 where several are known by it so, or somebody only has it among their traits: what was said of it is theirs as well.
    private func meant(by identifier: Identifier) throws -> Identifier {
        guard identifier.namespace == .email, lock.reading({ graph.find(identifier) }) == nil else { return identifier }
        let mailbox = ledger.mailbox(identifier.text)
        let people = profiles.people(with: [mailbox])[mailbox] ?? []
        let known = people.compactMap { $0.first { $0.namespace == .email && ledger.mailbox($0.text) == mailbox } }
        guard known.count != 1 else { return known[0] }
        guard people.isEmpty else { throw Refusal(409, "erasure.several", "Nobody is known by the address as it is written here, and \(people.count) have it in other letters or among their traits.", remedy: "Name whom to forget by their userId, or by the address as they have it.") }
        return identifier
    }

    private func eraseInSilence(_ asked: Identifier, suppress isSuppressing: Bool, at: Timestamp) async throws -> Erased? {
        var before = Erased.Suppressed()
        let identifier = try meant(by: asked)
        // Somebody whom we have not met yet is not taken in either.
        if isSuppressing { try suppress(identifier, at: at, &before) }
        let begun = before
        // What was let through just before is in the log when a statement made now is.
        await folds.waitUntilApplied(try await ingest.end())
        ingest.messages.checkpoint()
        defer { if Files.read(againMark) != nil { decideAgain() } }
        return try await folds.perform { [self] in
            var suppressed = begun
            let identifier = try meant(by: asked)
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
                w.key("positions")
                w.array { w in for position in subject.positions { w.number(Int64(clamping: position)) } }
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
            self.init(first, ErasureSubject(identifiers: Array(identifiers.dropFirst()), positions: (json["positions"]?.elements ?? []).compactMap { $0.integer.flatMap { LogPosition(exactly: $0) } }, ids: (json["ids"]?.elements ?? []).compactMap(\.string)))
        }
    }

    private static func erasingMarks(in folder: String) -> [String] { ((try? Folder.names(in: folder)) ?? []).filter { $0.hasPrefix(erasing) }.sorted().map { "\(folder)/\($0)" } }

    /// Takes out of the log what erasures that were broken off had still to take, before anybody is made of it: half of somebody's events would be somebody else.
    ///
    /// - Parameter erasers: of the log, and of what is kept of it.
    /// - Returns: the marks of those of which that failed; they wait for the next start.
    static func finishErasuresInLog(_ folder: String, _ erasers: [any Eraser]) -> Set<String> {
        Set(erasingMarks(in: folder).filter { mark in
            guard !mark.hasSuffix(".new"), let pending = Files.read(mark).flatMap(Pending.init), !pending.subject.positions.isEmpty else { return false }
            return (try? Erasure(erasers).run(pending.subject)) == nil
        })
    }

    /// Carries out the rest of erasures that were broken off, one after the other.
    ///
    /// - Parameter failed: marks that ``finishErasuresInLog(_:_:)`` returned.
    func finishErasures(except failed: Set<String>) {
        for mark in failed { logger.error("An erasure that was broken off could not be carried out in the log; the next start tries again.", metadata: ["workspace": "\(name)", "mark": "\(mark.split(separator: "/").last ?? "")"]) }
        let marks = Workspace.erasingMarks(in: folder).filter { !failed.contains($0) }
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
                }
            }
            await clearDatabases()
            Files.remove(mark)
            logger.warning("An erasure that was broken off was carried out.", metadata: ["workspace": "\(name)"])
        } catch { logger.error("An erasure that was broken off could not be carried out; the next start tries again.", metadata: ["workspace": "\(name)"]) }
    }
}

extension Admission.Naming {
    init(_ naming: EventNaming) {
        self.init(types: naming.types, identifiers: naming.identifiers)
    }
}
