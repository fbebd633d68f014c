import Columnar
public import Segments

extension Insights {
    /// How many profiles are in exactly which of several conditions' answers: bit 0 of the mask for the first, and so on. Masks without anybody, and
    /// that of nobody's condition, are left out.
    ///
    /// - Parameter conditions: at most 16.
    public func overlap(_ conditions: [Condition]) throws(SegmentError) -> [(mask: Int, profiles: Int)] {
        var answers: [[RowSet]] = []
        for condition in conditions.prefix(16) { answers.append(try question.rows(condition)) }
        let sets = answers
        let parts = question.map { index, part in
            var counts = [Int](repeating: 0, count: 1 << sets.count)
            for word in 0..<RowSet.wordCount {
                var left = sets.reduce(UInt64(0)) { $0 | $1[index].words[word] }
                while left != 0 {
                    let bit = UInt64(left.trailingZeroBitCount)
                    var mask = 0
                    for (number, set) in sets.enumerated() { mask |= Int(set[index].words[word] >> bit & 1) << number }
                    counts[mask] += 1
                    left &= left &- 1
                }
            }
            return counts
        }
        var result: [(mask: Int, profiles: Int)] = []
        for mask in 1..<max(1, 1 << sets.count) {
            let profiles = parts.reduce(0) { $0 + $1[mask] }
            if profiles > 0 { result.append((mask, profiles)) }
        }
        return result
    }
}
