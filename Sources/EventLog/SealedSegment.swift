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
///     header  MRTSEAL2, first position (UInt64), record count (UInt32), block count (UInt32), dictionary bytes (UInt32),
///             index offset (UInt64), CRC-32C of the dictionary, of the index and of this header (UInt32 each); 64 bytes
///     dictionary; blocks, see ``SealedBlock``; index: offset (UInt32) and index of the first record (UInt32) of each block, and an end of both;
///     the dictionary and the header once more, since all else hangs on them
///
/// MRTSEAL1 is the same with blocks of the first format; such files are read and erased from as they are.
final class SealedSegment: Sendable {
    /// The format's letter follows.
    private static let magic = Array("MRTSEAL".utf8)
    static let headerSize = 64

    let file: LogFile
    let first: LogPosition
    /// Records that it was sealed with; of a file that was cut short the last ones cannot be read, see ``lost``.
    let count: Int
    private let blockOffsets: [UInt32]
    private let blockFirsts: [UInt32]
    private let dictionary: DecodingDictionary
    private let format: SealedBlock.Format

    init(
        file: LogFile, first: LogPosition, count: Int, blockOffsets: [UInt32], blockFirsts: [UInt32], dictionary: [UInt8], format: SealedBlock.Format = .split
    ) {
        self.file = file
        self.format = format
        self.first = first
        self.count = count
        self.blockOffsets = blockOffsets
        self.blockFirsts = blockFirsts
        self.dictionary = DecodingDictionary(dictionary)
    }

    /// What the header says.
    private struct Head {
        var format: SealedBlock.Format
        var first: LogPosition
        var count: Int
        var blocks: Int
        var dictionaryBytes: Int
        var index: Int
        var dictionaryCRC: UInt32
        var indexCRC: UInt32

        init?(_ bytes: [UInt8]) {
            guard bytes.count == headerSize, Array(bytes[..<7]) == magic, let format = SealedBlock.Format(rawValue: bytes[7]) else { return nil }
            self.format = format
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
        var bytes = magic + [SealedBlock.Format.split.rawValue]
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
        return SealedSegment(file: file, first: head.first, count: head.count, blockOffsets: offsets, blockFirsts: firsts, dictionary: dictionary, format: head.format)
    }

    /// Finds the blocks one behind the other, and by decoding them how many records each holds; stops at the first that is not whole, since
    /// nothing says then which records stand behind it.
    private static func walk(_ file: LogFile, _ head: Head, _ dictionary: DecodingDictionary) throws(LogError) -> (offsets: [UInt32], firsts: [UInt32]) {
        var offsets: [UInt32] = []
        var firsts: [UInt32] = []
        var at = headerSize + head.dictionaryBytes
        var record = 0
        while at < head.index, record < head.count {
            guard let size = SealedBlock.size(try file.read(SealedBlock.headMaximum, at: at), head.format), size <= head.index - at,
                let records = SealedBlock.unpack(try file.read(size, at: at), head.format, with: dictionary)
            else { break }
            offsets.append(UInt32(at))
            firsts.append(UInt32(record))
            record += records.count
            at += size
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

    /// A block's records.
    ///
    /// - Parameter limit: so many at its beginning are enough.
    func decode(block: Int, limit: Int = .max) throws(LogError) -> Records {
        let slot = slot(ofBlock: block)
        let count = positions(ofBlock: block).count
        guard let records = SealedBlock.unpack(try file.read(slot.count, at: slot.lowerBound), format, with: dictionary, limit: limit),
            records.count == (format == .plain ? count : min(limit, count))
        else { throw damage(block) }
        return records
    }

    private func damage(_ block: Int) -> LogError {
        .damaged(detail: "block \(block) of \(SegmentName.sealed(first)), events \(positions(ofBlock: block))")
    }

    func record(at position: LogPosition) throws(LogError) -> [UInt8]? {
        guard let block = block(of: position) else { return nil }
        return Array(try decode(block: block)[Int(position - positions(ofBlock: block).lowerBound)])
    }

    /// Consecutive records from `position` on; those of blocks that cannot be read are left out.
    func records(from position: LogPosition, count wanted: Int) -> (bytes: [UInt8], entries: [LogBatch.Entry]) {
        var bytes: [UInt8] = []
        var entries: [LogBatch.Entry] = []
        for block in blocks(from: position, count: wanted) {
            guard let records = try? decode(block: block) else { continue }
            SealedSegment.append(records, from: positions(ofBlock: block).lowerBound, in: position..<position + LogPosition(wanted), &bytes, &entries)
        }
        return (bytes, entries)
    }

    /// The same, where only damage is left out: what the disk does not give now may be whole.
    func readable(from position: LogPosition, count wanted: Int) throws(LogError) -> (bytes: [UInt8], entries: [LogBatch.Entry]) {
        var bytes: [UInt8] = []
        var entries: [LogBatch.Entry] = []
        for block in blocks(from: position, count: wanted) {
            do throws(LogError) {
                SealedSegment.append(try decode(block: block), from: positions(ofBlock: block).lowerBound, in: position..<position + LogPosition(wanted), &bytes, &entries)
            } catch {
                guard case .damaged = error else { throw error }
            }
        }
        return (bytes, entries)
    }

    private func blocks(from position: LogPosition, count wanted: Int) -> Range<Int> {
        guard let first = block(of: position) else { return 0..<0 }
        var end = first
        while end < blockCount, positions(ofBlock: end).lowerBound < position + LogPosition(wanted) { end += 1 }
        return first..<end
    }

    /// Appends a block's records to a batch, with entries for those inside `wanted`.
    static func append(_ records: Records, from first: LogPosition, in wanted: Range<LogPosition>, _ bytes: inout [UInt8], _ entries: inout [LogBatch.Entry]) {
        let base = bytes.count
        bytes.append(contentsOf: records.bytes)
        for (index, range) in records.ranges.enumerated() where wanted.contains(first + LogPosition(index)) {
            entries.append(LogBatch.Entry(position: first + LogPosition(index), start: UInt32(base + range.lowerBound), count: UInt32(range.count)))
        }
    }

    /// Where a block stands in the file, header and room for it included.
    func slot(ofBlock block: Int) -> Range<Int> { Int(blockOffsets[block])..<Int(blockOffsets[block + 1]) }

    /// A block packed again after `change` has replaced some of its records; it may be larger than its slot.
    func packed(block: Int, _ change: (LogPosition, ArraySlice<UInt8>) -> [UInt8]?) throws(LogError) -> [UInt8] {
        let records = try decode(block: block)
        let first = positions(ofBlock: block).lowerBound
        let changed = (0..<records.count).map { index in change(first + LogPosition(index), records[index]).map { $0[...] } ?? records[index] }
        let encoder = EncodingDictionary(dictionary.bytes, level: 19)
        let packed: [UInt8]?
        switch format {
        case .plain: packed = SealedBlock.pack(plain: changed, with: encoder)
        case .split:
            var packer = RecordPacker()
            changed.forEach { packer.append($0) }
            packed = SealedBlock.pack(packer, with: encoder)
        }
        guard let packed else { throw damage(block) }
        return packed
    }
}
