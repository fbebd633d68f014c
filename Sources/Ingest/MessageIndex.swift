public import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Storage
import Synchronization
public import Vocabulary

/// Which messages have been seen, for the whole retention, in bounded memory: a fold of the log.
///
/// The newest keys are in memory, a million where the budget allows (32 MiB, and while many come 32 more for the next million), the others in sorted files of 13.4 bytes a key, of which only the filters (1.25 bytes a key)
/// want to be in memory. Files say which log positions they cover; what they lack is read from the log at start.
public final class MessageIndex: Sendable {
    fileprivate struct State {
        var table = MessageTable()
        /// On its way to disk.
        var frozen: MessageTable?
        var frozenRange: Range<LogPosition> = 0..<0
        var isWriting = false
        var runs: [MessageRun] = []
        /// Room for the next million keys, made ready by the worker: making it would hold up whoever waits for an acknowledgement.
        var spare: [MessageRow]?
        var isSpareWanted = false
        /// Counts how often the spare room was taken or given.
        var spareTurns = 0
        var tableFirst: LogPosition = 0
        var end: LogPosition = 0
    }

    private let folder: String
    private let hasher: MessageHasher
    private let tableMaximum: Int
    private let state: Mutex<State>
    private let worker: BackgroundWorker

    /// - Parameters:
    ///   - memory: bytes that the newest keys may take, together with the room for the next.
    ///   - erased: ``ErasedMessages/keys(in:)``, which the log does not tell any more; nil where they cannot be read, with which the index ends there.
    public init(
        folder: String, hasher: MessageHasher, log: EventLog, memory: Int = .max, erased: (ClosedRange<LogPosition>) -> [LogPosition: MessageKey]? = { _ in [:] }
    ) {
        Folder.make(folder)
        let keys = memory / (4 * MemoryLayout<MessageRow>.stride)
        tableMaximum = 1 << (63 - min(1 << 20, max(1 << 14, keys)).leadingZeroBitCount)
        self.folder = folder
        self.hasher = hasher
        worker = BackgroundWorker(name: "martlet-index")
        var state = State()
        state.runs = MessageIndex.usableRuns(in: folder, upTo: log.end)
        state.tableFirst = state.runs.last?.end ?? 0
        state.end = state.tableFirst
        self.state = Mutex(state)
        log.scan(from: state.end) { batch in
            apply(batch, erased)
        }
    }

