/// Questions about texts that only their ASCII bytes answer.
enum Ascii {
    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0d }

    static func trimmed(_ text: String) -> String {
        let bytes = text.utf8
        var (start, end) = (bytes.startIndex, bytes.endIndex)
        while start < end, isBlank(bytes[start]) { start = bytes.index(after: start) }
        while start < end, case let before = bytes.index(before: end), isBlank(bytes[before]) { end = before }
        return String(text[start..<end])
    }

    /// Digits with a sign before them; with a point between digits where it is asked for.
    static func isNumber(_ text: Text, withPoint: Bool) -> Bool {
        var (digits, points, last) = (0, 0, UInt8(0))
        for (index, byte) in text.enumerated() {
            switch byte {
            case 0x30...0x39: digits += 1
            case 0x2d, 0x2b: if index > 0 { return false }
            case 0x2e:
                points += 1
                if digits == 0 || points > 1 || !withPoint { return false }
            default: return false
            }
            last = byte
        }
        return digits > 0 && (points == 1) == withPoint && last != 0x2e
    }

    /// Whether two texts differ in the case of ASCII letters alone, and which comes first.
    static func precedesIgnoringCase(_ a: Text, _ b: Text) -> Bool {
        a.lazy.map(lowered).lexicographicallyPrecedes(b.lazy.map(lowered))
    }

    static func lowered(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte }

    static func raised(_ byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7a ? byte & 0xdf : byte }

    /// Where `needle` begins in `haystack`, from a place on; nil where it does not. An empty needle is found at once.
    static func find(_ needle: Text, in haystack: Text, from start: Int) -> Int? {
        guard start <= haystack.count else { return nil }
        return find(needle, in: haystack.cut(start..<haystack.count)).map { start + $0 }
    }

    static func find(_ needle: ArraySlice<UInt8>, in haystack: [UInt8], from start: Int = 0, ignoringCase: Bool = false) -> Int? {
        guard start <= haystack.count else { return needle.isEmpty ? start : nil }
        return find(needle, in: haystack[start...], ignoringCase: ignoringCase)
    }

    /// The same in a part of a text.
    @inline(__always)
    static func find<Needle: RandomAccessCollection<UInt8>, Haystack: RandomAccessCollection<UInt8>>(_ needle: Needle, in haystack: Haystack, ignoringCase: Bool = false) -> Int?
    where Needle.Index == Int, Haystack.Index == Int {
        guard let first = needle.first else { return haystack.startIndex }
        var index = haystack.startIndex
        let last = haystack.endIndex - needle.count
        while index <= last {
            if haystack[index] == first || ignoringCase && lowered(haystack[index]) == lowered(first) {
                var offset = 1
                while offset < needle.count {
                    let (a, b) = (haystack[index + offset], needle[needle.startIndex + offset])
                    guard a == b || ignoringCase && lowered(a) == lowered(b) else { break }
                    offset += 1
                }
                if offset == needle.count { return index }
            }
            index += 1
        }
        return nil
    }
}
