#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization
public import Vocabulary

/// One import: a file of events that goes through the same gates as the tracking API and ends in the same state.
///
/// Portions are decoded side by side and committed in the file's order. A line without a messageId gets one made of the file's
/// fingerprint and its place, so that importing the file again, or going on after a break, changes nothing twice.
public final class ImportJob: Sendable {
    public enum Format: String, Sendable { case ndjson, csv }
    public enum State: String, Sendable { case running, finished, failed, interrupted }

    /// A line that was refused, and why; its content is in quarantine, not here.
    public struct Rejected: Sendable {
        public let line: Int
        public let reason: Explanation
    }

    public struct Progress: Sendable {
        public var state = State.running
        public var accepted = 0
        public var duplicates = 0
        public var rejected = 0
        public var bytes = 0
        public var rejectedLines: [Rejected] = []
        public var finishedAt: Timestamp?
        public var problem: Explanation?
        /// Applied up to here, all of the import can be read.
        public var end: LogPosition = 0
    }

    public static let rejectedLinesMaximum = 1000
    private static let decodesMaximum = 3
    private static let commitsMaximum = 12

    public let id: String
    public let name: String
    public let source: Source
    public let format: Format
    public let startedAt: Timestamp
    private let fingerprint: String
    private let progress = Mutex(Progress())
    private let isCancelled = Mutex(false)

    public init(id: String, name: String, source: Source, format: Format, fingerprint: String, startedAt: Timestamp) {
        self.id = id
        self.name = name
        self.source = source
        self.format = format
        self.fingerprint = fingerprint
        self.startedAt = startedAt
    }

    public var current: Progress { progress.withLock { $0 } }
    public func cancel() { isCancelled.withLock { $0 = true } }

    /// Reads the pieces to their end.
    ///
    /// - Parameters:
    ///   - pieces: the file, in any pieces.
    ///   - mapping: for CSV, what becomes of each column; nil recognises columns by their names.
    ///   - onProgress: told whenever some of it has become durable.
    public func run<Pieces: AsyncSequence>(
        _ pieces: Pieces, coding: Inflater.Coding, mapping: CSVMapping? = nil, into ingest: Ingest, hasher: MessageHasher, now: @escaping @Sendable () -> Timestamp,
        onProgress: @escaping @Sendable () -> Void = {}
    ) async where Pieces.Element == [UInt8] {
        do {
            let inflater = StreamInflater(coding)
            var lines = LineGatherer()
            var csv = format == .csv ? CSVReader(mapping: mapping) : nil
            var pipeline = Pipeline(job: self, ingest: ingest, hasher: hasher, now: now, onProgress: onProgress)
            for try await piece in pieces {
                if isCancelled.withLock({ $0 }) { throw Refusal(400, "import.cancelled", "The import was cancelled.", remedy: "What was imported stays; import the file again to go on.") }
                var bytes: [UInt8] = []
                try inflater.inflate(piece, into: &bytes)
                progress.withLock { $0.bytes += piece.count }
                lines.add(csv?.convert(bytes) ?? bytes)
                while let portion = lines.next(isLast: false) { try await pipeline.add(portion) }
            }
            try inflater.finish()
            if let rest = csv?.finish() { lines.add(rest) }
            while let portion = lines.next(isLast: true) { try await pipeline.add(portion) }
            try await pipeline.finish()
            progress.withLock {
                $0.state = .finished
                $0.finishedAt = now()
            }
        } catch {
            progress.withLock {
                $0.state = .failed
                $0.finishedAt = now()
                $0.problem = (error as? any Explained)?.explanation ?? Explanation(code: "import.broken-off", problem: "The file ended too early.", remedy: "Import it again; nothing is doubled.")
            }
        }
    }

    fileprivate func note(_ counts: Submission.Counts) {
        progress.withLock {
            $0.accepted += counts.accepted
            $0.duplicates += counts.duplicates
            $0.rejected += counts.refused
            $0.end = max($0.end, counts.end)
        }
    }

    fileprivate func note(_ rejected: [Rejected]) {
        progress.withLock { progress in
            progress.rejectedLines += rejected.prefix(max(0, ImportJob.rejectedLinesMaximum - progress.rejectedLines.count))
        }
    }

    /// What a portion decodes to.
    fileprivate struct Decoded: Sendable {
        var call: DecodedCall
        var rejected: [Rejected]
    }

