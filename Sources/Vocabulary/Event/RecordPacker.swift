/// Makes of some records two streams that together compress better than the records: what is as good as random (UUIDs, times) as plain bytes apart, and
/// the rest as text for a compressor, which loses its way in random letters (of the benchmark's records 90 bytes were left instead of 124, in half the
/// time). ``Records/init(text:apart:byteCount:)`` undoes it, byte for byte.
///
///     text, for each record: lead (UInt8), flags (UInt8), fields, 0
///       lead: the type in bits 0 to 2; bit 3: the source, bit 4: receivedAt is that of the record before
///       field: id, byte count (varint), bytes; id + 64 for a UUID that stands apart; id + 128 for one that stood apart before
///     apart, for each record: source (UInt32) where it is another; the differences of receivedAt, where it is another, and of timestamp to those of the
///       record before (zigzag varints); for each UUID its 16 bytes, or how many UUIDs back it is (varint)
///     a record of any other shape: lead 255, byte count (varint) and its bytes, all in the text
///
/// A messageId, being new, is not looked for among those before.
public struct RecordPacker {
    public private(set) var text: [UInt8] = []
    public private(set) var apart: [UInt8] = []
    /// Bytes of all records.
    public private(set) var byteCount = 0
    private var previous = Head()
    private var uuids: [UUIDBytes] = []

    /// What the head of a record may refer to in the one before.
    struct Head {
        var source: UInt32 = 0
        var receivedAt: Int64 = 0
        var timestamp: Int64 = 0
    }

    static let asIs: UInt8 = 255
    static let sameSource: UInt8 = 8
    static let sameReceivedAt: UInt8 = 16
    static let apartMark: UInt8 = 64
    static let againMark: UInt8 = 128
    /// So far back a UUID is looked for.
    static let backMaximum = 127

    public init() {}

    public var isEmpty: Bool { text.isEmpty }

    /// Starts over, keeping the memory.
    public mutating func removeAll() {
        text.removeAll(keepingCapacity: true)
        apart.removeAll(keepingCapacity: true)
        byteCount = 0
        previous = Head()
        uuids.removeAll(keepingCapacity: true)
    }

    public mutating func append(_ record: ArraySlice<UInt8>) {
        byteCount += record.count
        let (textCount, apartCount, uuidCount, before) = (text.count, apart.count, uuids.count, previous)
        if record.withUnsafeBytes({ unsafe appendFields($0) }) { return }
        text.removeSubrange(textCount...)
        apart.removeSubrange(apartCount...)
        uuids.removeSubrange(uuidCount...)
        previous = before
        text.append(RecordPacker.asIs)
        EventRecord.appendVarint(record.count, to: &text)
        text.append(contentsOf: record)
    }

    /// Whether a field's value leaves the text.
    public static func isApart(_ field: EventField, _ value: ArraySlice<UInt8>) -> Bool {
        field.isText && value.withUnsafeBytes { unsafe UUIDBytes($0) } != nil
    }

    /// - Returns: false where the record is not of the usual shape; then something of it may stand in the streams.
    private mutating func appendFields(_ p: UnsafeRawBufferPointer) -> Bool {
        guard p.count >= EventRecord.fieldsOffset, unsafe p[0] == EventRecord.format, unsafe p[1] < 8, unsafe p[3] == 0 else { return false }
        appendHead(p)
        var start = EventRecord.fieldsOffset
        var at = start
        while at < p.count {
            let id = unsafe p[at]
            guard id > 0, id < RecordPacker.apartMark else { return false }
            var cursor = unsafe ByteCursor(p, at: at + 1)
            guard let count = cursor.varint(), count <= p.count - cursor.index else { return false }
            let end = cursor.index + count
            // A count that is written longer than it need be would not come back so.
            if count == 36, cursor.index == at + 2, id < 16, let uuid = unsafe UUIDBytes(UnsafeRawBufferPointer(rebasing: p[cursor.index..<end])) {
                unsafe text.append(contentsOf: UnsafeRawBufferPointer(rebasing: p[start..<at]))
                append(uuid, id)
                start = end
            }
            at = end
        }
        unsafe text.append(contentsOf: UnsafeRawBufferPointer(rebasing: p[start..<p.count]))
        text.append(0)
        return true
    }

