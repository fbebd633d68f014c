import Foundation
import Synchronization

/// The room between the pointers and the cells of a page (sqlite.org/fileformat2.html, 1.6). SQLite overwrites what is deleted, and not what it leaves there when it moves cells to another page: a copy of what may be deleted later.
///
/// The file stays open until the end: a process that closes it gives up SQLite's own locks on it.
final class FreedRoom: Sendable {
    private let path: String
    private let handle = Mutex<Int32?>(nil)
    private static let pagesAtOnce = 1024

    init(path: String) { self.path = path }

    deinit { if let open = handle.withLock({ $0 }) { _ = close(open) } }

    /// The pages of the file that have something there. What is being written meanwhile stands in the write-ahead log.
    ///
    /// - Throws: where the file cannot be read.
    func used() throws -> Set<UInt32> {
        try handle.withLock { handle in
            guard let file = try opened(&handle), let (size, reserved) = layout(file) else { return [] }
            var found: Set<UInt32> = []
            var piece = [UInt8](repeating: 0, count: size * FreedRoom.pagesAtOnce)
            var number: UInt32 = 1
            while true {
                let count = piece.withUnsafeMutableBytes { unsafe pread(file, $0.baseAddress, $0.count, off_t(number - 1) * off_t(size)) } / size
                guard count > 0 else { return found }
                piece.withUnsafeBytes { bytes in
                    for index in 0..<count {
                        let page = unsafe UnsafeRawBufferPointer(rebasing: bytes[index * size..<(index + 1) * size])
                        if let room = unsafe FreedRoom.room(page, isFirst: number == 1 && index == 0, reserved: reserved), unsafe page[room].contains(where: { $0 != 0 }) { found.insert(number + UInt32(index)) }
                    }
                }
                number += UInt32(count)
            }
        }
    }

    /// The pages that the write-ahead log has.
    func inLog() -> Set<UInt32> {
        guard let log = DatabaseSeal.content(path + "-wal"), log.count > 32 else { return [] }
        return log.withUnsafeBytes { bytes in
            func word(_ offset: Int) -> UInt32 { unsafe UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
            let size = Int(word(8))
            guard size >= 512, size <= 65_536 else { return [] }
            return Set(stride(from: 32, through: bytes.count - 24 - size, by: 24 + size).map(word))
        }
    }

    /// Overwrites that room of these pages by zeros. Called while nobody writes and all of the log stands in the file.
    ///
    /// - Throws: where the file cannot be written.
    func clear(_ pages: Set<UInt32>) throws {
        try handle.withLock { handle in
            guard !pages.isEmpty, let file = try opened(&handle), let (size, reserved) = layout(file) else { return }
            var isChanged = false
            var page = [UInt8](repeating: 0, count: size)
            for number in pages where number > 0 {
                let start = off_t(number - 1) * off_t(size)
                guard page.withUnsafeMutableBytes({ unsafe pread(file, $0.baseAddress, $0.count, start) }) == size,
                    let room = page.withUnsafeBytes({ unsafe FreedRoom.room($0, isFirst: number == 1, reserved: reserved) }), page[room].contains(where: { $0 != 0 })
                else { continue }
                let zeros = [UInt8](repeating: 0, count: room.count)
                guard zeros.withUnsafeBytes({ unsafe pwrite(file, $0.baseAddress, $0.count, start + off_t(room.lowerBound)) }) == room.count else { throw CocoaError(.fileWriteUnknown) }
                isChanged = true
            }
            if isChanged, fsync(file) != 0 { throw CocoaError(.fileWriteUnknown) }
        }
    }

    /// Nil for a page that is no part of a tree, or not as it should be.
    private static func room(_ page: UnsafeRawBufferPointer, isFirst: Bool, reserved: Int) -> Range<Int>? {
        let head = isFirst ? 100 : 0
        func word(_ offset: Int) -> Int { unsafe Int(page[head + offset]) << 8 | Int(page[head + offset + 1]) }
        let kind = unsafe page[head]
        guard [2, 5, 10, 13].contains(kind) else { return nil }
        let (end, content) = (head + (kind < 10 ? 12 : 8) + 2 * word(3), word(5) == 0 ? 65_536 : word(5))
        return unsafe end < content && content <= page.count - reserved ? end..<content : nil
    }

    /// How large pages are, and how much of each is not SQLite's.
    private func layout(_ file: Int32) -> (size: Int, reserved: Int)? {
        var header = [UInt8](repeating: 0, count: 100)
        guard header.withUnsafeMutableBytes({ unsafe pread(file, $0.baseAddress, $0.count, 0) }) == 100 else { return nil }
        let stored = Int(header[16]) << 8 | Int(header[17])
        let pages = header[28..<32].reduce(0) { $0 << 8 | Int($1) }
        // Of more pages than this, the number of one could be taken for the kind of another.
        return pages < 1 << 24 && stored > 0 ? (stored == 1 ? 65_536 : stored, Int(header[20])) : nil
    }

    private func opened(_ handle: inout Int32?) throws -> Int32? {
        if let handle { return handle }
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { throw CocoaError(.fileReadUnknown) }
        handle = file
        return file
    }
}
