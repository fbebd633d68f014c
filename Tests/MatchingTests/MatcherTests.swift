import Foundation
import Matching
import Testing

@Suite("Who is who in a file")
struct MatcherTests {
    @Test("known sets come out as well as is asked", arguments: [("febrl1", 0.998), ("fake_1000", 0.95)])
    func sets(name: String, least: Double) throws {
        let text = try Truth.table("\(name).csv")
        let result = Matcher.match(text, as: Schema(recognising: text))
        let entities = try Truth.entities("\(name)_truth.csv", of: text)
        let (precision, recall, f1) = Truth.pairwise(result.clusters, entities)
        #expect(f1 >= least && precision >= 0.98, "precision \(precision), recall \(recall), F1 \(f1)")
    }

    private struct Scenarios: Decodable {
        struct One: Decodable {
            let id: String
            let name: String
            let expected_groups: [[Int]]
            let records: [[String: String]]
        }
        let scenarios: [One]
    }

    @Test("every small case comes out as a person would say, and what is ambiguous is left apart")
    func scenarios() throws {
        let all = try JSONDecoder().decode(Scenarios.self, from: FileManager.default.contents(atPath: Truth.folder + "name_scenarios.json") ?? Data()).scenarios
        #expect(all.count == 24)
        for one in all {
            let columns = Set(one.records.flatMap(\.keys)).sorted()
            let rows = one.records.map { record in columns.map { "\"\(record[$0] ?? "")\"" }.joined(separator: ",") }
            let clusters = try Truth.match(([columns.joined(separator: ",")] + rows).joined(separator: "\n")).clusters
            let groups = Dictionary(grouping: clusters.indices) { clusters[$0] }.values.map { $0 }.sorted { $0[0] < $1[0] }
            #expect(groups == one.expected_groups.sorted { $0[0] < $1[0] }, "\(one.id) \(one.name)")
        }
    }

    @Test("rows in another order give the same clusters and the same probabilities")
    func shuffled() throws {
        let text = try Truth.table("fake_1000.csv")
        let lines = (0..<text.rowCount).map { row in text.header.indices.map { text.text(row: row, column: $0) }.joined(separator: ",") }
        func groups(_ order: [Int]) throws -> (Set<Set<String>>, [String]) {
            let result = try Truth.match(([text.header.joined(separator: ",")] + order.map { lines[$0] }).joined(separator: "\n"))
            let ids = order.map { text.text(row: $0, column: 0) }
            let clusters = Dictionary(grouping: ids.indices) { result.clusters[$0] }
            let pairs = result.pairs.map { "\([ids[$0.first], ids[$0.second]].sorted()) \($0.probability) \($0.outcome)" }
            return (Set(clusters.values.map { Set($0.map { ids[$0] }) }), pairs.sorted())
        }
        let (plain, plainPairs) = try groups(Array(lines.indices))
        var order = Array(lines.indices)
        var random = Words(seed: 5)
        for index in order.indices.reversed() { order.swapAt(index, random.next(index + 1)) }
        let (other, otherPairs) = try groups(order)
        #expect(plain == other && plainPairs == otherPairs)
    }

    @Test("what one person's records have in common is learned from the file, without labels")
    func learning() throws {
        // 3,000 people with two records each, whose telephone is another one in 30 of 100.
        var random = Words(seed: 9)
        var lines = ["id,first_name,last_name,email,phone,customer_no"]
        for person in 0..<3000 {
            let (first, last) = (MatcherTests.names[random.next(40)], "w" + String(decoding: (0..<6).map { _ in UInt8(0x61 + random.next(26)) }, as: UTF8.self))
            let phone = 2_000_000_000 + random.next(1_000_000_000)
            let other = random.next(100) < 30 ? 2_000_000_000 + random.next(1_000_000_000) : phone
            for (copy, number) in [phone, other].enumerated() { lines.append("\(person * 2 + copy),\(first),\(last),\(first)\(person)@wren.co,\(number),C\(10_000_000 + person)") }
        }
        let result = try Truth.match(lines.joined(separator: "\n"))
        #expect(Truth.pairwise(result.clusters, (0..<6000).map { "\($0 / 2)" }).f1 > 0.999)
        let explainer = result.explainer()
        let differing = (0..<3000).lazy.flatMap { explainer.reasons($0 * 2, $0 * 2 + 1) }.first { $0.words == "telephone differs" }
        #expect(abs((differing?.bits ?? 0) - log2(0.3)) < 0.25, "bits \(differing?.bits ?? 0)")
    }

