import GRDB
public import Storage
import Synchronization
public import Vocabulary

/// The administrator's password, the sessions that it opens, and one-time links.
public final class Sessions: Sendable {
    public static let migrations = [
        Migration(
            "access_sessions_1",
            sql: """
                CREATE TABLE access_password (one INTEGER PRIMARY KEY CHECK (one = 1), salt BLOB NOT NULL, hash BLOB NOT NULL, at INTEGER NOT NULL);
                CREATE TABLE access_sessions (hash TEXT PRIMARY KEY, csrf TEXT NOT NULL, createdAt INTEGER NOT NULL, usedAt INTEGER NOT NULL) WITHOUT ROWID;
                CREATE TABLE access_links (hash TEXT PRIMARY KEY, expiresAt INTEGER NOT NULL) WITHOUT ROWID;
                """),
        Migration("access_sessions_2", sql: "ALTER TABLE access_sessions ADD COLUMN browser TEXT NOT NULL DEFAULT ''"),
    ]
    public static let passwordMinimum = 10
    public static let passwordBytesMaximum = 1024
    public static let idleMaximum: Int64 = 12 * 3_600_000
    public static let ageMaximum: Int64 = 14 * 86_400_000
    public static let linkLifetime: Int64 = 24 * 3_600_000

    private let database: DatabaseFile
    private let throttle = Mutex(Throttle())

    public init(_ database: DatabaseFile) { self.database = database }

    public struct Session: Sendable {
        public let id: String
        public let csrf: String
    }

    /// A browser that is signed in, without what opens its session.
    public struct Opened: Sendable {
        public let browser: String
        public let usedAt: Timestamp
        public let isAsker: Bool
    }

    public enum PasswordCheck: Sendable {
        case right
        case wrong
        /// Too many wrong tries; the next is looked at in so many seconds.
        case throttled(seconds: Int)
    }

    public enum SignIn: Sendable {
        case signedIn(Session)
        case wrong
        /// Too many wrong tries; the next is looked at in so many seconds.
        case throttled(seconds: Int)
    }

    public func hasPassword() throws -> Bool {
        try database.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM access_password") ?? 0 } > 0
    }

    /// Why a text cannot become the password, nil when it can.
    public static func refusal(ofPassword password: String) -> Refusal? {
        guard password.utf8.count <= Sessions.passwordBytesMaximum else {
            return Refusal(400, "access.password-long", "A password has at most \(Sessions.passwordBytesMaximum) bytes.", remedy: "Choose a shorter one; a sentence is fine.")
        }
        // Whoever typed nothing but blanks chose nothing.
        guard password.count >= Sessions.passwordMinimum, password.contains(where: { !$0.isWhitespace }) else {
            return Refusal(
                400, "access.password-short", "A password needs at least \(Sessions.passwordMinimum) characters.", remedy: "Choose a longer one; a sentence is fine.")
        }
        guard !CommonPassword.isOne(password) else {
            return Refusal(400, "access.password-common", "This password is on every attacker's list.", remedy: "Choose another; a sentence is fine.")
        }
        return nil
    }

    /// Sets the password and ends every session.
    public func setPassword(_ password: String, at: Timestamp) throws -> Refusal? {
        if let refusal = Sessions.refusal(ofPassword: password) { return refusal }
        let salt = Secrets.randomBytes(16)
        let hash = Secrets.passwordHash(password, salt: salt)
        try database.pool.write { db in
            try db.execute(sql: "INSERT OR REPLACE INTO access_password VALUES (1, ?, ?, ?)", arguments: [BlobBytes(salt), BlobBytes(hash), at.milliseconds])
            try db.execute(sql: "DELETE FROM access_sessions")
            try db.execute(sql: "DELETE FROM access_links")
        }
        return nil
    }

    /// - Parameter address: the asker's, by which tries are slowed; wrong tries from one address do not lock out another.
    public func signIn(password: String, address: String, browser: String = "", at: Timestamp) throws -> SignIn {
        switch try check(password: password, address: address, at: at) {
        case .right: .signedIn(try open(browser: browser, at: at))
        case .wrong: .wrong
        case .throttled(let seconds): .throttled(seconds: seconds)
        }
    }

