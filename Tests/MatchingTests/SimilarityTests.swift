import Matching
import Testing

/// Words of few letters, so that many are alike; the same in every run.
struct Words {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }
    mutating func word(_ longest: Int) -> [UInt8] { (0..<next(longest + 1)).map { _ in UInt8(0x61 + next(4)) } }
}

@Suite("How alike two texts are")
struct SimilarityTests {
    @Test("the distance is that of a plain table, up to its maximum")
    func distance() {
        var words = Words(seed: 11)
        for _ in 0..<20_000 {
            let (a, b) = (words.word(9), words.word(9))
            let slow = SimilarityTests.slowDistance(a, b)
            for maximum in 1...3 { #expect(Similarity.distance(a, b, maximum: maximum) == (slow <= maximum ? slow : nil), "\(a) \(b)") }
        }
    }

    @Test("Jaro–Winkler is that of its definition")
    func jaroWinkler() {
        var words = Words(seed: 12)
        for _ in 0..<20_000 {
            let (a, b) = (words.word(10), words.word(10))
            #expect(abs(Similarity.jaroWinkler(a, b) - SimilarityTests.slowJaroWinkler(a, b)) < 1e-12, "\(a) \(b)")
        }
    }

    @Test("published examples", arguments: [("martha", "marhta", 0.9611), ("dwayne", "duane", 0.84), ("dixon", "dicksonx", 0.8133), ("", "", 1), ("a", "", 0)])
    func published(a: String, b: String, value: Double) { #expect(abs(Similarity.jaroWinkler(Array(a.utf8), Array(b.utf8)) - value) < 1e-4) }

    @Test("a swap of neighbours is one slip, and so is a letter too many", arguments: [("masah", "masha", 1), ("kelley", "kelle", 1), ("kelley", "keley", 1), ("anna", "nana", 1), ("abc", "cba", 2), ("ab", "ab", 0)])
    func slips(a: String, b: String, count: Int) { #expect(Similarity.distance(Array(a.utf8), Array(b.utf8), maximum: 2) == count) }

    @Test("texts longer than any name are compared without harm")
    func long() {
        let long = [UInt8](repeating: 0x61, count: 500)
        #expect(Similarity.jaroWinkler(long, long) == 1 && Similarity.jaroWinkler(long, long.dropLast()) == 0)
    }

    private static func slowDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var table = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in 0...a.count {
            for j in 0...b.count {
                if i == 0 || j == 0 { table[i][j] = i + j; continue }
                table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1) }
            }
        }
        return table[a.count][b.count]
    }

    private static func slowJaroWinkler(_ a: [UInt8], _ b: [UInt8]) -> Double {
        if a.isEmpty && b.isEmpty { return 1 }
        let window = max(0, max(a.count, b.count) / 2 - 1)
        var taken = [Bool](repeating: false, count: b.count)
        var matched: [UInt8] = []
        for (i, letter) in a.enumerated() {
            if let j = b.indices.first(where: { !taken[$0] && b[$0] == letter && abs($0 - i) <= window }) {
                taken[j] = true
                matched.append(letter)
            }
        }
        guard !matched.isEmpty else { return 0 }
        let others = b.indices.filter { taken[$0] }.map { b[$0] }
        let halves = zip(matched, others).count { $0 != $1 }
        let m = Double(matched.count)
        let jaro = (m / Double(a.count) + m / Double(b.count) + (m - Double(halves) / 2) / m) / 3
        let prefix = zip(a, b).prefix(4).prefix { $0 == $1 }.count
        return jaro + Double(prefix) * 0.1 * (1 - jaro)
    }
}
