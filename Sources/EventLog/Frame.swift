import CKernels
import Vocabulary

/// What stands before each record in an open segment.
///
///     0 record's byte count (UInt32)   4 CRC-32C of all that follows, begun with the segment's generation (UInt32)
///     8 position (UInt64)             16 how many positions before it its group began (UInt32)
///
/// A group is written only after the group before it was synced. So a whole record proves that everything before its group
/// was durable: a fault before it is damage, a fault that nothing follows is a torn tail.
struct Frame {
    static let size = EventBatch.headroom

    let count: Int
    let position: LogPosition
    let groupStart: LogPosition

    static func write(_ p: UnsafeMutableRawBufferPointer, at start: Int, count: Int, position: LogPosition, groupStart: LogPosition, generation: UInt32) {
        let head = start - size
        unsafe p.storeBytes(of: UInt32(count).littleEndian, toByteOffset: head, as: UInt32.self)
        unsafe p.storeBytes(of: position.littleEndian, toByteOffset: head + 8, as: UInt64.self)
        unsafe p.storeBytes(of: UInt32(position - groupStart).littleEndian, toByteOffset: head + 16, as: UInt32.self)
        let crc = unsafe martlet_crc32c(generation, p.baseAddress! + head + 8, count + 12)
        unsafe p.storeBytes(of: crc.littleEndian, toByteOffset: head + 4, as: UInt32.self)
    }

    /// The frame at `offset` when it and its record are whole and belong to this generation.
    init?(_ p: UnsafeRawBufferPointer, at offset: Int, generation: UInt32) {
        guard offset + Frame.size <= p.count else { return nil }
        let count = unsafe Int(UInt32(littleEndian: p.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        guard count >= EventRecord.fieldsOffset, count <= p.count - offset - Frame.size else { return nil }
        let crc = unsafe UInt32(littleEndian: p.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
        guard unsafe martlet_crc32c(generation, p.baseAddress! + offset + 8, count + 12) == crc else { return nil }
        self.count = count
        position = unsafe UInt64(littleEndian: p.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
        groupStart = unsafe position - min(position, UInt64(UInt32(littleEndian: p.loadUnaligned(fromByteOffset: offset + 16, as: UInt32.self))))
    }
}
