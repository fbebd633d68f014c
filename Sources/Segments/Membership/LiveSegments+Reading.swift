import Columnar
import Identity
public import Profiles
import Synchronization

/// Who is in, who came and who left, for whoever asks or follows.
extension LiveSegments {
    /// How many are in now; nil for unknown segments and until everyone has been asked once.
    public func size(of id: String) -> Int? { state.withLock { $0.memberships[id].flatMap { $0.isComplete ? $0.count : nil } } }

    /// Profile ids of members, in the order in which we met them.
    ///
    /// - Parameter after: how many to pass over.
    public func members(of id: String, after: Int, limit: Int) -> [String] {
        let sets = state.withLock { $0.memberships[id]?.members ?? [] }
        var rows: [Row] = []
        var passed = 0
        for (part, set) in sets.enumerated() where rows.count < limit {
            let count = set.count
            if passed + count <= after {
                passed += count
                continue
            }
            set.forEach { row in
                if passed >= after, rows.count < limit { rows.append(Row(part * RowSet.capacity + row)) }
                passed += 1
            }
        }
        return engine.profileIDs(rows)
    }

    /// Changes behind a number, oldest first; of one segment, or of all, of which only the newest ``changesMaximum`` are told.
    public func changes(after number: Int, of segment: String? = nil, limit: Int) -> [MembershipChange] {
        let (oldest, found) = state.withLock { state in
            // A follower who is nearly there looks at the end alone: the live thread waits for this lock.
            let behind = state.changes[state.changes.firstIndex(after: number)...]
            return (state.changes.first?.number ?? state.nextNumber, Array(segment == nil ? behind.prefix(limit) : ArraySlice(behind.lazy.filter { $0.segment == segment }.prefix(limit))))
        }
        guard let history, let segment, number + 1 < oldest else { return found }
        let older = history.changes(of: segment, after: number, before: oldest, newestFirst: false, limit: limit)
        return older + found.prefix(limit - older.count)
    }

    /// The newest changes of a segment, newest first.
    public func latestChanges(of segment: String, limit: Int) -> [MembershipChange] {
        let (oldest, found) = state.withLock { state in
            (state.changes.first?.number ?? state.nextNumber, Array(state.changes.reversed().lazy.filter { $0.segment == segment }.prefix(limit)))
        }
        guard let history, found.count < limit else { return found }
        return found + history.changes(of: segment, before: oldest, newestFirst: true, limit: limit - found.count)
    }

    /// Ids of the segments that a profile is in now.
    public func segments(of profile: Profile) -> [String] {
        guard let row = engine.row(of: profile) else { return [] }
        let (part, index) = (Int(row) / RowSet.capacity, Int(row) % RowSet.capacity)
        return state.withLock { state in
            state.memberships.filter { part < $0.value.members.count && $0.value.members[part].contains(index) }.map(\.key).sorted()
        }
    }

    /// Changes behind a number of all segments, as far as none between them is missing.
    ///
    /// - Returns: `isWhole` is false where something newer than these is here, or was and is not kept any more.
    func told(after number: Int, limit: Int) -> (changes: [MembershipChange], isWhole: Bool) {
        state.withLock { state in
            var changes: [MembershipChange] = []
            for change in state.changes[state.changes.firstIndex(after: number)...].prefix(limit) {
                guard change.number == number + changes.count + 1 else { break }
                changes.append(change)
            }
            return (changes, number + changes.count == state.nextNumber - 1)
        }
    }

    /// Everyone who is in some segments now, and the number of the last change up to which that is so; of segments that do not exist nobody.
    ///
    /// - Returns: nil until everyone has been asked once.
    func members(of segments: Set<String>) -> (ids: [String: [ProfileID]], number: Int)? {
        // Nobody gets another row meanwhile.
        following.withLock { _ in
            let (memberships, number, hasLooked) = state.withLock { state in (state.memberships.filter { segments.contains($0.key) }, state.nextNumber - 1, state.hasLooked) }
            guard hasLooked, memberships.values.allSatisfy(\.isComplete) else { return nil }
            return (memberships.mapValues { membership in
                membership.members.enumerated().flatMap { part, set in
                    var rows: [Row] = []
                    set.forEach { rows.append(Row(part * RowSet.capacity + $0)) }
                    return engine.ids(rows)
                }
            }, number)
        }
    }

    /// Ids of all segments that are followed.
    public var segmentIDs: Set<String> { state.withLock { Set($0.memberships.keys) } }

    public var lastNumber: Int { state.withLock { $0.nextNumber - 1 } }

    /// Returns when something newer than `number` is here, or after two seconds.
    public func waitForMore(after number: Int) async {
        let id = Int.random(in: 0 ... .max)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                await withTaskCancellationHandler {
                    await withCheckedContinuation { continuation in
                        let isOver = waiters.withLock { waiters -> Bool in
                            // Numbers begin anew, higher, with each start: only a change is something newer.
                            if Task.isCancelled || state.withLock({ $0.changes.last?.number ?? 0 }) > number { return true }
                            waiters[id] = continuation
                            return false
                        }
                        if isOver { continuation.resume() }
                    }
                } onCancel: {
                    waiters.withLock { $0.removeValue(forKey: id) }?.resume()
                }
            }
            group.addTask { try? await Task.sleep(for: .seconds(2)) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Lets whoever waits for more look, as when the server stops.
    public func wake() {
        let woken = waiters.withLock { waiters in
            defer { waiters = [:] }
            return Array(waiters.values)
        }
        for waiter in woken { waiter.resume() }
    }
}

extension [MembershipChange] {
    /// Where the changes behind a number begin; they stand in the order of their numbers.
    fileprivate func firstIndex(after number: Int) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].number > number { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
