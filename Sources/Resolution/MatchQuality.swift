import Foundation

/// How good matching is, by the answers of people: each band of probability is a stratum with so many pairs, some of which were answered.
///
/// A queue asks first about what is unsure, so answers are no sample of all pairs; within a band they nearly are, and each band counts by its pairs.
public struct MatchQuality: Sendable {
    public struct Band: Sendable {
        public let from: Double
        public let to: Double
        /// Pairs that were found in it, answered or not.
        public let pairs: Int
        public let same: Int
        public let different: Int
        /// The mean of what was told of its pairs.
        public let told: Double
        /// The share that is one person: answers, with the weight of two more for what is told.
        public let share: Double
        public let interval: ClosedRange<Double>
    }
    public struct Estimate: Sendable {
        public let value: Double
        /// Of 95 in a hundred.
        public let interval: ClosedRange<Double>
    }

    public let bands: [Band]
    public let answers: Int
    /// Of the pairs at or above the threshold, those that are one person; nil where there is no pair.
    public let precision: Estimate?
    /// Of all pairs found that are one person, those at or above the threshold.
    public let recall: Estimate?

    public static let edges = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1]
    private static let priorWeight = 2.0

    /// - Parameters:
    ///   - pairs: the probability told of each pair, and the answer where there is one.
    ///   - threshold: from which on pairs would be merged.
    public init(_ pairs: some Sequence<(told: Double, isSame: Bool?)>, threshold: Double) {
        // The threshold is an edge of its own, so that no band lies on both sides.
        let edges = Set(MatchQuality.edges + [threshold]).sorted()
        var counts = [(pairs: Int, same: Int, different: Int, told: Double)](repeating: (0, 0, 0, 0), count: edges.count - 1)
        for pair in pairs {
            guard let above = edges.dropLast().lastIndex(where: { pair.told >= $0 }) else { continue }
            counts[above].pairs += 1
            counts[above].told += pair.told
            if let isSame = pair.isSame { if isSame { counts[above].same += 1 } else { counts[above].different += 1 } }
        }
        bands = counts.enumerated().map { index, c in
            let told = c.pairs > 0 ? c.told / Double(c.pairs) : (edges[index] + edges[index + 1]) / 2
            let n = Double(c.same + c.different)
            let share = (Double(c.same) + MatchQuality.priorWeight * told) / (n + MatchQuality.priorWeight)
            return Band(
                from: edges[index], to: edges[index + 1], pairs: c.pairs, same: c.same, different: c.different, told: told, share: share,
                interval: n > 0 ? MatchQuality.wilson(Double(c.same) / n, n) : 0...1)
        }
        answers = counts.reduce(0) { $0 + $1.same + $1.different }
        let above = bands.filter { $0.from >= threshold && $0.pairs > 0 }
        let below = bands.filter { $0.from < threshold && $0.pairs > 0 }
        let (right, spread) = (MatchQuality.sum(above), MatchQuality.variance(above))
        let all = above.reduce(0) { $0 + Double($1.pairs) }
        precision = all > 0 ? MatchQuality.estimate(right / all, variance: spread / (all * all)) : nil
        let missed = MatchQuality.sum(below)
        let total = right + missed
        // A share of two sums that are not bound to one another, by how it bends with each.
        recall = total > 0
            ? MatchQuality.estimate(right / total, variance: (missed * missed * spread + right * right * MatchQuality.variance(below)) / pow(total, 4)) : nil
    }

    private static func sum(_ bands: [Band]) -> Double { bands.reduce(0) { $0 + Double($1.pairs) * $1.share } }
    private static func variance(_ bands: [Band]) -> Double {
        bands.reduce(0) { $0 + pow(Double($1.pairs), 2) * $1.share * (1 - $1.share) / (Double($1.same + $1.different) + priorWeight + 1) }
    }

    /// As wide as if so many answers had been a plain sample that they spread as much.
    private static func estimate(_ value: Double, variance: Double) -> Estimate {
        let value = min(1, max(0, value))
        guard variance > 0, value > 0, value < 1 else { return Estimate(value: value, interval: value...value) }
        return Estimate(value: value, interval: wilson(value, value * (1 - value) / variance))
    }

    /// - Note: Wilson, JASA 22 (1927), p. 209; the normal interval would leave 0...1 for small counts.
    static func wilson(_ share: Double, _ n: Double) -> ClosedRange<Double> {
        let z = 1.959964
        let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        return max(0, middle - half)...min(1, middle + half)
    }
}
