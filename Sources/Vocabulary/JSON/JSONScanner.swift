/// Why a text is not JSON, and where.
public struct JSONError: Error, Sendable, Hashable {
    public enum Kind: Sendable {
        case notJSON, tooDeep, notUTF8
        /// Of a call: more items than ``EventDecoder/itemsMaximum``, or members of the batch that would be repeated too often.
        case tooManyItems, tooMuchShared
    }
    public let kind: Kind
    /// Byte offset of the first byte that cannot be.
    public let offset: Int
}

/// A half-open range of bytes in a text that has been scanned; empty means absent.
public struct JSONSlice: Sendable, Hashable {
    public var start: UInt32
    public var count: UInt32
    public static let absent = JSONSlice(start: 0, count: 0)

    public init(start: UInt32, count: UInt32) {
        self.start = start
        self.count = count
    }

    init(from start: Int, to end: Int) {
        self.init(start: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: end - start))
    }

    public var isAbsent: Bool { count == 0 }
    public var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

/// A validating cursor over JSON text of at most 4 GiB. RFC 8259 to the letter, with a bound on depth; values are never converted.
///
/// The caller checks UTF-8 once for the whole text (`UTF8Check`), which is faster than doing it string by string.
public struct JSONScanner {
    /// RudderStack's limit, the largest known; each level costs about 100 bytes of stack.
    public static let depthMaximum = 200

    public var index = 0
    /// Offsets of `\u` escapes that name half a surrogate pair; the decoder puts `\ufffd` in their place, which has the same length.
    public var loneSurrogates: [Int] = []

    public init(at index: Int = 0) { self.index = index }

