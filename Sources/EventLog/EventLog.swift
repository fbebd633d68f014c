#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
public import Privacy
import Storage
import Synchronization
public import Vocabulary

/// The append-only, ordered, durable log of one workspace.
///
/// One thread appends; any thread reads. What `append` returned is on the disk.
public final class EventLog: Sendable {
    /// Sizes of open segments: small at first so that an empty workspace is small, then larger.
    static let segmentBytesMinimum = 1 << 20
    static let segmentBytesMaximum = 64 << 20

    let folder: String
    let state: Mutex<State>
    let worker: BackgroundWorker
    private let preparer: BackgroundWorker
    /// The appending thread's own.
    private let room = DirectFile.Room()
    /// Held while segments change their files: sealing and erasing exclude each other.
    let erasing = Mutex<Void>(())
    /// What recovery found, for the operator's eyes.
    public let recovery: RecoveryReport
    /// What was found damaged while reading, since the opening.
    private let found = Mutex<Set<String>>([])
    private let onDamage = Hook<@Sendable (LogError) -> Void>({ _ in })

    struct State {
        var segments: [Segment]
        var end: LogPosition
        /// False after a failed write or sync: nothing more may rest on that file handle.
        var isActiveUsable: Bool
        var nextSize: Int
        var lastReceivedAt: Int64 = Timestamp.earliest.milliseconds
        /// Zeros on the disk, waiting to become the next segment.
        var spare: LogFile?
        /// Each has a name of its own, since one may be taken while the next is being made.
        var spareNumber = 0
        /// Full segments that wait to be sealed.
        var unsealed: [OpenSegment] = []
        /// Whether sealing will be tried again soon.
        var sealsAgain = false
        /// Files whose successors stand in the folder, but perhaps not after a power cut; nil where all names are durable.
        var obsolete: [String]?
    }

    enum Segment {
        case open(OpenSegment)
        case sealed(SealedSegment)

        var first: LogPosition {
            switch self {
            case .open(let segment): segment.first
            case .sealed(let segment): segment.first
            }
        }

        /// One more than its last position.
        var end: LogPosition {
            switch self {
            case .open(let segment): segment.first + LogPosition(segment.count)
            case .sealed(let segment): segment.first + LogPosition(segment.count)
            }
        }

        func record(at position: LogPosition) throws(LogError) -> [UInt8]? {
            switch self {
            case .open(let segment): try segment.record(at: position)
            case .sealed(let segment): try segment.record(at: position)
            }
        }
    }

    /// What was found when the log was opened.
    public struct RecoveryReport: Sendable {
        public var tornBytes = 0
        /// Whether an erasure that had broken off behind its decision was carried out in the log.
        public var hasFinishedErasure = false
        /// Positions whose records are damaged.
        public var lost: [Range<LogPosition>] = []
        /// Positions kept free behind the first of a file that cannot be read: how many of them were events, nobody knows.
        public var unknown: [Range<LogPosition>] = []
        /// Files that could not be used, by name.
        public var damagedFiles: [String] = []
        public var isClean: Bool { lost.isEmpty && damagedFiles.isEmpty }
    }

    /// Opens the log in `folder`, which is made when missing, and recovers it after a crash.
    public init(folder: String) throws {
        let found = try EventLog.recover(folder: folder)
        self.folder = folder
        recovery = found.report
        state = Mutex(found.state)
        worker = BackgroundWorker(name: "martlet-seal", standing: .last)
        preparer = BackgroundWorker(name: "martlet-spare")
        // Where that cannot be, an erasure says so.
        try? finishNames()
        for segment in found.state.segments.dropLast() { if case .open(let open) = segment { scheduleSeal(open) } }
    }

    /// One more than the last position that is durable.
    public var end: LogPosition { state.withLock { $0.end } }

    /// How many events there are before a position, as far as that is known.
    public func count(before position: LogPosition) -> Int { Int(position) - recovery.unknown.reduce(0) { $0 + $1.clamped(to: 0..<position).count } }
    /// How many events there are, as far as that is known.
    public var count: Int { count(before: end) }

    /// Bytes that the log takes on disk.
    public var diskBytes: Int {
        state.withLock { $0.segments }.reduce(0) { total, segment in
            switch segment {
            case .open(let open): total + open.file.size
            case .sealed(let sealed): total + sealed.file.size
            }
        }
    }

    /// How many damaged places reading has met.
    public var damageMet: Int { found.withLock { $0.count } }

    /// Tells `body` each damaged place once, when it is first met.
    public func reportDamage(to body: @escaping @Sendable (LogError) -> Void) { onDamage.set(body) }

    func met(_ error: LogError) {
        guard case .damaged(let detail) = error, found.withLock({ $0.insert(detail).inserted }) else { return }
        onDamage.body(error)
    }

    // MARK: - Appending

