import CKernels
import CZstd
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization
import Vocabulary

/// A full segment, compressed in small blocks with a dictionary of its own, so that one person's events can be read, and one person
/// erased, without reading everyone's.
///
///     header  MRTSEAL1, first position (UInt64), record count (UInt32), block count (UInt32), dictionary bytes (UInt32),
///             index offset (UInt64), CRC-32C of the dictionary, of the index and of this header (UInt32 each); 64 bytes
///     dictionary; blocks: CRC of what follows (UInt32), compressed bytes (UInt32), bytes (UInt32), the data; index: offset (UInt32) and
///     index of the first record (UInt32) of each block, and an end of both; the dictionary and the header once more, since all else
///     hangs on them
///
/// Inside a block each record stands behind its byte count as a varint.
final class SealedSegment: Sendable {
    static let magic = Array("MRTSEAL1".utf8)
    static let headerSize = 64
    static let blockHeaderSize = 12

    let file: LogFile
    let first: LogPosition
    /// Records that it was sealed with; of a file that was cut short the last ones cannot be read, see ``lost``.
    let count: Int
    private let blockOffsets: [UInt32]
    private let blockFirsts: [UInt32]
    private let dictionary: DecodingDictionary

    init(file: LogFile, first: LogPosition, count: Int, blockOffsets: [UInt32], blockFirsts: [UInt32], dictionary: [UInt8]) {
        self.file = file
        self.first = first
        self.count = count
        self.blockOffsets = blockOffsets
        self.blockFirsts = blockFirsts
        self.dictionary = DecodingDictionary(dictionary)
    }

    /// What the header says.
    private struct Head {
        var first: LogPosition
        var count: Int
        var blocks: Int
        var dictionaryBytes: Int
        var index: Int
        var dictionaryCRC: UInt32
        var indexCRC: UInt32

