import Packing
import TestSupport
import Testing

@Suite("Packed arrays")
struct PackedArrayTests {
    private static func values<Value: FixedWidthInteger>(_ random: inout Random, _ count: Int, as type: Value.Type) -> [Value] {
        let few = 1 + random.below(5)
        return switch random.below(4) {
        case 0: (0..<count).map { _ in Value(truncatingIfNeeded: random.next()) }
        case 1: (0..<count).map { _ in Value(truncatingIfNeeded: random.below(few)) }
        case 2: (0..<count).map { Value(truncatingIfNeeded: $0 * 3) }
        default: [Value](repeating: .max, count: count)
        }
    }

    private static func comesBack<Value: FixedWidthInteger & BitwiseCopyable>(_ random: inout Random, as type: Value.Type) -> Bool {
        let values = values(&random, random.below(random.chance(20) ? 100_000 : 200), as: type)
        let packed = PackedArray(values)
        let again = PackedArray(bytes: packed.bytes, isPlain: packed.isPlain, count: packed.count, stride: packed.stride)
        return packed.unpacked(type) == values && again?.unpacked(type) == values && packed.bytes.count <= values.count * MemoryLayout<Value>.stride
    }

    @Test("come back as they were, of any width and kind, and never take more room", arguments: Seed.some(10))
    func roundTrip(seed: Seed) {
        var random = Random(seed)
        for _ in 0..<40 {
            #expect(Self.comesBack(&random, as: UInt8.self))
            #expect(Self.comesBack(&random, as: Int16.self))
            #expect(Self.comesBack(&random, as: UInt32.self))
            #expect(Self.comesBack(&random, as: Int64.self))
        }
    }

    @Test("are refused where their numbers do not fit: another width, another count, bytes cut or changed in length")
    func misfits() throws {
        let packed = PackedArray((0..<5000).map { UInt32($0 / 7) })
        #expect(!packed.isPlain && packed.bytes.count < 5000)
        #expect(packed.unpacked(UInt16.self) == nil)
        for count in [4999, 5001, 1 << 20] {
            #expect(PackedArray(bytes: packed.bytes, isPlain: false, count: count, stride: 4)?.unpacked(UInt32.self) == nil)
        }
        #expect(PackedArray(bytes: packed.bytes.dropLast(3), isPlain: false, count: 5000, stride: 4)?.unpacked(UInt32.self) == nil)
        #expect(PackedArray(bytes: packed.bytes, isPlain: true, count: 5000, stride: 4) == nil)
        #expect(PackedArray(bytes: [], isPlain: true, count: -1, stride: 4) == nil)
        #expect(PackedArray(bytes: [], isPlain: false, count: .max, stride: 8) == nil)
        #expect(PackedArray([UInt64]()).unpacked(UInt64.self) == [])
    }
}
