import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Files {
    /// Removes a folder and all that is in it; follows no links.
    static func removeTree(_ path: String) throws {
        guard let handle = unsafe opendir(path) else { return }
        var names: [String] = []
        while let entry = unsafe readdir(handle) {
            names.append(unsafe withUnsafePointer(to: &entry.pointee.d_name) { unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) } })
        }
        unsafe closedir(handle)
        for name in names where name != "." && name != ".." {
            let inner = "\(path)/\(name)"
            var status = stat()
            if unsafe lstat(inner, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { try removeTree(inner) } else { unlink(inner) }
        }
        guard rmdir(path) == 0 else { throw LogError.io(errno) }
    }

    static func remove(_ path: String) { unlink(path) }

    /// Readable and writable by its owner alone.
    static func restrict(_ path: String) { chmod(path, 0o600) }
}
