import CKernels
import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Vocabulary

/// Gives each identifier a dense number: open addressing over 96 bits of each identifier's hash, beside a byte arena.
///
/// The hash (SipHash-2-4) is keyed at random in each process, so that nobody can send identifiers that collide; of 10^9 identifiers two share 96 bits
/// with a probability of 10^-11. The bytes are not looked at again: that waits for memory twice more.
struct Interner {
    private struct Slot: BitwiseCopyable {
        var low: UInt64 = 0
        var high: UInt32 = 0
        /// The node + 1, or 0 for a free slot.
        var node: UInt32 = 0
    }
    private var slots: [Slot]
    /// Where each node's entry begins: namespace, byte count (UInt32), bytes.
    private(set) var offsets: [UInt64] = []
    private(set) var arena: [UInt8] = []
    private let key = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))

    init() { slots = [Slot](repeating: Slot(), count: 1 << 10) }

    var count: Int { offsets.count }

    private func slot(_ namespace: IdentifierNamespace, _ value: UnsafeRawBufferPointer) -> Slot {
        let hash = unsafe martlet_siphash128(key.0 ^ UInt64(namespace.rawValue), key.1, value.baseAddress, value.count)
        return Slot(low: hash.low, high: UInt32(truncatingIfNeeded: hash.high))
    }

    /// Where an identifier's slot is, or the free one where it would stand.
    private func place(_ wanted: Slot) -> Int {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: wanted.low) & mask
        return unsafe slots.withUnsafeBufferPointer { slots in
            while case let slot = unsafe slots[place], slot.node != 0 {
                if slot.low == wanted.low, slot.high == wanted.high { return place }
                place = (place + 1) & mask
            }
            return place
        }
    }

    func find(_ namespace: IdentifierNamespace, _ value: UnsafeRawBufferPointer) -> UInt32? {
        let node = unsafe slots[place(slot(namespace, value))].node
        return node == 0 ? nil : node - 1
    }

    /// The node of an identifier, new when `isNew` comes back true.
    mutating func intern(_ namespace: IdentifierNamespace, _ value: UnsafeRawBufferPointer) -> (node: UInt32, isNew: Bool) {
        var wanted = unsafe slot(namespace, value)
        let place = place(wanted)
        if slots[place].node != 0 { return (slots[place].node - 1, false) }
        let node = UInt32(offsets.count)
        offsets.append(UInt64(arena.count))
        arena.append(namespace.rawValue)
        withUnsafeBytes(of: UInt32(value.count).littleEndian) { unsafe arena.append(contentsOf: $0) }
        unsafe arena.append(contentsOf: value)
        wanted.node = node + 1
        slots[place] = wanted
        if offsets.count * 3 > slots.count * 2 { grow() }
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

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        for slot in old where slot.node != 0 { slots[place(slot)] = slot }
    }

    /// Overwrites a node's value; the node keeps its number and nobody finds it any more.
    mutating func erase(_ node: UInt32) {
        let (namespace, range) = entry(node)
        guard !range.isEmpty else { return }
        let place = arena.withUnsafeBytes { unsafe self.place(slot(namespace, UnsafeRawBufferPointer(rebasing: $0[range]))) }
        // The slot stays taken, so that what stands behind it is found; only the hash goes, and a number takes its place that no hash is likely to be.
        if slots[place].node == node + 1 { slots[place] = Slot(low: UInt64(node), high: 0, node: node + 1) }
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
        var size = 1 << 10
        while offsets.count * 3 > size * 2 { size *= 2 }
        slots = [Slot](repeating: Slot(), count: size)
        for node in 0..<UInt32(offsets.count) {
            let (namespace, range) = entry(node)
            if range.isEmpty { continue }
            var slot = arena.withUnsafeBytes { unsafe self.slot(namespace, UnsafeRawBufferPointer(rebasing: $0[range])) }
            slot.node = node + 1
            slots[place(slot)] = slot
        }
    }
}
