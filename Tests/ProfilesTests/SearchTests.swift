import Identity
import Profiles
import TestSupport
import Testing
import Vocabulary

@Suite("Searching people")
struct SearchTests {
    private static func found(_ query: String, in world: World) throws -> [String] {
        try world.reader.search(query, after: nil, limit: 100).profiles.map { $0.identifiers.first?.text ?? "" }
    }

    @Test("letters match in either case of any script, however they were written", arguments: [
        ("\"Émile Zola\"", "émile"), ("\"\\u00c9mile\"", "ÉMILE"), ("\"\\u00e9mile\"", "É"), ("\"İpek\"", "ipek"), ("\"ipek\"", "İPEK"), ("\"Işık\"", "IŞIK"),
        ("\"Straße\"", "STRASSE"), ("\"STRASSE\"", "straße"), ("\"ΣΟΦΟΣ\"", "σοφος"), ("\"σοφος\"", "ΣΟΦΟΣ"), ("\"Ада\"", "АДА"), ("\"a\\\"b\"", "A\"B"),
        ("\"\\ud83e\\uded6 Tea\"", "🫖 tea"), ("\"Ada\\nLovelace\"", "ada\nlove"), ("\"Ángström\"", "ström"), ("\"abcdefghijklmnopqrstuvwxyz\"", "QRSTUVWXYZ"),
    ])
    func folded(name: String, query: String) async throws {
        let world = try World()
        try await world.send("{\"userId\":\"u1\",\"traits\":{\"name\":\(name)}}", as: .single(.identify))
        try await world.send("{\"userId\":\"u2\",\"traits\":{\"name\":\"Nobody\",\"street\":\(name)}}", as: .single(.identify))
        #expect(try Self.found(query, in: world) == ["u1"])
        #expect(try Self.found(query + "x", in: world) == [])
    }

    @Test("identifiers are searched alike", arguments: [("RENÉ", "rené"), ("Ada-7", "ADA-7"), ("straße", "STRASSE"), ("x\u{131}", "XI")])
    func identifiers(id: String, query: String) async throws {
        let world = try World()
        try await world.send("{\"userId\":\"other\",\"event\":\"E\"}", as: .single(.track))
        try await world.send("{\"userId\":\"\(id)\",\"event\":\"E\"}", as: .single(.track))
        #expect(try Self.found(query, in: world) == [id])
    }

