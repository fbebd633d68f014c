public import EventLog
import GRDB
public import Identity
public import Ingest
public import Privacy
public import Profiles
import Segments
public import Storage
import Synchronization
import Vocabulary

/// The real stages of one workspace on a folder, put together as the server does, with the folds applied before an answer is given.
public final class Stages: Sendable {
    public let database: DatabaseFile
    public let log: EventLog
    public let hasher: MessageHasher
    public let messages: MessageIndex
    public let ledger: ConsentLedger
    public let suppression: SuppressionList
    public let sources: Sources
    public let ingest: Ingest
    public let imports: ImportHistory
    public let graph: IdentityGraph
    public let store: ProfileStore
    public let columns: ProfileColumns
    public let accounts: Accounts
    public let profiles: Profiles
    public let lock = StateLock()
    private let followers = Followers()

    public init(folder: String, rules: IdentityRules = .usual) throws {
        // The same secret for every world, so that a failure repeats.
        let key = WorkspaceKey(bytes: Array(1...32))
        database = try DatabaseFile(
            path: "\(folder)/workspace.sqlite",
            migrations: Documents.migrations + SuppressionList.migrations + ConsentLedger.migrations + Quarantine.migrations + ImportHistory.migrations)
        log = try EventLog(folder: "\(folder)/log")
        hasher = MessageHasher(secret: key.keyedHash(Array("messages".utf8)))
        messages = MessageIndex(folder: "\(folder)/messages", hasher: hasher, log: log)
        ledger = try ConsentLedger(database, key: key)
        suppression = try SuppressionList(database, key: key)
        sources = try Sources(Documents(database))
        imports = try ImportHistory(database)
        let graph = IdentityGraph(folder: "\(folder)/identity", secret: key.keyedHash(Array("profiles".utf8)), rules: rules)
        let store = ProfileStore(folder: "\(folder)/profiles", graph: graph, isZone: ZoneRules.knows)
        if graph.position != store.position || graph.position > log.end {
            graph.reset()
            store.reset()
        }
        let columns = ProfileColumns(folder: "\(folder)/columns", graph: graph, store: store)
        columns.catchUp(with: log) { _, _ in }
        let accounts = Accounts(folder: "\(folder)/accounts", graph: graph, store: store, columns: columns, lock: lock, log: log)
        (self.graph, self.store, self.columns, self.accounts) = (graph, store, columns, accounts)
        profiles = Profiles(store: store, graph: graph, lock: lock, log: log, ledger: ledger)
        let lock = self.lock
        ledger.together.set { identifier, position in lock.reading { graph.identifiers(knownWith: identifier, by: position) } }
        let followers = self.followers
        let apply: @Sendable (LogBatch) -> Void = { batch in
            lock.writing {
                graph.apply(batch)
                store.apply(batch)
                columns.apply(batch)
                accounts.apply(batch)
            }
            followers.tell(columns.touched, columns.joined)
        }
        log.scan(from: graph.position) { apply($0); return true }
        ingest = try Ingest(
            log: log, messages: messages, database: database, sources: sources, admission: Admission(suppression) { Admission.Naming(types: [], identifiers: EventNaming(.usual).identifiers) }, ledger: ledger, startedAt: Timestamp(clamping: 0),
            backlog: { _ in Ingest.Backlog(bytes: 0, milliseconds: 0) }, onCommit: { for batch in $0 where !batch.entries.isEmpty { apply(batch) } })
    }

    /// Has `body` told of the rows that each batch touches and joins.
    public func follow(_ body: @escaping @Sendable ([Touch], [(winner: UInt32, loser: UInt32)]) -> Void) { followers.add(body) }

    /// Every eraser, in the order in which a person is forgotten.
    public var erasers: [any Eraser] { [log, ProfileEraser(store: store, graph: graph, columns: columns, accounts: accounts, lock: lock, log: log), ingest.quarantine, imports, ledger] }

    /// Breaks the workspace's tables, or looks into them.
    @discardableResult
    public func execute(_ sql: String) throws -> Int {
        try database.pool.write { db in
            if sql.hasPrefix("SELECT") { return try Int.fetchOne(db, sql: sql) ?? 0 }
            try db.execute(sql: sql)
            return 0
        }
    }

    public func checkpoint() throws {
        lock.writing {
            store.prepareCheckpoint()
            columns.prepareCheckpoint()
        }
        try graph.checkpoint()
        try store.checkpoint()
        try columns.checkpoint()
        try accounts.checkpoint()
        columns.drain()
    }

    public func close() {
        ingest.close()
        log.close()
    }
}

/// Whoever wants to know which rows a batch touched.
private final class Followers: Sendable {
    private let all = Mutex<[@Sendable ([Touch], [(winner: UInt32, loser: UInt32)]) -> Void]>([])
    func add(_ body: @escaping @Sendable ([Touch], [(winner: UInt32, loser: UInt32)]) -> Void) { all.withLock { $0.append(body) } }
    func tell(_ touched: [Touch], _ joined: [(winner: UInt32, loser: UInt32)]) { for body in all.withLock({ $0 }) { body(touched, joined) } }
}
