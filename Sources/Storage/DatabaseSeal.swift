import CKernels
import Foundation
import GRDB

/// What SQLite does not look after itself: whether a database that was closed is the same when it is opened again, and whether its write-ahead log is
/// whole. A flipped bit in a row would be taken for what was written, and one in the log would drop, without a word, all that stands behind it.
enum DatabaseSeal {
    /// Beside the database while it is closed: its length and CRC-32C as UInt64 and UInt32, and a CRC-32C of both.
    static func path(_ database: String) -> String { database + ".seal" }
    private static let size = 16

    /// Folds the write-ahead log into the file and notes its checksum.
    ///
    /// - Throws: where somebody still reads, or the disk refuses; the database is not sealed then, and as whole as before.
    static func close(_ pool: DatabasePool) throws {
        try pool.barrierWriteWithoutTransaction { db in
            _ = try db.checkpoint(.truncate)
            guard let content = content(pool.path) else { return }
            try Data(mark(content)).write(to: URL(fileURLWithPath: path(pool.path)))
        }
    }

    /// Looks at a database that nobody has open, and breaks its seal.
    ///
    /// - Throws: ``StorageError/damaged(path:)``.
    static func open(_ database: String) throws {
        let log = content(database + "-wal") ?? Data()
        guard WriteAheadLog.isWhole(log) else { throw StorageError.damaged(path: database) }
        let seal = path(database)
        guard let sealed = content(seal) else { return }
        // One that is not whole, or older than what stands in the log, says nothing.
        if sealed.count == size, crc(sealed.prefix(12)) == word(sealed, 12), log.isEmpty {
            guard mark(content(database) ?? Data()) == Array(sealed) else { throw StorageError.damaged(path: database) }
        }
        // Nothing is written while it is there: it would be taken for damage.
        guard unlink(seal) == 0 else { throw CocoaError(.fileWriteUnknown) }
        Folder.sync(Folder.parent(of: seal))
    }

    static func content(_ path: String) -> Data? { try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) }

    private static func mark(_ content: Data) -> [UInt8] {
        var out = withUnsafeBytes(of: UInt64(content.count).littleEndian) { unsafe Array($0) }
        withUnsafeBytes(of: crc(content).littleEndian) { unsafe out.append(contentsOf: $0) }
        withUnsafeBytes(of: crc(Data(out)).littleEndian) { unsafe out.append(contentsOf: $0) }
        return out
    }

    private static func crc(_ bytes: Data) -> UInt32 { bytes.withUnsafeBytes { bytes in unsafe bytes.baseAddress.map { unsafe martlet_crc32c(0, $0, bytes.count) } ?? 0 } }
    private static func word(_ bytes: Data, _ offset: Int) -> UInt32 { bytes.withUnsafeBytes { unsafe UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) } }
}

/// SQLite's write-ahead log, as far as it takes to tell damage from a write that a crash cut off (sqlite.org/fileformat2.html, 4).
enum WriteAheadLog {
    private static let headerSize = 32, frameSize = 24

    /// Whether all that was committed can be read: no frame is damaged that a later transaction stands behind, since each is synced before the next is begun.
    static func isWhole(_ log: Data) -> Bool {
        log.withUnsafeBytes { bytes in
            func word(_ offset: Int) -> UInt32 { unsafe UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
            // Shorter than any frame, or only made room for.
            guard bytes.count > headerSize + frameSize + 512, unsafe bytes.prefix(headerSize).contains(where: { $0 != 0 }) else { return true }
            let (magic, page) = (word(0), Int(word(8)))
            guard magic | 1 == 0x377f_0683, page >= 512, page <= 65536, page & (page - 1) == 0 else { return false }
            func sum(_ from: Int, _ count: Int, _ begun: (UInt32, UInt32)) -> (UInt32, UInt32) {
                var (first, second) = begun
                for at in stride(from: from, to: from + count, by: 8) {
                    let pair = unsafe bytes.loadUnaligned(fromByteOffset: at, as: (UInt32, UInt32).self)
                    first &+= (magic & 1 == 1 ? UInt32(bigEndian: pair.0) : UInt32(littleEndian: pair.0)) &+ second
                    second &+= (magic & 1 == 1 ? UInt32(bigEndian: pair.1) : UInt32(littleEndian: pair.1)) &+ first
                }
                return (first, second)
            }
            var running = sum(0, 24, (0, 0))
            guard running == (word(24), word(28)) else { return false }
            let frames = stride(from: headerSize, through: bytes.count - frameSize - page, by: frameSize + page)
            /// Frames of another salt are left over from before the log was begun anew.
            func isOfThisLog(_ frame: Int) -> Bool { word(frame + 8) == word(16) && word(frame + 12) == word(20) }
            guard let torn = frames.first(where: { frame in
                guard isOfThisLog(frame) else { return true }
                running = sum(frame + frameSize, page, sum(frame, 8, running))
                return running != (word(frame + 16), word(frame + 20))
            }) else { return true }
            // The transaction that is not whole ends with its first frame that names the database's size.
            let behind = frames.drop { $0 < torn }.filter(isOfThisLog)
            guard let end = behind.first(where: { word($0 + 4) != 0 }) else { return true }
            return !behind.contains { $0 > end }
        }
    }
}
