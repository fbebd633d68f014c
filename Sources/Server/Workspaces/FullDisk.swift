import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Storage
import Vocabulary

/// Whether a disk without room is why something failed at a start: SQLite and the system call it by many names.
enum FullDisk {
    /// What opening a folder needs at least.
    private static let bytesNeeded: off_t = 64 << 10

    /// The refusal for an error met while a folder was being opened, where it has no room; else the error as it is.
    static func explain(_ error: any Error, in folder: String) -> any Error {
        // What failed for want of room may have given some back as it ended.
        guard !(error is Refusal), Refusal(storage: error)?.explanation.code == "storage.full" || !hasRoom(folder) else { return error }
        return Refusal(
            503, "folder.full", "The disk with the data folder \(folder) is full, so Martlet cannot start; nothing in it is lost.",
            remedy: "Free some space, or enlarge the disk, then start it again.", retryAfter: 5)
    }

    /// Asked by taking it, since a quota does not show in what the disk says is free.
    private static func hasRoom(_ folder: String) -> Bool {
        let path = "\(folder)/room"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return !isFull(errno) }
        defer {
            close(descriptor)
            unlink(path)
        }
        #if canImport(Glibc)
        return !isFull(posix_fallocate(descriptor, 0, bytesNeeded))
        #else
        let zeros = [UInt8](repeating: 0, count: Int(bytesNeeded))
        return unsafe write(descriptor, zeros, zeros.count) == zeros.count || !isFull(errno)
        #endif
    }

    private static func isFull(_ code: Int32) -> Bool { code == ENOSPC || code == EDQUOT }
}
