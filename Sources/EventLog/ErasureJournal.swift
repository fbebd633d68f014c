import CKernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Vocabulary

/// Blocks that are to be overwritten in place, written down first, so that a crash in between leaves either the old or the new.
struct ErasureJournal {
    private static let fileName = "erasure.journal"
    private var changes: [(file: String, offset: Int, bytes: [UInt8])] = []

    mutating func add(file: String, offset: Int, bytes: [UInt8]) { changes.append((file, offset, bytes)) }

    func commit(in folder: String) throws(LogError) {
        guard !changes.isEmpty else { return }
        var out: [UInt8] = []
        func put(_ value: UInt64) { withUnsafeBytes(of: value.littleEndian) { unsafe out.append(contentsOf: $0) } }
        for change in changes {
            put(UInt64(change.file.utf8.count))
            out.append(contentsOf: Array(change.file.utf8))
            put(UInt64(change.offset))
            put(UInt64(change.bytes.count))
            out.append(contentsOf: change.bytes)
        }
        let crc = unsafe out.withUnsafeBytes { unsafe martlet_crc32c(0, $0.baseAddress!, $0.count) }
        let path = "\(folder)/\(ErasureJournal.fileName)"
        let file = try LogFile.create(path)
        var head: [UInt8] = []
        withUnsafeBytes(of: UInt64(out.count).littleEndian) { unsafe head.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt64(crc).littleEndian) { unsafe head.append(contentsOf: $0) }
        try file.write(head + out, at: 0)
        try file.sync()
        try LogFile.syncFolder(folder)
        try ErasureJournal.finish(in: folder)
    }

    /// Carries out a journal that is whole, drops one that is not, and removes it.
    ///
    /// - Returns: whether one was carried out.
    @discardableResult
    static func finish(in folder: String) throws(LogError) -> Bool {
        let path = "\(folder)/\(fileName)"
        guard access(path, F_OK) == 0 else { return false }
        var isWhole = false
        let journal = try LogFile.existing(path)
        let bytes = try journal.read(journal.size, at: 0)
        func value(_ offset: Int) -> Int? {
            guard offset + 8 <= bytes.count else { return nil }
            return unsafe bytes.withUnsafeBytes { unsafe Int(exactly: UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))) }
        }
        if let count = value(0), let crc = value(8), count == bytes.count - 16,
            unsafe bytes.withUnsafeBytes({ unsafe martlet_crc32c(0, $0.baseAddress! + 16, count) }) == UInt32(truncatingIfNeeded: crc)
        {
            isWhole = true
            var i = 16
            while i < bytes.count {
                guard let nameCount = value(i), i + 8 + nameCount <= bytes.count else { break }
                let name = String(decoding: bytes[i + 8..<i + 8 + nameCount], as: UTF8.self)
                i += 8 + nameCount
                guard let offset = value(i), let size = value(i + 8), i + 16 + size <= bytes.count else { break }
                let file = try LogFile.existing("\(folder)/\(name)")
                try file.write(Array(bytes[i + 16..<i + 16 + size]), at: offset)
                try file.sync()
                i += 16 + size
            }
        }
        // The journal holds no content that the erasure removed, only what stays.
        unlink(path)
        try LogFile.syncFolder(folder)
        return isWhole
    }
}
