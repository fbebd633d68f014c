import CKernels
import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import HTTPTypes
import Storage
import Synchronization
import Vocabulary

/// Backups and the doctor: work on this machine's files, so only through the socket.
struct BackupRoutes: Sendable {
    let server: MartletServer

    var routes: [Route] {
        [
            Route(.post, "/api/v1/backups", .local, "Write a backup into a new folder of this machine: {\"folder\"}.", hasBody: true) { call in
                guard let folder = try await call.json()["folder"]?.string, folder.hasPrefix("/") else {
                    throw Refusal(400, "backup.folder", "`folder` must be an absolute path.", remedy: "Name a folder that does not exist yet.")
                }
                let files = try Backup.write(server.folder, to: folder)
                return Reply { w in w.object { $0.member("files", files.count); $0.member("bytes", files.reduce(0) { $0 + $1.size }) } }
            },
            Route(.post, "/api/v1/doctor", .local, "Look at everything on disk and say what is wrong.") { _ in Reply { Doctor.examine(server.folder, &$0) } },
        ]
    }
}

/// A folder that opens alone: logs, databases and keys, with a list of checksums. Snapshots and indexes are left out, since the log makes them again.
public enum Backup {
    static let listName = "backup.list"
    /// Stands in a workspace's folder from its being restored until it is first served.
    static let restoredName = "restored"

    struct File {
        let path: String
        let size: Int
        let crc: UInt32
    }

    static func write(_ data: DataFolder, to folder: String) throws -> [File] {
        guard !(Files.real(folder) + "/").hasPrefix(Files.real(data.path) + "/") else {
            throw Refusal(400, "backup.inside", "The folder \(folder) is in the data folder, where nothing but Martlet's own files may be: an erasure would not reach the copy.", remedy: "Name a folder elsewhere.")
        }
        guard access(folder, F_OK) != 0 else { throw Refusal(400, "backup.exists", "The folder \(folder) exists already.", remedy: "Name a folder that does not exist yet.") }
        // It gets its name last: what broke off is no backup, and looks like none.
        let name = Files.withoutSlash(folder)
        let part = "\(name).making"
        let place = "\(Files.real(Folder.parent(of: name)))/\(name.split(separator: "/").last ?? "")"
        guard underWay.withLock({ $0.insert(place).inserted }) else { throw Refusal(409, "backup.running", "A backup into \(folder) is being made.", remedy: "Wait for it, or name another folder.") }
        defer { underWay.withLock { _ = $0.remove(place) } }
        if access(part, F_OK) == 0 { try Files.removeTree(part) }
        Folder.make(part)
        guard access(part, W_OK) == 0 else { throw Refusal(400, "backup.unwritable", "The folder \(folder) cannot be made.", remedy: "Check the path and its owner.") }
        do {
            let files = try copy(data, to: part)
            guard rename(part, name) == 0 else { throw LogError.io(errno) }
            Folder.sync(Folder.parent(of: name))
            return files
        } catch {
            try? Files.removeTree(part)
            throw error
        }
    }

    /// Where backups are being written now.
    private static let underWay = Mutex<Set<String>>([])

    private static func copy(_ data: DataFolder, to folder: String) throws -> [File] {
        Folder.make("\(folder)/workspaces")
        try Files.write(Array("\(DataFolder.format)\n".utf8), to: "\(folder)/format")
        try data.database.backup(to: "\(folder)/martlet.sqlite")
        for (name, workspace) in data.workspaces {
            let target = "\(folder)/workspaces/\(name)"
            Folder.make(target)
            Folder.make("\(target)/log")
            // The databases first: what they lack of the log is made up for at start, and never the other way round.
            try workspace.database.backup(to: "\(target)/workspace.sqlite")
            try workspace.decisions.backup(to: "\(target)/decisions.sqlite")
            guard let key = Files.read("\(workspace.folder)/workspace.key"), !key.isEmpty else { throw LogError.io(errno) }
            try Files.write(key, to: "\(target)/workspace.key")
            try workspace.log.backup(to: "\(target)/log")
        }
        let files = try list(folder)
        var text = ""
        for file in files { text += "\(file.crc) \(file.size) \(file.path)\n" }
        text += "end \(files.count)\n"
        try Files.write(Array(text.utf8), to: "\(folder)/\(listName)")
        return files
    }

