import Foundation

/// What was learned from a file: how often records of one person agree in each respect, how often those of one household do, and how many
/// pairs there are of either.
///
/// A pair belongs to one of three classes: one person, two people of one household, or strangers. Two classes would take relatives, who share
/// name, address and telephone, for the same person; that is most of what goes wrong otherwise.
///
/// - Note: Fellegi and Sunter, JASA 64 (1969), p. 1183, with a third class.
struct MatchModel: Sendable {
    /// By comparison and cell: log2 of its chance for one person, and for two of one household. 0 for cell 0.
    var match: [[Float]]
    var related: [[Float]]
    /// log2 of the share of such pairs among all pairs.
    var matchShare: Float
    var relatedShare: Float

    /// Weights of evidence in bits: for one person and for one household, each against strangers.
    func weights(_ evidence: PairEvidence, _ comparisons: [Comparison]) -> (match: Float, related: Float) {
        var (m, r): (Float, Float) = (0, 0)
        for index in comparisons.indices where evidence.cells[index] != 0 {
            let one = weights(evidence, comparisons, index)
            m += one.match
            r += one.related
        }
        return (m, r)
    }

    /// The same of one comparison, whose cell is not 0.
    @inline(__always) func weights(_ evidence: PairEvidence, _ comparisons: [Comparison], _ index: Int) -> (match: Float, related: Float) {
        let cell = Int(evidence.cells[index])
        let chance = evidence.strangers[index]
        let m = match[index][cell] - chance
        switch comparisons[index].kind {
        case .middle: return (m, Relatives.middleName(evidence, chance) - chance)
        case .name: return (m, related[index][cell] - chance + Relatives.givenName(evidence))
        default: return (m, related[index][cell] - chance)
        }
    }

    /// Whether weights are evidence for anything at all.
    static func tells(_ weights: (match: Float, related: Float)) -> Bool { weights.match > 4 || weights.related > 8 }

    /// log2 of the odds that the two are one person.
    func odds(_ evidence: PairEvidence, _ comparisons: [Comparison]) -> Float {
        let (m, r) = weights(evidence, comparisons)
        return odds(m, r)
    }
    func odds(_ match: Float, _ related: Float) -> Float { match + matchShare - log2OfOnePlus(related + relatedShare) }

    /// The weight of a pair against strangers and relatives together, within bounds so that a single one does not outvote others.
    ///
    /// - Parameter relatives: how much likelier than now relatives are believed to be, in bits.
    func fit(_ weights: (match: Float, related: Float), relatives: Float = 0) -> Float {
        max(-MatchModel.fitMaximum, min(MatchModel.fitMaximum, weights.match - log2OfOnePlus(weights.related + relatedShare + relatives)))
    }
    private static let fitMaximum: Float = 15

    /// Whether two records are rather two people, relatives above all: nobody asks here how rare it is that two records are one person's.
    func differ(_ weights: (match: Float, related: Float)) -> Bool { fit(weights, relatives: -matchShare) < 0 }

    /// Bits that odds lose to the odds of others that exclude them.
    ///
    /// If a record can be only one of several, their odds share one whole: odds 2^o against 1 become 2^o against 1 + Σ 2^oᵢ.
    static func lost(to others: some Sequence<Float>) -> Float { log2(1 + others.reduce(0) { $0 + exp2(min($1, 60)) }) }
    /// Others that are so many bits less likely take nothing.
    static let lostWithin: Float = 6
}

extension MatchModel {
    /// The chances that a pair is one person and that it is relatives, from the log2 of their odds against strangers.
    static func chances(_ match: Float, _ related: Float) -> (match: Double, related: Double) {
        // Against the largest of the three, since the odds of many fields that agree have no end.
        let most = max(match, related, 0)
        let (m, r, strangers) = (exp2(match - most), exp2(related - most), exp2(-most))
        let whole = m + r + strangers
        return (Double(m / whole), Double(r / whole))
    }

    /// Pairs that a usual file lends to a small one, and how many of them are one person's.
    private static let lentPairs = 20_000.0
    static let lentShare = 1.0 / 150_000
    /// Fewer records than this tell nothing about how rare matches are.
    private static let tellingMinimum = 41

    /// Finds how many pairs are one person's and one household's, so that what the candidates are expected to hold fits what is believed of all pairs.
    ///
    /// - Parameters:
    ///   - pairs: the weights of all candidates.
    ///   - count: records of the file.
    ///   - relatives: pairs of relatives for each pair of one person, in bits, where addresses tell it.
    mutating func estimateShares(_ pairs: some Sequence<(Float, Float)>, count: Int, relatives: Float?) {
        matchShare = Float(log2(MatchModel.lentShare))
        relatedShare = matchShare
        guard count >= MatchModel.tellingMinimum else { return }
        let n = Double(count)
        let total = n * (n - 1) / 2 + MatchModel.lentPairs
        (matchShare, relatedShare) = (Float(-log2(n + 10_000)), Float(-log2(n + 10_000)))
        for _ in 0..<8 {
            var (m, r) = (MatchModel.lentPairs * MatchModel.lentShare, MatchModel.lentPairs * MatchModel.lentShare)
            for (match, related) in pairs {
                let chances = MatchModel.chances(match + matchShare, related + relatedShare)
                m += chances.match
                r += chances.related
            }
            matchShare = Float(log2(m / total))
            // Relatives who share nothing but a name are no candidates; those at one address are all seen.
            relatedShare = max(Float(log2(r / total)), matchShare + (relatives ?? -.infinity))
        }
    }
}

/// log2(1 + 2^x) without overflow.
@inline(__always) func log2OfOnePlus(_ x: Float) -> Float { x > 24 ? x : x < -24 ? 0 : log2(1 + exp2(x)) }

/// What is known of relatives without looking.
enum Relatives {
    /// Fathers name sons after themselves more often than chance would.
    private static let sameName: Float = -6

    /// log2 of the chance of the given names' relation; that of strangers, but for namesakes.
    static func givenName(_ evidence: PairEvidence) -> Float {
        isNamesake(evidence) ? max(evidence.givenName, sameName) : evidence.givenName
    }

    /// A middle name is one's own, so relatives agree on it as strangers do; but who names a son after himself gives the whole name.
    static func middleName(_ evidence: PairEvidence, _ chance: Float) -> Float { isNamesake(evidence) ? max(chance, sameMiddleName) : chance }
    private static let sameMiddleName: Float = -2

    private static func isNamesake(_ evidence: PairEvidence) -> Bool {
        let cell = Int(evidence.cells[0])
        return cell / 6 == Int(FirstNameLevel.exact.rawValue) || cell / 6 == Int(FirstNameLevel.nickname.rawValue) || cell == Comparison.nameSwapped
    }
}
