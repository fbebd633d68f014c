import CZlib
import CZstd
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
public import Vocabulary

/// Undoes the compression of a stream piece by piece, in steps of a bounded size: a piece of a kilobyte may decompress to 32 MiB.
///
/// `@unchecked Sendable`: used by one task at a time.
public final class StreamInflater: @unchecked Sendable {
    /// At most so much comes out at one step, of what is packed.
    public static let stepBytes = 256 << 10

    private let coding: Inflater.Coding
    private var gzip = z_stream()
    private var zstd: OpaquePointer?
    private var isOpen = false
    /// Whether all that came so far is whole: nothing, or compressed members to their ends.
    public private(set) var isWhole = true
    private var chunk = [UInt8](repeating: 0, count: StreamInflater.stepBytes)
    /// What was taken in, and how much of it is used up.
    private var input: [UInt8] = []
    private var position = 0
    /// A full chunk may not be all that the bytes used up so far give.
    private var holdsMore = false

    public init(_ coding: Inflater.Coding) {
        self.coding = coding
        switch coding {
        case .identity: break
        case .gzip: isOpen = unsafe martlet_inflate_init(&gzip, 31) == Z_OK
        case .zstd:
            zstd = ZSTD_createDStream()
            isOpen = unsafe zstd != nil
            // RFC 9659, as for bodies: a window of 128 MiB, which zstd would take, is memory that others need.
            if let zstd { _ = unsafe ZSTD_DCtx_setParameter(zstd, ZSTD_d_windowLogMax, 23) }
        }
    }

    deinit {
        if isOpen, coding == .gzip { unsafe inflateEnd(&gzip) }
        if let zstd { _ = unsafe ZSTD_freeDStream(zstd) }
    }

    private static let damaged = Refusal(400, "body.compression", "The compressed file is damaged.", remedy: "What was read before the damage is imported; send a whole file.")

    private static let largeWindow = Refusal(
        400, "body.compression-window", "The file is compressed with a window of more than 8 MiB.", remedy: "Compress it by a level up to 19 and without --long, or import it as it is.")

    /// Called behind the last piece.
    ///
    /// - Throws: ``Refusal`` 400 where the file was cut off.
    public func finish() throws {
        guard isWhole else { throw Refusal(400, "body.compression", "The compressed file ends too early.", remedy: "Import the whole file; nothing is doubled.") }
    }

    /// Takes the next bytes of the stream in; ask ``next()`` until it gives nothing before the next ones.
    public func take(_ bytes: [UInt8]) { (input, position) = (bytes, 0) }

    /// What comes next out of the bytes taken in; nil when there is no more.
    ///
    /// - Throws: ``Refusal`` 400 for damaged data.
    public func next() throws -> [UInt8]? {
        while position < input.count || holdsMore {
            let produced: Int
            switch coding {
            case .identity:
                defer { (input, position) = ([], 0) }
                return input
            case .gzip: produced = try gunzip()
            case .zstd: produced = try unzstd()
            }
            if produced > 0 { return Array(chunk[..<produced]) }
        }
        return nil
    }

    /// One step; returns how much of the chunk is filled.
    private func gunzip() throws -> Int {
        guard isOpen else { throw StreamInflater.damaged }
        isWhole = false
        let (start, count) = (position, input.count)
        let (status, left, room) = unsafe input.withUnsafeMutableBufferPointer { buffer in
            unsafe chunk.withUnsafeMutableBufferPointer { target -> (Int32, Int, Int) in
                unsafe gzip.next_in = buffer.baseAddress.map { unsafe $0 + start }
                gzip.avail_in = UInt32(count - start)
                unsafe gzip.next_out = target.baseAddress
                gzip.avail_out = UInt32(target.count)
                let status = unsafe CZlib.inflate(&gzip, Z_NO_FLUSH)
                return (status, Int(gzip.avail_in), Int(gzip.avail_out))
            }
        }
        position = count - left
        holdsMore = room == 0
        if status == Z_STREAM_END {
            unsafe inflateReset(&gzip)
            (isWhole, holdsMore) = (true, false)
        } else if status != Z_OK, status != Z_BUF_ERROR || left > 0 {
            throw StreamInflater.damaged
        }
        return chunk.count - room
    }

