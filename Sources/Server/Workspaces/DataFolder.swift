import Access
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Logging
import Mail
import Segments
import Storage
import Synchronization
import Vocabulary
import Webhooks

/// The one folder that Martlet writes: locked by its process, with a workspace of its own for each tenant.
final class DataFolder: Sendable {
    let path: String
    let database: DatabaseFile
    let tokens: Tokens
    let sessions: Sessions
    private let opened: Mutex<[String: Workspace]>
    private let logger: Logger
    private let memory: MemoryBudget
    private let questions: QueryPool
    private let caller: WebhookCaller
    /// Where it listens, once it does.
    let address: ServerAddress
    private let catcher: MailCatcher
    private let dns: DNSResolver
    private let lock: Int32

    static let migrations: [Migration] = Tokens.migrations + Sessions.migrations
    static let workspaceNames = ["main", "demo"]
    static func socketPath(_ path: String) -> String { "\(path)/martlet.sock" }

    /// Opens the folder, which is made when missing, and everything in it.
    ///
    /// - Throws: ``Refusal`` when another process holds it or it cannot be written.
    init(path: String, memory: MemoryBudget, questions: QueryPool, caller: WebhookCaller, address: ServerAddress, catcher: MailCatcher, dns: DNSResolver, logger: Logger) throws {
        guard access("\(path)/\(Backup.listName)", F_OK) != 0 else {
            throw Refusal(400, "folder.is-backup", "\(path) is a backup, which opening it would change.", remedy: "Restore it into a folder of its own, which also checks it: `martlet restore \(path) --data NEW`.")
        }
        self.path = path
        self.memory = memory
        self.questions = questions
        (self.caller, self.address, self.catcher, self.dns) = (caller, address, catcher, dns)
        var status = stat()
        guard unsafe stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFDIR else {
            throw Refusal(400, "folder.is-file", "\(path) is a file, not a data folder.", remedy: "Name a folder with --data; it is made when it is missing.")
        }
        Folder.make(path)
        // Made beforehand by somebody else, it may be open to others. What its owner took from himself stays taken.
        if unsafe stat(path, &status) == 0, status.st_mode & 0o077 != 0 { chmod(path, status.st_mode & 0o700) }
        let file = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw Refusal(500, "folder.unwritable", "The data folder \(path) cannot be written.", remedy: "Check its owner and mode, or name another with --data.")
        }
        var isTaken = true
        defer { if isTaken { closeFile(file) } }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            throw Refusal(500, "folder.locked", "Another Martlet runs on the data folder \(path).", remedy: "Stop it first, or name another folder with --data.")
        }
        try DataFolder.checkFormat(path)
        lock = file
        try DataFolder.checkWhole(path)
        database = try DatabaseFile(path: "\(path)/martlet.sqlite", migrations: DataFolder.migrations)
        tokens = try Tokens(database)
        sessions = Sessions(database)
        Folder.make("\(path)/workspaces")
        var all: [String: Workspace] = [:]
        // Where one does not open, the others let go of their files and threads.
        defer { if isTaken { DataFolder.close(all) } }
        for name in DataFolder.workspaceNames {
            all[name] = try Workspace(name: name, folder: "\(path)/workspaces/\(name)", memory: memory, questions: questions, caller: caller, address: address, catcher: catcher, dns: dns, logger: logger)
        }
        opened = Mutex(all)
        self.logger = logger
        isTaken = false
    }

    static let format = 1

    /// A folder of another format is refused with the remedy, never guessed at.
    private static func checkFormat(_ path: String) throws {
        let file = "\(path)/format"
        guard let bytes = Files.read(file) else { return try Files.write(Array("\(format)\n".utf8), to: file) }
        guard String(decoding: bytes, as: UTF8.self) == "\(format)\n" else {
            throw Refusal(
                500, "folder.format", "The data folder \(path) was written by another version of Martlet.",
                remedy: "Use that version, or restore a backup into a new folder.")
        }
    }

    /// Whether a process holds the folder.
    static func isHeld(_ path: String) -> Bool {
        let file = open("\(path)/lock", O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { closeFile(file) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else { return true }
        flock(file, LOCK_UN)
        return false
    }

    var workspaces: [String: Workspace] { opened.withLock { $0 } }
    func workspace(_ name: String) -> Workspace? { opened.withLock { $0[name] } }

    /// Removes everything in a workspace and leaves an empty one in its place.
    func clear(_ name: String) throws {
        guard let old = opened.withLock({ $0.removeValue(forKey: name) }) else { throw Refusal(404, "workspace.unknown", "There is no such workspace.", remedy: "Use main or demo.") }
        old.close()
        try Files.removeTree(old.folder)
        let fresh = try Workspace(name: name, folder: old.folder, memory: memory, questions: questions, caller: caller, address: address, catcher: catcher, dns: dns, logger: logger)
        opened.withLock { $0[name] = fresh }
    }

    private static func close(_ workspaces: [String: Workspace]) {
        // Together, so that however many there are, no more is waited than for one.
        for workspace in workspaces.values { workspace.outbox.halt() }
        for workspace in workspaces.values { workspace.close() }
    }

    func close() {
        DataFolder.close(workspaces)
        database.close()
        closeFile(lock)
    }
}

/// `close`, which inside `DataFolder` would mean its own.
private func closeFile(_ descriptor: Int32) { close(descriptor) }

extension DataFolder {
    /// What stands beside events and cannot be made again: a start that made it anew would let in again whoever is suppressed and what is known.
    ///
    /// - Parameter folder: the data folder, or that of a workspace.
    /// - Throws: ``Refusal`` where events are there and one of the files is not.
    static func checkWhole(_ folder: String) throws {
        let logs = ["\(folder)/log"] + workspaceNames.map { "\(folder)/workspaces/\($0)/log" }
        guard logs.contains(where: { !Files.names($0).isEmpty }) else { return }
        let isWorkspace = Files.isFolder("\(folder)/log")
        for name in isWorkspace ? ["workspace.key", "workspace.sqlite", "decisions.sqlite"] : ["martlet.sqlite"] where access("\(folder)/\(name)", F_OK) != 0 {
            throw Refusal(
                500, "folder.file-missing", "\(folder)/\(name) is missing, though there are events.",
                remedy: name.hasSuffix(".key") ? "Restore it from a backup: without it, known messages, suppressed people and consents cannot be told."
                    : "Restore it from a backup. To begin without all that it held, make an empty file of this name, and delete `\(name).seal`.")
        }
    }
}
