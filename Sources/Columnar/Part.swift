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

    /// Its place among the parts; set in views.
    public var number = 0

    public init() {}

    /// - Returns: how many events the table's tail has now.
    public mutating func append(row: Int, time: Int64, position: UInt64, cells: UnsafeBufferPointer<Cell>, to table: Int) -> Int {
        while tables.count <= table { tables.append(nil) }
        if tables[table] == nil { tables[table] = PartTable() }
        return unsafe tables[table]!.tail.append(row: row, time: time, position: position, cells: cells)
    }

    public mutating func setTrait(_ trait: Int, of row: Int, to value: Column.Value, wide: (Int64, Int) -> UInt32) {
        if trait >= traits.count || traits[trait] == nil {
            if value == .none { return }
            while traits.count <= trait { traits.append(nil) }
            traits[trait] = Column()
        }
        traits[trait]!.set(value, at: row, count: RowSet.capacity, wide: wide)
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
