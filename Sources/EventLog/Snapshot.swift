import CKernels
public import Packing
public import Vocabulary

/// Writes a fold's arrays into one file: `MRTSNAP2`, layout version (UInt64), log position, then sections, and a CRC-32C of everything before it (UInt64).
///
/// A section is the array's byte count (UInt64), the bytes of an element (UInt8) and pieces of at most ``pieceBytes``, each behind its byte count in the
/// file (UInt32; the highest bit says that it is not compressed). In a piece all elements' first bytes stand before all second bytes and so on: numbers
/// that are alike differ in their last bytes alone.
public struct SnapshotWriter {
    static let pieceBytes = 256 << 10
    static let plainMark: UInt32 = 1 << 31

    private let path: String
    private let file: LogFile
    private var offset = 0
    private var crc: UInt32 = 0
    private var pending: [UInt8] = []
    private let packer = Packer(level: 1)

    /// - Parameter position: the first log position that the state does not hold.
    public init(path: String, layout: UInt32, position: LogPosition) throws {
        self.path = path
        file = try LogFile.create(path + ".new")
        pending = Array("MRTSNAP2".utf8)
        append(UInt64(layout))
        append(position)
    }

    private mutating func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { unsafe pending.append(contentsOf: $0) } }

    private mutating func flush() throws {
        crc = unsafe pending.withUnsafeBytes { unsafe martlet_crc32c(crc, $0.baseAddress!, $0.count) }
        try file.write(pending, at: offset)
        offset += pending.count
        pending.removeAll(keepingCapacity: true)
    }

    public mutating func put<Element: BitwiseCopyable>(_ array: [Element]) throws {
        let stride = MemoryLayout<Element>.stride
        append(UInt64(array.count * stride))
        append(UInt8(truncatingIfNeeded: stride))
        let step = SnapshotWriter.pieceBytes / stride * stride
        var failure: (any Error)?
        unsafe array.withUnsafeBytes { bytes in
            do {
                var start = 0
                while start < bytes.count {
                    let end = min(start + step, bytes.count)
                    try unsafe appendPiece(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), stride)
                    start = end
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Writes what is packed already as it is.
    public mutating func put(_ packed: PackedArray) throws {
        try put([UInt64(packed.count), UInt64(packed.stride), packed.isPlain ? 1 : 0])
        append(UInt64(packed.bytes.count))
        append(UInt8(1))
        var start = 0
        while start < packed.bytes.count {
            let end = min(start + SnapshotWriter.pieceBytes, packed.bytes.count)
            append(UInt32(end - start) | SnapshotWriter.plainMark)
            pending.append(contentsOf: packed.bytes[start..<end])
            start = end
        }
        if pending.count >= 1 << 20 { try flush() }
    }

    private mutating func appendPiece(_ bytes: UnsafeRawBufferPointer, _ stride: Int) throws {
        if let packed = unsafe packer.pack(bytes, stride: stride) {
            append(UInt32(packed.count))
            pending.append(contentsOf: packed)
        } else {
            append(UInt32(bytes.count) | SnapshotWriter.plainMark)
            unsafe pending.append(contentsOf: bytes)
        }
        if pending.count >= 1 << 20 { try flush() }
    }

    /// Durable under its name when this returns.
    public mutating func finish() throws {
        try flush()
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
    private let file: LogFile
    private var offset = 24
    private let end: Int
    private let packer = Packer(level: 1)

    public init?(path: String, layout: UInt32) {
        guard let file = try? LogFile.existing(path), file.size >= 32, let head = try? file.read(24, at: 0), head.count == 24, Array(head[..<8]) == Array("MRTSNAP2".utf8)
        else { return nil }
        func word(_ bytes: [UInt8], _ offset: Int) -> UInt64 { unsafe bytes.withUnsafeBytes { unsafe UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) } }
        end = file.size - 8
        guard word(head, 8) == UInt64(layout), let tail = try? file.read(8, at: end), tail.count == 8, SnapshotReader.crc(of: file, upTo: end) == UInt32(truncatingIfNeeded: word(tail, 0))
        else { return nil }
        self.file = file
        position = word(head, 16)
    }

    private static func crc(of file: LogFile, upTo end: Int) -> UInt32? {
        var crc: UInt32 = 0
        var at = 0
        while at < end {
            guard let bytes = try? file.read(min(1 << 20, end - at), at: at), !bytes.isEmpty else { return nil }
            crc = unsafe bytes.withUnsafeBytes { unsafe martlet_crc32c(crc, $0.baseAddress!, $0.count) }
            at += bytes.count
        }
        return crc
    }

    /// The next section; empty where the file ends or its section holds something else.
    public mutating func get<Element: BitwiseCopyable>(_ type: Element.Type) -> [Element] {
        guard let size = next(UInt64.self), let width = next(UInt8.self) else { return [] }
        let stride = MemoryLayout<Element>.stride
        guard size > 0, Int(width) == stride, size < 1 << 44, size % UInt64(stride) == 0 else { return [] }
        let count = Int(size) / stride
        let step = SnapshotWriter.pieceBytes / stride * stride
        return unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            let out = UnsafeMutableRawBufferPointer(buffer)
            var done = 0
            while done < Int(size) {
                let wanted = min(step, Int(size) - done)
                guard unsafe readPiece(UnsafeMutableRawBufferPointer(rebasing: out[done..<done + wanted]), stride) else { return }
                done += wanted
            }
            initialized = count
        }
    }

    /// What was packed when it was written; nil where the section holds something else.
    public mutating func getPacked() -> PackedArray? {
        let head = get(UInt64.self)
        let bytes = get(UInt8.self)
        guard head.count == 3 else { return nil }
        return PackedArray(bytes: bytes, isPlain: head[2] == 1, count: Int(truncatingIfNeeded: head[0]), stride: Int(truncatingIfNeeded: head[1]))
    }

    private mutating func readPiece(_ out: UnsafeMutableRawBufferPointer, _ stride: Int) -> Bool {
        guard let head = next(UInt32.self) else { return false }
        let count = Int(head & ~SnapshotWriter.plainMark)
        guard count <= end - offset, let bytes = try? file.read(count, at: offset), bytes.count == count else { return false }
        offset += count
        if head & SnapshotWriter.plainMark == 0 { return unsafe bytes.withUnsafeBytes { unsafe packer.unpack($0, stride: stride, into: out) } }
        guard unsafe count == out.count else { return false }
        unsafe out.copyBytes(from: bytes)
        return true
    }

    private mutating func next<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type) -> Value? {
        let size = MemoryLayout<Value>.size
        guard offset + size <= end, let bytes = try? file.read(size, at: offset), bytes.count == size else { return nil }
        offset += size
        return unsafe bytes.withUnsafeBytes { unsafe Value(littleEndian: $0.loadUnaligned(as: Value.self)) }
    }
}
