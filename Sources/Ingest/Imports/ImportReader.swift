import CZlib
import CZstd
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Vocabulary

/// Undoes the compression of a stream piece by piece.
///
/// `@unchecked Sendable`: used by one task at a time.
public final class StreamInflater: @unchecked Sendable {
    private let coding: Inflater.Coding
    private var gzip = z_stream()
    private var zstd: OpaquePointer?
    private var isOpen = false
    /// Whether all that came so far is whole: nothing, or compressed members to their ends.
    public private(set) var isWhole = true
    private var chunk = [UInt8](repeating: 0, count: 1 << 18)

    public init(_ coding: Inflater.Coding) {
        self.coding = coding
        switch coding {
        case .identity: break
        case .gzip: isOpen = unsafe martlet_inflate_init(&gzip, 31) == Z_OK
        case .zstd:
            zstd = ZSTD_createDStream()
            isOpen = unsafe zstd != nil
        }
    }

    deinit {
        if isOpen, coding == .gzip { unsafe inflateEnd(&gzip) }
        if let zstd { _ = unsafe ZSTD_freeDStream(zstd) }
    }

    private static let damaged = Refusal(400, "body.compression", "The compressed file is damaged.", remedy: "What was read before the damage is imported; send a whole file.")

    /// Called behind the last piece.
    ///
    /// - Throws: ``Refusal`` 400 where the file was cut off.
    public func finish() throws {
        guard isWhole else { throw Refusal(400, "body.compression", "The compressed file ends too early.", remedy: "Import the whole file; nothing is doubled.") }
    }

    /// Appends what `bytes` decompress to.
    public func inflate(_ bytes: [UInt8], into out: inout [UInt8]) throws {
        switch coding {
        case .identity: out.append(contentsOf: bytes)
        case .gzip: try gunzip(bytes, into: &out)
        case .zstd: try unzstd(bytes, into: &out)
        }
    }

    private func gunzip(_ bytes: [UInt8], into out: inout [UInt8]) throws {
        guard isOpen else { throw StreamInflater.damaged }
        guard !bytes.isEmpty else { return }
        var input = bytes
        var isDamaged = false
        unsafe input.withUnsafeMutableBufferPointer { buffer in
            unsafe gzip.next_in = buffer.baseAddress
            gzip.avail_in = UInt32(buffer.count)
            // A full chunk may not be all that the bytes taken in so far give.
            repeat {
                isWhole = false
                let status = unsafe chunk.withUnsafeMutableBufferPointer { target -> Int32 in
                    unsafe gzip.next_out = target.baseAddress
                    gzip.avail_out = UInt32(target.count)
                    return unsafe CZlib.inflate(&gzip, Z_NO_FLUSH)
                }
                out.append(contentsOf: chunk[..<(chunk.count - Int(gzip.avail_out))])
                if status == Z_STREAM_END {
                    unsafe inflateReset(&gzip)
                    isWhole = true
                    if gzip.avail_in == 0 { return }
                } else if status == Z_BUF_ERROR, gzip.avail_in == 0 {
                    return
                } else if status != Z_OK {
                    isDamaged = true
                    return
                }
            } while gzip.avail_in > 0 || gzip.avail_out == 0
        }
        if isDamaged { throw StreamInflater.damaged }
    }

    private func unzstd(_ bytes: [UInt8], into out: inout [UInt8]) throws {
        guard !bytes.isEmpty else { return }
        var position = 0
        var isDamaged = false
        var produced = 0
        repeat {
            produced = 0
            unsafe bytes.withUnsafeBytes { source in
                unsafe chunk.withUnsafeMutableBytes { target in
                    var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: position)
                    var output = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    let status = unsafe ZSTD_decompressStream(zstd, &output, &input)
                    isDamaged = ZSTD_isError(status) != 0
                    // 0 says that a frame has just ended; asked once more without more bytes, it says what the next one would want.
                    if status == 0 || input.pos > position || output.pos > 0 { isWhole = status == 0 }
                    position = input.pos
                    produced = output.pos
                }
            }
            out.append(contentsOf: chunk[..<produced])
        } while !isDamaged && (position < bytes.count || produced == chunk.count)
        if isDamaged { throw StreamInflater.damaged }
    }
}

/// Whole lines of a stream that arrives in pieces, gathered into portions.
struct LineGatherer {
    /// Bytes of lines that are decoded and committed together.
    static let portionBytes = 512 << 10
    static let lineMaximum = EventDecoder.eventBytesMaximum + 4096

    private var pending: [UInt8] = []
    private(set) var lineNumber = 0

    struct Portion: Sendable {
        var bytes: [UInt8]
        /// The number of its first line, from 1.
        var firstLine: Int
    }

    /// Takes bytes in; gives back a portion when one is full. Call again with nothing until it gives none.
    mutating func add(_ bytes: [UInt8]) { pending.append(contentsOf: bytes) }

    private static func newlines(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes { p in
            var count = 0
            var start = 0
            while start < p.count, let hit = unsafe memchr(p.baseAddress! + start, 0x0a, p.count - start) {
                count += 1
                start = unsafe UnsafeRawPointer(hit) - p.baseAddress! + 1
            }
            return count
        }
    }

    mutating func next(isLast: Bool) -> Portion? {
        if pending.isEmpty || (!isLast && pending.count < LineGatherer.portionBytes) { return nil }
        var end = pending.count
        if !isLast || pending.count > LineGatherer.portionBytes * 2 {
            guard let newline = pending[..<min(pending.count, LineGatherer.portionBytes * 2)].lastIndex(of: 0x0a) else {
                // A line without an end is no line; it is dropped as one refused line when it outgrows an event.
                guard pending.count > LineGatherer.lineMaximum else { return nil }
                defer { pending.removeAll() }
                lineNumber += 1
                return Portion(bytes: pending, firstLine: lineNumber)
            }
            end = newline + 1
        }
        // The portion takes the gathered bytes as they are; what is copied is the short rest.
        let rest = Array(pending[end...])
        pending.removeLast(pending.count - end)
        let portion = Portion(bytes: pending, firstLine: lineNumber + 1)
        pending = rest
        lineNumber += LineGatherer.newlines(portion.bytes)
        return portion
    }
}
