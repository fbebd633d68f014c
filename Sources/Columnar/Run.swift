/// Events of one table in one part, sorted by row, then time, then position; never changed. Which rows have events is always at hand; times, positions
/// and columns are packed while nobody asks for them, see ``Held``.
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
    /// How many events there are.
    public let count: Int
    public let times: Held<EventTimes>
    public let positions: Held<EventPositions>
    public let columns: RunColumns

    /// - Parameters:
    ///   - starts: by slot, and an end.
    ///   - seconds, thousandths, positions: by event.
    public convenience init(rows: RowSet, starts: [UInt32], seconds: [UInt32], thousandths: [UInt16], positions: [UInt64], columns: [Column?]) {
        var oldest: [UInt32] = []
        var newest: [UInt32] = []
        oldest.reserveCapacity(starts.count)
        newest.reserveCapacity(starts.count)
        for slot in 0..<max(0, starts.count - 1) {
            oldest.append(seconds[Int(starts[slot])])
            newest.append(seconds[Int(starts[slot + 1]) - 1])
        }
        self.init(
            rows: rows, starts: starts, oldest: oldest, newest: newest, times: Held(EventTimes(seconds: seconds, thousandths: thousandths)),
            positions: Held(EventPositions(positions)), columns: columns.map { $0.map { Held($0) } })
    }

    /// A run as it was taken down.
    ///
    /// - Parameters:
    ///   - starts: by slot, and an end.
    ///   - oldest, newest: by slot, the seconds of the first and the last event.
    public init(
        rows: RowSet, starts: [UInt32], oldest: [UInt32], newest: [UInt32], times: Held<EventTimes>, positions: Held<EventPositions>, columns: [Held<Column>?]
    ) {
        self.rows = rows
        self.starts = starts
        self.oldest = oldest
        self.newest = newest
        self.times = times
        self.positions = positions
        self.columns = RunColumns(columns)
        count = Int(starts.last ?? 0)
        var ranks: [UInt16] = []
        ranks.reserveCapacity(RowSet.wordCount)
        var before = 0
        for word in rows.words {
            ranks.append(UInt16(before))
            before += word.nonzeroBitCount
        }
        self.ranks = ranks
    }

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
    public func time(_ index: Int) -> Int64 { times.look { $0[index] } }
    public func position(_ index: Int) -> UInt64 { positions.look { $0[index] } }

    /// The same run with what nobody asked for since the last call packed; nil where that is nothing.
    public func resting() -> Run? {
        let (restingTimes, restingPositions, restingColumns) = (times.resting(), positions.resting(), columns.held.map { $0?.resting() })
        let isChanged = restingTimes !== times || restingPositions !== positions || zip(restingColumns, columns.held).contains { $0 !== $1 }
        guard isChanged else { return nil }
        return Run(rows: rows, starts: starts, oldest: oldest, newest: newest, times: restingTimes, positions: restingPositions, columns: restingColumns)
    }

    /// Bytes of memory.
    public var byteCounts: HeldBytes {
        var sum = HeldBytes(plain: 2048 + 512 + starts.count * 12)
        sum += times.byteCounts
        sum += positions.byteCounts
        for column in columns.held { if let column { sum += column.byteCounts } }
        return sum
    }

    /// The nearest time that a run can hold.
    static func clamped(_ time: Int64) -> Int64 { min(max(time, 0), Int64(UInt32.max) * 1000 + 999) }
}
