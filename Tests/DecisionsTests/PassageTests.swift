import Decisions
import Storage
import TestSupport
import Testing
import Vocabulary

@Suite("Journeys that begin by another journey", .serialized)
struct PassageTests {
    private static let first = """
        name: Welcome
        trigger: {event: '"Signed Up"'}
        key: properties.plan
        reentry: idle
        goal: {event: '"Order Completed"', within: 7 days}
        exits: [{event: '"Signed Out"'}]
        steps: [{wait: 1 hour}, {filter: everyone}, {exit: done}]
        """
    private static func second(_ trigger: String, _ rest: String = "") -> String { "name: Next\ntrigger: {journey: Welcome\(trigger)}\n\(rest)\nsteps: [{message: m, purpose: p}]" }

    @Test("who leaves begins it at that very instant, by whatever way they left; who comes in where that is asked for", arguments: [
        ("", ["5", "8", "61"]), (", on: exit, reason: goal", ["5"]), (", reason: [goal, exit]", ["5", "8"]), (", reason: done", ["61"]), (", on: entry", ["1", "1", "1"]), (", reason: maximum", []),
    ])
    func instants(trigger: String, expected: [String]) async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey(Self.first)
        _ = try await world.journey(Self.second(trigger), id: "jny_2")
        for user in ["u1", "u2", "u3"] { try await world.event("Signed Up", user: user, #"{"plan":"free"}"#, at: 1) }
        try await world.event("Order Completed", user: "u1", at: 5)
        try await world.event("Signed Out", user: "u2", at: 8)
        try world.pass(to: 200)
        #expect(try world.decided.map { String($0.prefix { $0 != " " }) }.sorted() == expected.sorted())
    }

    @Test("it hands on its name, its key and the reason, and its key may be the other's")
    func data() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey(Self.first)
        _ = try await world.journey(Self.second(", reason: done", "key: data.key\nreentry: once"), id: "jny_2")
        for plan in ["free", "gold"] { try await world.event("Signed Up", user: "u1", "{\"plan\":\"\(plan)\"}", at: 1) }
        try world.pass(to: 90)
        #expect(try world.runs(of: "u1").filter { $0.step == "message-1" }.map(\.instance).sorted() == ["free", "gold"])
        #expect(try world.intents.compactMap { $0.intent.data["data"]?["key"]?.string }.sorted() == ["free", "gold"])
        #expect(try world.intents.compactMap { $0.intent.data["data"]?["reason"]?.string } == ["done", "done"])
        #expect(try world.intents.first?.intent.data["data"]?["journey"]?.string == "Welcome")
    }

