import CKernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One thread that does jobs in order, for work that must not hold up anybody.
///
/// `@unchecked Sendable`: `jobs`, `isStopped` and `isBusy` are touched only with `condition` locked.
public final class BackgroundWorker: @unchecked Sendable {
    private let condition = ThreadCondition()
    private var jobs: [@Sendable () -> Void] = []
    private var isStopped = false
    private var isBusy = false

    public init(name: String, standing: ThreadStanding = .first) {
        startThread(name: name, standing: standing) { [weak self] in
            while let job = self?.next() {
                job()
                self?.finished()
            }
        }
    }

    public func submit(_ job: @escaping @Sendable () -> Void) {
        condition.lock()
        jobs.append(job)
        condition.broadcast()
        condition.unlock()
    }

    /// Returns when nothing is left to do.
    public func drain() {
        condition.lock()
        while !jobs.isEmpty || isBusy { condition.wait() }
        condition.unlock()
    }

    /// Lets the job at hand finish and drops the others: each can be done again after the next start.
    public func stop() {
        condition.lock()
        isStopped = true
        jobs.removeAll()
        condition.broadcast()
        while isBusy { condition.wait() }
        condition.unlock()
    }

    private func next() -> (@Sendable () -> Void)? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty, !isStopped { condition.wait() }
        guard !isStopped else { return nil }
        isBusy = true
        return jobs.removeFirst()
    }

    private func finished() {
        condition.lock()
        isBusy = false
        condition.broadcast()
        condition.unlock()
    }
}

/// Who goes first where there are fewer processors than work.
public enum ThreadStanding: Int32, Sendable {
    /// Somebody waits for an answer, or for what was said to be applied.
    case first = 0
    /// What follows the log: it may fall back for a moment while senders are answered.
    case following = 3
    /// Long work for one who expects to wait.
    case patient = 18
    /// What nobody waits for.
    case last = 19
}

/// Starts a thread of 1 MiB stack that runs `body` to its end.
public func startThread(name: String, standing: ThreadStanding = .first, _ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let name: String
        let standing: ThreadStanding
        let body: @Sendable () -> Void
        init(_ name: String, _ standing: ThreadStanding, _ body: @escaping @Sendable () -> Void) { (self.name, self.standing, self.body) = (name, standing, body) }
    }
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setstacksize(&attributes, 1 << 20)
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(name, standing, body)).toOpaque()
    _ = unsafe pthread_create(
        &thread, &attributes,
        { argument in
            let box = unsafe Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue()
            martlet_name_thread(box.name)
            if box.standing != .first { martlet_set_niceness(box.standing.rawValue) }
            box.body()
            return nil
        }, box)
    unsafe pthread_attr_destroy(&attributes)
}
