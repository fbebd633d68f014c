/// Events of one table in one part, sorted by row, then time, then position; never changed.
///
/// Times outside 1970 to 2106 stand at the nearest end. Rows with events are numbered without gaps as slots, so that a question touches only them.
public final class Run: Sendable {
    /// Which rows have events.
    public let rows: RowSet
    /// For each word of `rows`, how many rows lie before it.
    let ranks: [UInt16]
    /// Where each slot's events begin, and an end.
    public let starts: [UInt32]
    /// The seconds of each slot's first and last event.
    public let oldest: [UInt32]
    public let newest: [UInt32]
    public let seconds: [UInt32]
    public let thousandths: [UInt16]
    private let positionLows: [UInt32]
    /// Nil while no position needs more than 32 bits.
    private let positionHighs: [UInt8]?
    /// By column number; nil where no event of the run has the property.
    public let columns: [Column?]

    /// - Parameters:
    ///   - starts: by slot, and an end.
    ///   - seconds, thousandths, positions: by event.
    public init(rows: RowSet, starts: [UInt32], seconds: [UInt32], thousandths: [UInt16], positions: [UInt64], columns: [Column?]) {
        self.rows = rows
        self.starts = starts
        self.seconds = seconds
        self.thousandths = thousandths
        self.columns = columns
        positionLows = positions.map { UInt32(truncatingIfNeeded: $0) }
        positionHighs = positions.contains { $0 > UInt64(UInt32.max) } ? positions.map { UInt8(truncatingIfNeeded: $0 >> 32) } : nil
        var ranks: [UInt16] = []
        ranks.reserveCapacity(RowSet.wordCount)
        var before = 0
        for word in rows.words {
            ranks.append(UInt16(before))
            before += word.nonzeroBitCount
        }
        self.ranks = ranks
        var oldest: [UInt32] = []
        var newest: [UInt32] = []
        oldest.reserveCapacity(starts.count)
        newest.reserveCapacity(starts.count)
        for slot in 0..<max(0, starts.count - 1) {
            oldest.append(seconds[Int(starts[slot])])
            newest.append(seconds[Int(starts[slot + 1]) - 1])
        }
        self.oldest = oldest
        self.newest = newest
    }

    public var count: Int { seconds.count }
    public var slotCount: Int { starts.count - 1 }
    /// The most events of one slot.
    var longest: Int {
        var most = 0
        for slot in 0..<max(0, slotCount) { most = max(most, Int(starts[slot + 1] - starts[slot])) }
        return most
    }

    /// The slot of a row that has events here.
    public func slot(of row: Int) -> Int? {
        let word = rows.words[row >> 6]
        let bit: UInt64 = 1 << UInt64(row & 63)
        guard word & bit != 0 else { return nil }
        return Int(ranks[row >> 6]) + (word & (bit &- 1)).nonzeroBitCount
    }

    public func events(ofSlot slot: Int) -> Range<Int> { Int(starts[slot])..<Int(starts[slot + 1]) }

    /// Whether a slot has an event inside the bounds.
    public func hasEvent(_ slot: Int, in bounds: TimeBounds) -> Bool { withLoop { !$0.range(slot, bounds).isEmpty } }

    /// A slot's events inside the bounds.
    public func events(ofSlot slot: Int, in bounds: TimeBounds) -> Range<Int> { withLoop { $0.range(slot, bounds) } }

    /// In milliseconds since 1970.
    public func time(_ index: Int) -> Int64 { Int64(seconds[index]) * 1000 + Int64(thousandths[index]) }
    public func position(_ index: Int) -> UInt64 { UInt64(positionLows[index]) | UInt64(positionHighs?[index] ?? 0) << 32 }

    public var byteCount: Int {
        var total = 2048 + 512 + starts.count * 12 + seconds.count * 10 + (positionHighs?.count ?? 0)
        for column in columns { total += column?.byteCount ?? 0 }
        return total
    }

    /// The nearest time that a run can hold.
    static func clamped(_ time: Int64) -> Int64 { min(max(time, 0), Int64(UInt32.max) * 1000 + 999) }
}
