import Identity
import Profiles
import TestSupport
import Testing
import Vocabulary

@Suite("Profile ids")
struct ProfileIDTests {
    private static func id(_ world: World, _ name: String) throws -> String { try #require(try world.profile(name), "\(name)").id }

    @Test("an id names the same person or nobody, whoever is forgotten and whatever is read again", arguments: Seed.some(4))
    func neverAnotherPerson(seed: Seed) async throws {
        var random = Random(seed)
        let world = try World()
        // By each id ever given: the userIds of whom it named.
        var names: [String: Set<String>] = [:]
        var gone: Set<String> = []
        for round in 0..<60 {
            // Devices change hands; that is how an id could come to another. None has so many that it would be nobody's.
            let user = "u\(round % 23)"
            let shelf = round / 20 * 6
            if random.chance(40) { try await world.send("{\"anonymousId\":\"a\(shelf + random.below(6))\",\"event\":\"Seen\",\"messageId\":\"s\(round)\"}", as: .single(.track)) }
            try await world.send(
                "{\"userId\":\"\(user)\",\"anonymousId\":\"a\(shelf + random.below(6))\",\"messageId\":\"m\(round)\",\"traits\":{\"email\":\"\(user)@example.com\"}}", as: .single(.identify))
            gone.remove(user)
            names[try Self.id(world, user), default: []].insert(user)
            if random.chance(15) {
                let other = "u\(random.below(23))"
                if try world.erase(Identifier(.userId, other)) != nil { gone.insert(other) }
                if random.chance(50) { try world.restart(snapshots: false) }
            }
        }
        try world.restart(snapshots: false)
        for (id, users) in names {
            #expect(users.count == 1, "\(id) was given to \(users)")
            guard let found = try world.reader.profile(id: id) else { continue }
            #expect(found.identifiers.contains { $0.namespace == .userId && users.contains($0.text) }, "\(id) was \(users) and is \(found.identifiers.map(\.text))")
        }
        for number in 0..<23 where !gone.contains("u\(number)") {
            #expect(try names[Self.id(world, "u\(number)")] == ["u\(number)"])
        }
    }

    @Test("forgetting others shifts no id, not even an account's that they named first")
    func othersForgotten() async throws {
        let world = try World()
        try await world.play("""
            09:00  identify  userId=ada            email=ada@example.com
            09:01  group     userId=ada groupId=wren  seats=4
            09:02  track     anonymousId=a1        Browsed
            09:03  identify  userId=bob anonymousId=a1
            09:04  group     userId=bob groupId=wren  seats=5
            """)
        try world.stages.checkpoint()
        let names = ["bob", "a1", "groupId:wren"]
        let before = try names.map { try Self.id(world, $0) }
        let ada = try Self.id(world, "ada")
        try world.erase(Identifier(.userId, "ada"))
        for _ in 0..<2 {
            #expect(try names.map { try Self.id(world, $0) } == before)
            #expect(try world.reader.profile(id: ada) == nil)
            #expect(world.profileCount == 2)
            try world.restart(snapshots: false)
        }
    }

    @Test("after a merge the ids of both sides lead to the one person")
    func merges() async throws {
        let world = try World()
        try await world.play("""
            09:00  track  userId=old  Browsed
            09:01  track  userId=new  Bought
            """)
        let ids = try (Self.id(world, "old"), Self.id(world, "new"))
        #expect(ids.0 != ids.1)
        try await world.play("09:02  alias  userId=new previousId=old")
        for _ in 0..<2 {
            #expect(try world.reader.profile(id: ids.0)?.id == ids.0)
            #expect(try world.reader.profile(id: ids.1)?.id == ids.0)
            try world.restart(snapshots: false)
        }
    }

    @Test("what is no id, or nobody's, finds nobody", arguments: ["", "prf_", "prf_0", "prf_0000000000000", "prf_zzzzzzzzzzzzz", "prf_fzzzzzzzzzzzz", "PRF_0000000000000", "prf_000000000000l"])
    func nobody(text: String) async throws {
        let world = try World()
        try await world.play("09:00  track  userId=ada  Browsed")
        #expect(try world.reader.profile(id: text) == nil)
    }

    @Test("a list goes on at its place though somebody before it is forgotten and all is read again")
    func cursors() async throws {
        let world = try World()
        for number in 0..<6 { try await world.send("{\"userId\":\"u\(number)\",\"event\":\"Seen\",\"messageId\":\"m\(number)\"}", as: .single(.track)) }
        let page = try world.reader.search("", after: nil, limit: 3)
        let next = try #require(page.next?.text)
        func rest() throws -> [String] { try world.reader.search("", after: ProfileCursor(text: next), limit: 10).profiles.map(\.displayName) }
        #expect(try rest() == ["u3", "u4", "u5"])
        try world.erase(Identifier(.userId, "u0"))
        try world.restart(snapshots: false)
        #expect(try rest() == ["u3", "u4", "u5"])
        #expect(ProfileCursor(text: "3") == nil)
    }

    @Test("the last of a page is forgotten before the next is asked for")
    func forgottenCursor() async throws {
        let world = try World()
        for number in 0..<6 { try await world.send("{\"userId\":\"u\(number)\",\"event\":\"Seen\",\"messageId\":\"m\(number)\"}", as: .single(.track)) }
        let next = try #require(try world.reader.search("", after: nil, limit: 3).next)
        try world.erase(Identifier(.userId, "u2"))
        #expect(try world.reader.search("", after: next, limit: 10).profiles.map(\.displayName) == ["u3", "u4", "u5"])
    }
}
