/// Bytes one behind another, in memory that grows with them.
struct Output: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>?
    private(set) var count = 0
    private var capacity = 0

    init() { unsafe base = nil }

    init(capacity: Int) {
        self.init()
        grow(by: capacity)
    }

    deinit { unsafe base?.deallocate() }

    subscript(place: Int) -> UInt8 {
        precondition(place >= 0 && place < count, "a place that was written")
        // SAFETY: what was written has a base.
        return unsafe base.unsafelyUnwrapped[place]
    }

    var bytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: base, count: count)) }

    mutating func removeAll() { count = 0 }

    mutating func removeAll(from start: Int) {
        precondition(start >= 0 && start <= count, "a place that was written")
        count = start
    }

    /// Keeps what was written from a place on.
    func keep(from start: Int = 0, in arena: inout Arena) -> Text {
        precondition(start >= 0 && start <= count, "a place that was written")
        guard let base = unsafe base else { return Text() }
        return unsafe arena.keep(UnsafeBufferPointer(start: base + start, count: count - start))
    }

    // MARK: - Writing

    @inline(never)
    private mutating func grow(by room: Int) {
        capacity = max(2 * capacity, count + room)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        if let base = unsafe base {
            unsafe larger.update(from: base, count: count)
            unsafe base.deallocate()
        }
        unsafe base = larger
    }

    /// Room for so many more bytes, whose number is known only to the caller.
    @inline(__always)
    private mutating func end(_ room: Int) -> UnsafeMutablePointer<UInt8> {
        if capacity - count < room { grow(by: room) }
        // SAFETY: what has room has a base, and `room` bytes from `count` on belong to it.
        return unsafe base.unsafelyUnwrapped + count
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        unsafe end(1).pointee = byte
        count += 1
    }

    @inline(__always)
    mutating func append(_ text: Text) { unsafe text.withContiguousStorageIfAvailable { unsafe append($0) } }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append($0) }
    }

    @inline(__always)
    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let first = bytes.baseAddress else { return }
        unsafe end(bytes.count).update(from: first, count: bytes.count)
        count += bytes.count
    }

    mutating func append(_ byte: UInt8, times: Int) {
        for _ in 0..<max(0, times) { append(byte) }
    }

    /// A number by its digits, after zeros where it has fewer than `width`.
    mutating func append(digits value: UInt64, width: Int = 1) {
        var (length, bound) = (1, value / 10)
        while bound > 0 {
            length += 1
            bound /= 10
        }
        length = max(length, width)
        let end = unsafe end(length)
        var rest = value
        for place in stride(from: length - 1, through: 0, by: -1) {
            unsafe end[place] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
            rest /= 10
        }
        count += length
    }
}
