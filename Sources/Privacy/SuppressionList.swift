import CCrypto
import GRDB
public import Storage
import Synchronization
public import Vocabulary

/// People of whom nothing more is to be stored, known by keyed hash alone, so that the list itself says nothing about anyone.
public final class SuppressionList: Sendable {
    public static let migrations = [
        Migration("privacy_suppression_1", sql: "CREATE TABLE privacy_suppression (hash BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;"),
        // A number for those who were suppressed together: who takes one person in again names them once.
        Migration("privacy_suppression_2", sql: "ALTER TABLE privacy_suppression ADD COLUMN person INTEGER; CREATE INDEX privacy_suppression_person ON privacy_suppression(person);"),
    ]

    private let database: DatabaseFile
    private let key: WorkspaceKey
    private let hashes: Mutex<Set<[UInt8]>>
    private let canonical: @Sendable (String) -> String?

    /// - Parameter canonical: the form in which mail carries an address; nil for what is none.
    public init(_ database: DatabaseFile, key: WorkspaceKey, canonical: @escaping @Sendable (String) -> String? = { _ in nil }) throws {
        self.database = database
        self.key = key
        self.canonical = canonical
        let stored = try database.pool.read { try BlobBytes.fetchAll($0, sql: "SELECT hash FROM privacy_suppression") }
        hashes = Mutex(Set(stored.map(\.bytes)))
    }

    public var isEmpty: Bool { hashes.withLock { $0.isEmpty } }

    public func contains(_ identifier: Identifier) -> Bool {
        let hashes = spellings(identifier).map { key.hash($0) }
        return self.hashes.withLock { known in hashes.contains { known.contains($0) } }
    }

    /// Addresses are the same in capitals, with blanks around them and in every spelling of their domain.
    private func spellings(_ identifier: Identifier) -> [Identifier] {
        guard identifier.namespace == .email, !ConsentLedger.isInOneForm(identifier.value) else { return [identifier] }
        let plain = ConsentLedger.plain(identifier.text)
        let forms = [plain] + (canonical(String(decoding: plain, as: UTF8.self)).map { [ConsentLedger.plain($0)] } ?? [])
        return [identifier] + Set(forms).filter { !$0.elementsEqual(identifier.value) }.map { Identifier(.email, $0) }
    }

    public func add(_ identifiers: [Identifier], at: Timestamp) throws {
        let added = identifiers.flatMap(spellings).map { key.hash($0) }
        try database.pool.write { db in
            let known = Set(try added.compactMap { try Int64.fetchOne(db, sql: "SELECT person FROM privacy_suppression WHERE hash = ?", arguments: [BlobBytes($0)]) })
            let person = try known.first ?? Int64.fetchOne(db, sql: "SELECT COALESCE(MAX(person), 0) + 1 FROM privacy_suppression")
            for hash in added {
                try db.execute(
                    sql: "INSERT INTO privacy_suppression VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET person = excluded.person", arguments: [BlobBytes(hash), at.milliseconds, person])
            }
            for other in known { try db.execute(sql: "UPDATE privacy_suppression SET person = ? WHERE person = ?", arguments: [person, other]) }
        }
        hashes.withLock { $0.formUnion(added) }
    }

    /// Since when nothing that names this identifier is taken; nil where it is taken.
    public func since(_ identifier: Identifier) throws -> Timestamp? {
        let named = spellings(identifier).map { BlobBytes(key.hash($0)) }
        return try database.pool.read { db in
            try named.compactMap { try Int64.fetchOne(db, sql: "SELECT at FROM privacy_suppression WHERE hash = ?", arguments: [$0]) }.min()
        }.map { Timestamp(clamping: $0) }
    }

    /// Takes in again whoever is kept out by this identifier, by all that they were kept out by.
    ///
    /// - Returns: whether somebody was kept out.
    public func lift(_ identifier: Identifier) throws -> Bool {
        let named = spellings(identifier).map { BlobBytes(key.hash($0)) }
        let lifted = try database.pool.write { db in
            try named.flatMap { hash in
                try BlobBytes.fetchAll(
                    db, sql: "DELETE FROM privacy_suppression WHERE hash = ?1 OR person = (SELECT person FROM privacy_suppression WHERE hash = ?1) RETURNING hash", arguments: [hash])
            }
        }
        hashes.withLock { known in lifted.forEach { known.remove($0.bytes) } }
        return !lifted.isEmpty
    }
}

/// The secret of one workspace: hashes made with it mean nothing elsewhere.
public struct WorkspaceKey: Sendable {
    /// 32 random bytes.
    public let bytes: [UInt8]
    // What HMAC begins with, inside and outside.
    private let inner: SHA256_CTX
    private let outer: SHA256_CTX

    public init(bytes: [UInt8]) {
        self.bytes = bytes
        inner = WorkspaceKey.begun(bytes, with: 0x36)
        outer = WorkspaceKey.begun(bytes, with: 0x5c)
    }

    /// HMAC-SHA-256 of the namespace and the value.
    public func hash(_ identifier: Identifier) -> [UInt8] {
        keyedHash([identifier.namespace.rawValue] + identifier.value)
    }

    /// HMAC-SHA-256 of any bytes.
    public func keyedHash(_ message: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        var (first, second) = (inner, outer)
        unsafe SHA256_Update(&first, message, message.count)
        unsafe SHA256_Final(&out, &first)
        unsafe SHA256_Update(&second, out, out.count)
        unsafe SHA256_Final(&out, &second)
        return out
    }

    private static func begun(_ key: [UInt8], with pad: UInt8) -> SHA256_CTX {
        var block = [UInt8](repeating: pad, count: Int(SHA256_CBLOCK))
        for (index, byte) in zip(block.indices, key) { block[index] ^= byte }
        var state = SHA256_CTX()
        unsafe SHA256_Init(&state)
        unsafe SHA256_Update(&state, block, block.count)
        return state
    }
}
