public import EventLog
public import Privacy
public import Storage
import Synchronization
public import Vocabulary

/// The way in: decodes calls, refuses what cannot be taken, and has the rest committed.
public final class Ingest: Sendable {
    public let sources: Sources
    public let quarantine: Quarantine
    private let admission: Admission
    public let messages: MessageIndex
    public let arrivals: Arrivals
    private let committer: Committer
    private let log: EventLog
    private let ledger: ConsentLedger
    private let behind: @Sendable (_ committing: Int) -> Backlog
    private let counters = Mutex(Counters())

    /// How far application runs behind acknowledgement.
    public struct Backlog: Sendable {
        public let bytes: Int
        public let milliseconds: Int
        public static let bytesMaximum = 1 << 30
        public static let millisecondsMaximum = 10_000

        public init(bytes: Int, milliseconds: Int) {
            self.bytes = bytes
            self.milliseconds = milliseconds
        }
        /// What imports keep between the log and the profiles: more would only fill memory, since nobody waits for an acknowledgement.
        public static let importBytesMaximum = 64 << 20
        /// Said while memory is short, or will be when what waits is applied.
        public static let ofMemory = Backlog(bytes: .max, milliseconds: 0)
        var isTooLong: Bool { bytes > Backlog.bytesMaximum || milliseconds > Backlog.millisecondsMaximum }
    }

    public struct Counters: Sendable {
        public var accepted = 0
        public var duplicates = 0
        public var quarantined = 0
        public var refusedCalls = 0
    }

    /// - Parameters:
    ///   - onCommit: handed what was committed, in order, on the committing thread, before the sender is answered.
    ///   - backlog: asked before each call is taken, and told how many bytes are on their way into the log.
    /// - Throws: when the ledger cannot be brought up to the log.
    public init(
        log: EventLog, messages: MessageIndex, database: DatabaseFile, sources: Sources, admission: Admission, ledger: ConsentLedger, startedAt: Timestamp,
        backlog: @escaping @Sendable (_ committing: Int) -> Backlog, onCommit: @escaping @Sendable ([LogBatch]) -> Void
    ) throws {
        try ConsentReader.catchUp(ledger, with: log)
        self.log = log
        self.ledger = ledger
        self.sources = sources
        self.messages = messages
        arrivals = Arrivals(since: startedAt)
        behind = backlog
        quarantine = Quarantine(database)
        self.admission = admission
        committer = Committer(log: log, index: messages, admission: admission, ledger: ledger, onCommit: onCommit)
    }

    private func backlog(and held: Int = 0) -> Backlog { behind(committer.waitingBytes + held) }

    public var trouble: LogError? { committer.trouble }
    public var totals: Counters { counters.withLock { $0 } }

    /// What became of one item.
    public struct Verdict: Sendable {
        public enum Status: String, Sendable { case accepted, duplicate, quarantined, suppressed }
        public let messageId: String?
        public let status: Status
        public let reasons: [Explanation]
    }

    public struct Answer: Sendable {
        public let verdicts: [Verdict]
        /// Applied up to here, all accepted events of the call can be read.
        public let end: LogPosition
        public let accepted: Int
        /// Items that had been seen before, by their place in the call.
        public let duplicates: [UInt32]
        /// The refusal to tell the sender of a single event; a batch answers success and keeps its bad items in quarantine.
        public let refusal: Refusal?
    }

    /// Whether a call would be taken now; asked before it is read, so that what is refused takes no time from what is to be applied.
    ///
    /// - Throws: ``Refusal`` 429 while application lags.
    public func checkLag() throws {
        guard backlog().isTooLong else { return }
        let explanation = IngestError.overloaded(seconds: 2).explanation
        throw Refusal(429, explanation.code, explanation.problem, remedy: explanation.remedy, retryAfter: 2)
    }

