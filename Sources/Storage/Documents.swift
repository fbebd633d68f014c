import GRDB
public import Vocabulary

/// One version of something that a person configured.
public struct Document: Sendable {
    public let kind: String
    public let id: String
    public let version: Int64
    public let body: JSONText
    public let author: String
    public let at: Timestamp
}

/// Everything that a person configures: kind, id, version, body, author. Old versions stay; deleting writes an empty one.
public struct Documents: Sendable {
    public static let migrations = [
        Migration(
            "storage_documents_1",
            sql: """
                CREATE TABLE storage_documents (
                  kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, body BLOB, author TEXT NOT NULL, at INTEGER NOT NULL,
                  PRIMARY KEY (kind, id, version)) WITHOUT ROWID;
                """)
    ]

    private let database: DatabaseFile
    public init(_ database: DatabaseFile) { self.database = database }

    /// The newest version, nil when there is none or it was deleted.
    public func get(_ kind: String, _ id: String) throws -> Document? {
        try database.pool.read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM storage_documents WHERE kind = ? AND id = ? ORDER BY version DESC LIMIT 1", arguments: [kind, id])
            return row.flatMap(Documents.document)
        }
    }

    /// The newest version of each, in the order of their ids.
    public func list(_ kind: String) throws -> [Document] {
        try database.pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT d.* FROM storage_documents d JOIN (SELECT id, max(version) AS v FROM storage_documents WHERE kind = ? GROUP BY id) n
                    ON d.id = n.id AND d.version = n.v WHERE d.kind = ? ORDER BY d.id
                    """, arguments: [kind, kind]
            ).compactMap(Documents.document)
        }
    }

    /// The versions of one before a number, newest first; those that say that it was deleted are not among them.
    public func versions(_ kind: String, _ id: String, before version: Int64 = .max, limit: Int) throws -> [Document] {
        try database.pool.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM storage_documents WHERE kind = ? AND id = ? AND version < ? AND body IS NOT NULL ORDER BY version DESC LIMIT ?",
                arguments: [kind, id, version, limit]
            ).compactMap(Documents.document)
        }
    }

    /// The code of a refusal to replace what its writer has not seen.
    public static let stale = "document.stale"

    /// - Throws: ``Refusal`` `document.stale` where what somebody has seen is another version than the last; nil where that does not matter.
    public static func refuse(_ seen: Int64?, over last: Int64) throws {
        if let seen, seen != last { throw Refusal(400, stale, "Version \(last) was saved meanwhile.", remedy: "Read it, and change that one.") }
    }

    /// - Parameter replaced: the version that whoever writes has seen; nil where that does not matter.
    /// - Throws: ``Refusal`` `document.stale` where another stands there by now.
    @discardableResult
    public func put(_ kind: String, _ id: String, _ body: JSONText?, replacing replaced: Int64? = nil, author: String, at: Timestamp) throws -> Int64 {
        try database.pool.write { db in
            let last = try Int64.fetchOne(db, sql: "SELECT max(version) FROM storage_documents WHERE kind = ? AND id = ?", arguments: [kind, id]) ?? 0
            try Documents.refuse(replaced, over: last)
            try db.execute(
                sql: "INSERT INTO storage_documents VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [kind, id, last + 1, body.map { BlobBytes($0.bytes) }, author, at.milliseconds])
            return last + 1
        }
    }

    private static func document(_ row: Row) -> Document? {
        guard let body = row["body"] as BlobBytes?, let json = JSONText(validating: body.bytes) else { return nil }
        return Document(
            kind: row["kind"], id: row["id"], version: row["version"], body: json, author: row["author"], at: Timestamp(clamping: row["at"]))
    }
}
