import Decisions
import Delivery
import Privacy
import Storage
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite("What a sender's standing holds back", .serialized)
struct SenderStandingTests {
    private static let now = Timestamp("2026-07-09T12:00:00Z")!
    private static func later(_ days: Double) -> Timestamp { Timestamp(clamping: now.milliseconds + Int64(days * 86_400_000)) }
    private func brake(_ folder: TemporaryFolder) throws -> ComplaintBrake { try ComplaintBrake(DatabaseFile(path: "\(folder.path)/w.sqlite", migrations: ComplaintBrake.migrations)) }
    private func hash(_ number: Int) -> [UInt8] { Array("\(number)".utf8) }

    @Test("more complaints than one in a thousand hold mail back, and two at least", arguments: [
        (1, 10, 1, false), (2, 2000, 1, false), (2, 1999, 1, true), (3, 2999, 1, true), (3, 3000, 1, false), (2, 0, 1, true), (5, 10, 0, false), (30, 1000, 30, false), (31, 1000, 30, true),
    ])
    func edges(complaints: Int, sent: Int, perMille: Int, holds: Bool) throws {
        let folder = TemporaryFolder()
        let brake = try brake(folder)
        for number in 0..<complaints { try brake.complained(hash(number), sent: sent, perMille: perMille, at: Self.now) }
        #expect((brake.hold != nil) == holds)
        #expect(try self.brake(folder).hold == brake.hold, "also after a start")
    }

    @Test("an address counts once, for seven days, and what was released counts no more")
    func counting() throws {
        let brake = try brake(TemporaryFolder())
        for _ in 0..<5 { try brake.complained(hash(1), sent: 100, perMille: 1, at: Self.now) }
        #expect(brake.hold == nil)
        try brake.complained(hash(2), sent: 100, perMille: 1, at: Self.later(7))
        #expect(brake.hold == nil, "the first is older than seven days")
        try brake.complained(hash(3), sent: 100, perMille: 1, at: Self.later(8))
        #expect(brake.hold.map { "\($0.since) \($0.complaints) \($0.sent)" } == "\(Self.later(8)) 2 100")
        try brake.complained(hash(4), sent: 200, perMille: 1, at: Self.later(8.1))
        #expect(brake.hold.map { "\($0.since) \($0.complaints) \($0.sent)" } == "\(Self.later(8)) 3 200", "since when it was first")
        #expect(try brake.release(at: Self.later(8.2)) && brake.hold == nil)
        #expect(try !brake.release(at: Self.later(8.2)))
        try brake.complained(hash(5), sent: 200, perMille: 1, at: Self.later(8.3))
        #expect(brake.hold == nil)
        try brake.complained(hash(6), sent: 200, perMille: 1, at: Self.later(8.4))
        #expect(brake.hold?.complaints == 2)
        // Who complained before it was released and complains again counts again.
        #expect(try brake.release(at: Self.later(8.5)))
        try brake.complained(hash(5), sent: 200, perMille: 1, at: Self.later(8.6))
        #expect(brake.hold == nil)
        try brake.complained(hash(6), sent: 200, perMille: 1, at: Self.later(8.7))
        #expect(brake.hold?.complaints == 2)
    }

    @Test("of who complains again within the days the newest counts")
    func newest() throws {
        let brake = try brake(TemporaryFolder())
        for (number, day) in [(1, 0.0), (1, 5), (2, 8)] { try brake.complained(hash(number), sent: 100, perMille: 1, at: Self.later(day)) }
        #expect(brake.hold?.complaints == 2)
    }

    @Test("what expires before there is room waits until then alone")
    func expiry() async throws {
        let channel = StubChannel()
        channel.standing.withLock { $0.allowed = 0 }
        let sending = try Sending(channel)
        let person = try await sending.people(1)[0]
        let end = Timestamp(clamping: Sending.now().milliseconds + 3_600_000)
        try sending.outbox.submit([sending.intent("soon", person, expires: end)])
        try await sending.eventually { try sending.records(.waiting).first.map { $0.reason == .warmingUp && $0.due <= end } ?? false }
    }

    @Test("what may have arrived, and ends before it is tried again, keeps its place on the day")
    func lost() async throws {
        let channel = StubChannel(concurrency: 1) { message in message.key.hasPrefix("lost") ? .unknown(reason: "cut off") : .accepted(receipt: "") }
        channel.standing.withLock { $0.allowed = 1 }
        let sending = try Sending(channel)
        let people = try await sending.people(2)
        let end = Timestamp(clamping: Sending.now().milliseconds + 400)
        try sending.outbox.submit([sending.intent("lost", people[0], expires: end)])
        try await sending.eventually { try sending.records(.refused).contains { $0.reason == .expired } || sending.records(.dead).count == 1 }
        #expect(try sending.outbox.begun(on: "stub", from: 0) == 1 && sending.outbox.sent(on: "stub", from: 0) == 0)
        try sending.outbox.submit([sending.intent("next", people[1])])
        try await sending.eventually { try sending.records(.waiting).contains { $0.reason == .warmingUp } }
    }

