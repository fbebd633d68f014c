import Vocabulary

extension RankTest {
    static let countMaximum = 100_000_000

    func faults() -> [(pointer: String, Explanation)] {
        switch size {
        case .count(let count) where 1...RankTest.countMaximum ~= count: break
        case .percent(let percent) where percent > ExactNumber(0) && percent <= ExactNumber(100) && percent.description.utf8.count <= 40: break
        default:
            return [("", Explanation(code: "segments.rank-size", problem: "Nobody is in a rank of this size, or everybody.", remedy: "Write `in top 10%` or `in top 100`: more than 0, at most 100% or \(RankTest.countMaximum) people."))]
        }
        switch subject {
        case .trait(let path): return PathName.fault(path).map { [("/of/trait", $0)] } ?? []
        case .computed(let name): return ComputedTrait.nameFault(name).map { [("/of/computed", $0)] } ?? []
        case .measure(let measure):
            guard measure.measure.isNumeric else { return [("/of", .notRanked)] }
            return measure.test(.exists).faults().map { ("/of" + $0.pointer, $0.1) }
        }
    }
}

extension Explanation {
    static let notRanked = Explanation(code: "segments.not-ranked", problem: "Only numbers have a rank.", remedy: "Rank a count, a sum or another number, as in `sum(total) of \"Order Completed\" in top 10%`.")
}
