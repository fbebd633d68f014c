import Vocabulary

// The JSON form of the small kinds of test.

extension JSONObject {
    /// The value of the member that names the kind.
    mutating func kind(_ kind: any ConditionTest.Type) throws(ConditionError) -> JSONValue { try require(kind.key) }
}

extension TraitTest {
    func write(to json: inout JSONWriter) {
        json.member(TraitTest.key, path)
        test.write(to: &json)
    }

    static func read(_ object: inout JSONObject) throws(ConditionError) -> Condition {
        let path = try object.kind(self).name("the name of a trait")
        let tests = try ValueTest.read(&object)
        try object.finish()
        guard let first = tests.first else { throw object.place.fault("missing-member", "Nothing is asked of this trait.", "Add a test, such as \"eq\": \"premium\".") }
        return tests.count == 1 ? .test(TraitTest(path: path, test: first)) : .all(tests.map { .test(TraitTest(path: path, test: $0)) })
    }
}

extension RelationTest.Comparison {
    var member: String {
        switch self {
        case .equals: "eq"
        case .differs: "neq"
        case .less: "lt"
        case .atMost: "lte"
        case .more: "gt"
        case .atLeast: "gte"
        }
    }
}

extension RelationTest {
    func write(to json: inout JSONWriter) {
        json.member(RelationTest.key, left)
        json.member(comparison.member, right)
    }

    static func read(_ object: inout JSONObject) throws(ConditionError) -> Condition {
        let left = try object.kind(self).name("the name of a trait")
        var tests: [Condition] = []
        for comparison in Comparison.allCases {
            guard let right = try object.take(comparison.member) else { continue }
            tests.append(.test(RelationTest(left: left, comparison: comparison, right: try right.name("the name of a trait"))))
        }
        try object.finish()
        guard let first = tests.first else { throw object.place.fault("missing-member", "Nothing says how the two traits compare.", "Add a comparison with the other trait's name, such as \"eq\": \"workAddress.city\".") }
        return tests.count == 1 ? first : .all(tests)
    }
}

extension SegmentTest {
    func write(to json: inout JSONWriter) {
        json.member(SegmentTest.key, segment)
        if let on { json.member("on", on.dateOrTime) }
    }

    static func read(_ object: inout JSONObject) throws(ConditionError) -> Condition {
        let value = try object.kind(self)
        let on = try object.take("on").map { on throws(ConditionError) in try Literal.time(on, try on.string("a date")) }
        try object.finish()
        let test = SegmentTest(segment: try value.string("the id or handle of a segment"), on: on)
        try value.check(test.fault)
        return .test(test)
    }
}

extension ComputedTest {
    func write(to json: inout JSONWriter) {
        json.member(ComputedTest.key, trait)
        test.write(to: &json)
    }

    static func read(_ object: inout JSONObject) throws(ConditionError) -> Condition {
        let value = try object.kind(self)
        let trait = try value.string("the name of a computed trait")
        try value.check(ComputedTrait.nameFault(trait))
        let tests = try ValueTest.read(&object)
        try object.finish()
        guard let first = tests.first else { throw object.place.fault("missing-member", "Nothing is asked of this computed trait.", "Add a test, such as \"gt\": 500.") }
        return tests.count == 1 ? .test(ComputedTest(trait: trait, test: first)) : .all(tests.map { .test(ComputedTest(trait: trait, test: $0)) })
    }
}

extension ListTest {
    func write(to json: inout JSONWriter) { json.member(ListTest.key, list) }

    static func read(_ object: inout JSONObject) throws(ConditionError) -> Condition {
        let value = try object.kind(self)
        try object.finish()
        let test = ListTest(list: try value.string("the id or handle of a list"))
        try value.check(test.fault)
        return .test(test)
    }
}

extension BucketTest {
    /// Buckets from the first to the last, both included.
    func write(to json: inout JSONWriter) {
        json.member(BucketTest.key, salt)
        json.member("from", lower)
        json.member("to", upper - 1)
    }

    static func read(_ object: inout JSONObject) throws(ConditionError) -> Condition {
        let salt = try object.kind(self).string("the salt")
        let from = try object.require("from")
        let lower = try from.integer(0...Int64(count - 1), "a bucket")
        let last = try object.require("to").integer(0...Int64(count - 1), "a bucket")
        try object.finish()
        let test = BucketTest(salt: salt, lower: lower, upper: last + 1)
        try from.check(test.fault)
        return .test(test)
    }
}
