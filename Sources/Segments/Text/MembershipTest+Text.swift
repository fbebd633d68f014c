import Vocabulary

/// Memberships, as `is member of account "acme" with role "admin"`, and what is asked in the context of one, as `did "Email Opened" as member of account "acme"`.
extension TextParser {
    /// Whether `is member`, `is not member` or `was member` stands so far ahead.
    func beginsMembership(_ ahead: Int = 0) -> Bool {
        switch keyword(ahead) {
        case "is": keyword(ahead + 1) == "member" || (keyword(ahead + 1) == "not" && keyword(ahead + 2) == "member")
        case "was": keyword(ahead + 1) == "member"
        case "has", "had": keyword(ahead + 1) == "a" || keyword(ahead + 1) == "an"
        default: false
        }
    }

    var beginsContext: Bool { keyword() == "as" && keyword(1) == "member" }

    mutating func membership() throws(ConditionError) -> Condition {
        let first = token
        let isEver = keyword() == "was" || keyword() == "had"
        let isThing = keyword() == "has" || keyword() == "had"
        advance()
        if isThing {
            let test = MembershipTest(try thingPattern(), isEver: isEver)
            try check(test.faults().first?.1, from: first)
            return .test(test)
        }
        let isDenied = take("not")
        let test = MembershipTest(try membershipPattern(), isEver: isEver)
        try check(test.faults().first?.1, from: first)
        return isDenied ? .not(.test(test)) : .test(test)
    }

    /// At `as member of …`, behind an event or in its filter.
    mutating func context() throws(ConditionError) -> PropertyFilter {
        advance()
        return .member(try membershipPattern(isContext: true))
    }

    /// At `member of …`.
    ///
    /// - Parameter isContext: whether a `where` behind accounts that are named is the event's.
    private mutating func membershipPattern(isContext: Bool = false) throws(ConditionError) -> MembershipPattern {
        let first = token
        try expect("member", "`member of account` and an account's id")
        try expect("of", "`of account` and an account's id")
        let isAny = take("any")
        try expect("account", "`account` and its id between quotes")
        var accounts: [String] = []
        let isTree = !isAny && take("under")
        if !isAny, isTree || !["where", "whose", "with"].contains(keyword()) { accounts = try names("an account's id between quotes, or `any account`,") }
        let (filter, roles) = try details(takesWhere: !isContext || accounts.isEmpty)
        let pattern = MembershipPattern(accounts: accounts, isTree: isTree, where: filter, roles: roles)
        try check(pattern.faults().first?.1, from: first)
        return pattern
    }

    /// At `a Pet …`.
    private mutating func thingPattern() throws(ConditionError) -> MembershipPattern {
        advance()
        let type: String
        if case .text(let text) = token.kind {
            type = text
            advance()
        } else { type = try path("a type of things, as in `has a Pet`,", among: []) }
        var ids: [String] = []
        if case .text = token.kind { ids = try names("an id between quotes") } else if keyword() == "in", isSign("(", 1) { ids = try names("an id between quotes") }
        let (filter, roles) = try details(takesWhere: true)
        return MembershipPattern(type: type, accounts: ids, where: filter, roles: roles)
    }

    /// `whose` or `where`, and `with role`, each at most once.
    private mutating func details(takesWhere: Bool) throws(ConditionError) -> (PropertyFilter?, [String]) {
        var filter: PropertyFilter?
        if take("whose") || (takesWhere && take("where")) { filter = try nested { parser throws(ConditionError) in parser.isSign("(") ? try parser.filterPrimary() : try parser.filterUnary() } }
        var roles: [String] = []
        if keyword() == "with", keyword(1) == "role" {
            advance(2)
            roles = try names("a role between quotes")
        }
        return (filter, roles)
    }

    /// One text, or several behind `in`.
    mutating func names(_ sense: String) throws(ConditionError) -> [String] {
        func name(_ parser: inout TextParser) throws(ConditionError) -> String {
            try parser.part()
            guard case .text(let name) = parser.token.kind else { throw parser.unexpected(sense, among: []) }
            parser.advance()
            return name
        }
        guard take("in") else { return [try name(&self)] }
        let opening = token
        try expectOpening("a list between parentheses")
        let names = try list(opening, name)
        if names.isEmpty { throw failure(opening, "empty-list", "This list is empty.", "Name at least one.") }
        return names
    }
}

extension TextPrinter {
    mutating func membership(_ pattern: MembershipPattern) {
        if let type = pattern.type {
            put("a ")
            name(type)
            if !pattern.accounts.isEmpty {
                put(" ")
                names(pattern.accounts)
            }
            return details(pattern)
        }
        put("member of ")
        if pattern.accounts.isEmpty { put("any account") } else {
            put(pattern.isTree ? "account under " : "account ")
            names(pattern.accounts)
        }
        details(pattern)
    }

    private mutating func details(_ pattern: MembershipPattern) {
        if let filter = pattern.filter {
            put(pattern.type == nil ? " whose (" : " where (")
            self.filter(filter)
            put(")")
        }
        if !pattern.roles.isEmpty {
            put(" with role ")
            names(pattern.roles)
        }
    }

    mutating func names(_ names: [String]) {
        if names.count == 1 { return text(names[0]) }
        put("in ")
        list(names) { $0.text($1) }
    }
}

extension MembershipTest: ConditionForms {
    func print(to printer: inout TextPrinter) {
        printer.put(pattern.type == nil ? isEver ? "was " : "is " : isEver ? "had " : "has ")
        printer.membership(pattern)
    }

    var filters: [PropertyFilter] { pattern.filter.map { [$0] } ?? [] }
    var valueCount: Int { pattern.valueCount }
}

extension ContextTraitTest: ConditionForms {
    func print(to printer: inout TextPrinter) {
        printer.name(path)
        printer.put(" as ")
        printer.membership(pattern)
        printer.put(" ")
        printer.test(test)
    }

    var filters: [PropertyFilter] { (pattern.filter.map { [$0] } ?? []) + test.elementFilters }
    var valueCount: Int { pattern.valueCount + test.valueCount }
}

extension MembershipPattern { var valueCount: Int { accounts.count + roles.count } }