    @inline(__always)
    public mutating func skipBlanks(_ p: Span<UInt8>) {
        while index < p.count {
            let byte = p[index]
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return }
            index += 1
        }
    }

    @inline(__always)
    func failure(_ kind: JSONError.Kind = .notJSON) -> JSONError { JSONError(kind: kind, offset: index) }

    /// Consumes `byte` after blanks, or says false and stays before it.
    @inline(__always)
    public mutating func take(_ byte: UInt8, _ p: Span<UInt8>) -> Bool {
        skipBlanks(p)
        guard index < p.count, p[index] == byte else { return false }
        index += 1
        return true
    }

    /// Validates one value and returns its bytes, without the blanks around it.
    public mutating func value(_ p: Span<UInt8>, depth: Int = 0) throws(JSONError) -> JSONSlice {
        skipBlanks(p)
        let start = index
        try skip(p, depth: depth)
        return JSONSlice(from: start, to: index)
    }

    mutating func skip(_ p: Span<UInt8>, depth: Int) throws(JSONError) {
        guard index < p.count else { throw failure() }
        switch p[index] {
        case 0x22: try skipString(p)
        case 0x7b:
            guard depth < JSONScanner.depthMaximum else { throw failure(.tooDeep) }
            index += 1
            if take(0x7d, p) { return }
            repeat {
                skipBlanks(p)
                try skipString(p)
                guard take(0x3a, p) else { throw failure() }
                skipBlanks(p)
                try skip(p, depth: depth + 1)
            } while take(0x2c, p)
            guard take(0x7d, p) else { throw failure() }
        case 0x5b:
            guard depth < JSONScanner.depthMaximum else { throw failure(.tooDeep) }
            index += 1
            if take(0x5d, p) { return }
            repeat {
                skipBlanks(p)
                try skip(p, depth: depth + 1)
            } while take(0x2c, p)
            guard take(0x5d, p) else { throw failure() }
        case 0x74: try skipLiteral(p, "true")
        case 0x66: try skipLiteral(p, "false")
        case 0x6e: try skipLiteral(p, "null")
        default: try skipNumber(p)
        }
    }

    /// Validates one value of any depth without recursion, for what is refused but must be skipped.
    mutating func skipAnyDepth(_ p: Span<UInt8>) throws(JSONError) {
        /// Of each container that is open: whether it is an object.
        var open: [Bool] = []
        func key(_ scanner: inout JSONScanner) throws(JSONError) {
            scanner.skipBlanks(p)
            try scanner.skipString(p)
            guard scanner.take(0x3a, p) else { throw scanner.failure() }
        }
        repeat {
            skipBlanks(p)
            guard index < p.count else { throw failure() }
            let isObject = p[index] == 0x7b
            if isObject || p[index] == 0x5b {
                index += 1
                if !take(isObject ? 0x7d : 0x5d, p) {
                    open.append(isObject)
                    if isObject { try key(&self) }
                    continue
                }
            } else {
                try skip(p, depth: 0)
            }
            while let isObject = open.last {
                if take(0x2c, p) {
                    if isObject { try key(&self) }
                    break
                }
                guard take(isObject ? 0x7d : 0x5d, p) else { throw failure() }
                open.removeLast()
            }
        } while !open.isEmpty
    }

    private mutating func skipLiteral(_ p: Span<UInt8>, _ literal: StaticString) throws(JSONError) {
        let count = literal.utf8CodeUnitCount
        guard index + count <= p.count else { throw failure() }
        for offset in 0..<count where unsafe p[index + offset] != literal.utf8Start[offset] { throw failure() }
        index += count
    }

    private mutating func skipNumber(_ p: Span<UInt8>) throws(JSONError) {
        if index < p.count, p[index] == 0x2d { index += 1 }
        guard index < p.count else { throw failure() }
        if p[index] == 0x30 { index += 1 } else { try skipDigits(p) }
        if index < p.count, p[index] == 0x2e {
            index += 1
            try skipDigits(p)
        }
        if index < p.count, p[index] | 0x20 == 0x65 {
            index += 1
            if index < p.count, p[index] == 0x2b || p[index] == 0x2d { index += 1 }
            try skipDigits(p)
        }
    }

    private mutating func skipDigits(_ p: Span<UInt8>) throws(JSONError) {
        let start = index
        while index < p.count, p[index] >= 0x30, p[index] <= 0x39 { index += 1 }
        guard index > start else { throw failure() }
    }

    /// Validates a string, eight bytes at a step (1.6 GB/s against 1.3 for one byte at a step).
    public mutating func skipString(_ p: Span<UInt8>) throws(JSONError) {
        guard index < p.count, p[index] == 0x22 else { throw failure() }
        index += 1
        let raw = p.bytes
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        while true {
            while index &+ 8 <= p.count {
                // SAFETY: the loop condition leaves 8 readable bytes, and any 8 bytes are a UInt64.
                let word = unsafe UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
                let quote = word ^ (ones &* 0x22)
                let slash = word ^ (ones &* 0x5c)
                // Bytes above the first hit may be marked by a borrow; the first hit itself is always right, and it alone is used.
                let hit = (((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- ones &* 0x20) & ~word)) & highs
                if hit != 0 {
                    index += hit.trailingZeroBitCount >> 3
                    break
                }
                index += 8
            }
            while index < p.count, case let byte = p[index], byte != 0x22, byte != 0x5c, byte >= 0x20 { index += 1 }
            guard index < p.count else { throw failure() }
            if p[index] == 0x22 {
                index += 1
                return
            }
            guard p[index] == 0x5c, index + 1 < p.count else { throw failure() }
            switch p[index + 1] {
            case 0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74: index += 2
            case 0x75: try skipUnicodeEscape(p)
            default: throw failure()
            }
        }
    }

    private mutating func skipUnicodeEscape(_ p: Span<UInt8>) throws(JSONError) {
        let start = index
        guard let unit = JSONScanner.hexUnit(p, at: index) else { throw failure() }
        index += 6
        guard unit & 0xf800 == 0xd800 else { return }
        if unit < 0xdc00, let low = JSONScanner.hexUnit(p, at: index), low & 0xfc00 == 0xdc00 {
            index += 6
        } else {
            loneSurrogates.append(start)
        }
    }

    /// The code unit of a `\uXXXX` at `index`, or nil where there is none.
    static func hexUnit(_ p: Span<UInt8>, at index: Int) -> UInt16? {
        guard index + 6 <= p.count, p[index] == 0x5c, p[index + 1] == 0x75 else { return nil }
        var unit: UInt16 = 0
        for offset in 2..<6 {
            let byte = p[index + offset]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x37
            case 0x61...0x66: digit = byte - 0x57
            default: return nil
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}
