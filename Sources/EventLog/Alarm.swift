#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Wakes one waiting thread, at a call or at a time.
///
/// `@unchecked Sendable`: `isRung` is touched only with `mutex` held.
public final class Alarm: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isRung = false

    public init() {
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    public func ring() {
        unsafe pthread_mutex_lock(mutex)
        let wasRung = isRung
        isRung = true
        unsafe pthread_mutex_unlock(mutex)
        // Whoever wakes while the mutex is held has to wait for it; and whoever has not heard yet needs not be called again.
        if !wasRung { unsafe pthread_cond_signal(condition) }
    }

    /// Returns when rung.
    public func wait() {
        unsafe pthread_mutex_lock(mutex)
        while !isRung { unsafe pthread_cond_wait(condition, mutex) }
        isRung = false
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Returns when rung, or after so many milliseconds.
    public func wait(upTo milliseconds: Int64) {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        let nanoseconds = Int64(now.tv_nsec) + max(0, milliseconds) % 1000 * 1_000_000
        var end = timespec()
        end.tv_sec = now.tv_sec + Int(max(0, milliseconds) / 1000 + nanoseconds / 1_000_000_000)
        end.tv_nsec = Int(nanoseconds % 1_000_000_000)
        unsafe pthread_mutex_lock(mutex)
        while !isRung { if unsafe pthread_cond_timedwait(condition, mutex, &end) != 0 { break } }
        isRung = false
        unsafe pthread_mutex_unlock(mutex)
    }
}
