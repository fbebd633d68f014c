import Foundation

/// Learns a ``MatchModel`` from candidate pairs, without any label.
///
/// Each rule that brings pairs together is a session of expectation and maximisation of its own, which learns only the comparisons that the rule
/// does not decide: among pairs that share an e-mail, sharing it teaches nothing. Sessions are put together by the matches that each expects.
struct Learning {
    private let comparisons: [Comparison]
    private let count: Int
    /// Expected counts by comparison and cell over all sessions.
    private var matchCounts: [[Double]]
    private var relatedCounts: [[Double]]
    /// Those of sessions whose rule is something that tells people apart: among namesakes, what else tells them apart is learned wrongly.
    private var tellingCounts: [[Double]]
    /// Expected pairs of either kind among those that share an address: there, every relative is seen, whatever else they share.
    private var atHome = (match: 0.0, related: 0.0)

    /// How many pairs the prior beliefs are worth.
    private static let priorWeight = 30.0
    /// Of one person's records, the least share that has to agree in a birth, an e-mail, a telephone or a number.
    private static let agreeing = 0.2
    /// So many expected matches of sessions that tell people apart are enough to learn from them alone.
    private static let toldMinimum = 50.0
    static let sessionPairsMaximum = 30_000

    /// Pairs of one rule, compared.
    struct Session: Sendable {
        let rule: BlockingRule
        var cells: [UInt8] = []
        var strangers: [Float] = []
        var givenNames: [Float] = []
        /// How many pairs of the rule each of these stands for.
        var scale = 1.0
        var count: Int { givenNames.count }
    }

    init(_ comparisons: [Comparison], count: Int) {
        self.comparisons = comparisons
        self.count = count
        matchCounts = comparisons.map { [Double](repeating: 0, count: $0.cellCount) }
        relatedCounts = matchCounts
        tellingCounts = matchCounts
    }

    /// Believed before anything is learned.
    static func prior(_ comparisons: [Comparison], count: Int) -> MatchModel {
        var model = MatchModel(match: [], related: [], matchShare: 0, relatedShare: 0)
        for comparison in comparisons {
            model.match.append(comparison.priorMatch.map { Float(log2(max($0, 1e-9))) })
            model.related.append(comparison.priorRelated.map { Float(log2(max($0, 1e-9))) })
        }
        model.matchShare = Float(log2(1 / (Double(count) + 10_000)))
        model.relatedShare = model.matchShare
        return model
    }

    mutating func add(_ session: Session) {
        guard session.count >= 10 else { return }
        let learned = comparisons.indices.filter { !session.rule.decides(comparisons[$0].kind) }
        guard !learned.isEmpty else { return }
        // Only names tell relatives from one person; where the rule decides them, what relatives share cannot be learned.
        let tellsRelatives = learned.contains { comparisons[$0].kind == .name }
        var model = Learning.prior(comparisons, count: count)
        var shares = (match: 0.3, related: 0.1, strangers: 0.6)
        var counts: (match: [[Double]], related: [[Double]]) = ([], [])
        for _ in 0..<12 {
            counts = (comparisons.map { [Double](repeating: 0, count: $0.cellCount) }, comparisons.map { [Double](repeating: 0, count: $0.cellCount) })
            var sums = (match: 1.0, related: 1.0, strangers: 1.0)
            for k in 0..<session.count {
                var (m, r): (Float, Float) = (Float(log2(shares.match / shares.strangers)), Float(log2(shares.related / shares.strangers)))
                for index in learned {
                    let cell = Int(session.cells[k * comparisons.count + index])
                    guard cell != 0 else { continue }
                    let chance = session.strangers[k * comparisons.count + index]
                    m += model.match[index][cell] - chance
                    if comparisons[index].kind == .middle { continue }
                    r += model.related[index][cell] - chance
                    if comparisons[index].kind == .name { r += session.givenNames[k] }
                }
                let chances = MatchModel.chances(m, r)
                sums.match += chances.match
                sums.related += chances.related
                sums.strangers += 1 - chances.match - chances.related
                // What relatives share is learned from those whose given names differ, since the others may be one person.
                let differ = tellsRelatives && Comparison.givenNamesDiffer(session.cells[k * comparisons.count])
                for index in learned {
                    let cell = Int(session.cells[k * comparisons.count + index])
                    counts.match[index][cell] += chances.match
                    if differ { counts.related[index][cell] += chances.related }
                }
            }
            let all = sums.match + sums.related + sums.strangers
            shares = (sums.match / all, sums.related / all, sums.strangers / all)
            for index in learned { Learning.maximise(&model, index, comparisons[index], counts.match[index], tellsRelatives ? counts.related[index] : []) }
        }
        guard isOfPeople(session, counts.match, learned) else { return }
        if tellsRelatives, session.rule.isAddress {
            let pairs = session.scale * Double(session.count)
            atHome.match += shares.match * pairs
            atHome.related += shares.related * pairs
        }
        let isTelling = comparisons.contains { $0.tellsPeopleApart && session.rule.decides($0.kind) }
        for index in learned {
            for cell in 0..<comparisons[index].cellCount {
                matchCounts[index][cell] += counts.match[index][cell]
                if isTelling { tellingCounts[index][cell] += counts.match[index][cell] }
                if tellsRelatives { relatedCounts[index][cell] += counts.related[index][cell] }
            }
        }
    }

