import Foundation

/// What a file's records turned out to be: who belongs together, which pairs say so, and why.
public struct MatchResult: Sendable {
    /// A pair of records, by their rows in the file, from 0.
    public struct Pair: Sendable, Hashable {
        public enum Outcome: String, Sendable {
            /// In one cluster.
            case merged
            /// Likely enough to be merged, and kept apart because their clusters do not fit.
            case refused
            /// Too unsure to merge, too likely to ignore.
            case review
        }
        public let first: Int
        public let second: Int
        /// That the two are one person, by their own evidence alone.
        public let probability: Double
        public let outcome: Outcome
    }

    /// By row: the row that names its cluster; the same record whatever the order of rows.
    public let clusters: [Int]
    /// Pairs at or above the threshold for review, the likeliest first.
    public let pairs: [Pair]
    /// Values of e-mail, telephone and identifiers that many different people carry, which count as missing.
    public let placeholders: Int

    private let preparation: PairComparer.Preparation
    private let chances: ChanceLevels
    private let model: MatchModel
    /// By row: its place in the canonical order.
    private let places: [UInt32]

    init(
        _ preparation: PairComparer.Preparation, _ chances: ChanceLevels, _ model: MatchModel, _ edges: [Matcher.Edge], clusters: [UInt32], placeholders: Int, _ options: Matcher.Options
    ) {
        let rows = preparation.people.rows
        // The first of a cluster in the canonical order names it.
        var names = [Int](repeating: -1, count: rows.count)
        var byRow = [Int](repeating: 0, count: rows.count)
        var places = [UInt32](repeating: 0, count: rows.count)
        for (place, row) in rows.enumerated() {
            let cluster = Int(clusters[place])
            if names[cluster] < 0 { names[cluster] = Int(row) }
            byRow[Int(row)] = names[cluster]
            places[Int(row)] = UInt32(place)
        }
        self.clusters = byRow
        self.places = places
        (self.preparation, self.chances, self.model, self.placeholders) = (preparation, chances, model, placeholders)
        let (merge, review) = (options.merge.log2Odds, min(options.merge, options.review).log2Odds)
        pairs = edges.filter { $0.odds >= review }.sorted { ($0.odds, $1.a, $1.b) > ($1.odds, $0.a, $0.b) }.map { edge in
            let (a, b) = (Int(rows[Int(edge.a)]), Int(rows[Int(edge.b)]))
            let outcome: Pair.Outcome = byRow[a] == byRow[b] ? .merged : edge.odds >= merge ? .refused : .review
            return Pair(first: min(a, b), second: max(a, b), probability: edge.odds.probability, outcome: outcome)
        }
    }

    /// Records in the largest cluster.
    public var largest: Int { sizes.values.max() ?? 0 }
    public var clusterCount: Int { sizes.count }
    private var sizes: [Int: Int] {
        var sizes: [Int: Int] = [:]
        for cluster in clusters { sizes[cluster, default: 0] += 1 }
        return sizes
    }

    /// Tells pairs apart in words; one at a time.
    public func explainer() -> Explainer { Explainer(self) }

    /// Says why pairs are likely or not. It holds memory of its own, so one serves many pairs, on one thread.
    public final class Explainer {
        private let result: MatchResult
        private let comparer: PairComparer
        private var evidence: PairEvidence

        fileprivate init(_ result: MatchResult) {
            self.result = result
            comparer = PairComparer(result.preparation, chances: result.chances)
            evidence = PairEvidence(comparisons: comparer.comparisons.count)
        }

        /// What two rows of the file have in common and what not, the weightiest first.
        public func reasons(_ first: Int, _ second: Int) -> [Reason] {
            comparer.compare(Int(result.places[first]), Int(result.places[second]), &evidence)
            return comparer.reasons(evidence, result.model)
        }

        /// The probability that two rows are one person, compared by themselves.
        public func probability(_ first: Int, _ second: Int) -> Double {
            comparer.compare(Int(result.places[first]), Int(result.places[second]), &evidence)
            return result.model.odds(evidence, comparer.comparisons).probability
        }
    }
}