    /// The runs that together cover the log from its beginning without a gap, the largest where several cover the same; others are removed.
    private static func usableRuns(in folder: String, upTo logEnd: LogPosition) -> [MessageRun] {
        var names: [String] = []
        if let handle = unsafe opendir(folder) {
            while let entry = unsafe readdir(handle) {
                let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) } }
                if name.hasSuffix(".run") { names.append(name) } else if name.hasSuffix(".new") { unlink("\(folder)/\(name)") }
            }
            unsafe closedir(handle)
        }
        let all = names.compactMap { MessageRun.open("\(folder)/\($0)") }.sorted { ($0.first, $1.end) < ($1.first, $0.end) }
        var used: [MessageRun] = []
        var end: LogPosition = 0
        for run in all where run.first == end && run.end <= logEnd {
            used.append(run)
            end = run.end
        }
        let kept = Set(used.map(\.path))
        for name in names where !kept.contains("\(folder)/\(name)") { unlink("\(folder)/\(name)") }
        return used
    }

    public var end: LogPosition { state.withLock { $0.end } }

    /// Takes keys over from the log, at start.
    ///
    /// - Parameter erased: asked only about batches that have erased events: all of their keys would be much to read at each start.
    /// - Returns: false where those cannot be read.
    private func apply(_ batch: LogBatch, _ erased: (ClosedRange<LogPosition>) -> [LogPosition: MessageKey]?) -> Bool {
        var gone: [LogPosition: MessageKey]?
        for entry in batch.entries {
            guard let event = batch.event(entry) else { continue }
            if event.isErased, gone == nil {
                gone = erased(entry.position...max(entry.position, batch.entries.last?.position ?? 0))
                if gone == nil { return false }
            }
            let told = event.isErased ? gone?[entry.position] : event.field(.messageId).map { hasher.key(source: event.source, messageId: $0) }
            guard let key = told else { continue }
            state.withLock { state in
                if MessageIndex.find(key, in: state) == nil { state.table.insert(key, entry.position) }
            }
        }
        if let last = batch.entries.last { state.withLock { $0.end = last.position + 1 } }
        flushIfFull()
        return true
    }

    private static func find(_ key: MessageKey, in state: State) -> LogPosition? {
        if let found = state.table.find(key) { return found }
        if let found = state.frozen?.find(key) { return found }
        for run in state.runs.reversed() { if let found = run.find(key) { return found } }
        return nil
    }

    /// Where the event stands that `source` sent under `messageId`.
    public func position(source: SourceNumber, messageId: [UInt8]) -> LogPosition? {
        let key = hasher.key(source: source, messageId: messageId[...])
        return state.withLock { MessageIndex.find(key, in: $0) }
    }

    // MARK: - The committer's side

    /// Claims a position for each key, counting on from `first`; nil where the key was seen before. What is claimed must be committed or released.
    package func claim(_ keys: [MessageKey], from first: LogPosition) -> [LogPosition?] {
        state.withLock { state in
            growEarly(&state)
            var next = first
            return keys.indices.map { index in
                if index + 8 < keys.count { state.table.prefetch(keys[index + 8]) }
                let key = keys[index]
                if MessageIndex.find(key, in: state) != nil { return nil }
                state.table.insert(key, next)
                next += 1
                return next - 1
            }
        }
    }

    // MARK: - Room

    /// A table that has grown this far will want the whole room: it gets it before moving takes long.
    private func growEarly(_ state: inout State) {
        guard state.table.capacity < tableMaximum, state.table.count >= tableMaximum / 8 else { return }
        guard var room = state.takeSpare() else { return wantSpare(&state) }
        state.table.move(into: &room)
    }

    private func wantSpare(_ state: inout State) {
        guard !state.isSpareWanted else { return }
        state.isSpareWanted = true
        worker.submit { [weak self, tableMaximum] in
            var room = MessageTable.room(for: tableMaximum)
            self?.keep(spare: &room)
        }
    }

    /// Keeps room for the next million, for as long as it may come soon.
    ///
    /// - Parameter spare: handed over: whoever takes it must be the only one to hold it, or it is copied.
    private func keep(spare room: inout [MessageRow]) {
        let turn = state.withLock { state in
            state.isSpareWanted = false
            state.spare = room
            room = []
            state.spareTurns += 1
            return state.spareTurns
        }
        Task { [weak self] in
            try? await Task.sleep(for: MessageIndex.spareKept)
            _ = self?.state.withLock { state in state.spareTurns == turn ? state.takeSpare() : nil }
        }
    }
    private static let spareKept = Duration.seconds(60)

    package func release(_ keys: [MessageKey]) { state.withLock { $0.table.remove(keys) } }

    package func commit(upTo end: LogPosition) {
        state.withLock { $0.end = end }
        flushIfFull()
    }

    // MARK: - Files

    /// Writes what is only in memory, so that a start need not read the log for it; returns when it is on the disk.
    public func checkpoint() {
        worker.drain()
        flush(atLeast: 1)
        worker.drain()
        // A flush that had failed before takes two steps.
        flush(atLeast: 1)
        worker.drain()
    }

    private func flushIfFull() { flush(atLeast: tableMaximum) }

    private func flush(atLeast minimum: Int) {
        let isDue = state.withLock { state -> Bool in
            guard !state.isWriting else { return false }
            if state.frozen == nil {
                guard state.table.count >= minimum else { return false }
                // What is claimed and not committed may still be released, and is in no log after a crash: it must not reach the disk.
                let isFull = minimum == tableMaximum
                let committed = state.table.take(before: state.end, room: (isFull ? state.takeSpare() : nil) ?? MessageTable.room(for: isFull ? minimum : 0))
                guard committed.count > 0 else { return false }
                state.frozen = committed
                state.frozenRange = state.tableFirst..<state.end
                state.tableFirst = state.end
            }
            state.isWriting = true
            return true
        }
        if isDue { worker.submit { [weak self] in self?.writeFrozen() } }
    }

    private func writeFrozen() {
        let (rows, range) = sortedFrozen()
        // Where the disk is full, the keys stay in memory and in the log, and the next flush tries again.
        let run = try? MessageRun.write(rows, count: rows.count, first: range.lowerBound, end: range.upperBound, folder: folder)
        var old = state.withLock { state -> MessageTable? in
            state.isWriting = false
            guard let run else { return nil }
            state.runs.append(run)
            defer { state.frozen = nil }
            return state.frozen
        }
        if old?.capacity == tableMaximum, var room = old?.takeRoom() { keep(spare: &room) }
        if run != nil { mergeRuns() }
    }

    private func sortedFrozen() -> ([MessageRow], Range<LogPosition>) {
        let (frozen, range) = state.withLock { ($0.frozen, $0.frozenRange) }
        return (frozen?.sorted() ?? [], range)
    }

    /// Four neighbours of about one size become one, so that a search asks few files.
    private func mergeRuns() {
        while true {
            let runs = state.withLock { $0.runs }
            var group: ArraySlice<MessageRun>?
            if runs.count >= 4 {
                for start in 0...(runs.count - 4) {
                    let candidate = runs[start..<start + 4]
                    let sizes = candidate.map(\.count)
                    if sizes.max()! < sizes.min()! * 4 { group = candidate; break }
                }
            }
            guard let group, let first = group.first?.first, let end = group.last?.end else { return }
            let count = group.reduce(0) { $0 + $1.count }
            guard let merged = try? MessageRun.write(MessageRun.merged(Array(group)), count: count, first: first, end: end, folder: folder) else { return }
            state.withLock { state in
                state.runs.removeAll { run in group.contains { $0 === run } }
                let at = state.runs.firstIndex { $0.first > first } ?? state.runs.count
                state.runs.insert(merged, at: at)
            }
            for run in group { unlink(run.path) }
        }
    }

    public func close() { worker.stop() }
}

extension MessageIndex.State {
    fileprivate mutating func takeSpare() -> [MessageRow]? {
        spareTurns += 1
        return spare.take()
    }
}
