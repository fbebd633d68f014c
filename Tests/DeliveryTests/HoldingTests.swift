import Decisions
import Delivery
import Foundation
import GRDB
import Identity
import Privacy
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite("After a backup was restored, and long after messages ended", .serialized)
struct HoldingTests {
    /// An outbox whose messages waited when the process ended, and another of the same folder, restored.
    private static func restored(_ channel: StubChannel, count: Int = 4) async throws -> (sending: Sending, people: [ProfileID]) {
        let later = Timestamp(clamping: Sending.now().milliseconds + 3_600_000)
        let first = try Sending(StubChannel())
        let people = try await first.people(2)
        try first.outbox.submit((0..<count).map { first.intent("m\($0)", people[$0 % 2], notBefore: later) })
        try await first.taken()
        first.outbox.stop()
        // Decided, and not taken yet.
        try first.outbox.submit([first.intent("late", people[0])])
        return (try Sending(channel, in: first.world, isRestored: true), people)
    }

    @Test("what waited is held with its reason, and goes under its key when it is released")
    func release() async throws {
        let channel = StubChannel()
        let (sending, people) = try await Self.restored(channel)
        #expect(try sending.outbox.hold()?.counts.map(\.count) == [5])
        let held = try sending.records(.held)
        #expect(Set(held.map(\.intent.key)) == ["m0", "m1", "m2", "m3", "late"] && held.allSatisfy { $0.reason == .held && $0.ended == nil })
        // What somebody asks for now is not held.
        try sending.outbox.submit([sending.intent("new", people[0])])
        try await sending.settle()
        #expect(channel.messages.map(\.key) == ["new"])
        #expect(try sending.outbox.release(.keys(["late", "nobody"])) == 1)
        try await sending.settle()
        #expect(channel.messages.map(\.key) == ["new", "late"])
        #expect(try sending.outbox.release(.lane("other")) == 0 && sending.outbox.hold()?.count == 4)
        #expect(try sending.outbox.release(.lane("stub")) == 4 && sending.outbox.hold() == nil)
        // They wait for their time, as they did.
        #expect(try sending.records(.waiting).count == 4)
    }

    @Test("what is dropped is refused, told to the log, and never goes")
    func drop() async throws {
        let channel = StubChannel()
        let (sending, _) = try await Self.restored(channel)
        #expect(try sending.outbox.drop(.all) == 5 && sending.outbox.hold() == nil)
        try await sending.settle()
        #expect(channel.messages.isEmpty)
        #expect(try sending.records(.refused).allSatisfy { $0.reason == .cancelled && $0.ended != nil })
        for _ in 0..<200 where sending.recorded.all.count < 5 { try await Task.sleep(for: .milliseconds(20)) }
        #expect(sending.recorded.all.count == 5)
    }

