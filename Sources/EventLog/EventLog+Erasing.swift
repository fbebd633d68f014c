public import Storage
import Synchronization
import Vocabulary

extension EventLog: Eraser {
    public var name: String { "event log" }

    /// Replaces the content of the subject's records, wherever they are, by nothing; every position stays taken.
    public func erase(_ subject: ErasureSubject) throws -> Int {
        try erasing.withLock { _ in
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
        var touched: [OpenSegment] = []
        for (segment, position) in places {
            guard let record = try segment.record(at: position), let event = EventView(record[...]), !event.isErased else { continue }
            try segment.overwrite(at: position, with: EventRecord.erased(type: event.type, receivedAt: event.receivedAt))
            if !touched.contains(where: { $0 === segment }) { touched.append(segment) }
            count += 1
        }
        for segment in touched { try segment.file.sync() }
        return count
    }

    private func eraseSealed(_ blocks: Blocks) throws -> Int {
        var count = 0
        var journal = ErasureJournal()
        for (segment, wanted) in blocks.values {
            var changes: [Int: [UInt8]] = [:]
            for (block, members) in wanted {
                changes[block] = try segment.packed(block: block) { position, bytes in
                    guard members.contains(position), let event = EventView(bytes), !event.isErased else { return nil }
                    count += 1
                    return EventRecord.erased(type: event.type, receivedAt: event.receivedAt)
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
                let fresh = try segment.rewritten(replacing: changes, folder: folder)
                state.withLock { state in
                    if let index = state.segments.firstIndex(where: { $0.first == fresh.first }) { state.segments[index] = .sealed(fresh) }
                }
            }
        }
        try journal.commit(in: folder)
        return count
    }
}
