import Foundation

/// What answers teach about probabilities: log odds x become slope × x + offset, so that what is called .9 is right nine times of ten.
///
/// Few answers change little: slope and offset are believed to be 1 and 0 beforehand, and each answer moves them.
///
/// - Note: Platt, *Probabilistic Outputs for Support Vector Machines* (1999), with a normal prior.
public struct Calibration: Sendable, Hashable {
    public private(set) var slope = 1.0
    /// In natural log odds.
    public private(set) var offset = 0.0
    /// Answers that it was made of.
    public private(set) var count = 0

    public static let none = Calibration()
    private init() {}

    private static let spread = (slope: 0.25, offset: 1.0)
    /// Odds beyond this are as good as certain, and would outweigh every other answer.
    private static let oddsMaximum = 14.0

    /// - Parameter answers: the probability that was told, and whether it was one person.
    public init(_ answers: [(probability: Double, isSame: Bool)]) {
        count = answers.count
        let points = answers.map { (x: Calibration.logOdds($0.probability), y: $0.isSame ? 1.0 : 0.0) }
        // Newton's steps on a concave function of two numbers; halved where one would overshoot.
        for _ in 0..<50 {
            let now = Calibration.steepness(points, slope, offset)
            let determinant = now.ss * now.oo - now.so * now.so
            guard determinant > 1e-12 else { return }
            var (ds, d0) = ((now.s * now.oo - now.o * now.so) / determinant, (now.o * now.ss - now.s * now.so) / determinant)
            while Calibration.belief(points, slope + ds, offset + d0) < now.belief - 1e-12, abs(ds) + abs(d0) > 1e-9 { (ds, d0) = (ds / 2, d0 / 2) }
            slope += ds
            offset += d0
            if abs(ds) + abs(d0) < 1e-9 { break }
        }
        // A slope of nothing would call every pair alike.
        slope = max(0.1, slope)
    }

    public func probability(_ told: Double) -> Double { 1 / (1 + exp(-(slope * Calibration.logOdds(told) + offset))) }

    /// The probability that is told where this one is meant.
    public func told(_ probability: Double) -> Double { 1 / (1 + exp(-(Calibration.logOdds(probability) - offset) / slope)) }

    static func logOdds(_ probability: Double) -> Double {
        let p = min(1 - 1e-9, max(1e-9, probability))
        return min(oddsMaximum, max(-oddsMaximum, log(p / (1 - p))))
    }

    private static func belief(_ points: [(x: Double, y: Double)], _ slope: Double, _ offset: Double) -> Double {
        var sum = -pow((slope - 1) / spread.slope, 2) / 2 - pow(offset / spread.offset, 2) / 2
        for point in points {
            let z = slope * point.x + offset
            sum += point.y * z - (z > 30 ? z : log1p(exp(z)))
        }
        return sum
    }

    /// The belief, its slopes, and how they bend (negated).
    private static func steepness(_ points: [(x: Double, y: Double)], _ slope: Double, _ offset: Double) -> (belief: Double, s: Double, o: Double, ss: Double, so: Double, oo: Double) {
        let (vs, vo) = (1 / (spread.slope * spread.slope), 1 / (spread.offset * spread.offset))
        var (s, o, ss, so, oo) = (-(slope - 1) * vs, -offset * vo, vs, 0.0, vo)
        for point in points {
            let p = 1 / (1 + exp(-(slope * point.x + offset)))
            s += (point.y - p) * point.x
            o += point.y - p
            ss += p * (1 - p) * point.x * point.x
            so += p * (1 - p) * point.x
            oo += p * (1 - p)
        }
        return (belief(points, slope, offset), s, o, ss, so, oo)
    }
}
