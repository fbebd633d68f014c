import Synchronization
public import Vocabulary

/// One import: a file of events that goes through the same gates as the tracking API and ends in the same state.
///
/// Portions are decoded side by side and committed in the file's order. A line without a messageId gets one made of the file's
/// fingerprint, its place and its content, so that importing the file again, or going on after a break, changes nothing twice, while
/// a line that was corrected is taken.
public final class ImportJob: Sendable {
    public enum Format: String, Sendable { case ndjson, csv }
    public enum State: String, Sendable { case running, finished, failed, interrupted }

    /// A line that was refused, and why; its content is in quarantine, not here.
    public struct Rejected: Sendable {
        public let line: Int
        public let reason: Explanation
    }

    /// Of an import that ended with the process, what was noted last is known (`partly`: the file may be in by more), or nothing (`never`).
    public enum Counted: Sendable { case whole, partly, never }

    public struct Progress: Sendable {
        public var state = State.running
        public var accepted = 0
        public var duplicates = 0
        /// Lines that are nobody's any more: they name somebody who is suppressed, and nothing of them is kept.
        public var suppressed = 0
        public var rejected = 0
        public var bytes = 0
        public var rejectedLines: [Rejected] = []
        /// What is known of the counts, if not all.
        public var counted = Counted.whole
        public var finishedAt: Timestamp?
        public var problem: Explanation?
        /// Applied up to here, all of the import can be read.
        public var end: LogPosition = 0
    }

    public static let rejectedLinesMaximum = 1000
    /// The problem of an import that gave up for lack of memory.
    public static let memoryCode = ImportReason.waited.explanation.code
    private static let decodesMaximum = 3
    private static let commitsMaximum = 12
    /// How long an import waits for memory that it does not hold itself.
    private static let memoryWaitMaximum = Duration.seconds(60)

    public let id: String
    public let name: String
    public let source: Source
    public let format: Format
    public let startedAt: Timestamp
    private let names: LineNames
    private let progress = Mutex(Progress())
    /// Why it is to give up.
    private let isCancelled = Mutex<Refusal?>(nil)

    public init(id: String, name: String, source: Source, format: Format, fingerprint: String, startedAt: Timestamp) {
        self.id = id
        self.name = name
        self.source = source
        self.format = format
        names = LineNames(fingerprint: fingerprint)
        self.startedAt = startedAt
    }

    public var current: Progress { progress.withLock { $0 } }
    public func cancel() { cancel(ImportReason.cancelled) }

    func cancel(_ reason: Refusal) { isCancelled.withLock { $0 = $0 ?? reason } }

    /// The server stops: what had not ended is interrupted, and its sender is not to blame.
    public func interrupt() {
        progress.withLock { progress in if progress.state == .failed { (progress.state, progress.problem) = (.interrupted, ImportJob.interruption) } }
    }

    public static let interruption = Explanation(
        code: "import.interrupted", problem: "The server stopped while this import was running.",
        remedy: "Start it again with the same file; what is there already is skipped, nothing is doubled.")

    /// Reads the pieces to their end.
    ///
    /// - Parameters:
    ///   - pieces: the file, in any pieces.
    ///   - mapping: for CSV, what becomes of each column; nil recognises columns by their names.
    ///   - isWanted: asked now and then while the import waits for memory; false once nobody waits for its end any more.
    ///   - onProgress: told whenever some of it has become durable.
    public func run<Pieces: AsyncSequence>(
        _ pieces: Pieces, coding: Inflater.Coding, mapping: CSVMapping? = nil, into ingest: Ingest, hasher: MessageHasher, now: @escaping @Sendable () -> Timestamp,
        isWanted: @escaping @Sendable () async -> Bool = { true }, onProgress: @escaping @Sendable () -> Void = {}
    ) async where Pieces.Element == [UInt8] {
        var pipeline = Pipeline(job: self, ingest: ingest, hasher: hasher, now: now, isWanted: isWanted, onProgress: onProgress)
        do {
            let inflater = StreamInflater(coding)
            var lines = LineGatherer()
            var text = FileText()
            var csv = format == .csv ? CSVReader(mapping: mapping, readsTimes: true) : nil
            for try await piece in pieces {
                inflater.take(piece)
                while let packed = try inflater.next() {
                    try checkCancelled()
                    let bytes = try text.take(packed)
                    var at = 0
                    while at < bytes.count {
                        lines.add(csv?.convert(bytes, from: &at, atMost: LineGatherer.portionBytes) ?? bytes)
                        if csv == nil { at = bytes.count }
                        if let line = csv?.notUTF8Line { throw FileText.notUTF8(line: line) }
                        try await pipeline.refuse(csv?.takeRefused() ?? [])
                        while let portion = lines.next(isLast: false) { try await pipeline.add(portion) }
                    }
                }
                progress.withLock { $0.bytes += piece.count }
            }
            try inflater.finish()
            let end = try text.finish()
            lines.add(csv?.convert(end) ?? end)
            if let rest = csv?.finish() { lines.add(rest) }
            if let line = csv?.notUTF8Line { throw FileText.notUTF8(line: line) }
            try await pipeline.refuse(csv?.takeRefused() ?? [])
            while let portion = lines.next(isLast: true) { try await pipeline.add(portion) }
            try await pipeline.finish()
            progress.withLock {
                $0.state = .finished
                $0.finishedAt = now()
            }
        } catch {
            // What was handed on is in the log whatever became of the rest, and is counted.
            try? await pipeline.settle()
            progress.withLock {
                $0.state = .failed
                $0.finishedAt = now()
                $0.problem = (error as? any Explained)?.explanation ?? Explanation(code: "import.broken-off", problem: "The file ended too early.", remedy: "Import it again; nothing is doubled.")
            }
        }
    }

