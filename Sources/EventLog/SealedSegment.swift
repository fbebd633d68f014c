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
///             index offset (UInt64), CRC of the dictionary and the index (UInt32), CRC of the header (UInt32); 64 bytes
///     dictionary; blocks: CRC of what follows (UInt32), compressed bytes (UInt32), bytes (UInt32), the data; index: offset (UInt32) and
///     index of the first record (UInt32) of each block, and an end of both
///
/// Inside a block each record stands behind its byte count as a varint.
final class SealedSegment: Sendable {
    static let magic = Array("MRTSEAL1".utf8)
    static let headerSize = 64
    static let blockHeaderSize = 12

    let file: LogFile
    let first: LogPosition
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

    static func header(first: LogPosition, count: Int, blocks: Int, dictionary: Int, index: Int, crc: UInt32) -> [UInt8] {
        var bytes = magic
        func put(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) } }
        put(first)
        put(UInt32(count))
        put(UInt32(blocks))
        put(UInt32(dictionary))
        put(UInt64(index))
        put(crc)
        put(unsafe bytes.withUnsafeBytes { unsafe martlet_crc32c(0, $0.baseAddress!, $0.count) })
        return bytes + [UInt8](repeating: 0, count: headerSize - bytes.count)
    }

    static func open(path: String) throws(LogError) -> SealedSegment {
        let file = try LogFile.existing(path)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let head = try file.read(headerSize, at: 0)
        guard head.count == headerSize, Array(head[..<8]) == magic else { throw .damaged(detail: "the header of \(name)") }
        let (first, count, blocks, dictionaryBytes, index, crc, headCRC) = unsafe head.withUnsafeBytes { p in
            unsafe (
                UInt64(littleEndian: p.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                Int(UInt32(littleEndian: p.loadUnaligned(fromByteOffset: 16, as: UInt32.self))),
                Int(UInt32(littleEndian: p.loadUnaligned(fromByteOffset: 20, as: UInt32.self))),
                Int(UInt32(littleEndian: p.loadUnaligned(fromByteOffset: 24, as: UInt32.self))),
                UInt64(littleEndian: p.loadUnaligned(fromByteOffset: 28, as: UInt64.self)),
                UInt32(littleEndian: p.loadUnaligned(fromByteOffset: 36, as: UInt32.self)),
                UInt32(littleEndian: p.loadUnaligned(fromByteOffset: 40, as: UInt32.self))
            )
        }
        guard unsafe head.withUnsafeBytes({ unsafe martlet_crc32c(0, $0.baseAddress!, 40) }) == headCRC, index < file.size else {
            throw .damaged(detail: "the header of \(name)")
        }
        let dictionary = try file.read(dictionaryBytes, at: headerSize)
        let indexBytes = try file.read((blocks + 1) * 8, at: Int(index))
        guard indexBytes.count == (blocks + 1) * 8, checksum(dictionary, indexBytes) == crc else { throw .damaged(detail: "the index of \(name)") }
        var offsets: [UInt32] = []
        var firsts: [UInt32] = []
        unsafe indexBytes.withUnsafeBytes { p in
            for block in 0...blocks {
                offsets.append(unsafe UInt32(littleEndian: p.loadUnaligned(fromByteOffset: block * 8, as: UInt32.self)))
                firsts.append(unsafe UInt32(littleEndian: p.loadUnaligned(fromByteOffset: block * 8 + 4, as: UInt32.self)))
            }
        }
        return SealedSegment(file: file, first: first, count: count, blockOffsets: offsets, blockFirsts: firsts, dictionary: dictionary)
    }

    static func checksum(_ dictionary: [UInt8], _ index: [UInt8]) -> UInt32 {
        let half = unsafe dictionary.withUnsafeBytes { unsafe $0.isEmpty ? 0 : martlet_crc32c(0, $0.baseAddress!, $0.count) }
        return unsafe index.withUnsafeBytes { unsafe martlet_crc32c(half, $0.baseAddress!, $0.count) }
    }

    var blockCount: Int { blockFirsts.count - 1 }

    /// Which block holds a record.
    func block(of position: LogPosition) -> Int? {
        guard position >= first, position - first < LogPosition(count) else { return nil }
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

    /// The same segment in a new file under the same name, with some of its blocks replaced.
    func rewritten(replacing changes: [Int: [UInt8]], folder: String) throws(LogError) -> SealedSegment {
        let path = "\(folder)/\(SegmentName.sealed(first))"
        let new = try LogFile.create(path + ".new")
        try new.write(dictionary.bytes, at: SealedSegment.headerSize)
        var written = SealedSegment.headerSize + dictionary.bytes.count
        var offsets: [UInt32] = []
        for block in 0..<blockCount {
            let slot = slot(ofBlock: block)
            let bytes = if let changed = changes[block] { changed } else { try file.read(slot.count, at: slot.lowerBound) }
            try new.write(bytes, at: written)
            offsets.append(UInt32(written))
            written += bytes.count
        }
        offsets.append(UInt32(written))
        return try SealedSegment.finish(
            new, path: path, folder: folder, first: first, count: count, blockOffsets: offsets, blockFirsts: blockFirsts, dictionary: dictionary.bytes)
    }

    /// Writes index and header behind and before the blocks, and gives the file its name, durably.
    static func finish(
        _ file: LogFile, path: String, folder: String, first: LogPosition, count: Int, blockOffsets: [UInt32], blockFirsts: [UInt32], dictionary: [UInt8]
    ) throws(LogError) -> SealedSegment {
        var table: [UInt8] = []
        for (offset, first) in zip(blockOffsets, blockFirsts) {
            withUnsafeBytes(of: offset.littleEndian) { unsafe table.append(contentsOf: $0) }
            withUnsafeBytes(of: first.littleEndian) { unsafe table.append(contentsOf: $0) }
        }
        let index = Int(blockOffsets.last ?? 0)
        try file.write(table, at: index)
        try file.write(
            header(
                first: first, count: count, blocks: blockOffsets.count - 1, dictionary: dictionary.count, index: index, crc: checksum(dictionary, table)),
            at: 0)
        try file.sync()
        try LogFile.replace(path + ".new", by: path)
        return SealedSegment(file: file, first: first, count: count, blockOffsets: blockOffsets, blockFirsts: blockFirsts, dictionary: dictionary)
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
