import Vocabulary

extension StatementTest {
    func write(to json: inout JSONWriter) {
        json.member(StatementTest.key, path)
        json.member("fact", fact.rawValue)
        test.write(to: &json)
    }

    static func read(_ object: inout JSONObject) throws(ConditionError) -> Condition {
        let path = try object.kind(self).name("the name of a trait")
        let place = try object.require("fact")
        guard let fact = Fact(rawValue: try place.string("changed, set or source")) else { throw place.wrongType("changed, set or source") }
        return try object.tests("Nothing is asked of this trait.") { StatementTest(path: path, fact: fact, test: $0) }
    }
}

extension SeenTest {
    func write(to json: inout JSONWriter) {
        json.member(SeenTest.key, which.rawValue)
        test.write(to: &json)
    }

    static func read(_ object: inout JSONObject) throws(ConditionError) -> Condition {
        let place = try object.kind(self)
        guard let which = Which(rawValue: try place.string("first or last")) else { throw place.wrongType("first or last") }
        return try object.tests("Nothing is asked of this time.") { SeenTest(which, test: $0) }
    }
}

extension JSONObject {
    /// The tests in what is left of the object, each as a condition; all must hold.
    mutating func tests(_ problem: String, _ make: (ValueTest) -> some ConditionForms) throws(ConditionError) -> Condition {
        let tests = try ValueTest.read(&self)
        try finish()
        if tests.isEmpty { throw place.fault("missing-member", problem, "Add a test, such as \"withinLast\": \"7d\".") }
        var conditions: [Condition] = []
        for test in tests {
            let made = make(test)
            try place.check(made.faults().first?.1)
            conditions.append(.test(made))
        }
        return conditions.count == 1 ? conditions[0] : .all(conditions)
    }
}
