/// A set of rows of one part, a bit each: the answer to a question, or whom it is asked about.
public struct RowSet: Sendable, Hashable {
    /// Rows in a part. Small enough that what a question touches of a part stays in the cache and that parts share out evenly among threads,
    /// large enough that a step for each part costs nothing (1M rows are 62 parts).
    public static let capacity = 1 << 14
    public static let wordCount = capacity / 64

    /// From the lowest bit of the first word; always `wordCount` of them.
    public var words: [UInt64]

    public init() { words = [UInt64](repeating: 0, count: RowSet.wordCount) }

    /// The rows 0 to `count` - 1.
    public init(first count: Int) {
        self.init()
        for word in 0..<count / 64 { words[word] = .max }
        if count % 64 != 0 { words[count / 64] = (1 << UInt64(count % 64)) - 1 }
    }

    public var count: Int {
        var total = 0
        for word in words { total &+= word.nonzeroBitCount }
        return total
    }

    public var isEmpty: Bool {
        var all: UInt64 = 0
        for word in words { all |= word }
        return all == 0
    }

    public func contains(_ row: Int) -> Bool { words[row >> 6] >> UInt64(row & 63) & 1 != 0 }
    public mutating func insert(_ row: Int) { words[row >> 6] |= 1 << UInt64(row & 63) }
    public mutating func remove(_ row: Int) { words[row >> 6] &= ~(1 << UInt64(row & 63)) }

    public mutating func formIntersection(_ other: RowSet) { for i in 0..<RowSet.wordCount { words[i] &= other.words[i] } }
    public mutating func formUnion(_ other: RowSet) { for i in 0..<RowSet.wordCount { words[i] |= other.words[i] } }
    public mutating func subtract(_ other: RowSet) { for i in 0..<RowSet.wordCount { words[i] &= ~other.words[i] } }

    public func intersection(_ other: RowSet) -> RowSet {
        var copy = self
        copy.formIntersection(other)
        return copy
    }

    public func union(_ other: RowSet) -> RowSet {
        var copy = self
        copy.formUnion(other)
        return copy
    }

    public func subtracting(_ other: RowSet) -> RowSet {
        var copy = self
        copy.subtract(other)
        return copy
    }

    /// Calls `body` with each row, ascending.
    @inlinable
    public func forEach(_ body: (Int) throws -> Void) rethrows {
        for index in 0..<RowSet.wordCount {
            var word = words[index]
            while word != 0 {
                try body(index << 6 | word.trailingZeroBitCount)
                word &= word &- 1
            }
        }
    }
}
