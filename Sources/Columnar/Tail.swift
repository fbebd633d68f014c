import CKernels

/// Events in the order in which they came, not yet sorted: a row each, with its cells.
///
/// A value whose memory is shared by its copies: the newest one appends behind what all older ones read, so that taking a view costs nothing and
/// appending after it copies nothing. One thread appends, under the lock under which copies are taken.
public struct Tail: Sendable {
    /// Where everything stands, for whoever holds the memory: asked for every event, when counting holders would take longer than all else.
    ///
    /// `@unchecked Sendable`: what stands below a copy's count is never written again, and only the thread that appends looks at what is used.
    private struct Room: @unchecked Sendable {
        let capacity: Int
        let cellCapacity: Int
        let rows: UnsafeMutablePointer<UInt16>
        let times: UnsafeMutablePointer<Int64>
        let positions: UnsafeMutablePointer<UInt64>
        /// Where each event's cells end.
        let ends: UnsafeMutablePointer<UInt32>
        let cells: UnsafeMutablePointer<Cell>
        /// How many events the newest copy has.
        let used: UnsafeMutablePointer<Int>
    }
    private final class Memory: Sendable {
        let room: Room

        init(capacity: Int, cellCapacity: Int) {
            unsafe room = Room(
                capacity: capacity, cellCapacity: cellCapacity, rows: .allocate(capacity: capacity), times: .allocate(capacity: capacity), positions: .allocate(capacity: capacity),
                ends: .allocate(capacity: capacity), cells: .allocate(capacity: cellCapacity), used: .allocate(capacity: 1))
            unsafe room.used.initialize(to: 0)
        }

        deinit {
            unsafe room.rows.deallocate()
            unsafe room.times.deallocate()
            unsafe room.positions.deallocate()
            unsafe room.ends.deallocate()
            unsafe room.cells.deallocate()
            unsafe room.used.deallocate()
        }
    }
    private var memory: Memory?
    /// That of `memory`.
    private var room: Room?
    public private(set) var count = 0
    private var cellCount = 0

    public init() {}

