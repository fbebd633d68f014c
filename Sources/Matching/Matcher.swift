import Foundation

/// Finds the records of one person in a file: probabilistic matching without labels, configured by the file's own columns.
///
/// The same rows in another order give the same clusters.
public struct Matcher: Sendable {
    public struct Options: Sendable, Hashable {
        /// Pairs at least so likely to be one person are merged, unless a guardrail refuses; 0 to 1.
        public var merge: Double
        /// Pairs at least so likely, and not merged, are for a person to look at; 0 to 1.
        public var review: Double

        public init(merge: Double = 0.6, review: Double = 0.4) { (self.merge, self.review) = (merge, review) }
    }

    /// What is being done, for whoever waits.
    public enum Stage: String, Sendable { case reading, learning, comparing, clustering }

    /// Two records that may be one person, by their places in the canonical order; `a` < `b`.
    struct Edge: Sendable {
        let a: UInt32
        let b: UInt32
        /// log2 of the odds.
        let odds: Float
    }

    /// Matches the records of `text`.
    ///
    /// - Parameter progress: called as each stage begins, on the calling thread.
    public static func match(_ text: DelimitedText, as schema: Schema, _ options: Options = Options(), progress: (Stage) -> Void = { _ in }) -> MatchResult {
        let learned = learn(text, as: schema, review: options.review, progress: progress)
        progress(.clustering)
        let clustering = Clustering(learned.edges, PairComparer(learned.preparation, chances: learned.chances), learned.model, merge: options.merge)
        return MatchResult(learned.preparation, learned.chances, learned.model, learned.edges, clusters: clustering.clusters, placeholders: learned.placeholders, options)
    }

    /// What was learned from a file, and the pairs that it tells of.
    struct Learned: Sendable {
        let preparation: PairComparer.Preparation
        let chances: ChanceLevels
        let model: MatchModel
        /// Up to which size a block of each rule counts.
        let limits: [(rule: BlockingRule, sizeMaximum: Int)]
        let edges: [Edge]
        let placeholders: Int
    }

    static func learn(_ text: DelimitedText, as schema: Schema, review: Double, progress: (Stage) -> Void = { _ in }) -> Learned {
        progress(.reading)
        let people = People(text, schema)
        progress(.learning)
        let (preparation, placeholders) = prepare(people)
        let draws = min(drawsMaximum, people.count * (people.count - 1) / 2)
        let chances = ChanceLevels(drawing: PairComparer(preparation, chances: ChanceLevels(for: people)), draws: draws)
        let candidates = Candidates(preparation, chances)
        var learning = Learning(preparation.comparisons, count: people.count)
        for session in candidates.sessions() { learning.add(session) }
        var model = learning.model()
        progress(.comparing)
        let edges = edges(candidates, &model, learning.relatives, dated: people.births.count { $0 != 0 }, review: review)
        return Learned(preparation: preparation, chances: chances, model: model, limits: candidates.limits, edges: edges, placeholders: placeholders)
    }

    /// Pairs drawn at random, to see how often strangers agree.
    private static let drawsMaximum = 300_000

    /// Counts what is common, then which identifiers are shared by different people.
    private static func prepare(_ people: People) -> (PairComparer.Preparation, placeholders: Int) {
        var population = Population(people)
        let comparer = PairComparer(PairComparer.Preparation(people, population), chances: ChanceLevels(for: people))
        let columns = [people.emails, people.phones].compactMap { $0 } + people.identifiers
        let shared = columns.map { SharedValues($0, comparer) }
        var rest = shared.map(\.log2)[...]
        if people.emails != nil { population.email = rest.removeFirst() }
        if people.phones != nil { population.phone = rest.removeFirst() }
        population.identifiers = Array(rest)
        return (PairComparer.Preparation(people, population), shared.reduce(0) { $0 + $1.placeholders })
    }

    /// Fewer records with a date of birth tell nothing about how rare matches are.
    private static let datedMinimum = 200

    /// A candidate pair with its weights for one person and for relatives, against strangers.
    private struct Weighed: Sendable {
        let a: UInt32
        let b: UInt32
        let match: Float
        let related: Float
        /// Whether both have a date of birth.
        let areDated: Bool
    }

    /// Compares each candidate once: how rare matches are is found from the weights, and the odds follow from that.
    private static func edges(_ candidates: Candidates, _ model: inout MatchModel, _ relatives: Float?, dated: Int, review: Double) -> [Edge] {
        let learned = model
        let weighed: [Weighed] = candidates.each { comparer, i, j, evidence, out in
            comparer.compare(i, j, &evidence)
            let weights = learned.weights(evidence, comparer.comparisons)
            if MatchModel.tells(weights) { out.append(Weighed(a: UInt32(min(i, j)), b: UInt32(max(i, j)), match: weights.match, related: weights.related, areDated: comparer.comparisons.indices.contains { comparer.comparisons[$0].kind == .birth && evidence.cells[$0] != 0 })) }
        }
        model.estimateShares(weighed.lazy.map { ($0.match, $0.related) }, count: candidates.count, relatives: relatives)
        // Strangers of one name and town look like one person where nothing else is known of them. Dates of birth tell: matches are no more frequent among those without.
        if dated >= Matcher.datedMinimum, dated * 10 >= candidates.count {
            var those = learned
            those.estimateShares(weighed.lazy.filter(\.areDated).map { ($0.match, $0.related) }, count: dated, relatives: relatives)
            model.matchShare = min(model.matchShare, those.matchShare)
        }
        let least = leastOdds(review: review)
        let final = model
        return weighed.compactMap { pair in
            let odds = final.odds(pair.match, pair.related)
            return odds > least ? Edge(a: pair.a, b: pair.b, odds: odds) : nil
        }
    }
}

extension Matcher {
    /// Pairs well below review still tell that a record has another place to go.
    static func leastOdds(review: Double) -> Float { min(review, 0.02).log2Odds }
}

extension Float {
    /// Of odds as log2.
    var probability: Double { 1 / (1 + exp2(-Double(self))) }
}

extension Double {
    /// log2 of the odds of a probability; finite for 0 and 1.
    var log2Odds: Float {
        let p = Swift.min(1 - 1e-12, Swift.max(1e-12, self))
        return Float(log2(p / (1 - p)))
    }
}