    private mutating func appendHead(_ p: UnsafeRawBufferPointer) {
        var lead = unsafe p[1]
        let source = unsafe UInt32(littleEndian: p.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        if source == previous.source { lead |= RecordPacker.sameSource } else { EventRecord.appendFixed(source, to: &apart) }
        let receivedAt = unsafe Int64(littleEndian: p.loadUnaligned(fromByteOffset: 8, as: Int64.self))
        if receivedAt == previous.receivedAt { lead |= RecordPacker.sameReceivedAt } else { appendDifference(receivedAt &- previous.receivedAt) }
        let timestamp = unsafe Int64(littleEndian: p.loadUnaligned(fromByteOffset: 16, as: Int64.self))
        appendDifference(timestamp &- previous.timestamp)
        (previous.source, previous.receivedAt, previous.timestamp) = (source, receivedAt, timestamp)
        text.append(lead)
        unsafe text.append(p[2])
    }

    private mutating func appendDifference(_ value: Int64) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        while rest >= 0x80 {
            apart.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        apart.append(UInt8(truncatingIfNeeded: rest))
    }

    private mutating func append(_ uuid: UUIDBytes, _ id: UInt8) {
        guard id != EventField.messageId.rawValue else {
            text.append(id | RecordPacker.apartMark)
            return uuid.append(to: &apart)
        }
        var back = 1
        while back <= min(uuids.count, RecordPacker.backMaximum) {
            if uuids[uuids.count - back] == uuid {
                text.append(id | RecordPacker.againMark)
                apart.append(UInt8(back))
                return
            }
            back += 1
        }
        text.append(id | RecordPacker.apartMark)
        uuid.append(to: &apart)
        uuids.append(uuid)
    }
}

/// A UUID in its usual spelling (36 bytes, lower case) as 16 bytes.
struct UUIDBytes: Equatable {
    let high: UInt64
    let low: UInt64

    /// Nil for every other spelling, which would not come back as it was.
    init?(_ text: UnsafeRawBufferPointer) {
        guard text.count == 36, unsafe text[8] == 0x2d, unsafe text[13] == 0x2d, unsafe text[18] == 0x2d, unsafe text[23] == 0x2d else { return nil }
        guard let first = unsafe UUIDBytes.value(UUIDBytes.half(text, 0) << 32 | UUIDBytes.half(text, 4)),
            let second = unsafe UUIDBytes.value(UUIDBytes.half(text, 9) << 32 | UUIDBytes.half(text, 14)),
            let third = unsafe UUIDBytes.value(UUIDBytes.half(text, 19) << 32 | UUIDBytes.half(text, 24)),
            let fourth = unsafe UUIDBytes.value(UUIDBytes.half(text, 28) << 32 | UUIDBytes.half(text, 32))
        else { return nil }
        high = first << 32 | second
        low = third << 32 | fourth
    }

    private static func half(_ text: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        unsafe UInt64(UInt32(bigEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }

    /// What eight digits, the first in the highest byte, stand for; nil where they are no such digits. All eight at once: a letter has bit 6 set and is 9 more than its low half.
    private static func value(_ text: UInt64) -> UInt64? {
        var value = (text & 0x0f0f_0f0f_0f0f_0f0f) &+ (text >> 6 & 0x0101_0101_0101_0101) &* 9
        value = (value | value >> 4) & 0x00ff_00ff_00ff_00ff
        value = (value | value >> 8) & 0x0000_ffff_0000_ffff
        value = (value | value >> 16) & 0xffff_ffff
        return digits(value) == text ? value : nil
    }

    init(bytes: UnsafeRawBufferPointer) {
        unsafe high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        unsafe low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }

    func append(to bytes: inout [UInt8]) {
        EventRecord.appendFixed(high.byteSwapped, to: &bytes)
        EventRecord.appendFixed(low.byteSwapped, to: &bytes)
    }

    /// Writes the 36 bytes of the usual spelling.
    func write(to out: UnsafeMutableRawPointer) {
        let (first, second) = (UUIDBytes.digits(high >> 32), UUIDBytes.digits(high & 0xffff_ffff))
        let (third, fourth) = (UUIDBytes.digits(low >> 32), UUIDBytes.digits(low & 0xffff_ffff))
        unsafe out.storeBytes(of: first.bigEndian, as: UInt64.self)
        unsafe UUIDBytes.write(second, behind: out + 8)
        unsafe UUIDBytes.write(third, behind: out + 18)
        unsafe out.storeBytes(of: fourth.bigEndian, toByteOffset: 28, as: UInt64.self)
    }

    /// `-xxxx-xxxx`.
    private static func write(_ digits: UInt64, behind out: UnsafeMutableRawPointer) {
        unsafe out.storeBytes(of: 0x2d, as: UInt8.self)
        unsafe out.storeBytes(of: UInt32(truncatingIfNeeded: digits >> 32).bigEndian, toByteOffset: 1, as: UInt32.self)
        unsafe out.storeBytes(of: 0x2d, toByteOffset: 5, as: UInt8.self)
        unsafe out.storeBytes(of: UInt32(truncatingIfNeeded: digits).bigEndian, toByteOffset: 6, as: UInt32.self)
    }

    /// The eight hexadecimal digits of 32 bits, the first in the highest byte: all of them at once, since a profile's events are full of UUIDs.
    private static func digits(_ bits: UInt64) -> UInt64 {
        var spread = (bits & 0xffff_0000) << 16 | bits & 0xffff
        spread = (spread << 8 | spread) & 0x00ff_00ff_00ff_00ff
        spread = (spread << 4 | spread) & 0x0f0f_0f0f_0f0f_0f0f
        let letters = (spread + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return spread + 0x3030_3030_3030_3030 + letters * 0x27
    }
}
