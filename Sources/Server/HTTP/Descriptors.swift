#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

import Storage

/// How many files and connections the process may have open.
enum Descriptors {
    /// Kept for files that are opened later: segments, databases, snapshots, beside a fourth of what is free.
    static let reserve = 64

    /// How many connections fit, once what is needed for files is open.
    static func connectionsMaximum() -> Int {
        let free = raise() - openCount()
        return max(16, min(free - reserve, free / 4 * 3))
    }

    private static func openCount() -> Int { (try? Folder.names(in: "/proc/self/fd").count) ?? reserve }

    /// Takes what the system allows; before the first file, since each segment of the log holds one.
    ///
    /// - Returns: how many that is.
    @discardableResult
    static func raise() -> Int {
        var limit = rlimit()
        #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
        let resource = RLIMIT_NOFILE
        #endif
        guard unsafe getrlimit(resource, &limit) == 0 else { return 256 }
        let wanted = min(limit.rlim_max, 1 << 16)
        if limit.rlim_cur < wanted {
            limit.rlim_cur = wanted
            _ = unsafe setrlimit(resource, &limit)
            _ = unsafe getrlimit(resource, &limit)
        }
        return Int(min(limit.rlim_cur, 1 << 16))
    }
}
