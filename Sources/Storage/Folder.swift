#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Folders whose names survive a power cut.
public enum Folder {
    /// Makes a folder when it is missing, and its name durable; readable by its owner alone.
    public static func make(_ path: String) {
        guard mkdir(path, 0o700) == 0 else { return }
        sync(parent(of: path))
    }

    /// Makes the names in a folder durable.
    public static func sync(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    public static func parent(of path: String) -> String {
        var parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard parts.count > 1 else { return path.hasPrefix("/") ? "/" : "." }
        parts.removeLast()
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }

    /// That a folder cannot be listed, with the `errno`.
    public struct Unlistable: Error { public let code: Int32 }

    /// The names in a folder, sorted.
    ///
    /// - Throws: what cannot be listed is not empty.
    public static func names(in folder: String) throws(Unlistable) -> [String] {
        guard let handle = unsafe opendir(folder) else { throw Unlistable(code: errno) }
        defer { unsafe closedir(handle) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(handle) else {
                if errno != 0 { throw Unlistable(code: errno) }
                break
            }
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
