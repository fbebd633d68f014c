import Templates
import Testing
import Vocabulary

@Suite("Values as templates find them")
struct ValueTests {
    private static let now = Timestamp(clamping: 1_782_898_200_000)

    private func shown(_ source: String, _ record: Record) throws -> String {
        String(decoding: try Template(source).render(record, now: Self.now), as: UTF8.self)
    }

    @Test("every member of a record is found, however many there are, and of a name that is there twice the last", arguments: [0, 1, 2, 15, 16, 17, 18, 33, 500])
    func members(count: Int) throws {
        var state = UInt64(count + 1)
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: (state >> 33) % UInt64(bound))
        }
        // Names that begin and end alike, of every length up to two dozen.
        let names = (0..<count).map { _ in "n" + String(repeating: "aé", count: next(8)) + String(next(max(1, count * 2))) + String(repeating: "z", count: next(5)) }
        var expected: [String: Int] = [:]
        for (place, name) in names.enumerated() { expected[name] = place }
        let record = Record(names.enumerated().map { (key: $1, value: .integer($0)) })
        let json = Value(JSONText(trusted: Array(("{" + names.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ") + "}").utf8)))
        #expect(record.count == expected.count)
        for data in [Record([("o", .record(record))]), Record([("o", json)])] {
            for name in names { #expect(try shown("{{ o['\(name)'] }}", data) == String(expected[name] ?? -1)) }
            #expect(try shown("{{ o.size }}{{ o.absent }}{{ o['n'] }}", data) == String(expected.count))
        }
        for name in names { #expect(!record.isMissing([name])) }
        #expect(record.isMissing(["absent"]) && record.isMissing([]))
    }

    @Test("a record that another was made of may be gone")
    func adding() throws {
        func made() -> Record { Record([("a", .text("old")), ("b", .record(Record([("c", .list([.text("tea"), .null, .decimal(2.5)]))])))]) }
        let record = made().adding([("a", .text("new")), ("d", .boolean(true))]).adding([("e", Value(JSONText(trusted: Array(#"{"f": "\u00e9\n"}"#.utf8))))])
        #expect(try shown("{{ a }} {{ b.c | join: '-' }} {{ d }} {{ e.f }}|{{ b.c[2] }}", record) == "new tea--2.5 true é\n|2.5")
    }

    @Test("JSON that is deeper than any that is taken in is nothing, and no trap")
    func deep() throws {
        for depth in [190, 5000] {
            let text = String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
            let printed = try shown("{{ x }}{{ y }}", Record([("x", Value(JSONText(trusted: Array(text.utf8)))), ("y", .text("!"))]))
            #expect(printed == (depth == 190 ? "1!" : "!"))
        }
        for broken in ["", "{", "{\"a\"", "[1", "\"", "nul", "{\"a\":"] {
            #expect(try shown("{{ x | size }}", Record([("x", Value(JSONText(trusted: Array(broken.utf8))))])).isEmpty == false)
        }
    }

    @Test("one template may be rendered by many at once")
    func many() async throws {
        let template = try Template("{% for i in list %}{% assign x = i | append: name | upcase %}{% capture y %}{{ x }}{{ forloop.index }}{% endcapture %}{{ y | downcase }}{% endfor %}")
        let list = Value.list((0..<50).map { .text("tea \($0) ") })
        let expected = (0..<50).map { "tea \($0) ada\($0 + 1)" }.joined()
        let record = Record([("list", list), ("name", .text("Ada"))])
        await withTaskGroup(of: [UInt8]?.self) { group in
            for _ in 0..<64 { group.addTask { try? template.render(record, now: Self.now) } }
            for await bytes in group { #expect(bytes.map { String(decoding: $0, as: UTF8.self) } == expected) }
        }
    }

    @Test("a date as programs write it means what it means written out, and what is no date stays")
    func dates() throws {
        func date(_ text: String) throws -> String { try shown("{{ x | date: '%s %Y-%m-%d %H:%M:%S' }}", Record([("x", .text(text))])) }
        var state: UInt64 = 11
        func next(_ range: ClosedRange<Int>) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return range.lowerBound + Int(truncatingIfNeeded: (state >> 33) % UInt64(range.count))
        }
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        for _ in 0..<2000 {
            let (year, month, day) = (next(1800...2200), next(0...13), next(0...32))
            let time = "\(two(next(0...25))):\(two(next(0...61))):\(two(next(0...62)))"
            let plain = "\(year)-\(two(month))-\(two(day))"
            let (short, spaced) = (try date(plain), try date(plain + " "))
            #expect(short == spaced || short == plain && spaced == plain + " ", "\(plain)")
            let (instant, spelled) = (try date("\(plain)T\(time)Z"), try date("\(plain)T\(time) UTC"))
            #expect(instant == spelled || instant == "\(plain)T\(time)Z" && spelled == "\(plain)T\(time) UTC", "\(plain)T\(time)")
        }
        #expect(try date("2024-02-29").hasSuffix("2024-02-29 00:00:00"))
        #expect(try date("2023-02-29") == "2023-02-29" && date("1900-02-29") == "1900-02-29" && date("2026-04-31") == "2026-04-31")
        #expect(try date("2000-02-29T23:59:60Z").hasSuffix("2000-03-01 00:00:00"))
    }
}
