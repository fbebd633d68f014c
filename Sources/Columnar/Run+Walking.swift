/// Loops that hand out what they meet.
extension Run {
    /// Calls `body` with the row and slot of each of `slots`, ascending.
    @inline(__always)
    public func eachRow(_ slots: SlotSet, _ body: (_ row: Int, _ slot: Int) -> Void) {
        unsafe rows.words.withUnsafeBufferPointer { words in
            unsafe slots.words.withUnsafeBufferPointer { wanted in
                var slot = 0
                for index in 0..<RowSet.wordCount {
                    var bits = unsafe words[index]
                    while bits != 0 {
                        if unsafe wanted[slot >> 6] >> UInt64(slot & 63) & 1 != 0 { body(index << 6 | bits.trailingZeroBitCount, slot) }
                        bits &= bits &- 1
                        slot &+= 1
                    }
                }
            }
        }
    }

    /// Calls `body` with each candidate's row, its number of events inside the bounds that pass the mask, the sum of their numbers, and the times of
    /// the first and the last in milliseconds; not for those without such events.
    @inline(__always)
    public func measure(_ candidates: SlotSet, in bounds: TimeBounds, where mask: EventMask?, _ numbers: Numbers?, _ body: (Int, Int, Int64, Int64, Int64) -> Void) {
        let near = slots(candidates, touching: bounds)
        withLoop { loop in
            eachRow(near) { row, slot in
                let events = loop.range(slot, bounds)
                guard let first = Run.end(of: events, mask, isFirst: true), let last = Run.end(of: events, mask, isFirst: false) else { return }
                var sum: Int64 = 0
                if let numbers {
                    for index in events where mask?.contains(index) ?? true {
                        let value = numbers[index]
                        if value != Numbers.none { sum = sum.addingReportingOverflow(value).partialValue }
                    }
                }
                body(row, mask?.count(in: events) ?? events.count, sum, loop.time(first), loop.time(last))
            }
        }
    }

    /// Lowers `firsts` to the second of each row's first event, where that is earlier.
    public func lower(_ firsts: inout [UInt32], among own: RowSet) {
        var slot = 0
        for word in 0..<RowSet.wordCount {
            var bits = rows.words[word]
            let mine = own.words[word]
            while bits != 0 {
                let bit = bits & (~bits &+ 1)
                if mine & bit != 0 {
                    let row = word << 6 | bits.trailingZeroBitCount
                    if oldest[slot] < firsts[row] { firsts[row] = oldest[slot] }
                }
                bits &= bits &- 1
                slot &+= 1
            }
        }
    }

    /// Marks in `periods[row]` each period of `seconds` since `start` (a whole second) in which a row has an event before `count` of them have passed.
    ///
    /// - Parameters:
    ///   - periods: two words for each row, a bit for each of at most 128 periods.
    public func mark(_ periods: inout [UInt64], among own: RowSet, start: UInt32, seconds length: UInt32, count: Int) {
        let bounds = TimeBounds(from: Int64(start) * 1000, to: (Int64(start) + Int64(length) * Int64(count)) * 1000)
        let end = UInt64(start) + UInt64(length) * UInt64(count)
        let isOpen = newest.allSatisfy { UInt64($0) < end }
        let near = slots(slots(of: own), touching: isOpen ? TimeBounds(from: bounds.from, to: .max) : bounds)
        let inverse = 1.0 / Double(length)
        withLoop { loop in
            unsafe periods.withUnsafeMutableBufferPointer { periods in
                eachRow(near) { row, slot in
                    let first = Int(unsafe loop.starts[slot])
                    var index = Int(unsafe loop.starts[slot + 1]) - 1
                    var low: UInt64 = 0
                    var high: UInt64 = 0
                    while index >= first, case let second = unsafe loop.seconds[index], second >= start {
                        // Exact: both are below 2^32, and the quotient of whole numbers is at least 2^-32 away from the next whole one.
                        let period = Int(Double(second &- start) * inverse + 1e-12)
                        if period < 64 { low |= 1 << UInt64(period) } else if period < count { high |= 1 << UInt64(period - 64) }
                        index &-= 1
                    }
                    if count < 64 { low &= (1 << UInt64(count)) - 1 }
                    unsafe periods[row * 2] |= low
                    unsafe periods[row * 2 + 1] |= high
                }
            }
        }
    }
}
