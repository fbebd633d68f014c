import Decisions
import Delivery
import Identity
import Privacy
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite("What is wanted no more, or not now", .serialized)
struct WantedIntentTests {
    /// How their journeys stand, by the key of what they decided; the others are wanted.
    private final class Journeys: Sendable {
        private let standings = Mutex<[String: IntentStanding]>([:])
        func set(_ new: [String: IntentStanding]) { standings.withLock { $0 = new } }
        func ask(_ intents: [Intent]) -> [IntentStanding] { standings.withLock { known in intents.map { known[$0.key] ?? .isWanted } } }
    }

    @Test("whoever waits for a connection while their journey ends or pauses gets nothing, and a pause leaves its place under the caps to others")
    func lastMoment() async throws {
        let (gate, journeys) = (Gate(), Journeys())
        let channel = StubChannel(before: { await gate.pass() })
        let sending = try Sending(channel)
        let people = try await sending.people(3)
        sending.outbox.onSending { journeys.ask($0) }
        try sending.policy.save(SendingPolicy(caps: [.init(name: "day", limit: 1, minutes: 1440)]), author: "ada", at: Sending.now())
        for (key, person) in zip(["ended", "paused", "wanted"], people) { try sending.outbox.submit([sending.intent(key, person)]) }
        try await sending.eventually { gate.waiting == 3 }
        journeys.set(["ended": .isVoid("goal"), "paused": .waits])
        gate.open()
        try await sending.eventually { try sending.outbox.find(key: "paused")?.reason == .journeyPaused && sending.outbox.find(key: "wanted")?.state == .sent && sending.outbox.find(key: "ended")?.state == .refused }
        #expect(channel.messages.map(\.key) == ["wanted"])
        let ended = try sending.outbox.find(key: "ended")
        #expect(ended?.reason == .unwanted && ended?.detail == "goal")
        let paused = try sending.outbox.find(key: "paused")
        #expect(paused?.state == .waiting && paused?.attempts == 0 && paused?.lost == 0)
        try sending.outbox.submit([sending.intent("another", people[1])])
        try await sending.eventually { try sending.outbox.find(key: "another")?.state == .sent }
    }

    @Test("a call that waits for a connection while its journey ends is not made")
    func calls() async throws {
        let (gate, journeys) = (Gate(), Journeys())
        let sending = try Sending(StubChannel(), calling: { lastly in
            await gate.pass()
            guard case .stop(let instead) = lastly() else { return .accepted(receipt: "") }
            return instead
        })
        let people = try await sending.people(3)
        sending.outbox.onSending { journeys.ask($0) }
        _ = try sending.destinations.create(Destination(id: "dst_1", name: "partner", url: "https://partner.example/", secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], isSharing: false), author: "ada", at: Sending.now())
        for (key, person) in zip(["ended", "paused", "wanted"], people) {
            try sending.outbox.submit([Intent(key: key, profile: person, .call(destination: "dst_1"), origin: Intent.Origin(.journey, id: "jrn_1"), decidedAt: Sending.now())])
        }
        try await sending.eventually { gate.waiting == 3 }
        journeys.set(["ended": .isVoid("journey-stopped"), "paused": .waits])
        gate.open()
        try await sending.eventually { try sending.outbox.find(key: "paused")?.reason == .journeyPaused && sending.outbox.find(key: "wanted")?.state == .sent && sending.outbox.find(key: "ended")?.reason == .unwanted }
    }

    @Test("what is tried again and paused meanwhile holds up nothing else, and goes on with its journey")
    func retryPaused() async throws {
        let journeys = Journeys()
        let isGreylisting = Mutex(true)
        let channel = StubChannel { message in
            let isLater = isGreylisting.withLock { $0 }
            return isLater && message.key == "reminder" ? .deferred(reason: "451", after: nil) : .accepted(receipt: "")
        }
        let sending = try Sending(channel)
        let person = try await sending.people(1)[0]
        sending.outbox.onSending { journeys.ask($0) }
        let origin = Intent.Origin(.journey, id: "jrn_1")
        let scope = ConsentScope(ConsentPurpose("marketing"), channel: "stub", topic: "")
        try sending.outbox.submit([Intent(key: "reminder", profile: person, .message(template: "hello", scope), origin: origin, decidedAt: Sending.now())])
        try await sending.eventually { try sending.outbox.find(key: "reminder")?.state == .retrying }
        journeys.set(["reminder": .waits])
        // Behind it, while it is tried again.
        try sending.outbox.submit([sending.intent("receipt", person)])
        try await sending.eventually { try sending.outbox.find(key: "reminder")?.reason == .journeyPaused }
        #expect(try sending.outbox.find(key: "reminder")?.state == .waiting, "a restart holds up nobody behind it either")
        try await sending.eventually { try sending.outbox.find(key: "receipt")?.state == .sent }
        journeys.set([:])
        isGreylisting.withLock { $0 = false }
        try sending.outbox.wake(journey: "jrn_1")
        try await sending.eventually { try sending.outbox.find(key: "reminder")?.state == .sent }
        #expect(try sending.outbox.find(key: "reminder")?.attempts == 2)
    }

    @Test("what is tried again keeps its place before others where nobody can be asked for a moment")
    func order() async throws {
        let isOut = Mutex(false)
        let isNew = Mutex(true)
        let channel = StubChannel { _ in
            let isFirst = isNew.withLock { isNew in
                defer { isNew = false }
                return isNew
            }
            return isFirst ? .deferred(reason: "451", after: nil) : .accepted(receipt: "")
        }
        let sending = try Sending(channel)
        let person = try await sending.people(1)[0]
        sending.outbox.onSending { intents in
            if isOut.withLock({ $0 }) { throw Refusal(500, "test.out", "Nobody can be asked.") }
            return intents.map { _ in .isWanted }
        }
        try sending.outbox.submit([sending.intent("first", person)])
        try await sending.eventually { try sending.outbox.find(key: "first")?.state == .retrying }
        isOut.withLock { $0 = true }
        try sending.outbox.submit([sending.intent("second", person)])
        try await sending.eventually { try sending.outbox.find(key: "first")?.detail == "journey" }
        isOut.withLock { $0 = false }
        try await sending.settle()
        #expect(channel.messages.map(\.key) == ["first", "first", "second"])
    }

    @Test("what its journey holds ends with its time")
    func expiry() async throws {
        let channel = StubChannel()
        let sending = try Sending(channel)
        let person = try await sending.people(1)[0]
        sending.outbox.onSending { intents in intents.map { _ in .waits } }
        let scope = ConsentScope(ConsentPurpose("marketing"), channel: "stub", topic: "")
        let end = Timestamp(clamping: Sending.now().milliseconds + 1500)
        try sending.outbox.submit([Intent(key: "offer", profile: person, .message(template: "hello", scope), origin: Intent.Origin(.journey, id: "jrn_1"), decidedAt: Sending.now(), expiresAt: end)])
        try await sending.eventually { try sending.outbox.find(key: "offer")?.reason == .journeyPaused }
        try await sending.settle()
        #expect(try sending.outbox.find(key: "offer")?.reason == .expired && channel.messages.isEmpty)
    }
}
