import Foundation
import TestSupport
import Testing
import Vocabulary

@Suite("The JSON scanner")
struct ScannerTests {
    static func accepts(_ bytes: [UInt8]) -> Bool {
        guard UTF8Check.firstFault(in: bytes.span) == nil else { return false }
        var scanner = JSONScanner()
        guard (try? scanner.value(bytes.span)) != nil else { return false }
        scanner.skipBlanks(bytes.span)
        return scanner.index == bytes.count
    }

    static let good = [
        "0", "-0", "1", "-1", "10", "0.0", "0.10", "-0.5", "1e1", "1E+1", "1e-1", "1.5e300", "1e999", "123456789012345678901234567890",
        "true", "false", "null", "\"\"", "\"a\"", "[]", "{}", "[[]]", "[1,2]", "{\"a\":1}", "{\"a\":1,\"a\":2}", "{\"\":{}}",
        " 1", "1 ", "\t\r\n 1 \t\r\n", "[ ]", "{ }", "[ 1 , 2 ]", "{ \"a\" : 1 }",
        #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\u00e9""#, #""\uD83E\uDED6""#, #""\ud800""#, #""\udc00\ud800""#, #""\uD800\u0041""#,
        "\"\u{20}\"", "\"\u{7f}\"", "\"\u{80}\"", "\"é茶🫖\"", "\"\u{2028}\u{feff}\"", "\"01234567890123456789\"",
    ]
    static let bad = [
        "", " ", "+1", "01", "-01", "00", "-", "1.", ".5", "1.e1", "1e", "1e+", "1e1.5", "0x1", "1_000", "1a", "--1", "1 2", "Infinity", "NaN", "-Infinity",
        "True", "nul", "nulll", "truefalse", "tru", "'a'", "a", "\"", "\"a", "a\"", "\"a\"b", #""\x41""#, #""\u12""#, #""\u12g4""#, #""\U0041""#, #""\'""#, #""\0""#, #""\"#,
        "\"\u{0}\"", "\"\u{1f}\"", "\"\t\"", "\"\n\"", "\"0123456\u{1}89\"", "\"01234567\u{9}9\"",
        "[", "]", "[1", "[1,", "[,1]", "[1,]", "[1 2]", "[1,,2]", "[)", "{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{a:1}",
        "{\"a\" 1}", "{\"a\":}", "{1:1}", "{\"a\":1 \"b\":2}", "{null:1}", "{\"a\"::1}", "[1}", "{\"a\":1]",
        "// tea\n1", "/* tea */ 1", "1 // tea", "\u{b}1", "\u{c}1", "\u{a0}1", "\u{2028}1", "1\u{0}", "\u{feff}1", "[1]x", "{}{}", "#",
    ]

