import EventLog
import Privacy
import Synchronization
import Vocabulary

/// A decoded call on its way into the log.
///
/// A class, so that the batch has one owner all the way into the log and its bytes are never copied.
/// `@unchecked Sendable`: it is handed from the thread that decoded it to the committer and not touched by the first again.
final class PendingCall: @unchecked Sendable {
    var batch: EventBatch
    /// One for each entry of the batch.
    var keys: [MessageKey]
    var completion: @Sendable (Result<CommitOutcome, Refusal>) -> Void = { _ in }

    init(batch: consuming EventBatch, keys: [MessageKey]) {
        self.batch = batch
        self.keys = keys
    }
}

/// What became of a call's events.
struct CommitOutcome: Sendable {
    /// Items whose message had been seen before.
    var duplicates: [UInt32] = []
    /// Items of people of whom nothing is to be stored.
    var suppressed: [UInt32] = []
    var accepted = 0
    /// The position behind the last event of this call; applied up to here, all of it can be read.
    var end: LogPosition = 0
}

/// The one thread that appends: takes all calls that wait, drops duplicates, admits, writes them as one group, syncs once, answers.
///
/// While it syncs (4 ms), the next group gathers. `@unchecked Sendable`: `queue`, `bytes` and `isStopped` are touched only with `condition` locked.
final class Committer: @unchecked Sendable {
    static let groupBytesMaximum = 8 << 20

    private let log: EventLog
    private let index: MessageIndex
    private let admission: Admission
    private let ledger: ConsentLedger
    private let onCommit: @Sendable ([LogBatch]) -> Void
    private let failure = Mutex<LogError?>(nil)
    /// Statements that are in the log and could not be written into the ledger; the committing thread's own.
    private var unrecorded: [ConsentFact] = []
    /// Where the ledger knows that it stands; the committing thread's own.
    private var recorded: LogPosition
    /// Events after which the ledger is told where the log stands though nobody said anything, so that a start need not read far back.
    private static let recordEvents: LogPosition = 100_000
    /// Bytes of the group that was tried last; the committing thread's own.
    private var refusedBytes = 1 << 16

    private let condition = ThreadCondition()
    private var queue: [PendingCall] = []
    /// Of what was handed over and is not committed.
    private var bytes = 0
    private var isStopped = false
    private var hasEnded = false

    init(log: EventLog, index: MessageIndex, admission: Admission, ledger: ConsentLedger, onCommit: @escaping @Sendable ([LogBatch]) -> Void) {
        self.log = log
        self.index = index
        self.admission = admission
        self.ledger = ledger
        self.onCommit = onCommit
        recorded = log.end
        startThread(name: "martlet-commit") { [self] in run() }
    }

    /// Why nothing can be accepted now, nil when all is well.
    var trouble: LogError? { failure.withLock { $0 } }

    /// Bytes that were handed over and are not committed.
    var waitingBytes: Int { condition.withLock { bytes } }

    func submit(_ call: PendingCall) {
        condition.lock()
        let refused = isStopped
        if !refused {
            queue.append(call)
            bytes += call.batch.bytes.count
            condition.signal()
        }
        condition.unlock()
        if refused { call.completion(.failure(Committer.refusal(IngestError.stopping.explanation))) }
    }

    /// Commits what waits and returns when the thread has ended.
    func stop() {
        condition.lock()
        isStopped = true
        condition.broadcast()
        while !hasEnded { condition.wait() }
        condition.unlock()
    }

    private func run() {
        while let group = nextGroup() {
            let size = group.reduce(0) { $0 + $1.batch.bytes.count }
            commit(group)
            condition.withLock { bytes -= size }
        }
        _ = recordConsents(upTo: log.end, isLast: true)
        condition.lock()
        hasEnded = true
        condition.broadcast()
        condition.unlock()
    }