    @Test("what is tried again on a day that is full has its place, and counts once")
    func again() async throws {
        let tries = StubChannel(concurrency: 1) { message in Self.seen.withLock { $0.insert(message.key).inserted } ? .deferred(reason: "busy", after: nil) : .accepted(receipt: "") }
        tries.standing.withLock { $0.allowed = 1 }
        let sending = try Sending(tries)
        let person = try await sending.people(1)[0]
        try sending.outbox.submit([sending.intent("late-\(Int.random(in: 0 ... .max))", person)])
        try await sending.settle()
        #expect(tries.messages.count == 2)
        #expect(try sending.records(.sent).count == 1 && sending.outbox.begun(on: "stub", from: 0) == 1)
    }
    private static let seen = Mutex<Set<String>>([])

    @Test("a new sender sends half as much again each day, by UTC, until nobody could send so much")
    func warmth() throws {
        let first = try #require(Timestamp("2026-07-09"))
        func limit(_ text: String) throws -> Int? { DailyAllowance.warmingUp(from: first, first: 500, at: try #require(Timestamp(text)))?.limit }
        #expect(try limit("2026-07-01T00:00:00Z") == 500)
        #expect(try limit("2026-07-09T23:59:59Z") == 500)
        #expect(try limit("2026-07-10T00:00:00Z") == 750)
        #expect(try limit("2026-07-12T00:00:00Z") == 1687)
        #expect(try limit("2026-08-02T23:00:00Z") == 8_417_056)
        #expect(try limit("2026-08-03T00:00:00Z") == nil)
        #expect(try limit("2030-01-01T00:00:00Z") == nil)
    }

    @Test("of all that is decided at once exactly as much begins as the day allows, what a server refused among it")
    func allowance() async throws {
        let channel = StubChannel { message in message.key.hasPrefix("bad") ? .refused(reason: "no", nil) : .accepted(receipt: "") }
        channel.standing.withLock { $0.allowed = 40 }
        let sending = try Sending(channel)
        let people = try await sending.people(150)
        try sending.outbox.submit(people.prefix(10).enumerated().map { sending.intent("bad\($0)", $1) })
        try await sending.settle()
        #expect(try sending.outbox.begun(on: "stub", from: 0) == 10, "each was tried")
        #expect(try sending.outbox.sent(on: "stub", from: 0) == 0, "no complaint is held against these")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<5 {
                let intents = people.suffix(100).enumerated().filter { $0.offset % 5 == task }.map { sending.intent("m\($0.offset)", $0.element) }
                let outbox = sending.outbox
                group.addTask { try outbox.submit(intents) }
            }
            try await group.waitForAll()
        }
        try await sending.taken()
        try await sending.eventually { try sending.records(.sent).count >= 30 && sending.records(.waiting).count { $0.reason == .warmingUp } == 70 }
        #expect(channel.messages.count { $0.key.hasPrefix("m") } == 30)
        #expect(try sending.outbox.begun(on: "stub", from: 0) == 40)
        let held = try #require(try sending.records(.waiting).first)
        #expect(held.due.milliseconds % 86_400_000 == 0 && held.due > Sending.now())
        channel.standing.withLock { $0.allowed = 45 }
        try sending.outbox.wakeWhatTheSenderHolds()
        try await sending.eventually { try sending.records(.sent).count == 35 && sending.records(.waiting).count { $0.reason == .warmingUp } == 65 }
        channel.standing.withLock { $0.allowed = nil }
        try sending.outbox.wakeWhatTheSenderHolds()
        try await sending.settle()
        #expect(channel.messages.count { $0.key.hasPrefix("m") } == 100)
    }

    @Test("what waits for a connection when mail is held back is not sent, and was not tried; it goes when it is released")
    func held() async throws {
        let gate = Gate()
        let channel = StubChannel(before: { await gate.pass() })
        let sending = try Sending(channel)
        let people = try await sending.people(3)
        try sending.outbox.submit(people.enumerated().map { sending.intent("m\($0)", $1) })
        try await sending.eventually { gate.waiting == 3 }
        channel.standing.withLock { $0.isHeldBack = true }
        gate.open()
        try await sending.eventually { try sending.records(.waiting).count { $0.reason == .complaints } == 3 }
        #expect(channel.messages.isEmpty)
        #expect(try sending.records(.waiting).allSatisfy { $0.attempts == 0 })
        #expect(try sending.outbox.begun(on: "stub", from: 0) == 0)
        let (verdicts, _) = try sending.outbox.examine(sending.intent("another", people[0]), now: Sending.now())
        #expect(verdicts.first { $0.check == .sender }.map { "\($0.kind) \($0.reason?.rawValue ?? "")" } == "waits delivery.complaints")
        channel.standing.withLock { $0.isHeldBack = false }
        try sending.outbox.wakeWhatTheSenderHolds()
        try await sending.settle()
        #expect(channel.messages.count == 3)
    }
}
