import GRDB
public import Mail
public import Storage
import Synchronization
public import Vocabulary

/// A workspace's ``EmailSettings`` as a versioned document, and beside it what must stay secret and be forgotten once it is changed: the password and the keys.
public final class EmailStore: Sendable {
    public static let migrations = [
        Migration("delivery_secret_1", sql: "CREATE TABLE delivery_secret (name TEXT PRIMARY KEY, value BLOB NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;"),
        Migration("delivery_dns_check_1", sql: "CREATE TABLE delivery_dns_check (one INTEGER PRIMARY KEY CHECK (one = 1), body BLOB NOT NULL);"),
    ]
    static let kind = "email-channel"

    /// All that sending needs.
    public struct Current: Sendable {
        /// Of the settings; keys and password have none.
        public let version: Int64
        public let settings: EmailSettings
        public let password: String?
        /// The domain, ready for DNS, and the keys that sign for it.
        public let signers: [DKIMSigner]
        /// Those by whom mail is signed now.
        var signing: [DKIMSigner] { settings.signs ? signers : [] }
        /// Of the settings, as addresses; nil where they are none.
        let from: MailAddress?
        let replyTo: MailAddress?
        let bounces: MailAddress?

        init(version: Int64 = 0, settings: EmailSettings, password: String?, signers: [DKIMSigner]) {
            self.version = version
            (self.settings, self.password, self.signers) = (settings, password, signers)
            (from, replyTo, bounces) = (try? MailAddress(settings.fromAddress), try? MailAddress(settings.replyTo), try? MailAddress(settings.bounceAddress))
        }
    }

    private let database: DatabaseFile
    private let documents: Documents
    private let state: Mutex<Current?>
    private let checked: Mutex<DNSCheck?>
    private let changing = Mutex<Void>(())

    public init(_ database: DatabaseFile) throws {
        self.database = database
        documents = Documents(database)
        state = Mutex(nil)
        checked = Mutex(try database.pool.read { db in try BlobBytes.fetchOne(db, sql: "SELECT body FROM delivery_dns_check").flatMap { JSONText(validating: $0.bytes).flatMap(DNSCheck.init) } })
        let current = try read()
        state.withLock { $0 = current }
    }

    /// Nil until somebody has set it up.
    public var current: Current? { state.withLock { $0 } }
    /// What DNS said when it was looked up last, perhaps of other settings; nil before.
    public var check: DNSCheck? { checked.withLock { $0 } }
    /// The same, while it is of the settings and keys as they are.
    public var freshCheck: DNSCheck? { check.flatMap { check in current.map(check.isStale) == false ? check : nil } }

    public func keep(_ check: DNSCheck) throws {
        var w = JSONWriter()
        w.object { check.write(&$0) }
        try checked.withLock { checked in
            try database.pool.write { try $0.execute(sql: "INSERT OR REPLACE INTO delivery_dns_check VALUES (1, ?)", arguments: [BlobBytes(w.bytes)]) }
            checked = check
        }
    }

    private func read() throws -> Current? {
        guard let document = try documents.get(EmailStore.kind, "email"), let settings = try? EmailSettings().changed(by: document.body) else { return nil }
        let secrets = try database.pool.read { db in try Row.fetchAll(db, sql: "SELECT name, value FROM delivery_secret") }
        var (password, signers): (String?, [DKIMSigner]) = (nil, [])
        let domain = EmailStore.domain(of: settings)
        for row in secrets {
            let (name, value) = (row[0] as String, (row[1] as BlobBytes).bytes)
            if name == "password" { password = String(decoding: value, as: UTF8.self) }
            if name.hasPrefix("dkim:"), let key = DKIMKey(der: value), let domain { signers.append(DKIMSigner(domain: domain, selector: String(name.dropFirst(5)), key: key)) }
        }
        // RSA stands first: whoever looks at one signature alone looks at the first.
        return Current(version: document.version, settings: settings, password: password, signers: signers.sorted { ($0.key.kind == .rsa ? 0 : 1, $0.selector) < ($1.key.kind == .rsa ? 0 : 1, $1.selector) })
    }

    private static func domain(of settings: EmailSettings) -> String? { settings.dkimDomain.isEmpty ? (try? MailAddress(settings.fromAddress))?.domain : DomainName.ascii(settings.dkimDomain) }

