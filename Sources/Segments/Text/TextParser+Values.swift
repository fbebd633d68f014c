import Vocabulary

/// What a value must be, and the values themselves.
extension TextParser {
    /// - Parameter subject: the name or measure that is tested, for a better word when no test follows.
    mutating func valueTest(after subject: TextToken) throws(ConditionError) -> ValueTest {
        let first = token
        let test = try uncheckedValueTest(after: subject)
        try check(test.fault, from: first)
        return test
    }

    private mutating func uncheckedValueTest(after subject: TextToken) throws(ConditionError) -> ValueTest {
        if case .sign(let sign) = token.kind {
            switch sign {
            case "=": advance(); return try equality()
            case "!=": advance(); return .differs(try literal())
            case "<": advance(); return .less(try literal())
            case "<=": advance(); return .atMost(try literal())
            case ">": advance(); return .more(try literal())
            case ">=": advance(); return .atLeast(try literal())
            default: throw noTest(after: subject)
            }
        }
        switch keyword() {
        case "is": advance(); return try being()
        case "in": advance(); return .isOneOf(try literals())
        case "not":
            guard keyword(1) == "in" else { throw noTest(after: subject) }
            advance(2)
            return .isNoneOf(try literals())
        case "between":
            advance()
            let lower = try literal()
            try expect("and", "`and` with the upper bound")
            return .between(lower, try literal())
        case "contains", "omits":
            let isContained = take("contains")
            if !isContained { advance() }
            let texts = try texts(isContained ? "any" : "all")
            let fold = try ignoring()
            return isContained ? .contains(texts, fold: fold) : .omits(texts, fold: fold)
        case "starts", "ends":
            let isStart = take("starts")
            if !isStart { advance() }
            try expect("with", "`with` and a text")
            let text = try text()
            let fold = try ignoring()
            return isStart ? .starts(text, fold: fold) : .ends(text, fold: fold)
        case "matches": advance(); return .matches(try text())
        case "has": advance(); return .elements(try elementTest(after: subject))
        case "exists": advance(); return .exists
        case "within":
            advance()
            if take("last") { return .withinLast(try period()) }
            try expect("next", "`last` or `next` and a period, as in `within last 7 days`,")
            return .withinNext(try period())
        case "more": advance(); return try further()
        case "anniversary": advance(); return try anniversary()
        case "divided":
            advance()
            try expect("by", "`by` and a whole number")
            let divisor = try wholeNumber()
            try expect("leaves", "`leaves` and the remainder")
            return .remainder(of: divisor, is: try wholeNumber())
        case "before": advance(); return .less(try literal())
        case "after": advance(); return .more(try literal())
        case "since": advance(); return .atLeast(try literal())
        default: throw noTest(after: subject)
        }
    }

    private func noTest(after subject: TextToken) -> ConditionError {
        // `dit "Order Completed"` looks like a trait without a test; the word before is the mistake.
        if case .word(let word) = subject.kind {
            let nearest = Keyword.nearest(to: word, among: Keyword.beginnings)
            if let nearest, nearest != subject.keyword, token.keyword.isEmpty || Keyword.nearest(to: token.keyword, among: Keyword.tests) == nil {
                return failure(subject, "unknown-word", "`\(word.prefix(64))` begins no condition here.", "Did you mean `\(nearest)`? If it is a trait, write a test behind it, such as `= \"premium\"`.")
            }
        }
        return unexpected("a test, such as `= \"premium\"`, `> 500` or `is missing`,", among: Keyword.tests)
    }

    private mutating func equality() throws(ConditionError) -> ValueTest {
        let literal = try literal()
        guard case .text(let text) = literal, case let fold = try ignoring(), fold != .none else { return .equals(literal) }
        return .equalsFolded(text, fold: fold)
    }

    /// Behind `is`.
    private mutating func being() throws(ConditionError) -> ValueTest {
        if take("missing") { return .isMissing }
        if take("not") { return take("missing") ? .exists : .differs(try literal()) }
        if keyword() == "true" || keyword() == "false", keyword(1) == "or", keyword(2) == "unknown" {
            let isTrue = keyword() == "true"
            advance(3)
            return isTrue ? .isTrueOrUnknown : .isFalseOrUnknown
        }
        return try equality()
    }

    /// Behind `more`.
    private mutating func further() throws(ConditionError) -> ValueTest {
        try expect("than", "`than` and a period")
        let period = try period()
        if take("ago") { return .beforeLast(period) }
        try expect("ahead", "`ago` or `ahead`")
        return .afterNext(period)
    }

