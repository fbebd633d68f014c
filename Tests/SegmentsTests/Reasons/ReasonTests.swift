import Columnar
import Profiles
import Segments
import TestSupport
import Testing
import Vocabulary

@Suite("Why somebody is in or out")
struct ReasonTests {
    /// Ada bought tea on June 1 and cups on June 20, and was asked for on July 1; Bob did nothing but say who he is.
    private static func told() async throws -> World {
        let world = try World(clock: StoryClock(Timestamp("2026-07-01T00:00:00Z")!))
        func order(_ id: String, _ at: String, _ properties: String) -> String {
            "{\"type\":\"track\",\"event\":\"Order Completed\",\"messageId\":\"\(id)\",\"userId\":\"ada\",\"timestamp\":\"\(at)\",\"properties\":\(properties)}"
        }
        let lines = [
            "{\"type\":\"identify\",\"messageId\":\"a0\",\"userId\":\"ada\",\"timestamp\":\"2026-05-01T00:00:00Z\",\"traits\":{\"plan\":\"free\",\"born\":\"1990-07-08\"}}",
            "{\"type\":\"identify\",\"messageId\":\"a1\",\"userId\":\"ada\",\"timestamp\":\"2026-06-10T00:00:00Z\",\"traits\":{\"plan\":\"premium\",\"spouse\":\"premium\"}}",
            order("o1", "2026-06-01T12:00:00Z", "{\"total\":12.5,\"category\":\"tea\"}"), order("o2", "2026-06-20T12:00:00Z", "{\"total\":30,\"category\":\"cups\",\"note\":\"\(String(repeating: "long ", count: 200))\"}"),
            "{\"type\":\"identify\",\"messageId\":\"b0\",\"userId\":\"bob\",\"timestamp\":\"2026-05-01T00:00:00Z\",\"traits\":{}}",
            "{\"type\":\"group\",\"messageId\":\"g0\",\"userId\":\"bob\",\"groupId\":\"wren\",\"traits\":{}}",
        ]
        try await world.send("{\"batch\":[\(lines.joined(separator: ","))]}")
        return world
    }

    private static func answer(_ text: String, of person: String = "ada", at: String = "2026-07-01T00:00:00Z", zone: TimeZoneName = .utc, _ segments: [String: String] = [:]) async throws -> ReasonedAnswer {
        let world = try await told()
        let named = try segments.mapValues { try Condition(text: $0) }
        let profile = try #require(try world.profile(person))
        let reasoning = try world.engine().reasoning(Condition(text: text), of: profile, at: Moment(asOf: Timestamp(at)!, zone: zone), segments: { named[$0] })
        guard case .answered(let answer) = reasoning else { throw SegmentError.unknown(person) }
        return answer
    }

    private static func events(_ reason: Reason) -> SeenEvents? { if case .events(let events) = reason.seen { events } else { nil } }
    private static func traits(_ reason: Reason) -> [SeenTrait] { if case .traits(let traits) = reason.seen { traits } else { [] } }
    private static func steps(_ reason: Reason) -> [SeenStep] { if case .steps(let steps) = reason.seen { steps } else { [] } }

    @Test("a trait is shown with the call that said so, as it stood at the moment")
    func trait() async throws {
        let now = try await Self.answer("plan = \"premium\"").reason
        #expect(now.isTrue && Self.traits(now).map(\.value?.text) == ["\"premium\""] && Self.traits(now).first?.statement?.messageId == "a1")
        let then = try await Self.answer("plan = \"premium\"", at: "2026-06-09T00:00:00Z")
        #expect(!then.reason.isTrue && Self.traits(then.reason).map(\.value?.text) == ["\"free\""] && Self.traits(then.reason).first?.statement?.messageId == "a0")
        // What has happened since counts: the call that says premium has happened a millisecond later.
        #expect(then.flipsAt == Timestamp("2026-06-10T00:00:00.001Z"))
        let none = try await Self.answer("phone exists").reason
        #expect(!none.isTrue && Self.traits(none).map(\.value) == [nil] && none.seenSentence(in: "en") == "it is unknown")
        let both = try await Self.answer("trait plan = trait spouse").reason
        #expect(both.isTrue && Self.traits(both).count == 2 && both.seenSentence(in: "en") == "plan is “premium”, spouse is “premium”")
    }