    /// Whether what a session took for one person's records can be that. In a file without duplicates the likeliest pairs are strangers of one name and town, and learning from them would teach that
    /// one person has many births and numbers: where hardly any of what tells people apart agrees, what is believed beforehand stays.
    private func isOfPeople(_ session: Session, _ match: [[Double]], _ learned: [Int]) -> Bool {
        let telling = learned.filter { comparisons[$0].tellsPeopleApart && match[$0].dropFirst().reduce(0, +) >= 10 }
        guard !telling.isEmpty else { return true }
        return telling.contains { match[$0][Comparison.same] >= Learning.agreeing * match[$0].dropFirst().reduce(0, +) }
    }

    /// How many pairs of relatives there are for each pair of one person, in bits; nil where no addresses tell.
    var relatives: Float? { atHome.match < 10 ? nil : Float(log2((atHome.related + 0.1) / atHome.match)) }

    /// The model of all sessions; its shares are still those believed beforehand.
    func model() -> MatchModel {
        var model = Learning.prior(comparisons, count: count)
        for index in comparisons.indices {
            let isTold = comparisons[index].tellsPeopleApart && tellingCounts[index].dropFirst().reduce(0, +) >= Learning.toldMinimum
            Learning.maximise(&model, index, comparisons[index], isTold ? tellingCounts[index] : matchCounts[index], relatedCounts[index])
        }
        return model
    }

    private static func maximise(_ model: inout MatchModel, _ index: Int, _ comparison: Comparison, _ match: [Double], _ related: [Double]) {
        model.match[index] = shares(match, comparison.priorMatch, comparison.group)
        if related.isEmpty { return }
        switch comparison.kind {
        // Twins are rare and a date is a date: what relatives' births have in common is known, and learning it would make twins of typing errors.
        case .birth: break
        // Nor does anybody share a number that is given to one person.
        case .identifier where comparison.isPersonal: break
        case .name: model.related[index] = familyNames(related, comparison)
        default: model.related[index] = shares(related, comparison.priorRelated, comparison.group)
        }
    }

    private static func shares(_ counts: [Double], _ prior: [Double], _ group: [UInt8]) -> [Float] {
        var sums = [Double](repeating: 0, count: 256)
        for cell in counts.indices { sums[Int(group[cell])] += counts[cell] }
        return counts.indices.map { cell in
            group[cell] == 255 ? 0 : Float(log2(max(1e-7, (counts[cell] + priorWeight * prior[cell]) / (sums[Int(group[cell])] + priorWeight))))
        }
    }

    /// Relatives share the family name and nothing else of a name, so that only its part is learned.
    private static func familyNames(_ counts: [Double], _ comparison: Comparison) -> [Float] {
        var levels = [Double](repeating: 0, count: 6)
        for cell in 0..<Comparison.nameSwapped { levels[cell % 6] += counts[cell] }
        let prior = (0..<6).map { $0 == 0 ? 0 : comparison.priorRelated[$0] }
        let sum = levels[1...].reduce(0, +)
        var out = (0..<Comparison.nameSwapped).map { cell -> Float in
            cell % 6 == 0 ? 0 : Float(log2(max(1e-7, (levels[cell % 6] + priorWeight * prior[cell % 6]) / (sum + priorWeight))))
        }
        // Their names are as often in each other's place as anybody's.
        out.append(-6)
        return out
    }
}
