import Identity
import TestSupport
import Testing
import Vocabulary

@Suite("Merging profiles")
struct MergeTests {
    @Test("a visitor who signs in keeps what they did before")
    func historyFollowsSignIn() async throws {
        let world = try World()
        try await world.play("""
            09:00  track     anonymousId=a1            Product Viewed
            09:05  identify  anonymousId=a1 userId=u1  plan=free
            09:06  track     userId=u1                 Order Completed
            """)
        #expect(world.profileCount == 1)
        #expect(try world.timeline(of: "u1") == ["Product Viewed", "Order Completed"])
        #expect(try world.timeline(of: "a1") == ["Product Viewed", "Order Completed"])
        #expect(try world.identifiers(of: "u1") == ["anonymousId=a1", "userId=u1"])
    }

    @Test("one person on two devices is one profile, with both devices' past")
    func twoDevices() async throws {
        let world = try World()
        try await world.play("""
            09:00  track     anonymousId=phone             Product Viewed
            09:01  track     anonymousId=laptop            Search
            09:02  identify  anonymousId=phone userId=u1
            09:03  track     anonymousId=laptop userId=u1  Order Completed
            """)
        #expect(world.profileCount == 1)
        #expect(try world.timeline(of: "laptop") == ["Product Viewed", "Search", "Order Completed"])
    }

    @Test("a shared device never makes two known users one: each keeps their own, the visitor's past stays with the first")
    func sharedDevice() async throws {
        let world = try World()
        try await world.play("""
            09:00  track     anonymousId=tablet            Browsed
            09:01  identify  anonymousId=tablet userId=u1  name=Ada
            09:02  identify  anonymousId=tablet userId=u2  name=Bob
            09:03  track     anonymousId=tablet userId=u2  Bought
            09:04  track     anonymousId=tablet            Browsed again
            """)
        #expect(world.profileCount == 2)
        #expect(try world.timeline(of: "u1") == ["Browsed", "Browsed again"])
        #expect(try world.timeline(of: "u2") == ["Bought"])
        #expect(try world.traits(of: "u2") == ["name": "\"Bob\""])
        #expect(try world.identifiers(of: "u2") == ["userId=u2"])
    }

    @Test("only an alias joins two known users")
    func alias() async throws {
        let world = try World()
        try await world.play("""
            09:00  track  userId=old              Browsed
            09:01  track  userId=new              Bought
            09:02  alias  userId=new previousId=old
            09:03  track  userId=old              Returned
            """)
        #expect(world.profileCount == 1)
        #expect(try world.timeline(of: "new") == ["Browsed", "Bought", "Returned"])
        let evidence = try world.reader.evidence(of: #require(try world.profile("new")))
        #expect(evidence.map(\.kind) == [.alias])
        #expect(evidence.map(\.position) == [2])
    }

    @Test("an alias from a device's id takes the device's past along")
    func aliasOfDevice() async throws {
        let world = try World()
        try await world.play("""
            09:00  track  anonymousId=a1  Browsed
            09:01  alias  userId=u1 previousId=a1
            """)
        #expect(world.profileCount == 1)
        #expect(try world.timeline(of: "u1") == ["Browsed"])
    }

    static let blocked = ["null", "undefined", "anonymous", "0", "00000000-0000-0000-0000-000000000000", "-1", "NaN", "none", "[object Object]", "N/A"]

    @Test("values that everybody's mistakes share bring nobody together", arguments: blocked)
    func blockedValues(value: String) async throws {
        let world = try World()
        try await world.play("""
            09:00  identify  userId=u1 anonymousId="\(value)"
            09:01  identify  userId=u2 anonymousId="\(value)"
            09:02  identify  userId="\(value)" anonymousId=a1
            09:03  identify  userId="\(value)" anonymousId=a2
            09:04  alias     userId=u1 previousId="\(value)"
            09:05  alias     userId=u2 previousId="\(value)"
            """)
        #expect(world.verdicts.allSatisfy { $0 == .accepted })
        #expect(world.profileCount == 4)
        #expect(try world.profile(value) == nil)
    }

    @Test("an event that has no other identity is refused", arguments: blocked)
    func onlyBlocked(value: String) async throws {
        let world = try World()
        try await world.play("09:00  track  userId=\"\(value)\" anonymousId=\"\(value)\"  Browsed")
        #expect(world.verdicts == [.quarantined])
        #expect(world.stages.log.end == 0)
    }

    @Test("an e-mail address belongs to the first who names it, and joins nobody")
    func email() async throws {
        let world = try World()
        try await world.play("""
            09:00  identify  userId=u1  email=ada@example.com
            09:01  identify  userId=u2  email=ada@example.com
            """)
        #expect(world.profileCount == 2)
        #expect(try world.profile("email:ada@example.com")?.id == world.profile("u1")?.id)
        #expect(try world.identifiers(of: "u2") == ["userId=u2"])
        #expect(try world.traits(of: "u2") == ["email": "\"ada@example.com\""])
    }

    @Test("identifiers are compared by their code points: two spellings of é are two people")
    func spellings() async throws {
        let world = try World()
        try await world.play("""
            09:00  track  userId=ren\u{e9}  One
            09:01  track  userId=rene\u{301}  Two
            09:02  track  userId=REN\u{c9}  Three
            """)
        #expect(world.profileCount == 3)
    }

    @Test("a group call makes an account, which is not the person")
    func accounts() async throws {
        let world = try World()
        try await world.play("""
            09:00  group  userId=u1 groupId=wren  name="Wren & Daughters" seats=4
            09:01  group  userId=u2 groupId=wren  seats=5
            09:02  track  userId=u1               Order Completed
            """)
        #expect(world.profileCount == 3)
        let account = try #require(try world.profile("groupId:wren"))
        #expect(account.kind == .account)
        #expect(try world.traits(of: "groupId:wren") == ["name": "\"Wren & Daughters\"", "seats": "5"])
        #expect(try world.reader.eventCount(of: account) == 2)
        #expect(try world.traits(of: "u1") == [:])
        #expect(try world.profile("u1")?.kind == .person)
    }
}