    private func nextGroup() -> [PendingCall]? {
        condition.lock()
        defer { condition.unlock() }
        while queue.isEmpty {
            if isStopped { return nil }
            if failure.withLock({ $0 != nil }) {
                // While the disk is full, look once a second whether it still is, so that health turns green by itself.
                if condition.wait(until: .init(inMilliseconds: 1000)) {
                    condition.unlock()
                    if log.probe(room: refusedBytes) { failure.withLock { $0 = nil } }
                    condition.lock()
                }
            } else {
                condition.wait()
            }
        }
        var bytes = 0
        var count = 0
        while count < queue.count, bytes < Committer.groupBytesMaximum {
            bytes += queue[count].batch.bytes.count
            count += 1
        }
        if count == queue.count {
            let group = queue
            queue = []
            return group
        }
        let group = Array(queue[..<count])
        queue.removeFirst(count)
        return group
    }

    private func commit(_ group: [PendingCall]) {
        if !unrecorded.isEmpty, let refusal = recordConsents(upTo: log.end) {
            for call in group { call.completion(.failure(refusal)) }
            return
        }
        var outcomes = [CommitOutcome](repeating: CommitOutcome(), count: group.count)
        var admitted: [Admitted<EventBatch>] = []
        var claimed: [MessageKey] = []
        let start = log.end
        var next = start
        for (i, call) in group.enumerated() {
            var batch = EventBatch()
            swap(&batch, &call.batch)
            var keys = call.keys
            let before = batch.entries
            var passed = admission.admit(consume batch) { outcomes[i].suppressed.append($0.item) }
            if passed.value.entries.count != before.count {
                let kept = Set(passed.value.entries.map(\.item))
                keys = zip(before, keys).filter { kept.contains($0.0.item) }.map(\.1)
            }
            let positions = index.claim(keys, from: next)
            for (entry, position) in zip(passed.value.entries, positions) where position == nil { outcomes[i].duplicates.append(entry.item) }
            for (key, position) in zip(keys, positions) where position != nil { claimed.append(key) }
            if !outcomes[i].duplicates.isEmpty { passed.removeItems(Set(outcomes[i].duplicates)) }
            outcomes[i].accepted = passed.value.entries.count
            next += LogPosition(passed.value.entries.count)
            outcomes[i].end = next
            admitted.append(consume passed)
        }
        // More than its entries need: health turns green when what was refused would fit, not when a smaller call would.
        refusedBytes = max(1 << 16, admitted.reduce(0) { $0 + $1.value.bytes.count })
        do throws(LogError) {
            let batches = try log.append(&admitted)
            index.commit(upTo: next)
            // A group of which nothing is to be written says nothing of the disk.
            if next > start { failure.withLock { $0 = nil } }
            unrecorded += ConsentReader.facts(in: batches)
            onCommit(batches)
            let refusal = recordConsents(upTo: next)
            for (call, outcome) in zip(group, outcomes) { call.completion(refusal.map { .failure($0) } ?? .success(outcome)) }
        } catch {
            // Nothing of the group is in the log, so nothing of it may count as seen.
            index.release(claimed)
            failure.withLock { $0 = error }
            for call in group { call.completion(.failure(Committer.refusal(error.explanation))) }
        }
    }

    /// Brings the ledger up to `end`, and says why not where that fails: then nobody may hear success, for a withdrawal that is not in force yet
    /// may be among what they sent. The events stay in the log; sent again they are duplicates, answered once the ledger has followed.
    private func recordConsents(upTo end: LogPosition, isLast: Bool = false) -> Refusal? {
        guard !unrecorded.isEmpty || end - recorded >= Committer.recordEvents || (isLast && end > recorded) else { return nil }
        do {
            try ledger.record(unrecorded, upTo: end)
            unrecorded = []
            recorded = end
            return nil
        } catch {
            return unrecorded.isEmpty ? nil : Committer.refusal(IngestError.ledger.explanation)
        }
    }

    private static func refusal(_ explanation: Explanation) -> Refusal {
        Refusal(503, explanation.code, explanation.problem, remedy: explanation.remedy, retryAfter: 5)
    }
}
