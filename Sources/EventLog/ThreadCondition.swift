#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A mutex and the condition that threads wait for with it held. Timed waits go by the monotonic clock: a wall clock that is set makes none of them longer or shorter.
///
/// `@unchecked Sendable`: the two pointers never change, and what they point to is made for threads.
public final class ThreadCondition: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    public init() {
        unsafe pthread_mutex_init(mutex, nil)
        #if canImport(Glibc)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
        #else
        unsafe pthread_cond_init(condition, nil)
        #endif
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    public func withLock<Value>(_ body: () throws -> Value) rethrows -> Value {
        lock()
        defer { unlock() }
        return try body()
    }

    public func lock() { unsafe pthread_mutex_lock(mutex) }

    public func unlock() { unsafe pthread_mutex_unlock(mutex) }

    /// Wakes one of those who wait.
    public func signal() { unsafe pthread_cond_signal(condition) }

    /// Wakes all who wait.
    public func broadcast() { unsafe pthread_cond_broadcast(condition) }

    /// Returns when woken, or for no reason; called with the lock held.
    public func wait() { unsafe pthread_cond_wait(condition, mutex) }

    /// Returns when woken, or for no reason, or at `end`; called with the lock held.
    ///
    /// - Returns: whether `end` has come.
    public func wait(until end: Deadline) -> Bool {
        #if canImport(Glibc)
        var time = timespec(tv_sec: Int(end.nanoseconds / 1_000_000_000), tv_nsec: Int(end.nanoseconds % 1_000_000_000))
        return unsafe pthread_cond_timedwait(condition, mutex, &time) == ETIMEDOUT
        #else
        let left = max(0, end.nanoseconds - Deadline.now)
        var time = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
        return unsafe pthread_cond_timedwait_relative_np(condition, mutex, &time) == ETIMEDOUT
        #endif
    }

    /// An instant of the monotonic clock.
    public struct Deadline: Sendable {
        fileprivate let nanoseconds: Int64

        /// So many milliseconds from now, at most 2^40.
        public init(inMilliseconds milliseconds: Int64) { nanoseconds = Deadline.now + min(max(0, milliseconds), 1 << 40) * 1_000_000 }

        fileprivate static var now: Int64 {
            var time = timespec()
            unsafe clock_gettime(CLOCK_MONOTONIC, &time)
            return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        }
    }
}
