import CZlib
import CZstd
import Ingest
import TestSupport
import Testing
import Vocabulary

@Suite("Undoing compression")
struct InflaterTests {
    enum Packer: CaseIterable {
        case gzip, zstd

        var coding: Inflater.Coding { self == .gzip ? .gzip : .zstd }

        func pack(_ bytes: [UInt8]) -> [UInt8] {
            switch self {
            case .zstd:
                var out = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
                let size = unsafe ZSTD_compress(&out, out.count, bytes, bytes.count, 3)
                return Array(out[..<size])
            case .gzip:
                var stream = z_stream()
                guard unsafe deflateInit2_(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return [] }
                defer { unsafe deflateEnd(&stream) }
                var input = bytes
                var out = [UInt8](repeating: 0, count: Int(unsafe deflateBound(&stream, UInt(bytes.count))) + 64)
                let (count, room) = (bytes.count, out.count)
                let left = unsafe input.withUnsafeMutableBufferPointer { source in
                    unsafe out.withUnsafeMutableBufferPointer { target -> Int in
                        unsafe stream.next_in = source.baseAddress
                        stream.avail_in = UInt32(count)
                        unsafe stream.next_out = target.baseAddress
                        stream.avail_out = UInt32(room)
                        _ = unsafe deflate(&stream, Z_FINISH)
                        return Int(stream.avail_out)
                    }
                }
                return Array(out[..<(room - left)])
            }
        }
    }

    private static let maximum = 1 << 20

    /// The code of the refusal, or the bytes that came out.
    private static func inflate(_ bytes: [UInt8], _ coding: Inflater.Coding, maximum: Int = maximum) -> Result<[UInt8], Refusal> {
        do throws(Refusal) { return .success(try Inflater.inflate(bytes, coding, maximum: maximum)) } catch { return .failure(error) }
    }

    private static func text(_ count: Int) -> [UInt8] {
        var random = Random(Seed(UInt64(count)))
        return (0..<count).map { _ in UInt8(0x61 + random.below(26)) }
    }

    @Test("what was packed comes out, at every size around the buffer's", arguments: Packer.allCases)
    func roundTrip(packer: Packer) {
        for size in [0, 1, 100, 65_535, 65_536, 65_537, 131_071, 131_072, 131_073, 196_608, 262_144, 700_001, maximumSize] {
            for content in [Self.text(size), [UInt8](repeating: 0x61, count: size)] {
                #expect(Self.inflate(packer.pack(content), packer.coding) == .success(content), "\(size) bytes")
            }
        }
    }
    private var maximumSize: Int { Self.maximum }

    @Test("one byte too many is refused, and a bomb is refused before it has gone off", arguments: Packer.allCases)
    func bombs(packer: Packer) throws {
        for size in [Self.maximum + 1, 64 << 20] {
            let packed = packer.pack([UInt8](repeating: 0x20, count: size))
            #expect(throws: Refusal.self) { try Self.inflate(packed, packer.coding).get() }
            #expect(Self.inflate(packed, packer.coding).code == "body.too-large")
        }
        // Several harmless parts make a bomb together.
        let part = packer.pack([UInt8](repeating: 0x20, count: Self.maximum / 2))
        #expect(Self.inflate(part + part, packer.coding).code == nil)
        #expect(Self.inflate(part + part + part, packer.coding).code == "body.too-large")
    }

    @Test("cut anywhere, it is refused", arguments: Packer.allCases)
    func truncated(packer: Packer) {
        let packed = packer.pack(Self.text(3000))
        for count in 0..<packed.count {
            #expect(Self.inflate(Array(packed[..<count]), packer.coding).code == "body.compression", "\(count) of \(packed.count) bytes")
        }
    }

