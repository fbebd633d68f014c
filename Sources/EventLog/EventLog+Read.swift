import Synchronization
public import Vocabulary

extension EventLog {
    /// The events at these positions, in their order; those that are damaged or erased are left out.
    ///
    /// A block is decoded once for all of its neighbours in the list: what one person does in one visit lies close together.
    public func read(_ positions: some Sequence<LogPosition>) throws(LogError) -> [(position: LogPosition, event: EventView)] {
        let positions = Array(positions)
        // Somebody waits for a page of them; who reads thousands has patience. Where others read too, each processor has its own.
        guard EventLog.shared.contains(positions.count) else { return try read(positions[...]) }
        defer { EventLog.readers.subtract(1, ordering: .relaxed) }
        guard EventLog.readers.add(1, ordering: .relaxed).newValue == 1 else { return try read(positions[...]) }
        let middle = positions.count / 2
        let rest = SharedHalf(offeredTo: EventLog.reader) { [self] in Result { () throws(LogError) in try read(positions[middle...]) } }
        let first = Result { () throws(LogError) in try read(positions[..<middle]) }
        // Waited for in any case: it reads files.
        let second = rest.value()
        return try first.get() + second.get()
    }

    /// From so many on, a second thread reads half of them: decoding blocks is most of a profile's answer.
    private static let shared = 16...1000
    private static let readers = Atomic(0)
    private static let reader = BackgroundWorker(name: "martlet-read")

    private func read(_ positions: ArraySlice<LogPosition>) throws(LogError) -> [(position: LogPosition, event: EventView)] {
        var found: [(position: LogPosition, event: EventView)] = []
        found.reserveCapacity(positions.count)
        var cached: (segment: SealedSegment, block: Int, records: Records)?
        for (number, position) in zip(positions.indices, positions) {
            guard let segment = segment(of: position) else { continue }
            switch segment {
            case .open(let open):
                if let record = try open.record(at: position), let event = EventView(record[...]), !event.isErased { found.append((position, event)) }
            case .sealed(let sealed):
                guard let block = sealed.block(of: position) else { continue }
                if cached?.segment !== sealed || cached?.block != block || Int(position - sealed.positions(ofBlock: block).lowerBound) >= cached?.records.count ?? 0 {
                    // What stands behind the last of them is not unpacked.
                    let within = sealed.positions(ofBlock: block)
                    let last = positions[number...].prefix { within.contains($0) }.max() ?? position
                    guard let records = decoded(block, of: sealed, limit: Int(last - within.lowerBound) + 1) else { continue }
                    cached = (sealed, block, records)
                }
                guard let cached else { continue }
                let index = Int(position - sealed.positions(ofBlock: block).lowerBound)
                if index < cached.records.count, let event = EventView(cached.records[index]), !event.isErased { found.append((position, event)) }
            }
        }
        return found
    }

    /// A block, nil when it is damaged, which is noted.
    private func decoded(_ block: Int, of sealed: SealedSegment, limit: Int) -> Records? {
        do throws(LogError) { return try sealed.decode(block: block, limit: limit) } catch {
            met(error)
            return nil
        }
    }
}
