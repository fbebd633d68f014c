import GRDB
public import Identity
import Segments
public import Storage
public import Vocabulary

/// What people and programs do with journeys; each is one transaction of the deciding thread.
extension JourneyFollower {
    /// What becomes of those who walk an older version when a new one is started.
    public enum Policy: String, Sendable, CaseIterable {
        /// They walk theirs to its end.
        case finish
        /// They go on at the step of the same id in the new one; who stands at a step that is gone walks the old one to its end.
        case migrate
        /// They leave.
        case leave
    }

    /// Starts a journey in the version that was written last; who is in an older one does as the policy says.
    ///
    /// - Returns: how many were moved or left; nil where there is no such journey.
    public func start(_ id: String, policy: Policy = .finish) async throws -> Int? {
        let started = try await perform { [self] () -> (count: Int, paused: String?)? in
            guard let kept = store.find(id) else { return nil }
            guard kept.state != .live || kept.liveVersion != kept.version else { return (0, nil) }
            let count = try move(kept, by: kept.liveVersion == kept.version ? .finish : policy)
            let now = clock()
            // Noted before it is live, so that whoever comes in from here on is found even after a crash.
            if case .segment(let name, _) = kept.journey.trigger, let segment = segmentID(name) { try memberships?.begin(segment) }
            if kept.state == .paused { try store.database.pool.write { db in try store.resume(kept, at: now, db) } }
            // What came in a pause begins nothing; what was received while it was live begins the new version where it was not yet decided about. A campaign's people are counted from when its version was first started.
            let isResumed = kept.state == .paused && kept.liveVersion == kept.version
            let isCampaign = if case .campaign = kept.journey.trigger { true } else { false }
            let since = isCampaign ? (isResumed ? kept.since : now) : (kept.state == .live ? kept.since : now)
            // Whom the version before had not reached, the new one goes to by its own plan.
            var isPlannedAnew = false
            if kept.liveVersion != kept.version, case .campaign = store.journey(kept.id, version: kept.liveVersion)?.trigger { isPlannedAnew = true }
            try set(kept, .live, version: kept.version, since: since) { db in if isPlannedAnew { try EntryTable.remove(journey: kept.number, db) } }
            return (count, kept.state == .paused ? kept.id : nil)
        }
        if let id = started?.paused { announcePauseEnd(id) }
        return started?.count
    }

    /// Nobody comes in and nobody moves, until it is started again.
    public func pause(_ id: String) async throws -> Bool {
        try await perform { [self] in
            guard let kept = store.find(id), kept.state == .live else { return false }
            try store.database.pool.write { db in try store.pause(kept, at: clock(), db) }
            following.withLock { $0.isStale = true }
            return true
        }
    }

    /// Ends every run. What was sent before goes on being counted, and orders while their time runs.
    ///
    /// - Returns: how many; nil where there is no such journey.
    public func stop(_ id: String) async throws -> Int? {
        let stopped = try await perform { [self] () -> (count: Int, paused: String?)? in
            guard let kept = store.find(id) else { return nil }
            let count = try eachRun(of: kept) { run, now in
                run.note(.ended, at: now, detail: "stopped")
                run.end = JourneyRun.End(reason: "stopped", at: now)
                run.wake = nil
            }
            try store.database.pool.write { db in try EntryTable.remove(journey: kept.number, db) }
            if kept.state != .stopped { try set(kept, .stopped, version: kept.liveVersion, since: clock()) }
            return (count, kept.state == .paused ? kept.id : nil)
        }
        if let id = stopped?.paused { announcePauseEnd(id) }
        return stopped?.count
    }

    /// Puts somebody in.
    ///
    /// - Parameter data: an object that the journey's templates and `key` see as `data`.
    /// - Returns: the runs that this began; none where re-entry forbids it or the person objects. Nil where the journey is not live or nobody has the id.
    public func enter(_ id: String, profile: ProfileID, data: JSONText?) async throws -> [JourneyRun]? {
        try await perform { [self] in
            try following.withLock { following -> [JourneyRun]? in
                var round = FollowRound(self, following)
                guard let kept = store.find(id), kept.state == .live else { return nil }
                guard lock.reading({ graph.find(profile) }) != nil else { return nil }
                try round.refreshIfStale()
                guard let decider = round.following.roster[kept.id]?.decider else { return nil }
                let now = clock()
                let happening = Happening(.entry, at: now, data: data)
                let owners = lock.reading { graph.find(profile).map { graph.members($0).map(graph.ownID) } ?? [] }
                let before = try store.database.pool.read { db in Set(try RunTable.runs(of: owners, journey: kept.number, db).compactMap(\.run.number)) }
                let touched = try round.decide([FollowRound.Item(who: .profile(profile), heard: [(kept.id, decider.versions.mapValues { _ in happening })])], due: [], at: now) { _ in }
                try round.readInstants(of: touched)
                following = round.following
                let after = try store.database.pool.read { db in try RunTable.runs(of: owners, journey: kept.number, db) }
                return after.map(\.run).filter { $0.number.map { !before.contains($0) } ?? false }
            }
        }
    }

