import CZstd
import EventLog
import Foundation
import Storage
import TestSupport
import Testing
import Vocabulary

@Suite("Sealed segments of both formats")
struct SealedFormatTests {
    private static let device = "3083448e-a03c-427b-b636-0ca7997f052c"
    private static let deviceBytes = Data([0x30, 0x83, 0x44, 0x8e, 0xa0, 0x3c, 0x42, 0x7b, 0xb6, 0x36, 0x0c, 0xa7, 0x99, 0x7f, 0x05, 0x2c])

    private static func event(_ random: inout Random, _ number: Int, device: String? = nil) -> String {
        let other = UUID(uuid: withUnsafeBytes(of: (random.next(), random.next())) { unsafe $0.load(as: uuid_t.self) }).uuidString.lowercased()
        let event = random.event(number, padding: 300)
        return "{\"anonymousId\":\"\(device ?? other)\"," + event.dropFirst()
    }

    /// A log with a sealed segment in which each 31st event is of one device.
    private static func written(in folder: TemporaryFolder, seed: Seed = Seed(1)) throws -> EventLog {
        var random = Random(seed)
        let log = try EventLog(folder: folder.path)
        var number = 0
        while folder.files.filter({ $0.hasSuffix(".sealed") }).isEmpty {
            try log.write((number..<number + 100).map { event(&random, $0, device: $0 % 31 == 0 ? device : nil) })
            number += 100
            log.finishSealing()
        }
        return log
    }

    @Test("an erased device's UUID is in no file, spelled or as its 16 bytes")
    func uuidIsErased() throws {
        let folder = TemporaryFolder()
        let log = try Self.written(in: folder)
        let sealed = try #require(folder.files.first { $0.hasSuffix(".sealed") })
        #expect(Data(folder.bytes(sealed)).range(of: Self.deviceBytes) != nil, "a sealed segment keeps UUIDs as bytes")
        let before = log.contents()
        let hers = before.keys.filter { $0 % 31 == 0 }.sorted()
        #expect(try log.erase(ErasureSubject(identifiers: [], positions: hers)) == hers.count)
        for name in folder.files {
            #expect(Data(folder.bytes(name)).range(of: Self.deviceBytes) == nil, "\(name)")
            #expect(Data(folder.bytes(name)).range(of: Data(Self.device.utf8)) == nil, "\(name)")
        }
        let after = log.contents()
        for (position, bytes) in before where position % 31 != 0 { #expect(after[position] == bytes) }
        log.close()
    }

    /// Writes the records of a sealed segment as the first format had them, without a dictionary.
    private static func firstFormat(_ records: [[UInt8]]) -> [UInt8] {
        func little(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { unsafe Array($0) } }
        func crc(_ bytes: [UInt8]) -> [UInt8] {
            var crc: UInt32 = 0xffff_ffff
            for byte in bytes {
                crc ^= UInt32(byte)
                for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82f6_3b78 : crc >> 1 }
            }
            return little(~crc)
        }
        var blocks: [UInt8] = []
        var index: [UInt8] = []
        var count = 0
        while count < records.count {
            index += little(UInt32(64 + blocks.count)) + little(UInt32(count))
            var framed: [UInt8] = []
            for record in records[count...].prefix(12) {
                framed += record.count < 128 ? [UInt8(record.count)] : [UInt8(record.count & 127) | 128, UInt8(record.count >> 7)]
                framed += record
                count += 1
            }
            var packed = [UInt8](repeating: 0, count: ZSTD_compressBound(framed.count))
            packed.removeLast(packed.count - (unsafe ZSTD_compress(&packed, packed.count, framed, framed.count, 3)))
            let body = little(UInt32(packed.count)) + little(UInt32(framed.count)) + packed
            blocks += crc(body) + body
        }
        index += little(UInt32(64 + blocks.count)) + little(UInt32(count))
        var header = Array("MRTSEAL1".utf8) + little(UInt64(0)) + little(UInt32(records.count)) + little(UInt32(index.count / 8 - 1)) + little(UInt32(0))
        header += little(UInt64(64 + blocks.count)) + crc([]) + crc(index)
        header += crc(header)
        header += [UInt8](repeating: 0, count: 64 - header.count)
        return header + blocks + index + header
    }

    @Test("a segment of the first format is read, found damaged and erased from as it is")
    func firstFormat() throws {
        let folder = TemporaryFolder()
        let written = try Self.written(in: folder)
        let sealed = try #require(folder.files.first { $0.hasSuffix(".sealed") })
        let before = written.contents()
        written.close()
        let second = try #require(folder.files.last { $0.hasSuffix(".open") }.flatMap { LogPosition($0.split(separator: ".")[0], radix: 16) })
        try folder.write(Self.firstFormat((0..<second).map { before[$0] ?? [] }), to: sealed)
        var log = try EventLog(folder: folder.path)
        #expect(log.recovery.isClean)
        #expect(log.contents() == before)
        #expect(try log.read(17)?.bytes.elementsEqual(before[17]!) == true)
        let hers = (0..<second).filter { $0 % 31 == 0 }
        #expect(try log.erase(ErasureSubject(identifiers: [], positions: hers)) == hers.count)
        log.close()
        log = try EventLog(folder: folder.path)
        #expect(log.recovery.isClean)
        for (position, bytes) in log.contents() {
            if position % 31 == 0, position < second { #expect(EventView(bytes[...])?.isErased == true) } else { #expect(bytes == before[position]) }
        }
        log.close()
        // The index gone, the blocks say it all.
        var bytes = folder.bytes(sealed)
        bytes[bytes.count - 70] ^= 1
        try folder.write(bytes, to: sealed)
        log = try EventLog(folder: folder.path)
        #expect(log.contents().count == before.count)
        log.close()
    }
}
