#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Vocabulary

/// Turns a full open segment into a sealed one; the open file is removed once the sealed one is durable under its name.
struct Sealer {
    /// Bytes of records in a block before compression; bench/ has the measurements behind it.
    static let blockBytes = 4096

    static func seal(_ segment: OpenSegment, count: Int, folder: String) throws(LogError) -> SealedSegment {
        var trainer = DictionaryTrainer()
        let stride = max(1, count / DictionaryTrainer.sampleMaximum)
        for index in Swift.stride(from: 0, to: count, by: stride) {
            if let record = try segment.record(at: segment.first + LogPosition(index)) { trainer.add(record) }
        }
        let dictionary = trainer.train()
        let encoder = EncodingDictionary(dictionary, level: 1)

        let path = "\(folder)/\(SegmentName.sealed(segment.first))"
        let file = try LogFile.create(path + ".new")
        var pending: [UInt8] = []
        var written = SealedSegment.headerSize + dictionary.count
        var pendingStart = written
        var offsets: [UInt32] = []
        var firsts: [UInt32] = []
        var block: [UInt8] = []
        var blockFirst = 0

        func closeBlock(at next: Int) throws(LogError) {
            guard !block.isEmpty else { return }
            guard let packed = SealedSegment.pack(block, with: encoder) else { throw .damaged(detail: "a block that does not compress") }
            offsets.append(UInt32(written))
            firsts.append(UInt32(blockFirst))
            pending.append(contentsOf: packed)
            written += packed.count
            block.removeAll(keepingCapacity: true)
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
            let (bytes, entries) = try segment.records(from: segment.first + LogPosition(index), count: wanted)
            var next = entries.makeIterator()
            var entry = next.next()
            for at in index..<index + wanted {
                // A damaged record keeps its place as an erased one, so that the others keep their positions.
                if let found = entry, found.position == segment.first + LogPosition(at) {
                    SealedSegment.appendVarint(Int(found.count), to: &block)
                    block.append(contentsOf: bytes[Int(found.start)..<Int(found.start) + Int(found.count)])
                    entry = next.next()
                } else {
                    SealedSegment.appendVarint(lost.count, to: &block)
                    block.append(contentsOf: lost)
                }
                if block.count >= blockBytes { try closeBlock(at: at + 1) }
            }
            index += wanted
        }
        try closeBlock(at: count)
        offsets.append(UInt32(written))
        firsts.append(UInt32(count))

        try file.write(pending, at: pendingStart)
        try file.write(dictionary, at: SealedSegment.headerSize)
        return try SealedSegment.finish(
            file, path: path, folder: folder, first: segment.first, count: count, blockOffsets: offsets, blockFirsts: firsts, dictionary: dictionary)
    }
}
