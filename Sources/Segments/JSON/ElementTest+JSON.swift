import Vocabulary

extension ElementTest {
    static let members = ["anyItem", "allItems", "noItem", "itemCount", "itemSum"]

    /// The member of the JSON form that holds this test.
    var member: String {
        switch quantifier {
        case .any: "anyItem"
        case .all: "allItems"
        case .none: "noItem"
        case .count: "itemCount"
        case .sum: "itemSum"
        }
    }

    /// `{"anyItem": {"property": "price", "gt": 10}}`, or `{"itemSum": {"of": "price", "where": {…}, "gt": 50}}`.
    func write(to json: inout JSONWriter) {
        guard let test else { return filter?.write(to: &json) ?? json.object { _ in } }
        json.object { json in
            if case .sum(let path, _) = quantifier { json.member("of", path) }
            if let filter {
                json.key("where")
                filter.write(to: &json)
            }
            test.write(to: &json)
        }
    }

    /// Takes all tests of elements out of an object.
    static func read(_ object: inout JSONObject) throws(ConditionError) -> [ValueTest] {
        var tests: [ValueTest] = []
        for (member, quantifier) in [("anyItem", Quantifier.any), ("allItems", .all), ("noItem", .none)] {
            guard let value = try object.take(member) else { continue }
            let test = ValueTest.elements(ElementTest(quantifier, where: try PropertyFilter(value, depth: 0)))
            try value.check(test.fault)
            tests.append(test)
        }
        for member in ["itemCount", "itemSum"] {
            guard let value = try object.take(member) else { continue }
            var inner = try value.object("a test, such as {\"gte\": 3}")
            let path = member == "itemSum" ? try inner.require("of").name("the name of a member") : nil
            let filter = try inner.take("where").map { filter throws(ConditionError) in try PropertyFilter(filter, depth: 0) }
            let found = try ValueTest.read(&inner)
            try inner.finish()
            if found.isEmpty { throw value.fault("missing-member", "Nothing is asked of these elements.", "Add a test, such as \"gte\": 3.") }
            for one in found {
                let test = ValueTest.elements(ElementTest(path.map { .sum($0, one) } ?? .count(one), where: filter))
                try value.check(test.fault)
                tests.append(test)
            }
        }
        return tests
    }
}
