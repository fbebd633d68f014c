import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Ingest
import Storage
import Synchronization
import Vocabulary

/// A file that someone dropped on the console and has not started to import.
struct Upload: Sendable {
    let id: String
    /// As the browser called it; only shown, never a path.
    let fileName: String
    let source: String
    let format: ImportJob.Format
    let coding: Inflater.Coding
    let bytes: Int
    let uploadedAt: Timestamp
    /// Of a CSV; nil for NDJSON.
    let preview: CSVPreview?
    /// The first lines of NDJSON.
    let lines: [String]
    /// Names its content, so that lines without messageId are known again when the same file comes twice.
    let fingerprint: String
}

/// The uploaded files of a workspace, until they are imported or given up.
///
/// They hold people's data, so none outlives its use: an import takes its file's name away and reads it by descriptor; what waits for longer than
/// ``lifetimeMs``, across a restart, or while someone is erased, is removed and must be uploaded again.
final class Uploads: Eraser {
    static let lifetimeMs: Int64 = 3_600_000
    static let waitingMaximum = 20
    /// Room that must stay free on the disk, so that an upload cannot stop the log.
    static let freeMinimum = 512 << 20

    let name = "uploaded files"
    private let folder: String
    private let waiting = Mutex<[String: Upload]>([:])
    /// Imports that go on after their request: told to stop when the workspace closes. With what each has to read.
    private let running = Mutex<[String: (job: ImportJob, bytes: Int)]>([:])

    init(folder: String) {
        self.folder = folder
        for name in Files.names(folder) { Files.remove("\(folder)/\(name)") }
    }

    var all: [Upload] { waiting.withLock { Array($0.values) }.sorted { $0.uploadedAt > $1.uploadedAt } }
    func upload(_ id: String) -> Upload? { waiting.withLock { $0[id] } }
    /// The size of the file that an import reads; nil where the import did not come from here.
    func bytes(of id: String) -> Int? { running.withLock { $0[id]?.bytes } }

    func path(_ id: String) -> String { "\(folder)/\(id)" }

    /// Opens a new file to write an upload into.
    func open(_ id: String, at now: Timestamp) throws -> Int32 {
        for old in all where now.milliseconds - old.uploadedAt.milliseconds > Uploads.lifetimeMs { discard(old.id) }
        guard waiting.withLock({ $0.count }) < Uploads.waitingMaximum else {
            throw Refusal(429, "upload.too-many", "Too many uploaded files wait for their import.", remedy: "Start or cancel some of them.")
        }
        Folder.make(folder)
        let descriptor = Glibc.open(path(id), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LogError.io(errno) }
        return descriptor
    }

    /// Writes the next bytes; refuses before the disk is full.
    func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var room = statvfs()
        if unsafe fstatvfs(descriptor, &room) == 0, Int(room.f_bavail) * Int(room.f_frsize) < Uploads.freeMinimum {
            throw Refusal(503, "upload.disk-short", "The disk has no room for this file.", remedy: "Free some space, or send the file with `martlet import`, which keeps no copy.")
        }
        var done = 0
        while done < bytes.count {
            let n = unsafe bytes[done...].withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard n > 0 else { throw LogError.io(errno) }
            done += n
        }
    }

    func add(_ upload: Upload) { waiting.withLock { $0[upload.id] = upload } }

    func discard(_ id: String) {
        Files.remove(path(id))
        waiting.withLock { $0[id] = nil }
    }

    /// The open file of an upload, whose name is gone afterwards; nil when it is gone already. The caller closes it.
    func take(_ id: String) -> Int32? {
        guard waiting.withLock({ $0.removeValue(forKey: id) }) != nil else { return nil }
        let descriptor = Glibc.open(path(id), O_RDONLY | O_CLOEXEC)
        Files.remove(path(id))
        return descriptor >= 0 ? descriptor : nil
    }

    func started(_ job: ImportJob, bytes: Int) { running.withLock { $0[job.id] = (job, bytes) } }
    func ended(_ job: ImportJob) { running.withLock { $0[job.id] = nil } }

    /// Stops what still runs, at its next piece. What it imported stays; the file is uploaded again to go on.
    func close() {
        for (job, _) in running.withLock({ Array($0.values) }) { job.cancel() }
        for _ in 0..<200 where !running.withLock({ $0.isEmpty }) { usleep(10_000) }
    }

    /// Who is erased may stand in any file that waits, packed or not, so all of them go.
    func erase(_ subject: ErasureSubject) throws -> Int {
        let waiting = all
        for upload in waiting { discard(upload.id) }
        return waiting.count
    }
}

/// A file's bytes piece by piece; closes it at the end.
final class FilePieces: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    static let pieceBytes = 256 << 10
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }
    deinit { close(descriptor) }

    struct AsyncIterator: AsyncIteratorProtocol {
        let file: FilePieces
        mutating func next() async throws -> [UInt8]? {
            var piece = [UInt8](repeating: 0, count: FilePieces.pieceBytes)
            let n = unsafe Glibc.read(file.descriptor, &piece, piece.count)
            guard n >= 0 else { throw LogError.io(errno) }
            return n == 0 ? nil : Array(piece[..<n])
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(file: self) }
}
