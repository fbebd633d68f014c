import Segments
import TestSupport
import Testing
import Vocabulary

@Suite("The text form")
struct TextTests {
    private func json(_ text: String) throws -> String { try Condition(text: text).json.text.replacing("\\u003c", with: "<").replacing("\\u003e", with: ">") }

    @Test("each sentence means what it says", arguments: [
        (#"plan = "premium""#, #"{"trait":"plan","eq":"premium"}"#), (#"PLAN != 3"#, #"{"trait":"PLAN","neq":3}"#), (#"plan is "a""#, #"{"trait":"plan","eq":"a"}"#), (#"plan is not "a""#, #"{"trait":"plan","neq":"a"}"#),
        (#"plan In ("a", 2, true, 2026-05-01)"#, #"{"trait":"plan","in":["a",2,true,{"time":"2026-05-01"}]}"#), (#"plan not in ("a")"#, #"{"trait":"plan","notIn":["a"]}"#),
        ("points between 1000 and 2500", #"{"trait":"points","between":[1000,2500]}"#), ("birthday > 1991-07-01", #"{"trait":"birthday","gt":"1991-07-01"}"#),
        ("birthday before 1991-07-01T10:00:00+02:00", #"{"trait":"birthday","lt":"1991-07-01T08:00:00Z"}"#),
        ("age >= 18 and < 65", #"{"and":[{"trait":"age","gte":18},{"trait":"age","lt":65}]}"#), ("not age >= 18 and < 65", #"{"not":{"and":[{"trait":"age","gte":18},{"trait":"age","lt":65}]}}"#),
        ("email exists", #"{"trait":"email","exists":true}"#), ("email is missing", #"{"trait":"email","missing":true}"#), ("email is not missing", #"{"trait":"email","exists":true}"#),
        (#"name contains "x" ignoring case"#, #"{"trait":"name","contains":"x","ignoreCase":true}"#), (#"name contains any of ("x", "y")"#, #"{"trait":"name","contains":["x","y"]}"#),
        (#"name omits "x""#, #"{"trait":"name","omits":"x"}"#), (#"name omits all of ("x", "y")"#, #"{"trait":"name","omits":["x","y"]}"#), (#"name starts with "x""#, #"{"trait":"name","startsWith":"x"}"#),
        (#"name ends with "x" ignoring case"#, #"{"trait":"name","endsWith":"x","ignoreCase":true}"#), (#"name = "x" ignoring case"#, #"{"trait":"name","eq":"x","ignoreCase":true}"#), (#"name matches "a+""#, #"{"trait":"name","matches":"a+"}"#),
        ("vip is true", #"{"trait":"vip","eq":true}"#), ("vip is true or unknown", #"{"trait":"vip","trueOrUnknown":true}"#), ("vip is false or unknown", #"{"trait":"vip","falseOrUnknown":true}"#),
        ("renewal within last 7 days", #"{"trait":"renewal","withinLast":"7d"}"#), ("renewal within next 2h", #"{"trait":"renewal","withinNext":"2h"}"#), ("renewal more than 7 days ago", #"{"trait":"renewal","moreThanAgo":"7d"}"#),
        ("renewal more than 1 month ahead", #"{"trait":"renewal","moreThanAhead":"1mo"}"#), ("birthday anniversary within next 7 days", #"{"trait":"birthday","anniversaryWithinNext":7}"#), ("points divided by 7 leaves 3", #"{"trait":"points","dividedBy":7,"leaves":3}"#),
        ("`first name` = \"Ada\"", #"{"trait":"first name","eq":"Ada"}"#), ("address.city = \"Madrid\"", #"{"trait":"address.city","eq":"Madrid"}"#), ("trait home.city = trait work.city", #"{"relation":"home.city","eq":"work.city"}"#),
        ("points <= trait limit", #"{"relation":"points","lte":"limit"}"#), ("trait count = 3", #"{"trait":"count","eq":3}"#), ("sum > 3", #"{"trait":"sum","gt":3}"#),
        (#"did "X""#, #"{"event":"X","count":{"gte":1}}"#), (#"did not do "X""#, #"{"event":"X","count":{"eq":0}}"#), (#"did not "X""#, #"{"event":"X","count":{"eq":0}}"#), (#"did page "Pricing""#, #"{"event":{"page":"Pricing"},"count":{"gte":1}}"#),
        ("did page", #"{"event":{"page":null},"count":{"gte":1}}"#), ("did screen", #"{"event":{"screen":null},"count":{"gte":1}}"#), ("did anything", #"{"event":"*","count":{"gte":1}}"#), (#"did any of ("A", page "B")"#, #"{"event":["A",{"page":"B"}],"count":{"gte":1}}"#),
        (#"did "X" at least 3 times in last 30 days"#, #"{"event":"X","last":"30d","count":{"gte":3}}"#), (#"did "X" in the last 30 days at least 3 times"#, #"{"event":"X","last":"30d","count":{"gte":3}}"#), (#"count of "X" in last 30 days >= 3"#, #"{"event":"X","last":"30d","count":{"gte":3}}"#),
        (#"did "X" exactly once"#, #"{"event":"X","count":{"eq":1}}"#), (#"did "X" twice"#, #"{"event":"X","count":{"eq":2}}"#), (#"did "X" at most 1 time"#, #"{"event":"X","count":{"lte":1}}"#), (#"did "X" between 2 and 5 times"#, #"{"event":"X","count":{"between":[2,5]}}"#),
        (#"did not do "X" at least 3 times"#, #"{"not":{"event":"X","count":{"gte":3}}}"#), (#"did "X" from 30 days ago to 24 hours ago"#, #"{"event":"X","from":"-30d","to":"-24h","count":{"gte":1}}"#),
        (#"did "X" between 2026-01-01 and 2026-02-01"#, #"{"event":"X","from":"2026-01-01","to":"2026-02-01","count":{"gte":1}}"#), (#"did "X" since 2026-05-01"#, #"{"event":"X","from":"2026-05-01","count":{"gte":1}}"#), (#"did "X" before 30 days ago"#, #"{"event":"X","to":"-30d","count":{"gte":1}}"#),
        (#"did "X" this month"#, #"{"event":"X","from":{"startOf":"month"},"count":{"gte":1}}"#), (#"did "X" in last month"#, #"{"event":"X","from":{"startOf":"month","plus":-1},"to":{"startOf":"month"},"count":{"gte":1}}"#), (#"did "X" last 1 month"#, #"{"event":"X","last":"1mo","count":{"gte":1}}"#),
        (#"did "X" today"#, #"{"event":"X","from":{"startOf":"day"},"count":{"gte":1}}"#), (#"did "X" yesterday"#, #"{"event":"X","from":{"startOf":"day","plus":-1},"to":{"startOf":"day"},"count":{"gte":1}}"#), (#"did "X" since start of 3 quarters ago"#, #"{"event":"X","from":{"startOf":"quarter","plus":-3},"count":{"gte":1}}"#),
        (#"did "X" where category = "shoes" and (price > 10 or color = "red") in last 2 days"#, #"{"event":"X","where":{"and":[{"property":"category","eq":"shoes"},{"or":[{"property":"price","gt":10},{"property":"color","eq":"red"}]}]},"last":"2d","count":{"gte":1}}"#),
        (#"did "X" where a = 1 and did "Y""#, #"{"and":[{"event":"X","where":{"property":"a","eq":1},"count":{"gte":1}},{"event":"Y","count":{"gte":1}}]}"#), (#"did "X" where (a = 1) and b = 2"#, #"{"and":[{"event":"X","where":{"property":"a","eq":1},"count":{"gte":1}},{"trait":"b","eq":2}]}"#),
        (#"did "X" where a = 1 and trait b = 2"#, #"{"and":[{"event":"X","where":{"property":"a","eq":1},"count":{"gte":1}},{"trait":"b","eq":2}]}"#), (#"did "X" where a = 1 or not (not did "Y")"#, #"{"or":[{"event":"X","where":{"property":"a","eq":1},"count":{"gte":1}},{"not":{"not":{"event":"Y","count":{"gte":1}}}}]}"#),
        (#"did "X" where hour from 9 to 17 and weekday in (mon, Tuesday) today"#, #"{"event":"X","where":{"and":[{"hour":{"from":9,"to":17}},{"weekday":["mon","tue"]}]},"from":{"startOf":"day"},"count":{"gte":1}}"#), (#"did "X" where hour between 22:00 and 6:00"#, #"{"event":"X","where":{"hour":{"from":22,"to":6}},"count":{"gte":1}}"#),
        (#"sum(total) of "X" in last 90 days > 500"#, #"{"event":"X","last":"90d","sum":"total","gt":500}"#), (#"average(total) of "X" between 2026-01-01 and 2026-02-01 <= 9.50"#, #"{"event":"X","from":"2026-01-01","to":"2026-02-01","average":"total","lte":9.5}"#), (#"minimum(total) of "X" > 1"#, #"{"event":"X","minimum":"total","gt":1}"#),
        (#"maximum(total) of "X" > 1"#, #"{"event":"X","maximum":"total","gt":1}"#), (#"median(total) of "X" > 1"#, #"{"event":"X","percentile":"total","percent":50,"gt":1}"#), (#"percentile(total, 90) of "X" > 1"#, #"{"event":"X","percentile":"total","percent":90,"gt":1}"#),
        (#"distinct(category) of "X" in last 30 days >= 5"#, #"{"event":"X","last":"30d","distinct":"category","gte":5}"#), (#"most frequent(category) of "X" = "shoes""#, #"{"event":"X","mostFrequent":"category","eq":"shoes"}"#), (#"first(category) of "X" in ("a")"#, #"{"event":"X","firstValue":"category","in":["a"]}"#),
        (#"last(category) of "X" where p = 1 today != "a""#, #"{"event":"X","where":{"property":"p","eq":1},"from":{"startOf":"day"},"lastValue":"category","neq":"a"}"#), (#"first time of "X" >= 2026-05-01 and < 2026-06-01"#, #"{"and":[{"event":"X","firstTime":{"gte":"2026-05-01"}},{"event":"X","firstTime":{"lt":"2026-06-01"}}]}"#),
        (#"first time of "X" between 2026-05-01 and 2026-06-01"#, #"{"event":"X","firstTime":{"between":["2026-05-01","2026-06-01"]}}"#), (#"last time of "X" more than 60 days ago"#, #"{"event":"X","lastTime":{"moreThanAgo":"60d"}}"#), (#"days of anything in last 7 days >= 3"#, #"{"event":"*","last":"7d","days":{"gte":3}}"#),
        (#"share(category = "shoes") of "X" >= 50%"#, #"{"event":"X","share":{"property":"category","eq":"shoes"},"gte":0.5}"#),
        (#"did "A" in last 30 days then "B" within 1 hour then not "C" within 24 hours"#, #"{"sequence":[{"event":"A"},{"event":"B","within":"1h"},{"noEvent":"C","within":"24h"}],"last":"30d"}"#), (#"did "A" then "B" without "D" between all within 7 days with same productId"#, #"{"sequence":[{"event":"A"},{"noEvent":"D"},{"event":"B"}],"within":"7d","same":["productId"]}"#),
        (#"did "A" then "B" with same (a, b) and plan = 1"#, #"{"and":[{"sequence":[{"event":"A"},{"event":"B"}],"same":["a","b"]},{"trait":"plan","eq":1}]}"#), (#"in segment "big-spenders""#, #"{"segment":"big-spenders"}"#), (#"not in segment "x""#, #"{"not":{"segment":"x"}}"#),
        (#"bucket("salt") from 0 to 999"#, #"{"bucket":"salt","from":0,"to":999}"#), (#"bucket("salt") from 0% to 10%"#, #"{"bucket":"salt","from":0,"to":999}"#), ("everyone", #"{"and":[]}"#), ("NOBODY", #"{"or":[]}"#), ("all of (everyone)", #"{"and":[{"and":[]}]}"#),
        ("a = 1 and b = 2 or c = 3", #"{"or":[{"and":[{"trait":"a","eq":1},{"trait":"b","eq":2}]},{"trait":"c","eq":3}]}"#), ("a = 1 and (b = 2 or c = 3)", #"{"and":[{"trait":"a","eq":1},{"or":[{"trait":"b","eq":2},{"trait":"c","eq":3}]}]}"#), ("not a = 1 and b = 2", #"{"and":[{"not":{"trait":"a","eq":1}},{"trait":"b","eq":2}]}"#),
        ("a = \"\\\"\\\\\\n\\u{1f375}\"", #"{"trait":"a","eq":"\"\\\n🍵"}"#), ("a = -1.50e3", #"{"trait":"a","eq":-1500}"#),
    ])
    func meaning(_ text: String, _ expected: String) throws {
        #expect(try json(text) == expected)
        let printed = try Condition(text: text).text
        #expect(try json(printed) == expected, "\(printed)")
    }

    @Test("what cannot be read is refused with its place", arguments: [
        ("", "nothing-asked", 0, 0), ("  \n", "nothing-asked", 3, 0), (#"plan == "a""#, "single-equals", 5, 2), ("plan = premium", "quotes-needed", 7, 7), ("did Order Completed", "quotes-needed", 4, 5), (#"(plan = "a""#, "unclosed-parenthesis", 0, 1),
        (#"plan = "a")"#, "unopened-parenthesis", 10, 1), (#"dit "X""#, "unknown-word", 0, 3), (#"did "X" at leest 3 times"#, "unknown-word", 11, 5), (#"did "X" in last 3 dais"#, "unknown-unit", 18, 4), (#"did "X" in last 3 blinks"#, "unknown-unit", 18, 6),
        (#"plan contians "a""#, "unknown-word", 5, 8), (#"plan = "a" adn vip = true"#, "unknown-word", 11, 3), (#"plan = "a"#, "unclosed-text", 7, 2), ("`plan", "unclosed-name", 0, 5), (#"plan = "\q""#, "bad-escape", 8, 2), ("d > 2026-02-30", "no-such-date", 4, 10),
        ("plan = 'a'", "straight-quotes", 7, 1), ("plan = “a”", "straight-quotes", 7, 3), (#"a <> 1"#, "unknown-sign", 2, 2), ("a & b", "unknown-sign", 2, 1), ("a ≥ 1", "unknown-sign", 2, 3), ("plan in ()", "empty-list", 5, 5), ("points between 5 and 1", "reversed-range", 7, 15),
        (#"plan > "a""#, "not-ordered", 5, 5), (#"did "X" at least -1 times"#, "negative-count", 8, 17), (#"count of "X" >= -1"#, "negative-count", 0, 18), ("renewal within last 0 days", "zero-period", 8, 18), (#"did "X" in last 0 days"#, "zero-period", 8, 14), (#"did "X" from 1 day ago to 2 days ago"#, "reversed-range", 8, 28),
        (#"did "A" then not "B""#, "period-needed", 0, 20), (#"did "A" then not "B" within 1 hour then "C""#, "period-useless", 0, 43), (#"did not do "A" then "B""#, "sequence-start", 15, 4), (#"did "A" today in last 2 days"#, "said-twice", 14, 2), (#"plan matches "(a)\\1""#, "pattern-refused", 5, 16),
        ("and = 1", "reserved-word", 0, 3), (#""plan" = 1"#, "name-in-quotes", 0, 6), ("plan", "unfinished", 4, 0), (#"bucket("a") from 5 to 3"#, "bucket-range", 0, 23), (#"bucket("a") from 0 to 10000"#, "bucket-range", 0, 27), (#"in segment big"#, "unexpected", 11, 3), (#"percentile(total, 0) of "X" > 1"#, "percent-range", 18, 1),
        (#"did "X" where hour from 9 to 9"#, "hour-range", 14, 16), (#"did "X" where weekday in (never)"#, "unexpected", 26, 5), (#"did "X" where weekday in ()"#, "empty-list", 14, 13), (#"did "X" where (did "Y")"#, "condition-in-filter", 15, 3), (#"sum(total) of "X" > 2026-01-01"#, "number-needed", 0, 30), (#"first time of "X" = 5"#, "date-needed", 0, 21),
        ("a = 1e999", "bad-number", 4, 5), (#"a contains """#, "empty-text", 2, 11), ("`` = 1", "empty-name", 0, 2), ("birthday anniversary within next 3 months", "unknown-unit", 33, 8), ("x divided by 0 leaves 0", "remainder-range", 2, 21),
    ])
    func refusals(_ text: String, _ code: String, _ offset: Int, _ length: Int) {
        let error = #expect(throws: ConditionError.self) { try Condition(text: text) }
        #expect(error?.explanation.code == "segments." + code, "\(error?.explanation.problem ?? "")")
        #expect(DocumentTests.refusals.contains("`segments.\(code)`"), "it stands in the list of refusals")
        guard case .text(let place)? = error?.place else { Issue.record("no place"); return }
        #expect([place.offset, place.length] == [offset, length])
    }

    @Test("a mistake comes with what was probably meant", arguments: [
        (#"dit "X""#, "did"), (#"did "X" at leest 3 times"#, "least"), (#"did "X" in last 3 dais"#, "days"), (#"plan contians "a""#, "contains"), (#"plan = "a" adn vip = true"#, "and"), ("plan = premium", "\"premium\""), (#"did "X" where weekday in (mondy)"#, "mon"), (#"did pgae"#, "page"),
    ])
    func suggestions(_ text: String, _ meant: String) {
        let error = #expect(throws: ConditionError.self) { try Condition(text: text) }
        #expect(error?.explanation.remedy.contains(meant) == true, "\(error?.explanation.remedy ?? "")")
    }

    @Test("lines and columns count as people do")
    func lines() {
        let error = #expect(throws: ConditionError.self) { try Condition(text: "a = 1\nand name = \"茶🫖é\" or ?") }
        guard case .text(let place)? = error?.place else { Issue.record("no place"); return }
        #expect([place.line, place.column] == [2, 21])
    }

    @Test("a misspelt name is a warning with the nearest known one, never an error")
    func warnings() throws {
        let known = KnownNames(traits: ["plan", "address"], events: ["Order Completed"], segments: ["payers"])
        func warnings(_ text: String) throws -> [String] { try Condition.read(text: text, knowing: known).warnings.map(\.explanation.remedy) }
        #expect(try warnings(#"plan = 1 and did "Order Completed" and address.city = "x" and in segment "payers""#) == [])
        #expect(try warnings(#"plna = 1 and did "Order Complete" and in segment "payer""#) == ["Did you mean `plan`?", "Did you mean `Order Completed`?", "Did you mean `payers`?"])
        #expect(try Condition.read(text: #"did "Order Completed" where total > 1 and plan = "a""#, knowing: known).warnings.map(\.explanation.code) == ["segments.trait-in-filter"])
        #expect(try Condition.read(text: #"did "Order Completed" where total > 1 or plan = "a""#, knowing: known).warnings.map(\.explanation.code) == ["segments.trait-in-filter"])
        #expect(try Condition.read(text: #"did "Order Completed" where (total > 1) or plan = "a""#, knowing: known).warnings.isEmpty)
        #expect(try Condition.read(text: "plna = 1", knowing: KnownNames()).warnings.isEmpty)
    }

    @Test("length, depth and parts have limits, and a text at the limit is read at once")
    func limits() throws {
        func code(_ text: String) -> String? {
            do {
                _ = try Condition(text: text)
                return nil
            } catch { return error.explanation.code }
        }
        #expect(code(String(repeating: " ", count: 65_537 - 5) + "a = 1") == "segments.too-long")
        #expect(code(String(repeating: " ", count: 65_536 - 5) + "a = 1") == nil)
        #expect(code(String(repeating: "not ", count: 64) + "a = 1") == nil)
        #expect(code(String(repeating: "not ", count: 65) + "a = 1") == "segments.too-deep")
        #expect(code(String(repeating: "(", count: 10_000) + "a = 1") == "segments.too-deep")
        #expect(code(String(repeating: "not ", count: 16_000) + "a = 1") == "segments.too-deep")
        #expect(code("a in (" + Array(repeating: "1", count: 9_998).joined(separator: ",") + ")") == nil)
        #expect(code("a in (" + Array(repeating: "1", count: 10_001).joined(separator: ",") + ")") == "segments.too-many-parts")
        #expect(code(Array(repeating: "a=1e39", count: 2000).joined(separator: " or ")) == "segments.too-long", "it would be longer when printed, and could not be read again")
        let escaped = try Condition(text: "a = \"" + String(repeating: "<", count: 65_000) + "\"")
        #expect(try Condition(json: escaped.json).text == escaped.text)
        let long = Array(repeating: #"did "X" where a = 1 and (b = 2) at least 2 times"#, count: 1200).joined(separator: " and ")
        let time = processorTime { #expect(code(long) == nil) }
        #expect(time < .seconds(2), "\(time)")
        for unit in ["(", "not ", "did \"X\" where (", "all of (", "a = 1 and (", "did \"X\" where a = 1 and (", "\"", "`", "a in (", "did \"A\" then ", "1 ", "\\"] {
            let text = String(repeating: unit, count: 65_000 / unit.utf8.count)
            let time = processorTime { #expect(code(text) != nil) }
            #expect(time < .seconds(2), "\(unit): \(time)")
        }
    }
}
