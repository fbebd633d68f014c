import Vocabulary

/// Tests of a list's elements.
extension TextParser {
    /// Behind `has`.
    mutating func elementTest(after subject: TextToken) throws(ConditionError) -> ElementTest {
        let word = keyword()
        switch word {
        case "any", "all", "none":
            advance()
            _ = take("of")
            return ElementTest(word == "any" ? .any : word == "all" ? .all : .none, where: try elementFilter())
        case "count":
            advance()
            let filter = take("of") ? try elementFilter() : nil
            return ElementTest(.count(try valueTest(after: subject)), where: filter)
        case "sum":
            advance()
            let opening = token
            try expectOpening("the name of a member between parentheses, as in `has sum(price) > 50`,")
            let path = try path("the name of a member", among: [])
            try expectClosing(opening)
            let filter = take("of") ? try elementFilter() : nil
            return ElementTest(.sum(path, try valueTest(after: subject)), where: filter)
        default: throw unexpected("`any`, `all`, `none`, `count` or `sum`", among: ["any", "all", "none", "count", "sum"])
        }
    }

    /// What elements must be, between parentheses, so that nothing that follows is taken for part of it.
    private mutating func elementFilter() throws(ConditionError) -> PropertyFilter {
        let opening = token
        try expectOpening("what the elements must be between parentheses, as in `has any (price > 10)`,")
        let wasOfSessions = isOfSessions
        isOfSessions = false
        defer { isOfSessions = wasOfSessions }
        let filter = try nested { parser throws(ConditionError) in try parser.filter() }
        try expectClosing(opening)
        return filter
    }
}
