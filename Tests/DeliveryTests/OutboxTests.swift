import Decisions
import Delivery
import Foundation
import Identity
import Privacy
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite("The outbox", .serialized)
struct OutboxTests {
    @Test("no cap is exceeded however many decide at once, and each message goes once")
    func caps() async throws {
        let channel = StubChannel()
        let sending = try Sending(channel)
        let people = try await sending.people(isSoak ? 10_000 : 500)
        let each = isSoak ? 13 : 5
        try sending.policy.save(SendingPolicy(caps: [.init(name: "day", limit: 2, minutes: 1440), .init(name: "topic", limit: 1, minutes: 1440, per: [.topic])]), author: "ada", at: Sending.now())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                let intents = people.enumerated().flatMap { index, person in (0..<each).map { sending.intent("\(task):\(index):\($0)", person, topic: "t\($0 % 3)") } }.shuffled()
                let outbox = sending.outbox
                group.addTask { for start in stride(from: 0, to: intents.count, by: 50) { try outbox.submit(Array(intents[start..<min(start + 50, intents.count)])) } }
            }
            try await group.waitForAll()
        }
        try await sending.settle()
        let counts = Dictionary(grouping: channel.messages, by: \.profile).mapValues(\.count)
        #expect(counts.count == people.count && counts.values.allSatisfy { $0 == 2 }, "each gets exactly two")
        #expect(Set(channel.messages.map(\.key)).count == 2 * people.count)
        #expect(try sending.records(.refused).allSatisfy { $0.reason == .capped })
    }

    @Test("the other side is left alone after ten failures in a row, and no eleventh was on its way", arguments: [1, 8])
    func breaker(_ concurrency: Int) async throws {
        let channel = StubChannel(concurrency: concurrency) { _ in .deferred(reason: "busy", after: nil) }
        // A clock that stands: nothing is tried again, and the pause has no end.
        let now = Timestamp(clamping: Sending.now().milliseconds + 60_000)
        let sending = try Sending(channel, clock: { now })
        let people = try await sending.people(60)
        try sending.outbox.submit(people.enumerated().map { sending.intent("\($0)", $1) })
        try await sending.eventually { try sending.records(.retrying).count >= 10 && sending.records(.underway).isEmpty }
        try await Task.sleep(for: .milliseconds(200))
        #expect(channel.messages.count == 10)
        #expect(try sending.records(.waiting).count == 50)
    }

    @Test("what is not wanted any more when it is sent is not sent, and what its journey holds waits")
    func wanted() async throws {
        let channel = StubChannel()
        let sending = try Sending(channel)
        let people = try await sending.people(1)
        sending.outbox.onSending { intents in intents.map { $0.key == "gone" ? .isVoid("goal") : $0.key == "paused" ? .waits : .isWanted } }
        for key in ["gone", "wanted", "paused"] { try sending.outbox.submit([sending.intent(key, people[0])]) }
        try await sending.eventually { try sending.outbox.find(key: "paused")?.reason == .journeyPaused }
        #expect(channel.messages.map(\.key) == ["wanted"])
        let gone = try #require(try sending.outbox.find(key: "gone"))
        #expect(gone.state == .refused && gone.reason == .unwanted && gone.detail == "goal")
    }

    @Test("a cap that waits lets the more urgent one through first")
    func urgency() async throws {
        let channel = StubChannel()
        let sending = try Sending(channel)
        let person = try await sending.people(1)[0]
        try sending.policy.save(SendingPolicy(caps: [.init(name: "day", limit: 1, minutes: 1440)]), author: "ada", at: Sending.now())
        let soon = Timestamp(clamping: Sending.now().milliseconds + 500)
        try sending.outbox.submit([sending.intent("calm", person, priority: 10, notBefore: soon), sending.intent("urgent", person, priority: 90, notBefore: soon)])
        try await sending.settle()
        #expect(channel.messages.map(\.key) == ["urgent"])
        #expect(try sending.outbox.find(key: "calm")?.reason == .capped)
    }

    @Test("for each person one after the other, in the order decided, though some fail now and then")
    func order() async throws {
        let tries = Mutex<[String: Int]>([:])
        let channel = StubChannel { message in
            let count = tries.withLock { tries in
                tries[message.key, default: 0] += 1
                return tries[message.key] ?? 0
            }
            return count == 1 && message.key.hasSuffix("3") ? .deferred(reason: "busy", after: nil) : .accepted(receipt: message.key)
        }
        let sending = try Sending(channel)
        let people = try await sending.people(20)
        for number in 0..<6 { try sending.outbox.submit(people.enumerated().map { sending.intent("\($0):\(number)", $1) }) }
        try await sending.settle()
        for (index, person) in people.enumerated() {
            let keys = channel.messages.filter { $0.profile == person.text }.map(\.key)
            #expect(keys == [0, 1, 2, 3, 3, 4, 5].map { "\(index):\($0)" })
        }
        #expect(try sending.records(.sent).count == 120)
    }

    @Test("a stop in the middle leaves nothing as under way that no channel was handed")
    func stopping() async throws {
        let channel = StubChannel(concurrency: 16) { _ in
            try? await Task.sleep(for: .milliseconds(2))
            return .accepted(receipt: "")
        }
        let sending = try Sending(channel)
        let people = try await sending.people(500)
        try sending.outbox.submit(people.enumerated().map { sending.intent("\($0)", $1) })
        try await sending.eventually { channel.messages.count > 20 }
        sending.outbox.stop()
        // Those that were on their way to it arrive.
        try await sending.eventually {
            let handed = Set(channel.messages.map(\.key))
            return try sending.records(.underway).allSatisfy { handed.contains($0.intent.key) }
        }
        #expect(try channel.messages.count < 500 && !sending.records(.waiting).isEmpty)
    }

    @Test("what waits for a connection has no leave yet: who says no, is forgotten or becomes another meanwhile is obeyed")
    func lastMoment() async throws {
        let gate = Gate()
        let channel = StubChannel(before: { await gate.pass() })
        let sending = try Sending(channel)
        let people = try await sending.people(4)
        try sending.outbox.submit(people.enumerated().map { sending.intent("\($0)", $1) })
        try await sending.eventually { gate.waiting == 4 }
        let ledger = sending.world.stages.ledger
        func say(_ state: ConsentStatement.State, _ identifier: Identifier) throws {
            try ledger.state([ConsentStatement(ConsentScope(ConsentPurpose("marketing")), state, at: Sending.now())], of: [identifier], at: Sending.now())
        }
        try say(.withdrawn, Identifier(.userId, "u0"))
        try ledger.suppress(address: "u1", .manual, at: Sending.now())
        // The third becomes one with a device that said no.
        try await sending.world.send("{\"batch\":[{\"type\":\"track\",\"event\":\"Tea Steeped\",\"messageId\":\"d1\",\"anonymousId\":\"d\"}]}")
        try say(.withdrawn, Identifier(.anonymousId, "d"))
        try await sending.world.send("{\"batch\":[{\"type\":\"identify\",\"messageId\":\"d2\",\"anonymousId\":\"d\",\"userId\":\"u2\"}]}")
        gate.open()
        try await sending.settle()
        #expect(channel.messages.map(\.key) == ["3"])
        let reasons = try sending.records(.refused).map { "\($0.intent.key) \($0.reason.rawValue)" }.sorted()
        #expect(reasons == ["0 delivery.consent-withdrawn", "1 delivery.address-suppressed", "2 delivery.consent-withdrawn"])
    }

    @Test("a stop waits for answers to what was begun and writes them down; what only waited for a connection waits as before, and goes first")
    func stopWaits() async throws {
        let gate = Gate()
        let begun = Mutex(0)
        let slow: @Sendable (OutgoingMessage) async -> HandOver = { _ in
            try? await Task.sleep(for: .milliseconds(400))
            return .accepted(receipt: "")
        }
        let channel = StubChannel(slow, before: { if begun.withLock({ $0 += 1; return $0 }) > 2 { await gate.pass() } })
        let sending = try Sending(channel)
        let people = try await sending.people(5)
        try sending.outbox.submit(people.enumerated().map { sending.intent("\($0)", $1) })
        try await sending.eventually { gate.waiting == 3 && channel.messages.count == 2 }
        let outbox = sending.outbox
        outbox.halt()
        gate.open()
        await withCheckedContinuation { continuation in Thread { outbox.stop(); continuation.resume() }.start() }
        #expect(try sending.records(.sent).count == 2 && sending.records(.underway).isEmpty)
        let waiting = try sending.records(.waiting)
        #expect(waiting.count == 3 && waiting.allSatisfy { $0.attempts == 0 && $0.lost == 0 })
    }

    @Test("whose sharing is withdrawn while a call waits for a connection is not told of")
    func sharing() async throws {
        let gate = Gate()
        let sending = try Sending(StubChannel(), calling: { lastly in
            await gate.pass()
            guard case .stop(let instead) = lastly() else { return .accepted(receipt: "") }
            return instead
        })
        let people = try await sending.people(2)
        _ = try sending.destinations.create(Destination(id: "dst_1", name: "partner", url: "https://partner.example/", secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], isSharing: true), author: "ada", at: Sending.now())
        func say(_ state: ConsentStatement.State, _ user: String) throws {
            try sending.world.stages.ledger.state([ConsentStatement(ConsentScope(.sharing), state, at: Sending.now())], of: [Identifier(.userId, user)], at: Sending.now())
        }
        for user in ["u0", "u1"] { try say(.granted, user) }
        try sending.outbox.submit(people.enumerated().map { Intent(key: "c\($0)", profile: $1, .call(destination: "dst_1"), origin: Intent.Origin(.test, id: "test"), decidedAt: Sending.now()) })
        try await sending.eventually { gate.waiting == 2 }
        try say(.withdrawn, "u0")
        gate.open()
        try await sending.eventually { try sending.outbox.find(key: "c0")?.state == .refused && sending.outbox.find(key: "c1")?.state == .sent }
        let refused = try sending.outbox.find(key: "c0")
        #expect(refused?.reason == .withdrawn && refused?.detail == "sharing")
    }

    @Test("a channel that hangs holds up nobody else's thread, and a key that is known changes nothing")
    func keys() async throws {
        let channel = StubChannel()
        let sending = try Sending(channel)
        let person = try await sending.people(1)[0]
        #expect(try sending.outbox.submit([sending.intent("a", person), sending.intent("b", person)]) == 2)
        #expect(try sending.outbox.submit([sending.intent("a", person), sending.intent("c", person)]) == 1)
        try await sending.settle()
        #expect(channel.messages.map(\.key) == ["a", "b", "c"])
        #expect(try sending.outbox.submit([sending.intent("a", person)]) == 0)
    }

    @Test("what is to be written down goes into the log once under a messageId of its key, and each message is told there")
    func records() async throws {
        let sending = try Sending(StubChannel())
        let person = try await sending.people(1)[0]
        let call = JSONText(trusted: Array("{\"type\":\"track\",\"event\":\"Cart Abandoned\",\"messageId\":\"forged\"}".utf8))
        let record = Intent(key: "r1", profile: person, .record(call), origin: Intent.Origin(.test, id: "test"), decidedAt: Sending.now())
        try sending.outbox.submit([record, sending.intent("m1", person)])
        try sending.outbox.submit([record])
        try await sending.settle()
        try await sending.eventually { sending.recorded.all.count >= 2 }
        let all = sending.recorded.all
        #expect(all.count == 2)
        let abandoned = all.first { $0["event"]?.string == "Cart Abandoned" }
        #expect(abandoned?["messageId"]?.string == "intent:r1" && abandoned?["userId"]?.string == "u0")
        let sent = all.first { $0["event"]?.string == "Message Sent" }
        #expect(sent?["messageId"]?.string == "delivery:sent:m1" && sent?["properties"]?["message_key"]?.string == "m1")
    }

    @Test("from being decided to the channel it takes a moment, and many go through; how many is printed")
    func pace() async throws {
        let arrived = Mutex<[String: Timestamp]>([:])
        let channel = StubChannel { message in
            arrived.withLock { $0[message.key] = Sending.now() }
            return .accepted(receipt: "")
        }
        let sending = try Sending(channel)
        let people = try await sending.people(2000)
        let began = Date()
        for start in stride(from: 0, to: 10_000, by: 500) { try sending.outbox.submit((start..<start + 500).map { sending.intent("bulk:\($0)", people[$0 % people.count]) }) }
        try await sending.settle()
        let rate = 10_000 / Date().timeIntervalSince(began)
        var late: [Int64] = []
        for number in 0..<200 {
            let key = "single:\(number)"
            let at = Sending.now()
            try sending.outbox.submit([sending.intent(key, people[number])])
            while arrived.withLock({ $0[key] == nil }) { try await Task.sleep(for: .milliseconds(1)) }
            late.append((arrived.withLock { $0[key] } ?? at).milliseconds - at.milliseconds)
        }
        late.sort()
        print("outbox: \(Int(rate)) messages/s; decided to handed over p50 \(late[100]) ms, p99 \(late[197]) ms")
        #expect(arrived.withLock { $0.count } == 10_200)
    }
}