    /// Writes the batches as one group and syncs once. On return they are durable; on a throw none of them is in the log.
    ///
    /// Only one thread may append.
    /// - Parameter group: emptied, so that its bytes need not be copied.
    public func append(_ group: inout [Admitted<EventBatch>]) throws(LogError) -> [LogBatch] {
        var batches: [EventBatch] = []
        batches.reserveCapacity(group.count)
        for index in group.indices { batches.append(group[index].take()) }
        let needed = batches.reduce(0) { $0 + $1.entries.reduce(0) { $0 + Int($1.count) + Frame.size } }
        guard needed > 0 else { return batches.map { _ in LogBatch(bytes: [], entries: []) } }
        let segment = try activeSegment(room: needed)
        let groupStart = end
        var position = groupStart
        var offset = segment.writeOffset
        var offsets: [UInt32] = []
        var parts: [iovec] = []
        var results: [LogBatch] = []
        var lastReceivedAt = state.withLock { $0.lastReceivedAt }
        for index in batches.indices {
            var entries: [LogBatch.Entry] = []
            entries.reserveCapacity(batches[index].entries.count)
            let accepted = batches[index].entries
            // The pointers stay good until the write below: the arrays are not touched again before it.
            unsafe batches[index].bytes.withUnsafeMutableBytes { p in
                var runStart = -1
                var runEnd = -1
                for entry in accepted {
                    let start = Int(entry.start)
                    let count = Int(entry.count)
                    // LogTime never falls: a record that would go back in time gets the time of the one before it.
                    let received = unsafe Int64(littleEndian: p.loadUnaligned(fromByteOffset: start + 8, as: Int64.self))
                    if received < lastReceivedAt {
                        unsafe p.storeBytes(of: lastReceivedAt.littleEndian, toByteOffset: start + 8, as: Int64.self)
                        // An event that we dated ourselves moves along: what comes later must not look older.
                        let timestamp = unsafe Int64(littleEndian: p.loadUnaligned(fromByteOffset: start + 16, as: Int64.self))
                        if timestamp == received { unsafe p.storeBytes(of: lastReceivedAt.littleEndian, toByteOffset: start + 16, as: Int64.self) }
                    } else {
                        lastReceivedAt = received
                    }
                    unsafe Frame.write(p, at: start, count: count, position: position, groupStart: groupStart, generation: segment.generation)
                    entries.append(LogBatch.Entry(position: position, start: entry.start, count: entry.count))
                    offsets.append(UInt32(offset + Frame.size))
                    position += 1
                    offset += Frame.size + count
                    if start - Frame.size == runEnd {
                        runEnd = start + count
                    } else {
                        if runEnd > runStart { unsafe parts.append(iovec(iov_base: p.baseAddress! + runStart, iov_len: runEnd - runStart)) }
                        runStart = start - Frame.size
                        runEnd = start + count
                    }
                }
                if runEnd > runStart { unsafe parts.append(iovec(iov_base: p.baseAddress! + runStart, iov_len: runEnd - runStart)) }
            }
            results.append(LogBatch(bytes: [], entries: entries))
        }
        // Up to the end of the page, where zeros stand already: a page that is written in part would be read from the disk first.
        var padding = [UInt8](repeating: 0, count: min(LogFile.pageAtOrAfter(offset), segment.capacity) - offset)
        unsafe padding.withUnsafeMutableBytes { if !$0.isEmpty { unsafe parts.append(iovec(iov_base: $0.baseAddress!, iov_len: $0.count)) } }
        do throws(LogError) {
            try unsafe segment.write(&parts, through: room)
            try segment.file.sync()
        } catch {
            state.withLock { $0.isActiveUsable = false }
            throw error
        }
        for index in batches.indices { results[index] = LogBatch(bytes: batches[index].bytes, entries: results[index].entries) }
        segment.appended(offsets: offsets, end: offset)
        state.withLock {
            $0.end = position
            $0.lastReceivedAt = lastReceivedAt
        }
        return results
    }

    /// A segment with that much room: the active one, or a new one.
    private func activeSegment(room: Int) throws(LogError) -> OpenSegment {
        let (last, isUsable, end, size) = state.withLock { ($0.segments.last, $0.isActiveUsable, $0.end, $0.nextSize) }
        // A segment that failed before its first record has the same first position; the new file takes its name.
        var replaces = false
        if case .open(let failed) = last { replaces = failed.first == end }
        if isUsable, case .open(let segment) = last, segment.room >= room { return segment }
        // Where the disk is short, the largest that fits.
        var capacity = max(size, room + OpenSegment.headerSize)
        let smallest = max(EventLog.segmentBytesMinimum, room + OpenSegment.headerSize)
        while true {
            do throws(LogError) {
                let spare = state.withLock { state -> LogFile? in
                    defer { state.spare = nil }
                    guard let spare = state.spare, spare.size < smallest else { return state.spare }
                    unlink(spare.path)
                    return nil
                }
                let segment = try OpenSegment.create(
                    folder: folder, first: end, capacity: capacity, generation: UInt32.random(in: 1...UInt32.max), spare: spare, replaces: replaces)
                let replaced = state.withLock { state -> OpenSegment? in
                    var replaced: OpenSegment?
                    if case .open(let old) = state.segments.last, old.first == end {
                        state.segments.removeLast()
                    } else if case .open(let old) = state.segments.last {
                        replaced = old
                    }
                    state.segments.append(.open(segment))
                    state.isActiveUsable = true
                    state.nextSize = min(state.nextSize * 2, EventLog.segmentBytesMaximum)
                    return replaced
                }
                if let replaced { scheduleSeal(replaced) }
                preparer.submit { [weak self] in self?.prepareSpare() }
                return segment
            } catch {
                guard error == .full, capacity > smallest else { throw error }
                capacity = max(smallest, capacity / 2)
            }
        }
    }

