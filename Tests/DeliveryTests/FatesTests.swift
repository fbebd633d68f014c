import Decisions
import Delivery
import Privacy
import Segments
import TestSupport
import Testing
import Vocabulary

@Suite("What a sending policy would make of messages")
struct FatesTests {
    private static let begin = Timestamp("2026-07-01T10:00:00Z")!
    private static func hour(_ number: Int) -> Timestamp { Timestamp(clamping: begin.milliseconds + Int64(number) * 3_600_000) }
    private static func scope(_ topic: String = "", purpose: String = "offers", channel: String = "email") -> ConsentScope { ConsentScope(ConsentPurpose(purpose), channel: channel, topic: topic, context: .personal) }

    @Test("a window slides: the place of a message is free again when it is as old as the window")
    func slides() {
        let policy = SendingPolicy(caps: [.init(name: "day", limit: 1, minutes: 1440)])
        func over(_ hours: [Int]) -> Int { policy.fates(of: hours.map { RehearsedMessage(Self.scope(), at: Self.hour($0)) }) { nil }.overByCap["day"] ?? 0 }
        #expect(over([0, 23]) == 1)
        #expect(over([0, 24]) == 0)
        #expect(over([0, 23, 24, 47]) == 2, "what is refused takes no place")
        #expect(over([]) == 0)
    }

    @Test("what waits for room goes when there is some, and what others decided takes places")
    func waits() {
        let policy = SendingPolicy(caps: [.init(name: "day", limit: 1, minutes: 1440, whenFull: .wait)])
        let messages = [0, 1, 25].map { RehearsedMessage(Self.scope(), at: Self.hour($0)) }
        // The second goes after 24 hours, so that the third has no room.
        #expect(policy.fates(of: messages) { nil }.overByCap == ["day": 2])
        let others = RehearsedMessage(Self.scope(), at: Self.hour(0), isOwn: false)
        #expect(policy.fates(of: [others, RehearsedMessage(Self.scope(), at: Self.hour(1), expiresAt: Self.hour(3))]) { nil }.overByCap == ["day": 1])
        #expect(policy.fates(of: [others, others]) { nil } == RehearsedFates(), "what others decided is not counted")
    }

    @Test("what counts apart does not count together; receipts count nowhere; nothing has room under a cap of nothing")
    func scopes() {
        let apart = SendingPolicy(caps: [.init(name: "topic", limit: 1, minutes: 1440, per: [.topic])])
        func messages(_ scopes: [ConsentScope]) -> [RehearsedMessage] { scopes.map { RehearsedMessage($0, at: Self.hour(0)) } }
        #expect(apart.fates(of: messages([Self.scope("a"), Self.scope("b"), Self.scope(), Self.scope("a")])) { nil }.overByCap == ["topic": 1])
        let sms = SendingPolicy(caps: [.init(name: "sms", limit: 0, minutes: 60, channel: "sms")])
        #expect(sms.fates(of: messages([Self.scope(channel: "sms"), Self.scope()])) { nil }.overByCap == ["sms": 1])
        #expect(sms.fates(of: messages([Self.scope(purpose: "service", channel: "sms")])) { nil } == RehearsedFates())
    }

    @Test("quiet hours hold messages back by the person's clock, and then they meet at their end")
    func quiet() {
        let policy = SendingPolicy(caps: [.init(name: "day", limit: 1, minutes: 1440)], quietHours: [.init(from: 21 * 60, to: 8 * 60)])
        // 22:00 and 23:00 in UTC; in Los Angeles it is the afternoon.
        let messages = [12, 13].map { RehearsedMessage(Self.scope(), at: Self.hour($0)) }
        let held = policy.fates(of: messages) { nil }
        #expect(held.held == 2 && held.overByCap == ["day": 1])
        #expect(policy.fates(of: messages) { TimeZoneName(name: "America/Los_Angeles") }.held == 0)
        let late = RehearsedMessage(Self.scope(), at: Self.hour(12), expiresAt: Self.hour(14))
        #expect(policy.fates(of: [late, messages[1]]) { nil }.overByCap.isEmpty, "what has expired by the morning takes no place")
    }

    @Test("an end that the clock shows twice comes again by as much as the clock goes back: half an hour on Lord Howe, an hour in Madrid", arguments: [
        // Local clocks: 01:35 for the second time and an end at 01:45; 02:35 for the second time and an end at 02:45.
        ("Australia/Lord_Howe", 105, "2027-04-03T15:05:00Z", "2027-04-03T15:30:00Z"), ("Europe/Madrid", 165, "2027-10-31T01:35:00Z", "2027-10-31T01:50:00Z"),
    ])
    func quietTwice(_ zone: String, _ end: Int, _ now: String, _ expiry: String) throws {
        let policy = SendingPolicy(caps: [.init(name: "day", limit: 1, minutes: 1440)], quietHours: [.init(from: 23 * 60 + 30, to: end)])
        let at = try #require(Timestamp(now))
        let held = RehearsedMessage(Self.scope(), at: at, expiresAt: try #require(Timestamp(expiry)))
        let later = RehearsedMessage(Self.scope(), at: Timestamp(clamping: at.milliseconds + 3_600_000))
        // The first goes at the end and before its own time is over, so that the second has no room.
        let fates = policy.fates(of: [held, later]) { TimeZoneName(name: zone) }
        #expect(fates.held == 1 && fates.overByCap == ["day": 1])
    }

    @Test("of one instant the more urgent has the place, and the slow count of every pair agrees", arguments: Seed.some(4))
    func agree(_ seed: Seed) {
        var random = Random(seed)
        for _ in 0..<200 {
            let cap = SendingPolicy.Cap(name: "c", limit: random.below(4), minutes: random.chance(50) ? 60 * (1 + random.below(30)) : 1 + random.below(1800), topic: random.pick(["", "a"]), per: random.chance(40) ? [.topic] : [])
            let messages = (0..<random.below(30)).map { _ in RehearsedMessage(Self.scope(random.pick(["", "a", "b"])), at: Self.hour(random.below(60)), priority: random.below(3), isOwn: random.chance(70)) }
            var (sent, over): ([RehearsedMessage], Int) = ([], 0)
            for (_, message) in messages.enumerated().sorted(by: { ($0.element.at, -$0.element.priority, $0.offset) < ($1.element.at, -$1.element.priority, $1.offset) }) {
                guard cap.topic.isEmpty || message.scope.topic == cap.topic else { continue }
                let taken = sent.filter { $0.at.milliseconds > message.at.milliseconds - Int64(cap.minutes) * 60_000 && (cap.per.isEmpty || $0.scope.topic == message.scope.topic) }.count
                if taken < cap.limit { sent.append(message) } else if message.isOwn { over += 1 }
            }
            #expect(SendingPolicy(caps: [cap]).fates(of: messages) { nil }.overByCap["c"] ?? 0 == over, "\(seed)")
        }
    }
}
