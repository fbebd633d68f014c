/// Wren & Daughters, a tea shop that does not exist: its people, their ninety days, and whoever comes in now.
///
/// The same seed makes the same shop. It produces only request bodies for the public API; it knows no server.
public struct Shop: Sendable {
    public let seed: UInt64

    public init(seed: UInt64 = 1849) { self.seed = seed }

    /// Ninety days of events that end at `now`, as complete bodies for `POST /v1/batch` or `/v1/import`, oldest first.
    ///
    /// Each body holds at most 400 events and 450 KB. The `messageId` of an event does not depend on `now`, so sending
    /// a second history of as many people changes nothing where the first is still remembered.
    ///
    /// - Parameters:
    ///   - now: in milliseconds since 1970; every timestamp lies before it.
    ///   - people: how many sign in during that time, at least one; about a third more only pass by.
    /// - Complexity: 20,000 people make about 990,000 events (750 MB) in under 2 s on one core; memory stays below 50 MB.
    public func history(until now: Int64, people: Int = 20_000) -> some Sequence<[UInt8]> {
        History(cast: Cast(seed: seed, people: max(1, people)), until: now)
    }
}

/// Everybody who may walk in: numbers below `people` sign in some day, the others only pass by.
struct Cast: Sendable {
    let seed: UInt64
    let people: Int

    /// Everybody, those who pass by included.
    var everybody: Int { people + people * 35 / 100 }

    func person(_ number: Int) -> Person { Person(number: number, in: self) }
}
