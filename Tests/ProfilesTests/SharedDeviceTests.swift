import Identity
import TestSupport
import Testing
import Vocabulary

/// Devices that several people use: by the usual rules nobody becomes somebody else, and what a visitor did goes to the right one.
@Suite("Shared devices")
struct SharedDeviceTests {
    /// Twenty customers, each named on the same device in turn; between them somebody looks around.
    private static func queue(_ device: String, people: Int = 20, _ world: World) async throws {
        for person in 0..<people {
            let minute = (person < 10 ? "0" : "") + "\(person)"
            try await world.play("""
                09:\(minute):10  track     anonymousId=\(device)                Browsed \(person)
                09:\(minute):20  identify  anonymousId=\(device) userId=c\(person)  name=Customer\(person) email=c\(person)@wren.example
                09:\(minute):30  track     anonymousId=\(device) userId=c\(person)  Bought \(person)
                """)
        }
    }

    @Test("a shop's tablet, a call centre's computer and a kiosk bring no customers together", arguments: ["store-tablet", "agent-browser", "kiosk"])
    func many(device: String) async throws {
        let world = try World()
        try await Self.queue(device, world)
        for person in 0..<20 {
            #expect(try world.timeline(of: "c\(person)") == ["Bought \(person)"])
            #expect(try world.traits(of: "c\(person)")["name"] == "\"Customer\(person)\"")
            #expect(try world.identifiers(of: "c\(person)") == ["email=c\(person)@wren.example", "userId=c\(person)"])
        }
        // What nobody signed in for is the device's own, also from before it turned out to be shared.
        #expect(try world.timeline(of: device).count == 20)
        #expect(world.profileCount == 21)
        try world.restart(snapshots: false)
        #expect(world.profileCount == 21)
    }

    @Test("the eleventh person sets a device apart, the tenth does not")
    func edge() async throws {
        let world = try World()
        try await Self.queue("tablet", people: 10, world)
        #expect(try world.identifiers(of: "tablet").contains("userId=c0"))
        try await world.play("10:00  identify  anonymousId=tablet userId=c10")
        #expect(try world.identifiers(of: "tablet") == ["anonymousId=tablet"])
    }

    @Test("a family's laptop whose shop resets the visitor at sign-out: each has their own past")
    func familyWithReset() async throws {
        let world = try World()
        try await world.play("""
            09:00  track     anonymousId=v1            Looked at oolong
            09:01  identify  anonymousId=v1 userId=ada
            09:02  track     anonymousId=v1 userId=ada  Bought oolong
            10:00  track     anonymousId=v2            Looked at rooibos
            10:01  identify  anonymousId=v2 userId=bob
            10:02  track     anonymousId=v2 userId=bob  Bought rooibos
            11:00  track     anonymousId=v3            Looked at matcha
            11:01  identify  anonymousId=v3 userId=ada
            """)
        #expect(try world.timeline(of: "ada") == ["Looked at oolong", "Bought oolong", "Looked at matcha"])
        #expect(try world.timeline(of: "bob") == ["Looked at rooibos", "Bought rooibos"])
        #expect(world.profileCount == 2)
    }

    @Test("a family's laptop that keeps its visitor: nobody becomes the other, and the visitor's past is the first's")
    func familyWithoutReset() async throws {
        let world = try World()
        try await world.play("""
            09:00  track     anonymousId=v1            Looked at oolong
            09:01  identify  anonymousId=v1 userId=ada  email=home@wren.example
            09:02  identify  anonymousId=v1 userId=bob  email=home@wren.example
            09:03  track     anonymousId=v1 userId=bob  Bought rooibos
            09:04  track     anonymousId=v1 userId=ada  Bought oolong
            """)
        #expect(try world.timeline(of: "ada") == ["Looked at oolong", "Bought oolong"])
        #expect(try world.timeline(of: "bob") == ["Bought rooibos"])
        let bob = try #require(try world.profile("bob"))
        #expect(world.reader.refusals(of: bob).map(\.edge.outcome) == [.twoUsers, .taken])
    }

    @Test("who comes back signed out is known as soon as they sign in, on any of their devices")
    func loggedOutReturn() async throws {
        let world = try World()
        try await world.play("""
            09:00    identify  anonymousId=v1 userId=ada
            1d09:00  track     anonymousId=v1   Came back
            2d09:00  track     anonymousId=v2   Came on the phone
            2d09:01  identify  anonymousId=v2 userId=ada
            3d09:00  track     anonymousId=v2   Came again
            """)
        #expect(try world.timeline(of: "ada") == ["Came back", "Came on the phone", "Came again"])
    }

    @Test("independent histories give the same people in any order", arguments: Seed.some(6))
    func anyOrder(seed: Seed) async throws {
        var random = Random(seed)
        // Each household's story in its own order, households mixed at random.
        let stories = (0..<8).map { home in
            [
                "09:00  track     anonymousId=v\(home)                 Looked",
                "09:01  identify  anonymousId=v\(home) userId=a\(home)  email=\(home)@wren.example",
                "09:02  identify  anonymousId=v\(home) userId=b\(home)  plan=free",
                "09:03  track     anonymousId=w\(home) userId=b\(home)  Bought",
            ]
        }
        func people(_ random: inout Random) async throws -> [[String]] {
            let world = try World()
            var left = stories.map { $0[...] }
            while left.contains(where: { !$0.isEmpty }) {
                let home = random.below(left.count)
                if let line = left[home].popFirst() { try await world.play(line) }
            }
            return try world.reader.search("", after: nil, limit: 100).profiles.map { $0.identifiers.map(\.text).sorted() }.sorted { $0.joined() < $1.joined() }
        }
        #expect(try await people(&random) == people(&random))
    }
}
