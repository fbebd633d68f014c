import CKernels
import Vocabulary

/// The newest message keys in memory: open addressing in the order of the keys' upper bits.
struct MessageTable {
    private var rows: [MessageRow]
    private var shift: Int
    private(set) var count = 0
    /// Behind the last position that was ever put in.
    private var end: LogPosition = 0

    init() { self.init(room: MessageTable.room(bits: 10)) }

    /// - Parameter room: as ``room(for:)`` or ``takeRoom()`` gave it.
    init(room: [MessageRow]) {
        rows = room
        shift = 64 - room.count.trailingZeroBitCount
    }

    /// Empty rows for so many keys. To make it takes long where memory is touched for the first time: 70 ms for a million keys, measured on a virtual machine.
    static func room(for keys: Int) -> [MessageRow] { room(bits: max(10, Int.bitWidth - max(1, keys * 2 - 1).leadingZeroBitCount)) }

    private static func room(bits: Int) -> [MessageRow] { [MessageRow](repeating: .empty, count: 1 << bits) }

    /// Gives its room away, emptied.
    mutating func takeRoom() -> [MessageRow] {
        var room: [MessageRow] = []
        swap(&room, &rows)
        self = MessageTable()
        room.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: .empty) }
        return room
    }

    /// How many keys its room is meant for.
    var capacity: Int { rows.count / 2 }

    func find(_ key: MessageKey) -> LogPosition? {
        var slot = Int(key.high >> shift)
        while !rows[slot].isEmpty {
            if rows[slot].matches(key) { return rows[slot].position }
            slot = (slot + 1) & (rows.count - 1)
        }
        return nil
    }

    /// Has the place of a key fetched that will be looked for soon: each waits for memory, and so they wait side by side.
    func prefetch(_ key: MessageKey) { rows.withUnsafeBufferPointer { unsafe martlet_prefetch($0.baseAddress! + Int(key.high >> shift)) } }

    /// The caller has looked: the key is not here.
    mutating func insert(_ key: MessageKey, _ position: LogPosition) {
        // Somewhat above what it is meant for, as while the last is still being written.
        if count * 4 >= rows.count * 3 { grow() }
        place(MessageRow(key, position))
        count += 1
        end = max(end, position + 1)
    }

    /// Takes back what a failed write had claimed.
    mutating func remove(_ keys: [MessageKey]) {
        let gone = Set(keys)
        let kept = rows.filter { row in !row.isEmpty && !gone.contains(row.key) }
        rows = [MessageRow](repeating: .empty, count: rows.count)
        for row in kept { place(row) }
        count = kept.count
    }

    /// Takes out what stands before `end`; what was claimed beyond it stays.
    ///
    /// - Parameter room: for what comes now.
    mutating func take(before end: LogPosition, room: [MessageRow]) -> MessageTable {
        var taken = self
        self = MessageTable(room: room)
        guard taken.end > end else { return taken }
        let young = taken.rows.filter { !$0.isEmpty && $0.position >= end }
        guard !young.isEmpty else { return taken }
        taken.remove(young.map(\.key))
        for row in young { insert(row.key, row.position) }
        return taken
    }

    private mutating func place(_ row: MessageRow) {
        var slot = Int(row.high >> shift)
        while !rows[slot].isEmpty { slot = (slot + 1) & (rows.count - 1) }
        rows[slot] = row
    }

    private mutating func grow() {
        var room = MessageTable.room(for: rows.count)
        move(into: &room)
    }

    /// Goes on in a larger room, and leaves its own in exchange: nobody else may hold the room, or it would be copied.
    mutating func move(into room: inout [MessageRow]) {
        swap(&rows, &room)
        shift = 64 - rows.count.trailingZeroBitCount
        for row in room where !row.isEmpty { place(row) }
    }

    /// In ascending order of the key.
    func sorted() -> [MessageRow] {
        var sorted: [MessageRow] = []
        sorted.reserveCapacity(count)
        for row in rows where !row.isEmpty { sorted.append(row) }
        sorted.sort { ($0.high, $0.rest) < ($1.high, $1.rest) }
        return sorted
    }
}