    /// Whether this is the password; the same throttle and the same work as at the door.
    public func check(password: String, address: String, at: Timestamp) throws -> PasswordCheck {
        // A try counts as failed until it has succeeded, so that many at once are slowed like many in a row.
        let wait = throttle.withLock { throttle -> Int? in
            if let wait = throttle.wait(address, at) { return wait }
            throttle.failed(address, at)
            return nil
        }
        if let wait { return .throttled(seconds: wait) }
        let row = try database.pool.read { try Row.fetchOne($0, sql: "SELECT salt, hash FROM access_password") }
        let salt = (row?["salt"] as BlobBytes?)?.bytes ?? [UInt8](repeating: 0, count: 16)
        let hash = (row?["hash"] as BlobBytes?)?.bytes ?? []
        // The work is the same whether there is a password or not.
        let given = Secrets.passwordHash(String(decoding: Array(password.utf8.prefix(1024)), as: UTF8.self), salt: salt)
        guard Secrets.equal(given, hash) else { return .wrong }
        throttle.withLock { $0.succeeded(address) }
        return .right
    }

    /// A new session, with an id that nobody had before.
    ///
    /// - Parameter browser: what the browser calls itself, for the list of sessions.
    public func open(browser: String = "", at: Timestamp) throws -> Session {
        let session = Session(id: Secrets.random(40), csrf: Secrets.random())
        try database.pool.write { db in
            try db.execute(sql: "DELETE FROM access_sessions WHERE usedAt < ? OR createdAt < ?", arguments: [at.milliseconds - Sessions.idleMaximum, at.milliseconds - Sessions.ageMaximum])
            try db.execute(
                sql: "INSERT INTO access_sessions (hash, csrf, createdAt, usedAt, browser) VALUES (?, ?, ?, ?, ?)",
                arguments: [Secrets.hash(session.id), session.csrf, at.milliseconds, at.milliseconds, browser])
        }
        return session
    }

    /// - Parameter isUse: whether a person did something; what a page fetches by itself keeps no session alive.
    public func session(id: String, at: Timestamp, isUse: Bool = true) throws -> Session? {
        let hash = Secrets.hash(id)
        guard let row = try database.pool.read({ try Row.fetchOne($0, sql: "SELECT * FROM access_sessions WHERE hash = ?", arguments: [hash]) }) else { return nil }
        let usedAt = row["usedAt"] as Int64
        guard at.milliseconds - usedAt < Sessions.idleMaximum, at.milliseconds - (row["createdAt"] as Int64) < Sessions.ageMaximum else { return nil }
        if isUse, at.milliseconds - usedAt > 60_000 {
            try database.pool.write { try $0.execute(sql: "UPDATE access_sessions SET usedAt = ? WHERE hash = ?", arguments: [at.milliseconds, hash]) }
        }
        return Session(id: id, csrf: row["csrf"])
    }

    public func end(id: String) throws {
        try database.pool.write { try $0.execute(sql: "DELETE FROM access_sessions WHERE hash = ?", arguments: [Secrets.hash(id)]) }
    }

    /// The browsers that are signed in, last used first.
    public func opened(asker id: String, at: Timestamp) throws -> [Opened] {
        let own = Secrets.hash(id)
        return try database.pool.read { db in
            try Row.fetchAll(
                db, sql: "SELECT hash, browser, usedAt FROM access_sessions WHERE usedAt > ? AND createdAt > ? ORDER BY usedAt DESC LIMIT 100",
                arguments: [at.milliseconds - Sessions.idleMaximum, at.milliseconds - Sessions.ageMaximum]
            ).map { Opened(browser: $0["browser"], usedAt: Timestamp(clamping: $0["usedAt"]), isAsker: $0["hash"] as String == own) }
        }
    }

    public func endOthers(keeping id: String) throws {
        try database.pool.write { try $0.execute(sql: "DELETE FROM access_sessions WHERE hash <> ?", arguments: [Secrets.hash(id)]) }
    }

    /// A secret that signs in once within a day.
    public func makeLink(at: Timestamp) throws -> String {
        let secret = Secrets.random(40)
        try database.pool.write { db in
            try db.execute(sql: "DELETE FROM access_links WHERE expiresAt < ?", arguments: [at.milliseconds])
            try db.execute(sql: "INSERT INTO access_links VALUES (?, ?)", arguments: [Secrets.hash(secret), at.milliseconds + Sessions.linkLifetime])
        }
        return secret
    }

    public func isLink(_ secret: String, at: Timestamp) throws -> Bool {
        try database.pool.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM access_links WHERE hash = ? AND expiresAt >= ?", arguments: [Secrets.hash(secret), at.milliseconds]) ?? 0
        } > 0
    }

    /// Uses a link up; nil when it was used or has expired.
    public func redeem(_ secret: String, browser: String = "", at: Timestamp) throws -> Session? {
        let isGood = try database.pool.write { db in
            try db.execute(sql: "DELETE FROM access_links WHERE hash = ? AND expiresAt >= ?", arguments: [Secrets.hash(secret), at.milliseconds])
            return db.changesCount > 0
        }
        return isGood ? try open(browser: browser, at: at) : nil
    }
}
