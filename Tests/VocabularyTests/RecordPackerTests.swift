import Foundation
import TestSupport
import Testing
import Vocabulary

@Suite("Records in two streams")
struct RecordPackerTests {
    private static func unpacked(_ packer: RecordPacker, byteCount: Int? = nil, limit: Int = .max) -> [[UInt8]]? {
        packer.text.withUnsafeBytes { text in
            packer.apart.withUnsafeBytes { apart in
                unsafe Records(text: text, apart: apart, byteCount: byteCount ?? packer.byteCount, limit: limit).map { records in (0..<records.count).map { Array(records[$0]) } }
            }
        }
    }

    private static func packed(_ records: [[UInt8]]) -> RecordPacker {
        var packer = RecordPacker()
        for record in records { packer.append(record[...]) }
        return packer
    }

    /// A record as the decoder makes it.
    private static func record(_ json: String) throws -> [UInt8] {
        var body = Array(json.utf8)
        let call = try EventDecoder.decode(&body, as: .single(.track), in: CallContext(receivedAt: DecoderTests.receivedAt)) { _ in "new" }
        let entry = try #require(call.batch.entries.first)
        return Array(call.batch.bytes[Int(entry.start)..<Int(entry.start + entry.count)])
    }

    private static func uuid(_ random: inout Random) -> String {
        let plain = UUID(uuid: withUnsafeBytes(of: (random.next(), random.next())) { unsafe $0.load(as: uuid_t.self) }).uuidString
        return random.chance(90) ? plain.lowercased() : plain
    }

    /// Something that is laid out as records are, with all that a sender, an older version or a damaged disk may make of it.
    private static func record(_ random: inout Random, _ people: [String]) -> [UInt8] {
        var bytes: [UInt8] = [1, UInt8(random.below(6)), UInt8(random.below(4)), 0]
        func put(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) } }
        put(UInt32(random.chance(80) ? 7 : random.below(1 << 30)))
        put(random.chance(80) ? 1_790_000_000_000 : Int64(bitPattern: random.next()))
        put(random.chance(90) ? 1_790_000_000_000 - Int64(random.below(1 << 20)) : Int64(bitPattern: random.next()))
        func field(_ id: UInt8, _ value: [UInt8]) {
            bytes.append(id)
            var rest = value.count
            while rest >= 0x80 {
                bytes.append(UInt8(rest & 0x7f) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
            bytes += value
        }
        field(1, Array(uuid(&random).utf8))
        if random.chance(60) { field(2, Array((random.chance(50) ? people[random.below(people.count)] : "ada-\(random.below(9))").utf8)) }
        if random.chance(60) { field(3, Array(people[random.below(people.count)].utf8)) }
        if random.chance(70) { field(18, Array(#"{"tea":"\#(people[0])","n":\#(random.below(1000))}"#.utf8)) }
        switch random.below(40) {
        case 0: bytes.removeLast(random.below(bytes.count))
        case 1: bytes.append(contentsOf: (0..<1 + random.below(5)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        case 2: bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
        case 3: bytes = (0..<1 + random.below(60)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        // A count written longer than it need be.
        case 4: bytes = Array(bytes[..<24]) + [3, 0xa4, 0x00] + Array(people[0].utf8)
        case 5: bytes = Array(EventRecord.erased(type: .track, receivedAt: Timestamp(clamping: Int64(random.below(1 << 40)))))
        default: break
        }
        return bytes
    }

    @Test("come back byte for byte, whatever they are", arguments: Seed.some(20))
    func roundTrip(seed: Seed) {
        var random = Random(seed)
        for _ in 0..<50 {
            let people = (0..<3).map { _ in Self.uuid(&random) }
            let records = (0..<random.below(200)).map { _ in Self.record(&random, people) }
            var packer = Self.packed(records)
            #expect(Self.unpacked(packer) == records)
            for limit in [1, records.count / 2, records.count, records.count + 1] { #expect(Self.unpacked(packer, limit: limit) == Array(records.prefix(limit))) }
            #expect(packer.byteCount == records.reduce(0) { $0 + $1.count })
            // The same memory again.
            packer.removeAll()
            #expect(packer.isEmpty)
            for record in records.prefix(3) { packer.append(record[...]) }
            #expect(Self.unpacked(packer) == Array(records.prefix(3)))
        }
    }

    @Test("a UUID takes 16 bytes the first time and one the next, in its usual spelling only")
    func uuids() throws {
        let device = "3083448e-a03c-427b-b636-0ca7997f052c"
        let one = try Self.record(#"{"type":"track","messageId":"m1","anonymousId":"\#(device)","event":"Tea Tasted"}"#)
        let first = Self.packed([one])
        #expect(!String(decoding: first.text, as: UTF8.self).contains("3083448e"))
        let again = Self.packed([one, one])
        // Beside the UUID: a difference of timestamps.
        #expect(again.apart.count == first.apart.count + 2)
        for other in [device.uppercased(), device.replacingOccurrences(of: "-", with: "+"), device + "0", "g" + device.dropFirst()] {
            let packer = Self.packed([try Self.record(#"{"type":"track","messageId":"m1","anonymousId":"\#(other)","event":"Tea Tasted"}"#)])
            #expect(String(decoding: packer.text, as: UTF8.self).contains(other))
        }
    }

    @Test("streams that were changed, cut or made up give other records or none, and never trap", arguments: Seed.some(20))
    func damaged(seed: Seed) throws {
        var random = Random(seed)
        let people = (0..<3).map { _ in Self.uuid(&random) }
        for _ in 0..<200 {
            let packer = Self.packed((0..<1 + random.below(12)).map { _ in Self.record(&random, people) })
            var text = packer.text
            var apart = packer.apart
            for _ in 0..<1 + random.below(4) {
                switch random.below(5) {
                case 0: text[random.below(text.count)] = UInt8(truncatingIfNeeded: random.next())
                case 1: if !apart.isEmpty { apart[random.below(apart.count)] = UInt8(truncatingIfNeeded: random.next()) }
                case 2: text.removeLast(random.below(text.count))
                case 3: apart.removeLast(random.below(apart.count + 1))
                default: text += (0..<random.below(30)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                }
                if text.isEmpty { text = [255] }
            }
            for byteCount in [packer.byteCount, 0, packer.byteCount + random.below(100)] {
                let records = text.withUnsafeBytes { text in apart.withUnsafeBytes { unsafe Records(text: text, apart: $0, byteCount: byteCount) } }
                if let records { #expect(records.bytes.count == byteCount) }
            }
        }
    }
}