    private mutating func anniversary() throws(ConditionError) -> ValueTest {
        try expect("within", "`within next` and a number of days")
        try expect("next", "`next` and a number of days")
        let first = token
        let period = try period()
        guard period.unit == .day || period.unit == .week else {
            throw failure(
                Explanation(code: "segments.unknown-unit", problem: "Anniversaries are looked for in days.", remedy: "Write `anniversary within next 7 days`."), from: first)
        }
        return .anniversaryWithinNext(days: period.unit == .week ? period.count * 7 : period.count)
    }

    private mutating func ignoring() throws(ConditionError) -> Folding {
        guard take("ignoring") else { return .none }
        if take("case") { return .letters }
        guard take("accents") else { throw unexpected("`case` or `accents`", among: ["case", "accents"]) }
        return .accents
    }

    // MARK: - Values

    mutating func literal() throws(ConditionError) -> Literal {
        try part()
        let first = token
        switch token.kind {
        case .text(let text): advance(); return .text(text)
        case .number(let number):
            advance()
            if let seconds = try seconds(number) { return .number(seconds) }
            guard take(sign: "%") else { return .number(number) }
            guard let hundredth = number.movingPoint(by: -2) else { throw failure(first, "bad-number", "This percentage is too large or too small.", "Write a number between 0% and 100%.") }
            return .number(hundredth)
        case .date(let time): advance(); return .instant(time)
        case .word(let word):
            if keyword() == "true" || keyword() == "false" {
                advance()
                return .boolean(first.keyword == "true")
            }
            if take("version") {
                let literal = Literal.version(try text())
                try check(literal.versionFault, from: first)
                return literal
            }
            throw failure(token, "quotes-needed", "`\(word.prefix(64))` stands where a value should follow.", "Texts need quotes: \"\(word.prefix(64))\".")
        case .name(let name):
            throw failure(token, "quotes-needed", "A name between backquotes stands where a value should follow.", "Texts stand between double quotes: \"\(name.prefix(64))\".")
        case .clock, .sign, .end: throw unexpected("a value, such as \"premium\", 500, true or 2026-05-31,", among: [])
        }
    }

    private mutating func literals() throws(ConditionError) -> [Literal] {
        let opening = token
        try expectOpening("a list between parentheses, as in `in (\"a\", \"b\")`,")
        return try list(opening) { parser throws(ConditionError) in try parser.literal() }
    }

    mutating func text() throws(ConditionError) -> String {
        try part()
        let first = token
        if case .text(let text) = first.kind {
            advance()
            return text
        }
        if case .word(let word) = first.kind {
            throw failure(first, "quotes-needed", "`\(word.prefix(64))` stands where a text should follow.", "Texts need quotes: \"\(word.prefix(64))\".")
        }
        throw unexpected("a text between quotes", among: [])
    }

    /// One text, or `any of (…)`; `all of (…)` behind `omits`.
    private mutating func texts(_ quantifier: String) throws(ConditionError) -> [String] {
        guard take(quantifier) else { return [try text()] }
        try expect("of", "`of` and a list between parentheses")
        let opening = token
        try expectOpening("a list between parentheses")
        return try list(opening) { parser throws(ConditionError) in try parser.text() }
    }

    mutating func wholeNumber() throws(ConditionError) -> Int {
        let first = token
        guard case .number(let number) = token.kind else { throw unexpected("a whole number", among: []) }
        advance()
        let (value, isExact) = number.floor(scale: 0)
        guard isExact, abs(value) <= 1_000_000_000 else {
            throw failure(first, "bad-number", "A whole number of at most 1,000,000,000 is meant here.", "Write it without a point.")
        }
        return Int(value)
    }

    /// As `30 days`; without a number, one.
    mutating func period() throws(ConditionError) -> Period {
        let first = token
        var count = 1
        if case .number = token.kind { count = try wholeNumber() }
        let period = Period(count, try unit("a period, such as `30 days`,"))
        try check(period.fault, from: first)
        return period
    }

    mutating func unit(_ sense: String) throws(ConditionError) -> Period.Unit {
        guard let unit = Period.Unit(word: keyword()) else {
            guard case .word(let word) = token.kind else { throw unexpected(sense, among: []) }
            let nearest = Keyword.nearest(to: word, among: Period.Unit.words)
            throw failure(
                token, "unknown-unit", "`\(word.prefix(64))` is no unit of time.",
                nearest.map { "Did you mean `\($0)`?" } ?? "Units are seconds, minutes, hours, days, weeks, months, quarters and years.")
        }
        advance()
        return unit
    }
}

extension ExactNumber {
    /// This number × 10^places; nil where it would not print shortly.
    func movingPoint(by places: Int) -> ExactNumber? {
        let text = description
        let number: ExactNumber? =
            if let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]) {
                ExactNumber(json: (text[..<mark] + "e\(exponent + places)").utf8)
            } else {
                ExactNumber(json: (text + "e\(places)").utf8)
            }
        return number.flatMap { NumberSize.isFit($0) ? $0 : nil }
    }
}
