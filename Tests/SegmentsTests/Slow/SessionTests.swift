import Segments
import TestSupport
import Testing
import Vocabulary

@Suite("Sessions")
struct SessionTests {
    /// Two visits: one of 30 minutes and 1 second in three calls, one of a single call two hours later; and one call that a millisecond keeps apart.
    private static let events = [
        event("page", "Home", "2026-06-10T09:00:00Z", #"{"path":"/","url":"https://wren.example/"}"#, context: #"{"campaign":{"source":"newsletter"}}"#),
        event("track", "Product Viewed", "2026-06-10T09:00:01Z", #"{"name":"Assam"}"#), event("page", "Cart", "2026-06-10T09:30:01Z"),
        event("track", "Order Completed", "2026-06-10T11:00:00Z", #"{"total":12}"#), event("screen", "Home", "2026-06-10T11:30:00.001Z"),
        event("identify", nil, "2026-06-10T09:31:00Z"), event("track", "Order Completed", "2026-07-01T00:00:00Z"),
    ]

    private static func event(_ call: String, _ name: String?, _ time: String, _ properties: String = "{}", context: String = "{}") -> SlowStory.Event {
        SlowStory.Event(
            timestamp: Timestamp(time)!.milliseconds, position: Timestamp(time)!.milliseconds.hashValue & 0xff, call: call, name: name, properties: JSONText(validating: Array(properties.utf8))!,
            context: JSONText(validating: Array(context.utf8))!)
    }

    @Test("a pause of exactly the gap is within a session, a longer one ends it; what is still to come is in none", arguments: [
        ("count of sessions = 3", true), ("count of sessions with gaps up to 29 minutes = 4", true), ("count of sessions with gaps up to 2 hours = 1", true),
        ("count of sessions since 2026-06-10T09:00:01Z = 2", true), ("count of sessions before 2026-06-10T09:00:01Z = 1", true), ("did sessions exactly 3 times in last 30 days", true),
        ("did not do session in last 7 days", true), ("sum(duration) of sessions = 1801", true), ("sum(duration) of sessions = 30 minutes", false), ("maximum(duration) of sessions > 30 minutes", true),
        ("median(duration) of sessions = 0", true), ("last(duration) of sessions < 1 second", true), ("sum(events) of sessions = 5", true), ("maximum(pages) of sessions = 2", true), ("sum(screens) of sessions = 1", true),
        ("count of sessions where duration >= 30 minutes and pages = 2 = 1", true), (#"first(entry.name) of sessions = "Home""#, true), (#"first(landing.path) of sessions = "/""#, true),
        (#"first(entry.context.campaign.source) of sessions = "newsletter""#, true), (#"first(exit.name) of sessions = "Cart""#, true), (#"last(landing.name) of sessions = "Home""#, true),
        ("distinct(entry.name) of sessions = 1", true), (#"count of sessions where landing.name is missing = 1"#, true), ("share(events = 1) of sessions > 66%", true), ("first time of sessions = 2026-06-10T09:00:00Z", true),
        ("days of sessions = 1", true), ("last time of sessions more than 20 days ago", true), ("average(events) of sessions where hour from 11 to 12 = 1", true),
    ])
    func meaning(_ text: String, _ expected: Bool) throws {
        let story = SlowStory(profile: "p1", events: Self.events, traits: JSONText(trusted: Array("{}".utf8)))
        #expect(SlowEvaluator.isTrue(try Condition(text: text), for: story, at: Moment(asOf: Timestamp("2026-07-01")!)) == expected)
    }

    @Test("what sessions cannot be asked is refused", arguments: [
        ("did any of (sessions, \"A\")", "sessions-alone"), ("did sessions then \"A\"", "sessions-in-sequence"), ("did \"A\" then sessions", "sessions-in-sequence"), ("sum(total) of sessions > 5", "session-property"),
        ("did sessions where total > 5", "session-property"), ("count of sessions with gaps up to 1 month > 1", "session-gap"), ("count of sessions with gaps up to 0 minutes > 1", "session-gap"), ("sum(duration) of sessions > 1 month", "unknown-unit"),
        ("share(x = 1) of sessions > 5%", "session-property"),
    ])
    func refusals(_ text: String, _ code: String) throws {
        do {
            _ = try Condition(text: text)
            Issue.record("\(text) was read")
        } catch {
            #expect(error.explanation.code == "segments." + code)
            #expect(DocumentTests.refusals.contains("| `\(error.explanation.code)` |"))
        }
    }
}
