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

    @Test("a rehearsal of it decides what it did, of who passed through the other", arguments: ["", ", on: exit, reason: goal", ", reason: [goal, exit]", ", reason: done", ", on: entry"])
    func rehearsed(trigger: String) async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey(Self.first + "\nholdout: 30%")
        let next = try await world.journey(Self.second(trigger, "key: data.key\nreentry: parallel"), id: "jny_2")
        var random = Random(Seed(7))
        for minute in 1..<200 {
            let user = "u\(random.below(12))"
            try await world.event(random.pick(["Signed Up", "Signed Up", "Order Completed", "Signed Out"]), user: user, "{\"plan\":\"\(random.pick(["free", "gold"]))\"}", at: minute)
            if random.chance(20) { try world.pass(to: minute) }
        }
        try world.pass(to: 400)
        let live = try world.intents.map(\.intent)
        let rehearsal = try world.follower.rehearse(next.journey, id: next.id, from: WalkingWorld.begin, to: WalkingWorld.minute(399), limit: 10_000)
        #expect(Set(rehearsal.decisions.map { "\($0.key) \($0.at.iso8601)" }) == Set(live.map { "\($0.key) \($0.decidedAt.iso8601)" }))
        #expect(live.count > 5 && rehearsal.gaps == [.journey])
        // Whom a stop takes out begins nothing, and is not rehearsed.
        try await world.event("Signed Up", user: "u1", #"{"plan":"free"}"#, at: 500)
        _ = try await world.follower.stop("jny_1")
        try world.pass(to: 700)
        let stopped = try world.follower.rehearse(next.journey, id: next.id, from: WalkingWorld.minute(499), to: WalkingWorld.minute(699), limit: 10_000)
        #expect(stopped.decisions.count == (trigger == ", on: entry" ? try world.intents.count - live.count : 0))
        // Behind the middle only what passed behind it.
        let middle = WalkingWorld.minute(100)
        let late = try world.follower.rehearse(next.journey, id: next.id, from: middle, to: WalkingWorld.minute(399), limit: 10_000)
        #expect(Set(late.decisions.map(\.key)) == Set(live.filter { $0.decidedAt >= middle }.map(\.key)))
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

    @Test("what happens right behind a timer is heard by those who began by it, though the timer is found due later", arguments: [1, 20, 49, 51])
    func behindTimer(milliseconds: Int64) async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey(Self.first)
        _ = try await world.journey("name: Next\ntrigger: {journey: Welcome}\nsteps: []", id: "jny_2")
        _ = try await world.journey("name: Third\ntrigger: {journey: Next}\nsteps: [{wait: {until: {event: '\"Order Shipped\"', then: [{exit: shipped}]}, timeout: 1 day}}]", id: "jny_3")
        try await world.event("Signed Up", user: "u1", #"{"plan":"x"}"#, at: 1)
        world.time.set(Timestamp(clamping: WalkingWorld.minute(61).milliseconds + milliseconds))
        world.world.clock.now = world.time.value
        try await world.world.send(#"{"batch":[{"type":"track","messageId":"2","userId":"u1","event":"Order Shipped","properties":{}}]}"#)
        try world.follower.settle()
        try world.pass(to: 62)
        let ends = try world.runs(of: "u1").map { "\($0.enteredAt.milliseconds - WalkingWorld.begin.milliseconds) \($0.end?.reason ?? "")" }
        #expect(ends.sorted() == ["3660000 finished", "3660000 shipped", "60000 done"])
    }

    @Test("two that pass in one millisecond are two", arguments: [("once", [""]), ("idle", [""]), ("parallel", ["", ""]), ("restart", ["", "restarted"])])
    func together(reentry: String, ends: [String]) async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey(Self.first)
        _ = try await world.journey(Self.second("", "reentry: \(reentry)").replacing("steps: [", with: "steps: [{wait: 1 day}, "), id: "jny_2")
        try world.pass(to: 1)
        try await world.world.send("""
            {"batch":[{"type":"track","messageId":"1","userId":"u1","event":"Signed Up","properties":{"plan":"free"}},{"type":"track","messageId":"2","userId":"u1","event":"Signed Up","properties":{"plan":"gold"}}]}
            """)
        try world.follower.settle()
        try world.pass(to: 100)
        #expect(try world.runs(of: "u1").filter { $0.instance.isEmpty }.map { $0.end?.reason ?? "" }.sorted() == ends)
        try world.pass(to: 2000)
        #expect(try world.decided.count == ends.count { $0.isEmpty })
    }

    @Test("what begins it by way of the other is not heard by it, whichever is asked first")
    func ownBeginning() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey(Self.first)
        for number in 2...7 {
            _ = try await world.journey("name: N\(number)\ntrigger: {journey: Welcome, reason: goal}\ngoal: {event: '\"Order Completed\"', within: 7 days}\nsteps: [{wait: 1 day}]", id: "jny_\(number)")
        }
        try await world.event("Signed Up", user: "u1", #"{"plan":"free"}"#, at: 1)
        try await world.event("Order Completed", user: "u1", at: 5)
        #expect(try world.runs(of: "u1").count { $0.isUnderWay && $0.conversion == nil } == 6)
        try await world.event("Order Completed", user: "u1", at: 6)
        #expect(try world.runs(of: "u1").count { $0.end?.reason == "goal" } == 7)
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

    @Test("hundreds in a row begin in one instant")
    func row() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey("name: N0\ntrigger: {event: '\"Signed Up\"'}\nsteps: []", id: "jny_0")
        for number in 1...400 { _ = try await world.journey("name: N\(number)\ntrigger: {journey: N\(number - 1)}\nsteps: [\(number == 400 ? "{message: m, purpose: p}" : "")]", id: "jny_\(number)") }
        try await world.event("Signed Up", user: "u1", at: 1)
        #expect(try world.decided == ["1 message-1"])
    }

    @Test("nobody is ahead of what is passed on to them, also where timers ring late")
    func late() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey("name: Welcome\ntrigger: {event: '\"Signed Up\"'}\nsteps: [{wait: 50 minutes}]")
        // Within it they wait 20 minutes, and then 90.
        _ = try await world.journey("name: Next\ntrigger: {journey: Welcome}\nsteps: [{wait: 20 minutes}, {wait: 90 minutes}, {message: m, purpose: p}]", id: "jny_2")
        try await world.event("Signed Up", user: "u1", at: 1)
        let person = try #require(try world.runs(of: "u1").first?.owner)
        _ = try await world.follower.enter("jny_2", profile: person, data: nil)
        world.time.set(WalkingWorld.minute(500))
        try world.pass(to: 500)
        #expect(try world.decided == ["111 message-1"])
    }

    @Test("what was due in a pause begins the other when it is over")
    func pause() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        let first = try await world.journey(Self.first)
        _ = try await world.journey(Self.second("").replacing("steps: [", with: "goal: {event: '\"Order Completed\"', within: 7 days}\nsteps: [{wait: 1 hour}, "), id: "jny_2")
        try await world.event("Signed Up", user: "u1", #"{"plan":"x"}"#, at: 1)
        _ = try await world.follower.pause(first.id)
        try world.pass(to: 100)
        #expect(try world.runs(of: "u1").count == 1)
        _ = try await world.follower.start(first.id)
        try world.pass(to: 101)
        #expect(try world.runs(of: "u1").first { $0.isUnderWay }?.enteredAt == WalkingWorld.minute(100))
        try await world.event("Order Completed", user: "u1", at: 110)
        try world.pass(to: 300)
        #expect(try world.decided == [] && world.runs(of: "u1").contains { $0.end?.reason == "goal" })
    }

    @Test("events of the key that was handed in are heard where they have it, in goals, exits and waits", arguments: [
        "goal: {event: '\"Order Completed\"', within: 7 days, sameKey: properties.cart}\nsteps: [{wait: 1 hour}]", "exits: [{event: '\"Order Completed\"', sameKey: properties.cart}]\nsteps: [{wait: 1 hour}]",
        "steps: [{wait: {until: [{event: '\"Order Completed\"', sameKey: properties.cart, then: [{exit: bought}]}], timeout: 1 hour}}]",
    ])
    func handedIn(rest: String) async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey("name: Welcome\ntrigger: {event: '\"Product Added\"'}\nkey: properties.cart\nsteps: []")
        let journey = try await world.journey("name: Next\ntrigger: {journey: Welcome}\nkey: data.key\n\(rest)", id: "jny_2")
        #expect(!journey.journey.asksForOwnKey)
        for cart in ["c1", "c2"] { try await world.event("Product Added", user: "u1", "{\"cart\":\"\(cart)\"}", at: 1) }
        try await world.event("Order Completed", user: "u1", #"{"cart":"c2"}"#, at: 5)
        #expect(try world.runs(of: "u1").filter { $0.isUnderWay }.map(\.instance) == ["c1"])
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
        #expect(try circle("trigger: {journey: J1}\nsteps: [{exit: done}]", "trigger: {journey: J0, reason: finished}\nsteps: []")?.isEndless == false, "that one never leaves by it")
        #expect(try circle("trigger: {journey: J1}\nsteps: [{exit: done}]", "trigger: {journey: J0, reason: done}\nsteps: []")?.isEndless == true)
        #expect(try circle("trigger: {journey: J1, reason: goal}\nsteps: []", "trigger: {journey: J0}\nsteps: []")?.isEndless == false)
        #expect(try circle("trigger: {event: '\"B\"'}\nsteps: []", back) == nil)
    }
}
