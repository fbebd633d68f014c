import CKernels

/// Which slots of a run are asked about, or are the answer: a bit each.
public struct SlotSet: Sendable {
    public var words: [UInt64]

    init(wordCount: Int = RowSet.wordCount) { words = [UInt64](repeating: 0, count: wordCount) }

    @inline(__always)
    func forEach(_ body: (Int) -> Void) {
        unsafe words.withUnsafeBufferPointer { words in
            for index in 0..<words.count {
                var word = unsafe words[index]
                while word != 0 {
                    body(index << 6 | word.trailingZeroBitCount)
                    word &= word &- 1
                }
            }
        }
    }

    @inline(__always)
    mutating func insert(_ slot: Int) { words[slot >> 6] |= 1 << UInt64(slot & 63) }
    public static let none = SlotSet()
    public func contains(_ slot: Int) -> Bool { words[slot >> 6] >> UInt64(slot & 63) & 1 != 0 }
}

extension Run {
    /// The slots of those of `rows` that have events here.
    public func slots(of candidates: RowSet) -> SlotSet {
        var set = SlotSet()
        unsafe martlet_compress(rows.words, candidates.words, RowSet.wordCount, &set.words)
        return set
    }

    public func rows(of slots: SlotSet) -> RowSet {
        var set = RowSet()
        unsafe martlet_expand(rows.words, slots.words, RowSet.wordCount, &set.words)
        return set
    }

    /// Of these slots the ones that can have an event inside the bounds: a look at their first and last event, 16 at a step.
    public func slots(_ candidates: SlotSet, touching bounds: TimeBounds) -> SlotSet {
        var result = candidates
        var scratch = SlotSet()
        if bounds.fromSecond > 0 {
            unsafe martlet_range_u32(newest, newest.count, bounds.fromSecond, .max, &scratch.words)
            for index in 0..<RowSet.wordCount { result.words[index] &= scratch.words[index] }
        }
        if !bounds.isOpen {
            scratch = SlotSet()
            unsafe martlet_range_u32(oldest, oldest.count, 0, bounds.toSecond, &scratch.words)
            for index in 0..<RowSet.wordCount { result.words[index] &= scratch.words[index] }
        }
        return result
    }
}

/// Which events of a run pass a filter, a bit each.
public struct EventMask: Sendable {
    public var words: [UInt64]
    public let count: Int

    public init(count: Int, all value: Bool = false) {
        self.count = count
        words = [UInt64](repeating: value ? .max : 0, count: (count + 63) / 64)
        if value, count % 64 != 0 { words[words.count - 1] = (1 << UInt64(count % 64)) - 1 }
    }

    public mutating func formIntersection(_ other: EventMask) { for i in words.indices { words[i] &= other.words[i] } }
    public mutating func formUnion(_ other: EventMask) { for i in words.indices { words[i] |= other.words[i] } }

    public mutating func invert() {
        for i in words.indices { words[i] = ~words[i] }
        if count % 64 != 0 { words[words.count - 1] &= (1 << UInt64(count % 64)) - 1 }
    }

    @inline(__always)
    public func contains(_ index: Int) -> Bool { words[index >> 6] >> UInt64(index & 63) & 1 != 0 }

    /// How many of the events in a range pass.
    func count(in range: Range<Int>) -> Int {
        guard !range.isEmpty else { return 0 }
        let first = range.lowerBound >> 6
        let last = (range.upperBound - 1) >> 6
        let head: UInt64 = .max << UInt64(range.lowerBound & 63)
        let tail: UInt64 = .max >> UInt64(63 - (range.upperBound - 1) & 63)
        if first == last { return (words[first] & head & tail).nonzeroBitCount }
        var total = (words[first] & head).nonzeroBitCount + (words[last] & tail).nonzeroBitCount
        var index = first + 1
        while index < last {
            total &+= words[index].nonzeroBitCount
            index &+= 1
        }
        return total
    }
}