    @Test("a name is found in a person's name, address, phone, username and company, and nowhere else")
    func traits() async throws {
        let world = try World()
        let traits = ["name", "firstName", "lastName", "first_name", "last_name", "email", "phone", "username"].map { "\"\($0)\":\"tea-\($0)\"" }
        try await world.send("{\"userId\":\"u1\",\"traits\":{\(traits.joined(separator: ",")),\"company\":{\"name\":\"tea-company\"},\"plan\":\"tea-plan\"}}", as: .single(.identify))
        try await world.send("{\"userId\":\"u2\",\"traits\":{\"phone\":4711,\"name\":null,\"username\":[\"tea-list\"]}}", as: .single(.identify))
        for name in ["name", "firstName", "lastName", "first_name", "last_name", "email", "phone", "username", "company"] { #expect(try Self.found("TEA-\(name)", in: world) == ["u1"]) }
        for text in ["tea-plan", "tea-list", "null", "tea-nametea"] { #expect(try Self.found(text, in: world) == []) }
        #expect(try Self.found("471", in: world) == ["u2"])
    }

    @Test("a changed name is found, the old one is not; what is forgotten is not found")
    func changes() async throws {
        let world = try World()
        for user in 0..<300 { try await world.send("{\"userId\":\"u\(user)\",\"traits\":{\"name\":\"Person \(user).\"}}", as: .single(.identify)) }
        #expect(try Self.found("person 7.", in: world) == ["u7"])
        try await world.send("{\"userId\":\"u7\",\"traits\":{\"name\":\"Countess\"}}", as: .single(.identify))
        #expect(try Self.found("person 7.", in: world) == [])
        #expect(try Self.found("countess", in: world) == ["u7"])
        try await world.send("{\"userId\":\"u300\",\"traits\":{\"name\":\"Late\"}}", as: .single(.identify))
        #expect(try Self.found("LATE", in: world) == ["u300"])
        try world.erase(Identifier(.userId, "u7"))
        #expect(try Self.found("countess", in: world) == [])
        #expect(try Self.found("u7", in: world).contains("u7") == false)
        #expect(try Self.found("person 299.", in: world) == ["u299"])
        try world.restart(snapshots: false)
        #expect(try Self.found("countess", in: world) == [])
        #expect(try Self.found("late", in: world) == ["u300"])
    }

    @Test("whoever is found is found once, whatever the size of the pages, and is whom an obvious search finds", arguments: Seed.some(4))
    func likeTheObvious(seed: Seed) async throws {
        var random = Random(seed)
        let world = try World()
        // By userId: every text that the person is found by.
        var texts: [String: Set<String>] = [:]
        var devices: [String: Set<String>] = [:]
        var names: [String: String] = [:]
        let letters = ["a", "B", "é", "É", "ß", "s", "S", "7", " ", "-"]
        func word(_ random: inout Random, _ count: Int) -> String { (0..<count).map { _ in random.pick(letters) }.joined() }
        for round in 0..<250 {
            let user = "id\(random.below(150))"
            var call = "{\"userId\":\"\(user)\""
            texts[user, default: []].insert(user)
            if random.chance(50) {
                let device = "\(word(&random, 5))\(user)"
                // Plain letters and digits at their beginning alone.
                if device.allSatisfy(\.isASCII) { devices[user, default: []].insert(device) } else { texts[user]!.insert(device) }
                call += ",\"anonymousId\":\"\(device)\""
            }
            let name = word(&random, 6)
            names[user] = name
            try await world.send("\(call),\"messageId\":\"m\(round)\",\"traits\":{\"name\":\"\(name)\"}}", as: .single(.identify))
            if random.chance(3) { try world.restart(snapshots: random.chance(50)) }
        }
        func fold(_ text: String) -> String { text.replacing("ß", with: "ss").lowercased() }
        for _ in 0..<40 {
            let query = random.chance(30) ? "d\(random.below(150))" : word(&random, 1 + random.below(3))
            let expected = texts.filter { user, own in own.contains { fold($0).contains(fold(query)) } || devices[user, default: []].contains { fold($0).hasPrefix(fold(query)) } || fold(names[user]!).contains(fold(query)) }.keys.sorted()
            let limit = 1 + random.below(20)
            var found: [String] = []
            var next: ProfileCursor?
            repeat {
                let page = try world.reader.search(query, after: next.flatMap { ProfileCursor(text: $0.text) }, limit: limit)
                #expect(page.profiles.count <= limit)
                found += page.profiles.compactMap { $0.identifiers.first { $0.namespace == .userId }?.text }
                next = page.next
            } while next != nil
            #expect(found.sorted() == expected, "\(query)")
        }
    }

    @Test("a needle stands where comparing letter by letter finds it, at every length and place", arguments: Seed.some(3))
    func needles(seed: Seed) {
        var random = Random(seed)
        for _ in 0..<3000 {
            let text = (0..<random.below(80)).map { _ in UInt8(random.pick([0x41, 0x61, 0x42, 0x62, 0x40, 0x5b, 0x60, 0x7b, 0xc3, 0xff])) }
            let needle = Needle(String((0..<1 + random.below(random.chance(80) ? 3 : 20)).map { _ in random.pick(["a", "b", "@", "[", "`", "{"] as [Character]) }))
            let lower = text.map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 }
            let start = random.below(text.count + 2)
            let expected = (start..<max(start, text.count - needle.bytes.count + 1)).first { Array(lower[$0..<$0 + needle.bytes.count]) == needle.bytes }
            #expect(needle.first(in: text, from: start) == expected)
        }
    }
}
