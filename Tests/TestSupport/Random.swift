#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
public import Testing

/// Numbers that look random and are the same for the same seed.
///
/// - Note: SplitMix64, Steele, Lea and Flood, OOPSLA 2014.
public struct Random: RandomNumberGenerator {
    private var state: UInt64
    public init(_ seed: Seed) { state = seed.value }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    public mutating func below(_ count: Int) -> Int { Int(next(upperBound: UInt64(count))) }
    public mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    public mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

    /// Letters of several scripts, quotes, controls and digits: what hurts.
    public mutating func text(upTo count: Int = 12) -> String {
        let letters: [Character] = ["a", "b", "Z", "é", "茶", "🫖", "\"", "\\", "/", "\n", "\u{1}", "0", "9", " ", "<", "&", "\u{2028}", "\u{7f}"]
        return String((0..<below(count + 1)).map { _ in pick(letters) })
    }
}

/// What a random test began with. A failing case names it; `MARTLET_SEED=<number>` runs that one again.
public struct Seed: Sendable, CustomTestStringConvertible {
    public let value: UInt64
    public init(_ value: UInt64) { self.value = value }
    public var testDescription: String { "seed \(value)" }

    /// `count` seeds, the last of them new in each run and printed, so that the tests go on looking.
    public static func some(_ count: Int = 4) -> [Seed] {
        if let text = unsafe getenv("MARTLET_SEED"), let value = UInt64(unsafe String(cString: text)) { return [Seed(value)] }
        return (1..<UInt64(max(2, count))).map(Seed.init) + [fresh]
    }

    private static let fresh: Seed = {
        let seed = Seed(UInt64.random(in: 1000...999_999_999))
        print("The new seed of this run is \(seed.value).")
        return seed
    }()
}
