#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Logging
import Server
import Vocabulary

/// Speaks HTTP to the server over the data folder's socket; where no server runs, one is started in this process without a port.
struct LocalClient {
    let socketPath: String
    let workspace: String

    struct Answer {
        let status: Int
        let body: [UInt8]
        var json: JSONText { JSONText(validating: body) ?? JSONText(trusted: Array("{}".utf8)) }
    }

    /// Runs `work` against whoever holds the folder.
    ///
    /// - Parameters:
    ///   - makesFolder: for what may be the first thing that anyone does; all else refuses a folder that is not there, since its name is a slip.
    ///   - needsServer: for what asks a running server about itself.
    static func with<Value>(_ options: FolderOptions, makesFolder: Bool = false, needsServer: Bool = false, _ work: (LocalClient) async throws -> Value) async throws -> Value {
        Process.prepare()
        let client = LocalClient(socketPath: MartletServer.socketPath(options.folder), workspace: options.workspace)
        if MartletServer.isHeld(options.folder) { return try await work(client) }
        // Of a folder that is another user's, nobody else knows what is in it.
        if !isFolder(options.folder), errno == EACCES {
            throw Refusal(500, "folder.unreadable", "The data folder \(options.folder) may not be read by this user.", remedy: "Run the command as the user that Martlet runs as, as with sudo -u.")
        }
        guard makesFolder || isFolder(options.folder) else {
            throw Refusal(500, "folder.absent", "There is no data folder at \(options.folder).", remedy: "Name yours with --data, or make one with `martlet serve`.")
        }
        if needsServer { throw Refusal(500, "server.absent", "No Martlet runs on the data folder \(options.folder).", remedy: "Start it with `martlet serve`.") }
        var configuration = Configuration()
        configuration.data = options.folder
        configuration.listens = false
        LoggingSystem.bootstrap { _ in SilentLog() }
        let server = try MartletServer(configuration, logger: Logger(label: "martlet"))
        let (ready, signalReady) = AsyncStream<Void>.makeStream()
        let running = Task { try await server.run { _ in signalReady.finish() } }
        for await _ in ready {}
        let result: Result<Value, any Error>
        do { result = .success(try await work(client)) } catch { result = .failure(error) }
        running.cancel()
        _ = try? await running.value
        return try result.get()
    }

    /// Whether it holds Martlet's data, one of its files missing or not.
    private static func isFolder(_ path: String) -> Bool { ["martlet.sqlite", "format"].contains { access("\(path)/\($0)", F_OK) == 0 } }

    /// - Throws: ``Refusal`` with the server's own words when it refuses.
    ///
    /// - Parameter takesRefusal: whether the caller reads a refusal's body itself.
    func call(_ method: String, _ path: String, body: [UInt8] = [], headers: [(String, String)] = [], takesRefusal: Bool = false) throws -> Answer {
        let descriptor = try connect()
        defer { close(descriptor) }
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Martlet-Workspace: \(workspace)\r\nContent-Length: \(body.count)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        try send(Array((head + "\r\n").utf8) + body, descriptor)
        return takesRefusal ? try receive(descriptor) : try refused(receive(descriptor))
    }

    /// Sends a body piece by piece, as large as it is.
    func upload(_ path: String, headers: [(String, String)], pieces: () throws -> [UInt8]?, progress: (Int) -> Void) throws -> Answer {
        let descriptor = try connect()
        defer { close(descriptor) }
        var head = "POST \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Martlet-Workspace: \(workspace)\r\nTransfer-Encoding: chunked\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        try send(Array((head + "\r\n").utf8), descriptor)
        var sent = 0
        // A refusal may come while there is more to send, which nobody reads then.
        while let piece = try pieces() {
            guard try send(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [0x0d, 0x0a], descriptor) else { return try refused(receive(descriptor)) }
            sent += piece.count
            progress(sent)
        }
        try send(Array("0\r\n\r\n".utf8), descriptor)
        return try refused(receive(descriptor))
    }

    private func refused(_ answer: Answer) throws -> Answer {
        guard answer.status >= 400 else { return answer }
        var refusal = Refusal(
            answer.status, answer.json["code"]?.string ?? "server.answer", answer.json["message"]?.string ?? "The server answered \(answer.status).",
            remedy: answer.json["remedy"]?.string ?? "")
        refusal.place = answer.json["place"]?.string ?? ""
        throw refusal
    }

    private func connect() throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(socketPath.utf8)
        guard path.count < 107 else { throw Refusal(500, "socket.path", "The data folder's path is too long for a socket.", remedy: "Use a shorter path, or a relative one.") }
        withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
        let done = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        guard done == 0 else {
            close(descriptor)
            throw Refusal(500, "socket.refused", "The running Martlet does not answer on its socket.", remedy: "It may be starting or stopping; try again in a moment.")
        }
        return descriptor
    }

    /// - Returns: false where the answer has come before all was sent.
    @discardableResult
    private func send(_ bytes: [UInt8], _ descriptor: Int32) throws -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN | POLLOUT), revents: 0)
            guard unsafe poll(&wait, 1, -1) > 0 else { continue }
            if wait.revents & Int16(POLLIN) != 0 { return false }
            let n = unsafe rest.withUnsafeBytes { unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)) }
            if n < 0, errno == EAGAIN || errno == EINTR { continue }
            guard n > 0 else { throw Refusal(500, "socket.closed", "The server closed the connection.", remedy: "See its log.") }
            rest = rest.dropFirst(n)
        }
        return true
    }

    private func receive(_ descriptor: Int32) throws -> Answer {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let n = unsafe read(descriptor, &chunk, chunk.count)
            if n <= 0 { break }
            bytes.append(contentsOf: chunk[..<n])
            // The server may leave the connection open while it waits for what nobody sends any more.
            if LocalClient.isWhole(bytes) { break }
        }
        guard let split = LocalClient.headEnd(bytes[...]) else {
            throw Refusal(500, "socket.closed", "The server closed the connection.", remedy: "See its log.")
        }
        let head = String(decoding: bytes[..<split], as: UTF8.self)
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var body = Array(bytes[(split + 4)...])
        if head.lowercased().contains("transfer-encoding: chunked") { body = LocalClient.unchunk(body) }
        return Answer(status: status, body: body)
    }

    /// Whether as much has come as the head announces.
    private static func isWhole(_ bytes: [UInt8]) -> Bool {
        guard let split = headEnd(bytes.prefix(1 << 16)) else { return false }
        let fields = String(decoding: bytes[..<split], as: UTF8.self).lowercased().split(separator: "\r\n")
        guard let length = fields.first(where: { $0.hasPrefix("content-length:") }).flatMap({ Int($0.dropFirst(15).filter { $0 != " " }) }) else { return false }
        return bytes.count >= split + 4 + length
    }

    /// Where the empty line behind a head begins.
    private static func headEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
        let separator = Array("\r\n\r\n".utf8)
        return bytes.indices.first { bytes[$0...].starts(with: separator) }
    }

    private static func unchunk(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var at = 0
        while let end = bytes[at...].firstIndex(of: 0x0d), let count = Int(String(decoding: bytes[at..<end], as: UTF8.self), radix: 16), count > 0 {
            out.append(contentsOf: bytes[(end + 2)..<min(end + 2 + count, bytes.count)])
            at = min(end + 2 + count + 2, bytes.count)
        }
        return out
    }
}

/// Nothing of a short command's own server is worth a line.
struct SilentLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .critical
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {}
}
