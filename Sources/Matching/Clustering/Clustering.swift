import Foundation

/// Puts records together by the pairs that are likely one person, the likeliest first, unless what the clusters hold speaks against it.
///
/// Closing pairs transitively is where precision dies: one wrong pair joins two families. So two clusters become one only if
/// - their records fit one another on the whole, not only the two that brought them together, and
/// - neither fits another cluster about as well that cannot be the same person: "M. Kelley" where Masha and Mark live is left to a person.
struct Clustering {
    private(set) var clusters: [UInt32]
    private let comparer: PairComparer
    private let model: MatchModel
    private let least: Float
    /// Records that a person usually has, by how rare matches are.
    private let usual: Float
    private var evidence: PairEvidence
    private var members: [[UInt32]]
    private let neighbours: Neighbours

    /// So many records of each cluster are compared; more would say the same.
    private static let sample = 12
    /// For each doubling beyond twice the usual number of records.
    private static let crowdedBits: Float = 4
    /// What pairs must bring on average, in bits for one person against strangers, before it is asked how rare matches are.
    static let fitMinimum: Float = 2

    init(_ edges: [Matcher.Edge], _ comparer: PairComparer, _ model: MatchModel, merge: Double) {
        let count = comparer.people.count
        self.comparer = comparer
        self.model = model
        evidence = PairEvidence(comparisons: comparer.comparisons.count)
        clusters = Array(0..<UInt32(count))
        members = (0..<UInt32(count)).map { [$0] }
        least = merge.log2Odds
        usual = 1 + exp2(model.matchShare) * Float(max(0, count - 1))
        neighbours = Neighbours(edges, count: count)
        let least = least
        let ordered = edges.filter { $0.odds >= least }.sorted { ($0.odds, $1.a, $1.b) > ($1.odds, $0.a, $0.b) }
        for edge in ordered { join(edge) }
    }

    private mutating func join(_ edge: Matcher.Edge) {
        let (x, y) = (clusters[Int(edge.a)], clusters[Int(edge.b)])
        guard x != y, fits(x, y), isOneWhole(x, y) else { return }
        if comparer.people.hasNames, comparer.firstLevel(Int(edge.a), Int(edge.b)) == .initial {
            guard edge.odds - alternatives(x, y, edge.odds) - alternatives(y, x, edge.odds) >= least else { return }
        }
        let (large, small) = members[Int(x)].count >= members[Int(y)].count ? (x, y) : (y, x)
        for record in members[Int(small)] { clusters[Int(record)] = large }
        members[Int(large)] += members[Int(small)]
        members[Int(small)] = []
    }

    /// Whether the records of two clusters fit one another on the whole.
    private mutating func fits(_ x: UInt32, _ y: UInt32) -> Bool {
        if members[Int(x)].count == 1, members[Int(y)].count == 1 { return true }
        return fit(x, y) >= Clustering.fitMinimum
    }

    /// Whether two clusters, each taken as one person with all their addresses and numbers, are as likely one as a pair must be.
    ///
    /// The pair that brought them together is the best of many, often one where nothing but the name could be compared. Here each
    /// comparison counts once, with the records that agree best: where neither e-mail nor telephone nor address ever agrees, that tells.
    /// Of what a person has only one, the mean counts, so that one record on the wrong side does not hide that the others differ.
    private mutating func isOneWhole(_ x: UInt32, _ y: UInt32) -> Bool {
        if members[Int(x)].count == 1, members[Int(y)].count == 1 { return true }
        var best = [(match: Float, related: Float)?](repeating: nil, count: comparer.comparisons.count)
        var sums = [(match: Float, related: Float, count: Float)](repeating: (0, 0, 0), count: comparer.comparisons.count)
        for i in members[Int(x)].prefix(Clustering.sample) {
            for j in members[Int(y)].prefix(Clustering.sample) {
                comparer.compare(Int(i), Int(j), &evidence)
                for index in comparer.comparisons.indices where evidence.cells[index] != 0 {
                    let weights = model.weights(evidence, comparer.comparisons, index)
                    if best[index].map({ $0.match < weights.match }) ?? true { best[index] = weights }
                    sums[index] = (sums[index].match + weights.match, sums[index].related + weights.related, sums[index].count + 1)
                }
            }
        }
        var (m, r): (Float, Float) = (0, 0)
        for index in comparer.comparisons.indices {
            guard let best = best[index] else { continue }
            let isSingle = comparer.comparisons[index].isSingle
            m += isSingle ? sums[index].match / sums[index].count : best.match
            r += isSingle ? sums[index].related / sums[index].count : best.related
        }
        // What would join many records with many must be the surer: had they been one person's, their halves would be mixed by now.
        let (p, q) = (Float(members[Int(x)].count), Float(members[Int(y)].count))
        // And what would have several times as many records as people have here is rather two of them.
        return model.odds(m, r) >= least + log2(min(p, q)) + Clustering.crowdedBits * max(0, log2((p + q) / (2 * usual)))
    }

    /// The mean weight of the pairs between two clusters, in bits for one person against strangers and relatives.
    ///
    /// - Parameter relatives: how much likelier than now relatives are believed to be, in bits.
    private mutating func fit(_ x: UInt32, _ y: UInt32, relatives: Float = 0) -> Float {
        var (sum, count): (Float, Float) = (0, 0)
        for i in members[Int(x)].prefix(Clustering.sample) {
            for j in members[Int(y)].prefix(Clustering.sample) {
                comparer.compare(Int(i), Int(j), &evidence)
                sum += model.fit(model.weights(evidence, comparer.comparisons), relatives: relatives)
                count += 1
            }
        }
        return sum / count
    }

    /// Whether two clusters are rather two people.
    private mutating func differ(_ x: UInt32, _ y: UInt32) -> Bool { fit(x, y, relatives: -model.matchShare) < 0 }

    /// Bits that the odds of `x` and `y` lose because `x` may belong to others that cannot be `y`.
    private mutating func alternatives(_ x: UInt32, _ y: UInt32, _ odds: Float) -> Float {
        var others: [UInt32: Float] = [:]
        for record in members[Int(x)].prefix(Clustering.sample) {
            for (other, value) in neighbours.of(record) where value > odds - MatchModel.lostWithin {
                let cluster = clusters[Int(other)]
                if cluster != x, cluster != y { others[cluster] = max(others[cluster] ?? -.infinity, value) }
            }
        }
        let excluding = others.sorted { $0.key < $1.key }.prefix(8).filter { differ($0.key, y) && fits($0.key, x) }
        return MatchModel.lost(to: excluding.map(\.value))
    }
}

/// The edges of each record.
private struct Neighbours {
    private let starts: [UInt32]
    private let list: [(UInt32, Float)]

    init(_ edges: [Matcher.Edge], count: Int) {
        var starts = [UInt32](repeating: 0, count: count + 1)
        for edge in edges {
            starts[Int(edge.a) + 1] += 1
            starts[Int(edge.b) + 1] += 1
        }
        for index in 1...count { starts[index] += starts[index - 1] }
        var next = starts
        var list = [(UInt32, Float)](repeating: (0, 0), count: edges.count * 2)
        for edge in edges {
            list[Int(next[Int(edge.a)])] = (edge.b, edge.odds)
            list[Int(next[Int(edge.b)])] = (edge.a, edge.odds)
            next[Int(edge.a)] += 1
            next[Int(edge.b)] += 1
        }
        (self.starts, self.list) = (starts, list)
    }

    func of(_ record: UInt32) -> ArraySlice<(UInt32, Float)> { list[Int(starts[Int(record)])..<Int(starts[Int(record) + 1])] }
}