    @Test("takes what RFC 8259 takes", arguments: good)
    func takes(text: String) { #expect(Self.accepts(Array(text.utf8))) }

    @Test("refuses what RFC 8259 refuses", arguments: bad)
    func refuses(text: String) { #expect(!Self.accepts(Array(text.utf8))) }

    @Test("takes each ASCII character in a text, but for quotes, backslashes and controls, at every distance from the word's edge")
    func characters() {
        for byte in UInt8(0)...0x7f {
            for padding in 0..<17 {
                let bytes: [UInt8] = [0x22] + [UInt8](repeating: 0x61, count: padding) + [byte, 0x78, 0x79, 0x22]
                #expect(Self.accepts(bytes) == (byte >= 0x20 && byte != 0x22 && byte != 0x5c), "\(byte) behind \(padding)")
            }
        }
    }

    @Test("nests to 200 levels and no further, whichever brackets")
    func depth() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            func nested(_ levels: Int) -> [UInt8] {
                Array((String(repeating: open, count: levels) + (open == "[" ? "" : "1") + String(repeating: close, count: levels)).utf8)
            }
            #expect(Self.accepts(nested(200)))
            #expect(!Self.accepts(nested(201)))
            var scanner = JSONScanner()
            #expect(throws: JSONError.self) { try scanner.value(nested(100_000).span) }
            scanner = JSONScanner()
            do throws(JSONError) { _ = try scanner.value(nested(201).span) } catch { #expect(error.kind == .tooDeep) }
        }
    }

    @Test("says where a text stops being JSON", arguments: [("{\"a\":tru}", 5), ("[1,2", 4), ("\"a\nb\"", 2), ("{\"a\":1,]", 7), ("-x", 1)])
    func offsets(text: String, offset: Int) {
        var scanner = JSONScanner()
        do throws(JSONError) {
            _ = try scanner.value(Array(text.utf8).span)
            Issue.record("taken: \(text)")
        } catch {
            #expect(error.kind == .notJSON)
            #expect(error.offset == offset)
        }
    }

    @Test("names the half surrogates, and no others")
    func surrogates() throws {
        var scanner = JSONScanner()
        let text = Array(#"["\ud83e\uded6","\ud800x","\udc00","\ud800\ud800\udc00","\\ud800","é\ud9ff"]"#.utf8)
        _ = try scanner.value(text.span)
        let found = scanner.loneSurrogates.map { String(decoding: text[$0..<$0 + 6], as: UTF8.self) }
        #expect(found == [#"\ud800"#, #"\udc00"#, #"\ud800"#, #"\ud9ff"#])
    }

    /// What Foundation and we are known to judge differently: it takes commas behind the last item and byte-order marks, and refuses numbers
    /// that no Double holds and half surrogates.
    private static func isKnownDifference(_ bytes: [UInt8], weAccept: Bool) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        if weAccept {
            var scanner = JSONScanner()
            _ = try? scanner.value(bytes.span)
            return !scanner.loneSurrogates.isEmpty || text.contains(/[0-9][eE]\+?[0-9]{3}/) || text.contains(/[0-9]{100}/) || text.contains(/\\u0000/)
        }
        return text.contains(/,\s*[\]\}]/) || text.hasPrefix("\u{feff}") || bytes.starts(with: [0xfe, 0xff]) || bytes.starts(with: [0xff, 0xfe]) || bytes.contains(0)
    }

    @Test("agrees with Foundation about random texts and their mutations, but for the known differences", arguments: Seed.some(4))
    func againstFoundation(seed: Seed) {
        var random = Random(seed)
        for _ in 0..<1500 {
            var bytes = Array(random.json(depth: 4).utf8)
            for _ in 0..<random.below(3) where !bytes.isEmpty {
                let at = random.below(bytes.count)
                switch random.below(4) {
                case 0: bytes[at] = random.pick(Array("{}[],:\"\\ue0-+.1 tn\n".utf8))
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(random.pick(Array("{}[],:\"\\0-.e ".utf8)), at: at)
                default: bytes[at] ^= 1 << UInt8(random.below(8))
                }
            }
            let ours = Self.accepts(bytes)
            let theirs = (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
            if ours != theirs { #expect(Self.isKnownDifference(bytes, weAccept: ours), "\(String(decoding: bytes, as: UTF8.self)): we \(ours), they \(theirs)") }
        }
    }

    @Test("knows well-formed UTF-8 as the standard library does, for all short sequences that begin with anything")
    func utf8() {
        let second: [UInt8] = [0x00, 0x61, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff]
        for first in UInt8(0)...0xff {
            for a in second {
                for b in second {
                    for tail in [[], [0x80], [0xbf, 0x61], [0x41]] as [[UInt8]] {
                        let bytes = [first, a, b] + tail
                        let isFine = String(validating: bytes, as: UTF8.self) != nil
                        #expect((UTF8Check.firstFault(in: bytes.span) == nil) == isFine, "\(bytes)")
                    }
                }
            }
        }
    }

    @Test("finds a fault at every distance from the word's edge")
    func utf8Offsets() {
        for padding in 0..<20 {
            let bytes = [UInt8](repeating: 0x61, count: padding) + [0xc3, 0x28] + [UInt8](repeating: 0x61, count: 9)
            #expect(UTF8Check.firstFault(in: bytes.span) == padding)
        }
    }
}

extension Random {
    /// A random JSON text, sometimes with blanks, escapes and large numbers.
    mutating func json(depth: Int) -> String {
        func blank(_ random: inout Random) -> String { random.chance(15) ? random.pick([" ", "\n", "\t", "  "]) : "" }
        switch depth > 0 ? below(8) : below(6) {
        case 0: return pick(["true", "false", "null"])
        case 1: return pick(["0", "-1", "3.50", "1e5", "12345678901234567890", "0.1", "-0"])
        case 2, 3: return jsonString()
        case 4: return pick(["[]", "{}", "\"\"", "\"\\u00e9\"", "\"\\ud83e\\uded6\""])
        case 5: return "\(Int64(bitPattern: next()) >> Int64(below(63)))"
        case 6: return "[" + (0..<below(4)).map { _ in blank(&self) + json(depth: depth - 1) + blank(&self) }.joined(separator: ",") + "]"
        default: return "{" + (0..<below(4)).map { _ in blank(&self) + jsonString() + blank(&self) + ":" + json(depth: depth - 1) }.joined(separator: ",") + "}"
        }
    }

    mutating func jsonString() -> String {
        var w = JSONWriter()
        w.string(text(upTo: 8))
        return w.text.text
    }
}