    private func unzstd() throws -> Int {
        guard isOpen else { throw StreamInflater.damaged }
        var (status, used, produced) = (0, 0, 0)
        unsafe input.withUnsafeBytes { source in
            unsafe chunk.withUnsafeMutableBytes { target in
                var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: position)
                var output = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                unsafe status = ZSTD_decompressStream(zstd, &output, &input)
                unsafe (used, produced) = (input.pos, output.pos)
            }
        }
        guard ZSTD_isError(status) == 0 else { throw unsafe String(cString: ZSTD_getErrorName(status)).contains("too much memory") ? StreamInflater.largeWindow : StreamInflater.damaged }
        // 0 says that a frame has just ended; asked once more without more bytes, it says what the next one would want.
        if status == 0 || used > position || produced > 0 { isWhole = status == 0 }
        position = used
        holdsMore = produced == chunk.count
        return produced
    }
}

/// A line or row that is refused before it is an event: what can be kept of it, and why.
public struct RefusedRow: Sendable {
    /// Of the file, from 1.
    public let line: Int
    public let beginning: [UInt8]
    public let reason: Explanation
}

/// Whole lines of a stream that arrives in pieces, gathered into portions.
struct LineGatherer {
    /// Bytes of lines that are decoded and committed together.
    static let portionBytes = 512 << 10
    /// Lines of a portion: of very short ones, half a mebibyte would be far more memory once each is an event or has its reasons.
    static let portionLines = 8192
    static let lineMaximum = EventDecoder.eventBytesMaximum + 4096

    private var pending: [UInt8] = []
    /// How much of `pending` portions have taken.
    private var taken = 0
    /// Lines that are behind us, one that is too long counted when it is refused.
    private var lineNumber = 0
    /// Whether `pending` begins within a line that was refused because it is too long.
    private var isInLongLine = false

    struct Portion: Sendable {
        var bytes: [UInt8] = []
        /// The number of its first line, from 1.
        var firstLine = 1
        var refused: [RefusedRow] = []
    }

    /// Takes bytes in; ask ``next(isLast:)`` until it gives no portion before the next ones.
    mutating func add(_ bytes: [UInt8]) {
        pending.removeFirst(taken)
        taken = 0
        pending.append(contentsOf: bytes)
    }

    /// The next portion, when one is full, or whatever there is at the end of the file.
    mutating func next(isLast: Bool) -> Portion? {
        if isInLongLine {
            guard let newline = pending.newline(from: taken, to: pending.count) else {
                taken = pending.count
                return nil
            }
            taken = newline + 1
            isInLongLine = false
        }
        let left = pending.count - taken
        if left == 0 || (!isLast && left < LineGatherer.portionBytes) { return nil }
        var (end, count) = wholeLines()
        if count == 0 {
            if left > LineGatherer.lineMaximum { return refuseLongLine() }
            guard isLast else { return nil }
            (end, count) = (pending.count, 1)
        }
        defer { lineNumber += count }
        return Portion(bytes: take(to: end), firstLine: lineNumber + 1)
    }

    private mutating func take(to end: Int) -> [UInt8] {
        guard taken == 0, end > pending.count / 2 else {
            defer { taken = end }
            return Array(pending[taken..<end])
        }
        // The portion takes the gathered bytes as they are; what is copied is the short rest.
        let rest = Array(pending[end...])
        pending.removeLast(pending.count - end)
        defer { pending = rest }
        return pending
    }

    /// Where the lines end that make a portion, none of which is too long, and how many they are.
    private func wholeLines() -> (end: Int, count: Int) {
        let limit = min(pending.count, taken + LineGatherer.lineMaximum + 1)
        var (end, count) = (taken, 0)
        while count < LineGatherer.portionLines, let newline = pending.newline(from: end, to: limit) {
            end = newline + 1
            count += 1
        }
        return (end, count)
    }

    private mutating func refuseLongLine() -> Portion {
        lineNumber += 1
        isInLongLine = true
        let beginning = Array(pending[taken...].prefix(Quarantine.bodyMaximum))
        return Portion(refused: [RefusedRow(line: lineNumber, beginning: beginning, reason: ImportReason.lineTooLong)])
    }
}

extension [UInt8] {
    /// The first newline at `start` or behind it and before `end`.
    func newline(from start: Int, to end: Int) -> Int? {
        withUnsafeBytes { p in
            guard start < end, let hit = unsafe memchr(p.baseAddress! + start, 0x0a, end - start) else { return nil }
            return unsafe UnsafeRawPointer(hit) - p.baseAddress!
        }
    }
}
