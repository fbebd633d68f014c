import CKernels

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

    /// Calls `body` with each candidate's row, its number of events inside the bounds that pass the mask, the sum of their numbers, and the first and
    /// the last of them; not for those without such events.
    @inline(__always)
    public func measure(
        _ candidates: SlotSet, in bounds: TimeBounds, where mask: EventMask?, _ numbers: Numbers?, _ body: (_ row: Int, _ count: Int, _ sum: Int64, _ first: Int, _ last: Int) -> Void
    ) {
        let near = slots(candidates, touching: bounds)
        switch numbers?.storage {
        case .bytes(let values): measure(near, bounds, mask, values, body)
        case .halves(let values): measure(near, bounds, mask, values, body)
        case .words(let values): measure(near, bounds, mask, values, body)
        case .longs(let values): measure(near, bounds, mask, values, body)
        case nil: measure(near, bounds, mask, [Int8](), body)
        }
    }

    /// - Parameter values: empty where nothing is summed up.
    @inline(__always)
    private func measure<T: FixedWidthInteger & SignedInteger>(
        _ near: SlotSet, _ bounds: TimeBounds, _ mask: EventMask?, _ values: [T], _ body: (Int, Int, Int64, Int, Int) -> Void
    ) {
        withLoop { loop in
            unsafe values.withUnsafeBufferPointer { values in
                let hasValues = !values.isEmpty
                eachRow(near) { row, slot in
                    let events = loop.range(slot, bounds)
                    guard let first = Run.end(of: events, mask, isFirst: true), let last = Run.end(of: events, mask, isFirst: false) else { return }
                    var sum: Int64 = 0
                    if hasValues {
                        for index in events where mask?.contains(index) ?? true {
                            let value = unsafe values[index]
                            if value != T.min { sum = T.bitWidth < 64 ? sum &+ Int64(value) : Run.saturating(sum, Int64(value)) }
                        }
                    }
                    body(row, mask?.count(in: events) ?? events.count, sum, first, last)
                }
            }
        }
    }

    /// Lowers `firsts` to the second of each row's first event, where that is earlier.
    public func lower(_ firsts: inout [UInt32], among own: RowSet) {
        unsafe martlet_lower(rows.words, own.words, RowSet.wordCount, oldest, &firsts)
    }

    /// Marks in `periods[row]` each period of `seconds` since `start` (a whole second) in which a row has an event before `count` of them have passed.
    ///
    /// - Parameters:
    ///   - periods: two words for each row, a bit for each of at most 128 periods.
    public func mark(_ periods: inout [UInt64], among own: RowSet, start: UInt32, seconds length: UInt32, count: Int) {
        let near = rows(of: slots(slots(of: own), touching: TimeBounds(from: Int64(start) * 1000, to: .max)))
        times.look { times in
            unsafe martlet_mark(rows.words, near.words, RowSet.wordCount, starts, times.seconds, martlet_periods(start: start, length: max(1, length), count: UInt32(count)), &periods)
        }
    }
}
