import Vocabulary

/// Writes the text form.
struct TextPrinter {
    private(set) var out = ""

    mutating func put(_ text: String) { out += text }

    mutating func print(_ condition: Condition) {
        switch condition {
        case .all(let parts): group(parts, "and", none: "everyone", one: "all of")
        case .any(let parts): group(parts, "or", none: "nobody", one: "any of")
        case .not(let part):
            put("not ")
            operand(part)
        case .test(let test): test.forms.print(to: &self)
        }
    }

    private mutating func group(_ parts: [Condition], _ word: String, none: String, one: String) {
        switch parts.count {
        case 0: put(none)
        case 1:
            put(one + " (")
            print(parts[0])
            put(")")
        default:
            for (index, part) in parts.enumerated() {
                if index > 0 { put(" \(word) ") }
                operand(part)
            }
        }
    }

    private mutating func operand(_ part: Condition) {
        // Groups of one or none print as a word of their own; larger ones need parentheses.
        switch part {
        case .all(let parts) where parts.count > 1, .any(let parts) where parts.count > 1:
            put("(")
            print(part)
            put(")")
        default: print(part)
        }
    }

    // MARK: - Names and values

    mutating func name(_ name: String) {
        if TextLexer.isPlainWord(name), !Keyword.all.contains(name.lowercased()), ComputedTest.name(in: name) == nil { put(name) } else { quoted(name, "`") }
    }

    mutating func text(_ text: String) { quoted(text, "\"") }

    private mutating func quoted(_ text: String, _ quote: Unicode.Scalar) {
        var scalars = String.UnicodeScalarView()
        scalars.append(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case quote, "\\": scalars.append("\\"); scalars.append(scalar)
            case "\n": scalars.append(contentsOf: "\\n".unicodeScalars)
            case "\r": scalars.append(contentsOf: "\\r".unicodeScalars)
            case "\t": scalars.append(contentsOf: "\\t".unicodeScalars)
            case _ where scalar.value < 0x20 || scalar.value == 0x7f || scalar.value == 0x2028 || scalar.value == 0x2029:
                scalars.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            default: scalars.append(scalar)
            }
        }
        scalars.append(quote)
        put(String(scalars))
    }

    /// - Parameter isShare: numbers are printed as percentages.
    mutating func literal(_ literal: Literal, isShare: Bool = false) {
        switch literal {
        case .text(let value): text(value)
        case .number(let number):
            if isShare, let percent = number.movingPoint(by: 2) { put("\(percent)%") } else { put(number.description) }
        case .boolean(let value): put(value ? "true" : "false")
        case .instant(let time): put(time.dateOrTime)
        case .version(let version):
            put("version ")
            text(version)
        }
    }

    mutating func list<Element>(_ elements: [Element], _ print: (inout TextPrinter, Element) -> Void) {
        put("(")
        for (index, element) in elements.enumerated() {
            if index > 0 { put(", ") }
            print(&self, element)
        }
        put(")")
    }

    mutating func period(_ period: Period) { put("\(period.count) \(period.unit.rawValue)\(period.count == 1 ? "" : "s")") }

    // MARK: - Tests of values

    mutating func test(_ test: ValueTest, isShare: Bool = false) {
        func sign(_ sign: String, _ value: Literal) {
            put(sign + " ")
            literal(value, isShare: isShare)
        }
        func texts(_ word: String, _ quantifier: String, _ values: [String], _ fold: Folding) {
            put(word + " ")
            if values.count == 1 { text(values[0]) } else {
                put(quantifier + " of ")
                list(values) { $0.text($1) }
            }
            if fold != .none { put(fold == .accents ? " ignoring accents" : " ignoring case") }
        }
        func timed(_ before: String, _ length: Period, _ after: String = "") {
            put(before + " ")
            period(length)
            put(after)
        }
        switch test {
        case .equals(let value): sign("=", value)
        case .differs(let value): sign("!=", value)
        case .less(let value): sign("<", value)
        case .atMost(let value): sign("<=", value)
        case .more(let value): sign(">", value)
        case .atLeast(let value): sign(">=", value)
        case .isOneOf(let values): put("in "); list(values) { $0.literal($1, isShare: isShare) }
        case .isNoneOf(let values): put("not in "); list(values) { $0.literal($1, isShare: isShare) }
        case .between(let lower, let upper):
            sign("between", lower)
            sign(" and", upper)
        case .contains(let values, let fold): texts("contains", "any", values, fold)
        case .omits(let values, let fold): texts("omits", "all", values, fold)
        case .starts(let value, let fold): texts("starts with", "", [value], fold)
        case .ends(let value, let fold): texts("ends with", "", [value], fold)
        case .equalsFolded(let value, let fold): texts("=", "", [value], fold)
        case .matches(let pattern): put("matches "); text(pattern)
        case .exists: put("exists")
        case .isMissing: put("is missing")
        case .isTrueOrUnknown: put("is true or unknown")
        case .isFalseOrUnknown: put("is false or unknown")
        case .withinLast(let period): timed("within last", period)
        case .withinNext(let period): timed("within next", period)
        case .beforeLast(let period): timed("more than", period, " ago")
        case .afterNext(let period): timed("more than", period, " ahead")
        case .anniversaryWithinNext(let days): timed("anniversary within next", Period(days, .day))
        case .remainder(let divisor, let rest): put("divided by \(divisor) leaves \(rest)")
        case .elements(let test): elements(test)
        }
    }
}

extension Timestamp {
    /// A day where it is midnight in UTC, else with the time of day.
    var dateOrTime: String {
        let text = iso8601
        if milliseconds % 86_400_000 == 0 { return String(text.prefix(10)) }
        return milliseconds % 1000 == 0 ? text.prefix(19) + "Z" : text
    }
}
