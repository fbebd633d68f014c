import CKernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file past the page cache, one piece at a time through memory of its own; where the file system knows no such thing, as any other file.
///
/// What is written in bulk and read again once would else take new pages of the page cache, and on a virtual machine touching memory that nobody had
/// touched costs ten times the copying (2.1 CPU seconds for a gigabyte, where this takes 0.1).
/// `@unchecked Sendable`: one thread uses it at a time.
final class DirectFile: @unchecked Sendable {
    static let pieceBytes = 1 << 20

    private let file: LogFile
    private var descriptor: Int32
    private let room: Room
    /// What of the file stands in the room.
    private var held = 0..<0

    /// Memory for one piece, which one file after the other may use.
    ///
    /// `@unchecked Sendable`: whoever holds it hands it to one file at a time, on one thread.
    final class Room: @unchecked Sendable {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: DirectFile.pieceBytes, alignment: LogFile.pageSize)
        deinit { unsafe bytes.deallocate() }
    }

    /// - Parameter path: where `file` is found now.
    init(_ file: LogFile, path: String, room: Room = Room()) {
        self.file = file
        self.room = room
        descriptor = martlet_open_direct(path)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    private func giveUp() {
        close(descriptor)
        descriptor = -1
    }

    /// Writes all parts one behind the other to `range`: whole pages past the page cache, but the first and the last through it, which other writes share.
    func write(_ parts: [iovec], to range: Range<Int>) throws(LogError) {
        var parts = PartCursor(parts)
        let first = min(LogFile.pageAtOrAfter(range.lowerBound), range.upperBound)
        let pages = first..<max(first, LogFile.pageAtOrBefore(range.upperBound - 1))
        held = 0..<0
        var at = range.lowerBound
        while at < range.upperBound {
            let end = at < pages.lowerBound ? pages.lowerBound : at < pages.upperBound ? min(at + DirectFile.pieceBytes, pages.upperBound) : range.upperBound
            let piece = unsafe UnsafeMutableRawBufferPointer(rebasing: room.bytes[..<(end - at)])
            unsafe parts.take(piece)
            let done = unsafe pages.contains(at) ? try writePages(UnsafeRawBufferPointer(piece), at: at) : 0
            try unsafe file.write(UnsafeRawBufferPointer(rebasing: piece[done...]), at: at + done)
            at = end
        }
    }

    /// How many of the bytes could be written past the page cache.
    private func writePages(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(LogError) -> Int {
        var done = 0
        while done < bytes.count, descriptor >= 0 {
            let n = unsafe pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
            if n < 0, errno == EINTR { continue }
            if n < 0, errno == EIO || LogError.last() == .full { throw .last() }
            // Not in this way, or not in whole pages: the rest goes as any other write.
            guard n > 0, n % LogFile.pageSize == 0 else {
                if n < 0 { giveUp() }
                break
            }
            done += n
        }
        return done
    }

    /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
    func read(_ count: Int, at offset: Int) throws(LogError) -> [UInt8] {
        if !(held.lowerBound <= offset && offset + count <= held.upperBound) {
            let start = LogFile.pageAtOrBefore(offset)
            guard descriptor >= 0, offset + count - start <= DirectFile.pieceBytes else { return try file.read(count, at: offset) }
            let n = unsafe pread(descriptor, room.bytes.baseAddress!, DirectFile.pieceBytes, off_t(start))
            held = start..<start + max(0, n)
            guard offset + count <= held.upperBound else {
                // An error, or the file's end, which the usual way tells better.
                return try file.read(count, at: offset)
            }
        }
        return unsafe Array(room.bytes[offset - held.lowerBound..<offset - held.lowerBound + count])
    }
}

/// Takes bytes out of parts that stand apart, one behind the other.
private struct PartCursor {
    private let parts: [iovec]
    private var index = 0
    private var used = 0

    init(_ parts: [iovec]) { self.parts = parts }

    /// Fills `target`; there must be enough left.
    mutating func take(_ target: UnsafeMutableRawBufferPointer) {
        var done = 0
        while done < target.count {
            let length = unsafe parts[index].iov_len
            let count = min(target.count - done, length - used)
            unsafe (target.baseAddress! + done).copyMemory(from: parts[index].iov_base + used, byteCount: count)
            done += count
            used += count
            if used == length {
                index += 1
                used = 0
            }
        }
    }
}
