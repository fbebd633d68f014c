import Synchronization
public import Vocabulary

/// How many events each source sent within a day, in buckets of an hour.
///
/// Kept in memory and counted as calls are taken, so that a page never scans for it: it begins at ``since``, the start of the process.
public final class Arrivals: Sendable {
    public struct Count: Sendable {
        public var accepted = 0
        public var quarantined = 0
    }

    private struct Bucket {
        var hour: Int64 = .min
        var count = Count()
    }
    private static let hours = 24

    public let since: Timestamp
    private let buckets = Mutex<[SourceNumber: [Bucket]]>([:])

    public init(since: Timestamp) { self.since = since }

    public func note(_ source: SourceNumber, accepted: Int, quarantined: Int, at: Timestamp) {
        guard accepted > 0 || quarantined > 0 else { return }
        let hour = at.milliseconds / 3_600_000
        buckets.withLock { all in
            let place = Int(hour) % Arrivals.hours
            var own = all[source] ?? [Bucket](repeating: Bucket(), count: Arrivals.hours)
            if own[place].hour != hour { own[place] = Bucket(hour: hour) }
            own[place].count.accepted += accepted
            own[place].count.quarantined += quarantined
            all[source] = own
        }
    }

    /// The running hour and the twenty-three before it.
    public func lastDay(of source: SourceNumber, at: Timestamp) -> Count {
        let oldest = at.milliseconds / 3_600_000 - Int64(Arrivals.hours) + 1
        return buckets.withLock { all in
            (all[source] ?? []).filter { $0.hour >= oldest }.reduce(into: Count()) { sum, bucket in
                sum.accepted += bucket.count.accepted
                sum.quarantined += bucket.count.quarantined
            }
        }
    }
}
