import Columnar
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Cells on their way from an event into its table.
///
/// A class over plain memory: an array would be checked for other owners at every cell.
final class CellList {
    private(set) var cells: UnsafeMutablePointer<Cell>
    private(set) var count = 0
    private var capacity = 256

    init() { unsafe cells = .allocate(capacity: 256) }
    deinit { unsafe cells.deallocate() }

    @inline(__always)
    func append(_ cell: Cell) {
        if count == capacity { grow() }
        unsafe cells[count] = cell
        count += 1
    }

    private func grow() {
        let larger = UnsafeMutablePointer<Cell>.allocate(capacity: capacity * 2)
        unsafe larger.initialize(from: cells, count: count)
        unsafe cells.deallocate()
        unsafe cells = larger
        capacity *= 2
    }

    func removeAll() { count = 0 }
    var all: UnsafeBufferPointer<Cell> { unsafe UnsafeBufferPointer(start: cells, count: count) }
}

/// What a reader remembers of the members that it has met, each with the value that was read last.
///
/// Plain memory of fixed places, since every byte of every event passes here.
final class MemberMemory {
    /// Longer values are not compared with the one before.
    static let lastMaximum = 96
    static let lastCellsMaximum = 6

    struct Member: BitwiseCopyable {
        /// As it stands in the JSON, with the quotes and the colon behind.
        let key: UnsafeMutablePointer<UInt8>
        let keyCount: Int
        /// What came behind it the last time.
        var next = -1
        /// -1 for one that is not known yet, -2 for none.
        var column = -1
        var dictionary: Unmanaged<ValueDictionary>?
        /// The object that this member's value is.
        var object = -1
        /// The value that was read last, as it stood in the JSON, and its cells.
        let last: UnsafeMutablePointer<UInt8>
        /// 0 where it was too long to be kept.
        var lastCount = 0
        let lastCells: UnsafeMutablePointer<Cell>
        var lastCellCount = 0

        @inline(__always)
        func hasKey(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
            unsafe start + keyCount <= bytes.count && memcmp(key, bytes.baseAddress! + start, keyCount) == 0
        }

        /// Whether a value says what the last one said, and ends where that one ended.
        @inline(__always)
        func saysTheSame(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
            let end = start + lastCount
            guard lastCount > 0, end < bytes.count, unsafe bytes[end] == 0x2c || bytes[end] == 0x7d else { return false }
            return unsafe memcmp(last, bytes.baseAddress! + start, lastCount) == 0
        }

        @inline(__always)
        func eachLastCell(_ body: (Cell) -> Void) { for index in 0..<lastCellCount { unsafe body(lastCells[index]) } }

        mutating func remember(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ cells: CellList, from first: Int) {
            guard range.count <= MemberMemory.lastMaximum, cells.count - first <= MemberMemory.lastCellsMaximum else {
                lastCount = 0
                return
            }
            lastCount = range.count
            unsafe last.update(from: bytes.baseAddress! + range.lowerBound, count: range.count)
            lastCellCount = cells.count - first
            unsafe lastCells.update(from: cells.cells + first, count: lastCellCount)
        }
    }

    private var members: UnsafeMutablePointer<Member>
    private var count = 0
    private var capacity = 16

    init() { unsafe members = .allocate(capacity: 16) }

    deinit {
        for index in 0..<count {
            unsafe members[index].key.deallocate()
            unsafe members[index].last.deallocate()
            unsafe members[index].lastCells.deallocate()
        }
        unsafe members.deallocate()
    }

    @inline(__always)
    subscript(index: Int) -> Member {
        unsafeAddress { unsafe UnsafePointer(members + index) }
        unsafeMutableAddress { unsafe members + index }
    }

    /// - Returns: its number.
    func add(key: [UInt8]) -> Int {
        if count == capacity {
            let larger = UnsafeMutablePointer<Member>.allocate(capacity: capacity * 2)
            unsafe larger.initialize(from: members, count: count)
            unsafe members.deallocate()
            unsafe members = larger
            capacity *= 2
        }
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: key.count)
        unsafe copy.initialize(from: key, count: key.count)
        unsafe (members + count).initialize(
            to: Member(key: copy, keyCount: key.count, last: .allocate(capacity: MemberMemory.lastMaximum), lastCells: .allocate(capacity: MemberMemory.lastCellsMaximum)))
        count += 1
        return count - 1
    }
}
