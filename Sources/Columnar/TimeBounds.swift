/// From `from` (included) to `to` (excluded), in milliseconds since 1970; what lies outside 1970 to 2106 is cut to it.
public struct TimeBounds: Sendable, Hashable {
    public let from: Int64
    public let to: Int64
    let fromSecond: UInt32
    let fromThousandth: UInt16
    let toSecond: UInt32
    let toThousandth: UInt16
    /// Whether `to` cuts nothing off.
    let isOpen: Bool

    /// - Parameters:
    ///   - from: `Int64.min` for the beginning.
    ///   - to: `Int64.max` for no end; events of the last millisecond of 2106 then count too.
    public init(from: Int64, to: Int64) {
        self.from = from
        self.to = to
        let low = Run.clamped(from)
        let high = Run.clamped(to)
        fromSecond = UInt32(low / 1000)
        fromThousandth = UInt16(low % 1000)
        toSecond = UInt32(high / 1000)
        toThousandth = UInt16(high % 1000)
        isOpen = to == .max
    }

    public static let ever = TimeBounds(from: .min, to: .max)
}

/// The arrays of a run as pointers, for loops over slots. Valid only inside ``Run/withLoop(_:)``.
struct RunLoop {
    let starts: UnsafePointer<UInt32>
    let seconds: UnsafePointer<UInt32>
    let thousandths: UnsafePointer<UInt16>
    let words: UnsafePointer<UInt64>
    let ranks: UnsafePointer<UInt16>

    /// The slot of a row that has events in the run.
    @inline(__always)
    func slot(ofPresent row: Int) -> Int {
        unsafe Int(ranks[row >> 6]) &+ (words[row >> 6] & ((1 << UInt64(row & 63)) &- 1)).nonzeroBitCount
    }

    /// Whether an event lies before the beginning of the bounds.
    @inline(__always)
    func isBefore(_ index: Int, _ bounds: TimeBounds) -> Bool {
        let second = unsafe seconds[index]
        if second != bounds.fromSecond { return second < bounds.fromSecond }
        return unsafe thousandths[index] < bounds.fromThousandth
    }

    /// Whether an event lies at or behind the end of the bounds.
    @inline(__always)
    func isBehind(_ index: Int, _ bounds: TimeBounds) -> Bool {
        let second = unsafe seconds[index]
        if second != bounds.toSecond { return second > bounds.toSecond }
        return unsafe thousandths[index] >= bounds.toThousandth
    }

    /// A slot's events inside the bounds. Most questions ask about the recent past, so that a few steps from the end mostly suffice; long
    /// histories are halved.
    @inline(__always)
    func range(_ slot: Int, _ bounds: TimeBounds) -> Range<Int> {
        let low = Int(unsafe starts[slot])
        var high = Int(unsafe starts[slot + 1])
        if !bounds.isOpen { high = end(low, high, bounds) }
        if bounds.fromSecond == 0, bounds.fromThousandth == 0 { return low..<high }
        var first = high
        var steps = 0
        while first > low, !isBefore(first - 1, bounds) {
            first &-= 1
            steps &+= 1
            if steps == 16 {
                // Everything before `first` is to be halved.
                var l = low
                var h = first
                while l < h {
                    let middle = (l &+ h) >> 1
                    if isBefore(middle, bounds) { l = middle &+ 1 } else { h = middle }
                }
                return l..<high
            }
        }
        return first..<high
    }

    @inline(__always)
    private func end(_ low: Int, _ high: Int, _ bounds: TimeBounds) -> Int {
        guard high > low, isBehind(high - 1, bounds) else { return high }
        var l = low
        var h = high - 1
        while l < h {
            let middle = (l &+ h) >> 1
            if isBehind(middle, bounds) { h = middle } else { l = middle &+ 1 }
        }
        return l
    }

    /// In milliseconds since 1970.
    @inline(__always)
    func time(_ index: Int) -> Int64 { unsafe Int64(seconds[index]) &* 1000 &+ Int64(thousandths[index]) }
}

extension Run {
    @inline(__always)
    func withLoop<Result>(_ body: (RunLoop) -> Result) -> Result {
        times.look { times in
            unsafe starts.withUnsafeBufferPointer { starts in
                unsafe times.seconds.withUnsafeBufferPointer { seconds in
                    unsafe times.thousandths.withUnsafeBufferPointer { thousandths in
                        unsafe rows.words.withUnsafeBufferPointer { words in
                            unsafe ranks.withUnsafeBufferPointer { ranks in
                                unsafe body(
                                    RunLoop(
                                        starts: starts.baseAddress!, seconds: seconds.baseAddress!, thousandths: thousandths.baseAddress!, words: words.baseAddress!,
                                        ranks: ranks.baseAddress!))
                            }
                        }
                    }
                }
            }
        }
    }
}
