import Vocabulary

/// Measures that take more than a name.
extension TextParser {
    /// Behind `decayed`: `count(30 days)` or `sum(total, 30 days)`.
    mutating func decayed() throws(ConditionError) -> EventTest.Measure {
        let first = token
        let isCount = keyword() == "count"
        advance()
        let opening = token
        try expectOpening(isCount ? "the half-life between parentheses, as in `decayed count(30 days)`," : "a property and the half-life between parentheses, as in `decayed sum(total, 30 days)`,")
        let path = isCount ? nil : try path("the name of a property", among: [])
        if path != nil { try expectComma("the half-life, as in `decayed sum(total, 30 days)`,") }
        let halfLife = try period()
        try expectClosing(opening)
        let measure = path.map { EventTest.Measure.decayedSum($0, halfLife: halfLife) } ?? .decayedCount(halfLife: halfLife)
        try check(measure.ownFault, from: first)
        return measure
    }

    /// Behind `latest(productId` or `affinity(category`.
    mutating func listed(_ word: String, _ path: String, _ opening: TextToken) throws(ConditionError) -> EventTest.Measure {
        try expectComma(word == "latest" ? "a number of values, as in `latest(productId, 5)`," : "the half-life, as in `affinity(category, 30 days)`,")
        let first = token
        let measure = word == "latest" ? EventTest.Measure.latest(path, count: try wholeNumber()) : .affinity(path, halfLife: try period())
        try expectClosing(opening)
        try check(measure.ownFault, from: first)
        return measure
    }

    private mutating func expectComma(_ sense: String) throws(ConditionError) {
        guard take(sign: ",") else { throw unexpected("a comma and \(sense)", among: []) }
    }
}