    /// Takes a decoded call in, and its batch out of it. On return its events are durable, or it throws and none is.
    ///
    /// - Throws: ``Refusal``: 429 while application lags, 503 while nothing can be written.
    public func accept(
        _ call: inout DecodedCall, from source: Source, shape: CallShape, hasher: MessageHasher, receivedAt: Timestamp, wantsVerdicts: Bool
    ) async throws -> Answer {
        try checkLag()
        let (refused, dropped) = kept(call)
        let itemCount = call.itemCount
        let messageIds: [UInt32: String] = wantsVerdicts ? Ingest.messageIds(call.batch) : [:]
        if !refused.isEmpty {
            do { try await quarantine.add(refused, around: call.around, source: source.number, shape: shape, receivedAt: receivedAt) } catch { throw Ingest.unkept }
            noteRefused(refused.count, source, receivedAt)
        }
        let outcome = try await commit(&call, from: source, hasher: hasher, receivedAt: receivedAt).outcome()
        var refusal: Refusal?
        if case .single = shape, let first = call.refused.first?.reasons.first {
            refusal = Refusal(400, first.code, first.problem, remedy: first.remedy)
        }
        let verdicts = wantsVerdicts ? Ingest.verdicts(itemCount, refused, dropped, outcome, messageIds) : []
        return Answer(verdicts: verdicts, end: outcome.end, accepted: outcome.accepted, duplicates: outcome.duplicates, refusal: refusal)
    }

    /// Keeps a body that could not be read at all, as far as the source is known.
    public func quarantineBody(_ body: ArraySlice<UInt8>, around: Personal<[UInt8]>?, reason: Explanation, source: Source, shape: CallShape, receivedAt: Timestamp) async {
        counters.withLock { $0.refusedCalls += 1 }
        arrivals.note(source.number, accepted: 0, quarantined: 1, at: receivedAt)
        let kept = RefusedEvent(item: 0, messageId: nil, payload: Personal(Array(body.prefix(Quarantine.bodyMaximum))), reasons: [reason])
        if !admission.suppressed([kept], around: around).isEmpty { return }
        guard (try? await quarantine.add([kept], around: around, source: source.number, shape: shape, receivedAt: receivedAt)) != nil else { return }
        counters.withLock { $0.quarantined += 1 }
    }

    public func close() {
        committer.stop()
        try? ledger.record([], upTo: log.end)
        messages.checkpoint()
        messages.close()
    }

    /// Keeps what was refused and hands the rest to the committer at once, so that calls keep the order in which they are submitted; wait for the
    /// answer later. It holds up its thread while the database writes.
    ///
    /// - Throws: ``Refusal`` 503 when refused events cannot be kept; then nothing of the call is taken.
    public func submit(_ call: inout DecodedCall, from source: Source, shape: CallShape, hasher: MessageHasher, receivedAt: Timestamp) throws -> Submission {
        let refused = kept(call).refused
        if !refused.isEmpty {
            do { try quarantine.add(refused, around: call.around, source: source.number, shape: shape, receivedAt: receivedAt) } catch { throw Ingest.unkept }
            noteRefused(refused.count, source, receivedAt)
        }
        return commit(&call, from: source, hasher: hasher, receivedAt: receivedAt)
    }

    /// The refused events of a call that quarantine may keep, and those that nothing keeps, since they name somebody who is suppressed.
    private func kept(_ call: DecodedCall) -> (refused: [RefusedEvent], dropped: [RefusedEvent]) {
        let dropped = admission.suppressed(call.refused, around: call.around)
        guard !dropped.isEmpty else { return (call.refused, []) }
        let items = Set(dropped.map(\.item))
        return (call.refused.filter { !items.contains($0.item) }, dropped)
    }

    private static let unkept = Refusal(503, "quarantine.unwritable", "Refused events cannot be kept now.", remedy: "Check the disk; sending again is safe.", retryAfter: 5)

    private func noteRefused(_ count: Int, _ source: Source, _ receivedAt: Timestamp) {
        counters.withLock { $0.quarantined += count }
        arrivals.note(source.number, accepted: 0, quarantined: count, at: receivedAt)
    }

    /// The one way in: every accepted event is counted here.
    private func commit(_ call: inout DecodedCall, from source: Source, hasher: MessageHasher, receivedAt: Timestamp) -> Submission {
        let refused = call.refused.count
        var batch = EventBatch()
        swap(&batch, &call.batch)
        let keys = Ingest.stamp(&batch, source: source.number, hasher: hasher)
        let submission = Submission(refused: refused)
        guard !batch.entries.isEmpty else {
            submission.finish(.success(CommitOutcome()))
            return submission
        }
        let pending = PendingCall(batch: consume batch, keys: keys)
        pending.completion = { [self] result in
            if case .success(let outcome) = result {
                counters.withLock {
                    $0.accepted += outcome.accepted
                    $0.duplicates += outcome.duplicates.count
                }
                arrivals.note(source.number, accepted: outcome.accepted, quarantined: 0, at: receivedAt)
                sources.seen(source.number, at: receivedAt)
            }
            submission.finish(result)
        }
        committer.submit(pending)
        return submission
    }