    @Test("a count names the newest events, and what the filter looked at")
    func count() async throws {
        let reason = try await Self.answer("did \"Order Completed\" where note starts with \"long\" at least twice in last 30 days").reason
        let seen = try #require(Self.events(reason))
        #expect(!reason.isTrue && seen.count == 1 && seen.unfilteredCount == 2 && seen.events.map(\.messageId) == ["o2"] && seen.before == nil)
        let note = try #require(seen.events.first?.values.first)
        #expect(note.path == "note" && note.value?.string?.hasSuffix("…") == true && (note.value?.bytes.count ?? 0) < 300, "long values are cut")
        #expect(reason.seenSentence(in: "en") == "1 such event; 2 before filtering")
        let none = try await Self.answer("did \"Order Completed\" in last 3 days").reason
        #expect(Self.events(none)?.before?.messageId == "o2" && Self.events(none)?.events.isEmpty == true)
        #expect(none.seenSentence(in: "en") == "no such event from 2026-06-28 to 2026-07-01")
        #expect(none.seenSentence(in: "tr") == "2026-06-28 ile 2026-07-01 arasında böyle bir olay yok")
        let unheard = try await Self.answer("did not do \"Never Sent\"").reason
        #expect(unheard.isTrue && Self.events(unheard)?.count == 0)
    }

    @Test("a measure is told with the events that made it", arguments: [
        ("sum(total) of \"Order Completed\" > 40", true, "42.5, from 2 such events", ["o2", "o1"]), ("minimum(total) of \"Order Completed\" < 10", false, "12.5, from 2 such events", ["o1", "o2"]),
        ("average(total) of \"Order Completed\" > 21", true, "21.25, from 2 such events", ["o2", "o1"]), ("share(category = \"tea\") of \"Order Completed\" >= 50%", true, "50 %, from 2 such events", ["o2", "o1"]),
        ("first(category) of \"Order Completed\" = \"tea\"", true, "“tea”, from 2 such events", ["o1", "o2"]), ("last time of \"Order Completed\" more than 60 days ago", false, "2026-06-20T12:00:00.000Z, from 2 such events", ["o2", "o1"]),
        ("average(nothing) of \"Order Completed\" > 1", false, "no value, from 2 such events", ["o2", "o1"]),
    ])
    func measure(_ text: String, _ isTrue: Bool, _ words: String, _ ids: [String]) async throws {
        let reason = try await Self.answer(text).reason
        #expect(reason.isTrue == isTrue && reason.seenSentence(in: "en") == words && Self.events(reason)?.events.map(\.messageId) == ids)
    }

    @Test("a sequence tells how far it came and what is missing")
    func sequence() async throws {
        func steps(_ text: String) async throws -> [SeenStep] { Self.steps(try await Self.answer(text).reason) }
        let far = try await steps("did \"Order Completed\" where category = \"tea\" then \"Order Completed\" where category = \"cups\" within 1 week then page \"Thanks\"")
        #expect(far.map(\.isMet) == [true, false, nil] && far[0].event?.messageId == "o1")
        let broken = try await steps("did \"Order Completed\" where category = \"tea\" then \"Order Completed\" where category = \"cups\" without \"Order Completed\" between")
        #expect(broken.map(\.isMet) == [true, true, true])
        let followed = try await steps("did \"Order Completed\" where category = \"tea\" then not \"Order Completed\" within 30 days")
        #expect(followed.map(\.isMet) == [true, false] && followed[1].event?.messageId == "o2" && followed[1].waitsUntil == nil)
        let waits = try await Self.answer("did \"Order Completed\" where category = \"cups\" then not \"Order Completed\" within 30 days")
        let last = try #require(Self.steps(waits.reason).last)
        // The period's last instant still has to pass.
        #expect(!waits.reason.isTrue && last.waitsUntil == Timestamp("2026-07-20T12:00:00.001Z") && waits.flipsAt == last.waitsUntil)
        let same = try await steps("did \"Order Completed\" then \"Order Completed\" with same category")
        #expect(same.map(\.isMet) == [true, false])
    }

