public import Storage
import Synchronization
import Vocabulary

extension EventLog: Eraser {
    public var name: String { "event log" }

    /// Replaces the content of the subject's records, wherever they are, by nothing; every position stays taken.
    public func erase(_ subject: ErasureSubject) throws -> Int {
        try erasing.withLock { _ in
            try finishNames()
            // Of an erasure that failed: its blocks stand as it meant them before anything else is moved.
            try ErasureJournal.finish(in: folder)
            let (open, sealed) = places(subject.positions)
            return try eraseOpen(open) + eraseSealed(sealed)
        }
    }

    private typealias Blocks = [LogPosition: (segment: SealedSegment, members: [Int: Set<LogPosition>])]

    private func places(_ positions: [LogPosition]) -> (open: [(OpenSegment, LogPosition)], sealed: Blocks) {
        var open: [(OpenSegment, LogPosition)] = []
        var blocks: Blocks = [:]
        for position in positions {
            switch segment(of: position) {
            case .open(let segment): open.append((segment, position))
            case .sealed(let segment):
                if let block = segment.block(of: position) { blocks[segment.first, default: (segment, [:])].members[block, default: []].insert(position) }
            case nil: continue
            }
        }
        return (open, blocks)
    }

    private func eraseOpen(_ places: [(OpenSegment, LogPosition)]) throws -> Int {
        var count = 0
        var files: [LogPosition: LogFile] = [:]
        for (segment, position) in places {
            guard let record = try segment.record(at: position), let event = EventView(record[...]) else { continue }
            // What reads as erased is written again: a sync that failed may have left the old bytes on the disk.
            if !event.isErased { count += 1 }
            let file = try files[segment.first] ?? LogFile.existing(segment.path)
            files[segment.first] = file
            try segment.overwrite(at: position, with: EventRecord.erased(type: event.type, receivedAt: event.receivedAt), through: file)
        }
        for file in files.values { try file.sync() }
        return count
    }

    private func eraseSealed(_ blocks: Blocks) throws -> Int {
        var count = 0
        var journal = ErasureJournal()
        for (segment, wanted) in blocks.values {
            let erased = Set(wanted.values.joined())
            if try mayHaveTaughtDictionary(erased, in: segment) {
                try reseal(segment, without: erased)
                count += erased.count
                continue
            }
            var changes: [Int: [UInt8]] = [:]
            for (block, members) in wanted {
                let packed = repacked(block, of: segment) { position, bytes in
                    guard members.contains(position), let event = EventView(bytes), !event.isErased else { return nil }
                    count += 1
                    return EventRecord.erased(type: event.type, receivedAt: event.receivedAt)
                }
                switch packed {
                case .success(let bytes): changes[block] = bytes
                case .failure(.damaged):
                    // Nobody can read it any more, and it may still hold what is to be forgotten: the whole block goes.
                    changes[block] = []
                case .failure(let error): throw error
                }
            }
            if changes.allSatisfy({ $0.value.count <= segment.slot(ofBlock: $0.key).count }) {
                for (block, bytes) in changes {
                    let slot = segment.slot(ofBlock: block)
                    journal.add(
                        file: SegmentName.sealed(segment.first), offset: slot.lowerBound, bytes: bytes + [UInt8](repeating: 0, count: slot.count - bytes.count))
                }
            } else {
                // A record may have leaned on the text of an erased neighbour, so that a block can grow: then the file is written anew.
                try reseal(segment, without: erased)
            }
        }
        try journal.commit(in: folder)
        return count
    }

    /// A result, since catching one case of a typed error crashes the compiler of Swift 6.3.1.
    private func repacked(_ block: Int, of segment: SealedSegment, _ change: (LogPosition, ArraySlice<UInt8>) -> [UInt8]?) -> Result<[UInt8], LogError> {
        do throws(LogError) { return .success(try segment.packed(block: block, change)) } catch { return .failure(error) }
    }

    /// Whether one person's events count as twenty people's in a segment, so that its dictionary may hold what only they sent.
    private func mayHaveTaughtDictionary(_ positions: Set<LogPosition>, in sealed: SealedSegment) throws(LogError) -> Bool {
        var names: Set<[UInt8]> = []
        for position in positions {
            let (bytes, entries) = try sealed.readable(from: position, count: 1)
            guard let entry = entries.first, let event = EventView(bytes[Int(entry.start)..<Int(entry.start) + Int(entry.count)]), let name = event.field(.userId) ?? event.field(.anonymousId) else { continue }
            names.insert(Array(name))
            if names.count >= DictionaryTrainer.peopleMinimum { return true }
        }
        return false
    }

    /// Writes a sealed segment anew, without these records' content and with a dictionary that never saw it, and puts it in the old one's place.
    private func reseal(_ sealed: SealedSegment, without erased: Set<LogPosition>) throws {
        let fresh = try Sealer.seal(first: sealed.first, count: sealed.count, folder: folder) { (from, count) throws(LogError) in
            let (bytes, entries) = try sealed.readable(from: from, count: count)
            var out: [UInt8] = []
            var kept: [LogBatch.Entry] = []
            for entry in entries {
                var record = Array(bytes[Int(entry.start)..<Int(entry.start) + Int(entry.count)])
                if erased.contains(entry.position), let event = EventView(record[...]) {
                    record = EventRecord.erased(type: event.type, receivedAt: event.receivedAt)
                }
                kept.append(LogBatch.Entry(position: entry.position, start: UInt32(out.count), count: UInt32(record.count)))
                out.append(contentsOf: record)
            }
            return (out, kept)
        }
        try put(fresh)
    }
}
