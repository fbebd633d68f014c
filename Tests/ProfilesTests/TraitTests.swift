import TestSupport
import Testing
import Vocabulary

@Suite("Traits")
struct TraitTests {
    @Test("the later statement counts, not the one that arrived later")
    func laterTimeWins() async throws {
        let world = try World()
        try await world.play("""
            09:00  identify  userId=u1  plan=pro
            09:05  identify  userId=u1  plan=free  timestamp=08:00
            """)
        #expect(try world.traits(of: "u1") == ["plan": "\"pro\""])
        let history = try world.reader.history(of: #require(try world.profile("u1")))
        #expect(history["plan"]?.map(\.value.text) == ["\"free\"", "\"pro\""])
    }

    @Test("a statement dated in the future counts from when it was received, so that it can be corrected")
    func future() async throws {
        let world = try World()
        try await world.play("""
            09:00  identify  userId=u1  plan=pro   timestamp=2099-01-01T00:00:00Z
            09:05  identify  userId=u1  plan=late  timestamp=08:59:59
            """)
        #expect(try world.traits(of: "u1") == ["plan": "\"pro\""], "older than the receipt")
        try await world.play("09:06  identify  userId=u1  plan=free  timestamp=09:00")
        #expect(try world.traits(of: "u1") == ["plan": "\"free\""], "of one instant, what arrived later counts")
        let profile = try #require(try world.profile("u1"))
        #expect(try world.reader.history(of: profile)["plan"]?.map { "\($0.value.text) \($0.timestamp.iso8601)" } == [
            "\"late\" 2026-07-01T08:59:59.000Z", "\"pro\" 2026-07-01T09:00:00.000Z", "\"free\" 2026-07-01T09:00:00.000Z",
        ])
        func plan(asOf: String) throws -> String? { try world.reader.profile(profile, from: nil, asOf: StoryTime(asOf), knownAt: nil).traits.first?.value.text }
        #expect(try plan(asOf: "08:59") == nil)
        #expect(try plan(asOf: "09:00") == "\"free\"")
        try world.restart(snapshots: false)
        #expect(try world.traits(of: "u1") == ["plan": "\"free\""])
    }

    @Test("the same for an account, and across two devices of one person")
    func futureElsewhere() async throws {
        let world = try World()
        try await world.play("""
            09:00  group     userId=u1 groupId=wren         seats=4    timestamp=2099-01-01T00:00:00Z
            09:01  group     userId=u1 groupId=wren         seats=5
            09:02  identify  anonymousId=a1                 plan=pro   timestamp=2099-01-01T00:00:00Z
            09:03  identify  userId=u1                      plan=free
            09:04  identify  anonymousId=a1 userId=u1
            """)
        #expect(try world.traits(of: "groupId:wren") == ["seats": "5"])
        #expect(try world.traits(of: "a1") == ["plan": "\"free\""])
    }

    @Test("of two statements about one instant, the one that arrived later counts, on one device or two")
    func ties() async throws {
        let world = try World()
        try await world.play("""
            09:00  identify  userId=u1                 plan=a
            09:00  identify  userId=u1                 plan=b
            09:01  identify  anonymousId=a1            tea=green
            09:01  identify  userId=u1                 tea=black
            09:02  identify  userId=u1 anonymousId=a1
            """)
        #expect(try world.traits(of: "u1") == ["plan": "\"b\"", "tea": "\"black\""])
    }

    @Test("null clears a trait, and a late older value does not bring it back")
    func nullClears() async throws {
        let world = try World()
        try await world.play("""
            09:00  identify  userId=u1  phone=123 plan=pro
            09:10  identify  userId=u1  phone=null
            09:20  identify  userId=u1  phone=456  timestamp=09:05
            """)
        #expect(try world.traits(of: "u1") == ["plan": "\"pro\""])
        try world.restart()
        #expect(try world.traits(of: "u1") == ["plan": "\"pro\""])
        let profile = try #require(try world.profile("u1"))
        #expect(try world.reader.profile(profile, from: nil, asOf: StoryTime("09:07"), knownAt: nil).traits.first { $0.name == "phone" }?.value.text == "456")
    }

    @Test("context.traits and traits are one; where both name a trait, traits counts")
    func union() async throws {
        let world = try World()
        try await world.play("09:00  identify  userId=u1  plan=pro  context.traits.plan=free context.traits.city=Bath")
        #expect(try world.traits(of: "u1") == ["plan": "\"pro\"", "city": "\"Bath\""])
    }

    @Test("values keep the digits and the shape that were sent")
    func exact() async throws {
        let world = try World()
        let values = ["12345678901234567890", "0.10", "1e3", "-0", "\"007\"", "[1, 2,3]", "{\"a\" : null}", "\"\\u00e9\"", "false", "\"\""]
        let members = values.enumerated().map { "\"t\($0)\":\($1)" }.joined(separator: ",")
        try await world.send("{\"userId\":\"u1\",\"traits\":{\(members)}}", as: .single(.identify))
        for (number, value) in values.enumerated() { #expect(try world.traits(of: "u1")["t\(number)"] == value) }
        try world.restart()
        for (number, value) in values.enumerated() { #expect(try world.traits(of: "u1")["t\(number)"] == value) }
    }

    @Test("a track call's properties and traits are no traits of the person")
    func onlyIdentify() async throws {
        let world = try World()
        try await world.play("09:00  track  userId=u1  Order Completed  plan=pro  context.traits.city=Bath")
        #expect(try world.traits(of: "u1") == [:])
    }
}

/// A time of the story's first day.
func StoryTime(_ clock: String) -> Timestamp { Timestamp("2026-07-01T\(clock):00Z")! }