    /// As ``export()`` gave them; nothing where they do not fit together.
    public init(rows: [UInt16], times: [Int64], positions: [UInt64], ends: [UInt32], cells: [Cell]) {
        guard rows.count == times.count, rows.count == positions.count, rows.count == ends.count, !rows.isEmpty, Int(ends.last ?? 0) == cells.count else { return }
        guard zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 }) else { return }
        let memory = Memory(capacity: rows.count, cellCapacity: cells.count)
        unsafe memory.room.rows.initialize(from: rows, count: rows.count)
        unsafe memory.room.times.initialize(from: times, count: rows.count)
        unsafe memory.room.positions.initialize(from: positions, count: rows.count)
        unsafe memory.room.ends.initialize(from: ends, count: rows.count)
        unsafe memory.room.cells.initialize(from: cells, count: cells.count)
        unsafe memory.room.used.pointee = rows.count
        hold(memory)
        (count, cellCount) = (rows.count, cells.count)
    }

    private mutating func hold(_ memory: Memory) {
        self.memory = memory
        unsafe room = memory.room
    }

    /// All arrays, to be written into a snapshot.
    public func export() -> (rows: [UInt16], times: [Int64], positions: [UInt64], ends: [UInt32], cells: [Cell]) {
        guard let memory else { return ([], [], [], [], []) }
        return unsafe (
            Array(UnsafeBufferPointer(start: memory.room.rows, count: count)), Array(UnsafeBufferPointer(start: memory.room.times, count: count)),
            Array(UnsafeBufferPointer(start: memory.room.positions, count: count)), Array(UnsafeBufferPointer(start: memory.room.ends, count: count)),
            Array(UnsafeBufferPointer(start: memory.room.cells, count: cellCount))
        )
    }

    public var byteCount: Int { unsafe room.map { unsafe $0.capacity * 22 + $0.cellCapacity * 16 } ?? 0 }

    public func row(_ index: Int) -> Int { unsafe Int(held.room.rows[check(index)]) }
    /// In milliseconds since 1970.
    public func time(_ index: Int) -> Int64 { unsafe held.room.times[check(index)] }
    public func position(_ index: Int) -> UInt64 { unsafe held.room.positions[check(index)] }

    /// Calls `body` with each cell of an event.
    public func eachCell(of index: Int, _ body: (Cell) -> Void) {
        let memory = held
        for place in (index == 0 ? 0 : unsafe Int(memory.room.ends[check(index) - 1]))..<(unsafe Int(memory.room.ends[check(index)])) { unsafe body(memory.room.cells[place]) }
    }

    private var held: Memory {
        guard let memory else { preconditionFailure("an empty tail has no events") }
        return memory
    }
    private func check(_ index: Int) -> Int {
        precondition(index >= 0 && index < count)
        return index
    }

    /// - Returns: how many events there are now.
    @discardableResult
    mutating func append(row: Int, time: Int64, position: UInt64, cells: UnsafeBufferPointer<Cell>) -> Int {
        if !hasRoom(for: cells.count) { makeRoom(for: cells.count) }
        guard let room = unsafe room else { return count }
        unsafe room.rows[count] = UInt16(truncatingIfNeeded: row)
        unsafe room.times[count] = time
        unsafe room.positions[count] = position
        if let source = cells.baseAddress { unsafe (room.cells + cellCount).update(from: source, count: cells.count) }
        cellCount += cells.count
        unsafe room.ends[count] = UInt32(truncatingIfNeeded: cellCount)
        count += 1
        unsafe room.used.pointee = count
        return count
    }

    /// Whether one more event has room behind this copy's, where no other copy has gone on.
    private func hasRoom(for cells: Int) -> Bool {
        guard let room = unsafe room else { return false }
        return unsafe room.used.pointee == count && count < room.capacity && cellCount + cells <= room.cellCapacity
    }

    private mutating func makeRoom(for cells: Int) {
        let larger = Memory(capacity: max(32, count + count / 2), cellCapacity: max(256, max(cellCount + cellCount / 2, cellCount + cells)))
        copy(from: 0, to: larger)
        hold(larger)
    }

    private func copy(from first: Int, to target: Memory) {
        guard let memory, first < count else { return }
        let gone = first == 0 ? 0 : unsafe Int(memory.room.ends[first - 1])
        unsafe target.room.rows.initialize(from: memory.room.rows + first, count: count - first)
        unsafe target.room.times.initialize(from: memory.room.times + first, count: count - first)
        unsafe target.room.positions.initialize(from: memory.room.positions + first, count: count - first)
        unsafe target.room.cells.initialize(from: memory.room.cells + gone, count: cellCount - gone)
        for index in first..<count { unsafe target.room.ends[index - first] = memory.room.ends[index] - UInt32(gone) }
        unsafe target.room.used.pointee = count - first
    }

    /// Takes away the first so many, which a run holds now.
    public mutating func removeFirst(_ gone: Int) {
        guard gone > 0, let memory else { return }
        guard gone < count else {
            self = Tail()
            return
        }
        let cells = cellCount - (unsafe Int(memory.room.ends[gone - 1]))
        // About as many will come before the next time.
        let rest = Memory(capacity: max(32, (count - gone) * 2, count + count / 8), cellCapacity: max(256, cells * 2, cellCount + cellCount / 8))
        copy(from: gone, to: rest)
        hold(rest)
        (count, cellCount) = (count - gone, cells)
    }

    /// The rows that have events here.
    public func rowSet() -> RowSet {
        var set = RowSet()
        for index in 0..<count { set.insert(row(index)) }
        return set
    }

    /// The indices of a row's events, in the order in which they came.
    public func indices(of row: Int) -> [Int] {
        guard let memory, count > 0 else { return [] }
        var found: [Int] = []
        unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: (count + 63) / 64) { words in
            unsafe martlet_equal_16(memory.room.rows, count, UInt16(truncatingIfNeeded: row), words.baseAddress!)
            for index in words.indices {
                var word = unsafe words[index]
                while word != 0 {
                    found.append(index * 64 + word.trailingZeroBitCount)
                    word &= word - 1
                }
            }
        }
        return found
    }
}
