public import EventLog
public import GRDB
public import Identity
public import Storage
import Synchronization
import Vocabulary

/// Follows who comes into some segments and who leaves them, for one follower, each change once: over restarts, and where more happened at once than is kept in memory.
///
/// Whom the follower was told of stands in the follower's own database, written in the transaction of what it makes of the changes. At its first look after a start, and where changes were
/// dropped before it read them, whoever is in now is compared with that; what differs is told as of now.
public final class SegmentFollower: Sendable {
    public static let migrations = FollowedMembers.migrations

    /// What to take next; kept by ``SegmentFollower/write(_:_:)`` in the transaction of what is made of it, and by ``SegmentFollower/done(_:)`` behind it.
    public struct Step: Sendable {
        /// In their order, of the segments that are wanted.
        public let changes: [MembershipChange]
        /// Behind which number to go on.
        public let cursor: Int
        /// Whether there is more at once.
        public let isMore: Bool
        /// How many changes a comparison found.
        let comparedCount: Int
        /// Of each change of who left, the ids under which the follower was told that they came.
        let told: [[ProfileID]]

        /// Who left, once under each id under which they had come: for whoever knows people by these ids alone.
        public var changesByID: [MembershipChange] {
            zip(changes, told).flatMap { change, told in
                told.isEmpty ? [change] : told.enumerated().map { index, id in MembershipChange(number: change.number, segment: change.segment, id: id, hasEntered: false, at: change.at, isCompared: change.isCompared || index > 0) }
            }
        }
    }

    private struct Followed {
        /// Under which its members are kept.
        let number: Int64
        /// Changes up to this number are in what was kept at the beginning.
        var since = Int.min
    }
    private struct State {
        /// By segment; nil until it was read.
        var known: [String: Followed]?
        var hasCompared = false
        /// What the graph had as ``IdentityGraph/partedUpTo`` at the last comparison, and when the next one is due, where somebody has parted since.
        var partedUpTo: LogPosition = 0
        var comparesAt: Timestamp?
        /// What a comparison found and nobody has taken yet, and behind which number to go on when all of it is taken.
        var found: ArraySlice<MembershipChange> = []
        var cursorBehind: Int?
    }

    private let name: String
    private let live: LiveSegments
    private let database: DatabaseFile
    private let graph: IdentityGraph
    private let lock: StateLock
    private let state = Mutex(State())
    /// People looked up in one hold of the lock.
    private static let lookedUpAtOnce = 10_000
    /// So long after somebody parted all are compared, at most as often.
    private static let partingPauseMs: Int64 = 20_000

    /// - Parameters:
    ///   - name: of the follower, the same after each start.
    ///   - database: the follower's, with ``migrations``.
    public init(_ name: String, _ live: LiveSegments, _ database: DatabaseFile, graph: IdentityGraph, lock: StateLock) {
        (self.name, self.live, self.database, self.graph, self.lock) = (name, live, database, graph, lock)
    }

    /// What has changed behind a number.
    ///
    /// A segment that is wanted for the first time begins with who is in it, of whom nothing is told; one that is not wanted any more is dropped.
    ///
    /// - Parameters:
    ///   - wanted: ids of segments; those that do not exist are passed over.
    ///   - cursor: of the last step that was kept.
    public func next(_ wanted: Set<String>, after cursor: Int, limit: Int) throws -> Step {
        try state.withLock { state in
            try settle(&state, wanted)
            let known = state.known ?? [:]
            guard !known.isEmpty else {
                state.hasCompared = true
                return try step([], known, cursor)
            }
            if let behind = state.cursorBehind { return try found(&state, behind, cursor, limit) }
            noticeParting(&state)
            let (changes, isWhole) = live.told(after: cursor, limit: limit)
            if state.hasCompared, isWhole || !changes.isEmpty {
                return try step(changes.filter { change in known[change.segment].map { change.number > $0.since } ?? false }, known, changes.last?.number ?? cursor, isMore: !isWhole)
            }
            // Until everyone has been asked once, nobody knows who is in.
            guard let members = live.members(of: Set(known.keys)) else { return try step([], known, cursor) }
            state.found = try differences(known, members.ids, members.number)[...]
            state.hasCompared = true
            return try found(&state, members.number, cursor, limit)
        }
    }

    /// Who came or left while they were taken for somebody else is told once they have parted, when the live members know it.
    private func noticeParting(_ state: inout State) {
        let (parted, now) = (lock.reading { graph.partedUpTo }, live.clock())
        if !state.hasCompared { state.partedUpTo = parted } else if parted != state.partedUpTo {
            state.partedUpTo = parted
            if state.comparesAt == nil { state.comparesAt = Timestamp(clamping: now.milliseconds + SegmentFollower.partingPauseMs) }
        }
        guard let due = state.comparesAt, due <= now else { return }
        state.hasCompared = false
        state.comparesAt = nil
    }

    /// The next piece of what a comparison found.
    private func found(_ state: inout State, _ behind: Int, _ cursor: Int, _ limit: Int) throws -> Step {
        state.cursorBehind = state.found.isEmpty ? nil : behind
        let isMore = state.found.count > limit
        return try step(Array(state.found.prefix(limit)), state.known ?? [:], isMore ? cursor : behind, isMore: isMore, isCompared: true)
    }

    /// Has a segment followed from now on, so that who is in it now begins nothing and whoever comes from here on is told, whatever happens in between.
    public func begin(_ segment: String) throws {
        try state.withLock { state in
            let known = try load(&state)
            try settle(&state, Set(known.keys).union([segment]))
        }
    }

    /// Forgets whom the follower was told of, and the follower.
    public func end() throws { try state.withLock { state in try settle(&state, []) } }