    @Test("calls that were taken back are no dead letters: sending those again calls nobody for them")
    func droppedCalls() async throws {
        let calls = Mutex(0)
        let later = Timestamp(clamping: Sending.now().milliseconds + 3_600_000)
        let first = try Sending(StubChannel())
        let person = try #require(try await first.people(1).first)
        let destination = try first.destinations.create(Destination(id: "dst_1", name: "warehouse", url: "https://warehouse.example/in", secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]), author: "ada", at: Sending.now())
        func call(_ number: Int) -> Intent { Intent(key: "call:\(number)", profile: person, .call(destination: destination.id), origin: Intent.Origin(.test, id: "x"), decidedAt: Sending.now(), notBefore: later) }
        try first.outbox.submit((0..<5).map(call))
        try await first.taken()
        first.outbox.stop()
        let sending = try Sending(StubChannel(), in: first.world, isRestored: true, calling: { _ in
            calls.withLock { $0 += 1 }
            return .accepted(receipt: "204")
        })
        #expect(try sending.outbox.drop(.all) == 5)
        #expect(try sending.outbox.replay(lane: destination.id) == 0 && sending.outbox.replay(keys: ["call:0"]) == 0)
        try await sending.settle()
        #expect(calls.withLock { $0 } == 0)
        #expect(try sending.records(.refused).allSatisfy { $0.reason == .cancelled })
    }

    @Test("journeys and campaigns are held until somebody decided, since their clocks go on where the backup left them")
    func journeys() async throws {
        let channel = StubChannel()
        let (sending, people) = try await Self.restored(channel, count: 0)
        func decided(_ key: String, _ kind: Intent.Origin.Kind) -> Intent {
            Intent(key: key, profile: people[0], .message(template: "hello", ConsentScope(ConsentPurpose("marketing"), channel: "stub", topic: "")), origin: Intent.Origin(kind, id: "x"), decidedAt: Sending.now())
        }
        try sending.outbox.submit([decided("j1", .journey), decided("c1", .campaign), decided("a1", .api)])
        try await sending.settle()
        #expect(channel.messages.map(\.key) == ["a1"])
        #expect(Set(try sending.records(.held).map(\.intent.key)) == ["late", "j1", "c1"])
        #expect(try sending.outbox.release(.all) == 3)
        try sending.outbox.submit([decided("j2", .journey)])
        try await sending.settle()
        #expect(Set(channel.messages.map(\.key)) == ["a1", "late", "j1", "c1", "j2"])
    }

    @Test("a second start holds nothing more, and what is held stays so")
    func restart() async throws {
        let channel = StubChannel()
        let (sending, people) = try await Self.restored(channel)
        sending.outbox.stop()
        let next = try Sending(channel, in: sending.world)
        try next.outbox.submit([next.intent("new", people[1])])
        try await next.settle()
        #expect(channel.messages.map(\.key) == ["new"])
        #expect(try next.outbox.hold()?.count == 5)
    }

    // MARK: - What is kept

    @Test("what ended longer ago than it is kept is removed whole, and nothing else")
    func retention() async throws {
        let days = Mutex<Int64>(0)
        let channel = StubChannel { $0.key == "dead" ? .refused(reason: "no", nil) : .accepted(receipt: "r") }
        let sending = try Sending(channel, clock: { Timestamp(clamping: Sending.now().milliseconds + days.withLock { $0 } * 86_400_000) })
        let people = try await sending.people(1)
        let later = Timestamp(clamping: Sending.now().milliseconds + 900 * 86_400_000)
        try sending.outbox.submit([sending.intent("sent", people[0]), sending.intent("dead", people[0]), sending.intent("waits", people[0], notBefore: later)])
        try await sending.taken()
        for _ in 0..<500 where sending.recorded.all.count < 2 { try await Task.sleep(for: .milliseconds(10)) }
        func told() throws -> Int { try sending.decisions.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM delivery_message WHERE reported = 1") ?? 0 } }
        for _ in 0..<500 where try told() < 2 { try await Task.sleep(for: .milliseconds(10)) }
        days.withLock { $0 = 399 }
        #expect(try sending.outbox.removeOld(limit: 500) == 0)
        days.withLock { $0 = 401 }
        #expect(try sending.outbox.removeOld(limit: 1) == 1 && sending.outbox.removeOld(limit: 500) == 1 && sending.outbox.removeOld(limit: 500) == 0)
        #expect(try sending.outbox.find(key: "sent") == nil && sending.outbox.find(key: "dead") == nil && sending.outbox.find(key: "waits")?.state == .waiting)
        let left = try await sending.decisions.pool.read { db in
            try ["decisions_intent", "delivery_message", "delivery_step", "delivery_contact"].map { try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") }
        }
        #expect(left == [1, 1, 0, 0])
    }

    @Test("messages are kept as long as caps count them, and for a month at least")
    func keeping() {
        #expect(SendingPolicy(keepDays: 31).fault != nil && SendingPolicy(keepDays: 32).fault == nil)
        #expect(SendingPolicy(keepDays: 3660).fault == nil && SendingPolicy(keepDays: 3661).fault != nil)
        #expect(SendingPolicy(caps: [.init(name: "year", limit: 5, minutes: 41 * 1440)], keepDays: 40).fault != nil)
        #expect(SendingPolicy(caps: [.init(name: "year", limit: 5, minutes: 40 * 1440)], keepDays: 40).fault == nil)
        var w = JSONWriter()
        w.object { SendingPolicy(keepDays: 90).write(&$0) }
        #expect(SendingPolicy(w.text)?.keepDays == 90 && SendingPolicy(JSONText(trusted: Array("{}".utf8)))?.keepDays == 400)
        #expect(SendingPolicy(JSONText(trusted: Array("{\"keepDays\": \"long\"}".utf8))) == nil)
    }
}
