/// Reproducible randomness: the same seed gives the same shop on every machine and with every Swift.
///
/// The standard library promises no stable sequence for `random(in:using:)`, so the draws are written out here.
/// - Note: SplitMix64 of Steele, Lea and Flood, OOPSLA 2014, figure 18.
struct Random: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A stream of its own for each combination of numbers, so that one person's life never shifts another's.
    init(seed: UInt64, _ first: Int, _ second: Int = 0) {
        state = seed
        state = next() ^ (UInt64(truncatingIfNeeded: first) &* 0xD6E8_FEB8_6659_FD93)
        state = next() ^ (UInt64(truncatingIfNeeded: second) &* 0xA076_1D64_78BD_642F)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 ..< `limit`, evenly but for a bias below 2⁻³², which no chart shows.
    mutating func below(_ limit: Int) -> Int {
        precondition(limit > 0, "a draw needs something to draw from")
        return Int(next().multipliedFullWidth(by: UInt64(limit)).high)
    }

    mutating func between(_ least: Int, _ most: Int) -> Int { least + below(most - least + 1) }

    /// True in `percent` of a hundred draws.
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

    /// The index of a weight, drawn in proportion to the weights; they are cumulative, the last one is their sum.
    mutating func index(cumulative weights: [Int]) -> Int {
        let drawn = below(weights[weights.count - 1])
        return weights.firstIndex { drawn < $0 } ?? 0
    }
}