    fileprivate static func decode(_ portion: LineGatherer.Portion, fingerprint: String, receivedAt: Timestamp) -> Decoded {
        let batch = ImportBatch(portion)
        let context = CallContext(receivedAt: receivedAt)
        var body = batch.joined(batch.lines)
        if let call = attempt(&body, batch.lines, context, fingerprint) { return finish(call, batch.lines) }
        // Some line is no JSON: the good ones go on without it.
        var good: [ImportBatch.Line] = []
        var unreadable: [RefusedEvent] = []
        var rejected: [Rejected] = []
        let reason = Explanation(code: "import.not-json", problem: "The line is not one JSON object.", remedy: "Mend it in quarantine and replay it.")
        for line in batch.lines {
            if JSONText(validating: Array(portion.bytes[line.range])) != nil {
                good.append(line)
            } else {
                rejected.append(Rejected(line: line.number, reason: reason))
                unreadable.append(RefusedEvent(item: 0, messageId: nil, payload: Personal(Array(portion.bytes[line.range].prefix(Quarantine.bodyMaximum))), reasons: [reason]))
            }
        }
        var rest = batch.joined(good)
        let call = attempt(&rest, good, context, fingerprint) ?? DecodedCall()
        var decoded = finish(call, good)
        decoded.rejected += rejected
        decoded.call.refused += unreadable
        return decoded
    }

    private static func attempt(_ body: inout [UInt8], _ lines: [ImportBatch.Line], _ context: CallContext, _ fingerprint: String) -> DecodedCall? {
        // Named by place, so that the same file gives the same names again.
        try? EventDecoder.decode(&body, as: .batch, in: context) { "import-\(fingerprint)-\(lines[Int($0)].number)" }
    }

    private static func finish(_ call: DecodedCall, _ lines: [ImportBatch.Line]) -> Decoded {
        let rejected = call.refused.compactMap { event in
            event.reasons.first.map { Rejected(line: lines.indices.contains(Int(event.item)) ? lines[Int(event.item)].number : 0, reason: $0) }
        }
        return Decoded(call: call, rejected: rejected)
    }

    /// Decodes side by side, submits in order, and keeps a bounded number of each under way.
    private struct Pipeline {
        let job: ImportJob
        let ingest: Ingest
        let hasher: MessageHasher
        let now: @Sendable () -> Timestamp
        let onProgress: @Sendable () -> Void
        var decodes: [Task<Decoded, Never>] = []
        var commits: [Submission] = []

        mutating func add(_ portion: LineGatherer.Portion) async throws {
            let fingerprint = job.fingerprint
            let receivedAt = now()
            decodes.append(Task.detached { ImportJob.decode(portion, fingerprint: fingerprint, receivedAt: receivedAt) })
            if decodes.count >= ImportJob.decodesMaximum { try await submitOldest() }
        }

        mutating func finish() async throws {
            while !decodes.isEmpty { try await submitOldest() }
            while !commits.isEmpty { try await settleOldest() }
        }

        private mutating func submitOldest() async throws {
            var decoded = await decodes.removeFirst().value
            job.note(decoded.rejected)
            // An import waits where the tracking API would send its senders away.
            while ingest.isAhead { try await Task.sleep(for: .milliseconds(5)) }
            commits.append(try ingest.submit(&decoded.call, from: job.source, shape: .batch, hasher: hasher, receivedAt: now()))
            if commits.count >= ImportJob.commitsMaximum { try await settleOldest() }
        }

        private mutating func settleOldest() async throws {
            job.note(try await commits.removeFirst().counts())
            onProgress()
        }
    }
}

/// A portion's lines, and the call that they make together.
struct ImportBatch {
    struct Line: Sendable {
        let range: Range<Int>
        let number: Int
    }

    let bytes: [UInt8]
    var lines: [Line] = []

    init(_ portion: LineGatherer.Portion) {
        bytes = portion.bytes
        var number = portion.firstLine
        var start = 0
        while start < bytes.count {
            let end = ImportBatch.lineEnd(bytes, start)
            var low = start
            var high = end
            while low < high, ImportBatch.isBlank(bytes[low]) { low += 1 }
            while high > low, ImportBatch.isBlank(bytes[high - 1]) { high -= 1 }
            if low < high { lines.append(Line(range: low..<high, number: number)) }
            number += 1
            start = end + 1
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0d || byte == 0x09 }

    private static func lineEnd(_ bytes: [UInt8], _ start: Int) -> Int {
        bytes.withUnsafeBytes { p in
            guard let hit = unsafe memchr(p.baseAddress! + start, 0x0a, p.count - start) else { return p.count }
            return unsafe UnsafeRawPointer(hit) - p.baseAddress!
        }
    }

    /// `{"batch":[line,line,…]}`
    func joined(_ lines: [Line]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + 16)
        out.append(contentsOf: "{\"batch\":[".utf8)
        for (index, line) in lines.enumerated() {
            if index > 0 { out.append(0x2c) }
            out.append(contentsOf: bytes[line.range])
        }
        out.append(contentsOf: "]}".utf8)
        return out
    }
}
