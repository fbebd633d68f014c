public import Vocabulary

extension EventLog {
    /// The events at these positions, in their order; those that are damaged or erased are left out.
    ///
    /// A block is decoded once for all of its neighbours in the list: what one person does in one visit lies close together.
    public func read(_ positions: some Sequence<LogPosition>) throws(LogError) -> [(position: LogPosition, event: EventView)] {
        let positions = Array(positions)
        var found: [(position: LogPosition, event: EventView)] = []
        found.reserveCapacity(positions.count)
        var cached: (segment: SealedSegment, block: Int, records: Records)?
        for (number, position) in positions.enumerated() {
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
