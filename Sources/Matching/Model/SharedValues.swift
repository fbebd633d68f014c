import Foundation

/// How likely two different people share an e-mail address, a telephone number or another identifier.
///
/// Pairs drawn at random would count the same person's records as chance. So what is counted are pairs that agree on the value while both
/// their names clearly differ; a value most of whose records are different people is a stand-in for none ("0000000000") or a desk's, and says nothing.
struct SharedValues {
    /// By value: log2 of the chance; 0 for a value that says nothing.
    let log2: [Float]
    /// Values that say nothing.
    let placeholders: Int

    /// People that are lent to a small file; see ``Frequencies``.
    private static let lent = 10_000.0
    private static let membersMaximum = 24
    /// A clear difference is seen in so many of the pairs of different people.
    private static let seen = 0.85

    init(_ column: CodedColumn, _ comparer: PairComparer) {
        let members = SharedValues.members(column)
        var conflicts = [Float](repeating: 0, count: column.table.count)
        var tested = [Float](repeating: 0, count: column.table.count)
        if comparer.people.hasNames || comparer.people.companies != nil {
            for code in 1..<max(1, column.table.count) where column.table.uses[code] > 1 {
                let all = members.of(code)
                // A sample spread over all that carry the value.
                let step = max(1, all.count / SharedValues.membersMaximum)
                let few = stride(from: all.startIndex, to: all.endIndex, by: step).map { Int(all[$0]) }
                for (n, i) in few.enumerated() {
                    for j in few[..<n] {
                        guard let differ = comparer.clearlyDiffer(i, j) else { continue }
                        tested[code] += 1
                        if differ { conflicts[code] += 1 }
                    }
                }
            }
        }
        let rate = (Double(conflicts.reduce(0, +)) / SharedValues.seen + 0.5) / (Double(tested.reduce(0, +)) + 50)
        let total = Double(column.present) + SharedValues.lent
        var placeholders = 0
        log2 = (0..<column.table.count).map { code in
            let (uses, c, t) = (Double(max(2, column.table.uses[code])), Double(conflicts[code]), Double(tested[code]))
            if t >= 6, c / t > 0.5 {
                placeholders += 1
                return 0
            }
            let pairs = uses * (uses - 1) / 2
            let chance = (c / SharedValues.seen + 2 * min(0.2, rate)) / (t + 2) * pairs
            return Float(Foundation.log2(min(1, 2 * chance / (uses * total))))
        }
        self.placeholders = placeholders
    }

    /// The records of each value, behind one another.
    private struct Members {
        let starts: [UInt32]
        let records: [UInt32]
        func of(_ code: Int) -> ArraySlice<UInt32> { records[Int(starts[code])..<Int(starts[code + 1])] }
    }

    private static func members(_ column: CodedColumn) -> Members {
        var starts = [UInt32](repeating: 0, count: column.table.count + 1)
        for code in column.codes where code != 0 { starts[Int(code) + 1] += 1 }
        for code in 1..<starts.count { starts[code] += starts[code - 1] }
        var next = starts
        var records = [UInt32](repeating: 0, count: Int(starts.last ?? 0))
        for (index, code) in column.codes.enumerated() where code != 0 {
            records[Int(next[Int(code)])] = UInt32(index)
            next[Int(code)] += 1
        }
        return Members(starts: starts, records: records)
    }
}

extension PairComparer {
    /// Whether both names are full and clearly those of different people, relatives apart; nil where the names cannot tell.
    func clearlyDiffer(_ i: Int, _ j: Int) -> Bool? {
        if let companies = people.companies {
            let (a, b) = (companies.codes[i], companies.codes[j])
            return a == 0 || b == 0 ? nil : a != b && CompanyLevel.of(companies.table, a, b) == CompanyLevel.different
        }
        switch firstLevel(i, j) {
        case .missing: return nil
        case .different, .otherInitial:
            let last = lastLevel(i, j)
            guard last == .different || last == .missing else { return false }
            // Swapped names differ in both places and are one.
            let swapped = people.first[i] == people.last[j] || people.last[i] == people.first[j]
            return !swapped
        default: return false
        }
    }
}
