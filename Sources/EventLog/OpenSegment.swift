import CKernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization
import Vocabulary

/// A segment that is being written, or waits to be sealed: a header, then framed records, then zeros.
///
/// Header, 64 bytes: `MRTLOG01`, generation (UInt32), first position (UInt64), CRC-32C of these, and the same again at 32, since without it
/// no record can be verified. The file is written full of zeros before its first use, so that appending changes no metadata.
final class OpenSegment: Sendable {
    static let headerSize = 64
    private static let headerOffsets = [0, 32]
    static let magic = Array("MRTLOG01".utf8)

    let file: LogFile
    let path: String
    let first: LogPosition
    let generation: UInt32
    let capacity: Int
    /// Where each record begins, behind its frame; appended to by the one writer after its sync.
    private let offsets: Mutex<[UInt32]>
    /// Where the next frame goes; the writer's own.
    private let end: Mutex<Int>
    /// Opened when first much is written at once; the writer's own.
    private let direct = Mutex<DirectFile?>(nil)
    /// What is less is likely to be read soon, and writing it is little work.
    private static let directMinimum = 64 << 10

    private init(file: LogFile, path: String, first: LogPosition, generation: UInt32, capacity: Int, offsets: [UInt32], end: Int) {
        self.file = file
        self.path = path
        self.first = first
        self.generation = generation
        self.capacity = capacity
        self.offsets = Mutex(offsets)
        self.end = Mutex(end)
    }

    var count: Int { offsets.withLock { $0.count } }
    var room: Int { capacity - end.withLock { $0 } }
    var writeOffset: Int { end.withLock { $0 } }

    /// Writes the parts behind what stands already, much at once past the page cache. It is not synced, and counts when `appended` says so.
    func write(_ parts: inout [iovec], through room: DirectFile.Room) throws(LogError) {
        let start = writeOffset
        let count = unsafe parts.reduce(0) { unsafe $0 + $1.iov_len }
        guard count >= OpenSegment.directMinimum else { return try unsafe file.write(parts: &parts, at: start) }
        let pages = direct.withLock {
            let opened = $0 ?? DirectFile(file, path: path, room: room)
            $0 = opened
            return opened
        }
        try unsafe pages.write(parts, to: start..<start + count)
    }

    /// Called when nothing more will be written.
    func finish() { direct.withLock { $0 = nil } }

    func appended(offsets new: [UInt32], end newEnd: Int) {
        offsets.withLock { $0.append(contentsOf: new) }
        end.withLock { $0 = newEnd }
    }

    static let spareSuffix = ".spare"

    /// A file of zeros, synced, that can become a segment.
    static func prepare(_ path: String, capacity: Int) throws(LogError) -> LogFile {
        do throws(LogError) {
            let file = try LogFile.create(path)
            try file.zero(capacity)
            try file.sync()
            return file
        } catch {
            unlink(path)
            throw error
        }
    }

    /// Makes a segment with its header and zeros, synced, and its name durable: of the spare file where there is one.
    ///
    /// The file gets its name last: one without its header would be taken for a damaged one after a crash.
    ///
    /// - Parameter replaces: whether one of this name may stand there, in which nothing was ever acknowledged.
    static func create(folder: String, first: LogPosition, capacity: Int, generation: UInt32, spare: LogFile?, replaces: Bool) throws(LogError) -> OpenSegment {
        let path = "\(folder)/\(SegmentName.open(first))"
        let made = spare?.path ?? "\(folder)/new\(spareSuffix)"
        var isNamed = false
        do throws(LogError) {
            for name in [SegmentName.open(first), SegmentName.sealed(first)] where !replaces && access("\(folder)/\(name)", F_OK) == 0 {
                throw .damaged(detail: "\(name) stands where a new segment was to be made")
            }
            let file = if let spare { spare } else { try LogFile.create(made) }
            if spare == nil { try file.zero(capacity) }
            for offset in headerOffsets { try file.write(header(first: first, generation: generation), at: offset) }
            try file.sync()
            guard rename(made, path) == 0 else { throw .last() }
            isNamed = true
            try LogFile.syncFolder(folder)
            return OpenSegment(file: file, path: path, first: first, generation: generation, capacity: file.size, offsets: [], end: headerSize)
        } catch {
            // A half-made segment holds nothing; leaving it would only use the room that is short.
            unlink(made)
            if isNamed { unlink(path) }
            throw error
        }
    }

