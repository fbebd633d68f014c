import CKernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import EventLog
import Storage
package import Vocabulary

/// A sorted file of message keys, mapped into memory, with a filter in front.
///
///     MRTMSGS2, row count (UInt64), first and end position covered (UInt64 each), filter blocks (UInt64), CRC-32C of all that follows the header (UInt32),
///     CRC of this header (UInt32); 64 bytes; filter: blocks of 64 bytes; where each bucket's rows begin (UInt32), and an end; rows, ascending
///
/// The filter takes 10 bits a key, all six probes of a key in one cache line; 1 % of absent keys pass it. How rows are packed says ``MessageRowPacking``.
///
/// `@unchecked Sendable`: the mapping is read-only and lives as long as the object.
package final class MessageRun: @unchecked Sendable {
    static let magic = Array("MRTMSGS2".utf8)
    let path: String
    let first: LogPosition
    let end: LogPosition
    package let count: Int
    private let mapping: UnsafeRawPointer
    private let mappedBytes: Int
    private let blockCount: Int
    private let packing: MessageRowPacking

    private init(path: String, first: LogPosition, end: LogPosition, count: Int, mapping: UnsafeRawPointer, mappedBytes: Int, blockCount: Int) {
        self.path = path
        self.first = first
        self.end = end
        self.count = count
        unsafe self.mapping = mapping
        self.mappedBytes = mappedBytes
        self.blockCount = blockCount
        packing = MessageRowPacking(count: count, first: first, end: end)
    }

    deinit { unsafe munmap(UnsafeMutableRawPointer(mutating: mapping), mappedBytes) }

    /// Opens and verifies a run; nil when it is damaged, since it can be made again from the log.
    package static func open(_ path: String) -> MessageRun? {
        let descriptor = openFile(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_size >= 64 else { return nil }
        let size = Int(status.st_size)
        guard let mapped = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), unsafe mapped != MAP_FAILED else { return nil }
        let p = UnsafeRawPointer(mapped)
        func value(_ offset: Int) -> UInt64 { unsafe UInt64(littleEndian: p.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
        let head = unsafe Array(UnsafeRawBufferPointer(start: p, count: 8))
        let count = value(8)
        let blocks = value(32)
        let crc = unsafe UInt32(littleEndian: p.loadUnaligned(fromByteOffset: 40, as: UInt32.self))
        let headCRC = unsafe UInt32(littleEndian: p.loadUnaligned(fromByteOffset: 44, as: UInt32.self))
        guard head == magic, unsafe martlet_crc32c(0, p, 44) == headCRC, count < 1 << 32, blocks < 1 << 32, value(16) <= value(24), value(24) < 1 << 40,
            64 + Int(blocks) * 64 + MessageRowPacking(count: Int(count), first: value(16), end: value(24)).byteCount == size, unsafe martlet_crc32c(0, p + 64, size - 64) == crc
        else {
            unsafe munmap(mapped, size)
            return nil
        }
        // What was looked at to check it need not stay in memory: a start would hold the whole index.
        unsafe madvise(mapped, size, MADV_DONTNEED)
        return unsafe MessageRun(
            path: path, first: value(16), end: value(24), count: Int(count), mapping: p, mappedBytes: size, blockCount: Int(blocks))
    }

    private var body: UnsafeRawPointer { unsafe mapping + 64 + blockCount * 64 }

    package func find(_ key: MessageKey) -> LogPosition? { mayContain(key) ? unsafe packing.find(key, in: body) : nil }

    package func mayContain(_ key: MessageKey) -> Bool {
        let block = Int(key.high.multipliedFullWidth(by: UInt64(blockCount)).high)
        let words = unsafe (mapping + 64 + block * 64).assumingMemoryBound(to: UInt64.self)
        var bits = MessageRun.filterBits(key)
        for _ in 0..<6 {
            let bit = Int(bits & 511)
            if unsafe words[bit >> 6] & (1 << UInt64(bit & 63)) == 0 { return false }
            bits >>= 9
        }
        return true
    }

    private static func filterBits(_ key: MessageKey) -> UInt64 { (key.high &* 0x9e37_79b9_7f4a_7c15) ^ UInt64(key.low) << 30 }

    /// Writes rows, ascending, as a run that is durable under its name when this returns.
    static func write(_ rows: some Sequence<MessageRow>, count: Int, first: LogPosition, end: LogPosition, folder: String) throws -> MessageRun {
        let blockCount = max(1, (count * 10 + 511) / 512)
        let packing = MessageRowPacking(count: count, first: first, end: end)
        let size = 64 + blockCount * 64 + packing.byteCount
        let path = "\(folder)/\(first)-\(end).run"
        let descriptor = openFile(path + ".new", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw IngestError.index(errno) }
        defer { close(descriptor) }
        var isWhole = false
        defer { if !isWhole { unlink(path + ".new") } }
        // Room is taken before mapping: a full disk is an error here and would be a signal later.
        guard posix_fallocate(descriptor, 0, off_t(size)) == 0 else { throw IngestError.index(ENOSPC) }
        guard let mapped = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), unsafe mapped != MAP_FAILED else {
            throw IngestError.index(errno)
        }
        defer { unsafe munmap(mapped, size) }
        let body = unsafe mapped + 64 + blockCount * 64
        var written = 0
        for row in rows {
            unsafe packing.write(row, at: written, to: body)
            written += 1
            let key = row.key
            let block = Int(key.high.multipliedFullWidth(by: UInt64(blockCount)).high)
            let words = unsafe (mapped + 64 + block * 64).assumingMemoryBound(to: UInt64.self)
            var bits = filterBits(key)
            for _ in 0..<6 {
                let bit = Int(bits & 511)
                unsafe words[bit >> 6] |= 1 << UInt64(bit & 63)
                bits >>= 9
            }
        }
        precondition(written == count, "as many rows as announced")
        unsafe packing.finish(body)
        unsafe mapped.copyMemory(from: magic, byteCount: 8)
        for (offset, value) in [(8, UInt64(count)), (16, first), (24, end), (32, UInt64(blockCount))] {
            unsafe mapped.storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt64.self)
        }
        unsafe mapped.storeBytes(of: martlet_crc32c(0, mapped + 64, size - 64).littleEndian, toByteOffset: 40, as: UInt32.self)
        unsafe mapped.storeBytes(of: martlet_crc32c(0, mapped, 44).littleEndian, toByteOffset: 44, as: UInt32.self)
        guard unsafe msync(mapped, size, MS_SYNC) == 0, fsync(descriptor) == 0, rename(path + ".new", path) == 0 else {
            throw IngestError.index(errno)
        }
        isWhole = true
        Folder.sync(folder)
        guard let run = open(path) else { throw IngestError.index(EIO) }
        return run
    }

    /// The rows of several runs in one ascending sequence.
    static func merged(_ runs: [MessageRun]) -> some Sequence<MessageRow> {
        var rows = runs.map { unsafe MessageRowPacking.Rows($0.packing, in: $0.body) }
        var heads = rows.indices.map { rows[$0].next() }
        return AnyIterator {
            // The runs' mappings live as long as they do.
            withExtendedLifetime(runs) {
                var best: (index: Int, row: MessageRow)?
                for index in heads.indices {
                    guard let row = heads[index] else { continue }
                    if let other = best?.row, (other.high, other.rest) <= (row.high, row.rest) { continue }
                    best = (index, row)
                }
                guard let best else { return nil }
                heads[best.index] = rows[best.index].next()
                return best.row
            }
        }
    }
}

/// `open`, which inside `MessageRun` would mean its own.
private func openFile(_ path: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 { open(path, flags, mode) }
