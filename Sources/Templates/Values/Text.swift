/// UTF-8 in an arena.
typealias Text = View<UInt8>

extension View where Element == UInt8 {
    var string: String { String(decoding: self, as: UTF8.self) }

    /// Whether every byte is the same: texts that look alike but are written with other code points are not.
    @inline(__always)
    func isSame(as other: Text) -> Bool {
        guard count == other.count else { return false }
        if count >= 8 {
            for index in stride(from: 0, to: count - 8, by: 8) where word(index) != other.word(index) { return false }
            return word(count - 8) == other.word(count - 8)
        }
        return shortWord == other.shortWord
    }

    /// All of at most 8 bytes, so that no other text of this length has the same.
    @inline(__always)
    private var shortWord: UInt64 {
        if count >= 4 { return UInt64(half(0)) | UInt64(half(count - 4)) << 32 }
        if count == 0 { return 0 }
        return UInt64(self[0]) | UInt64(self[count / 2]) << 8 | UInt64(self[count - 1]) << 16
    }

    /// Different for nearly all texts that differ.
    @inline(__always)
    func hash(seed: UInt64) -> UInt32 {
        var state = seed ^ UInt64(count)
        if count > 8 { for index in stride(from: 0, to: count - 8, by: 8) { state = Text.mixed(state ^ word(index)) } }
        return UInt32(truncatingIfNeeded: Text.mixed(state ^ (count >= 8 ? word(count - 8) : shortWord)))
    }

    @inline(__always)
    private static func mixed(_ value: UInt64) -> UInt64 {
        let (high, low) = value.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        return high ^ low
    }

    var isASCII: Bool { allSatisfy { $0 < 0x80 } }

    /// Of code points.
    var scalarCount: Int { reduce(into: 0) { if $1 & 0xc0 != 0x80 { $0 += 1 } } }

    /// How many bytes the first code points take, all bytes where there are no more of them.
    func bytes(ofScalars count: Int) -> Int {
        var (left, index) = (count, 0)
        while index < self.count {
            if self[index] & 0xc0 != 0x80 {
                if left <= 0 { return index }
                left -= 1
            }
            index += 1
        }
        return index
    }

    func prefix(scalars count: Int) -> Text { cut(0..<bytes(ofScalars: count)) }

    func dropped(scalars count: Int) -> Text { dropped(bytes: bytes(ofScalars: count)) }

    func dropped(bytes count: Int) -> Text { cut(count..<self.count) }

    /// The last code point.
    var lastScalar: Text {
        var start = Swift.max(0, count - 1)
        while start > 0, self[start] & 0xc0 == 0x80 { start -= 1 }
        return cut(start..<count)
    }

    /// Without the blanks at its ends. Ruby's `strip` takes NUL for a blank too.
    func trimmed(left: Bool = true, right: Bool = true) -> Text {
        var (start, end) = (0, count)
        while left, start < end, Ascii.isBlank(self[start]) || self[start] == 0 { start += 1 }
        while right, start < end, Ascii.isBlank(self[end - 1]) || self[end - 1] == 0 { end -= 1 }
        return cut(start..<end)
    }

    func contains(_ other: Text) -> Bool { Ascii.find(other, in: self) != nil }
}

/// The name of a member, with what makes it quick to find.
struct Key: BitwiseCopyable {
    let text: Text
    let hash: UInt32

    @inline(__always)
    init(_ text: Text) {
        self.text = text
        hash = text.hash(seed: Key.seed)
    }

    @inline(__always)
    func isSame(as other: Key) -> Bool { hash == other.hash && text.isSame(as: other.text) }

    /// Not the same in any two processes, so that nobody can send names that collide.
    private static let seed = UInt64.random(in: .min ... .max)
}
