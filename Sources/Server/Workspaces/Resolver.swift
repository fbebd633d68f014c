import EventLog
import Identity
import Profiles
import Segments
import Storage
import Synchronization
import Vocabulary

/// Decides who is who by other rules: beside what is served, from the whole log, to be looked at or to take its place.
final class Resolver: Sendable {
    /// People, traits and columns as they would be.
    struct Draft: Sendable {
        let graph: IdentityGraph
        let store: ProfileStore
        let columns: ProfileColumns
        let accounts: Accounts
    }

    struct Progress: Sendable {
        let done: LogPosition
        let of: LogPosition
    }

    private let folder: String
    private let secret: [UInt8]
    private let log: EventLog
    private let survivorship: SurvivorshipStore
    private let state = Mutex<Progress?>(nil)
    /// Counts up with each person who is forgotten: a draft that has met them is not used.
    private let erasures = Atomic<Int>(0)
    private let isStopped = Atomic<Bool>(false)
    /// Fewer events than these are read while the applying thread waits.
    private static let nearEvents: LogPosition = 10_000

    init(folder: String, secret: [UInt8], log: EventLog, survivorship: SurvivorshipStore) {
        (self.folder, self.secret, self.log, self.survivorship) = (folder, secret, log, survivorship)
    }

    /// How far a resolution is that is under way; nil where none is.
    var progress: Progress? { state.withLock { $0 } }

    /// A resolution is about to begin.
    func announce() { state.withLock { $0 = Progress(done: 0, of: log.end) } }

    func forgot() { erasures.add(1, ordering: .sequentiallyConsistent) }
    var isStopping: Bool { isStopped.load(ordering: .sequentiallyConsistent) }
    func stop() { isStopped.store(true, ordering: .sequentiallyConsistent) }

    var erasureCount: Int { erasures.load(ordering: .sequentiallyConsistent) }
    private func isCurrent(_ count: Int) -> Bool { count == erasureCount && !isStopped.load(ordering: .sequentiallyConsistent) }

    /// What the rules would make of everyone, up to a position; nil where somebody was forgotten meanwhile.
    func graph(_ rules: IdentityRules, upTo end: LogPosition) -> IdentityGraph? {
        let count = erasureCount
        let graph = IdentityGraph(folder: made("preview"), secret: secret, rules: rules)
        log.scan(from: 0, to: end) { batch in
            graph.apply(batch)
            return isCurrent(count)
        }
        return isCurrent(count) ? graph : nil
    }

    /// Makes everyone anew and has `adopt` called with them on the applying thread, when they stand where it stands.
    ///
    /// - Parameter isWanted: false when other rules have been set meanwhile.
    func run(_ rules: IdentityRules, on folds: FoldRunner, isWanted: @escaping @Sendable () -> Bool, adopt: @escaping @Sendable (Draft) throws -> Void) async throws {
        // Where others are wanted meanwhile, whoever makes those says so.
        defer { if isWanted() { state.withLock { $0 = nil } } }
        while isWanted(), !isStopped.load(ordering: .sequentiallyConsistent) {
            let count = erasureCount
            let graph = IdentityGraph(folder: made("identity"), secret: secret, rules: rules)
            let store = ProfileStore(folder: made("profiles"), graph: graph, policy: survivorship.standard, isZone: ZoneRules.knows)
            let columns = ProfileColumns(folder: made("columns"), graph: graph, store: store)
            let accounts = Accounts(folder: made("accounts"), graph: graph, store: store, columns: columns, lock: StateLock(), log: log)
            let draft = Draft(graph: graph, store: store, columns: columns, accounts: accounts)
            var reached: LogPosition = 0
            while folds.appliedPosition - reached > Resolver.nearEvents, isCurrent(count), isWanted() {
                let end = folds.appliedPosition
                advance(draft, from: reached, to: end, count)
                reached = end
            }
            let start = reached
            let isDone = try await folds.perform { [self] in
                guard isCurrent(count), isWanted(), store.obeys(survivorship.standard) else { return false }
                advance(draft, from: start, to: folds.appliedPosition, count)
                try adopt(draft)
                return true
            }
            if isDone { return }
        }
    }

    private func advance(_ draft: Draft, from start: LogPosition, to end: LogPosition, _ count: Int) {
        log.scan(from: start, to: end) { batch in
            draft.graph.apply(batch)
            draft.store.apply(batch)
            draft.columns.apply(batch)
            draft.accounts.apply(batch)
            while let ripening = draft.columns.takeRipe(isBehind: true) { draft.columns.finish(ripening, ripening.merged()) }
            state.withLock { $0 = Progress(done: draft.graph.position, of: end) }
            return isCurrent(count)
        }
    }

    /// Nothing is written there: a draft that is not adopted leaves nothing behind.
    private func made(_ name: String) -> String {
        Folder.make(folder)
        return "\(folder)/\(name)"
    }
}