    // MARK: - Changing

    /// Keeps the settings, and the password where one is given: an empty one is forgotten.
    ///
    /// - Parameter replaced: the version that whoever writes has seen; nil where that does not matter.
    /// - Throws: ``Refusal`` for settings that cannot be used, `document.stale` where another version stands there by now.
    @discardableResult
    public func save(_ settings: EmailSettings, password: String?, replacing replaced: Int64? = nil, author: String, at: Timestamp) throws -> Current {
        if let fault = settings.fault { throw Refusal(400, fault.code, fault.problem, remedy: fault.remedy) }
        if let password, password.utf8.count > EmailSettings.textMaximum { throw Refusal(400, "email.too-long", "The password is longer than \(EmailSettings.textMaximum) bytes.", remedy: "Check it.") }
        return try changing.withLock { _ in
            var w = JSONWriter()
            w.object { settings.write(&$0) }
            if let current { try Documents.refuse(replaced, over: current.version) }
            if let password { try keep("password", password.isEmpty ? nil : Array(password.utf8), at) }
            try documents.put(EmailStore.kind, "email", w.text, author: author, at: at)
            // The first time, there are keys at once, so that the DNS records can be shown.
            if try read()?.signers.isEmpty ?? true { try makeKeys(at) }
            return try refreshed()
        }
    }

    /// New keys under new names. Those from before are gone, but stay in DNS for a week or two: mail that they signed is still on its way.
    @discardableResult
    public func rotate(at: Timestamp) throws -> Current {
        try changing.withLock { _ in
            guard try read() != nil else { throw EmailStore.missing }
            try makeKeys(at)
            return try refreshed()
        }
    }

    public func delete(author: String, at: Timestamp) throws {
        try changing.withLock { _ in
            try documents.put(EmailStore.kind, "email", nil, author: author, at: at)
            try database.pool.write { try $0.execute(sql: "DELETE FROM delivery_secret; DELETE FROM delivery_dns_check") }
            try database.truncateLog()
            state.withLock { $0 = nil }
            checked.withLock { $0 = nil }
        }
    }

    public static let missing = Refusal(404, "email.not-set-up", "This workspace sends no mail yet.", remedy: "Set it up with `PATCH /api/v1/channels/email`, or in the console under E-mail sending.")

    private func refreshed() throws -> Current {
        guard let current = try read() else { throw EmailStore.missing }
        state.withLock { $0 = current }
        return current
    }

    private func makeKeys(_ at: Timestamp) throws {
        guard let rsa = DKIMKey.make(.rsa), let small = DKIMKey.make(.ed25519) else { throw Refusal(500, "email.no-key", "No key could be made.", remedy: "Try again.") }
        let day = at.milliseconds / 86_400_000
        let (year, month, _) = Timestamp.civil(fromDays: day)
        let known = try database.pool.read { try String.fetchAll($0, sql: "SELECT name FROM delivery_secret WHERE name LIKE 'dkim:%'") }
        func stamp(_ second: Int64) -> String { "m\(year)\(month < 10 ? "0" : "")\(month)\(String(second % 100_000, radix: 36))" }
        // Under the names of those that they replace, mail on its way would not be believed.
        var second = at.milliseconds / 1000
        while known.contains("dkim:\(stamp(second))") { second += 1 }
        let stamp = stamp(second)
        try database.pool.write { db in
            try db.execute(sql: "DELETE FROM delivery_secret WHERE name LIKE 'dkim:%'")
            for (name, key) in [(stamp, rsa), (stamp + "e", small)] { try db.execute(sql: "INSERT INTO delivery_secret VALUES (?, ?, ?)", arguments: ["dkim:\(name)", BlobBytes(key.der), at.milliseconds]) }
        }
        // What took its place must not outlive it in the write-ahead log.
        try database.truncateLog()
    }

    private func keep(_ name: String, _ value: [UInt8]?, _ at: Timestamp) throws {
        try database.pool.write { db in
            try db.execute(sql: "DELETE FROM delivery_secret WHERE name = ?", arguments: [name])
            if let value { try db.execute(sql: "INSERT INTO delivery_secret VALUES (?, ?, ?)", arguments: [name, BlobBytes(value), at.milliseconds]) }
        }
        try database.truncateLog()
    }
}
