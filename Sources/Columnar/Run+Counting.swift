/// Counts of events by slot.
extension Run {
    /// The slots among `candidates` with so many events inside the bounds that pass the mask.
    ///
    /// - Parameters:
    ///   - mask: nil where every event passes.
    ///   - ranges: from 1; slots without such events are not in the answer.
    public func counting(_ candidates: SlotSet, in bounds: TimeBounds, where mask: EventMask?, ranges: NumberRanges) -> SlotSet {
        let near = slots(candidates, touching: bounds)
        var result = SlotSet()
        if mask == nil, bounds.isOpen, ranges.ranges.count == 1, ranges.ranges[0].upperBound == .max {
            // The k-th event from the end tells; nothing is counted.
            let back = Int(max(1, ranges.ranges[0].lowerBound))
            withLoop { loop in
                near.forEach { slot in
                    let end = Int(unsafe loop.starts[slot + 1])
                    if end &- back >= Int(unsafe loop.starts[slot]), !loop.isBefore(end &- back, bounds) { result.insert(slot) }
                }
            }
            return result
        }
        withLoop { loop in
            near.forEach { slot in
                let events = loop.range(slot, bounds)
                let count = mask?.count(in: events) ?? events.count
                if count > 0, ranges.contains(Int64(count)) { result.insert(slot) }
            }
        }
        return result
    }

    /// The slots whose share of events inside the bounds that pass `mask` also passes `part`, tested as a fraction.
    public func sharing(_ candidates: SlotSet, in bounds: TimeBounds, where mask: EventMask?, part: EventMask, _ test: (_ part: Int, _ whole: Int) -> Bool) -> SlotSet {
        let near = slots(candidates, touching: bounds)
        var result = SlotSet()
        withLoop { loop in
            near.forEach { slot in
                let events = loop.range(slot, bounds)
                let whole = mask?.count(in: events) ?? events.count
                if whole > 0, test(part.count(in: events), whole) { result.insert(slot) }
            }
        }
        return result
    }

    /// The slots whose first or last event inside the bounds that passes the mask has its time in `ranges`, in milliseconds since 1970.
    public func timing(_ candidates: SlotSet, in bounds: TimeBounds, where mask: EventMask?, isFirst: Bool, ranges: NumberRanges) -> SlotSet {
        let near = slots(candidates, touching: bounds)
        var result = SlotSet()
        withLoop { loop in
            near.forEach { slot in
                let events = loop.range(slot, bounds)
                guard let index = Run.end(of: events, mask, isFirst: isFirst) else { return }
                if ranges.contains(loop.time(index)) { result.insert(slot) }
            }
        }
        return result
    }

    /// The first or last of a range of events that passes a mask.
    @inline(__always)
    static func end(of events: Range<Int>, _ mask: EventMask?, isFirst: Bool) -> Int? {
        guard !events.isEmpty else { return nil }
        guard let mask else { return isFirst ? events.lowerBound : events.upperBound - 1 }
        var index = isFirst ? events.lowerBound : events.upperBound - 1
        while index >= events.lowerBound, index < events.upperBound {
            if mask.contains(index) { return index }
            index += isFirst ? 1 : -1
        }
        return nil
    }

    /// By slot, how many events lie inside the bounds and pass the mask; 0 for slots that are not among the candidates.
    public func counts(_ candidates: SlotSet, in bounds: TimeBounds, where mask: EventMask? = nil) -> [UInt32] {
        var counts = [UInt32](repeating: 0, count: slotCount)
        withLoop { loop in
            slots(candidates, touching: bounds).forEach { slot in
                let events = loop.range(slot, bounds)
                counts[slot] = UInt32(mask?.count(in: events) ?? events.count)
            }
        }
        return counts
    }
}
