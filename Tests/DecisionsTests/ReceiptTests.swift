import Decisions
import Testing
import Vocabulary

/// What became of messages, as a journey's results count it.
@Suite struct ReceiptTests {
    private static let cases: [([String], Int64)] = [
        (["Message Sent"], 0), (["Message Failed"], 1), (["Message Failed", "Message Sent"], 0), (["Message Sent", "Email Bounced"], 1), (["Email Bounced", "Message Sent"], 1),
        (["Email Bounced", "Email Bounced", "Message Sent", "Email Marked as Spam"], 1), (["Message Failed", "Message Sent", "Email Bounced"], 1), (["Message Failed", "Message Sent", "Email Marked as Spam", "Email Bounced"], 1),
        (["Message Failed", "Email Bounced", "Message Sent"], 1),
    ]

    @Test("what came back has failed, also where the log hears of it before it hears of the sending; a dead letter that was sent again has not", arguments: Self.cases)
    func cameBack(events: [String], failed: Int64) async throws {
        let world = try WalkingWorld(segments: ["drinkers": "tea = true"])
        defer { world.close() }
        for user in ["u0", "u1"] { try await world.event("", user: user, #"{"tea":true}"#, type: "identify", at: 0) }
        let kept = try await world.journey("name: C\ntrigger: {campaign: drinkers}\n" + "steps: [{message: m, purpose: p}]")
        try world.pass(to: 1)
        let intent = try #require(try world.intents.first { stored in try world.runs(of: "u0").contains { $0.owner == stored.intent.profile } }?.intent)
        for event in events {
            try await world.event(event, user: "u0", "{\"message_key\":\"\(intent.key)\"}", at: 3, isOurs: true)
            try world.pass(to: 4)
        }
        let step = try #require(try world.store.results(of: kept, steps: kept.journey).steps.first)
        #expect(step.failed == failed && step.sent == (events.contains("Message Sent") ? 1 : 0))
    }
}
