public import EventLog
public import Identity
public import Privacy
public import Storage
public import Vocabulary

/// Opens readers and forgets people.
public struct Profiles: Sendable {
    let store: ProfileStore
    let graph: IdentityGraph
    let lock: StateLock
    private let log: EventLog
    let ledger: ConsentLedger

    public init(store: ProfileStore, graph: IdentityGraph, lock: StateLock, log: EventLog, ledger: ConsentLedger) {
        self.store = store
        self.graph = graph
        self.lock = lock
        self.log = log
        self.ledger = ledger
    }

    public func reader(for purpose: ConsentPurpose) -> ProfileReader {
        ProfileReader(store: store, graph: graph, lock: lock, log: log, ledger: ledger, purpose: purpose)
    }

    public struct Totals: Sendable {
        public let identifiers: Int
        public let people: Int
        public let events: Int
        public let merges: Int
    }

    public func totals() -> Totals {
        lock.reading {
            Totals(identifiers: graph.nodeCount, people: graph.personCount, events: store.eventCount, merges: graph.mergeCount)
        }
    }

    /// Everything that is known of the person with this identifier, to be erased; nil when nobody has it.
    public func subject(_ identifier: Identifier) -> ErasureSubject? {
        lock.reading {
            guard let node = graph.find(identifier) else { return nil }
            let members = graph.members(node)
            return ErasureSubject(
                identifiers: members.map(graph.identifier),
                positions: (members.flatMap(store.timelines.all).map(Timelines.position) + graph.factPositions(members)).sorted(), ids: members.map { graph.ownID($0).text })
        }
    }

    /// What is to be kept out with the person of an identifier, and what is not, since others use it or may: their own identifiers, or where they have
    /// none, as a visitor who never signed in, or where nobody has met them, the one that was named.
    public func suppressible(_ identifier: Identifier) -> (own: [Identifier], rest: [Identifier]) {
        lock.reading {
            guard let node = graph.find(identifier) else { return ([identifier], []) }
            let members = graph.members(node)
            let own = members.filter(graph.standsForOne)
            let kept = own.isEmpty ? [node] : own
            return (kept.map(graph.identifier), members.filter { !kept.contains($0) }.map(graph.identifier))
        }
    }
}

extension Profiles {
    /// Everything that the person with this profile id is known by, for what they say of themselves; empty where there is nobody.
    public func identifiers(ofProfile id: String) -> [Identifier] {
        guard let id = ProfileID(id) else { return [] }
        return lock.reading { graph.find(id).map { graph.members($0).map(graph.identifier).filter { !$0.value.isEmpty } } ?? [] }
    }

    /// Under which id stands what is asked for the person with this identifier, as ``IdentityGraph/bearer(_:)`` has it; nil where nobody has met them.
    public func bearer(of identifier: Identifier) -> ProfileID? { lock.reading { graph.find(identifier).map { graph.bearerID($0) } } }

    /// The same for whoever has this id.
    public func bearer(of id: ProfileID) -> ProfileID? { lock.reading { graph.find(id).map { graph.bearerID($0) } } }

    /// The identifier by which the person with this profile id is named; nil where there is nobody.
    public func identifier(ofProfile id: String) -> Identifier? {
        guard let id = ProfileID(id), let named = lock.reading({ graph.find(id).map(graph.identifier) }), !named.value.isEmpty, named.namespace != .groupId else { return nil }
        return named
    }

    /// Everything that the people with these identifiers are known by, but no accounts.
    public func identifiers(knownWith named: [Identifier]) -> [Identifier] {
        lock.reading { Set(named.compactMap(graph.find).flatMap(graph.members)).sorted().map(graph.identifier).filter { !$0.value.isEmpty && $0.namespace != .groupId } }
    }
}

/// Erases from the graph, the traits and the timelines, and writes both snapshots anew, so that the files forget too.
public struct ProfileEraser: Eraser {
    public let name = "profiles"
    private let store: ProfileStore
    private let graph: IdentityGraph
    private let columns: ProfileColumns
    private let accounts: Accounts
    private let lock: StateLock
    private let log: EventLog

    public init(store: ProfileStore, graph: IdentityGraph, columns: ProfileColumns, accounts: Accounts, lock: StateLock, log: EventLog) {
        self.store = store
        self.graph = graph
        self.columns = columns
        self.accounts = accounts
        self.lock = lock
        self.log = log
    }

    public func erase(_ subject: ErasureSubject) throws -> Int {
        try lock.writing {
            var members: Set<Node> = []
            for identifier in subject.identifiers { if let node = graph.find(identifier) { members.formUnion(graph.members(node)) } }
            let spoken = accounts.withdraw(members)
            try columns.erase(members)
            // An account of which nothing is left goes too: the log would not make it again.
            let empty = try store.erase(Array(members), positions: Set(subject.positions), accounts: spoken, log: log)
            let parted = try accounts.erase(members.union(empty))
            graph.erase(Array(members) + empty)
            columns.follow(graph.changes)
            accounts.regroup(parted)
            try store.checkpoint()
            try graph.checkpoint()
            return members.count
        }
    }
}
