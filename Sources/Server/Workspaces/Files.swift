#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import EventLog
import Storage
import Vocabulary

/// Small files, read and written whole.
enum Files {
    static func read(_ path: String) -> [UInt8]? {
        var out: [UInt8] = []
        do { try eachPiece(path) { unsafe out.append(contentsOf: $0) } } catch { return nil }
        return out
    }

    /// Calls `body` with the content, piece by piece, none of them empty.
    static func eachPiece(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LogError.io(errno) }
        defer { close(descriptor) }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let n = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if n < 0, errno == EINTR { continue }
            if n < 0 { throw LogError.io(errno) }
            if n == 0 { return }
            try chunk.withUnsafeBytes { try unsafe body(UnsafeRawBufferPointer(rebasing: $0[..<n])) }
        }
    }

    /// Copies a file, durably.
    static func copy(_ path: String, to target: String) throws {
        try write(to: target) { descriptor in try eachPiece(path) { try unsafe write($0, to: descriptor) } }
    }

    /// Durable under its name when this returns; readable by its owner alone.
    static func write(_ bytes: [UInt8], to path: String) throws {
        try write(to: path) { descriptor in try bytes.withUnsafeBytes { try unsafe write($0, to: descriptor) } }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
        var done = 0
        while done < bytes.count {
            let n = unsafe Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            if n < 0, errno == EINTR { continue }
            guard n > 0 else { throw LogError.io(errno) }
            done += n
        }
    }

    private static func write(to path: String, _ content: (Int32) throws -> Void) throws {
        let descriptor = open(path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LogError.io(errno) }
        defer { close(descriptor) }
        try content(descriptor)
        guard fsync(descriptor) == 0, rename(path + ".new", path) == 0 else { throw LogError.io(errno) }
        Folder.sync(Folder.parent(of: path))
    }
}
