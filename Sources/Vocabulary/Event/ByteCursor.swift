/// Reads bytes from a buffer and never beyond it.
public struct ByteCursor {
    private let p: UnsafeRawBufferPointer
    public private(set) var index: Int

    public init(_ p: UnsafeRawBufferPointer, at index: Int = 0) {
        unsafe self.p = p
        self.index = index
    }

    var isAtEnd: Bool { unsafe index == p.count }

    public mutating func byte() -> UInt8? {
        guard unsafe index < p.count else { return nil }
        defer { index += 1 }
        return unsafe p[index]
    }

    /// A number of at most 63 bits, seven in each byte.
    public mutating func varint() -> Int? { word().flatMap { Int(exactly: $0) } }

    /// A number that may be negative, as a zigzag varint.
    mutating func difference() -> Int64? { word().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) } }

    private mutating func word() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64, let byte = byte() {
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    public mutating func skip(_ count: Int) -> Bool {
        guard unsafe count <= p.count - index else { return false }
        index += count
        return true
    }

    public mutating func bytes(_ count: Int) -> UnsafeRawBufferPointer? {
        let start = index
        return skip(count) ? unsafe bytes(from: start, to: start + count) : nil
    }

    /// Bytes that were passed.
    func bytes(from start: Int, to end: Int) -> UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(rebasing: p[start..<end]) }
}
