import EventLog
import Ingest
import Vocabulary

/// Runs the one ordered list of folds over what is committed, batch by batch, on one thread.
///
/// `@unchecked Sendable`: everything below `condition` is touched only with it locked; the folds' state is guarded by `lock`.
final class FoldRunner: @unchecked Sendable {
    /// Events after which a checkpoint is due: what a start must read again takes about a second.
    static let checkpointEvents: LogPosition = 1_000_000
    /// Events that are applied in one hold of the lock: a reader waits well under a millisecond.
    static let sliceEvents = 256

    /// Events after which a start says how far it is: about a second.
    private static let progressEvents: LogPosition = 250_000

    private let folds: [any Fold]
    private let lock: StateLock
    private let onSlice: @Sendable () -> Void
    private let onApplied: @Sendable (LogBatch, Int) -> Void

    private let condition = ThreadCondition()
    private var queue: [LogBatch] = []
    private var waitingBytes = 0
    /// When what waits longest came, in microseconds of the monotonic clock.
    private var oldest: Int64 = 0
    private var applied: LogPosition
    private var checkpointed: LogPosition
    private var waiters: [(position: LogPosition, done: @Sendable () -> Void)] = []
    private var jobs: [@Sendable () -> Void] = []
    private var isStopped = false
    private var hasEnded = false

    /// - Parameters:
    ///   - folds: in order; each may read the ones before it. All stand at the same position.
    ///   - onSlice: called when all folds have a piece of a batch, before they take the next.
    ///   - onApplied: told each batch after all folds have it, and how many bytes wait behind it.
    init(
        folds: [any Fold], lock: StateLock, onSlice: @escaping @Sendable () -> Void = {}, onApplied: @escaping @Sendable (LogBatch, _ waitingBytes: Int) -> Void
    ) {
        self.folds = folds
        self.lock = lock
        self.onSlice = onSlice
        self.onApplied = onApplied
        precondition(Set(folds.map(\.position)).count <= 1, "folds that stand at different positions would take events twice")
        applied = folds.first?.position ?? 0
        checkpointed = applied
    }

    /// Applies what the log holds beyond the snapshots. Called once, before anything is committed.
    ///
    /// - Parameter onBatch: told each batch that is read.
    func catchUp(with log: EventLog, onBatch: (LogBatch) -> Void = { _ in }, progress: (LogPosition, LogPosition) -> Void) {
        let end = log.end
        var reported = applied
        log.scan(from: applied) { batch in
            apply(batch)
            onBatch(batch)
            if applied - reported >= FoldRunner.progressEvents {
                reported = applied
                progress(applied, end)
            }
            return true
        }
        if applied < end { applied = end }
        if applied - checkpointed >= FoldRunner.checkpointEvents { checkpoint() }
    }

    func start() { startThread(name: "martlet-apply") { [self] in run() } }

    func submit(_ batches: [LogBatch]) {
        condition.lock()
        if queue.isEmpty { oldest = Clock.monotonicMicroseconds() }
        for batch in batches where !batch.entries.isEmpty {
            queue.append(batch)
            waitingBytes += batch.bytes.count
        }
        condition.broadcast()
        condition.unlock()
    }

    var backlog: Ingest.Backlog {
        condition.lock()
        defer { condition.unlock() }
        return Ingest.Backlog(bytes: waitingBytes, milliseconds: queue.isEmpty ? 0 : Int((Clock.monotonicMicroseconds() - oldest) / 1000))
    }

    var appliedPosition: LogPosition {
        condition.lock()
        defer { condition.unlock() }
        return applied
    }

    /// Returns when everything before `position` has been applied.
    func waitUntilApplied(_ position: LogPosition) async {
        await withCheckedContinuation { continuation in
            condition.lock()
            let isThere = applied >= position || hasEnded
            if !isThere { waiters.append((position, { continuation.resume() })) }
            condition.unlock()
            if isThere { continuation.resume() }
        }
    }

    /// Runs `job` on the applying thread, between two batches; throws `Refusal.stopping` once that has ended.
    func perform<Value: Sendable>(_ job: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = condition.withLock {
                guard !hasEnded else { return false }
                jobs.append { continuation.resume(with: Result { try job() }) }
                condition.broadcast()
                return true
            }
            if !isTaken { continuation.resume(throwing: Refusal.stopping) }
        }
    }

    /// Applies what waits, writes a checkpoint, and returns when the thread has ended.
    func stop() {
        condition.lock()
        isStopped = true
        condition.broadcast()
        while !hasEnded { condition.wait() }
        condition.unlock()
    }

    private func run() {
        while true {
            condition.lock()
            while queue.isEmpty, jobs.isEmpty, !isStopped { condition.wait() }
            // The first one last, so that each is given back as soon as it is applied: what comes in meanwhile takes its memory.
            var work = Array(queue.reversed())
            let tasks = jobs
            queue = []
            jobs = []
            oldest = Clock.monotonicMicroseconds()
            let isLast = isStopped && work.isEmpty && tasks.isEmpty
            condition.unlock()
            if isLast { break }
            for task in tasks { task() }
            while let batch = work.popLast() { apply(batch) }
            if applied - checkpointed >= max(FoldRunner.checkpointEvents, applied / 4) { checkpoint() }
        }
        if applied > checkpointed { checkpoint() }
        condition.lock()
        hasEnded = true
        let (late, tasks) = (waiters, jobs)
        (waiters, jobs) = ([], [])
        condition.broadcast()
        condition.unlock()
        for task in tasks { task() }
        for waiter in late { waiter.done() }
    }

    private func apply(_ batch: LogBatch) {
        var start = 0
        while start < batch.entries.count {
            let end = min(start + FoldRunner.sliceEvents, batch.entries.count)
            let slice = start == 0 && end == batch.entries.count ? batch : LogBatch(bytes: batch.bytes, entries: Array(batch.entries[start..<end]))
            lock.writing { for fold in folds { fold.apply(slice) } }
            onSlice()
            start = end
        }
        condition.lock()
        if let last = batch.entries.last { applied = last.position + 1 }
        waitingBytes -= min(waitingBytes, batch.bytes.count)
        let waiting = waitingBytes
        let ready = waiters.filter { $0.position <= applied }
        if !ready.isEmpty { waiters.removeAll { $0.position <= applied } }
        condition.unlock()
        onApplied(batch, waiting)
        for waiter in ready { waiter.done() }
    }

    /// Only the applying thread changes state between the two, so it may read all of it without holding up readers.
    private func checkpoint() {
        lock.writing { for fold in folds { fold.prepareCheckpoint() } }
        for fold in folds {
            // A snapshot that cannot be written costs time at the next start, nothing else.
            try? fold.checkpoint()
        }
        checkpointed = applied
    }
}