@Suite("Sending policy")
struct PolicyTests {
    @Test("what it says as JSON is read again, and what makes no sense is named")
    func json() throws {
        let policy = SendingPolicy(
            caps: [.init(name: "day", limit: 2, minutes: 1440, channel: "email", per: [.topic, .context], whenFull: .wait)], quietHours: [.init(from: 21 * 60, to: 8 * 60 + 30, channels: ["email"])], zone: "Europe/Madrid",
            publicAddress: "https://tea.example")
        var w = JSONWriter()
        w.object { policy.write(&$0) }
        #expect(SendingPolicy(w.text) == policy && policy.fault == nil)
        #expect(SendingPolicy(caps: [.init(name: "", limit: 1, minutes: 60)]).fault != nil)
        #expect(SendingPolicy(quietHours: [.init(from: 60, to: 60)]).fault != nil)
        #expect(SendingPolicy(zone: "Atlantis/Capital").fault != nil)
        for text in ["24:00", "1:00", "12:60", "ab:cd", "12", "12:00:00", ""] { #expect(SendingPolicy.QuietHours.minutes(text) == nil) }
        #expect(SendingPolicy.QuietHours.clock(510) == "08:30" && SendingPolicy.QuietHours.minutes("08:30") == 510)
    }

    @Test("every reason has words in three languages")
    func words() {
        for reason in DeliveryReason.allCases { #expect(Set(["en", "es", "tr"].map { reason.words($0) }).count == 3, "\(reason)") }
    }
}