    /// Keeps a step, in the transaction of what was made of it.
    public func write(_ step: Step, _ db: Database) throws {
        let known = state.withLock { $0.known ?? [:] }
        for (change, told) in zip(step.changes, step.told) {
            guard let number = known[change.segment]?.number else { continue }
            if change.hasEntered { try FollowedMembers.add(change.id, to: number, db) } else { for id in told { try FollowedMembers.remove(id, from: number, db) } }
        }
    }

    /// The step was committed.
    public func done(_ step: Step) {
        guard step.comparedCount > 0 else { return }
        state.withLock { state in
            state.found = state.found.dropFirst(step.comparedCount)
            if state.found.isEmpty { state.cursorBehind = nil }
        }
    }

    /// Whether any segment is followed.
    public var isFollowing: Bool { state.withLock { !($0.known ?? [:]).isEmpty } }

    /// Returns when somebody came or left, or after two seconds.
    public func waitForMore() async { await live.waitForMore(after: live.lastNumber) }

    // MARK: - Comparing

    /// Leaves out what the follower knows: whoever parts from whom they were taken for, and was told of or not, has not come or left by that.
    private func step(_ changes: [MembershipChange], _ known: [String: Followed], _ cursor: Int, isMore: Bool = false, isCompared: Bool = false) throws -> Step {
        guard !changes.isEmpty else { return Step(changes: [], cursor: cursor, isMore: isMore, comparedCount: 0, told: []) }
        let ids = lock.reading {
            Dictionary(changes.map { change in (change.id, Set(graph.find(change.id).map { graph.members($0).map(graph.ownID) } ?? []).union([change.id]).sorted { $0.number < $1.number }) }) { first, _ in first }
        }
        // What the changes before make of it.
        var inStep: [String: [ProfileID: Bool]] = [:]
        var (news, told): ([MembershipChange], [[ProfileID]]) = ([], [])
        try database.pool.read { db in
            for change in changes {
                guard let number = known[change.segment]?.number else { continue }
                let here = try (ids[change.id] ?? [change.id]).filter { id in try inStep[change.segment]?[id] ?? FollowedMembers.contains(id, in: number, db) }
                guard change.hasEntered == here.isEmpty else { continue }
                for id in change.hasEntered ? [change.id] : here { inStep[change.segment, default: [:]][id] = change.hasEntered }
                news.append(change)
                told.append(here)
            }
        }
        return Step(changes: news, cursor: cursor, isMore: isMore, comparedCount: isCompared ? changes.count : 0, told: told)
    }

    private func load(_ state: inout State) throws -> [String: Followed] {
        if let known = state.known { return known }
        let known = try database.pool.write { db in try FollowedMembers.segments(of: name, db) }.mapValues { Followed(number: $0) }
        state.known = known
        return known
    }

    /// Drops what is not wanted, and begins what is new and known by now.
    private func settle(_ state: inout State, _ wanted: Set<String>) throws {
        let known = try load(&state)
        guard wanted != Set(known.keys) else { return }
        for (segment, followed) in known where !wanted.contains(segment) {
            try database.pool.write { db in try FollowedMembers.drop(followed.number, db) }
            state.known?[segment] = nil
            state.found.removeAll { $0.segment == segment }
        }
        for segment in wanted.sorted() where known[segment] == nil {
            guard let members = live.members(of: [segment]), let ids = members.ids[segment] else { continue }
            state.known?[segment] = Followed(number: try FollowedMembers.begin(segment, of: name, with: ids, database), since: members.number)
        }
    }

    /// Who is in and was not told, and who was told and is not in any more.
    private func differences(_ known: [String: Followed], _ present: [String: [ProfileID]], _ cursor: Int) throws -> [MembershipChange] {
        let now = live.clock()
        var found: [MembershipChange] = []
        for (segment, followed) in known.sorted(by: { $0.key < $1.key }) {
            let kept = try database.pool.read { db in try FollowedMembers.all(of: followed.number, db) }
            let members = Set(present[segment] ?? [])
            var told: Set<ProfileID> = []
            for start in stride(from: 0, to: kept.count, by: SegmentFollower.lookedUpAtOnce) {
                let some = kept[start..<min(start + SegmentFollower.lookedUpAtOnce, kept.count)]
                // Under the id that the person has now; who was forgotten is nobody's change.
                told.formUnion(lock.reading { some.compactMap { id in graph.find(id).map { graph.id($0) } } })
            }
            func change(_ id: ProfileID, _ hasEntered: Bool) -> MembershipChange { MembershipChange(number: cursor, segment: segment, id: id, hasEntered: hasEntered, at: now, isCompared: true) }
            found += told.subtracting(members).map { change($0, false) } + members.subtracting(told).map { change($0, true) }
        }
        return found
    }
}

/// Takes out whom followers of segments were told of, under each id that any of the person's identifiers ever had.
public struct FollowedMembersEraser: Eraser {
    public let name = "followed members"
    private let database: DatabaseFile
    private let graph: IdentityGraph
    private let lock: StateLock

    public init(_ database: DatabaseFile, graph: IdentityGraph, lock: StateLock) { (self.database, self.graph, self.lock) = (database, graph, lock) }

    public func erase(_ subject: ErasureSubject) throws -> Int {
        let ids = lock.reading { Set(subject.identifiers.compactMap { graph.find($0).map(graph.ownID) }) }.union(subject.ids.compactMap { ProfileID($0) })
        let count = try database.pool.write { db in try FollowedMembers.erase(ids, db) }
        if count > 0 { try database.truncateLog() }
        return count
    }
}
