import CCrypto
import GRDB
public import Storage
import Synchronization
public import Vocabulary

/// People of whom nothing more is to be stored, known by keyed hash alone, so that the list itself says nothing about anyone.
public final class SuppressionList: Sendable {
    public static let migrations = [
        Migration("privacy_suppression_1", sql: "CREATE TABLE privacy_suppression (hash BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;")
    ]

    private let database: DatabaseFile
    private let key: WorkspaceKey
    private let hashes: Mutex<Set<[UInt8]>>

    public init(_ database: DatabaseFile, key: WorkspaceKey) throws {
        self.database = database
        self.key = key
        let stored = try database.pool.read { try BlobBytes.fetchAll($0, sql: "SELECT hash FROM privacy_suppression") }
        hashes = Mutex(Set(stored.map(\.bytes)))
    }

    public var isEmpty: Bool { hashes.withLock { $0.isEmpty } }

    public func contains(_ identifier: Identifier) -> Bool {
        let hashes = SuppressionList.spellings(identifier).map { key.hash($0) }
        return self.hashes.withLock { known in hashes.contains { known.contains($0) } }
    }

    /// Addresses are the same in capitals.
    private static func spellings(_ identifier: Identifier) -> [Identifier] {
        guard identifier.namespace == .email, case let small = String(decoding: identifier.value, as: UTF8.self).lowercased(), !small.utf8.elementsEqual(identifier.value) else { return [identifier] }
        return [identifier, Identifier(.email, Array(small.utf8))]
    }

    public func add(_ identifiers: [Identifier], at: Timestamp) throws {
        let added = identifiers.flatMap(SuppressionList.spellings).map { key.hash($0) }
        try database.pool.write { db in
            for hash in added {
                try db.execute(
                    sql: "INSERT OR IGNORE INTO privacy_suppression VALUES (?, ?)", arguments: [BlobBytes(hash), at.milliseconds])
            }
        }
        hashes.withLock { $0.formUnion(added) }
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
