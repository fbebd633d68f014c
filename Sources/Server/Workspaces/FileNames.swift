#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Files {
    static func remove(_ path: String) { unlink(path) }

    /// Readable and writable by its owner alone.
    static func restrict(_ path: String) { chmod(path, 0o600) }
}
