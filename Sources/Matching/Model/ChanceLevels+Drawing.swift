import Foundation

extension ChanceLevels {
    /// What is usual before anything was drawn, and how many draws that is worth.
    private static let usual = (
        first: (levels: [0, 0.01, 0.006, 0.003, 0.02, 0.961, 0, 0.93], draws: 500.0), last: (levels: [0, 0.001, 0.001, 0.008, 0.001, 0.989], draws: 1000.0),
        middle: (levels: [0, 0.01, 0.01, 0, 0.98, 0.93], draws: 500.0), email: (levels: [0, 1e-6, 3e-7, 3e-6, 3e-6, 1], draws: 1e6), phone: (levels: [0, 1e-6, 2e-6, 1], draws: 3e5),
        birth: (levels: [0, 1e-4, 1e-4, 5e-4, 0.01, 0.03, 0.05, 0.9], draws: 1000.0), street: (levels: [0, 1e-5, 2e-5, 1e-3, 1], draws: 3e4),
        postcode: (levels: [0, 1e-3, 1e-3, 0.02, 0.98], draws: 1000.0), city: (levels: [0, 0.02, 1e-3, 0.97], draws: 1000.0),
        company: (levels: [0, 1e-4, 1e-4, 2e-3, 5e-3, 0.99], draws: 3000.0),
        identifier: (levels: [0, 1e-6, 1e-5, 2e-4, 1], draws: 1e4), category: (levels: [0, 0.05, 5e-3, 2e-3, 0.94], draws: 1000.0))

    /// Counts levels in pairs drawn at random, nearly all of which are strangers.
    ///
    /// The draws are the same in every run: the generator is SplitMix64 and records stand in the order of their content.
    init(drawing comparer: PairComparer, draws: Int) {
        let comparisons = comparer.comparisons
        var counts = comparisons.map { [Double](repeating: 0, count: $0.cellCount) }
        var names = (first: [Double](repeating: 0, count: 8), last: [Double](repeating: 0, count: 6))
        var places = (street: [Double](repeating: 0, count: 5), postcode: [Double](repeating: 0, count: 5), city: [Double](repeating: 0, count: 4))
        let n = UInt64(comparer.people.count)
        var state: UInt64 = 0
        var evidence = PairEvidence(comparisons: comparisons.count)
        for _ in 0..<draws {
            state &+= 1
            let bits = mixed(state)
            let (i, j) = (Int(((bits >> 32) &* n) >> 32), Int(((bits & 0xffff_ffff) &* n) >> 32))
            guard i != j else { continue }
            comparer.compare(i, j, &evidence)
            for index in comparisons.indices {
                let cell = Int(evidence.cells[index])
                counts[index][cell] += 1
                switch comparisons[index].kind {
                case .name where cell < Comparison.nameSwapped:
                    names.first[cell / 6] += 1
                    names.last[cell % 6] += 1
                case .address:
                    places.street[cell / 20] += 1
                    places.postcode[cell / 4 % 5] += 1
                    places.city[cell % 4] += 1
                default: break
                }
            }
        }
        first = ChanceLevels.log(names.first, ChanceLevels.usual.first, groups: [1...5, 6...7])
        last = ChanceLevels.log(names.last, ChanceLevels.usual.last, groups: [1...5])
        street = ChanceLevels.log(places.street, ChanceLevels.usual.street, groups: [1...4])
        postcode = ChanceLevels.log(places.postcode, ChanceLevels.usual.postcode, groups: [1...4])
        city = ChanceLevels.log(places.city, ChanceLevels.usual.city, groups: [1...3])
        for index in comparisons.indices {
            switch comparisons[index].kind {
            case .name, .address: break
            case .middle:
                // Cell 3 and 5 are the initials'.
                let c = counts[index]
                middle = ChanceLevels.log([0, c[1], c[2], 0, c[4], 0], ChanceLevels.usual.middle, groups: [1...4])
                middle[5] = -0.1
            case .company: company = ChanceLevels.log(counts[index], ChanceLevels.usual.company, groups: [1...5])
            case .email: email = ChanceLevels.log(counts[index], ChanceLevels.usual.email, groups: [1...5])
            case .phone: phone = ChanceLevels.log(counts[index], ChanceLevels.usual.phone, groups: [1...3])
            case .birth: birth = ChanceLevels.log(counts[index], ChanceLevels.usual.birth, groups: [1...7])
            case .identifier: identifiers.append(ChanceLevels.log(counts[index], ChanceLevels.usual.identifier, groups: [1...4]))
            case .category: categories.append(ChanceLevels.log(counts[index], ChanceLevels.usual.category, groups: [1...4]))
            }
        }
    }

    private static func log(_ counts: [Double], _ usual: (levels: [Double], draws: Double), groups: [ClosedRange<Int>]) -> [Float] {
        var out = [Float](repeating: 0, count: counts.count)
        for group in groups {
            let sum = counts[group].reduce(0, +)
            for level in group { out[level] = Float(log2(max(1e-12, (counts[level] + usual.draws * usual.levels[level]) / (sum + usual.draws)))) }
        }
        return out
    }
}
