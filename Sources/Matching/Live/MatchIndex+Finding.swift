/// Called with the index's lock held.
extension MatchIndex {
    /// A record that was compared, with the log2 of its odds.
    private struct Candidate {
        let place: Int
        let odds: Float
    }
    /// Whether an initial fits others as well is asked of so many.
    private static let settledMaximum = 8

    func found(_ record: Int, isStored: Bool, limit: Int, least: Float) -> [Found] {
        let all = candidates(of: record, isStored: isStored)
        return all.prefix(max(0, limit)).enumerated().prefix { $1.odds >= least }.map { rank, one in
            let lost = rank < MatchIndex.settledMaximum && isOpen(record, one.place) ? alternatives(record, all, one) : 0
            comparer.compare(record, one.place, &evidence)
            return Found(key: keyOf[one.place], probability: one.odds.probability, settled: (one.odds - lost).probability, reasons: comparer.reasons(evidence, model))
        }
    }

    /// An edge between two of the records that it was learned from.
    func pair(_ edge: Matcher.Edge) -> Pair {
        let (a, b) = (Int(edge.a), Int(edge.b))
        let one = Candidate(place: b, odds: edge.odds)
        let lost = isOpen(a, b) ? alternatives(a, candidates(of: a, isStored: true), one) : 0
        return Pair(a: keyOf[a], b: keyOf[b], probability: edge.odds.probability, settled: (edge.odds - lost).probability)
    }

    /// Whether it is only an initial that the two given names have in common, which leaves open whose it is.
    private func isOpen(_ a: Int, _ b: Int) -> Bool { comparer.people.hasNames && comparer.firstLevel(a, b) == .initial }

    /// Everyone who may be the same, down to what still tells that a record has another place to go; the likeliest first.
    private func candidates(of record: Int, isStored: Bool) -> [Candidate] {
        var out: [Candidate] = []
        let least = Matcher.leastOdds(review: 1)
        each(record, isStored: isStored) { place in
            comparer.compare(record, place, &evidence)
            let weights = model.weights(evidence, comparer.comparisons)
            guard MatchModel.tells(weights) else { return }
            let odds = model.odds(weights.match, weights.related)
            if odds > least { out.append(Candidate(place: place, odds: odds)) }
        }
        return out.sorted { ($0.odds, keyOf[$1.place]) > ($1.odds, keyOf[$0.place]) }
    }

    /// Calls `body` once for each record that is compared: all of few, those of a common block of many.
    private func each(_ record: Int, isStored: Bool, _ body: (Int) -> Void) {
        let others = isStored ? 0 : 1
        if thereCount + others <= Candidates.exhaustiveMaximum {
            for place in isThere.indices where isThere[place] && place != record { body(place) }
            return
        }
        mark &+= 1
        if mark == 0 {
            // Numbers of questions come again.
            for place in marks.indices { marks[place] = 0 }
            mark = 1
        }
        let keys = blockingKeys
        for block in blocks {
            block.each(keys.key(block.rule, record), most: block.sizeMaximum - others, keys) { place in
                guard Int(place) != record, marks[Int(place)] != mark else { return }
                marks[Int(place)] = mark
                body(Int(place))
            }
        }
    }

    /// Bits that the odds of a pair lose because either of the two may as well be somebody else's.
    private func alternatives(_ record: Int, _ all: [Candidate], _ one: Candidate) -> Float {
        let own = excluding(all.filter { $0.place != one.place }, one)
        let reverse = excluding(candidates(of: one.place, isStored: true).filter { $0.place != record }, Candidate(place: record, odds: one.odds))
        return MatchModel.lost(to: own) + MatchModel.lost(to: reverse)
    }

    /// The odds of those who are about as likely as `one` and cannot be the same person as it.
    private func excluding(_ others: [Candidate], _ one: Candidate) -> [Float] {
        others.prefix { $0.odds > one.odds - MatchModel.lostWithin }.prefix(MatchIndex.settledMaximum).filter { other in
            comparer.compare(other.place, one.place, &evidence)
            return model.differ(model.weights(evidence, comparer.comparisons))
        }.map(\.odds)
    }
}
