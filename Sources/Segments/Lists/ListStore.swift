import EventLog
import GRDB
import Columnar
public import Storage
import Synchronization
public import Vocabulary

/// The static lists of a workspace: their table, and in memory who is on them.
public final class ListStore: Eraser {
    public static let migrations = [
        Migration(
            "segments_lists_1",
            sql: """
                CREATE TABLE segments_lists (
                  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, handle TEXT NOT NULL UNIQUE, name TEXT NOT NULL, note TEXT NOT NULL,
                  source TEXT NOT NULL, expiresAt INTEGER, createdAt INTEGER NOT NULL, createdBy TEXT NOT NULL, changedAt INTEGER NOT NULL, changedBy TEXT NOT NULL);
                CREATE TABLE segments_list_entries (
                  list INTEGER NOT NULL, namespace INTEGER NOT NULL, value BLOB NOT NULL, expiresAt INTEGER, addedAt INTEGER NOT NULL,
                  PRIMARY KEY (list, namespace, value)) WITHOUT ROWID;
                """),
        Migration("segments_lists_2", sql: "ALTER TABLE segments_lists ADD COLUMN version INTEGER NOT NULL DEFAULT 1;"),
    ]
    public static let listsMaximum = 1000
    public static let entriesMaximum = 5_000_000
    /// Entries of one transaction: a second writer waits some 20 ms.
    static let transactionEntries = 4096

    public let name = "lists"
    let database: DatabaseFile
    let rows: ListRows
    private let current: Mutex<[String: StaticList]>
    /// Held through a change of the table and of what is in memory, so that both say the same.
    let changing = Mutex(())
    private let onChange = Hook<@Sendable ([Int: RowSet]) -> Void>({ _ in })

    /// Reads the lists; ``load()`` reads who is on them.
    public init(_ database: DatabaseFile, rows: ListRows) throws {
        (self.database, self.rows) = (database, rows)
        let lists = try database.pool.read { db in try Row.fetchAll(db, sql: "SELECT * FROM segments_lists").compactMap(ListStore.list) }
        current = Mutex(Dictionary(uniqueKeysWithValues: lists.map { ($0.id, $0) }))
        for list in lists { rows.add(list) }
    }

    /// Reads every entry; called once, when the folds have all that the log holds and nothing further is applied yet.
    public func load() throws {
        rows.begin()
        for list in all { try eachStored(of: list) { _ = rows.put($0.map(\.entry), on: list) } }
    }

    /// People have other nodes and rows now; ``load()`` comes next.
    public func forgetRows() { rows.forgetRows() }

    /// Has `body` told of the rows, by part, that a change of a list concerns.
    func follow(_ body: @escaping @Sendable ([Int: RowSet]) -> Void) { onChange.set(body) }

    func tell(_ changed: [Int: RowSet]) { if !changed.isEmpty { onChange.body(changed) } }

    /// In the order of their names.
    public var all: [StaticList] { current.withLock { Array($0.values) }.sorted { ($0.name, $0.id) < ($1.name, $1.id) } }

    /// By id or handle.
    public func find(_ name: String) -> StaticList? { current.withLock { all in all[name] ?? all.values.first { $0.handle == name } } }

    public func counts(of list: StaticList, at now: Timestamp) -> ListCounts { rows.counts(of: list, at: now) }

    // MARK: - Changing lists