        init?(_ bytes: [UInt8]) {
            guard bytes.count == headerSize, Array(bytes[..<8]) == magic else { return nil }
            func value<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ type: Value.Type) -> Value {
                unsafe bytes.withUnsafeBytes { unsafe Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)) }
            }
            guard value(44, UInt32.self) == SealedSegment.crc(Array(bytes[..<44])) else { return nil }
            first = value(8, UInt64.self)
            count = Int(value(16, UInt32.self))
            blocks = Int(value(20, UInt32.self))
            dictionaryBytes = Int(value(24, UInt32.self))
            index = Int(truncatingIfNeeded: value(28, UInt64.self))
            dictionaryCRC = value(36, UInt32.self)
            indexCRC = value(40, UInt32.self)
        }
    }

    static func header(first: LogPosition, count: Int, blocks: Int, dictionary: [UInt8], index: Int, table: [UInt8]) -> [UInt8] {
        var bytes = magic
        func put(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) } }
        put(first)
        put(UInt32(count))
        put(UInt32(blocks))
        put(UInt32(dictionary.count))
        put(UInt64(index))
        put(crc(dictionary))
        put(crc(table))
        put(crc(bytes))
        return bytes + [UInt8](repeating: 0, count: headerSize - bytes.count)
    }

    static func crc(_ bytes: [UInt8]) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe $0.isEmpty ? 0 : martlet_crc32c(0, $0.baseAddress!, $0.count) }
    }

    /// Opens a file; where its header, dictionary or index is damaged or cut off, the second copy or the blocks themselves stand in.
    static func open(path: String) throws(LogError) -> SealedSegment {
        let file = try LogFile.existing(path)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let size = file.size
        let start = try file.read(headerSize, at: 0)
        let end = try file.read(headerSize, at: max(0, size - headerSize))
        guard let head = Head(start) ?? Head(end) else {
            throw .damaged(detail: "the header of \(name)")
        }
        var dictionary = try file.read(head.dictionaryBytes, at: headerSize)
        if crc(dictionary) != head.dictionaryCRC, size >= headerSize + head.dictionaryBytes {
            dictionary = try file.read(head.dictionaryBytes, at: size - headerSize - head.dictionaryBytes)
        }
        guard crc(dictionary) == head.dictionaryCRC else { throw .damaged(detail: "the dictionary of \(name)") }
        let table = try file.read((head.blocks + 1) * 8, at: head.index)
        var offsets: [UInt32] = []
        var firsts: [UInt32] = []
        if crc(table) == head.indexCRC {
            unsafe table.withUnsafeBytes { p in
                for block in 0...head.blocks {
                    offsets.append(unsafe UInt32(littleEndian: p.loadUnaligned(fromByteOffset: block * 8, as: UInt32.self)))
                    firsts.append(unsafe UInt32(littleEndian: p.loadUnaligned(fromByteOffset: block * 8 + 4, as: UInt32.self)))
                }
            }
        } else {
            (offsets, firsts) = try walk(file, head, DecodingDictionary(dictionary))
        }
        return SealedSegment(file: file, first: head.first, count: head.count, blockOffsets: offsets, blockFirsts: firsts, dictionary: dictionary)
    }

    /// Finds the blocks one behind the other, and by decoding them how many records each holds; stops at the first that is not whole, since
    /// nothing says then which records stand behind it.
    private static func walk(_ file: LogFile, _ head: Head, _ dictionary: DecodingDictionary) throws(LogError) -> (offsets: [UInt32], firsts: [UInt32]) {
        var offsets: [UInt32] = []
        var firsts: [UInt32] = []
        var at = headerSize + head.dictionaryBytes
        var record = 0
        while at < head.index, record < head.count {
            let bytes = try file.read(blockHeaderSize, at: at)
            guard bytes.count == blockHeaderSize else { break }
            let packed = Int(bytes[4]) | Int(bytes[5]) << 8 | Int(bytes[6]) << 16 | Int(bytes[7]) << 24
            let unpacked = Int(bytes[8]) | Int(bytes[9]) << 8 | Int(bytes[10]) << 16 | Int(bytes[11]) << 24
            guard packed <= head.index - at, unpacked < 1 << 30 else { break }
            let body = try file.read(packed, at: at + blockHeaderSize)
            let stored = UInt32(bytes[0]) | UInt32(bytes[1]) << 8 | UInt32(bytes[2]) << 16 | UInt32(bytes[3]) << 24
            guard body.count == packed, crc(Array(bytes[4...]) + body) == stored, let decoded = unsafe body.withUnsafeBytes({ unsafe dictionary.decode($0, count: unpacked) }) else { break }
            offsets.append(UInt32(at))
            firsts.append(UInt32(record))
            var reader = VarintReader(decoded)
            while reader.next() != nil { record += 1 }
            at += blockHeaderSize + packed
        }
        return (offsets + [UInt32(at)], firsts + [UInt32(min(record, head.count))])
    }

    var blockCount: Int { blockFirsts.count - 1 }

    /// The positions behind the last block that is left.
    var lost: Range<LogPosition>? {
        let readable = Int(blockFirsts[blockCount])
        return readable < count ? first + LogPosition(readable)..<first + LogPosition(count) : nil
    }

    /// Which block holds a record.
    func block(of position: LogPosition) -> Int? {
        guard position >= first, position - first < LogPosition(blockFirsts[blockCount]) else { return nil }
        let record = UInt32(position - first)
        var low = 0
        var high = blockCount
        while high - low > 1 {
            let middle = (low + high) / 2
            if blockFirsts[middle] <= record { low = middle } else { high = middle }
        }
        return low
    }

    /// The positions in a block.
    func positions(ofBlock block: Int) -> Range<LogPosition> { first + LogPosition(blockFirsts[block])..<first + LogPosition(blockFirsts[block + 1]) }

    /// A block's records, one behind the other with their byte counts.
    func decode(block: Int) throws(LogError) -> [UInt8] {
        let start = Int(blockOffsets[block])
        let slot = Int(blockOffsets[block + 1]) - start
        let bytes = try file.read(slot, at: start)
        guard bytes.count == slot, slot >= SealedSegment.blockHeaderSize else { throw damage(block) }
        let (crc, packed, unpacked) = unsafe bytes.withUnsafeBytes { p in
            unsafe (
                UInt32(littleEndian: p.loadUnaligned(fromByteOffset: 0, as: UInt32.self)),
                Int(UInt32(littleEndian: p.loadUnaligned(fromByteOffset: 4, as: UInt32.self))),
                Int(UInt32(littleEndian: p.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
            )
        }
        guard packed <= slot - SealedSegment.blockHeaderSize, unpacked < 1 << 30,
            unsafe bytes.withUnsafeBytes({ unsafe martlet_crc32c(0, $0.baseAddress! + 4, packed + 8) }) == crc,
            let out = unsafe bytes.withUnsafeBytes({
                unsafe dictionary.decode(UnsafeRawBufferPointer(rebasing: $0[SealedSegment.blockHeaderSize..<SealedSegment.blockHeaderSize + packed]), count: unpacked)
            })
        else { throw damage(block) }
        return out
    }

    private func damage(_ block: Int) -> LogError {
        .damaged(detail: "block \(block) of \(SegmentName.sealed(first)), events \(positions(ofBlock: block))")
    }

    func record(at position: LogPosition) throws(LogError) -> [UInt8]? {
        guard let block = block(of: position) else { return nil }
        let bytes = try decode(block: block)
        var left = position - positions(ofBlock: block).lowerBound
        var reader = VarintReader(bytes)
        while let range = reader.next() {
            if left == 0 { return Array(bytes[range]) }
            left -= 1
        }
        return nil
    }

    /// Consecutive records from `position` on; those of damaged blocks are left out.
    func records(from position: LogPosition, count wanted: Int) -> (bytes: [UInt8], entries: [LogBatch.Entry]) {
        var bytes: [UInt8] = []
        var entries: [LogBatch.Entry] = []
        let end = position + LogPosition(wanted)
        var at = block(of: position) ?? blockCount
        while at < blockCount, positions(ofBlock: at).lowerBound < end {
            if let decoded = try? decode(block: at) {
                var reader = VarintReader(decoded)
                let base = bytes.count
                bytes.append(contentsOf: decoded)
                var here = positions(ofBlock: at).lowerBound
                while let range = reader.next() {
                    if here >= position, here < end { entries.append(LogBatch.Entry(position: here, start: UInt32(base + range.lowerBound), count: UInt32(range.count))) }
                    here += 1
                }
            }
            at += 1
        }
        return (bytes, entries)
    }

    /// Where a block stands in the file, header and room for it included.
    func slot(ofBlock block: Int) -> Range<Int> { Int(blockOffsets[block])..<Int(blockOffsets[block + 1]) }

    /// A block packed again after `change` has replaced some of its records; it may be larger than its slot.
    func packed(block: Int, _ change: (LogPosition, ArraySlice<UInt8>) -> [UInt8]?) throws(LogError) -> [UInt8] {
        let bytes = try decode(block: block)
        var reader = VarintReader(bytes)
        var out: [UInt8] = []
        var position = positions(ofBlock: block).lowerBound
        while let range = reader.next() {
            let record = change(position, bytes[range]) ?? Array(bytes[range])
            SealedSegment.appendVarint(record.count, to: &out)
            out.append(contentsOf: record)
            position += 1
        }
        guard let packed = SealedSegment.pack(out, with: nil, dictionary: dictionary.bytes, level: 19) else { throw damage(block) }
        return packed
    }

    static func appendVarint(_ value: Int, to bytes: inout [UInt8]) {
        var rest = UInt64(value)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A block as it stands in the file: header and compressed bytes.
    static func pack(_ block: [UInt8], with encoder: EncodingDictionary?, dictionary: [UInt8] = [], level: Int32 = 1) -> [UInt8]? {
        let encoder = encoder ?? EncodingDictionary(dictionary, level: level)
        guard let packed = encoder.encode(block) else { return nil }
        var body: [UInt8] = []
        withUnsafeBytes(of: UInt32(packed.count).littleEndian) { unsafe body.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(block.count).littleEndian) { unsafe body.append(contentsOf: $0) }
        body.append(contentsOf: packed)
        let crc = unsafe body.withUnsafeBytes { unsafe martlet_crc32c(0, $0.baseAddress!, $0.count) }
        var out: [UInt8] = []
        out.reserveCapacity(body.count + 4)
        withUnsafeBytes(of: crc.littleEndian) { unsafe out.append(contentsOf: $0) }
        out.append(contentsOf: body)
        return out
    }
}

/// Walks byte-counted records.
struct VarintReader {
    private let bytes: [UInt8]
    private var i = 0
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Range<Int>? {
        var length = 0
        var shift = 0
        while i < bytes.count, shift < 35 {
            let byte = bytes[i]
            i += 1
            length |= Int(byte & 0x7f) << shift
            shift += 7
            if byte < 0x80 {
                guard length <= bytes.count - i else { return nil }
                defer { i += length }
                return i..<i + length
            }
        }
        return nil
    }
}
