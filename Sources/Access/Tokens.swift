import GRDB
public import Storage
import Synchronization
public import Vocabulary

/// A key to the API of one workspace, with the scopes that it opens.
public struct Token: Sendable {
    public let id: String
    public let name: String
    public let workspace: String
    public let scopes: Set<Scope>
    public let createdAt: Timestamp
    /// To within ten minutes; nil when it was never used.
    public internal(set) var usedAt: Timestamp?
}

/// API tokens; only their hashes are kept.
public final class Tokens: Sendable {
    public static let migrations = [
        Migration(
            "access_tokens_1",
            sql: """
                CREATE TABLE access_tokens (
                  id TEXT PRIMARY KEY, name TEXT NOT NULL, workspace TEXT NOT NULL, scopes TEXT NOT NULL, hash TEXT NOT NULL UNIQUE,
                  createdAt INTEGER NOT NULL) WITHOUT ROWID;
                """),
        Migration("access_tokens_2", sql: "ALTER TABLE access_tokens ADD COLUMN usedAt INTEGER"),
    ]
    static let usedAtStep: Int64 = 600_000

    private let database: DatabaseFile
    private let byHash = Mutex<[String: Token]>([:])

    public init(_ database: DatabaseFile) throws {
        self.database = database
        let rows = try database.pool.read { try Row.fetchAll($0, sql: "SELECT * FROM access_tokens") }
        byHash.withLock { tokens in for row in rows { tokens[row["hash"]] = Tokens.token(row) } }
    }

    /// The id of a token that one form may make: the same for the same form, and nothing that tells of it.
    public static func id(from form: String) -> String { "tok_" + Secrets.hash(form).prefix(20) }

    /// - Parameter id: of its own unless given; refused where there is one with it.
    /// - Returns: the token and its secret, which is shown once and never again.
    public func create(name: String, workspace: String, scopes: Set<Scope>, at: Timestamp, id: String? = nil) throws -> (token: Token, secret: String) {
        let secret = "mt_" + Secrets.random()
        let token = Token(id: id ?? "tok_" + Secrets.random(10), name: name, workspace: workspace, scopes: scopes, createdAt: at, usedAt: nil)
        let hash = Secrets.hash(secret)
        try database.pool.write { db in
            try db.execute(
                sql: "INSERT INTO access_tokens (id, name, workspace, scopes, hash, createdAt) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [token.id, name, workspace, scopes.map(\.rawValue).sorted().joined(separator: ","), hash, at.milliseconds])
        }
        byHash.withLock { $0[hash] = token }
        return (token, secret)
    }

    public func revoke(_ id: String, workspace: String) throws -> Bool {
        let isGone = try database.pool.write { db in
            try db.execute(sql: "DELETE FROM access_tokens WHERE id = ? AND workspace = ?", arguments: [id, workspace])
            return db.changesCount > 0
        }
        if isGone { byHash.withLock { tokens in tokens = tokens.filter { $0.value.id != id } } }
        return isGone
    }

    public func list(workspace: String) -> [Token] {
        byHash.withLock { $0.values.filter { $0.workspace == workspace } }.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// Whether it was not revoked.
    public func isThere(_ token: Token) -> Bool { byHash.withLock { $0.values.contains { $0.id == token.id } } }

    public func token(secret: String) -> Token? {
        let hash = Secrets.hash(secret)
        return byHash.withLock { $0[hash] }
    }

    /// Notes that a token was used; what cannot be written is not worth a refusal.
    public func used(_ token: Token, at: Timestamp) {
        if let last = token.usedAt, at.milliseconds - last.milliseconds < Tokens.usedAtStep { return }
        byHash.withLock { tokens in
            for (hash, known) in tokens where known.id == token.id { tokens[hash]?.usedAt = at }
        }
        // Nobody waits for it.
        database.pool.asyncWrite({ try $0.execute(sql: "UPDATE access_tokens SET usedAt = ? WHERE id = ?", arguments: [at.milliseconds, token.id]) }, completion: { _, _ in })
    }

    private static func token(_ row: Row) -> Token {
        let scopes = (row["scopes"] as String).split(separator: ",").compactMap { Scope(rawValue: String($0)) }
        return Token(
            id: row["id"], name: row["name"], workspace: row["workspace"], scopes: Set(scopes), createdAt: Timestamp(clamping: row["createdAt"]),
            usedAt: (row["usedAt"] as Int64?).map { Timestamp(clamping: $0) })
    }
}