    /// Writes the next segment's zeros ahead of need: doing it when the segment is needed would make senders wait for it.
    private func prepareSpare() {
        let (size, number) = state.withLock { state -> (Int, Int?) in
            guard state.spare == nil else { return (0, nil) }
            state.spareNumber += 1
            return (state.nextSize, state.spareNumber)
        }
        guard let number, let spare = try? OpenSegment.prepare("\(folder)/\(number)\(OpenSegment.spareSuffix)", capacity: size) else { return }
        state.withLock { $0.spare = spare }
    }

    /// Segments that are not compressed yet, the one being written among them; each takes several times its later room.
    public var openSegmentCount: Int {
        state.withLock { state in
            state.segments.count { if case .open = $0 { true } else { false } }
        }
    }

    /// Whether a group of so many bytes could be appended, tried by making sure that there is a segment with the room. Called while the disk was full.
    public func probe(room: Int) -> Bool { (try? activeSegment(room: room)) != nil }

    public func close() {
        preparer.stop()
        worker.stop()
    }

    // MARK: - Reading

    func segment(of position: LogPosition) -> Segment? {
        state.withLock { state in
            guard position < state.end else { return nil }
            var low = 0
            var high = state.segments.count
            while low < high {
                let middle = (low + high) / 2
                if state.segments[middle].first <= position { low = middle + 1 } else { high = middle }
            }
            return low > 0 ? state.segments[low - 1] : nil
        }
    }

    /// The record at `position`; nil when there is none or it is damaged.
    public func read(_ position: LogPosition) throws(LogError) -> EventView? {
        try segment(of: position)?.record(at: position).flatMap { EventView($0[...]) }
    }

    /// Calls `body` with batches of events from `start` on, in order, until it says false or the end that stood at the call is reached.
    ///
    /// - Parameter onDamage: told what cannot be read; the scan goes on behind it.
    public func scan(
        from start: LogPosition, to limit: LogPosition? = nil, onDamage: (LogError) -> Void = { _ in }, _ body: (LogBatch) -> Bool
    ) {
        let end = min(limit ?? .max, self.end)
        var position = start
        while position < end {
            guard let segment = segment(of: position) else {
                // The first file is lost; what stands behind it is not.
                position = nextSegment(after: position) ?? end
                continue
            }
            switch segment {
            case .sealed(let sealed):
                guard let block = sealed.block(of: position) else {
                    position = nextSegment(after: sealed.first) ?? end
                    continue
                }
                // Sixteen blocks make a batch worth handing on.
                var bytes: [UInt8] = []
                var entries: [LogBatch.Entry] = []
                var index = block
                while index < min(block + 16, sealed.blockCount) {
                    do throws(LogError) {
                        SealedSegment.append(try sealed.decode(block: index), from: sealed.positions(ofBlock: index).lowerBound, in: position..<end, &bytes, &entries)
                    } catch {
                        met(error)
                        onDamage(error)
                    }
                    index += 1
                }
                position = sealed.positions(ofBlock: index - 1).upperBound
                if !entries.isEmpty, !body(LogBatch(bytes: bytes, entries: entries)) { return }
            case .open(let open):
                let last = min(end, open.first + LogPosition(open.count), position + 256)
                guard last > position else {
                    position = nextSegment(after: open.first) ?? end
                    continue
                }
                let (bytes, entries) = (try? open.records(from: position, count: Int(last - position))) ?? ([], [])
                if entries.count < Int(last - position) {
                    let error = LogError.damaged(detail: "events between \(position) and \(last)")
                    met(error)
                    onDamage(error)
                }
                position = last
                if !entries.isEmpty, !body(LogBatch(bytes: bytes, entries: entries)) { return }
            }
        }
    }

    private func nextSegment(after first: LogPosition) -> LogPosition? {
        state.withLock { state in state.segments.first { $0.first > first }?.first }
    }

    /// Runs `body` while no segment is sealed, erased from or removed.
    func withStableFiles(_ body: ([Segment]) throws -> Void) throws {
        try erasing.withLock { _ in try body(state.withLock { $0.segments }) }
    }
}
