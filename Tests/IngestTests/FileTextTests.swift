import Ingest
import TestSupport
import Testing
import Vocabulary

@Suite("The text of a file")
struct FileTextTests {
    private static let text = "userId,name\nada,Zoë ☕😀\u{10ffff}\n"
    /// What comes out of a file in pieces of a size; nil where it is refused.
    private static func read(_ bytes: [UInt8], piece: Int) -> [UInt8]? {
        var reader = FileText()
        var out: [UInt8] = []
        do throws(Refusal) {
            for start in stride(from: 0, to: bytes.count, by: piece) { out += try reader.take(Array(bytes[start..<min(start + piece, bytes.count)])) }
            return out + (try reader.finish())
        } catch { return nil }
    }

    private static func wide(_ text: String, isBig: Bool) -> [UInt8] { text.utf16.flatMap { isBig ? [UInt8($0 >> 8), UInt8($0 & 0xff)] : [UInt8($0 & 0xff), UInt8($0 >> 8)] } }

    @Test("UTF-8 passes as it is, UTF-16 with its mark becomes UTF-8, in whatever pieces", arguments: [1, 2, 3, 4, 5, 7, 1000])
    func pieces(piece: Int) {
        let utf8 = Array(Self.text.utf8)
        #expect(Self.read(utf8, piece: piece) == utf8)
        #expect(Self.read([0xef, 0xbb, 0xbf] + utf8, piece: piece) == [0xef, 0xbb, 0xbf] + utf8)
        #expect(Self.read([0xff, 0xfe] + Self.wide(Self.text, isBig: false), piece: piece) == utf8)
        #expect(Self.read([0xfe, 0xff] + Self.wide(Self.text, isBig: true), piece: piece) == utf8)
        for short in [[], [0x61], [0x61, 0x2c], [0xff], [0, 0, 0, 0]] as [[UInt8]] { #expect(Self.read(short, piece: piece) == short) }
    }

    @Test("UTF-16 without a mark, UTF-32, half a unit and half a pair are refused", arguments: [1, 2, 3, 1000])
    func refused(piece: Int) {
        for isBig in [false, true] { #expect(Self.read(Self.wide(Self.text, isBig: isBig), piece: piece) == nil) }
        for bytes in [[0xff, 0xfe, 0, 0, 0x61, 0, 0, 0], [0, 0, 0xfe, 0xff, 0, 0, 0, 0x61], [0xff, 0xfe, 0x61], [0xff, 0xfe, 0x3d, 0xd8], [0xff, 0xfe, 0x3d, 0xd8, 0x61, 0], [0xfe, 0xff, 0xdc, 0, 0, 0x61]] as [[UInt8]] {
            #expect(Self.read(bytes, piece: piece) == nil, "\(bytes)")
        }
    }

    @Test("the first line that is not UTF-8 is found, in whatever pieces", arguments: [1, 2, 3, 5, 1000])
    func wrongLine(piece: Int) {
        func line(_ bytes: [UInt8]) -> Int? {
            var check = UTF8Check()
            for start in stride(from: 0, to: bytes.count, by: piece) { check.take(Array(bytes[start..<min(start + piece, bytes.count)])) }
            check.finish()
            return check.wrongLine
        }
        let good = Array(Self.text.utf8)
        #expect(line(good + good) == nil && line([]) == nil)
        #expect(line(good + [0xe9] + good) == 3)
        #expect(line([0xe9, 0x0a]) == 1)
        #expect(line(good + [0xf0, 0x9f]) == 3, "cut off in the middle of a character")
        #expect(line(good + [0x80]) == 3)
    }

    @Test("a CSV's line ends are those of its header", arguments: [1, 2, 3, 1000])
    func lineEnds(piece: Int) {
        func rows(_ text: String) -> [String] {
            var reader = CSVReader(mapping: nil)
            let bytes = Array(text.utf8)
            var out: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: piece) { out += reader.convert(Array(bytes[start..<min(start + piece, bytes.count)])) }
            out += reader.finish()
            return String(decoding: out, as: UTF8.self).split(separator: "\n").map { String($0.split(separator: "\"userId\":")[1]) }
        }
        for end in ["\r", "\n", "\r\n"] {
            #expect(rows("userId,n\(end)ada,1\(end)bea,2\(end)") == rows("userId,n\nada,1\nbea,2"))
            #expect(rows("userId\(end)ada\(end)\(end)bea") == rows("userId\nada\nbea"))
            #expect(rows("userId,\"n\"\(end)ada,\"1\"\(end)") == rows("userId,n\nada,1"))
        }
        #expect(rows("userId,n\nada,a\rb\n") == rows("userId,n\nada,ab\n"), "a stray one ends nothing")
    }
}
