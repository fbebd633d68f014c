/// A part of all rows (16,384 of them): for each table what is known of each row's events, and the current traits.
///
/// A value: whoever holds a copy reads a state that nothing changes any more, and the writer copies only what it then touches.
public struct Part: Sendable {
    /// Rows that are somebody: taken, neither merged away nor erased.
    public var alive = RowSet()
    /// By table number; nil where no row of the part has an event of the table.
    public var tables: [PartTable?] = []
    /// By row: a number given with the row's first event and kept for ever, the older of two where rows merged.
    public var born: [UInt64] = []
    /// By trait number; nil where no row of the part has the trait.
    public var traits: [Column?] = []

    public init() {}

    public mutating func append(row: Int, time: Int64, position: UInt64, cells: ArraySlice<Cell>, to table: Int) {
        while tables.count <= table { tables.append(nil) }
        if tables[table] == nil { tables[table] = PartTable() }
        tables[table]!.tail.append(row: row, time: time, position: position, cells: cells)
    }

    public mutating func setTrait(_ trait: Int, of row: Int, to value: Column.Value, wide: (Int64, Int) -> UInt32) {
        if trait >= traits.count || traits[trait] == nil {
            if value == .none { return }
            while traits.count <= trait { traits.append(nil) }
            traits[trait] = Column()
        }
        traits[trait]!.set(value, at: row, count: RowSet.capacity, wide: wide)
    }

    public var byteCount: Int {
        var total = 4096
        for table in tables { total += (table?.run?.byteCount ?? 0) + (table?.tail.byteCount ?? 0) }
        for trait in traits { total += trait?.byteCount ?? 0 }
        return total
    }
}

/// The events of one table in one part: most of them sorted, the newest not yet.
public struct PartTable: Sendable {
    public var run: Run?
    public var tail = Tail()

    public init() {}
}

/// One property of one event on its way into a column.
public struct Cell: BitwiseCopyable, Sendable {
    /// A dictionary code, or a whole number of 10^-scale.
    public let value: Int64
    public let column: UInt16
    public let scale: UInt8
    public let isNumber: Bool

    public init(code: UInt32, column: UInt16) { (value, self.column, scale, isNumber) = (Int64(code), column, 0, false) }
    public init(number: Int64, scale: UInt8, column: UInt16) { (value, self.column, self.scale, isNumber) = (number, column, scale, true) }
}

/// Events in the order in which they came, not yet sorted: a row each, with its cells.
public struct Tail: Sendable {
    public private(set) var rows: [UInt16] = []
    /// In milliseconds since 1970.
    public private(set) var times: [Int64] = []
    public private(set) var positions: [UInt64] = []
    private var ends: [UInt32] = []
    private var cells: [Cell] = []

    public init() {}

    /// As ``export()`` gave them; nothing where they do not fit together.
    public init(rows: [UInt16], times: [Int64], positions: [UInt64], ends: [UInt32], cells: [Cell]) {
        guard rows.count == times.count, rows.count == positions.count, rows.count == ends.count, Int(ends.last ?? 0) == cells.count else { return }
        self.rows = rows
        self.times = times
        self.positions = positions
        self.ends = ends
        self.cells = cells
    }

    /// All arrays, to be written into a snapshot.
    public func export() -> (rows: [UInt16], times: [Int64], positions: [UInt64], ends: [UInt32], cells: [Cell]) { (rows, times, positions, ends, cells) }

    public var count: Int { rows.count }
    public var byteCount: Int { rows.count * 22 + cells.count * 16 }

    mutating func append(row: Int, time: Int64, position: UInt64, cells new: ArraySlice<Cell>) {
        rows.append(UInt16(truncatingIfNeeded: row))
        times.append(time)
        positions.append(position)
        cells.append(contentsOf: new)
        ends.append(UInt32(cells.count))
    }

    public func cells(of index: Int) -> ArraySlice<Cell> { cells[(index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])] }

    /// Takes away the first so many, which a run holds now.
    public mutating func removeFirst(_ count: Int) {
        guard count > 0 else { return }
        if count == rows.count {
            self = Tail()
            return
        }
        let gone = ends[count - 1]
        rows.removeFirst(count)
        times.removeFirst(count)
        positions.removeFirst(count)
        cells.removeFirst(Int(gone))
        ends.removeFirst(count)
        for index in ends.indices { ends[index] -= gone }
    }

    /// The rows that have events here, among `wanted`.
    public func rowSet() -> RowSet {
        var set = RowSet()
        for row in rows { set.insert(Int(row)) }
        return set
    }

    /// The indices of a row's events, in the order in which they came.
    public func indices(of row: Int) -> [Int] {
        let wanted = UInt16(truncatingIfNeeded: row)
        return rows.indices.filter { rows[$0] == wanted }
    }
}