    @Test("of and and or those parts decide that have the answer of the whole")
    func deciding() async throws {
        let reason = try await Self.answer("(plan = \"free\" or born exists) and not in segment \"tea\" and did \"Order Completed\"", ["tea": "did \"Order Completed\" where category = \"tea\""]).reason
        #expect(!reason.isTrue && reason.parts.map(\.isTrue) == [true, false, true] && reason.parts.map(\.decides) == [false, true, false])
        #expect(reason.parts[0].parts.map(\.decides) == [false, true])
        let segment = try #require(reason.parts[1].parts.first)
        let tea = try #require(segment.parts.first)
        #expect(segment.isTrue && Self.events(tea)?.events.map(\.messageId) == ["o1"])
        #expect(["en", "es", "tr"].map(reason.sentence) == ["all of these", "todo esto", "bunların hepsi"])
        #expect(reason.parts[1].sentence(in: "en") == "not this" && reason.parts[0].sentence(in: "en") == "one of these")
        #expect(try await Self.answer("everyone").reason.sentence(in: "en") == "Everyone")
    }

    @Test("it flips when an event leaves the window, the calendar turns or a birthday comes", arguments: [
        ("did \"Order Completed\" in last 30 days", "2026-07-20T12:00:00.001Z"), ("did \"Order Completed\" at least twice in last 30 days", "2026-07-01T12:00:00.001Z"),
        ("did not do \"Order Completed\" last month", "2026-08-01T00:00:00.000Z"), ("born anniversary within next 3 days", "2026-07-06T00:00:00.000Z"), ("last time of \"Order Completed\" more than 1 month ago", "2026-07-20T12:00:00.001Z"),
        ("plan = \"premium\"", nil), ("did \"Order Completed\" in last 2 years", nil), ("did anything since 2026-01-01", nil),
    ] as [(String, String?)])
    func flip(_ text: String, _ at: String?) async throws {
        let answer = try await Self.answer(text)
        #expect(answer.flipsAt == at.flatMap { Timestamp($0) })
        if at == nil { #expect(answer.lookedUntil == Timestamp("2027-08-05T00:00:00Z")) }
    }

    @Test("days are those of the zone")
    func zone() async throws {
        #expect(try await Self.answer("did not do \"Order Completed\" last month", zone: TimeZoneName(name: "Europe/Madrid")).flipsAt == Timestamp("2026-07-31T22:00:00Z"))
    }

    @Test("an account and who objects are told as such; circles and unknown segments are refused")
    func leftOut() async throws {
        let world = try await Self.told()
        func reasoning(_ person: String, _ text: String = "everyone") throws -> ProfileReasoning {
            let engine = try world.engine()
            return try engine.reasoning(Condition(text: text), of: try #require(try world.profile(person)), at: Moment(asOf: Timestamp("2026-07-01")!)) { name in
                name == "round" ? try? Condition(text: "not in segment \"round\"") : nil
            }
        }
        if case .withoutEvents = try reasoning("groupId:wren") {} else { Issue.record("an account has no events") }
        if case .answered = try reasoning("ada") {} else { Issue.record("Ada is a person") }
        try await world.send("{\"batch\":[{\"type\":\"track\",\"event\":\"X\",\"userId\":\"ada\",\"context\":{\"consent\":{\"categoryPreferences\":{\"analytics\":false}}}}]}")
        if case .objecting = try reasoning("ada") {} else { Issue.record("Ada objects") }
        #expect(throws: SegmentError.cycle(["round", "round"])) { try reasoning("bob", "in segment \"round\"") }
        #expect(throws: SegmentError.unknown("none")) { try reasoning("bob", "in segment \"none\"") }
    }

    @Test("segments that name each other many times end in an answer without parts")
    func wide() async throws {
        var segments = ["s0": "did \"Order Completed\""]
        for number in 1...13 { segments["s\(number)"] = "in segment \"s\(number - 1)\" and in segment \"s\(number - 1)\"" }
        let answer = try await Self.answer("in segment \"s13\"", segments)
        func count(_ reason: Reason) -> Int { reason.parts.reduce(1) { $0 + count($1) } }
        #expect(answer.reason.isTrue && count(answer.reason) < 4000)
    }
}
