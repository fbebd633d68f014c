import Identity
import Profiles
import Vocabulary

extension Workspace {
    /// What other rules would make of everyone up to now. Reads the whole log.
    ///
    /// - Throws: ``Refusal`` 409 when somebody was forgotten meanwhile.
    func difference(to rules: IdentityRules) async throws -> IdentityDifference {
        await folds.waitUntilApplied(log.end)
        let end = folds.appliedPosition
        guard let then = resolver.graph(rules, upTo: end) else { throw Workspace.disturbed }
        return try await folds.perform { [self] in
            // What came while the log was read.
            log.scan(from: end, to: folds.appliedPosition) { then.apply($0); return true }
            return lock.reading { IdentityDifference(from: graph, to: then) }
        }
    }

    private static let disturbed = Refusal(409, "identity.disturbed", "Somebody was erased meanwhile.", remedy: "Try again.", retryAfter: 1)

    /// Puts other rules in force: new events are decided by them as soon as everyone has been decided anew, which happens in the background.
    func set(_ rules: IdentityRules, author: String) throws -> IdentityRuleStore.Version {
        let version = try self.rules.set(rules, author: author, at: Clock.now())
        resolver.announce()
        Task { try? await resolve(version) }
        return version
    }

    /// Decides everyone anew; when it returns, all that is asked is answered by the version's rules, or by those of a later one.
    func resolve(_ version: IdentityRuleStore.Version) async throws {
        try await resolver.run(version.rules, on: folds, isWanted: { [rules] in rules.current.number == version.number }) { [self] draft in try adopt(draft) }
    }

    /// Has everyone decided anew from the log, in the background and once for all that is asked meanwhile: what was erased may have stood between others.
    func decideAgain() {
        let isFirst = decidings.withLock { count in
            count = min(2, count + 1)
            return count == 1
        }
        guard isFirst else { return }
        Task { [weak self] in
            var pause = Duration.milliseconds(300)
            repeat {
                // Erasures come in groups, and each begins it anew.
                try? await Task.sleep(for: pause)
                guard let self, !resolver.isStopping else { return }
                do { try await resolve(rules.current) } catch {
                    logger.error("Deciding everyone anew after an erasure failed, and is tried again.", metadata: ["workspace": "\(name)", "error": "\(String(reflecting: Swift.type(of: error)))"])
                    pause = .seconds(10)
                    continue
                }
                guard decidings.withLock({ $0 -= 1; return $0 > 0 }) else { return }
            } while true
        }
    }

    /// How far everyone is decided anew, after other rules or an erasure; nil where nothing waits for that.
    var resolving: Resolver.Progress? { resolver.progress ?? (decidings.withLock { $0 > 0 } ? Resolver.Progress(done: 0, of: log.end) : nil) }

    /// Stands there from an erasure until everyone is decided anew and that is on the disk: a start in between makes all of it from the log.
    var againMark: String { "\(folder)/decide-again" }

    /// Called on the applying thread.
    private func adopt(_ draft: Resolver.Draft) throws {
        let objecting = try objectors.found(in: draft.graph)
        try matching.renumbering {
            try memberships.renumbering {
                // The row that each row's person has among the others; of one who falls apart, the row of the identifier that the row was kept by.
                let rows = (0..<columns.rowCount).map { row in draft.graph.find(graph.identifier(columns.node(of: Row(row)))).flatMap { draft.columns.row(of: $0) } }
                lock.writing {
                    graph.adopt(draft.graph)
                    store.adopt(draft.store)
                    columns.adopt(draft.columns)
                    accounts.adopt(draft.accounts)
                    objectors.replace(objecting)
                    lists.forgetRows()
                }
                try lists.load()
                return rows
            }
        }
        lock.writing {
            store.prepareCheckpoint()
            columns.prepareCheckpoint()
        }
        writeDown(erasures: resolver.erasureCount)
    }

    /// Writes down what everyone has become. The nodes have other numbers now: a start that found some of the snapshots of before and some of these would take people for others, so that the mark stands until all of them are on the disk.
    private func writeDown(erasures: Int) {
        do {
            try Files.write([], to: againMark)
            try graph.checkpoint()
            try store.checkpoint()
            try accounts.checkpoint()
        } catch { return logger.error("What everyone has become could not be written down; the next start makes it from the log.", metadata: ["workspace": "\(name)"]) }
        columns.checkpoint { [self] isWritten in
            guard isWritten else { return }
            // Not while somebody is being erased, whose mark it is then.
            Task { try? await folds.perform { [self] in if resolver.erasureCount == erasures { Files.remove(againMark) } } }
        }
    }
}
