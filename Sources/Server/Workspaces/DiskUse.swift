#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Storage

/// What a workspace takes on the disk, by kind of file.
enum DiskUse {
    /// Bytes that the disk gives, not those that the files claim, by folder; files that stand in none are `tables`.
    static func bytes(in folder: String) -> [(kind: String, bytes: Int)] {
        var sums: [String: Int] = [:]
        for name in (try? Folder.names(in: folder)) ?? [] {
            var status = stat()
            guard unsafe stat("\(folder)/\(name)", &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                sums[name, default: 0] += ((try? Folder.names(in: "\(folder)/\(name)")) ?? []).reduce(0) { $0 + bytes(of: "\(folder)/\(name)/\($1)") }
            } else {
                sums["tables", default: 0] += Int(status.st_blocks) * 512
            }
        }
        return sums.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func bytes(of path: String) -> Int {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_blocks) * 512 : 0
    }
}