    /// People's clocks are elsewhere now: until when they wait is worked out anew.
    ///
    /// - Parameter people: by every id that they ever had.
    public func moved(_ people: [ProfileID]) throws {
        let now = clock()
        let journeys = try store.database.pool.write { db in try RunTable.wake(people, at: now, db) }
        guard !journeys.isEmpty else { return }
        following.withLock { following in following.instants.ring(journeys.filter { following.roster.live[$0] != nil }, at: now) }
        wake()
    }

    // MARK: - Many at once

    private func set(_ kept: KeptJourney, _ state: JourneyDecider.State, version: Int64, since: Timestamp, also: (Database) throws -> Void = { _ in }) throws {
        try store.database.pool.write { db in
            try also(db)
            try store.set(kept.id, state, liveVersion: version, since: since, db)
        }
        following.withLock { $0.isStale = true }
    }

    private func move(_ kept: KeptJourney, by policy: Policy) throws -> Int {
        guard policy != .finish, let journey = store.journey(kept.id, version: kept.version) else { return 0 }
        return try eachRun(of: kept) { run, now in
            if policy == .leave {
                run.note(.ended, at: now, detail: "version-changed")
                run.end = JourneyRun.End(reason: "version-changed", at: now)
                run.wake = nil
            } else if run.version != kept.version, run.isArmed || journey.step(run.step) != nil {
                // The step of the new version says how long it holds people, counted from when they came to it.
                if run.isArmed { run.wake = armed(run, kept, journey) ?? run.wake } else { run.wake = min(run.wake ?? now, now) }
                run.version = kept.version
                run.note(.moved, at: now)
            }
        }
    }

    /// When inaction is over for somebody who goes on in another version, where both are exact lengths of time.
    private func armed(_ run: JourneyRun, _ kept: KeptJourney, _ journey: Journey) -> Timestamp? {
        guard case .inaction(_, _, let new) = journey.trigger, case .inaction(_, _, let old)? = store.journey(kept.id, version: run.version)?.trigger, let wake = run.wake, let longer = new.milliseconds, let shorter = old.milliseconds
        else { return nil }
        return Timestamp(clamping: wake.milliseconds + longer - shorter)
    }

    /// Changes every run under way, some thousand in one transaction.
    private func eachRun(of kept: KeptJourney, _ change: (inout JourneyRun, Timestamp) -> Void) throws -> Int {
        let now = clock()
        var (last, count) = (Int64(0), 0)
        // Whatever becomes of it, the journey's first instant may be another.
        defer { following.withLock { $0.forget(kept.id) } }
        while true {
            let runs = try store.database.pool.read { db in try RunTable.underWay(journey: kept.number, after: last, limit: 5000, db) }
            guard let end = runs.last?.number else { return count }
            last = end
            try store.database.pool.write { db in
                var counts = RunCounts()
                for run in runs {
                    var changed = run
                    change(&changed, now)
                    guard changed != run else { continue }
                    count += 1
                    counts.add(changed, before: run, journey: kept.number)
                    try RunTable.write(changed, journey: kept.number, db)
                }
                try counts.write(db)
            }
        }
    }

    /// What was decided in a run, with the event that began it.
    func intent(_ action: JourneyAction, _ journey: (id: String, name: String), _ events: [LogPosition: EventView]) -> Intent {
        let event = action.run.position.flatMap { position in events[position] ?? (try? log.read(position)) ?? nil }
        var json: JSONText?
        if let event, !event.isErased {
            var w = JSONWriter()
            event.write(to: &w)
            json = w.text
        }
        return Intent(action, of: journey, event: json, destination: destination)
    }
}

/// Forgetting.
extension JourneyFollower: Eraser {
    /// Takes out every run of the person, under each id that they ever had.
    public func erase(_ subject: ErasureSubject) throws -> Int {
        // Between two rounds; what was handed over of the person is read from the log again, which has forgotten it.
        try following.withLock { _ in
            let ids = lock.reading { Set(subject.identifiers.compactMap { graph.find($0).map { graph.ownID($0) } }) }.union(subject.ids.compactMap { ProfileID($0) })
            pending.withLock { ($0.batches, $0.bytes, $0.isOverrun) = ([], 0, true) }
            let count = try store.database.pool.write { db in
                var counts = RunCounts()
                let count = try RunTable.erase(ids, &counts, db) + EntryTable.erase(ids, db)
                try counts.write(db)
                return count
            }
            if count > 0 { try store.database.truncateLog() }
            return count
        }
    }
}
