import EventLog
import Identity
import Vocabulary

/// For each node, the positions of its events in the order accepted: chunks of 32 bytes in one arena, about 3.5 bytes an event.
///
///     the chunk before, plus 1, 0 for none (UInt32); bytes used (UInt8); events (UInt8); 26 bytes of varints: position × 8 + type of the chunk's first
///     event, then (position − the one before) × 8 + type
struct Timelines {
    private static let chunkBytes = 32
    private static let headBytes = 6

    /// The last chunk of each node, plus 1.
    private var heads: [UInt32] = []
    private var chunks: [UInt8] = []

    /// One event: 40 bits of position, 3 of type.
    static func word(_ position: LogPosition, _ type: EventType) -> UInt64 { position | UInt64(type.rawValue) << 40 }
    static func position(_ word: UInt64) -> LogPosition { word & 0xff_ffff_ffff }
    static func type(_ word: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> 40) & 7 }

    /// - Parameter word: of an event behind all that the node has.
    mutating func append(_ word: UInt64, to node: Node) {
        let index = Int(node)
        while heads.count <= index { heads.append(0) }
        let (position, type) = (Timelines.position(word), UInt64(Timelines.type(word)))
        let head = heads[index]
        if head != 0, append(position, type, toChunk: Int(head - 1)) { return }
        let start = chunks.count
        chunks.append(contentsOf: repeatElement(0, count: Timelines.chunkBytes))
        heads[index] = UInt32(chunks.count / Timelines.chunkBytes)
        chunks.withUnsafeMutableBytes { p in
            unsafe p.storeBytes(of: head.littleEndian, toByteOffset: start, as: UInt32.self)
            unsafe p[start + 5] = 1
            unsafe p[start + 4] = UInt8(Timelines.put(position << 3 | type, at: start + Timelines.headBytes, p))
        }
    }

    /// - Returns: false where the chunk has no room.
    private mutating func append(_ position: LogPosition, _ type: UInt64, toChunk chunk: Int) -> Bool {
        chunks.withUnsafeMutableBytes { p in
            let start = chunk * Timelines.chunkBytes
            let used = unsafe Int(p[start + 4])
            var last: LogPosition = 0
            unsafe Timelines.eachWord(UnsafeRawBufferPointer(p), start) { last = Timelines.position($0) }
            // A word of 43 bits takes at most seven bytes; the usual one takes two, which is known only when it is made.
            guard position > last, Timelines.headBytes + used + Timelines.byteCount((position - last) << 3 | type) <= Timelines.chunkBytes else { return false }
            unsafe p[start + 4] = UInt8(used + Timelines.put((position - last) << 3 | type, at: start + Timelines.headBytes + used, p))
            unsafe p[start + 5] += 1
            return true
        }
    }

    private static func byteCount(_ value: UInt64) -> Int { (70 - (value | 1).leadingZeroBitCount) / 7 }

    /// - Returns: how many bytes it took.
    private static func put(_ value: UInt64, at start: Int, _ p: UnsafeMutableRawBufferPointer) -> Int {
        var rest = value
        var at = start
        while rest >= 0x80 {
            unsafe p[at] = UInt8(truncatingIfNeeded: rest) | 0x80
            rest >>= 7
            at += 1
        }
        unsafe p[at] = UInt8(truncatingIfNeeded: rest)
        return at + 1 - start
    }

    /// Calls `body` with the words of the chunk that begins at `start`, in order.
    @inline(__always)
    private static func eachWord(_ p: UnsafeRawBufferPointer, _ start: Int, _ body: (UInt64) -> Void) {
        var at = start + headBytes
        var position: LogPosition = 0
        for _ in 0..<(unsafe p[start + 5]) {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            var byte: UInt8
            repeat {
                byte = unsafe p[at]
                at += 1
                value |= UInt64(byte & 0x7f) << shift
                shift += 7
            } while byte >= 0x80
            position += value >> 3
            body(position | (value & 7) << 40)
        }
    }

    /// A node's newest events first, until `body` says false.
    func eachBackwards(_ node: Node, _ body: (UInt64) -> Bool) {
        guard Int(node) < heads.count else { return }
        var head = heads[Int(node)]
        var words: [UInt64] = []
        while head != 0 {
            words.removeAll(keepingCapacity: true)
            let start = Int(head - 1) * Timelines.chunkBytes
            chunks.withUnsafeBytes { p in
                unsafe Timelines.eachWord(p, start) { words.append($0) }
                head = unsafe UInt32(littleEndian: p.loadUnaligned(fromByteOffset: start, as: UInt32.self))
            }
            for word in words.reversed() where !body(word) { return }
        }
    }

    func count(_ node: Node) -> Int {
        guard Int(node) < heads.count else { return 0 }
        var head = heads[Int(node)]
        var count = 0
        chunks.withUnsafeBytes { p in
            while head != 0 {
                let start = Int(head - 1) * Timelines.chunkBytes
                count += unsafe Int(p[start + 5])
                head = unsafe UInt32(littleEndian: p.loadUnaligned(fromByteOffset: start, as: UInt32.self))
            }
        }
        return count
    }

    func all(_ node: Node) -> [UInt64] {
        var words: [UInt64] = []
        eachBackwards(node) { words.append($0); return true }
        return words.reversed()
    }

    mutating func erase(_ node: Node) {
        guard Int(node) < heads.count else { return }
        heads[Int(node)] = 0
    }

    var byteCount: Int { heads.count * 4 + chunks.count }

    init() {}

    func write(to snapshot: inout SnapshotWriter) throws {
        try snapshot.put(heads)
        try snapshot.put(chunks)
    }

    init(from snapshot: inout SnapshotReader) {
        heads = snapshot.get(UInt32.self)
        chunks = snapshot.get(UInt8.self)
    }
}
