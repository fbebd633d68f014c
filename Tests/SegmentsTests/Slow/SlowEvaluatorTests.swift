import Segments
import TestSupport
import Testing
import Vocabulary

@Suite("What conditions mean, told by the slow evaluator")
struct SlowEvaluatorTests {
    private let now = Timestamp("2026-07-01")!

    private func isTrue(_ text: String, traits: String = "{}", events: [SlowStory.Event] = [], at: String = "2026-07-01", zone: String = "UTC", profile: String = "p1", segments: [String: Condition] = [:]) throws -> Bool {
        let story = SlowStory(profile: profile, events: events, traits: JSONText(validating: Array(traits.utf8))!)
        return SlowEvaluator.isTrue(try Condition(text: text), for: story, at: Moment(asOf: Timestamp(at)!, zone: TimeZoneName(name: zone)), segments: segments)
    }

    private func event(_ name: String, _ time: String, _ position: Int = 0, _ properties: String = "{}", call: String = "track", context: String = "{}") -> SlowStory.Event {
        SlowStory.Event(timestamp: Timestamp(time)!.milliseconds, position: position, call: call, name: name.isEmpty ? nil : name, properties: JSONText(validating: Array(properties.utf8))!, context: JSONText(validating: Array(context.utf8))!)
    }

    @Test("traits", arguments: [
        // Missing and null satisfy nothing but what names them.
        ("{}", "x = 1", false), ("{}", "x != 1", false), ("{}", "x not in (1)", false), ("{}", "x < 1", false), ("{}", #"x omits "a""#, false), ("{}", "x is missing", true), ("{}", "x exists", false), ("{}", "x is true or unknown", true), ("{}", "not x = 1", true),
        (#"{"x":null}"#, "x != 1", false), (#"{"x":null}"#, "x is missing", true), (#"{"x":null}"#, "x exists", false), (#"{"x":null}"#, "x is false or unknown", true), (#"{"x":""}"#, "x exists", true), (#"{"x":[]}"#, "x exists", true), (#"{"x":{}}"#, "x exists", true),
        // Types are never guessed.
        (#"{"x":"1"}"#, "x = 1", false), (#"{"x":1}"#, #"x = "1""#, false), (#"{"x":"1"}"#, "x != 1", true), (#"{"x":"true"}"#, "x = true", false), (#"{"x":"true"}"#, "x is true or unknown", false), (#"{"x":1}"#, "x is false or unknown", false), (#"{"x":"5"}"#, "x > 1", false),
        (#"{"x":true}"#, "x is true", true), (#"{"x":false}"#, "x is true or unknown", false), (#"{"x":false}"#, "x is false or unknown", true),
        // Numbers are exact, of any size and spelling.
        (#"{"x":0.1}"#, "x = 0.10", true), (#"{"x":9007199254740993}"#, "x = 9007199254740992", false), (#"{"x":9007199254740993}"#, "x > 9007199254740992", true), (#"{"x":1e3}"#, "x = 1000", true), (#"{"x":-0}"#, "x = 0", true), (#"{"x":1e300}"#, "x > 1e299", true), (#"{"x":0.30000000000000001}"#, "x > 0.3", true),
        (#"{"x":5}"#, "x between 5 and 7", true), (#"{"x":7}"#, "x between 5 and 7", true), (#"{"x":7.01}"#, "x between 5 and 7", false), (#"{"x":5}"#, "x < 5", false), (#"{"x":5}"#, "x <= 5", true), (#"{"x":5}"#, "x > 5", false), (#"{"x":5}"#, "x >= 5", true),
        (#"{"x":10}"#, "x divided by 3 leaves 1", true), (#"{"x":-1}"#, "x divided by 3 leaves 2", true), (#"{"x":10.5}"#, "x divided by 3 leaves 1", false), (#"{"x":"10"}"#, "x divided by 3 leaves 1", false),
        // Texts by code points.
        (#"{"x":"Tea"}"#, #"x = "tea""#, false), (#"{"x":"Tea"}"#, #"x = "tEA" ignoring case"#, true), (#"{"x":"e\u0301"}"#, #"x = "é""#, false), (#"{"x":"ΣΑΣ"}"#, #"x = "σας" ignoring case"#, true), (#"{"x":"a tea"}"#, #"x contains "tea""#, true), (#"{"x":"a tea"}"#, #"x contains any of ("x", "a t")"#, true),
        (#"{"x":"a Tea"}"#, #"x omits "tea""#, true), (#"{"x":"a Tea"}"#, #"x omits "tea" ignoring case"#, false), (#"{"x":"a"}"#, #"x omits all of ("a", "b")"#, false), (#"{"x":5}"#, #"x omits "a""#, true), (#"{"x":5}"#, #"x contains "5""#, false),
        (#"{"x":"tea"}"#, #"x starts with "te""#, true), (#"{"x":"tea"}"#, #"x starts with "teas""#, false), (#"{"x":"tea"}"#, #"x ends with "EA" ignoring case"#, true), (#"{"x":"tea"}"#, #"x ends with "stea""#, false), (#"{"x":"tea"}"#, #"x matches "t.a""#, true), (#"{"x":"teas"}"#, #"x matches "t.a""#, false),
        // Dates.
        (#"{"x":"2026-07-01"}"#, "x = 2026-07-01T00:00:00Z", true), (#"{"x":"2026-07-01T02:00:00+02:00"}"#, "x = 2026-07-01", true), (#"{"x":"2026-07-01"}"#, #"x = "2026-07-01""#, true), (#"{"x":"2026-07-01T00:00:00Z"}"#, #"x = "2026-07-01""#, false), (#"{"x":"tea"}"#, "x > 2026-01-01", false), (#"{"x":"tea"}"#, "x != 2026-01-01", true),
        (#"{"x":"2026-06-24"}"#, "x within last 7 days", true), (#"{"x":"2026-06-23T23:59:59.999Z"}"#, "x within last 7 days", false), (#"{"x":"2026-07-01"}"#, "x within last 7 days", false), (#"{"x":"2026-07-01"}"#, "x within next 7 days", true), (#"{"x":"2026-07-08"}"#, "x within next 7 days", true), (#"{"x":"2026-07-08T00:00:00.001Z"}"#, "x within next 7 days", false),
        (#"{"x":"2026-06-24"}"#, "x more than 7 days ago", false), (#"{"x":"2026-06-23T23:59:59.999Z"}"#, "x more than 7 days ago", true), (#"{"x":"2026-07-08"}"#, "x more than 7 days ahead", false), (#"{"x":"2026-07-08T00:00:00.001Z"}"#, "x more than 7 days ahead", true), (#"{"x":1782864000000}"#, "x within last 7 days", false),
        (#"{"x":"1991-07-01"}"#, "x anniversary within next 1 day", true), (#"{"x":"1991-06-30"}"#, "x anniversary within next 365 days", true), (#"{"x":"1991-06-30"}"#, "x anniversary within next 364 days", false), (#"{"x":"1991-07-07"}"#, "x anniversary within next 7 days", true), (#"{"x":"1991-07-08"}"#, "x anniversary within next 7 days", false),
        // Lists: some element; their opposites: none.
        (#"{"x":["a","b"]}"#, #"x = "b""#, true), (#"{"x":["a","b"]}"#, #"x != "b""#, false), (#"{"x":["a","b"]}"#, #"x != "c""#, true), (#"{"x":["a",5]}"#, "x in (5, 6)", true), (#"{"x":["a",5]}"#, "x not in (5, 6)", false), (#"{"x":["tea"]}"#, #"x contains "e""#, true), (#"{"x":["tea"]}"#, #"x omits "e""#, false), (#"{"x":[5]}"#, "x > 1", false), (#"{"x":[["a"]]}"#, #"x = "a""#, false), (#"{"x":[]}"#, #"x != "a""#, true),
        // Paths and relations.
        (#"{"a":{"b":{"c":1}}}"#, "a.b.c = 1", true), (#"{"a":"x"}"#, "a.b is missing", true), (#"{"a":1,"b":1.0}"#, "trait a = trait b", true), (#"{"a":1,"b":"1"}"#, "trait a != trait b", false), (#"{"a":1}"#, "trait a != trait b", false), (#"{"a":"x","b":"y"}"#, "trait a != trait b", true), (#"{"a":"x","b":"y"}"#, "trait a < trait b", false),
        (#"{"a":"2026-01-01","b":"2026-01-01T00:00:01Z"}"#, "trait a < trait b", true), (#"{"a":true,"b":true}"#, "trait a = trait b", true), (#"{"a":true,"b":true}"#, "trait a <= trait b", false),
    ])
    func traits(_ traits: String, _ text: String, _ expected: Bool) throws { #expect(try isTrue(text, traits: traits) == expected) }

    @Test("birthdays on February 29 are on the 28th in other years", arguments: [("2026-02-28", true), ("2026-03-01", false), ("2028-02-28", false), ("2028-02-29", true)])
    func leapDay(_ day: String, _ expected: Bool) throws { #expect(try isTrue("x anniversary within next 1 day", traits: #"{"x":"1988-02-29"}"#, at: day) == expected) }

    @Test("how often, in windows that hold their beginning and not their end", arguments: [
        (#"did "A""#, true), (#"did "A" at least 4 times"#, true), (#"did "A" at least 5 times"#, false), (#"did "A" exactly 2 times in last 30 days"#, true), (#"did not do "B""#, true), (#"did not do "A""#, false), (#"did "A" between 2026-06-01 and 2026-06-11"#, true), (#"did "A" between 2026-06-11 and 2026-06-20"#, false),
        (#"did "A" exactly once since 2026-06-10"#, true), (#"did "A" exactly 3 times before 2026-06-10"#, true), (#"did "A" exactly 2 times this month"#, false), (#"did "A" exactly 2 times last month"#, true), (#"did page "A""#, false), (#"did anything exactly 4 times"#, true), (#"did "a""#, false),
        (#"did "A" for the first time in last 30 days"#, false), (#"did "A" for the first time in last 31 days"#, true), (#"did "A" again in last 30 days"#, true), (#"did "A" again in last 31 days"#, false), (#"did not do "A" again in last 31 days"#, true),
        (#"did "A" from 31 days ago to 30 days ago"#, true), (#"did "A" from 30 days ago to 29 days ago exactly once"#, true), (#"days of "A" = 3"#, true), (#"count of "A" in last 30 days between 2 and 2"#, true),
    ])
    func counts(_ text: String, _ expected: Bool) throws {
        // Thirty days before the moment is 2026-06-01T00:00Z: one event a millisecond earlier, one on it, two later; one at the moment itself.
        let events = [event("A", "2026-05-31T23:59:59.999Z"), event("A", "2026-05-31T12:00:00Z"), event("A", "2026-06-01"), event("A", "2026-06-10"), event("A", "2026-07-01"), event("", "2026-06-01", call: "identify")]
        #expect(try isTrue(text, events: events) == expected)
    }

    @Test("what events add up to", arguments: [
        ("sum(t) of \"A\" = 0.3", true), ("sum(t) of \"A\" > 0.3", false), ("sum(none) of \"A\" = 0", true), ("sum(none) of \"A\" exists", true), ("average(t) of \"A\" = 0.15", true), ("average(none) of \"A\" is missing", true), ("average(none) of \"A\" < 5", false), ("minimum(t) of \"A\" = 0.1", true), ("maximum(t) of \"A\" = 0.20", true),
        ("median(t) of \"A\" = 0.1", true), ("percentile(t, 51) of \"A\" = 0.2", true), ("distinct(c) of \"A\" = 2", true), ("distinct(t) of \"A\" = 3", true), ("most frequent(c) of \"A\" = \"tea\"", true), ("most frequent(t) of \"A\" = \"0.2\"", true), ("first(c) of \"A\" = \"tea\"", true), ("last(c) of \"A\" = \"shoes\"", true), ("first(none) of \"A\" is missing", true),
        ("first time of \"A\" = 2026-06-01", true), ("last time of \"A\" >= 2026-06-03", true), ("last time of \"A\" > 2026-06-03", false), ("first time of \"B\" < 2026-07-01", false), ("first time of \"B\" is missing", true), ("first time of \"A\" between 2026-05-01 and 2026-06-01", true), ("first time of \"A\" >= 2026-05-01 and < 2026-06-01", false),
        ("share(c = \"tea\") of \"A\" >= 50%", true), ("share(c = \"tea\") of \"A\" > 50%", false), ("share(c = \"tea\") of \"B\" >= 0%", false), ("sum(t) of \"A\" where c = \"tea\" = 0.1", true), ("did \"A\" where context.device = \"phone\" exactly once", true), ("sum(t) of \"A\" divided by 2 leaves 0", false), ("count of \"A\" divided by 3 leaves 1", true),
    ])
    func measures(_ text: String, _ expected: Bool) throws {
        let events = [
            event("A", "2026-06-01", 3, #"{"t":0.1,"c":"tea"}"#, context: #"{"device":"phone"}"#), event("A", "2026-06-02", 1, #"{"t":"0.2","c":"tea"}"#),
            // Of one instant: the one that came later is later.
            event("A", "2026-06-03", 7, #"{"t":null,"c":"shoes"}"#), event("A", "2026-06-03", 6, #"{"t":0.2}"#),
        ]
        #expect(try isTrue(text, events: events) == expected)
    }

    @Test("sums are exact beyond every machine number")
    func hugeSums() throws {
        let events = [event("A", "2026-06-01", 0, #"{"t":1e30}"#), event("A", "2026-06-02", 1, #"{"t":0.000000000000000000000000000001}"#), event("A", "2026-06-03", 2, #"{"t":-1e30}"#)]
        #expect(try isTrue("sum(t) of \"A\" = 1e-30", events: events))
    }

    @Test("equally frequent values: texts before numbers before booleans, each in its order", arguments: [
        ([#""b""#, #""a""#], #""a""#), (["2", "10"], "2"), (["true", "false"], "false"), (["1", #""z""#], #""z""#), (["true", "7"], "7"), ([#""a""#, "5", "5.0"], "5"), (["null", "1"], "1"), (["[1]", "[1]", "1"], "1"),
    ])
    func modes(_ values: [String], _ expected: String) throws {
        let events = values.enumerated().map { event("A", "2026-06-01", $0, "{\"v\":\($1)}") }
        #expect(try isTrue("most frequent(v) of \"A\" = \(expected)", events: events))
    }

    @Test("hours, weekdays and days follow the moment's zone", arguments: [
        ("UTC", "hour from 22 to 23", true), ("Europe/Madrid", "hour from 22 to 23", false), ("Europe/Madrid", "hour from 0 to 1", true), ("Europe/Madrid", "hour from 23 to 1", true), ("Europe/Madrid", "hour from 1 to 0", false), ("UTC", "weekday in (mon)", true), ("Europe/Madrid", "weekday in (mon)", false), ("Europe/Madrid", "weekday in (tue, sun)", true), ("Asia/Kathmandu", "hour from 4 to 5", true),
    ])
    func zones(_ zone: String, _ filter: String, _ expected: Bool) throws {
        // A Monday, half an hour before midnight in Madrid's winter time would be 23:30; in summer it is already Tuesday.
        #expect(try isTrue("did \"A\" where \(filter) ever", events: [event("A", "2026-06-29T22:30:00Z")], zone: zone) == expected)
    }

    @Test("one after the other", arguments: [
        (#"did "A" then "B""#, true), (#"did "B" then "A""#, false), (#"did "A" then "B" within 1 hour"#, true), (#"did "A" then "B" within 59 minutes"#, false), (#"did "A" then "B" then "C""#, true), (#"did "A" then "B" then "C" all within 3 hours"#, true), (#"did "A" then "B" then "C" all within 179 minutes"#, false),
        (#"did "A" then not "B" then "C""#, false), (#"did "A" then "C" without "D" between"#, true), (#"did "A" then "C" without "B" between"#, false), (#"did "A" then "T""#, false), (#"did "A" then "B" with same p"#, true), (#"did "A" then "C" with same p"#, false), (#"did "A" then "C" with same q"#, false), (#"did "A" in last 1 hour then "B""#, false),
        (#"did "A" before 2026-06-30T10:00:00Z then "B""#, false), (#"did "A" before 2026-06-30T10:00:00.001Z then "B""#, true), (#"did "C" then not "A" within 10 hours"#, true), (#"did "C" then not "A" within 11 hours"#, false), (#"did "A" then not "B" within 59 minutes"#, true), (#"did "A" then not "B" within 1 hour"#, false), (#"did "A" then "A""#, false), (#"did "B" then not "B" within 1 hour"#, true),
        (#"did "A" then not "T" within 1 second"#, true), (#"did "A" then "B" then not "C" within 2 hours"#, false), (#"did "A" then "B" then not "C" within 119 minutes"#, true), (#"did any of ("A", "B") then anything within 2 hours then "C""#, true),
    ])
    func sequences(_ text: String, _ expected: Bool) throws {
        let events = [event("A", "2026-06-30T10:00:00Z", 0, #"{"p":1}"#), event("T", "2026-06-30T10:00:00Z", 1), event("B", "2026-06-30T11:00:00Z", 2, #"{"p":1.0}"#), event("C", "2026-06-30T13:00:00Z", 3, #"{"p":2}"#)]
        #expect(try isTrue(text, events: events) == expected)
    }

    @Test("an event between must lie strictly between, and another first event may do")
    func sequenceChoice() throws {
        let broken = [event("A", "2026-06-30T10:00:00Z"), event("D", "2026-06-30T11:00:00Z"), event("B", "2026-06-30T12:00:00Z")]
        #expect(try !isTrue(#"did "A" then not "D" then "B""#, events: broken))
        #expect(try isTrue(#"did "A" then not "D" then "B""#, events: broken + [event("A", "2026-06-30T11:00:00Z", 9)]), "D is as late as the second A, so not after it")
    }

    @Test("what must be missing is missing only when its time has passed", arguments: [("2026-06-30T11:00:00Z", false), ("2026-06-30T11:00:00.001Z", true)])
    func inaction(_ at: String, _ expected: Bool) throws {
        #expect(try isTrue(#"did "A" then not "B" within 1 hour"#, events: [event("A", "2026-06-30T10:00:00Z")], at: at) == expected)
    }

    @Test("segments, buckets, everyone and nobody")
    func others() throws {
        let segments = ["payers": try Condition(text: "plan = 1")]
        #expect(try isTrue(#"in segment "payers""#, traits: #"{"plan":1}"#, segments: segments))
        #expect(try !isTrue(#"in segment "payers""#, segments: segments))
        #expect(try !isTrue(#"in segment "unknown""#, segments: segments))
        #expect(try isTrue("everyone") && !isTrue("nobody") && isTrue("all of ()") && !isTrue("any of ()"))
        #expect(try isTrue(#"bucket("s") from 0 to 9999"#))
        let tenth = try (0..<20_000).count { try isTrue(#"bucket("s") from 0% to 10%"#, profile: "prf_\($0)") }
        #expect(1800..<2200 ~= tenth, "\(tenth)")
        #expect(BucketTest.bucket(of: "ada", salt: "tea") == 1739, "the same for ever")
    }

    @Test("random conditions are true of some random stories and false of others", arguments: Seed.some(3))
    func variety(_ seed: Seed) {
        var conditions = RandomConditions(seed: seed)
        var stories = RandomStories(seed: seed)
        let people = (0..<60).map { _ in stories.next() }
        let segments = ["payers": Condition.test(TraitTest(path: "plan", test: .exists)), "fans": Condition.test(conditions.eventTest())]
        let moment = Moment(asOf: RandomStories.now, zone: TimeZoneName(name: "Europe/Madrid"))
        var mixed = 0
        for _ in 0..<150 {
            let test = Condition.test(conditions.test())
            let count = people.count { SlowEvaluator.isTrue(test, for: $0, at: moment, segments: segments) }
            if count > 0, count < people.count { mixed += 1 }
        }
        #expect(mixed >= 40, "only \(mixed) of 150 tests told people apart")
    }

    @Test("every call of a random story is admitted", arguments: Seed.some(2))
    func admitted(_ seed: Seed) throws {
        var stories = RandomStories(seed: seed)
        let lines = (0..<40).flatMap { index in stories.next().lines(userId: "u\(index)", identifiedAt: RandomStories.begin) }
        var body = Array("{\"batch\":[\(lines.joined(separator: ","))]}".utf8)
        let call = try EventDecoder.decode(&body, as: .batch, in: CallContext(receivedAt: Timestamp("2026-07-10")!)) { _ in "unnamed" }
        #expect(call.itemCount == lines.count)
        #expect(call.refused.isEmpty, "\(call.refused.map(\.reasons))")
    }

    @Test("a story becomes calls that say all of it")
    func lines() throws {
        let story = SlowStory(profile: "p1", events: [event("Home", "2026-06-30", 1, #"{"x":1}"#, call: "page"), event("A", "2026-06-29", 0)], traits: JSONText(trusted: Array(#"{"plan":"premium"}"#.utf8)))
        #expect(story.lines(userId: "ada", identifiedAt: Timestamp("2026-01-01")!) == [
            #"{"type":"identify","messageId":"ada-traits","userId":"ada","timestamp":"2026-01-01T00:00:00.000Z","traits":{"plan":"premium"}}"#,
            #"{"type":"track","messageId":"ada-0","userId":"ada","timestamp":"2026-06-29T00:00:00.000Z","event":"A","properties":{},"context":{}}"#,
            #"{"type":"page","messageId":"ada-1","userId":"ada","timestamp":"2026-06-30T00:00:00.000Z","name":"Home","properties":{"x":1},"context":{}}"#,
        ])
    }
}
