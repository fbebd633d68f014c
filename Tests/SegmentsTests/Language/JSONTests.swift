import Segments
import Testing
import Vocabulary

@Suite("The JSON form")
struct JSONTests {
    private func text(_ json: String) throws -> String { try Condition(json: Array(json.utf8)).text }

    @Test("the questions of the benchmark are read as they stand", arguments: [
        (#"{"trait": "plan", "eq": "premium"}"#, #"plan = "premium""#),
        (#"{"and": [{"trait": "loyaltyPoints", "between": [1000, 2500]}, {"trait": "birthday", "gt": "1991-07-01", "lte": "2001-07-01"}]}"#, "loyaltyPoints between 1000 and 2500 and (birthday <= 2001-07-01 and birthday > 1991-07-01)"),
        (#"{"event": "Order Completed", "last": "30d", "count": {"gte": 3}}"#, #"did "Order Completed" at least 3 times in last 30 days"#),
        (#"{"event": "Order Completed", "last": "90d", "sum": "total", "gt": 500}"#, #"sum(total) of "Order Completed" in last 90 days > 500"#),
        (#"{"event": "Product Added", "from": "-30d", "to": "-24h", "notFollowedBy": {"event": "Order Completed", "within": "24h"}}"#, #"did "Product Added" from 30 days ago to 24 hours ago then not "Order Completed" within 24 hours"#),
        (#"{"and": [{"event": "App Opened", "last": "7d", "count": {"gte": 1}}, {"event": "Email Opened", "last": "60d", "count": {"eq": 0}}]}"#, #"did "App Opened" in last 7 days and did not do "Email Opened" in last 60 days"#),
        (#"{"event": "Order Completed", "first": {"gte": "2026-05-01", "lt": "2026-06-01"}}"#, #"first time of "Order Completed" < 2026-06-01 and first time of "Order Completed" >= 2026-05-01"#),
        (#"{"event": "Product Viewed", "mostFrequent": "category", "eq": "shoes"}"#, #"most frequent(category) of "Product Viewed" = "shoes""#),
        (#"{"event": "Product Viewed", "last": "30d", "distinct": "category", "gte": 5}"#, #"distinct(category) of "Product Viewed" in last 30 days >= 5"#),
        (#"{"event": "Product Viewed", "where": {"category": "shoes"}, "last": "30d", "count": {"gte": 1}}"#, #"did "Product Viewed" where category = "shoes" in last 30 days"#),
        (#"""
        {"and": [{"trait": "country", "in": ["US", "GB", "CA"]}, {"trait": "plan", "neq": "free"},
         {"or": [{"event": "Order Completed", "last": "60d", "count": {"gte": 2}}, {"event": "Order Completed", "last": "180d", "sum": "total", "gte": 300}]},
         {"not": {"or": [{"event": "Order Refunded", "last": "60d", "count": {"gte": 1}}, {"event": "Support Ticket Opened", "last": "30d", "count": {"gte": 1}}]}}]}
        """#, #"country in ("US", "GB", "CA") and plan != "free" and (did "Order Completed" at least 2 times in last 60 days or sum(total) of "Order Completed" in last 180 days >= 300) and not (did "Order Refunded" in last 60 days or did "Support Ticket Opened" in last 30 days)"#),
    ])
    func questions(_ json: String, _ expected: String) throws { #expect(try text(json) == expected) }

    @Test("short forms", arguments: [
        (#"{"event": "X"}"#, #"did "X""#), (#"{"event": {"page": null}}"#, "did page"), (#"{"event": "*"}"#, "did anything"), (#"{"event": {"track": "*"}}"#, #"did "*""#), (#"{"event": "X", "where": {"a": 1, "b": true}}"#, #"did "X" where (a = 1 and b = true)"#),
        (#"{"event": "X", "median": "total", "lt": 2}"#, #"median(total) of "X" < 2"#), (#"{"sequence": ["A", {"event": "B", "within": "1h"}]}"#, #"did "A" then "B" within 1 hour"#), (#"{"trait": "a", "exists": false}"#, "a is missing"),
        (#"{"event": "X", "where": {"property": "at", "eq": {"time": "2026-05-01T10:00:00Z"}}, "to": "2026-06-01"}"#, #"did "X" where `at` = 2026-05-01T10:00:00Z before 2026-06-01"#), (#"{"event": "X", "followedBy": {"event": "Y"}, "same": ["p"]}"#, #"did "X" then "Y" with same p"#),
    ])
    func short(_ json: String, _ expected: String) throws { #expect(try text(json) == expected) }

    @Test("what cannot be read is refused with a pointer to it", arguments: [
        ("", "not-json", ""), ("[]", "wrong-type", ""), ("{}", "missing-member", ""), (#"{"trat": "plan", "eq": 1}"#, "unknown-member", "/trat"), (#"{"and": [{"trait": "a", "eq": 1}, {"trait": "b", "equ": 1}]}"#, "unknown-member", "/and/1/equ"),
        (#"{"and": {}}"#, "wrong-type", "/and"), (#"{"and": [], "or": []}"#, "unknown-member", "/or"), (#"{"trait": "a"}"#, "missing-member", ""), (#"{"trait": "a", "eq": null}"#, "wrong-type", "/eq"), (#"{"trait": "", "eq": 1}"#, "empty-name", "/trait"), (#"{"trait": 1, "eq": 1}"#, "wrong-type", "/trait"),
        (#"{"trait": "a", "in": []}"#, "empty-list", "/in"), (#"{"trait": "a", "in": [1, [2]]}"#, "wrong-type", "/in/1"), (#"{"trait": "a", "between": [5, 1]}"#, "reversed-range", "/between"), (#"{"trait": "a", "between": [5]}"#, "wrong-type", "/between"), (#"{"trait": "a", "between": [5, "2026-01-01"]}"#, "mixed-range", "/between"),
        (#"{"trait": "a", "gt": "500"}"#, "no-such-date", "/gt"), (#"{"trait": "a", "gt": true}"#, "not-ordered", "/gt"), (#"{"trait": "a", "eq": 1, "eq": 2}"#, "member-twice", "/eq"), (#"{"trait": "a", "gt": 1, "ignoreCase": true}"#, "useless-member", "/ignoreCase"), (#"{"trait": "a", "matches": "("}"#, "bad-pattern", "/matches"),
        (#"{"trait": "a", "withinLast": "0d"}"#, "zero-period", "/withinLast"), (#"{"trait": "a", "withinLast": "7 days"}"#, "unknown-unit", "/withinLast"), (#"{"trait": "a", "dividedBy": 3}"#, "missing-member", ""), (#"{"event": "X", "count": {"gte": -1}}"#, "negative-count", "/count"), (#"{"event": "X", "count": {}}"#, "missing-member", "/count"),
        (#"{"event": "X", "sum": "total"}"#, "missing-member", "/sum"), (#"{"event": "X", "sum": "total", "gt": "2026-01-01"}"#, "number-needed", "/sum"), (#"{"event": "X", "sum": "a", "average": "b", "gt": 1}"#, "two-kinds", "/average"), (#"{"event": "X", "percentile": "a", "gt": 1}"#, "missing-member", ""), (#"{"event": []}"#, "empty-list", "/event"),
        (#"{"event": "X", "last": "30d", "from": "-3d"}"#, "two-windows", "/from"), (#"{"event": "X", "last": "0d"}"#, "zero-period", "/last"), (#"{"event": "X", "from": "-1d", "to": "-2d"}"#, "reversed-range", "/from"), (#"{"event": "X", "from": "soon"}"#, "no-such-date", "/from"), (#"{"event": "X", "from": {"startOf": "hour"}}"#, "bad-bound", "/from"),
        (#"{"event": "X", "where": {"propery": "a", "eq": 1}}"#, "unknown-member", "/where/eq"), (#"{"event": "X", "where": {"property": "a"}}"#, "missing-member", "/where"), (#"{"event": "X", "where": {"and": []}}"#, "empty-list", "/where/and"), (#"{"event": "X", "where": {"hour": {"from": 9, "to": 9}}}"#, "hour-range", "/where"), (#"{"event": "X", "where": {"weekday": ["never"]}}"#, "wrong-type", "/where/weekday/0"),
        (#"{"sequence": ["A"]}"#, "one-step", "/sequence"), (#"{"sequence": ["A", {"noEvent": "B"}]}"#, "period-needed", "/sequence"), (#"{"sequence": [{"noEvent": "A"}, "B"]}"#, "sequence-start", "/sequence/0"), (#"{"sequence": ["A", {"event": "B", "noEvent": "C"}]}"#, "two-kinds", "/sequence/1/event"), (#"{"event": "A", "notFollowedBy": {"event": "B"}}"#, "period-needed", "/notFollowedBy"),
        (#"{"bucket": "a", "from": 5, "to": 3}"#, "bucket-range", "/from"), (#"{"bucket": "a", "from": 5, "to": 10000}"#, "wrong-type", "/to"), (#"{"segment": ""}"#, "empty-name", "/segment"), (#"{"relation": "a"}"#, "missing-member", ""), (#"{"a/b~c": 1}"#, "missing-member", ""), (#"{"trait": "a", "eq": 1, "x/y~z": 1}"#, "unknown-member", "/x~1y~0z"),
    ])
    func refusals(_ json: String, _ code: String, _ pointer: String) {
        let error = #expect(throws: ConditionError.self) { try Condition(json: Array(json.utf8)) }
        #expect(error?.explanation.code == "segments." + code, "\(error?.explanation.problem ?? "")")
        #expect(DocumentTests.refusals.contains("`segments.\(code)`"), "it stands in the list of refusals")
        #expect(error?.place == .pointer(pointer))
        #expect(error?.explanation.remedy.isEmpty == false)
    }

    @Test("an unknown member comes with the nearest known one", arguments: [(#"{"trat": "plan", "eq": 1}"#, "`trait`"), (#"{"event": "X", "lats": "30d"}"#, "`last`"), (#"{"trait": "plan", "startWith": "a"}"#, "`startsWith`")])
    func suggestions(_ json: String, _ meant: String) {
        let error = #expect(throws: ConditionError.self) { try Condition(json: Array(json.utf8)) }
        #expect(error?.explanation.remedy.contains(meant) == true, "\(error?.explanation.remedy ?? "")")
    }

    @Test("what stands in a condition loses no digit and no code point")
    func lossless() throws {
        let json = #"{"trait":"a","in":[9007199254740993,0.1,123456789012345678901234567890.5,"é","é"]}"#
        #expect(try Condition(json: Array(json.utf8)).json.text == json)
        #expect(try Condition(text: try text(json)).json.text == json)
    }

    @Test("depth, parts and length have limits")
    func limits() {
        func code(_ json: String) -> String? {
            do {
                _ = try Condition(json: Array(json.utf8))
                return nil
            } catch { return error.explanation.code }
        }
        func nested(_ depth: Int) -> String { String(repeating: #"{"not":"#, count: depth) + #"{"and":[]}"# + String(repeating: "}", count: depth) }
        #expect(code(nested(63)) == nil)
        #expect(code(nested(64)) == "segments.too-deep")
        #expect(code(nested(190)) == "segments.too-deep")
        #expect(code(nested(5000)) == "segments.not-json")
        func listed(_ count: Int) -> String { #"{"trait":"a","in":["# + Array(repeating: "1", count: count).joined(separator: ",") + "]}" }
        #expect(code(listed(9999)) == nil)
        #expect(code(listed(10_000)) == "segments.too-many-parts")
        #expect(code(#"{"segment":""# + String(repeating: "a", count: 524_288) + "\"}") == "segments.too-long")
        #expect(code(#"{"trait":"a","eq":""# + String(repeating: "a", count: 65_536) + "\"}") == "segments.too-long")
        #expect(code("{" + (0..<65).map { "\"a\($0)\":1" }.joined(separator: ",") + "}") == "segments.unknown-member")
    }

    @Test("conditions made by programs are checked alike, with pointers into their JSON form")
    func faults() {
        let bad = Condition.all([.test(TraitTest(path: "a", test: .isOneOf([]))), .not(.test(EventTest(pattern: EventPattern([.any], where: .all([.hours(3, 3)])), window: Window(from: .ago(Period(-1, .day)), to: nil), measure: .count, test: .exists)))])
        #expect(bad.faults().map { "\($0.place)" } == [Place("/and/0/in"), Place("/and/1/not/where/and/0"), Place("/and/1/not/last")].map(\.text))
        #expect(TimeZoneName(name: "Europe/Madrid").fault == nil)
        #expect(TimeZoneName(name: "Europe/Wren").fault?.code == "segments.unknown-zone")
    }

    private struct Place {
        let text: String
        init(_ pointer: String) { text = "\(ConditionError.Place.pointer(pointer))" }
    }
}
