import Synchronization

/// Of whom the consent ledger may know something: beginnings of keyed hashes in memory, so that reading a person of whom it knows nothing, which is nearly everyone,
/// asks no table. What was erased stays until the next start, and only costs a look.
final class SpokenHashes: Sendable {
    /// Of 16 bytes each. More than these, and the table is asked of everyone.
    static let limit = 1_000_000
    static let entryBytes = 16
    private let maximum: Int
    /// Nil when there are too many.
    private let known: Mutex<Set<UInt64>?>

    /// - Parameters:
    ///   - memory: bytes that they may take.
    ///   - next: the hashes that the table has, one after the other.
    init(memory: Int, _ next: () throws -> UInt64?) rethrows {
        maximum = min(SpokenHashes.limit, memory / SpokenHashes.entryBytes)
        var hashes: Set<UInt64>? = []
        while let hash = try next() {
            hashes?.insert(hash)
            if hashes?.count ?? 0 > maximum {
                hashes = nil
                break
            }
        }
        known = Mutex(hashes)
    }

    /// Before a statement is written, so that nobody overlooks it.
    func insert(_ hashes: [[UInt8]]) {
        known.withLock { all in
            for hash in hashes { all?.insert(SpokenHashes.beginning(hash)) }
            if all?.count ?? 0 > maximum { all = nil }
        }
    }

    /// Those of which something may be known.
    func among(_ hashes: [[UInt8]]) -> [[UInt8]] { known.withLock { all in all.map { all in hashes.filter { all.contains(SpokenHashes.beginning($0)) } } ?? hashes } }

    static func beginning(_ hash: [UInt8]) -> UInt64 { hash.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
