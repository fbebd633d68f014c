import Vocabulary

/// Stops a lane whose other side fails again and again, and lets one thing through after a while to see.
struct CircuitBreaker: Sendable {
    /// So many failures one after the other, and it opens.
    static let failuresMaximum = 10
    private static let pauseMinimumMs: Int64 = 1000
    private static let pauseMaximumMs: Int64 = 60_000

    private(set) var failures = 0
    /// How often it opened since something went through.
    private var openings = 0
    private(set) var openUntil: Timestamp?

    /// How many may be under way now; after a failure no more than are missing until it opens, so that none of those is one too many.
    func room(_ concurrency: Int, at now: Timestamp) -> Int {
        guard let openUntil else { return failures == 0 ? concurrency : min(concurrency, max(1, CircuitBreaker.failuresMaximum - failures)) }
        return now < openUntil ? 0 : 1
    }

    mutating func succeeded() { (failures, openings, openUntil) = (0, 0, nil) }

    mutating func failed(at now: Timestamp) {
        failures = min(failures + 1, 1000)
        // What was under way already when it opened says nothing new.
        guard failures >= CircuitBreaker.failuresMaximum, openUntil.map({ $0 <= now }) ?? true else { return }
        openUntil = Timestamp(clamping: now.milliseconds + min(CircuitBreaker.pauseMinimumMs << Int64(min(openings, 6)), CircuitBreaker.pauseMaximumMs))
        openings += 1
    }
}

/// How long until something is tried again.
enum BackOff {
    static let attemptsMaximum = 16
    /// Of what nobody can tell whether it arrived: so often it is repeated.
    static let lostMaximum = 3
    private static let pauseMinimumMs: Int64 = 2000
    private static let pauseMaximumMs: Int64 = 3_600_000

    /// Twice as long each time, and of that half to all by chance, so that what failed together does not come back together.
    ///
    /// - Parameters:
    ///   - attempts: made so far, at least 1.
    ///   - after: seconds that the other side asked for.
    ///   - chance: 0 to 1.
    static func due(attempts: Int, after: Int?, now: Timestamp, chance: Double) -> Timestamp {
        let full = min(pauseMinimumMs << Int64(min(max(attempts, 1) - 1, 12)), pauseMaximumMs)
        let own = full / 2 + Int64(Double(full / 2) * min(max(chance, 0), 1))
        let asked = Int64(min(max(after ?? 0, 0), 86_400)) * 1000
        return Timestamp(clamping: now.milliseconds + max(own, asked))
    }
}
