#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Ingest
import Server
import Vocabulary

/// A file or standard input, read in pieces; the fingerprint names it by size and beginning; what a line holds is told apart by the server.
final class ImportInput {
    private static let pieceBytes = 1 << 18

    let name: String
    /// Of a file; nil for what only comes once.
    let size: Int?
    let fingerprint: String
    /// As Content-Encoding calls it, by the first bytes, whatever the file is called; nil where it is not packed.
    let packing: String?
    private let descriptor: Int32
    private var head: [UInt8]

    init(_ file: String) throws {
        if file == "-" {
            descriptor = 0
            name = "standard input"
        } else {
            descriptor = open(file, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Refusal(400, "import.unreadable", "The file \(file) cannot be read.", remedy: "Check its name and mode.") }
            name = file.split(separator: "/").last.map(String.init) ?? file
        }
        var status = stat()
        let isKnown = unsafe fstat(descriptor, &status) == 0
        if isKnown, status.st_mode & S_IFMT == S_IFDIR { throw Refusal(400, "import.folder", "\(file) is a folder.", remedy: "Name a file in it, or pack them together: cat \(file)/*.ndjson | martlet import -") }
        size = file != "-" && isKnown && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
        head = try ImportInput.read(descriptor)
        packing = head.starts(with: [0x1f, 0x8b]) ? "gzip" : head.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) ? "zstd" : nil
        // FNV-1a over the beginning: it tells files apart, it guards nothing.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in head.prefix(1 << 16) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        fingerprint = String(hash, radix: 36) + "-" + String(size ?? 0, radix: 36)
    }

    /// `csv` or `ndjson`, by the name without what says how it is packed. Of a name that does not tell, a brace at the beginning does.
    func format() throws -> String {
        if descriptor == 0 { return "ndjson" }
        var parts = name.lowercased().split(separator: ".").dropFirst()
        if let last = parts.last, ["gz", "gzip", "zst", "zstd"].contains(last) { parts.removeLast() }
        switch parts.last {
        case "csv", "tsv", "tab": return "csv"
        case "ndjson", "jsonl", "json": return "ndjson"
        default:
            let isJSON = packing != nil || head.isEmpty || head.first { $0 > 0x20 && $0 < 0x80 } == UInt8(ascii: "{")
            guard isJSON else { throw Refusal(400, "import.format-unknown", "The name \(name) does not tell what the file holds.", remedy: "Say --format csv or --format ndjson.") }
            return "ndjson"
        }
    }

    /// The first line of a plain file that is not UTF-8, looked for before anything is sent, so that nothing of such a file is imported.
    func lineNotUTF8() throws -> Int? {
        guard size != nil, packing == nil, !FileText.isUTF16(head) else { return nil }
        var check = UTF8Check()
        var piece = head
        while !piece.isEmpty, check.wrongLine == nil {
            check.take(piece)
            piece = try ImportInput.read(descriptor)
        }
        check.finish()
        guard lseek(descriptor, off_t(head.count), SEEK_SET) >= 0 else { throw ImportInput.broken }
        return check.wrongLine
    }

    func next() throws -> [UInt8]? {
        if !head.isEmpty {
            defer { head = [] }
            return head
        }
        let bytes = try ImportInput.read(descriptor)
        return bytes.isEmpty ? nil : bytes
    }

    private static var broken: Refusal {
        Refusal(500, "import.unreadable", "The file cannot be read to its end: \(unsafe String(cString: strerror(errno))).", remedy: "Check its disk; what was imported stays, and importing it again doubles nothing.")
    }

    private static func read(_ descriptor: Int32) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: pieceBytes)
        var done = 0
        while done < bytes.count {
            let n = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress! + done, $0.count - done) }
            if n < 0, errno == EINTR { continue }
            guard n >= 0 else { throw broken }
            if n == 0 { break }
            done += n
        }
        return done == bytes.count ? bytes : Array(bytes[..<done])
    }
}
