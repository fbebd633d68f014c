import Matching
import Testing

@Suite("Who is who while records come and go")
struct IndexTests {
    private static let header = ["first_name", "last_name", "email", "phone", "dob", "street", "postcode", "city", "customer_no"]
    private static let firsts = ["Masha", "Maria", "Mark", "Thomas", "Tom", "Greta", "Oscar", "Ada", "Bora", "Işıl", "José", "Pepe", "Anna", "Hannah", "Jürgen"]
    private static let lasts = ["Kelley", "Kelly", "Wren", "Yılmaz", "García", "Weiß", "Weiss", "Novak", "Okafor", "Tanaka", "Moreau", "Lindqvist"]

    /// Somebody whose records differ a little from one another.
    private struct Person {
        var fields: [String]

        init(_ random: inout Words, _ number: Int) {
            let (first, last) = (IndexTests.firsts[random.next(15)], IndexTests.lasts[random.next(12)] + String(UnicodeScalar(UInt8(0x61 + random.next(26)))))
            fields = [
                first, last, "\(first).\(last)\(number % 700)@wren.co", "+1206555\(1000 + random.next(9000))", "19\(50 + random.next(50))-0\(1 + random.next(9))-\(10 + random.next(19))",
                "\(1 + random.next(90)) \(["Harbor", "Mill", "Oak", "Rose"][random.next(4)]) Street", "981\(10 + random.next(90))", ["Seattle", "Tacoma", "Bellevue"][random.next(3)], "C\(100_000 + number)",
            ]
        }

        func record(_ random: inout Words) -> [[UInt8]] {
            var out = fields
            for column in out.indices where random.next(3) == 0 { out[column] = "" }
            if random.next(4) == 0 { out[0] = String(fields[0].prefix(1)) + "." }
            if random.next(6) == 0 { out[1] = String(fields[1].dropLast()) }
            return out.map { Array($0.utf8) }
        }
    }

    private static func records(_ count: Int, _ random: inout Words) -> [[[UInt8]]] {
        let people = (0..<(count / 2)).map { Person(&random, $0) }
        return (0..<count).map { people[$0 % people.count].record(&random) }
    }

    private static func table(_ rows: [[[UInt8]]]) throws -> DelimitedText {
        var text = TextRows(header: header)
        for row in rows {
            let hasRoom = text.append(row)
            #expect(hasRoom)
        }
        return try text.text()
    }

    private static func learned(_ rows: [[[UInt8]]]) throws -> MatchIndex {
        let text = try table(rows)
        return MatchIndex.learning(text, as: Schema(recognising: text), keys: rows.indices.map(UInt64.init), least: 0.4).index
    }

    private static func answer(_ index: MatchIndex, _ key: UInt64) -> [String] {
        (index.find(key, limit: 1000, least: 0.02) ?? []).map { "\($0.key) \($0.probability) \($0.settled)" }.sorted()
    }

    @Test("for the records that it was learned from, it finds what matching the file finds", arguments: [600, 2400])
    func asTheBatch(count: Int) throws {
        var random = Words(seed: 11)
        let rows = IndexTests.records(count, &random)
        let text = try IndexTests.table(rows)
        let result = Matcher.match(text, as: Schema(recognising: text))
        let (index, pairs) = MatchIndex.learning(text, as: Schema(recognising: text), keys: rows.indices.map(UInt64.init), least: 0.4)
        let batch = Set(result.pairs.map { "\($0.first) \($0.second) \($0.probability)" })
        #expect(batch.count > count / 8)
        #expect(Set(pairs.map { "\(min($0.a, $0.b)) \(max($0.a, $0.b)) \($0.probability)" }) == batch)
        var found: Set<String> = []
        for key in rows.indices { for one in index.find(UInt64(key), limit: 1000, least: 0.4) ?? [] { found.insert("\(min(key, Int(one.key))) \(max(key, Int(one.key))) \(one.probability)") } }
        #expect(found == batch)
    }

