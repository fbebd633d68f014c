#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Vocabulary

/// Turns a full open segment into a sealed one.
struct Sealer {
    /// Bytes of records in a block before compression; bench/ has the measurements behind it.
    static let blockBytes = 8192

    /// Records from a position on, at most so many; those that are missing are damaged.
    typealias Reader = (_ from: LogPosition, _ count: Int) throws(LogError) -> (bytes: [UInt8], entries: [LogBatch.Entry])

    /// Writes `count` records from position `first` on as the sealed segment of that name. Its bytes are durable when this returns, its name is not yet.
    static func seal(first: LogPosition, count: Int, folder: String, read: Reader) throws(LogError) -> SealedSegment {
        let path = "\(folder)/\(SegmentName.sealed(first))"
        do throws(LogError) {
            return try seal(first: first, count: count, path: path, read: read)
        } catch {
            // What is half done holds people's records, and an erasure would not reach it.
            unlink(path + ".new")
            throw error
        }
    }

    private static func seal(first: LogPosition, count: Int, path: String, read: Reader) throws(LogError) -> SealedSegment {
        var trainer = DictionaryTrainer()
        let stride = max(1, count / DictionaryTrainer.countedMaximum)
        for index in Swift.stride(from: 0, to: count, by: stride) {
            let (bytes, entries) = try read(first + LogPosition(index), 1)
            if let entry = entries.first { trainer.add(Array(bytes[Int(entry.start)..<Int(entry.start) + Int(entry.count)])) }
        }
        let dictionary = trainer.train()
        let encoder = EncodingDictionary(dictionary, level: 3)

        let file = try LogFile.create(path + ".new")
        var pending: [UInt8] = []
        var written = SealedSegment.headerSize + dictionary.count
        var pendingStart = written
        var offsets: [UInt32] = []
        var firsts: [UInt32] = []
        var block = RecordPacker()
        var blockFirst = 0

        func closeBlock(at next: Int) throws(LogError) {
            guard !block.isEmpty else { return }
            guard let packed = SealedBlock.pack(block, with: encoder) else { throw .damaged(detail: "a block that does not compress") }
            offsets.append(UInt32(written))
            firsts.append(UInt32(blockFirst))
            pending.append(contentsOf: packed)
            written += packed.count
            block.removeAll()
            blockFirst = next
            if pending.count > 1 << 20 {
                try file.write(pending, at: pendingStart)
                pendingStart = written
                pending.removeAll(keepingCapacity: true)
            }
        }

        let lost = EventRecord.erased(type: .track, receivedAt: Timestamp(clamping: 0))
        var index = 0
        while index < count {
            let wanted = min(512, count - index)
            let (bytes, entries) = try read(first + LogPosition(index), wanted)
            var next = entries.makeIterator()
            var entry = next.next()
            for at in index..<index + wanted {
                // A damaged record keeps its place as an erased one, so that the others keep their positions.
                if let found = entry, found.position == first + LogPosition(at) {
                    block.append(bytes[Int(found.start)..<Int(found.start) + Int(found.count)])
                    entry = next.next()
                } else {
                    block.append(lost[...])
                }
                if block.byteCount >= blockBytes { try closeBlock(at: at + 1) }
            }
            index += wanted
        }
        try closeBlock(at: count)
        offsets.append(UInt32(written))
        firsts.append(UInt32(count))

        var table: [UInt8] = []
        for (offset, record) in zip(offsets, firsts) {
            withUnsafeBytes(of: offset.littleEndian) { unsafe table.append(contentsOf: $0) }
            withUnsafeBytes(of: record.littleEndian) { unsafe table.append(contentsOf: $0) }
        }
        let header = SealedSegment.header(first: first, count: count, blocks: offsets.count - 1, dictionary: dictionary, index: written, table: table)
        try file.write(pending + table + dictionary + header, at: pendingStart)
        try file.write(header + dictionary, at: 0)
        try file.sync()
        guard rename(path + ".new", path) == 0 else { throw .last() }
        return SealedSegment(
            file: file, first: first, count: count, blockOffsets: offsets, blockFirsts: firsts, dictionary: dictionary)
    }
}
