import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Files {
    /// Removes a folder and all that is in it; follows no links.
    static func removeTree(_ path: String) throws {
        for name in names(path) {
            let inner = "\(path)/\(name)"
            if isFolder(inner) { try removeTree(inner) } else { unlink(inner) }
        }
        guard rmdir(path) == 0 else { throw LogError.io(errno) }
    }

    /// The names in a folder, sorted.
    static func names(_ path: String) -> [String] {
        guard let handle = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(handle) }
        var names: [String] = []
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) } }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Whether a folder itself is there, not a link to one.
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The path without links and dots; of what does not exist yet, that of the nearest folder above it that does.
    static func real(_ path: String) -> String {
        var path = path[...]
        while path.count > 1 {
            if let found = unsafe realpath(String(path), nil) {
                defer { unsafe free(found) }
                return unsafe String(cString: found)
            }
            path = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        }
        return "/"
    }

    static func remove(_ path: String) { unlink(path) }

    /// A folder's path without slashes at its end, so that something can be written behind its name.
    static func withoutSlash(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.last == "/" { path = path.dropLast() }
        return String(path)
    }

    /// Readable and writable by its owner alone.
    static func restrict(_ path: String) { chmod(path, 0o600) }
}
