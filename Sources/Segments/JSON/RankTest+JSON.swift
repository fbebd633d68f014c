import Vocabulary

extension RankTest {
    /// `{"rank": "top", "percent": 10, "of": {"event": "Order Completed", "sum": "total"}}`; `count` instead of `percent`, and `{"trait": …}` or `{"computed": …}` instead of a measure.
    func write(to json: inout JSONWriter) {
        json.member(RankTest.key, isTop ? "top" : "bottom")
        switch size {
        case .count(let count): json.member("count", count)
        case .percent(let percent):
            json.key("percent")
            json.raw(percent.description.utf8)
        }
        json.key("of")
        json.object { json in
            switch subject {
            case .measure(let measure): measure.write(to: &json)
            case .trait(let path): json.member("trait", path)
            case .computed(let name): json.member("computed", name)
            }
        }
    }

    static func read(_ object: inout JSONObject) throws(ConditionError) -> Condition {
        let place = object.place
        let end = try object.kind(self)
        let word = try end.string("top or bottom")
        guard word == "top" || word == "bottom" else { throw end.wrongType("top or bottom") }
        let subject = try object.require("of")
        let size: Size
        if let percent = try object.take("percent") {
            guard let number = ExactNumber(json: percent.json.bytes) else { throw percent.wrongType("a number above 0, up to 100") }
            size = .percent(number)
        } else {
            size = .count(try object.require("count").integer(1...Int64(countMaximum), "a number of people"))
        }
        try object.finish()
        var inner = try subject.object("a measure, or {\"trait\": …}")
        let ranked: Subject
        if let trait = try inner.take("trait") {
            ranked = .trait(try trait.name("the name of a trait"))
            try inner.finish()
        } else if let computed = try inner.take("computed") {
            ranked = .computed(try computed.string("the name of a computed trait"))
            try inner.finish()
        } else {
            ranked = .measure(try EventMeasure(&inner))
        }
        let test = RankTest(ranked, isTop: word == "top", size)
        try place.check(test.faults().first?.1)
        return .test(test)
    }
}
