import Synchronization

/// Of whom the consent ledger may know something: beginnings of keyed hashes in memory, so that reading a person of whom it knows nothing, which is nearly everyone,
/// asks no table. What was erased stays until the next start, and only costs a look.
final class SpokenHashes: Sendable {
    /// More than these, and the table is asked of everyone: 16 MiB.
    private static let maximum = 1_000_000
    /// Nil when there are too many.
    private let known: Mutex<Set<UInt64>?>

    init(_ hashes: Set<UInt64>) { known = Mutex(hashes.count > SpokenHashes.maximum ? nil : hashes) }

    /// Before a statement is written, so that nobody overlooks it.
    func insert(_ hashes: [[UInt8]]) {
        known.withLock { all in
            for hash in hashes { all?.insert(SpokenHashes.beginning(hash)) }
            if all?.count ?? 0 > SpokenHashes.maximum { all = nil }
        }
    }

    /// Those of which something may be known.
    func among(_ hashes: [[UInt8]]) -> [[UInt8]] { known.withLock { all in all.map { all in hashes.filter { all.contains(SpokenHashes.beginning($0)) } } ?? hashes } }

    static func beginning(_ hash: [UInt8]) -> UInt64 { hash.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