    /// Writes what Martlet itself states. On return it is durable, or it throws and none is.
    ///
    /// - Parameter records: as ``EventRecord/fact(_:body:messageId:at:)`` makes them.
    /// - Returns: where each stands; nil for one whose messageId was known.
    /// - Throws: ``Refusal`` 503 while nothing can be written.
    public func state(_ records: [[UInt8]], hasher: MessageHasher) async throws -> [LogPosition?] {
        var batch = EventBatch()
        for record in records { batch.append(record: record) }
        let keys = Ingest.stamp(&batch, source: 0, hasher: hasher)
        let submission = Submission(refused: 0)
        let pending = PendingCall(batch: consume batch, keys: keys)
        pending.completion = { submission.finish($0) }
        committer.submit(pending)
        let outcome = try await submission.outcome()
        var next = outcome.end - LogPosition(outcome.accepted)
        let known = Set(outcome.duplicates + outcome.suppressed)
        return records.indices.map { index in
            if known.contains(UInt32(index)) { return nil }
            defer { next += 1 }
            return next
        }
    }

    /// Where the log ends once all that was submitted before is in it.
    ///
    /// - Throws: ``Refusal`` 503 while nothing can be written.
    public func end() async throws -> LogPosition {
        let submission = Submission(refused: 0)
        let pending = PendingCall(batch: EventBatch(), keys: [])
        pending.completion = { submission.finish($0) }
        committer.submit(pending)
        return try await submission.outcome().end
    }

    /// Whether application or the compression of the log lags so far behind that an import waits, which holds so many bytes of events to hand over.
    func isAhead(holding bytes: Int) -> Bool {
        let lag = backlog(and: bytes)
        return lag.isTooLong || lag.bytes > Backlog.importBytesMaximum || log.openSegmentCount > Ingest.openSegmentsMaximum
    }

    /// Whether an import waits for memory, and not only for the folds.
    func isShortOfMemory(holding bytes: Int) -> Bool { backlog(and: bytes).bytes == Backlog.ofMemory.bytes }

    /// 2 GiB that are not compressed yet; a long import would otherwise need room on the disk for all of it as it was sent.
    private static let openSegmentsMaximum = 32

    /// Writes the source into each record and hashes its message id.
    private static func stamp(_ batch: inout EventBatch, source: SourceNumber, hasher: MessageHasher) -> [MessageKey] {
        let number = withUnsafeBytes(of: source.littleEndian) { unsafe Array($0) }
        var keys: [MessageKey] = []
        keys.reserveCapacity(batch.entries.count)
        for entry in batch.entries {
            let start = Int(entry.start)
            for (offset, byte) in number.enumerated() { batch.bytes[start + 4 + offset] = byte }
            let event = EventView(batch.bytes[start..<start + Int(entry.count)])
            keys.append(hasher.key(source: source, messageId: event?.field(.messageId) ?? []))
        }
        return keys
    }

    private static func messageIds(_ batch: EventBatch) -> [UInt32: String] {
        var ids: [UInt32: String] = [:]
        for entry in batch.entries {
            ids[entry.item] = EventView(batch.bytes[Int(entry.start)..<Int(entry.start) + Int(entry.count)])?.text(.messageId)
        }
        return ids
    }

    private static func verdicts(_ count: Int, _ refused: [RefusedEvent], _ dropped: [RefusedEvent], _ outcome: CommitOutcome, _ ids: [UInt32: String]) -> [Verdict] {
        let duplicates = Set(outcome.duplicates)
        let suppressed = Set(outcome.suppressed + dropped.map(\.item))
        let bad = Dictionary(refused.map { ($0.item, $0) }, uniquingKeysWith: { a, _ in a })
        return (0..<UInt32(count)).map { item in
            if let event = bad[item] { return Verdict(messageId: event.messageId, status: .quarantined, reasons: event.reasons) }
            let status: Verdict.Status = duplicates.contains(item) ? .duplicate : suppressed.contains(item) ? .suppressed : .accepted
            return Verdict(messageId: ids[item], status: status, reasons: [])
        }
    }
}
