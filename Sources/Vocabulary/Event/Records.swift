/// Records in one buffer, and where each stands.
public struct Records: Sendable {
    public let bytes: [UInt8]
    public let ranges: [Range<Int>]

    public init(bytes: [UInt8], ranges: [Range<Int>]) { (self.bytes, self.ranges) = (bytes, ranges) }

    public var count: Int { ranges.count }
    public subscript(index: Int) -> ArraySlice<UInt8> { bytes[ranges[index]] }

    /// What ``RecordPacker`` made two streams of; nil where the streams do not fit together.
    ///
    /// - Parameters:
    ///   - byteCount: bytes of all records.
    ///   - limit: so many records are enough, and what stands behind them is not looked at.
    public init?(text: UnsafeRawBufferPointer, apart: UnsafeRawBufferPointer, byteCount: Int, limit: Int = .max) {
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(min(limit, 64))
        var isWhole = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { out, initialized in
            var unpacker = unsafe RecordUnpacker(text: ByteCursor(text), apart: ByteCursor(apart), out: UnsafeMutableRawBufferPointer(out).prefix(byteCount))
            isWhole = unpacker.run(&ranges, limit: limit)
            initialized = isWhole ? ranges.last?.upperBound ?? 0 : 0
        }
        guard isWhole else { return nil }
        (self.bytes, self.ranges) = (bytes, ranges)
    }
}

/// Undoes what ``RecordPacker`` did; every count is checked before it is believed.
private struct RecordUnpacker {
    var text: ByteCursor
    var apart: ByteCursor
    /// Exactly as long as all records.
    let out: Slice<UnsafeMutableRawBufferPointer>
    private var at = 0
    private var previous = RecordPacker.Head()
    private var uuids: [UUIDBytes] = []

    init(text: ByteCursor, apart: ByteCursor, out: Slice<UnsafeMutableRawBufferPointer>) {
        (self.text, self.apart) = (text, apart)
        unsafe self.out = out
    }

    /// - Returns: whether both streams and the room for the records end together, or the limit was reached before.
    mutating func run(_ ranges: inout [Range<Int>], limit: Int) -> Bool {
        while let lead = text.byte() {
            if ranges.count == limit { return true }
            let start = at
            guard lead == RecordPacker.asIs ? copy() : head(lead) && fields() else { return false }
            ranges.append(start..<at)
        }
        return unsafe at == out.count && apart.isAtEnd
    }

    private mutating func copy() -> Bool {
        guard let count = text.varint(), let bytes = unsafe text.bytes(count) else { return false }
        return unsafe put(bytes)
    }

    private mutating func head(_ lead: UInt8) -> Bool {
        guard let flags = text.byte() else { return false }
        if lead & RecordPacker.sameSource == 0 {
            guard let bytes = unsafe apart.bytes(4) else { return false }
            unsafe previous.source = UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))
        }
        if lead & RecordPacker.sameReceivedAt == 0 {
            guard let difference = apart.difference() else { return false }
            previous.receivedAt &+= difference
        }
        guard let difference = apart.difference(), let room = unsafe room(EventRecord.fieldsOffset) else { return false }
        previous.timestamp &+= difference
        let type = lead & 7
        unsafe room.storeBytes(of: UInt32(EventRecord.format) | UInt32(type) << 8 | UInt32(flags) << 16, as: UInt32.self)
        unsafe room.storeBytes(of: previous.source.littleEndian, toByteOffset: 4, as: UInt32.self)
        unsafe room.storeBytes(of: previous.receivedAt.littleEndian, toByteOffset: 8, as: Int64.self)
        unsafe room.storeBytes(of: previous.timestamp.littleEndian, toByteOffset: 16, as: Int64.self)
        return true
    }

    private mutating func fields() -> Bool {
        // Fields that stand in the text as they stood in the record are copied together.
        var start = text.index
        while let id = text.byte() {
            if id > 0, id < RecordPacker.apartMark {
                guard let count = text.varint(), text.skip(count) else { return false }
                continue
            }
            guard unsafe put(text.bytes(from: start, to: text.index - 1)) else { return false }
            if id == 0 { return true }
            guard uuid(id) else { return false }
            start = text.index
        }
        return false
    }

    private mutating func uuid(_ mark: UInt8) -> Bool {
        let id = mark & (RecordPacker.apartMark - 1)
        let uuid: UUIDBytes
        if mark & RecordPacker.againMark != 0 {
            guard let back = apart.byte(), back > 0, Int(back) <= uuids.count else { return false }
            uuid = uuids[uuids.count - Int(back)]
        } else {
            guard let bytes = unsafe apart.bytes(16) else { return false }
            uuid = unsafe UUIDBytes(bytes: bytes)
            if id != EventField.messageId.rawValue { uuids.append(uuid) }
        }
        guard let room = unsafe room(38) else { return false }
        unsafe room.storeBytes(of: id, as: UInt8.self)
        unsafe room.storeBytes(of: 36, toByteOffset: 1, as: UInt8.self)
        unsafe uuid.write(to: room + 2)
        return true
    }

    private mutating func put(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return true }
        guard let room = unsafe room(bytes.count) else { return false }
        unsafe room.copyMemory(from: base, byteCount: bytes.count)
        return true
    }

    private mutating func room(_ count: Int) -> UnsafeMutableRawPointer? {
        guard unsafe count <= out.count - at, let base = unsafe out.base.baseAddress else { return nil }
        defer { at += count }
        return unsafe base + at
    }
}