    /// Checks a backup against its list, then copies it into a data folder that does not exist yet.
    public static func restore(from folder: String, to data: String) throws -> Int {
        let damaged = Refusal(400, "backup.damaged", "The backup \(folder) is damaged or incomplete.", remedy: "Use another backup; nothing was restored.")
        guard let bytes = Files.read("\(folder)/\(listName)") else { throw Refusal(400, "backup.none", "There is no backup in \(folder).", remedy: "Name the folder that `martlet backup` wrote.") }
        guard access(data, F_OK) != 0 else { throw Refusal(400, "restore.exists", "The data folder \(data) exists already.", remedy: "Name a new one with --data, or move the old one away.") }
        let parent = data.split(separator: "/").dropLast().joined(separator: "/")
        let above = data.hasPrefix("/") ? "/" + parent : parent.isEmpty ? "." : parent
        guard Files.isFolder(above) else { throw Refusal(400, "restore.no-parent", "The folder \(above), in which the data folder is to be made, does not exist.", remedy: "Make it, or correct --data.") }
        guard access(above, W_OK | X_OK) == 0 else { throw Refusal(500, "folder.unwritable", "The data folder \(data) cannot be written.", remedy: "Check the owner and mode of \(above), or name another with --data.") }
        var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard let last = lines.popLast(), last == "end \(lines.count)" else { throw damaged }
        let found = Set(try list(folder).map { "\($0.crc) \($0.size) \($0.path)" })
        guard lines.allSatisfy({ found.contains(String($0)) }), found.count == lines.count else { throw damaged }
        // It gets its name last: what broke off would start as a Martlet that has lost what was still to come.
        let name = Files.withoutSlash(data)
        let part = "\(name).restoring"
        if access(part, F_OK) == 0 { try Files.removeTree(part) }
        do {
            try copy(lines, from: folder, to: part)
            guard rename(part, name) == 0 else { throw LogError.io(errno) }
            Folder.sync(Folder.parent(of: name))
        } catch {
            try? Files.removeTree(part)
            throw error
        }
        return lines.count
    }

    private static func copy(_ lines: [Substring], from folder: String, to data: String) throws {
        Folder.make(data)
        Folder.make("\(data)/workspaces")
        for name in Files.names("\(folder)/workspaces") {
            Folder.make("\(data)/workspaces/\(name)")
            try Files.write([], to: "\(data)/workspaces/\(name)/\(restoredName)")
        }
        for line in lines {
            let path = String(line.split(separator: " ", maxSplits: 2)[2])
            var parent = ""
            for part in path.split(separator: "/").dropLast() {
                parent += (parent.isEmpty ? "" : "/") + part
                Folder.make("\(data)/\(parent)")
            }
            try Files.copy("\(folder)/\(path)", to: "\(data)/\(path)")
        }
    }

    private static func list(_ folder: String, _ inner: String = "") throws -> [File] {
        var files: [File] = []
        for name in Files.names(inner.isEmpty ? folder : "\(folder)/\(inner)") where name != listName {
            let path = inner.isEmpty ? name : "\(inner)/\(name)"
            if Files.isFolder("\(folder)/\(path)") {
                files += try list(folder, path)
            } else {
                var (size, crc) = (0, UInt32(0))
                try Files.eachPiece("\(folder)/\(path)") { piece in
                    size += piece.count
                    crc = unsafe martlet_crc32c(crc, piece.baseAddress!, piece.count)
                }
                files.append(File(path: path, size: size, crc: crc))
            }
        }
        return files
    }
}
