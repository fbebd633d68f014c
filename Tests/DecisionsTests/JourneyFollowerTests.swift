import Decisions
import EventLog
import Foundation
import Identity
import Privacy
import Segments
import Storage
import TestSupport
import Testing
import Vocabulary

@Suite("Journeys follow the log and the clock", .serialized)
struct JourneyFollowerTests {
    static let cart = """
        name: Cart
        trigger: {event: '"Product Added"'}
        goal: {event: '"Order Completed"', revenue: properties.total, within: 7 days}
        steps:
        - wait: 1 hour
        - filter: not (plan = "staff")
        - message: reminder
          purpose: email.offers
        - wait: {until: [{event: '"Order Completed"', then: [{exit: bought}]}], timeout: 1 day}
          otherwise:
          - trait: {cart: {from: event.properties.name}}
        """

    @Test("from an event to an intent, once and never early, with what templates see")
    func live() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey(Self.cart)
        try await world.event("Product Added", user: "u1", #"{"name":"oolong"}"#, at: 1)
        try await world.event("staff", user: "u2", #"{"plan":"staff"}"#, type: "identify", at: 2)
        try await world.event("Product Added", user: "u2", at: 3)
        try world.pass(to: 61)
        // The thread waits some milliseconds for events of the same instant.
        #expect(try world.decided == [])
        try world.pass(to: 62)
        try world.pass(to: 62)
        #expect(try world.decided == ["61 message-1"])
        let intent = try #require(try world.intents.first?.intent)
        #expect(intent.data["event"]?["properties"]?["name"]?.string == "oolong")
        #expect(intent.data["journey"]?["name"]?.string == "Cart")
        #expect(intent.profile.text == (try world.world.profile("u1")?.id))
        try world.pass(to: 62 + 1440)
        #expect(try world.runs(of: "u2").map { $0.end?.reason } == ["filtered"])
        #expect(try world.decided == ["61 message-1", "1501 trait-1"])
        guard case .record(let call) = try #require(try world.intents.last?.intent.effect) else { Issue.record("a trait is a record"); return }
        #expect(call.text == #"{"type":"identify","traits":{"cart":"oolong"}}"#)
    }

    @Test("results count who came, stands, left and bought, and what it was worth")
    func results() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        let kept = try await world.journey(Self.cart)
        for number in 1...4 { try await world.event("Product Added", user: "u\(number)", at: number) }
        try await world.event("Order Completed", user: "u1", #"{"total":12.5}"#, at: 30)
        try world.pass(to: 70)
        try await world.event("Order Completed", user: "u2", #"{"total":7.25}"#, at: 80)
        let results = try world.store.results(of: kept, steps: kept.journey)
        #expect(results.entered == 4)
        #expect(results.walked == JourneyResults.Arm(people: 4, converted: 2, revenue: 19.75, squares: 12.5 * 12.5 + 7.25 * 7.25))
        #expect(results.steps.map(\.at) == [0, 0, 0, 2, 0, 0])
        #expect(results.steps.map(\.arrived) == [4, 3, 3, 3, 0, 0])
        #expect(results.steps[2].decided == 3)
        #expect(results.ended.map { "\($0.reason) \($0.count)" } == ["goal 2"])
        #expect(results.lift == nil, "nobody was held out")
        let key = try #require(try world.intents.first?.intent.key)
        for _ in 0..<2 { try await world.event("Email Opened", user: "u2", "{\"message_key\":\"\(key)\",\"isMachine\":false}", at: 90, isOurs: true) }
        try await world.event("Email Opened", user: "u3", "{\"message_key\":\"\(key)\",\"isMachine\":true}", at: 91, isOurs: true)
        for name in ["Email Link Clicked", "Message Failed"] { try await world.event(name, user: "u2", "{\"message_key\":\"\(key)\"}", at: 92) }
        #expect(try world.store.results(of: kept, steps: kept.journey).steps[2].opened == 1, "a person counts once, a machine never")
        #expect(try world.store.results(of: kept, steps: kept.journey).steps[2].clicked == 0, "what a sender says of our messages is not believed")
        #expect(try world.store.results(of: kept, steps: kept.journey).steps[2].failed == 0)
    }

    @Test("what was begun before a merge goes on once, as the older run")
    func merge() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey(Self.cart)
        try await world.event("Product Added", user: "a1", at: 1)
        try await world.event("Product Added", user: "u1", at: 10)
        try await world.link("a1", "u1", at: 20)
        try world.pass(to: 100)
        #expect(try world.decided == ["61 message-1"])
        #expect(Set(try world.runs(of: "u1").map { $0.end?.reason }) == [nil, "merged"])
        #expect(try world.intents.first?.intent.profile.text == (try world.world.profile("u1")?.id))
    }

    @Test("erasure leaves no run, and nobody named in the file")
    func erasure() async throws {
        let folder = TemporaryFolder()
        let world = try WalkingWorld(in: folder)
        defer { world.close() }
        let kept = try await world.journey(Self.cart.replacing("steps:", with: "key: properties.cartId\nsteps:"))
        try await world.event("Product Added", user: "u1", #"{"cartId":"MARKED-CART"}"#, at: 1)
        try await world.event("Product Added", user: "u2", #"{"cartId":"c2"}"#, at: 1)
        try world.pass(to: 100)
        let subject = try #require(world.world.stages.profiles.subject(Identifier(.userId, "u1")))
        #expect(try world.follower.erase(subject) == 1)
        #expect(try IntentEraser(world.database, graph: world.world.stages.graph, lock: world.world.stages.lock).erase(subject) == 1)
        #expect(try world.store.results(of: kept, steps: kept.journey).steps.map(\.at).reduce(0, +) == 1)
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasPrefix("decisions") {
            let bytes = FileManager.default.contents(atPath: "\(folder.path)/\(file)") ?? Data()
            #expect(bytes.range(of: Data("MARKED-CART".utf8)) == nil, "\(file)")
        }
    }

    @Test("people in an older version finish it, are moved by step, or leave")
    func versions() async throws {
        for policy in JourneyFollower.Policy.allCases {
            let world = try WalkingWorld()
            defer { world.close() }
            let old = "name: V\ntrigger: {event: '\"A\"'}\nsteps: [{id: pause, wait: 1 hour}, {id: old, message: m, purpose: p}]"
            _ = try await world.journey(old)
            try await world.event("A", user: "u1", at: 1)
            _ = try world.store.save("jny_1", JourneyDocument(yaml: old.replacing("id: old", with: "id: new")), author: "ada", at: world.time.value)
            let kept = try #require(world.store.find("jny_1"))
            #expect(try world.store.standing(in: kept).map { "\($0.version) \($0.step) \($0.count)" } == ["1 pause 1"])
            let count = try await world.follower.start("jny_1", policy: policy)
            try await world.event("A", user: "u2", at: 2)
            try world.pass(to: 100)
            #expect(count == (policy == .finish ? 0 : 1))
            #expect(try world.decided == (policy == .finish ? ["61 old", "62 new"] : policy == .migrate ? ["61 new", "62 new"] : ["62 new"]))
        }
    }

    @Test("who is moved to a version that leads to the same step again gets nothing a second time")
    func decidedBefore() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        let old = "name: V\ntrigger: {event: '\"A\"'}\nsteps: [{id: first, message: m, purpose: p}, {id: pause, wait: 1 hour}, {id: second, message: m, purpose: p}]"
        _ = try await world.journey(old)
        try await world.event("A", user: "u1", at: 1)
        let new = "name: V\ntrigger: {event: '\"A\"'}\nsteps: [{id: pause, wait: 1 hour}, {id: first, message: m, purpose: p}, {id: second, message: m, purpose: p}]"
        _ = try world.store.save("jny_1", JourneyDocument(yaml: new), author: "ada", at: world.time.value)
        #expect(try await world.follower.start("jny_1", policy: .migrate) == 1)
        try await world.event("A", user: "u2", at: 2)
        try world.pass(to: 100)
        #expect(try world.decided == ["1 first", "61 second", "62 first", "62 second"])
        #expect(try world.runs(of: "u1")[0].notes.filter { $0.what == .decided }.map(\.step) == ["first", "second"])
    }

    @Test("pausing holds everyone where they stand; starting again lets late timers ring; stopping ends every run")
    func states() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey(Self.cart)
        try await world.event("Product Added", user: "u1", at: 1)
        #expect(try await world.follower.pause("jny_1"))
        try await world.event("Product Added", user: "u2", at: 2)
        try world.pass(to: 200)
        #expect(try world.decided == [])
        _ = try await world.follower.start("jny_1")
        try world.pass(to: 201)
        #expect(try world.decided == ["61 message-1"])
        #expect(try await world.follower.stop("jny_1") == 1)
        #expect(try world.runs(of: "u1").map { $0.end?.reason } == ["stopped"])
        #expect(try world.runs(of: "u2").isEmpty)
    }

    @Test("what was sent before a journey was stopped goes on being counted, and orders while their time runs; nobody begins")
    func stoppedCounts() async throws {
        let folder = TemporaryFolder()
        var world = try WalkingWorld(in: folder)
        let kept = try await world.journey("name: J\ntrigger: {event: '\"A\"'}\ngoal: {event: '\"Order Completed\"', revenue: properties.total, within: 7 days}\nsteps: [{message: m, purpose: p}, {wait: 1 hour}]")
        for number in 1...4 { try await world.event("A", user: "u\(number)", at: number) }
        try world.pass(to: 100)
        let keys = try world.intents.map(\.intent.key)
        #expect(try await world.follower.stop("jny_1") == 0)
        func told() throws -> String {
            let results = try world.store.results(of: kept, steps: kept.journey)
            return "\(results.entered) entered, \(results.steps[0].sent) sent, \(results.steps[0].clicked) clicked, \(results.walked.converted) bought for \(results.walked.revenue)"
        }
        try await world.event("Message Sent", user: "u1", "{\"message_key\":\"\(keys[0])\"}", at: 101, isOurs: true)
        try await world.event("Email Link Clicked", user: "u1", "{\"email_id\":\"\(keys[0])\",\"isMachine\":false}", at: 102, isOurs: true)
        try await world.event("Order Completed", user: "u1", #"{"total":10}"#, at: 103)
        try await world.event("A", user: "u5", at: 104)
        #expect(try told() == "4 entered, 1 sent, 1 clicked, 1 bought for 10.0")
        // A server that starts again knows it, too.
        world.close()
        world = try WalkingWorld(in: folder, at: WalkingWorld.minute(200))
        defer { world.close() }
        try await world.event("Message Sent", user: "u2", "{\"message_key\":\"\(keys[1])\"}", at: 201, isOurs: true)
        try await world.event("Order Completed", user: "u2", #"{"total":5}"#, at: 202)
        try await world.event("Order Completed", user: "u3", #"{"total":3}"#, at: 7 * 1440 + 5)
        #expect(try told() == "4 entered, 2 sent, 1 clicked, 2 bought for 15.0")
        try await world.event("Email Link Clicked", user: "u3", "{\"email_id\":\"\(keys[2])\",\"isMachine\":false}", at: 20 * 1440, isOurs: true)
        #expect(try told() == "4 entered, 2 sent, 2 clicked, 2 bought for 15.0")
    }

    @Test("the API puts somebody in with data, and is told when re-entry forbids it")
    func api() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey("name: P\ntrigger: {api: true}\nkey: data.order\nreentry: once\nsteps: [{message: m, purpose: p}]")
        try await world.event("A", user: "u1", at: 1)
        let profile = try #require(try world.world.profile("u1"))
        let id = try #require(ProfileID(profile.id))
        let data = JSONText(trusted: Array(#"{"order":"o1"}"#.utf8))
        #expect(try await world.follower.enter("jny_1", profile: id, data: data)?.map(\.instance) == ["o1"])
        #expect(try await world.follower.enter("jny_1", profile: id, data: data)?.count == 0)
        #expect(try await world.follower.enter("jny_1", profile: id, data: nil)?.count == 0, "without its key nothing begins")
        #expect(try world.intents.map { $0.intent.data["data"]?["order"]?.string } == ["o1"])
    }

    @Test("a day counts for whoever came to be known shortly before it, or after it")
    func lateDates() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        let triggers = ["{date: signup, offsetDays: 1, yearly: false}", "{date: signup, offsetDays: 7}", "{date: signup, offsetDays: 7, yearly: false}", "{date: old, offsetDays: 4, yearly: false}", "{date: birthday}", "{date: customer.birthday, offsetDays: -1}"]
        for (number, trigger) in triggers.enumerated() { _ = try await world.journey("name: D\(number)\ntrigger: \(trigger)\nsteps: [{id: s\(number), message: m, purpose: p}]", id: "jny_\(number)") }
        try await world.event("x", user: "u1", #"{"signup":"2026-07-01","old":"2026-06-29","birthday":"1990-07-02","customer":{"birthday":"1990-07-04"}}"#, type: "identify", at: 600)
        for minute in stride(from: 615, through: 10 * 1440, by: 15) { try world.pass(to: minute) }
        let nine = 540
        #expect(try world.decided == ["\(1440 + nine) s0", "\(1440 + nine) s4", "\(2 * 1440 + nine) s3", "\(2 * 1440 + nine) s5", "\(7 * 1440 + nine) s1", "\(7 * 1440 + nine) s2"])
    }

    @Test("a schedule keeps every day of the week that it names")
    func weekdays() async throws {
        let world = try WalkingWorld(segments: ["drinkers": "tea = true"])
        defer { world.close() }
        try await world.event("x", user: "u1", #"{"tea":true}"#, type: "identify", at: 0)
        _ = try await world.journey("name: W\ntrigger: {schedule: week, on: [sat, thu], at: '09:00', segment: drinkers}\nsteps: [{message: m, purpose: p}]")
        for minute in stride(from: 30, through: 9 * 1440, by: 30) { try world.pass(to: minute) }
        // July 1 is a Wednesday.
        #expect(try world.decided == [1, 3, 8].map { "\($0 * 1440 + 540) message-1" })
    }

    @Test("who is moved waits as long as the new version says, counted from when they came", arguments: [("2 days", "1 hour", 61), ("1 hour", "2 days", 1 + 2880), ("1 hour", "10 minutes", 30)])
    func movedTimers(old: String, new: String, minute: Int) async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        let yaml = "name: V\ntrigger: {event: '\"A\"'}\nsteps: [{id: pause, wait: \(old)}, {message: m, purpose: p}]"
        _ = try await world.journey(yaml)
        try await world.event("A", user: "u1", at: 1)
        try world.pass(to: 30)
        _ = try world.store.save("jny_1", JourneyDocument(yaml: yaml.replacing(old, with: new)), author: "ada", at: world.time.value)
        #expect(try await world.follower.start("jny_1", policy: .migrate) == 1)
        for minute in [31, 62, 100, 3000] { try world.pass(to: minute) }
        #expect(try world.decided == ["\(minute) message-1"])
    }

    @Test("a value that is not there leaves a trait as it is")
    func missing() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey("name: T\ntrigger: {event: '\"A\"'}\nsteps: [{trait: {cart: {from: event.properties.cart}, seen: true}}]")
        try await world.event("A", user: "u1", at: 1)
        guard case .record(let call) = try #require(try world.intents.last?.intent.effect) else { Issue.record("a trait is a record"); return }
        #expect(call.text == #"{"type":"identify","traits":{"seen":true}}"#)
    }

    @Test("where no trait says where a person's clock is, their newest device does")
    func deviceZone() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey("name: B\ntrigger: {date: birthday, at: '09:00'}\nzone: Europe/Madrid\nsteps: [{message: m, purpose: p}]")
        let born = #"{"birthday":"1990-07-02"}"#
        try await world.event("x", user: "u1", born, type: "identify", at: 1, #""context":{"timezone":"Asia/Tokyo"}"#)
        try await world.event("x", user: "u1", at: 2, #""context":{"timezone":"America/New_York"}"#)
        // No zones: these change nothing.
        try await world.event("x", user: "u1", at: 3, #""context":{"timezone":"Atlantis/Capital"}"#)
        try await world.event("x", user: "u1", at: 3, #""context":{"device":{"timezone":"Asia/Tokyo"},"timezone":9}"#)
        try await world.event("x", user: "u2", #"{"birthday":"1990-07-02","timezone":"Asia/Tokyo"}"#, type: "identify", at: 3, #""context":{"timezone":"America/New_York"}"#)
        try await world.event("x", user: "u3", born, type: "identify", at: 3)
        for minute in stride(from: 5, through: 3 * 1440, by: 10) { try world.pass(to: minute) }
        // July 2: nine in Tokyo is midnight UTC, in Madrid 07:00, in New York 13:00.
        #expect(try world.decided == ["1440 message-1", "\(1440 + 420) message-1", "\(1440 + 780) message-1"])
    }

    @Test("a date begins a journey on the person's own day, once a year")
    func date() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey("name: B\ntrigger: {date: birthday, offsetDays: -2, at: '09:00'}\nzone: Europe/Madrid\nsteps: [{message: m, purpose: p}]")
        try await world.event("x", user: "u1", #"{"birthday":"1990-07-05"}"#, type: "identify", at: 1)
        try await world.event("x", user: "u2", #"{"birthday":"1980-07-05","timezone":"America/New_York"}"#, type: "identify", at: 1)
        try await world.event("x", user: "u3", #"{"birthday":"1980-08-05"}"#, type: "identify", at: 1)
        for minute in stride(from: 5, through: 5 * 1440, by: 10) { try world.pass(to: minute) }
        // July 3: nine in Madrid is 07:00 UTC, in New York 13:00.
        #expect(try world.decided == ["\(2 * 1440 + 420) message-1", "\(2 * 1440 + 780) message-1"])
    }

    @Test("a date begins at its minute, and not only at quarters of an hour")
    func dateAtMinute() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey("name: B\ntrigger: {date: birthday, at: '09:07'}\nzone: Europe/Madrid\nsteps: [{message: m, purpose: p}]")
        try await world.event("x", user: "u1", #"{"birthday":"1990-07-03"}"#, type: "identify", at: 1)
        // Nepal is 5 hours and 45 minutes ahead.
        try await world.event("x", user: "u2", #"{"birthday":"1980-07-03","timezone":"Asia/Kathmandu"}"#, type: "identify", at: 1)
        let (nepal, madrid) = (2 * 1440 + 202, 2 * 1440 + 427)
        for minute in [5, nepal - 1] { try world.pass(to: minute) }
        #expect(try world.decided.isEmpty)
        for minute in [nepal, madrid - 1] { try world.pass(to: minute) }
        #expect(try world.decided == ["\(nepal) message-1"])
        try world.pass(to: madrid)
        #expect(try world.decided == ["\(nepal) message-1", "\(madrid) message-1"])
    }

    @Test("a day with a clock and an offset is the day that is written, by everybody's clock")
    func writtenDay() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        for (number, trigger) in ["{date: birthday, at: '09:00'}", "{date: due, at: '09:00', yearly: false}"].enumerated() {
            _ = try await world.journey("name: D\(number)\ntrigger: \(trigger)\nsteps: [{id: s\(number), message: m, purpose: p}]", id: "jny_\(number)")
        }
        for (number, (clock, zone)) in [("T00:30:00+14:00", "Pacific/Kiritimati"), ("T00:30:00+14:00", "Etc/GMT+12"), ("T23:30:00-12:00", "Pacific/Kiritimati"), ("T23:30:00-12:00", "Etc/GMT+12")].enumerated() {
            try await world.event("x", user: "u\(number)", "{\"birthday\":\"1990-07-03\(clock)\",\"due\":\"2026-07-03\(clock)\",\"timezone\":\"\(zone)\"}", type: "identify", at: 1)
        }
        for minute in stride(from: 15, through: 5 * 1440, by: 15) { try world.pass(to: minute) }
        // Nine on July 3: 19:00 of the day before in UTC, and 21:00.
        let (east, west) = (1440 + 1140, 2 * 1440 + 1260)
        #expect(try world.decided.sorted() == ["\(east) s0", "\(east) s0", "\(east) s1", "\(east) s1", "\(west) s0", "\(west) s0", "\(west) s1", "\(west) s1"].sorted())
    }

    @Test("who moves while waiting for a time of day waits for it by the new clock, and inaction is not over sooner", arguments: [true, false])
    func moved(_ isTold: Bool) async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        _ = try await world.journey("name: W\ntrigger: {event: '\"A\"'}\nsteps: [{wait: {at: '09:30'}}, {message: m, purpose: p}]")
        _ = try await world.journey("name: I\ntrigger: {inaction: '\"A\"', without: '\"B\"', within: 1 day}\nsteps: [{id: i, message: m, purpose: p}]", id: "jny_2")
        func tell(_ user: String, _ zone: String, at minute: Int) async throws { try await world.event("A", user: user, at: minute, "\"context\":{\"timezone\":\"\(zone)\"}") }
        try await tell("u1", "America/New_York", at: 1)
        try await tell("u2", "Europe/Madrid", at: 2)
        for (user, zone) in [("u1", "Europe/Madrid"), ("u2", "America/New_York")] {
            try await world.event("x", user: user, at: 10, "\"context\":{\"timezone\":\"\(zone)\"}")
            let id = try #require(try world.world.profile(user).flatMap { ProfileID($0.id) })
            if isTold { try world.follower.moved([id]) }
        }
        for minute in stride(from: 11, through: 1500, by: 1) { try world.pass(to: minute) }
        // 07:30 in UTC is half past nine in Madrid, and 13:30 in New York. Whoever is not told of rings at the instant of the clock before, at the earliest.
        #expect(try world.decided == [isTold ? "450 message-1" : "810 message-1", "810 message-1", "1441 i", "1442 i"])
    }
}
