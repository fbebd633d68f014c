/// One event and then another, or then none, in time.
extension Run {
    /// The rows with an event of this run inside the bounds that is followed, strictly later and at most `within` ms later, by one of another run; or
    /// with `isAbsent` is followed by none up to then (included), where that instant lies before `now`.
    ///
    /// - Parameters:
    ///   - rows: whom to ask; rows without events here are not in the answer.
    ///   - second: nil where nobody has such events.
    ///   - end: what bounds the second events.
    public func following(
        _ rows: RowSet, _ second: Run?, in bounds: TimeBounds, firstMask: EventMask?, secondMask: EventMask?, within: Int64, isAbsent: Bool, now: Int64, end: TimeBounds
    ) -> RowSet {
        var answer = RowSet()
        let near = self.rows(of: slots(slots(of: rows), touching: bounds))
        withLoop { loop in
            guard let second else { return near.forEach { row in if leads(row, loop, nil, bounds, firstMask, nil, within, isAbsent, now, end) { answer.insert(row) } } }
            second.withLoop { other in
                near.forEach { row in
                    let has = second.rows.contains(row)
                    if leads(row, loop, has ? other : nil, bounds, firstMask, secondMask, within, isAbsent, now, end) { answer.insert(row) }
                }
            }
        }
        return answer
    }

    /// - Parameter second: nil for a row without such events.
    @inline(__always)
    private func leads(
        _ row: Int, _ first: RunLoop, _ second: RunLoop?, _ bounds: TimeBounds, _ firstMask: EventMask?, _ secondMask: EventMask?, _ within: Int64, _ isAbsent: Bool,
        _ now: Int64, _ end: TimeBounds
    ) -> Bool {
        let firsts = first.range(first.slot(ofPresent: row), bounds)
        let seconds = second.map { $0.range($0.slot(ofPresent: row), end) } ?? 0..<0
        // Newest first: `next` is the first second event after the first event at hand.
        var left = seconds.upperBound
        var next = Int64.max
        var index = firsts.upperBound - 1
        while index >= firsts.lowerBound {
            defer { index -= 1 }
            if let firstMask, !firstMask.contains(index) { continue }
            let time = first.time(index)
            while left > seconds.lowerBound, let second, second.time(left - 1) > time {
                left -= 1
                if secondMask?.contains(left) ?? true { next = second.time(left) }
            }
            let isFollowed = next != .max && next - time <= within
            if isAbsent ? !isFollowed && time + within < now : isFollowed { return true }
        }
        return false
    }
}
