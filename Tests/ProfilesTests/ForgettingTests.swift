import TestSupport
import Testing
import Vocabulary

@Suite("Forgetting a person")
struct ForgettingTests {
    private static let mark = "lovelace4711"

    /// Ada everywhere, and Bob beside her.
    private static func world() async throws -> World {
        let world = try World()
        try await world.play("""
            09:00  track     anonymousId=\(mark)-device                   Product Viewed  tea="\(mark) blend"
            09:01  identify  anonymousId=\(mark)-device userId=\(mark)    name="Ada \(mark)" email=\(mark)@example.com \(mark)-key=true
            09:02  identify  userId=\(mark)                               name="Countess \(mark)"
            09:03  identify  userId=bob                                   name=Bob plan=free
            09:04  alias     userId=\(mark) previousId=\(mark)-old
            09:05  group     userId=bob groupId=wren                      seats=4
            09:06  track     userId=\(mark)
            09:07  track     userId=bob                                   Order Completed
            """)
        #expect(world.verdicts.filter { $0 == .quarantined }.count == 1)
        try world.stages.checkpoint()
        #expect(world.folder.filesContaining(mark).count >= 4)
        return world
    }

    @Test("leaves no byte of her in any file, under any of her names, and Bob as he was", arguments: ["userId:\(mark)", "anonymousId:\(mark)-device", "email:\(mark)@example.com", "userId:\(mark)-old"])
    func nothingIsLeft(name: String) async throws {
        let world = try await Self.world()
        let parts = name.split(separator: ":").map(String.init)
        let bob = (try world.traits(of: "bob"), try world.timeline(of: "bob"), try world.profile("bob")?.id)
        try world.erase(Identifier(#require(IdentifierNamespace(name: parts[0])), parts[1]))
        for round in 0..<3 {
            #expect(world.folder.filesContaining(Self.mark) == [], "round \(round)")
            for her in [Self.mark, "\(Self.mark)-device", "\(Self.mark)-old", "email:\(Self.mark)@example.com"] { #expect(try world.profile(her) == nil) }
            #expect(try world.reader.search(Self.mark, after: nil, limit: 10).profiles.isEmpty)
            #expect(world.profileCount == 2, "Bob and the account")
            #expect(try world.traits(of: "bob") == bob.0)
            #expect(try world.timeline(of: "bob") == bob.1)
            #expect(try world.stages.ingest.quarantine.count() == 0)
            if round == 0 {
                #expect(try world.profile("bob")?.id == bob.2)
                try world.restart()
                #expect(try world.profile("bob")?.id == bob.2)
            } else {
                try world.restart(snapshots: false)
            }
        }
    }

    @Test("what she said of an account is forgotten with her; what others said of it stays")
    func accounts() async throws {
        let world = try World()
        try await world.play("""
            09:00  group  userId=bob groupId=wren         name="Wren" seats=4
            09:01  group  userId=\(Self.mark) groupId=wren  name="Wren & \(Self.mark)" contact=\(Self.mark)@example.com
            09:02  group  userId=\(Self.mark) groupId=solo  name="\(Self.mark) alone"
            """)
        try world.stages.checkpoint()
        try world.erase(Identifier(.userId, Self.mark))
        for _ in 0..<2 {
            #expect(world.folder.filesContaining(Self.mark) == [])
            #expect(try world.traits(of: "groupId:wren") == ["name": "\"Wren\"", "seats": "4"])
            #expect(try world.reader.eventCount(of: #require(try world.profile("groupId:wren"))) == 1)
            #expect(try world.traits(of: "groupId:solo") == [:])
            try world.restart(snapshots: false)
        }
    }

    @Test("her old messages stay known, so that a resend does not bring her back; a new event makes a new person")
    func afterwards() async throws {
        let world = try await Self.world()
        try world.erase(Identifier(.userId, Self.mark))
        try await world.play("09:30  track  anonymousId=\(Self.mark)-device messageId=m1  Product Viewed")
        #expect(world.verdicts.last == .duplicate)
        try world.restart()
        try await world.play("09:31  track  anonymousId=\(Self.mark)-device messageId=m1  Product Viewed")
        #expect(world.verdicts.last == .duplicate)
        try await world.play("09:32  track  userId=\(Self.mark) messageId=again  Returned")
        #expect(try world.timeline(of: Self.mark) == ["Returned"])
        #expect(try world.traits(of: Self.mark) == [:])
    }

    @Test("if asked to, nothing of her is stored again")
    func suppressed() async throws {
        let world = try await Self.world()
        try world.erase(Identifier(.userId, Self.mark), suppress: true)
        try await world.play("09:32  track  anonymousId=\(Self.mark)-device messageId=again  Returned")
        #expect(world.verdicts.last == .suppressed)
        try world.restart()
        try await world.play("09:33  track  userId=\(Self.mark) messageId=again  Returned")
        #expect(world.verdicts.last == .suppressed)
        #expect(world.folder.filesContaining(Self.mark) == [])
    }

    @Test("a crash right behind it brings nothing back")
    func crash() async throws {
        let world = try await Self.world()
        try world.erase(Identifier(.userId, Self.mark))
        let after = try world.crashed()
        #expect(try after.profile(Self.mark) == nil)
        #expect(after.folder.filesContaining(Self.mark) == [])
        #expect(try after.timeline(of: "bob") == world.timeline(of: "bob"))
    }

    @Test("forgetting many people leaves the others' graph whole", arguments: Seed.some(3))
    func many(seed: Seed) async throws {
        var random = Random(seed)
        let world = try World()
        for person in 0..<30 {
            try await world.send("""
                {"batch":[{"type":"track","anonymousId":"device-\(person)","event":"Seen","messageId":"x\(person)"},\
                {"type":"identify","userId":"person-\(person)","anonymousId":"device-\(person)","messageId":"y\(person)",\
                "traits":{"email":"p\(person)@example.com","n":\(person)}}]}
                """)
        }
        var left = Set(0..<30)
        for _ in 0..<20 {
            let gone = random.below(30)
            try world.erase(Identifier(.userId, "person-\(gone)"))
            left.remove(gone)
            if random.chance(30) { try world.restart(snapshots: random.chance(50)) }
            #expect(world.profileCount == left.count)
            for person in 0..<30 {
                #expect(try world.identifiers(of: "device-\(person)").count == (left.contains(person) ? 3 : 0))
                #expect(try world.traits(of: "person-\(person)")["n"] == (left.contains(person) ? "\(person)" : nil))
            }
        }
    }
}
