import EventLog
import Packing
import TestSupport
import Testing

@Suite("Snapshots")
struct SnapshotTests {
    private static let texts = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 / 300) }
    private static let numbers = (0..<90_000).map { Int64($0) * 1_000_003 }
    private static let noise: [UInt32] = {
        var random = Random(Seed(3))
        return (0..<1000).map { _ in UInt32(truncatingIfNeeded: random.next()) }
    }()

    private static func write(_ path: String) throws {
        var snapshot = try SnapshotWriter(path: path, layout: 7, position: 4711)
        try snapshot.put(texts)
        try snapshot.put(numbers)
        try snapshot.put([UInt8]())
        try snapshot.put(PackedArray(noise))
        try snapshot.put(PackedArray(numbers))
        try snapshot.put(noise)
        try snapshot.finish()
    }

    @Test("are read back as they were written, many times smaller")
    func roundTrip() throws {
        let folder = TemporaryFolder()
        try Self.write("\(folder.path)/a.snapshot")
        #expect(folder.files == ["a.snapshot"])
        #expect(folder.bytes("a.snapshot").count < Self.numbers.count * 8 / 2)
        var snapshot = try #require(SnapshotReader(path: "\(folder.path)/a.snapshot", layout: 7))
        #expect(snapshot.position == 4711)
        #expect(snapshot.get(UInt8.self) == Self.texts)
        #expect(snapshot.get(Int64.self) == Self.numbers)
        #expect(snapshot.get(UInt8.self) == [])
        #expect(snapshot.getPacked()?.unpacked(UInt32.self) == Self.noise)
        #expect(snapshot.getPacked()?.unpacked(Int64.self) == Self.numbers)
        #expect(snapshot.get(UInt32.self) == Self.noise)
        #expect(snapshot.get(UInt32.self) == [], "behind the end")
        #expect(SnapshotReader(path: "\(folder.path)/a.snapshot", layout: 8) == nil)
        #expect(SnapshotReader(path: "\(folder.path)/b.snapshot", layout: 7) == nil)
        // Asked for as something else, a section is empty.
        var other = try #require(SnapshotReader(path: "\(folder.path)/a.snapshot", layout: 7))
        #expect(other.get(UInt32.self) == [])
    }

    @Test("are refused whole when a bit is flipped or the end is missing")
    func damaged() throws {
        let folder = TemporaryFolder()
        try Self.write("\(folder.path)/a.snapshot")
        let whole = folder.bytes("a.snapshot")
        var random = Random(Seed(5))
        for offset in Array(0..<64) + (0..<100).map({ _ in random.below(whole.count) }) + Array(whole.count - 8..<whole.count - 4) {
            var bytes = whole
            bytes[offset] ^= 1 << UInt8(random.below(8))
            try folder.write(bytes, to: "b.snapshot")
            #expect(SnapshotReader(path: "\(folder.path)/b.snapshot", layout: 7) == nil, "a flip at \(offset)")
        }
        for count in [0, 8, 31, 32, whole.count - 1, whole.count - 9] {
            try folder.write(Array(whole.prefix(count)), to: "b.snapshot")
            #expect(SnapshotReader(path: "\(folder.path)/b.snapshot", layout: 7) == nil, "the first \(count) bytes")
        }
    }
}