    @Test("whatever came, changed and went: the answers hang on what is there", arguments: [1, 2, 3])
    func histories(seed: UInt64) throws {
        var random = Words(seed: seed)
        let rows = IndexTests.records(1800, &random)
        let (one, other) = (try IndexTests.learned(rows), try IndexTests.learned(rows))
        var now = Dictionary(uniqueKeysWithValues: rows.enumerated().map { (UInt64($0), $1) })
        for step in 0..<3000 {
            let key = UInt64(random.next(2600))
            if random.next(3) == 0 {
                #expect(one.remove(key) == (now.removeValue(forKey: key) != nil))
            } else {
                let row = Person(&random, step % 900).record(&random)
                one.set(try IndexTests.table([row]), keys: [key])
                now[key] = row
            }
        }
        for key in UInt64(0)..<1800 { other.remove(key) }
        let keys = now.keys.sorted(by: >)
        other.set(try IndexTests.table(keys.compactMap { now[$0] }), keys: keys)
        #expect(one.count == now.count && other.count == now.count)
        var pairs = 0
        for key in keys {
            let answer = IndexTests.answer(one, key)
            pairs += answer.count
            #expect(answer == IndexTests.answer(other, key))
        }
        #expect(pairs > 100)
    }

    @Test("every pair that is likely is found, as comparing all with all does")
    func everyPair() throws {
        var random = Words(seed: 4)
        let rows = IndexTests.records(400, &random)
        let index = try IndexTests.learned(rows)
        for key in 0..<UInt64(60) {
            let slow = (0..<UInt64(400)).compactMap { index.compare(key, $0) }.filter { $0.probability >= 0.1 }.map { "\($0.key) \($0.probability)" }
            let found = (index.find(key, limit: 1000, least: 0.1) ?? []).map { "\($0.key) \($0.probability)" }
            #expect(Set(found) == Set(slow))
        }
    }

    @Test("a record that is only asked about is answered as if it were there, and leaves nothing behind")
    func asking() throws {
        var random = Words(seed: 8)
        let rows = IndexTests.records(2000, &random)
        let (index, untouched) = (try IndexTests.learned(rows), try IndexTests.learned(rows))
        for question in 0..<50 {
            let text = try IndexTests.table([Person(&random, question).record(&random)])
            let asked = index.find(text, limit: 100, least: 0.02).map { "\($0.key) \($0.probability)" }
            index.set(text, keys: [9999])
            #expect(index.find(9999, limit: 100, least: 0.02)?.map { "\($0.key) \($0.probability)" } == asked)
            index.remove(9999)
        }
        for key in UInt64(0)..<200 { #expect(IndexTests.answer(index, key) == IndexTests.answer(untouched, key)) }
    }

    @Test("M. Kelley is likely Masha Kelley, until Mark Kelley comes to live in the same house")
    func initial() throws {
        func row(_ first: String, _ phone: String) -> [[UInt8]] { [first, "Kelley", "", phone, "", "12 Harbor Street", "98104", "Seattle", ""].map { Array($0.utf8) } }
        let index = try IndexTests.learned([row("Masha", "+12065550143")])
        let question = try IndexTests.table([row("M.", "+12065550143")])
        let alone = index.find(question, limit: 5, least: 0.02)
        #expect(alone.count == 1 && alone[0].settled > 0.9 && alone[0].reasons.contains { $0.words == "telephone the same" })
        index.set(try IndexTests.table([row("Mark", "+12065550143")]), keys: [7])
        let two = index.find(question, limit: 5, least: 0.02)
        #expect(two.count == 2 && two.allSatisfy { $0.probability > 0.9 && $0.settled < 0.6 })
    }

    @Test("who is forgotten is found no more, and everybody else as before")
    func forgetting() throws {
        var random = Words(seed: 6)
        let rows = IndexTests.records(1700, &random)
        let (one, other) = (try IndexTests.learned(rows), try IndexTests.learned(rows))
        let gone = (UInt64(0)..<100).map { $0 * 3 }
        one.forget(gone)
        for key in gone { other.remove(key) }
        for key in UInt64(0)..<600 { #expect(IndexTests.answer(one, key) == IndexTests.answer(other, key)) }
        #expect(one.find(0, limit: 1, least: 0.02) == nil && !one.contains(0) && one.contains(1))
    }

    @Test("values from outside that are no text, quoted, or very long harm nothing")
    func hostile() throws {
        var random = Words(seed: 2)
        let index = try IndexTests.learned(IndexTests.records(300, &random))
        let values: [[UInt8]] = [[], [0xff, 0xfe], Array("\"".utf8), Array("\"a\",b\n".utf8), [UInt8](repeating: 0x61, count: 100_000), [0], Array("@".utf8), Array("-".utf8)]
        for round in 0..<200 {
            let row = IndexTests.header.map { _ in values[random.next(values.count)] }
            index.set(try IndexTests.table([row]), keys: [UInt64(round % 20)])
            _ = index.find(try IndexTests.table([row]), limit: 5, least: 0.02)
        }
        for round in UInt64(0)..<20 { index.remove(round) }
        #expect(index.count == 280)
    }
}
