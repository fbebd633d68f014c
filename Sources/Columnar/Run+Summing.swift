/// Sums and extremes of numbers by slot.
extension Run {
    public enum Reduction: Sendable { case sum, minimum, maximum }

    /// The slots whose reduced number inside the bounds is in `ranges`, in units of the column's scale.
    ///
    /// A sum beyond 64 bits stands at the nearest end. Slots without a number are not in the answer, of a sum neither.
    public func reducing(_ candidates: SlotSet, in bounds: TimeBounds, where mask: EventMask?, of numbers: Numbers, by reduction: Reduction, ranges: NumberRanges) -> SlotSet {
        var result = SlotSet()
        eachReduced(candidates, in: bounds, where: mask, of: numbers, by: reduction) { slot, value, _ in
            if ranges.contains(value) { result.insert(slot) }
        }
        return result
    }

    /// Calls `body` with the reduced number, in units of the column's scale, and how many went into it, for each slot that has one.
    @inline(__always)
    public func eachReduced(
        _ candidates: SlotSet, in bounds: TimeBounds, where mask: EventMask?, of numbers: Numbers, by reduction: Reduction, _ body: (Int, Int64, Int) -> Void
    ) {
        let near = slots(candidates, touching: bounds)
        switch numbers.storage {
        case .bytes(let values): reduce(near, bounds, mask, values, reduction, body)
        case .halves(let values): reduce(near, bounds, mask, values, reduction, body)
        case .words(let values): reduce(near, bounds, mask, values, reduction, body)
        case .longs(let values): reduce(near, bounds, mask, values, reduction, body)
        }
    }

    @inline(__always)
    private func reduce<T: FixedWidthInteger & SignedInteger>(
        _ near: SlotSet, _ bounds: TimeBounds, _ mask: EventMask?, _ values: [T], _ reduction: Reduction, _ body: (Int, Int64, Int) -> Void
    ) {
        withLoop { loop in
            unsafe values.withUnsafeBufferPointer { values in
                let values = values.baseAddress!
                near.forEach { slot in
                    let events = loop.range(slot, bounds)
                    var total: Int64 = 0
                    var least = Int64.max
                    var most = Int64.min
                    var count = 0
                    var index = events.lowerBound
                    while index < events.upperBound {
                        defer { index &+= 1 }
                        if let mask, !mask.contains(index) { continue }
                        let raw = unsafe values[index]
                        if raw == T.min { continue }
                        let value = Int64(raw)
                        count &+= 1
                        if T.bitWidth < 64 { total &+= value } else { total = Run.saturating(total, value) }
                        least = min(least, value)
                        most = max(most, value)
                    }
                    guard count > 0 else { return }
                    switch reduction {
                    case .sum: body(slot, total, count)
                    case .minimum: body(slot, least, count)
                    case .maximum: body(slot, most, count)
                    }
                }
            }
        }
    }

    @inline(__always)
    static func saturating(_ a: Int64, _ b: Int64) -> Int64 {
        let (sum, over) = a.addingReportingOverflow(b)
        return over ? (a < 0 ? .min : .max) : sum
    }
}
