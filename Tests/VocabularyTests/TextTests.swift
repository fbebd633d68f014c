import Foundation
import TestSupport
import Testing
import Vocabulary

@Suite("JSON as text")
struct TextTests {
    private func json(_ text: String) throws -> JSONText { try #require(JSONText(validating: Array(text.utf8)), "\(text)") }

    @Test("numbers keep their digits, and are read only where nothing is rounded")
    func numbers() throws {
        for digits in ["9223372036854775807", "-9223372036854775808", "0", "-1"] { #expect(try json(digits).integer == Int64(digits)) }
        for digits in ["9223372036854775808", "1.0", "1e3", "0.1", "\"1\"", "null", "[1]"] { #expect(try json(digits).integer == nil) }
        #expect(try json("{\"a\": 0.10}")["a"]?.text == "0.10")
        #expect(try json("true").boolean == true)
        #expect(try json("false").boolean == false)
        #expect(try json("\"true\"").boolean == nil)
    }

    @Test("of a repeated key both are members, and the last one counts")
    func repeatedKeys() throws {
        let text = try json(#"{"a":1,"b":2,"a":3,"\u0061":4}"#)
        #expect(text["a"]?.text == "4")
        #expect(text.members.map(\.key) == ["a", "b", "a", "a"])
        #expect(text.members.map(\.value.text) == ["1", "2", "3", "4"])
        #expect(text["c"] == nil)
        #expect(try json("[1]")["a"] == nil)
        #expect(try json("[ 1 , [2] ,{}]").elements.map(\.text) == ["1", "[2]", "{}"])
        #expect(try json("[ ]").elements.isEmpty)
        #expect(try json("{}").members.isEmpty)
    }

    @Test("a half surrogate is no text")
    func halfSurrogates() {
        #expect(JSONText(validating: Array(#""\ud800""#.utf8)) == nil)
        #expect(JSONText(validating: Array("1 2".utf8)) == nil)
        #expect(JSONText(validating: [0x22, 0xff, 0x22]) == nil)
    }

    @Test("what the writer writes, Foundation reads as what was meant", arguments: Seed.some(3))
    func writerAgainstFoundation(seed: Seed) throws {
        var random = Random(seed)
        for _ in 0..<400 {
            let texts = (0..<5).map { _ in random.text() }
            let number = Int64(bitPattern: random.next())
            let double = Double(bitPattern: random.next())
            var w = JSONWriter()
            w.array { w in
                for text in texts { w.string(text) }
                w.object { w in
                    w.member(texts[0] + "k", texts[1])
                    w.member("n", number)
                    w.key("d")
                    w.number(double)
                    w.member("none", nil as String?)
                    w.member("yes", true)
                    w.key("empty")
                    w.array { _ in }
                    w.key("raw")
                    w.raw(Array("[1,{}]".utf8))
                }
                w.null()
            }
            let array = try #require(try JSONSerialization.jsonObject(with: Data(w.bytes)) as? [Any])
            #expect(array.count == 7)
            #expect((0..<5).allSatisfy { array[$0] as? String == texts[$0] })
            let object = try #require(array[5] as? [String: Any])
            #expect(object[texts[0] + "k"] as? String == texts[1])
            // Foundation on Linux rounds some numbers that it reads, so the text itself is looked at.
            #expect(w.text.elements[5]["n"]?.integer == number && object["n"] != nil)
            let written = w.text.elements[5]["d"]?.text ?? ""
            #expect(double.isFinite ? Double(written) == double && object["d"] is Double : written == "null")
            #expect(object["none"] is NSNull && object["yes"] as? Bool == true)
            #expect((object["empty"] as? [Any])?.isEmpty == true)
            let back = try #require(JSONText(validating: w.bytes)).elements.prefix(5).map { $0.string ?? "" }
            #expect(back == texts)
        }
    }

    @Test("an answer is harmless wherever it is pasted")
    func escaping() {
        var w = JSONWriter()
        w.string("</script><!-- & \u{0}\u{1f}\"\\\n\r\t/")
        #expect(w.text.text == #""\u003c/script\u003e\u003c!-- \u0026 \u0000\u001f\"\\\n\r\t/""#)
        #expect(w.text.string == "</script><!-- & \u{0}\u{1f}\"\\\n\r\t/")
    }

    @Test("personal values print as dots, however they are printed")
    func personal() {
        struct Letter { let to: Personal<String> }
        let address = Personal("ada@example.com")
        var dumped = ""
        dump(Letter(to: address), to: &dumped)
        for text in ["\(address)", String(describing: address), String(reflecting: address), "\(Letter(to: address))", "\([address])", "\(address as Personal<String>?)", dumped] {
            #expect(!text.contains("ada"), "\(text)")
        }
        #expect("\(address)" == "•••")
        #expect(address.revealed == "ada@example.com")
    }
}
