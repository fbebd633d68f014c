/// A version by the letter of its definition: small numbers only.
struct SlowVersion {
    private let numbers: [Int]
    private let labels: [String]

    init?(_ text: String) {
        guard let match = text.wholeMatch(of: /[vV]?([0-9]+(?:\.[0-9]+)*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+.*)?/.dotMatchesNewlines()) else { return nil }
        numbers = match.1.split(separator: ".").map { Int($0)! }
        labels = (match.2 ?? "").split(separator: ".").map(String.init)
    }

    func order(_ other: SlowVersion) -> Int {
        for index in 0..<10 {
            let (a, b) = (index < numbers.count ? numbers[index] : 0, index < other.numbers.count ? other.numbers[index] : 0)
            if a != b { return a < b ? -1 : 1 }
        }
        if labels.isEmpty, other.labels.isEmpty { return 0 }
        if labels.isEmpty { return 1 }
        if other.labels.isEmpty { return -1 }
        for index in 0..<10 {
            guard index < labels.count || index < other.labels.count else { return 0 }
            guard index < labels.count else { return -1 }
            guard index < other.labels.count else { return 1 }
            let (a, b) = (labels[index], other.labels[index])
            switch (Int(a), Int(b)) {
            case (let x?, let y?): if x != y { return x < y ? -1 : 1 }
            case (_?, nil): return -1
            case (nil, _?): return 1
            case (nil, nil): if a != b { return Array(a.utf8).lexicographicallyPrecedes(Array(b.utf8)) ? -1 : 1 }
            }
        }
        return 0
    }
}
