import CKernels
public import Vocabulary

/// Writes a fold's arrays into one file: `MRTSNAP1`, layout version (UInt32), log position, then sections (byte count, bytes), and a CRC-32C at the end.
public struct SnapshotWriter {
    private let path: String
    private let file: LogFile
    private var offset = 0
    private var crc: UInt32 = 0

    /// - Parameter position: the first log position that the state does not hold.
    public init(path: String, layout: UInt32, position: LogPosition) throws {
        self.path = path
        file = try LogFile.create(path + ".new")
        var head = Array("MRTSNAP1".utf8)
        withUnsafeBytes(of: UInt64(layout).littleEndian) { unsafe head.append(contentsOf: $0) }
        withUnsafeBytes(of: position.littleEndian) { unsafe head.append(contentsOf: $0) }
        try append(head)
    }

    private mutating func append(_ bytes: [UInt8]) throws {
        try unsafe bytes.withUnsafeBytes { try unsafe append($0) }
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
        guard let base = bytes.baseAddress else { return }
        crc = unsafe martlet_crc32c(crc, base, bytes.count)
        try unsafe file.write(bytes, at: offset)
        offset += bytes.count
    }

    public mutating func put<Element: BitwiseCopyable>(_ array: [Element]) throws {
        var count: [UInt8] = []
        withUnsafeBytes(of: UInt64(array.count * MemoryLayout<Element>.stride).littleEndian) { unsafe count.append(contentsOf: $0) }
        try append(count)
        var failure: (any Error)?
        unsafe array.withUnsafeBytes { bytes in
            do { try unsafe append(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Durable under its name when this returns.
    public func finish() throws {
        var tail: [UInt8] = []
        withUnsafeBytes(of: UInt64(crc).littleEndian) { unsafe tail.append(contentsOf: $0) }
        try file.write(tail, at: offset)
        try file.sync()
        try LogFile.replace(path + ".new", by: path)
    }
}

/// Reads what ``SnapshotWriter`` wrote; nil for a file that is missing, damaged or of another layout: the log can make it again.
public struct SnapshotReader {
    public let position: LogPosition
    private let bytes: [UInt8]
    private var offset = 24

    public init?(path: String, layout: UInt32) {
        guard let file = try? LogFile.existing(path), let bytes = try? file.read(file.size, at: 0), bytes.count >= 32,
            Array(bytes[..<8]) == Array("MRTSNAP1".utf8)
        else { return nil }
        let (version, at, crc) = unsafe bytes.withUnsafeBytes { p in
            unsafe (
                UInt64(littleEndian: p.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                UInt64(littleEndian: p.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
                UInt64(littleEndian: p.loadUnaligned(fromByteOffset: p.count - 8, as: UInt64.self))
            )
        }
        guard version == UInt64(layout), unsafe bytes.withUnsafeBytes({ unsafe martlet_crc32c(0, $0.baseAddress!, $0.count - 8) }) == UInt32(truncatingIfNeeded: crc)
        else { return nil }
        self.bytes = bytes
        position = at
    }

    public mutating func get<Element: BitwiseCopyable>(_ type: Element.Type) -> [Element] {
        guard offset + 8 <= bytes.count - 8 else { return [] }
        let size = unsafe bytes.withUnsafeBytes { unsafe Int(UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))) }
        offset += 8
        guard size <= bytes.count - 8 - offset else { return [] }
        defer { offset += size }
        let count = size / MemoryLayout<Element>.stride
        guard count > 0 else { return [] }
        return unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            unsafe bytes.withUnsafeBytes { unsafe UnsafeMutableRawPointer(buffer.baseAddress!).copyMemory(from: $0.baseAddress! + offset, byteCount: size) }
            initialized = count
        }
    }
}
