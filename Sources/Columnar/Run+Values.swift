import CKernels

/// Which values a slot's events have: how many different ones, which most often, which first and last.
extension Run {
    /// The slots with so many different values inside the bounds, numbers and codes together.
    public func distinctValues(_ candidates: SlotSet, in bounds: TimeBounds, where mask: EventMask?, of column: Column, codeCount: Int, ranges: NumberRanges) -> SlotSet {
        guard let numbers = column.numbers else {
            return column.codes.map { distinctCodes(candidates, in: bounds, where: mask, of: $0, codeCount: codeCount, ranges: ranges) } ?? .none
        }
        var result = SlotSet()
        var seen: Set<Int64> = []
        var codes: Set<UInt32> = []
        slots(candidates, touching: bounds).forEach { slot in
            seen.removeAll(keepingCapacity: true)
            codes.removeAll(keepingCapacity: true)
            for index in events(ofSlot: slot, in: bounds) where mask?.contains(index) ?? true {
                let number = numbers[index]
                if number != Numbers.none { seen.insert(number) } else if let code = column.codes?[index], code != 0 { codes.insert(code) }
            }
            let count = seen.count + codes.count
            if count > 0, ranges.contains(Int64(count)) { result.insert(slot) }
        }
        return result
    }

    /// The slots with so many different codes inside the bounds; 0 codes are none.
    ///
    /// - Parameter codeCount: how many codes the dictionary has.
    public func distinctCodes(_ candidates: SlotSet, in bounds: TimeBounds, where mask: EventMask?, of codes: Codes, codeCount: Int, ranges: NumberRanges) -> SlotSet {
        let near = slots(candidates, touching: bounds)
        switch codes {
        case .narrow(let values): return distinct(near, bounds, mask, values, codeCount, ranges)
        case .middle(let values): return distinct(near, bounds, mask, values, codeCount, ranges)
        case .wide(let values): return distinct(near, bounds, mask, values, codeCount, ranges)
        }
    }

    @inline(__always)
    private func distinct<T: FixedWidthInteger & UnsignedInteger>(
        _ near: SlotSet, _ bounds: TimeBounds, _ mask: EventMask?, _ values: [T], _ codeCount: Int, _ ranges: NumberRanges
    ) -> SlotSet {
        var result = SlotSet()
        withLoop { loop in
            unsafe values.withUnsafeBufferPointer { values in
                let values = values.baseAddress!
                if codeCount < 64 {
                    // A bit for each code.
                    near.forEach { slot in
                        var seen: UInt64 = 0
                        if mask == nil, bounds.isOpen {
                            let first = Int(unsafe loop.starts[slot])
                            var index = Int(unsafe loop.starts[slot + 1])
                            while index > first, !loop.isBefore(index &- 1, bounds) {
                                index &-= 1
                                seen |= 1 << UInt64(truncatingIfNeeded: unsafe values[index])
                            }
                        } else {
                            for index in loop.range(slot, bounds) where mask?.contains(index) ?? true { seen |= 1 << UInt64(truncatingIfNeeded: unsafe values[index]) }
                        }
                        let count = (seen & ~1).nonzeroBitCount
                        if count > 0, ranges.contains(Int64(count)) { result.insert(slot) }
                    }
                    return
                }
                // A mark for each code says in which slot it was seen last: nothing need be cleared between slots.
                var marks = [UInt32](repeating: .max, count: codeCount + 1)
                near.forEach { slot in
                    var count = 0
                    for index in loop.range(slot, bounds) where mask?.contains(index) ?? true {
                        let code = Int(truncatingIfNeeded: unsafe values[index])
                        if code == 0 || code > codeCount || marks[code] == UInt32(slot) { continue }
                        marks[code] = UInt32(slot)
                        count += 1
                    }
                    if count > 0, ranges.contains(Int64(count)) { result.insert(slot) }
                }
            }
        }
        return result
    }

    /// The slots whose most frequent code inside the bounds has truth 1. Of equally frequent codes the one of the lowest rank counts.
    ///
    /// - Parameter ranks: by code.
    public func modes(_ candidates: SlotSet, in bounds: TimeBounds, where mask: EventMask?, of codes: Codes, truths: [UInt8], ranks: [UInt32]) -> SlotSet {
        let near = slots(candidates, touching: bounds)
        switch codes {
        case .narrow(let values): return mask == nil ? smallModes(near, bounds, values, truths, ranks) : modes(near, bounds, mask, values, truths, ranks)
        case .middle(let values): return modes(near, bounds, mask, values, truths, ranks)
        case .wide(let values): return modes(near, bounds, mask, values, truths, ranks)
        }
    }

    @inline(__always)
    private func modes<T: FixedWidthInteger & UnsignedInteger>(
        _ near: SlotSet, _ bounds: TimeBounds, _ mask: EventMask?, _ values: [T], _ truths: [UInt8], _ ranks: [UInt32]
    ) -> SlotSet {
        var result = SlotSet()
        // For each code the slot that counted last, and the count, in one word.
        var counts = [UInt64](repeating: .max << 32, count: truths.count)
        withLoop { loop in
            unsafe values.withUnsafeBufferPointer { values in
                let values = values.baseAddress!
                unsafe counts.withUnsafeMutableBufferPointer { counts in
                    let limit = counts.count
                    let counts = counts.baseAddress!
                    near.forEach { slot in
                        var best = 0
                        var bestCount: UInt64 = 0
                        let mark = UInt64(slot) << 32
                        for index in loop.range(slot, bounds) where mask?.contains(index) ?? true {
                            let code = Int(truncatingIfNeeded: unsafe values[index])
                            if code == 0 || code >= limit { continue }
                            let before = unsafe counts[code]
                            let count = (before >> 32 == UInt64(slot) ? before & 0xffff_ffff : 0) &+ 1
                            unsafe counts[code] = mark | count
                            if count > bestCount || (count == bestCount && ranks[code] < ranks[best]) { (best, bestCount) = (code, count) }
                        }
                        if best != 0, truths[best] != 0 { result.insert(slot) }
                    }
                }
            }
        }
        return result
    }

    /// The same where a code is a byte and every event passes: places are codes in the order of their ranks.
    private func smallModes(_ near: SlotSet, _ bounds: TimeBounds, _ values: [UInt8], _ truths: [UInt8], _ ranks: [UInt32]) -> SlotSet {
        var result = SlotSet()
        let order = (1..<max(1, min(256, truths.count))).sorted { ranks[$0] < ranks[$1] }
        var places = [UInt8](repeating: UInt8(order.count), count: 256)
        for (place, code) in order.enumerated() { places[code] = UInt8(place) }
        let isWanted = order.map { truths[$0] != 0 }
        withLoop { loop in
            unsafe values.withUnsafeBufferPointer { values in
                let values = values.baseAddress!
                near.forEach { slot in
                    let events = loop.range(slot, bounds)
                    let place = unsafe martlet_mode(values + events.lowerBound, events.count, places, order.count)
                    if place < order.count, isWanted[place] { result.insert(slot) }
                }
            }
        }
        return result
    }
}
