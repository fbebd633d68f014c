/// How two records compare in one respect: a cell for each way in which they can agree or not, and what the cells mean.
///
/// Cell 0 stands for "one of them says nothing", which is evidence for nothing. Probabilities are given within a group of cells, since what
/// can be seen hangs on what is there: a record with an initial cannot show a nickname.
struct Comparison: Sendable {
    enum Kind: Sendable, Hashable { case name, company, middle, email, phone, birth, address, identifier(Int), category(Int) }
    let kind: Kind
    let cellCount: Int
    /// The group of each cell; 255 for cell 0 of all.
    let group: [UInt8]
    /// What is believed before anything was seen: how often each cell comes up within its group, for one person and for two of one household.
    let priorMatch: [Double]
    let priorRelated: [Double]
    /// Whether it is an identifier that only one person has.
    private(set) var isPersonal = false

    /// Whether a person has only one such value.
    var isSingle: Bool { kind == .birth || kind == .middle || isPersonal }

    /// The cell of what is the same in both, in what tells people apart.
    static let same = 1
    /// Whether it seldom agrees by chance.
    var tellsPeopleApart: Bool { kind == .birth || kind == .email || kind == .phone || isPersonal }

    private init(_ kind: Kind, group: [UInt8], match: [Double], related: [Double]) {
        (self.kind, cellCount, self.group) = (kind, group.count, group)
        priorMatch = Comparison.normalised(match, group)
        priorRelated = Comparison.normalised(related, group)
    }

    static func normalised(_ values: [Double], _ group: [UInt8]) -> [Double] {
        var sums = [Double](repeating: 0, count: 256)
        for cell in values.indices { sums[Int(group[cell])] += values[cell] }
        return values.indices.map { group[$0] == 255 ? 1 : sums[Int(group[$0])] > 0 ? values[$0] / sums[Int(group[$0])] : 0 }
    }

    static let company = Comparison(.company, group: [255, 0, 0, 0, 0, 0], match: [0, 0.74, 0.1, 0.08, 0.04, 0.04], related: [0, 0.05, 0.04, 0.3, 0.1, 0.51])
    static let email = Comparison(.email, group: [255, 0, 0, 0, 0, 0], match: [0, 0.7, 0.01, 0.03, 0.02, 0.24], related: [0, 0.12, 0.002, 0.01, 0.01, 0.858])
    static let phone = Comparison(.phone, group: [255, 0, 0, 0], match: [0, 0.7, 0.02, 0.28], related: [0, 0.35, 0.01, 0.64])
    static let birth = Comparison(
        .birth, group: [255, 0, 0, 0, 0, 0, 0, 0], match: [0, 0.93, 0.01, 0.025, 0.015, 0.008, 0.007, 0.005], related: [0, 0.02, 0.001, 0.003, 0.01, 0.03, 0.05, 0.886])
    static let middle = Comparison(.middle, group: [255, 0, 0, 1, 0, 1], match: [0, 0.93, 0.03, 0.95, 0.04, 0.05], related: [0, 0.02, 0.02, 0.08, 0.96, 0.92])

    static func identifier(_ index: Int, _ kind: IdentifierKind) -> Comparison {
        let prior = kind.prior
        var comparison = Comparison(
            .identifier(index), group: [255, 0, 0, 0, 0], match: [0, prior.match, 0.02, 0.005, 0.97 - prior.match], related: [0, prior.related, 0.002, 0.002, 0.996 - prior.related])
        comparison.isPersonal = kind == .personal
        return comparison
    }
    static func category(_ index: Int) -> Comparison {
        Comparison(.category(index), group: [255, 0, 0, 0, 0], match: [0, 0.8, 0.04, 0.03, 0.13], related: [0, 0.45, 0.02, 0.03, 0.5])
    }

    /// First name by last name, and the two swapped.
    static let name: Comparison = {
        var group: [UInt8] = []
        var match: [Double] = []
        var related: [Double] = []
        let first: [Double] = [1, 0.76, 0.07, 0.11, 0.03, 0.0015, 0.96, 0.02]
        let last: [Double] = [1, 0.88, 0.06, 0.02, 0.02, 0.03]
        let family: [Double] = [1, 0.76, 0.03, 0.01, 0.02, 0.18]
        for f in 0..<8 {
            for l in 0..<6 {
                let pattern = UInt8((f == 0 ? 0 : f < 6 ? 1 : 2) * 2 + (l == 0 ? 0 : 1))
                group.append(f == 0 && l == 0 ? 255 : pattern)
                // Who is neither of the first nor of the last name is hardly ever the same.
                match.append(first[f] * last[l] * ((f == 5 || f == 7) && l == 5 ? 0.3 : 1))
                related.append(family[l])
            }
        }
        group.append(3)
        match.append(0.015)
        related.append(0.015)
        return Comparison(.name, group: group, match: match, related: related)
    }()
    static let nameSwapped = 48
    static func name(_ first: FirstNameLevel, _ last: LastNameLevel) -> Int { Int(first.rawValue) * 6 + Int(last.rawValue) }

    static func givenNamesDiffer(_ cell: UInt8) -> Bool {
        Int(cell) != nameSwapped && (cell / 6 == FirstNameLevel.different.rawValue || cell / 6 == FirstNameLevel.otherInitial.rawValue)
    }

    /// Street by postcode by city.
    static let address: Comparison = {
        var group: [UInt8] = []
        var match: [Double] = []
        var related: [Double] = []
        // Columns: agree, nearly, in part, not.
        let street = (match: [1, 0.62, 0.07, 0.01, 0.3], related: [1, 0.62, 0.06, 0.01, 0.31])
        let postcode = (match: [1, 0.7, 0.03, 0.07, 0.2], related: [1, 0.7, 0.02, 0.07, 0.21])
        let city = (match: [1, 0.8, 0.03, 0.17], related: [1, 0.8, 0.02, 0.18])
        for s in 0..<5 {
            for p in 0..<5 {
                for c in 0..<4 {
                    group.append(s + p + c == 0 ? 255 : UInt8((s == 0 ? 0 : 1) + (p == 0 ? 0 : 2) + (c == 0 ? 0 : 4)))
                    // The parts go together: whoever lives in the same house lives in the same town.
                    let levels = [s, p, c].filter { $0 > 0 }
                    let isSame = s == 1 || s == 2
                    let together = isSame && (p == 4 || c == 3) ? 0.1 : s == 4 && p == 1 ? 0.3 : levels.count > 1 && p == 1 && c == 3 ? 0.3 : 1
                    match.append(street.match[s] * postcode.match[p] * city.match[c] * together)
                    related.append(street.related[s] * postcode.related[p] * city.related[c] * together)
                }
            }
        }
        return Comparison(.address, group: group, match: match, related: related)
    }()
    static func address(_ street: Int, _ postcode: Int, _ city: Int) -> Int { street * 20 + postcode * 4 + city }
}

enum FirstNameLevel: UInt8 { case missing, exact, nickname, near, similar, different, initial, otherInitial }
enum LastNameLevel: UInt8 { case missing, exact, near, similar, part, different }