    @Test("a stream gives all that is in it, in pieces of any size, and knows where it was cut off", arguments: Packer.allCases, [1, 7, 4096, 1 << 20])
    func streams(packer: Packer, piece: Int) throws {
        // Zeros pack so well that one piece gives many chunks.
        for content in [Self.text(20_000), [UInt8](repeating: 0x61, count: 2_000_000), [UInt8](repeating: 0x61, count: 1 << 18)] {
            let packed = packer.pack(content) + packer.pack(Array("tea".utf8))
            let ends = [packed.count, packer.pack(content).count]
            for count in Set([0, 1, packed.count / 3, packed.count - 1, packed.count] + ends) {
                let stream = StreamInflater(packer.coding)
                var out: [UInt8] = []
                for start in stride(from: 0, to: count, by: piece) {
                    stream.take(Array(packed[start..<min(start + piece, count)]))
                    while let step = try stream.next() {
                        #expect(!step.isEmpty && step.count <= StreamInflater.stepBytes)
                        out += step
                    }
                }
                #expect(out.elementsEqual((content + Array("tea".utf8)).prefix(out.count)))
                if count == 0 || ends.contains(count) {
                    try stream.finish()
                    #expect(out.count == (count == 0 ? 0 : count == packed.count ? content.count + 3 : content.count))
                } else {
                    #expect(throws: Refusal.self) { try stream.finish() }
                }
            }
        }
    }

    @Test("a stream that asks for a window of 128 MiB is refused, whatever it holds")
    func streamWindow() throws {
        for (log, isFair) in [(17, false), (13, true)] as [(UInt8, Bool)] {
            let stream = StreamInflater(.zstd)
            stream.take([0x28, 0xb5, 0x2f, 0xfd, 0x00, log << 3, 0x01, 0x00, 0x00])
            if isFair { #expect(try stream.next() == nil) } else { #expect(throws: Refusal.self) { try stream.next() } }
        }
    }

    @Test("several members are one body; anything else behind the end is refused", arguments: Packer.allCases)
    func members(packer: Packer) {
        let (a, b) = (Self.text(100), Self.text(70_000))
        #expect(Self.inflate(packer.pack(a) + packer.pack(b) + packer.pack(a), packer.coding) == .success(a + b + a))
        for trailer in [[0], [0, 0, 0, 0], Array("{}".utf8), [0x1f], [0x1f, 0x8b], [0x28, 0xb5]] as [[UInt8]] {
            #expect(Self.inflate(packer.pack(a) + trailer, packer.coding).code == "body.compression", "\(trailer)")
        }
    }

    @Test("any bit flipped gives the same bytes or a refusal, never a crash", arguments: Packer.allCases, Seed.some(2))
    func flips(packer: Packer, seed: Seed) {
        var random = Random(seed)
        let content = Self.text(5000)
        let packed = packer.pack(content)
        for _ in 0..<300 {
            var bytes = packed
            bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
            let result = Self.inflate(bytes, packer.coding)
            // gzip's checksum sees every flip in the data; this zstd frame has none, so there a flip may pass as other text of the same length.
            if packer == .gzip, case .success(let out) = result { #expect(out == content) }
        }
    }

    @Test("a frame that asks for a window of 128 MiB is refused")
    func window() {
        // Magic, a descriptor without single segment or checksum, a window of 2^27 bytes, and an empty last block.
        let frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 17 << 3, 0x01, 0x00, 0x00]
        #expect(Self.inflate(frame, .zstd).code == "body.compression")
        // RFC 9659: 8 MiB is what everyone must be able to take.
        let fair: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 13 << 3, 0x01, 0x00, 0x00]
        #expect(Self.inflate(fair, .zstd) == .success([]))
    }

    @Test("codings are known by name, in any case")
    func names() {
        #expect(Inflater.coding(named: nil) == .identity)
        #expect(Inflater.coding(named: " GZip ") == .gzip)
        #expect(Inflater.coding(named: "x-gzip") == .gzip)
        #expect(Inflater.coding(named: "zstd") == .zstd)
        #expect(Inflater.coding(named: "br") == nil)
        #expect(Inflater.coding(named: "gzip, gzip") == nil)
    }
}

extension Result where Failure == Refusal {
    fileprivate var code: String? { if case .failure(let refusal) = self { refusal.explanation.code } else { nil } }
}