    /// Forty made-up given names that are not alike.
    private static let names: [String] = {
        let (heads, tails) = (["bo", "cra", "dwe", "fi", "gru", "ha", "jo", "kle"], ["linda", "mbert", "stovar", "quine", "zepho"])
        return heads.flatMap { head in tails.map { head + $0 } }
    }()

    @Test("where nobody is there twice, nobody is merged: strangers of one name and town are no sign of how one person's records look", arguments: [3, 11])
    func nobodyTwice(seed: Int) throws {
        var state = UInt64(seed)
        func draw(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let first = "Ada Bea Cid Dora Elif Finn Gwen Hana Ivo Jana Kofi Lena Mila Noor Olaf Pia Quin Rosa Sami Tara Umut Vera Wim Xenia Yara Zoe".split(separator: " ")
        let last = "Ames Bell Cole Dunn Ek Frey Gray Holt Ito Jung Kaya Lund Mora Nash Okoye Pratt Quist Reyes Silva Toth Unger Vega Webb Xu Yildiz Zola".split(separator: " ")
        let towns = ["Leeds,LS2 7HY", "Cardiff,CF10 1EP", "York,YO1 7HH"], streets = ["Station Road", "Quince Close", "Harbour Walk", "Mill Lane"]
        let rows = (0..<4000).map { row in
            let birth = draw(2) == 0 ? "" : "\(1940 + draw(65))-0\(1 + draw(9))-\(10 + draw(18))"
            // Each town has names of its own, which makes namesakes more frequent than the names alone would.
            let town = draw(towns.count)
            let name = "\(first[town * 8 + draw(8)]),\(last[town * 8 + draw(8)])"
            return "r\(row),\(name),+44\(1_000_000_000 + draw(899_999_999)),\(birth),\(streets[draw(streets.count)]) \(1 + draw(200)),\(towns[town])"
        }
        let result = try Truth.match((["id,firstName,lastName,phone,birthday,street,city,postalCode"] + rows).joined(separator: "\n"))
        let merged = result.pairs.count { $0.outcome == .merged }
        #expect(merged <= 4, "\(merged) of 4,000 strangers")
    }

    @Test("a number that many different people carry brings nobody together, however few or many they are", arguments: [5, 200])
    func placeholders(people: Int) throws {
        var lines = ["first,last,phone"]
        for person in 0..<people {
            let family = MatcherTests.names[(person * 7 + 3) % 40] + "son"
            lines.append("\(MatcherTests.names[person % 40]),\(family)\(person),206 555 0143")
        }
        let result = try Truth.match(lines.joined(separator: "\n"))
        #expect(result.placeholders == 1 && result.clusterCount == people)
    }

    @Test("a household of four that shares address, telephone and e-mail is four people")
    func household() throws {
        let home = "12 Harbor Street,98104,Seattle,2065550143,thekelleys@gmail.com"
        let result = try Truth.match("""
            first,last,street,postcode,city,phone,email,dob
            Masha,Kelley,\(home),1984-03-09
            Thomas,Kelley,\(home),1982-07-01
            Greta,Kelley,\(home),2010-01-21
            Oscar,Kelley,\(home),2010-01-21
            """)
        #expect(result.clusterCount == 4)
    }

    @Test("each pair says how likely it is and why")
    func reasons() throws {
        let result = try Truth.match("""
            first,last,phone
            M.,Kelley,2065550143
            Masha,Kelley,+1 206 555 0143
            """)
        #expect(result.pairs.count == 1 && result.pairs[0].outcome == .merged && result.pairs[0].probability > 0.9)
        let reasons = result.explainer().reasons(0, 1)
        #expect(reasons.map(\.words) == ["telephone the same", "given name fits the initial, family name the same"])
        #expect(reasons.allSatisfy { $0.bits > 5 })
    }

    @Test("thresholds decide: what is not merged is for review, and what is neither is not listed")
    func thresholds() throws {
        let csv = "first,last,city\nM.,Kelley,Seattle\nMasha,Kelley,Seattle"
        let sure = try Truth.match(csv, Matcher.Options(merge: 0.95, review: 0.3))
        #expect(sure.clusterCount == 2 && sure.pairs.map(\.outcome) == [.review])
        let bold = try Truth.match(csv, Matcher.Options(merge: 0.5, review: 0.3))
        #expect(bold.clusterCount == 1 && bold.pairs.map(\.outcome) == [.merged])
        #expect(try Truth.match(csv, Matcher.Options(merge: 0.95, review: 0.94)).pairs.isEmpty)
    }
}