    private static func header(first: LogPosition, generation: UInt32) -> [UInt8] {
        var bytes = magic
        withUnsafeBytes(of: generation.littleEndian) { unsafe bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: first.littleEndian) { unsafe bytes.append(contentsOf: $0) }
        let crc = unsafe bytes.withUnsafeBytes { unsafe martlet_crc32c(0, $0.baseAddress!, $0.count) }
        withUnsafeBytes(of: crc.littleEndian) { unsafe bytes.append(contentsOf: $0) }
        return bytes
    }

    /// The generation that a whole header names; nil when neither is whole.
    private static func generation(in bytes: [UInt8], first: LogPosition) -> UInt32? {
        for offset in headerOffsets {
            let generation = unsafe bytes.withUnsafeBytes { unsafe UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset + 8, as: UInt32.self)) }
            if Array(bytes[offset..<offset + 24]) == header(first: first, generation: generation) { return generation }
        }
        return nil
    }

    /// What a scan of an existing file found.
    struct Recovery {
        var segment: OpenSegment
        /// Bytes behind the last whole record that were no zeros: a write that a crash cut off. They are zeroed.
        var tornBytes = 0
        /// Positions whose records are damaged though they had been durable.
        var lost: [Range<LogPosition>] = []
    }

    /// Opens an existing file and finds its records. Damage costs the records that it hit, nothing behind them.
    ///
    /// - Parameter limit: the first position of the next segment; records from there on were never acknowledged here.
    static func recover(path: String, first expectedFirst: LogPosition, limit: LogPosition?) throws(LogError) -> Recovery {
        let file = try LogFile.existing(path)
        let bytes = try file.read(file.size, at: 0)
        guard bytes.count >= headerSize else { throw .damaged(detail: "\(SegmentName.open(expectedFirst)) is shorter than its header") }
        guard let generation = generation(in: bytes, first: expectedFirst) else {
            throw .damaged(detail: "the header of \(SegmentName.open(expectedFirst))")
        }
        var offsets: [UInt32] = []
        var lost: [Range<LogPosition>] = []
        var end = headerSize
        var torn = 0
        var tail = 0
        unsafe bytes.withUnsafeBytes { p in
            var i = headerSize
            while i < p.count {
                let expected = expectedFirst + LogPosition(offsets.count)
                if let frame = unsafe Frame(p, at: i, generation: generation), frame.position == expected {
                    if let limit, frame.position >= limit { break }
                    offsets.append(UInt32(i + Frame.size))
                    i += Frame.size + frame.count
                    end = i
                    continue
                }
                // Not a whole record here. Is there one further on?
                guard let (next, frame) = unsafe laterFrame(p, after: i, from: expected, generation: generation) else { break }
                if let limit, frame.position >= limit { break }
                // One of a later group proves that this place was durable. One of the same group proves nothing: the group may be torn and
                // nobody was told that it is here, or it was acknowledged and then damaged. Keeping what is whole is right in both cases.
                if frame.groupStart > expected { lost.append(expected..<frame.position) } else { torn += next - i }
                for _ in expected..<frame.position { offsets.append(0) }
                i = next
            }
            var last = p.count
            while last > end, unsafe p[last - 1] == 0 { last -= 1 }
            tail = last - end
        }
        if tail > 0 {
            // Old bytes must not be taken for records when shorter ones are written over them.
            try file.zero(end..<bytes.count)
            try file.sync()
        }
        let segment = OpenSegment(file: file, path: path, first: expectedFirst, generation: generation, capacity: bytes.count, offsets: offsets, end: end)
        return Recovery(segment: segment, tornBytes: torn + tail, lost: lost)
    }

    private static func laterFrame(
        _ p: UnsafeRawBufferPointer, after start: Int, from expected: LogPosition, generation: UInt32
    ) -> (Int, Frame)? {
        var i = start + 1
        while i + Frame.size <= p.count {
            // The position's upper bytes are nearly always zero, so this look is cheap until it may be a frame.
            let position = unsafe UInt64(littleEndian: p.loadUnaligned(fromByteOffset: i + 8, as: UInt64.self))
            if position > expected, position - expected < 1 << 24, let frame = unsafe Frame(p, at: i, generation: generation) {
                return (i, frame)
            }
            i += 1
        }
        return nil
    }

    /// Reads so many bytes at an offset of the file; fewer only at its end.
    typealias Reading = (_ count: Int, _ offset: Int) throws(LogError) -> [UInt8]

    /// The record at `position`, or nil when it is damaged or not here.
    func record(at position: LogPosition) throws(LogError) -> [UInt8]? {
        try record(at: position) { (count, offset) throws(LogError) in try file.read(count, at: offset) }
    }

    private func record(at position: LogPosition, reading read: Reading) throws(LogError) -> [UInt8]? {
        guard position >= first else { return nil }
        let index = Int(position - first)
        let offset = offsets.withLock { index < $0.count ? Int($0[index]) : 0 }
        guard offset > 0 else { return nil }
        let head = try read(Frame.size, offset - Frame.size)
        guard head.count == Frame.size else { return nil }
        let count = Int(head[0]) | Int(head[1]) << 8 | Int(head[2]) << 16 | Int(head[3]) << 24
        guard count <= capacity - offset else { return nil }
        let bytes = try read(Frame.size + count, offset - Frame.size)
        return unsafe bytes.withUnsafeBytes { p -> [UInt8]? in
            guard let frame = unsafe Frame(p, at: 0, generation: generation), frame.position == position else { return nil }
            return unsafe Array(p[Frame.size...])
        }
    }

    /// Consecutive whole records from `position` on, read as one piece: their bytes and where each stands; damaged ones are left out.
    func records(from position: LogPosition, count wanted: Int) throws(LogError) -> (bytes: [UInt8], entries: [LogBatch.Entry]) {
        try records(from: position, count: wanted) { (count, offset) throws(LogError) in try file.read(count, at: offset) }
    }

    func records(from position: LogPosition, count wanted: Int, reading read: Reading) throws(LogError) -> (bytes: [UInt8], entries: [LogBatch.Entry]) {
        if wanted == 1 {
            guard let record = try record(at: position, reading: read) else { return ([], []) }
            return (record, [LogBatch.Entry(position: position, start: 0, count: UInt32(record.count))])
        }
        let places = offsets.withLock { all -> [UInt32] in
            let start = Int(position - first)
            return start < all.count ? Array(all[start..<min(all.count, start + wanted)]) : []
        }
        guard let low = places.first(where: { $0 > 0 }), let high = places.last(where: { $0 > 0 }) else { return ([], []) }
        let base = Int(low) - Frame.size
        // The last record's length is in its frame; one read more than needed is cheaper than asking first.
        let bytes = try read(min(capacity, Int(high) + (1 << 16)) - base, base)
        var entries: [LogBatch.Entry] = []
        for (index, place) in places.enumerated() where place > 0 {
            let at = position + LogPosition(index)
            let offset = Int(place) - Frame.size - base
            let frame = unsafe bytes.withUnsafeBytes { unsafe Frame($0, at: offset, generation: generation) }
            if let frame, frame.position == at {
                entries.append(LogBatch.Entry(position: at, start: UInt32(offset + Frame.size), count: UInt32(frame.count)))
            } else if place == high, let record = try record(at: at, reading: read) {
                // Larger than the margin: read by itself.
                return (bytes + record, entries + [LogBatch.Entry(position: at, start: UInt32(bytes.count), count: UInt32(record.count))])
            }
        }
        return (bytes, entries)
    }

    /// Replaces a record's bytes in place by `erased` and zeros; the frame keeps its place. Synced by the caller.
    ///
    /// - Parameter own: the same file, opened for this alone: a sync tells of a failed write once, and the appender must not miss it.
    func overwrite(at position: LogPosition, with erased: [UInt8], through own: LogFile) throws(LogError) {
        guard position >= first else { return }
        let index = Int(position - first)
        let offset = offsets.withLock { index < $0.count ? Int($0[index]) : 0 }
        guard offset > 0 else { return }
        let head = try file.read(Frame.size, at: offset - Frame.size)
        let count = Int(head[0]) | Int(head[1]) << 8 | Int(head[2]) << 16 | Int(head[3]) << 24
        guard count <= capacity - offset, erased.count <= count else { return }
        let delta = LogPosition(UInt32(head[16]) | UInt32(head[17]) << 8 | UInt32(head[18]) << 16 | UInt32(head[19]) << 24)
        var framed = [UInt8](repeating: 0, count: Frame.size) + erased + [UInt8](repeating: 0, count: count - erased.count)
        unsafe framed.withUnsafeMutableBytes {
            unsafe Frame.write($0, at: Frame.size, count: count, position: position, groupStart: position - delta, generation: generation)
        }
        try own.write(framed, at: offset - Frame.size)
    }
}

/// How segments are called: the first position in sixteen hexadecimal digits, so that names sort as positions do.
enum SegmentName {
    static func open(_ first: LogPosition) -> String { digits(first) + ".open" }
    static func sealed(_ first: LogPosition) -> String { digits(first) + ".sealed" }

    private static func digits(_ value: LogPosition) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    static func first(of name: String) -> LogPosition? {
        guard name.utf8.count > 17 else { return nil }
        return LogPosition(name.prefix(16), radix: 16)
    }
}
