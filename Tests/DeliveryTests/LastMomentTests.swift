import Decisions
import Delivery
import Identity
import Privacy
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite("What changes while a connection is waited for", .serialized)
struct LastMomentTests {
    @Test("a message that waits for a connection until the quiet hours begin goes when they end, and was not tried")
    func quietHours() async throws {
        let gate = Gate()
        let time = Mutex(try #require(Timestamp("2026-07-01T20:59:00Z")))
        let channel = StubChannel(before: { await gate.pass() })
        let sending = try Sending(channel, clock: { time.withLock { $0 } })
        let person = try await sending.people(1)[0]
        let quiet = SendingPolicy.QuietHours(from: 21 * 60, to: 8 * 60, channels: ["stub"])
        try sending.policy.save(SendingPolicy(caps: [.init(name: "day", limit: 1, minutes: 1440)], quietHours: [quiet]), author: "ada", at: Sending.now())
        func intent(_ key: String) -> Intent {
            Intent(key: key, profile: person, .message(template: "hello", .init(.init("marketing"), channel: "stub", topic: "")), origin: Intent.Origin(.test, id: "test"), decidedAt: time.withLock { $0 })
        }
        try sending.outbox.submit([intent("evening")])
        try await sending.eventually { gate.waiting == 1 }
        time.withLock { $0 = Timestamp("2026-07-01T21:00:00Z") ?? $0 }
        gate.open()
        try await sending.eventually { try sending.outbox.find(key: "evening")?.state == .sent || sending.outbox.find(key: "evening")?.reason == .quietHours }
        let held = try sending.outbox.find(key: "evening")
        #expect(channel.messages.isEmpty && held?.state == .waiting && held?.attempts == 0)
        #expect(held?.due == Timestamp("2026-07-02T08:00:00Z"))
        time.withLock { $0 = Timestamp("2026-07-02T08:00:00Z") ?? $0 }
        // Whatever comes has the lane look at the clock.
        try sending.outbox.submit([intent("another")])
        try await sending.eventually { try sending.outbox.find(key: "evening")?.state == .sent || sending.outbox.find(key: "another")?.state == .sent }
        #expect(channel.messages.count == 1)
    }

    @Test("who objects to being measured is not, also where they object while the message waits for a connection")
    func tracking() async throws {
        let gate = Gate()
        let channel = StubChannel(kind: .email, before: { await gate.pass() })
        let sending = try Sending(channel)
        let people = try await sending.people(3)
        func object(_ user: String) throws {
            let objection = ConsentStatement(ConsentScope(.analytics, channel: "stub"), .withdrawn, at: Sending.now())
            try sending.world.stages.ledger.state([objection], of: [Identifier(.userId, user)], at: Sending.now())
        }
        try object("u1")
        try sending.outbox.submit(people.enumerated().map { sending.intent("m\($0)", $1) })
        try await sending.eventually { gate.waiting == 3 }
        try object("u2")
        gate.open()
        try await sending.settle()
        #expect(channel.tracked.withLock { $0 } == ["m0": true, "m1": false, "m2": false])
        #expect(channel.messages.count == 3)
    }

    @Test("a call that waits for a connection while its destination is given another address goes there")
    func moved() async throws {
        let gate = Gate()
        let words = Mutex<[Bool]>([])
        let sending = try Sending(StubChannel(), calling: { lastly in
            await gate.pass()
            switch lastly() {
            case .body:
                words.withLock { $0.append(true) }
                return .accepted(receipt: "")
            case .stop(let instead):
                words.withLock { $0.append(false) }
                return instead
            }
        })
        let person = try await sending.people(1)[0]
        _ = try sending.destinations.create(Destination(id: "dst_1", name: "partner", url: "https://old.example/", secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]), author: "ada", at: Sending.now())
        try sending.outbox.submit([Intent(key: "call", profile: person, .call(destination: "dst_1"), origin: Intent.Origin(.test, id: "test"), decidedAt: Sending.now())])
        try await sending.eventually { gate.waiting == 1 }
        _ = try sending.destinations.update("dst_1", author: "ada", at: Sending.now()) { $0.url = "https://new.example/" }
        gate.open()
        try await sending.eventually { try sending.outbox.find(key: "call")?.state == .sent }
        #expect(words.withLock { $0 } == [false, true])
        #expect(try sending.outbox.find(key: "call")?.attempts == 1)
    }

    @Test("a call that waits for a connection while its destination is switched off is not made, and goes first once it is on")
    func switchedOff() async throws {
        let gate = Gate()
        let words = Mutex<[Bool]>([])
        let sending = try Sending(StubChannel(), calling: { lastly in
            await gate.pass()
            switch lastly() {
            case .body:
                words.withLock { $0.append(true) }
                return .accepted(receipt: "")
            case .stop(let instead):
                words.withLock { $0.append(false) }
                return instead
            }
        })
        let person = try await sending.people(1)[0]
        _ = try sending.destinations.create(Destination(id: "dst_1", name: "partner", url: "https://tea.example/", secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]), author: "ada", at: Sending.now())
        func submit(_ key: String) throws { try sending.outbox.submit([Intent(key: key, profile: person, .call(destination: "dst_1"), origin: Intent.Origin(.test, id: "test"), decidedAt: Sending.now())]) }
        try submit("first")
        try await sending.eventually { gate.waiting == 1 }
        _ = try sending.destinations.update("dst_1", author: "ada", at: Sending.now()) { $0.isEnabled = false }
        gate.open()
        try await sending.eventually { try sending.outbox.find(key: "first")?.reason == .switchedOff }
        try submit("second")
        try await sending.taken()
        try await Task.sleep(for: .milliseconds(300))
        #expect(words.withLock { $0 } == [false] && gate.waiting == 1, "nothing is tried")
        let waiting = try #require(try sending.outbox.find(key: "first"))
        #expect(waiting.state == .waiting && waiting.attempts == 0)
        #expect(try sending.outbox.find(key: "second")?.reason == .switchedOff)
        #expect(try sending.outbox.laneStatus().first { $0.name == "dst_1" }?.isOff == true)
        _ = try sending.destinations.update("dst_1", author: "ada", at: Sending.now()) { $0.isEnabled = true }
        try await sending.settle()
        #expect(words.withLock { $0 } == [false, true, true])
        let ends = try ["first", "second"].map { try #require(try sending.outbox.find(key: $0)?.ended) }
        #expect(ends[0] <= ends[1])
    }
}
