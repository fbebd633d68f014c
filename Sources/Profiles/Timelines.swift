import EventLog
import Identity
import Vocabulary

/// For each node, the positions of its events in the order accepted: chunks of seven in one arena, 9.1 bytes an event when full.
struct Timelines {
    private struct Chunk: BitwiseCopyable {
        /// Of the chunk before, plus 1; 0 for none.
        var previous: UInt32 = 0
        var count: UInt32 = 0
        var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)
    }

    /// The last chunk of each node, plus 1.
    private var heads: [UInt32] = []
    private var chunks: [Chunk] = []

    /// One event: 40 bits of position, 3 of type.
    static func word(_ position: LogPosition, _ type: EventType) -> UInt64 { position | UInt64(type.rawValue) << 40 }
    static func position(_ word: UInt64) -> LogPosition { word & 0xff_ffff_ffff }
    static func type(_ word: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> 40) & 7 }

    mutating func append(_ word: UInt64, to node: Node) {
        let index = Int(node)
        while heads.count <= index { heads.append(0) }
        var head = heads[index]
        if head == 0 || chunks[Int(head - 1)].count == 7 {
            chunks.append(Chunk(previous: head))
            head = UInt32(chunks.count)
            heads[index] = head
        }
        let place = Int(chunks[Int(head - 1)].count)
        withUnsafeMutableBytes(of: &chunks[Int(head - 1)].words) { unsafe $0.storeBytes(of: word, toByteOffset: place * 8, as: UInt64.self) }
        chunks[Int(head - 1)].count += 1
    }

    /// A node's newest events first, until `body` says false.
    func eachBackwards(_ node: Node, _ body: (UInt64) -> Bool) {
        guard Int(node) < heads.count else { return }
        var head = heads[Int(node)]
        while head != 0 {
            let chunk = chunks[Int(head - 1)]
            for place in stride(from: Int(chunk.count) - 1, through: 0, by: -1) {
                let word = withUnsafeBytes(of: chunk.words) { unsafe $0.load(fromByteOffset: place * 8, as: UInt64.self) }
                if !body(word) { return }
            }
            head = chunk.previous
        }
    }

    func count(_ node: Node) -> Int {
        guard Int(node) < heads.count else { return 0 }
        var head = heads[Int(node)]
        var count = 0
        while head != 0 {
            count += Int(chunks[Int(head - 1)].count)
            head = chunks[Int(head - 1)].previous
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

    init() {}

    func write(to snapshot: inout SnapshotWriter) throws {
        try snapshot.put(heads)
        try snapshot.put(chunks)
    }

    init(from snapshot: inout SnapshotReader) {
        heads = snapshot.get(UInt32.self)
        chunks = snapshot.get(Chunk.self)
    }
}
