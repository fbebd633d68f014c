import Vocabulary

/// When something was said, as `plan changed within last 7 days`, and when somebody was seen, as `profile first seen before 2026-05-01`.
extension TextParser {
    /// Behind a trait's name; nil where its value is tested.
    mutating func statement(of path: String, at subject: TextToken) throws(ConditionError) -> Condition? {
        guard let fact = StatementTest.Fact(rawValue: keyword()) else { return nil }
        advance()
        return try checked(try chained(after: subject) { .test(StatementTest(path: path, fact: fact, test: $0)) }, from: subject)
    }

    /// At `profile first seen`; nil where that does not stand here.
    mutating func seen() throws(ConditionError) -> Condition? {
        guard keyword() == "profile", keyword(2) == "seen", let which = SeenTest.Which(rawValue: keyword(1)) else { return nil }
        let first = token
        advance(3)
        return try checked(try chained(after: first) { .test(SeenTest(which, test: $0)) }, from: first)
    }

    private mutating func checked(_ condition: Condition, from first: TextToken) throws(ConditionError) -> Condition {
        try check(condition.faults().first?.explanation, from: first)
        return condition
    }
}

extension StatementTest: ConditionForms {
    func print(to printer: inout TextPrinter) {
        printer.name(path)
        printer.put(" \(fact.rawValue) ")
        printer.test(test)
    }

    var filters: [PropertyFilter] { test.elementFilters }
    var valueCount: Int { test.valueCount }
}

extension SeenTest: ConditionForms {
    func print(to printer: inout TextPrinter) {
        printer.put("profile \(which.rawValue) seen ")
        printer.test(test)
    }

    var filters: [PropertyFilter] { test.elementFilters }
    var valueCount: Int { test.valueCount }
}
