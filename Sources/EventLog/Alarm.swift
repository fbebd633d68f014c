/// Wakes one waiting thread, at a call or after a time.
///
/// `@unchecked Sendable`: `isRung` is touched only with `condition` locked.
public final class Alarm: @unchecked Sendable {
    private let condition = ThreadCondition()
    private var isRung = false

    public init() {}

    public func ring() {
        let wasRung = condition.withLock {
            defer { isRung = true }
            return isRung
        }
        // Whoever wakes while the lock is held has to wait for it; and whoever has not heard yet needs not be called again.
        if !wasRung { condition.signal() }
    }

    /// Returns when rung.
    public func wait() {
        condition.withLock {
            while !isRung { condition.wait() }
            isRung = false
        }
    }

    /// Returns when rung, or after so many milliseconds.
    public func wait(upTo milliseconds: Int64) {
        let end = ThreadCondition.Deadline(inMilliseconds: milliseconds)
        condition.withLock {
            while !isRung { if condition.wait(until: end) { break } }
            isRung = false
        }
    }
}
