import Foundation
import Resolution
import Testing

@Suite("What answers teach")
struct QualityTests {
    /// A small generator, so that a failure repeats.
    private struct Dice {
        var state: UInt64
        mutating func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53)
        }
    }

    @Test("without answers, probabilities stay what they are, and an odd answer moves them little")
    func nothing() {
        for told in [0.001, 0.3, 0.5, 0.9, 0.9999] { #expect(abs(Calibration.none.probability(told) - told) < 1e-9) }
        let one = Calibration([(probability: 0.9, isSame: false)])
        #expect(one.probability(0.9) < 0.9 && one.probability(0.9) > 0.6)
    }

    @Test("matching that is too sure of itself is brought down to what answers say", arguments: [0.6, 1.5])
    func sureness(slope: Double) {
        var dice = Dice(state: 4)
        let answers = (0..<3000).map { _ -> (probability: Double, isSame: Bool) in
            let told = 0.02 + 0.96 * dice.next()
            let odds = slope * log(told / (1 - told))
            return (told, dice.next() < 1 / (1 + exp(-odds)))
        }
        let calibration = Calibration(answers)
        #expect(abs(calibration.slope - slope) < 0.15 && abs(calibration.offset) < 0.15)
        for told in [0.05, 0.5, 0.95] { #expect(abs(calibration.told(calibration.probability(told)) - told) < 1e-6) }
    }

    @Test("only the same answer again and again still leaves a probability")
    func oneSided() {
        let calibration = Calibration((0..<500).map { _ in (probability: 0.5, isSame: true) })
        #expect(calibration.probability(0.5) > 0.8 && calibration.probability(0.5) < 1 && calibration.probability(0.9) > calibration.probability(0.2))
    }

    @Test("precision and recall are those of all pairs, though it was asked mostly about what is unsure")
    func stratified() {
        var dice = Dice(state: 9)
        var pairs: [(told: Double, isSame: Bool?)] = []
        var truth = (above: 0.0, right: 0.0, same: 0.0)
        for _ in 0..<20_000 {
            let told = dice.next() < 0.7 ? 0.96 + 0.0399 * dice.next() : 0.1 + 0.86 * dice.next()
            // True less often than it is told.
            let isSame = dice.next() < told * 0.95
            if told >= 0.9 { truth = (truth.above + 1, truth.right + (isSame ? 1 : 0), truth.same) }
            if isSame { truth.same += 1 }
            let isAsked = dice.next() < (told > 0.96 ? 0.01 : 0.1)
            pairs.append((told, isAsked ? isSame : nil))
        }
        let quality = MatchQuality(pairs, threshold: 0.9)
        guard let precision = quality.precision, let recall = quality.recall else { return #expect(Bool(false)) }
        #expect(precision.interval.contains(truth.right / truth.above) && recall.interval.contains(truth.right / truth.same))
        #expect(precision.interval.upperBound - precision.interval.lowerBound < 0.1)
        #expect(quality.answers == pairs.count { $0.isSame != nil } && quality.bands.reduce(0) { $0 + $1.pairs } == pairs.count { $0.told >= 0.1 })
    }

    @Test("intervals hold the truth about as often as they say")
    func coverage() {
        var held = 0
        for seed in 0..<300 {
            var dice = Dice(state: UInt64(seed) &* 977 &+ 1)
            let pairs = (0..<400).map { _ -> (told: Double, isSame: Bool?) in
                let told = 0.1 + 0.89 * dice.next()
                let isSame = dice.next() < told
                return (told, dice.next() < 0.25 ? isSame : nil)
            }
            guard let precision = MatchQuality(pairs, threshold: 0.5).precision else { continue }
            // The mean of what is told at or above one half, which here is the truth.
            if precision.interval.contains(0.745) { held += 1 }
        }
        #expect(held >= 273, "\(held) of 300")
    }

    @Test("no pair, no answer, and thresholds at the edges are answered")
    func edges() {
        #expect(MatchQuality([], threshold: 0.9).precision == nil && MatchQuality([], threshold: 0.9).recall == nil)
        let one = MatchQuality([(told: 0.95, isSame: nil)], threshold: 0.95)
        #expect(one.precision != nil && one.bands.filter { $0.pairs > 0 }.map(\.from) == [0.95])
        #expect(MatchQuality([(told: 1, isSame: true)], threshold: 0.95).bands.last?.same == 1)
    }
}
