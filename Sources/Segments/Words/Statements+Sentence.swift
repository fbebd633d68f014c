extension StatementTest {
    func sentence(_ phrases: Phrases) -> String { phrases.test(phrases("statement." + fact.rawValue, ["name": path]), test) }
}

extension SeenTest {
    func sentence(_ phrases: Phrases) -> String { phrases.test(phrases("seen." + which.rawValue), test) }
}