    @Test("what happens right after is heard by the one that was begun, in the same round")
    func sameRound() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey(Self.first)
        _ = try await world.journey("name: Next\ntrigger: {journey: Welcome, reason: goal}\nsteps: [{wait: {until: {event: '\"Order Shipped\"', then: [{exit: shipped}]}, timeout: 1 day}}]", id: "jny_2")
        try world.pass(to: 1)
        try await world.world.send("""
            {"batch":[{"type":"track","messageId":"1","userId":"u1","event":"Signed Up","properties":{"plan":"x"}},{"type":"track","messageId":"2","userId":"u1","event":"Order Completed","properties":{}},{"type":"track","messageId":"3","userId":"u1","event":"Order Shipped","properties":{}}]}
            """)
        try world.follower.settle()
        try world.pass(to: 2)
        #expect(try world.runs(of: "u1").compactMap { $0.end?.reason }.sorted() == ["goal", "shipped"])
    }

    @Test("who is held out passes on to none, nor does who is taken out since the journey is stopped or another version of it is started")
    func nobody() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        let held = try await world.journey(Self.first + "\nholdout: 100%")
        _ = try await world.journey(Self.second(""), id: "jny_2")
        _ = try await world.journey(Self.second(", on: entry").replacing("Next", with: "Entered"), id: "jny_3")
        try await world.event("Signed Up", user: "u1", #"{"plan":"free"}"#, at: 1)
        try world.pass(to: 100)
        #expect(try world.decided == [])
        _ = try await world.journey(Self.first)
        try await world.event("Signed Up", user: "u2", #"{"plan":"free"}"#, at: 101)
        #expect(try world.decided == ["101 message-1"])
        _ = try await world.follower.stop(held.id)
        try world.pass(to: 300)
        #expect(try world.decided == ["101 message-1"])
    }

    @Test("three in a row begin in one instant, and a circle of those ends after fifty times")
    func chain() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        func next(_ name: String, _ other: String) -> String { "name: \(name)\ntrigger: {journey: \(other)}\nreentry: parallel\nsteps: [{message: m, purpose: p}]" }
        _ = try await world.journey("name: A\ntrigger: {event: '\"Signed Up\"'}\nsteps: [{message: m, purpose: p}]")
        _ = try await world.journey(next("B", "A"), id: "jny_2")
        _ = try await world.journey(next("C", "B"), id: "jny_3")
        try await world.event("Signed Up", user: "u1", at: 1)
        #expect(try world.decided == ["1 message-1", "1 message-1", "1 message-1"])
        // Nothing but the server's check stands in the way of these.
        _ = try await world.journey(next("D", "E").replacing("reentry: parallel", with: "reentry: parallel\nkey: data.key"), id: "jny_4")
        _ = try await world.journey("name: E\ntrigger: {journey: D}\nreentry: parallel\nsteps: [{wait: 1 second}]", id: "jny_5")
        _ = try await world.follower.enter("jny_5", profile: #require(try world.runs(of: "u1").first?.owner), data: nil)
        for minute in 2...30 { try world.pass(to: minute) }
        let runs = try world.runs(of: "u1").count { $0.enteredAt > WalkingWorld.minute(1) }
        #expect(runs <= 2 * 51, "\(runs) runs")
    }

    @Test("over a restart nobody begins twice, and nobody is left out")
    func restart() async throws {
        let folder = TemporaryFolder()
        let world = try WalkingWorld(in: folder)
        _ = try await world.journey(Self.first)
        _ = try await world.journey(Self.second(", reason: done"), id: "jny_2")
        for number in 1...20 { try await world.event("Signed Up", user: "u\(number)", #"{"plan":"free"}"#, at: number) }
        try world.pass(to: 70)
        let before = try world.decided
        world.close()
        let again = try WalkingWorld(in: folder, at: WalkingWorld.minute(75))
        defer { again.close() }
        try again.pass(to: 100)
        #expect(before.count == 9)
        #expect(try again.decided == (1...20).map { "\($0 + 60) message-1" })
    }

    @Test("a trigger that is none is refused with its place", arguments: [
        ("{journey: Next}", "/trigger/journey"), ("{journey: ''}", "/trigger/journey"), ("{journey: A, on: end}", "/trigger/on"), ("{journey: A, reason: []}", "/trigger/reason"), ("{journey: A, on: entry, reason: goal}", "/trigger/reason"),
    ])
    func refused(trigger: String, place: String) throws {
        let fault = #expect(throws: JourneyFault.self) { try Journey(json: JourneyYAML.json("name: Next\ntrigger: \(trigger)\nsteps: []")) }
        #expect(fault?.place == place)
    }

    @Test("circles by journeys are found")
    func circles() throws {
        func circle(_ yamls: String...) throws -> JourneyCircle? {
            JourneyCircle.through("jny_0", try yamls.enumerated().map { (id: "jny_\($0)", journey: try Journey(json: JourneyYAML.json("name: J\($0)\n\($1)"))) }) { _ in nil }
        }
        let back = "trigger: {journey: J0}\nsteps: [{event: A}]"
        let endless = try #require(try circle("trigger: {event: '\"A\"'}\nsteps: [{trait: {x: 1}}]", back))
        #expect(endless.isEndless && endless.sentence == "`J0` begins `J1`; `J1` writes `A`, which begins `J0`")
        let waits = try #require(try circle("trigger: {event: '\"A\"'}\nsteps: [{wait: 1 hour}]", back))
        #expect(!waits.isEndless)
        #expect(try circle("trigger: {event: '\"A\"'}\nsteps: [{wait: 1 hour}]", back.replacing("J0", with: "jny_0"))?.links.count == 2, "by its id as well")
        #expect(try circle("trigger: {event: '\"A\"'}\nreentry: parallel\nsteps: [{wait: 1 hour}]", back.replacing("J0", with: "J0, on: entry"))?.isEndless == true, "coming in waits for nothing")
        #expect(try circle("trigger: {journey: J1}\nsteps: []", "trigger: {journey: J0}\nsteps: []")?.isEndless == true)
        #expect(try circle("trigger: {journey: J1, reason: goal}\nsteps: []", "trigger: {journey: J0}\nsteps: []")?.isEndless == false)
        #expect(try circle("trigger: {event: '\"B\"'}\nsteps: []", back) == nil)
    }
}
