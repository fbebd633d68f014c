import Columnar
import GRDB
import Storage
import Synchronization
public import Vocabulary

/// What lists hold: put on, taken off, and read page by page.
extension ListStore {
    /// Puts identifiers on a list, in transactions of some thousands; one that is there already gets the new expiry.
    ///
    /// - Returns: how many were not on it before, and how many were.
    /// - Throws: ``SegmentError/tooManyEntries``; what was put on before that stays.
    public func add(_ entries: [ListEntry], to list: StaticList, author: String, at: Timestamp) throws -> (added: Int, present: Int) {
        var added = 0
        // Neighbours in the table go in together, so that a transaction touches few pages.
        let sorted = entries.sorted { a, b in
            let (one, other) = (a.identifier, b.identifier)
            return one.namespace == other.namespace ? one.value.lexicographicallyPrecedes(other.value) : one.namespace.rawValue < other.namespace.rawValue
        }
        for start in stride(from: 0, to: sorted.count, by: ListStore.transactionEntries) {
            let step = Array(sorted[start..<min(sorted.count, start + ListStore.transactionEntries)])
            try changing.withLock { _ in
                guard find(list.id) != nil else { throw SegmentError.unknownList(list.handle) }
                guard counts(of: list, at: at).entries + step.count <= ListStore.entriesMaximum else { throw SegmentError.tooManyEntries }
                added += try database.pool.write { db in
                    var new = 0
                    for entry in step { new += try insert(entry, on: list, at, db) ? 1 : 0 }
                    try note(list, author: author, at: at, db)
                    return new
                }
                tell(rows.put(step, on: list))
            }
        }
        return (added, entries.count - added)
    }

    private func insert(_ entry: ListEntry, on list: StaticList, _ at: Timestamp, _ db: Database) throws -> Bool {
        let (namespace, value) = (Int(entry.identifier.namespace.rawValue), BlobBytes(entry.identifier.value))
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO segments_list_entries VALUES (?, ?, ?, ?, ?)").execute(
            arguments: [list.number, namespace, value, entry.expiresAt?.milliseconds, at.milliseconds])
        if db.changesCount > 0 { return true }
        try db.cachedStatement(sql: "UPDATE segments_list_entries SET expiresAt = ? WHERE list = ? AND namespace = ? AND value = ?").execute(
            arguments: [entry.expiresAt?.milliseconds, list.number, namespace, value])
        return false
    }

    /// Takes identifiers off a list.
    ///
    /// - Returns: how many were on it.
    public func remove(_ identifiers: [Identifier], from list: StaticList, author: String, at: Timestamp) throws -> Int {
        var removed = 0
        for start in stride(from: 0, to: identifiers.count, by: ListStore.transactionEntries) {
            let step = Array(identifiers[start..<min(identifiers.count, start + ListStore.transactionEntries)])
            try changing.withLock { _ in
                removed += try database.pool.write { db in
                    var gone = 0
                    for identifier in step { gone += try ListStore.delete(identifier, from: list, db) }
                    try note(list, author: author, at: at, db)
                    return gone
                }
                tell(rows.put(step.map { ListEntry($0) }, isGone: true, on: list))
            }
        }
        return removed
    }

    /// A list's entries by kind and value, after one, each with whether its person has been met.
    public func entries(of list: StaticList, after: Identifier?, limit: Int) throws -> [(stored: StoredEntry, isKnown: Bool)] {
        let page = try page(of: list, after: after, limit: limit)
        return Array(zip(page, rows.isKnown(page.map(\.entry.identifier))).map { (stored: $0, isKnown: $1) })
    }

    /// Calls `body` with all entries of a list, some thousands at a time.
    func eachStored(of list: StaticList, _ body: ([StoredEntry]) -> Void) throws {
        var last: Identifier?
        while true {
            let page = try page(of: list, after: last, limit: ListStore.transactionEntries)
            guard let end = page.last else { return }
            body(page)
            last = end.entry.identifier
        }
    }

    private func page(of list: StaticList, after: Identifier?, limit: Int) throws -> [StoredEntry] {
        try database.pool.read { db in
            let rows = try Row.fetchCursor(
                db, sql: "SELECT namespace, value, expiresAt, addedAt FROM segments_list_entries WHERE list = ? AND (namespace, value) > (?, ?) ORDER BY namespace, value LIMIT ?",
                arguments: [list.number, after.map { Int($0.namespace.rawValue) } ?? -1, BlobBytes(after?.value ?? []), limit])
            var page: [StoredEntry] = []
            while let row = try rows.next() {
                let values = Array(row.databaseValues)
                guard values.count == 4, let namespace = UInt8.fromDatabaseValue(values[0]).flatMap(IdentifierNamespace.init(rawValue:)), let value = BlobBytes.fromDatabaseValue(values[1])
                else { continue }
                let expiry = Int64.fromDatabaseValue(values[2]).map(Timestamp.init(clamping:))
                page.append(StoredEntry(
                    entry: ListEntry(Identifier(namespace, value.bytes), expiresAt: expiry), addedAt: Timestamp(clamping: Int64.fromDatabaseValue(values[3]) ?? 0)))
            }
            return page
        }
    }
}
