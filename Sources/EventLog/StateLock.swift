#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One writer or many readers of the folds' state. The writer holds it for a batch (well under a millisecond), readers for microseconds.
///
/// `@unchecked Sendable`: the lock is what it wraps; it lives on the heap and is never moved.
public final class StateLock: @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_rwlock_t>.allocate(capacity: 1)

    public init() {
        unsafe pthread_rwlock_init(lock, nil)
    }

    deinit {
        unsafe pthread_rwlock_destroy(lock)
        unsafe lock.deallocate()
    }

    public func reading<Result>(_ body: () throws -> Result) rethrows -> Result {
        unsafe pthread_rwlock_rdlock(lock)
        defer { unsafe pthread_rwlock_unlock(lock) }
        return try body()
    }

    public func writing<Result>(_ body: () throws -> Result) rethrows -> Result {
        unsafe pthread_rwlock_wrlock(lock)
        defer { unsafe pthread_rwlock_unlock(lock) }
        return try body()
    }
}
