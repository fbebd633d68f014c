import CKernels
import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Vocabulary

/// Gives each identifier a dense number: open addressing over a byte arena, with 32 bits of the hash in each slot.
///
/// The hash is keyed at random in each process, so that nobody can send identifiers that collide.
struct Interner {
    /// Upper half: upper half of the hash; lower half: node + 1, or 0 for a free slot.
    private var slots: [UInt64]
    /// Where each node's entry begins: namespace, byte count (UInt32), bytes.
    private(set) var offsets: [UInt64] = []
    private(set) var arena: [UInt8] = []
    private let key = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))

    init() { slots = [UInt64](repeating: 0, count: 1 << 10) }

    var count: Int { offsets.count }

    private func hash(_ namespace: IdentifierNamespace, _ value: UnsafeRawBufferPointer) -> UInt64 {
        unsafe martlet_siphash128(key.0 ^ UInt64(namespace.rawValue), key.1, value.baseAddress, value.count).low
    }

    func find(_ namespace: IdentifierNamespace, _ value: UnsafeRawBufferPointer) -> UInt32? {
        let hash = unsafe hash(namespace, value)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            if slots[slot] >> 32 == hash >> 32 {
                let node = UInt32(truncatingIfNeeded: slots[slot]) - 1
                if unsafe holds(node, namespace, value) { return node }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// The node of an identifier, new when `isNew` comes back true.
    mutating func intern(_ namespace: IdentifierNamespace, _ value: UnsafeRawBufferPointer) -> (node: UInt32, isNew: Bool) {
        if let node = unsafe find(namespace, value) { return (node, false) }
        if offsets.count * 2 >= slots.count { rebuild(slotCount: slots.count * 2) }
        let node = UInt32(offsets.count)
        offsets.append(UInt64(arena.count))
        arena.append(namespace.rawValue)
        withUnsafeBytes(of: UInt32(value.count).littleEndian) { unsafe arena.append(contentsOf: $0) }
        unsafe arena.append(contentsOf: value)
        place(node, unsafe hash(namespace, value))
        return (node, true)
    }

    func identifier(_ node: UInt32) -> Identifier {
        let (namespace, range) = entry(node)
        return Identifier(namespace, Array(arena[range]))
    }

    func namespace(_ node: UInt32) -> IdentifierNamespace { entry(node).0 }

    /// Where a node's value stands in the arena.
    func range(of node: UInt32) -> Range<Int> { entry(node).1 }

    private func entry(_ node: UInt32) -> (IdentifierNamespace, Range<Int>) {
        let start = Int(offsets[Int(node)])
        let count = unsafe arena.withUnsafeBytes { unsafe Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: start + 1, as: UInt32.self))) }
        return (IdentifierNamespace(rawValue: arena[start]) ?? .externalId, start + 5..<start + 5 + count)
    }

    private func holds(_ node: UInt32, _ namespace: IdentifierNamespace, _ value: UnsafeRawBufferPointer) -> Bool {
        let (own, range) = entry(node)
        guard own == namespace, range.count == value.count else { return false }
        return arena.withUnsafeBytes { bytes in unsafe memcmp(bytes.baseAddress! + range.lowerBound, value.baseAddress ?? bytes.baseAddress!, value.count) == 0 }
    }

    private mutating func place(_ node: UInt32, _ hash: UInt64) {
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = (hash >> 32) << 32 | UInt64(node + 1)
    }

    private mutating func rebuild(slotCount: Int) {
        slots = [UInt64](repeating: 0, count: slotCount)
        for node in 0..<UInt32(offsets.count) {
            let (namespace, range) = entry(node)
            if range.isEmpty { continue }
            let hash = arena.withUnsafeBytes { unsafe self.hash(namespace, UnsafeRawBufferPointer(rebasing: $0[range])) }
            place(node, hash)
        }
    }

    /// Overwrites a node's value; the node keeps its number and nobody finds it any more.
    mutating func erase(_ node: UInt32) {
        let (namespace, range) = entry(node)
        guard !range.isEmpty else { return }
        let hash = arena.withUnsafeBytes { unsafe self.hash(namespace, UnsafeRawBufferPointer(rebasing: $0[range])) }
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0, UInt32(truncatingIfNeeded: slots[slot]) != node + 1 { slot = (slot + 1) & (slots.count - 1) }
        // The slot stays taken, so that what stands behind it is found; only the hash goes.
        if slots[slot] != 0 { slots[slot] = UInt64(node + 1) }
        for index in range { arena[index] = 0 }
        let start = Int(offsets[Int(node)])
        // The entry shrinks to nothing; the bytes behind it stay zero.
        for index in start + 1..<start + 5 { arena[index] = 0 }
    }

    // MARK: - Snapshots

    func write(to snapshot: inout SnapshotWriter) throws {
        try snapshot.put(offsets)
        try snapshot.put(arena)
    }

    init(from snapshot: inout SnapshotReader) {
        slots = []
        offsets = snapshot.get(UInt64.self)
        arena = snapshot.get(UInt8.self)
        var slotCount = 1 << 10
        while offsets.count * 2 >= slotCount { slotCount *= 2 }
        rebuild(slotCount: slotCount)
    }
}
