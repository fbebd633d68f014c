import Vocabulary

/// Conditions on accounts, as `industry = "Hotels" and any member with role "admin" (did "Order Completed")`.
extension TextParser {
    mutating func wholeAccounts() throws(ConditionError) -> AccountCondition {
        if case .end = token.kind { throw failure(token, "nothing-asked", "The condition is empty.", "Write `everything`, or a condition such as `industry = \"Hotels\"`.") }
        let condition = try accounts()
        guard case .end = token.kind else {
            if isSign(")") { throw failure(token, "unopened-parenthesis", "This parenthesis closes nothing.", "Take it away, or write `(` where it should begin.") }
            throw unexpected("`and`, `or` or the end", among: ["and", "or"])
        }
        return condition
    }

    private mutating func accounts() throws(ConditionError) -> AccountCondition {
        try nested { parser throws(ConditionError) in
            var parts = [try parser.accountConjunction()]
            while parser.take("or") { parts.append(try parser.accountConjunction()) }
            return parts.count == 1 ? parts[0] : .any(parts)
        }
    }

    private mutating func accountConjunction() throws(ConditionError) -> AccountCondition {
        var parts = [try accountUnary()]
        while take("and") { parts.append(try accountUnary()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func accountUnary() throws(ConditionError) -> AccountCondition {
        guard take("not") else { return try accountPrimary() }
        return .not(try nested { parser throws(ConditionError) in try parser.accountUnary() })
    }

    private mutating func accountPrimary() throws(ConditionError) -> AccountCondition {
        try part()
        let first = token
        if take(sign: "(") {
            let condition = try accounts()
            try expectClosing(first)
            return condition
        }
        if keyword() == "everything", !isSign("=", 1) {
            advance()
            return .all([])
        }
        if keyword() == "under", case .text = token(1).kind {
            advance()
            return .under(try names("an account's id between quotes"))
        }
        if keyword() == "under", keyword(1) == "in" {
            advance()
            return .under(try names("an account's id between quotes"))
        }
        if let quantifier = try quantifier() { return .members(try members(quantifier)) }
        return try accountTrait()
    }

    /// As `any member` or `at least 3 members`; nil where none begins.
    private mutating func quantifier() throws(ConditionError) -> MemberTest.Quantifier? {
        switch (keyword(), keyword(1)) {
        case ("any", "member"): advance(2); return .any
        case ("all", "members"), ("every", "member"): advance(2); return .all
        case ("no", "member"), ("no", "members"): advance(2); return MemberTest.Quantifier.none
        case ("at", "least"), ("at", "most"), ("exactly", _):
            let word = keyword() == "exactly" ? "exactly" : keyword(1)
            advance(word == "exactly" ? 1 : 2)
            let first = token
            let count = try wholeNumber()
            guard count <= MemberTest.countMaximum else { throw failure(first, "member-count", "No account has so many members.", "Write at most \(MemberTest.countMaximum).") }
            if !take("member") { try expect("members", "`members`") }
            return word == "least" ? .atLeast(count) : word == "most" ? .atMost(count) : .exactly(count)
        default: return nil
        }
    }

    private mutating func members(_ quantifier: MemberTest.Quantifier) throws(ConditionError) -> MemberTest {
        var roles: [String] = []
        if keyword() == "with", keyword(1) == "role" {
            advance(2)
            roles = try names("a role between quotes")
        }
        let opening = token
        guard take(sign: "(") else { return MemberTest(quantifier, roles: roles) }
        let condition = try condition()
        try expectClosing(opening)
        try check(condition.faults().first?.explanation, from: opening)
        return MemberTest(quantifier, roles: roles, condition)
    }

    private mutating func accountTrait() throws(ConditionError) -> AccountCondition {
        let first = token
        let path = try path("a trait's test, such as `industry = \"Hotels\"`, or `any member`,", among: ["any", "all", "no", "at", "exactly", "under", "not", "everything"])
        func checked(_ test: ValueTest) throws(ConditionError) -> AccountCondition {
            guard !test.isRelative else { throw failure(.accountTime, from: first) }
            return .trait(path, test)
        }
        var tests = [try checked(try valueTest(after: first))]
        while keyword() == "and", case .sign(let sign) = token(1).kind, ["<", "<=", ">", ">=", "!="].contains(sign) {
            advance()
            try part()
            tests.append(try checked(try valueTest(after: first)))
        }
        return tests.count == 1 ? tests[0] : .all(tests)
    }
}

extension TextPrinter {
    mutating func print(_ condition: AccountCondition) {
        switch condition {
        case .all(let parts): group(parts, "and")
        case .any(let parts): group(parts, "or")
        case .not(let part):
            put("not ")
            operand(part)
        case .trait(let path, let test):
            name(path)
            put(" ")
            self.test(test)
        case .under(let accounts):
            put("under ")
            names(accounts)
        case .members(let test): members(test)
        }
    }

    private mutating func members(_ test: MemberTest) {
        switch test.quantifier {
        case .any: put("any member")
        case .all: put("all members")
        case .none: put("no member")
        case .atLeast(let count): put("at least \(count) members")
        case .atMost(let count): put("at most \(count) members")
        case .exactly(let count): put("exactly \(count) members")
        }
        if !test.roles.isEmpty {
            put(" with role ")
            names(test.roles)
        }
        guard let condition = test.condition else { return }
        put(" (")
        print(condition)
        put(")")
    }

    private mutating func group(_ parts: [AccountCondition], _ word: String) {
        if parts.isEmpty { return put(word == "and" ? "everything" : "not everything") }
        for (index, part) in parts.enumerated() {
            if index > 0 { put(" \(word) ") }
            operand(part)
        }
    }

    private mutating func operand(_ part: AccountCondition) {
        switch part {
        case .all(let parts) where parts.count > 1, .any(let parts) where parts.count > 1:
            put("(")
            print(part)
            put(")")
        default: print(part)
        }
    }
}

extension Explanation {
    static let accountTime = Explanation(
        code: "segments.account-time", problem: "An account has no hour and no weekday, and its dates are not held against the moment.",
        remedy: "Compare its traits with fixed values, as in `industry = \"Retail\"`.")
}
