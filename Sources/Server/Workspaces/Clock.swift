#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Vocabulary

/// The wall clock, read in one place.
enum Clock {
    static func now() -> Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(clamping: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Until the millisecond of `moment` is over: what is said after it is of a later one.
    static func pass(_ moment: Timestamp) async throws {
        while now() == moment { try await Task.sleep(for: .microseconds(200)) }
    }

    /// For measuring how long something took.
    static func monotonicMicroseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
