import CKernels
import Vocabulary

/// The newest message keys in memory: open addressing in the order of the keys' upper bits.
struct MessageTable {
    private var rows: [MessageRow]
    private var shift: Int
    private(set) var count = 0
    /// Behind the last position that was ever put in.
    private var end: LogPosition = 0

    init() { self.init(bits: 10) }

    private init(bits: Int) {
        rows = [MessageRow](repeating: .empty, count: 1 << bits)
        shift = 64 - bits
    }

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
        if count * 2 >= rows.count { grow() }
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
    /// - Parameter keepsRoom: whether as much is to be expected again: growing in steps would hold up senders longer than clearing all of the room at once.
    mutating func take(before end: LogPosition, keepsRoom: Bool) -> MessageTable {
        var taken = self
        self = keepsRoom ? MessageTable(bits: 64 - shift) : MessageTable()
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
        let old = rows
        rows = [MessageRow](repeating: .empty, count: old.count * 2)
        shift -= 1
        for row in old where !row.isEmpty { place(row) }
    }

    /// In ascending order of the key.
    func sorted() -> [MessageRow] {
        rows.filter { !$0.isEmpty }.sorted { ($0.high, $0.rest) < ($1.high, $1.rest) }
    }
}