    fileprivate func checkCancelled() throws {
        if let reason = isCancelled.withLock({ $0 }) { throw reason }
    }

    fileprivate func note(_ counts: Submission.Counts) {
        progress.withLock {
            $0.accepted += counts.accepted
            $0.duplicates += counts.duplicates
            $0.suppressed += counts.suppressed
            $0.rejected += counts.refused
            $0.end = max($0.end, counts.end)
        }
    }

    fileprivate func note(_ rejected: [Rejected]) {
        progress.withLock { progress in
            guard !rejected.isEmpty, progress.rejectedLines.count < ImportJob.rejectedLinesMaximum else { return }
            progress.rejectedLines += rejected.prefix(ImportJob.rejectedLinesMaximum - progress.rejectedLines.count)
            progress.rejectedLines.sort { $0.line < $1.line }
        }
    }

    /// What a portion decodes to.
    fileprivate struct Decoded: Sendable {
        var call: DecodedCall
        var rejected: [Rejected]
    }

    fileprivate static func decode(_ portion: LineGatherer.Portion, names: LineNames, receivedAt: Timestamp) -> Decoded {
        let batch = ImportBatch(portion)
        let context = CallContext(receivedAt: receivedAt)
        var refused = portion.refused
        var lines = batch.lines
        var call = batch.decode(lines, context, names)
        if call == nil {
            // Some line is not one value by itself: the others go on without it.
            lines = []
            for line in batch.lines {
                if batch.decode([line], context, names) != nil { lines.append(line) } else { refused.append(batch.refuse(line)) }
            }
            call = batch.decode(lines, context, names)
        }
        if call == nil { refused += lines.map(batch.refuse) }
        var decoded = Decoded(call: call ?? DecodedCall(), rejected: [])
        decoded.rejected = decoded.call.refused.compactMap { event in event.reasons.first.map { Rejected(line: lines[Int(event.item)].number, reason: $0) } }
        decoded.rejected += refused.map { Rejected(line: $0.line, reason: $0.reason) }
        // The file again is the same lines again, in quarantine too.
        for index in decoded.call.refused.indices where decoded.call.refused[index].messageId == nil {
            decoded.call.refused[index].messageId = names.name(of: batch.bytes, lines[Int(decoded.call.refused[index].item)])
        }
        decoded.call.refused += refused.map { RefusedEvent(item: 0, messageId: names.name(of: $0), payload: Personal($0.beginning), reasons: [$0.reason]) }
        return decoded
    }

    /// Decodes side by side, submits in order, and keeps a bounded number of each under way.
    private struct Pipeline {
        let job: ImportJob
        let ingest: Ingest
        let hasher: MessageHasher
        let now: @Sendable () -> Timestamp
        let isWanted: @Sendable () async -> Bool
        let onProgress: @Sendable () -> Void
        var decodes: [Task<Decoded, Never>] = []
        var commits: [Submission] = []

        mutating func add(_ portion: LineGatherer.Portion) async throws {
            let names = job.names
            let receivedAt = now()
            decodes.append(Task.detached { ImportJob.decode(portion, names: names, receivedAt: receivedAt) })
            if decodes.count >= ImportJob.decodesMaximum { try await submitOldest() }
        }

        mutating func refuse(_ rows: [RefusedRow]) async throws {
            if !rows.isEmpty { try await add(LineGatherer.Portion(refused: rows)) }
        }

        mutating func finish() async throws {
            while !decodes.isEmpty { try await submitOldest() }
            try await settle()
        }

        mutating func settle() async throws {
            while !commits.isEmpty { try await settleOldest() }
        }

        private mutating func submitOldest() async throws {
            var decoded = await decodes.removeFirst().value
            try await waitForRoom(holding: decoded.call.batch.bytes.count + decodes.count * LineGatherer.portionBytes)
            job.note(decoded.rejected)
            commits.append(try ingest.submit(&decoded.call, from: job.source, shape: .batch, hasher: hasher, receivedAt: now()))
            if commits.count >= ImportJob.commitsMaximum { try await settleOldest() }
        }

        /// An import waits where the tracking API would send its senders away: for memory not for ever, and first for what it has under way itself.
        private mutating func waitForRoom(holding bytes: Int) async throws {
            var shortSince: ContinuousClock.Instant?
            var askAt = ContinuousClock.now
            while ingest.isAhead(holding: bytes) {
                try job.checkCancelled()
                let isShort = ingest.isShortOfMemory(holding: bytes)
                if isShort, !commits.isEmpty {
                    try await settleOldest()
                    continue
                }
                let instant = ContinuousClock.now
                shortSince = isShort ? shortSince ?? instant : nil
                if let shortSince, instant > askAt {
                    if instant - shortSince > ImportJob.memoryWaitMaximum { throw ImportReason.waited }
                    guard await isWanted() else { throw ImportReason.abandoned }
                    askAt = instant + .milliseconds(500)
                }
                try await Task.sleep(for: .milliseconds(5))
            }
        }

        private mutating func settleOldest() async throws {
            job.note(try await commits.removeFirst().counts())
            onProgress()
        }
    }
}