    /// - Throws: ``SegmentError/tooManyLists``.
    public func create(id: String, name: String, note: String, source: String, expiresAt: Timestamp?, author: String, at: Timestamp) throws -> StaticList {
        try changing.withLock { _ in
            let taken = Set(all.map(\.handle))
            guard taken.count < ListStore.listsMaximum else { throw SegmentError.tooManyLists }
            let base = Segment.handle(for: name, or: "list")
            let handle = taken.contains(base) ? (2...).lazy.map { "\(base)-\($0)" }.first { !taken.contains($0) } ?? id : base
            let number = try database.pool.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO segments_lists (id, handle, name, note, source, expiresAt, createdAt, createdBy, changedAt, changedBy)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """, arguments: [id, handle, name, note, source, expiresAt?.milliseconds, at.milliseconds, author, at.milliseconds, author])
                return db.lastInsertedRowID
            }
            let list = StaticList(
                id: id, handle: handle, name: name, note: note, source: source, expiresAt: expiresAt, createdAt: at, createdBy: author, changedAt: at, changedBy: author, version: 1, number: number)
            rows.add(list)
            current.withLock { $0[id] = list }
            return list
        }
    }

    /// Nil when there is no such list.
    ///
    /// - Parameter seen: the version that whoever writes has seen; nil where that does not matter.
    /// - Throws: ``Refusal`` `document.stale` where another was saved meanwhile.
    public func update(_ name: String, replacing seen: Int64? = nil, author: String, at: Timestamp, _ change: (inout StaticList) -> Void) throws -> StaticList? {
        try changing.withLock { _ in
            guard var list = find(name) else { return nil }
            try Documents.refuse(seen, over: list.version)
            change(&list)
            (list.changedAt, list.changedBy, list.version) = (at, author, list.version + 1)
            try database.pool.write { db in
                try db.execute(
                    sql: "UPDATE segments_lists SET name = ?, note = ?, source = ?, expiresAt = ?, changedAt = ?, changedBy = ?, version = ? WHERE number = ?",
                    arguments: [list.name, list.note, list.source, list.expiresAt?.milliseconds, at.milliseconds, author, list.version, list.number])
            }
            rows.expire(list)
            current.withLock { $0[list.id] = list }
            tell(rows.everyRow(of: list))
            return list
        }
    }

    /// Notes that a list's entries changed; called with `changing` held.
    func note(_ list: StaticList, author: String, at: Timestamp, _ db: Database) throws {
        try db.execute(sql: "UPDATE segments_lists SET changedAt = ?, changedBy = ? WHERE number = ?", arguments: [at.milliseconds, author, list.number])
        current.withLock { $0[list.id]?.changedAt = at; $0[list.id]?.changedBy = author }
    }

    /// Removes a list that no segment names any more, with its entries.
    func delete(_ list: StaticList) throws {
        try changing.withLock { _ in
            try database.pool.write { db in
                try db.execute(sql: "DELETE FROM segments_list_entries WHERE list = ?", arguments: [list.number])
                try db.execute(sql: "DELETE FROM segments_lists WHERE number = ?", arguments: [list.number])
            }
            rows.remove(list)
            current.withLock { $0[list.id] = nil }
        }
    }

    // MARK: - Forgetting

    /// Takes every identifier of the subject off every list.
    public func erase(_ subject: ErasureSubject) throws -> Int {
        let entries = subject.identifiers.map { ListEntry($0) }
        var count = 0
        try changing.withLock { _ in
            for list in all {
                count += try database.pool.write { db in
                    var gone = 0
                    for identifier in subject.identifiers { gone += try ListStore.delete(identifier, from: list, db) }
                    return gone
                }
                tell(rows.put(entries, isGone: true, on: list))
            }
        }
        if count > 0 { try database.truncateLog() }
        return count
    }

    static func delete(_ identifier: Identifier, from list: StaticList, _ db: Database) throws -> Int {
        let statement = try db.cachedStatement(sql: "DELETE FROM segments_list_entries WHERE list = ? AND namespace = ? AND value = ?")
        try statement.execute(arguments: [list.number, Int(identifier.namespace.rawValue), BlobBytes(identifier.value)])
        return db.changesCount
    }

    private static func list(_ row: Row) -> StaticList? {
        func text(_ name: String) -> String? { row[name].flatMap { String.fromDatabaseValue($0.databaseValue) } }
        func number(_ name: String) -> Int64? { row[name].flatMap { Int64.fromDatabaseValue($0.databaseValue) } }
        func time(_ name: String) -> Timestamp? { number(name).map(Timestamp.init(clamping:)) }
        guard let key = number("number"), let id = text("id"), let handle = text("handle"), let name = text("name"), let createdAt = time("createdAt"), let changedAt = time("changedAt")
        else { return nil }
        return StaticList(
            id: id, handle: handle, name: name, note: text("note") ?? "", source: text("source") ?? "", expiresAt: time("expiresAt"), createdAt: createdAt,
            createdBy: text("createdBy") ?? "", changedAt: changedAt, changedBy: text("changedBy") ?? "", version: number("version") ?? 1, number: key)
    }
}
