import Vocabulary

extension ValueTest {
    /// The member of the JSON form that holds this test.
    var member: String {
        switch self {
        case .equals, .equalsFolded: "eq"
        case .differs: "neq"
        case .isOneOf: "in"
        case .isNoneOf: "notIn"
        case .less: "lt"
        case .atMost: "lte"
        case .more: "gt"
        case .atLeast: "gte"
        case .between: "between"
        case .contains: "contains"
        case .omits: "omits"
        case .starts: "startsWith"
        case .ends: "endsWith"
        case .matches: "matches"
        case .exists: "exists"
        case .isMissing: "missing"
        case .isTrueOrUnknown: "trueOrUnknown"
        case .isFalseOrUnknown: "falseOrUnknown"
        case .withinLast: "withinLast"
        case .withinNext: "withinNext"
        case .beforeLast: "moreThanAgo"
        case .afterNext: "moreThanAhead"
        case .anniversaryWithinNext: "anniversaryWithinNext"
        case .remainder: "dividedBy"
        case .elements(let test): test.member
        }
    }

    static let members = [
        "eq", "neq", "in", "notIn", "lt", "lte", "gt", "gte", "between", "contains", "omits", "startsWith", "endsWith", "matches", "exists", "missing",
        "trueOrUnknown", "falseOrUnknown", "withinLast", "withinNext", "moreThanAgo", "moreThanAhead", "anniversaryWithinNext", "dividedBy",
    ] + ElementTest.members

    /// Writes the member, and `ignoreCase`, `ignoreAccents` or `leaves` behind it where there is need.
    func write(to json: inout JSONWriter) {
        json.key(member)
        switch self {
        case .equals(let value), .differs(let value): value.write(to: &json)
        case .isOneOf(let values), .isNoneOf(let values): json.array { json in for value in values { value.write(to: &json) } }
        case .less(let value), .atMost(let value), .more(let value), .atLeast(let value): value.write(to: &json, isOrdered: true)
        case .between(let lower, let upper):
            json.array { json in
                lower.write(to: &json, isOrdered: true)
                upper.write(to: &json, isOrdered: true)
            }
        case .contains(let texts, let fold), .omits(let texts, let fold):
            if texts.count == 1 { json.string(texts[0]) } else { json.array { json in for text in texts { json.string(text) } } }
            fold.write(to: &json)
        case .starts(let text, let fold), .ends(let text, let fold):
            json.string(text)
            fold.write(to: &json)
        case .equalsFolded(let text, let fold):
            json.string(text)
            fold.write(to: &json)
        case .matches(let pattern): json.string(pattern)
        case .exists, .isMissing, .isTrueOrUnknown, .isFalseOrUnknown: json.boolean(true)
        case .withinLast(let period), .withinNext(let period), .beforeLast(let period), .afterNext(let period): json.string(period.short)
        case .anniversaryWithinNext(let days): json.number(days)
        case .remainder(let divisor, let rest):
            json.number(divisor)
            json.member("leaves", rest)
        case .elements(let test): test.write(to: &json)
        }
    }

    /// Takes all tests out of an object, in the order of ``members``; empty where there is none.
    static func read(_ object: inout JSONObject) throws(ConditionError) -> [ValueTest] {
        var tests: [ValueTest] = []
        let (fold, place) = try Folding.read(&object)
        for member in members where !ElementTest.members.contains(member) {
            guard let value = try object.take(member) else { continue }
            let test = try read(member, value, fold: fold, &object)
            try value.check(test.fault)
            tests.append(test)
        }
        tests += try ElementTest.read(&object)
        if let place, fold != .none, !tests.contains(where: \.knowsCase) {
            throw place.fault("useless-member", "Nothing here looks at letters.", "Take `ignoreCase` or `ignoreAccents` away.")
        }
        return tests
    }

    private var knowsCase: Bool {
        switch self {
        case .equalsFolded, .contains, .omits, .starts, .ends: true
        default: false
        }
    }

    private static func read(_ member: String, _ value: JSONValue, fold: Folding, _ object: inout JSONObject) throws(ConditionError) -> ValueTest {
        switch member {
        case "eq":
            let literal = try Literal(value)
            if fold != .none, case .text(let text) = literal { return .equalsFolded(text, fold: fold) }
            return .equals(literal)
        case "neq": return .differs(try Literal(value))
        case "in": return .isOneOf(try literals(value))
        case "notIn": return .isNoneOf(try literals(value))
        case "lt": return .less(try Literal(value, isOrdered: true))
        case "lte": return .atMost(try Literal(value, isOrdered: true))
        case "gt": return .more(try Literal(value, isOrdered: true))
        case "gte": return .atLeast(try Literal(value, isOrdered: true))
        case "between":
            let ends = try value.elements("a list of two values")
            guard ends.count == 2 else { throw value.wrongType("a list of two values") }
            return .between(try Literal(ends[0], isOrdered: true), try Literal(ends[1], isOrdered: true))
        case "contains": return .contains(try texts(value), fold: fold)
        case "omits": return .omits(try texts(value), fold: fold)
        case "startsWith": return .starts(try value.string("a text"), fold: fold)
        case "endsWith": return .ends(try value.string("a text"), fold: fold)
        case "matches": return .matches(try value.string("a regular expression"))
        case "exists":
            guard let isPresent = value.json.boolean else { throw value.wrongType("true or false") }
            return isPresent ? .exists : .isMissing
        case "missing": try value.truth(); return .isMissing
        case "trueOrUnknown": try value.truth(); return .isTrueOrUnknown
        case "falseOrUnknown": try value.truth(); return .isFalseOrUnknown
        case "withinLast": return .withinLast(try value.period())
        case "withinNext": return .withinNext(try value.period())
        case "moreThanAgo": return .beforeLast(try value.period())
        case "moreThanAhead": return .afterNext(try value.period())
        case "anniversaryWithinNext": return .anniversaryWithinNext(days: try value.integer(1...366, "a number of days"))
        default:
            let divisor = try value.integer(1...1_000_000_000, "a whole number")
            return .remainder(of: divisor, is: try object.require("leaves").integer(0...Int64(divisor - 1), "a whole number"))
        }
    }

    private static func literals(_ value: JSONValue) throws(ConditionError) -> [Literal] {
        var literals: [Literal] = []
        for element in try value.elements("a list of values") { literals.append(try Literal(element)) }
        return literals
    }

    private static func texts(_ value: JSONValue) throws(ConditionError) -> [String] {
        if value.json.isString { return [try value.string("a text")] }
        var texts: [String] = []
        for element in try value.elements("a text or a list of texts") { texts.append(try element.string("a text")) }
        return texts
    }
}

extension Folding {
    fileprivate func write(to json: inout JSONWriter) {
        if self != .none { json.member(self == .accents ? "ignoreAccents" : "ignoreCase", true) }
    }

    /// With the member that said so.
    fileprivate static func read(_ object: inout JSONObject) throws(ConditionError) -> (Folding, JSONValue?) {
        var found: (Folding, JSONValue?) = (.none, nil)
        for (member, fold) in [("ignoreCase", Folding.letters), ("ignoreAccents", .accents)] {
            guard let value = try object.take(member) else { continue }
            guard let isIgnored = value.json.boolean else { throw value.wrongType("true or false") }
            if isIgnored { found = (fold, value) }
        }
        return found
    }
}

extension Literal {
    /// A text in a place where only numbers and dates are compared is a date; elsewhere a date is `{"time": "2026-05-31"}`.
    func write(to json: inout JSONWriter, isOrdered: Bool = false) {
        switch self {
        case .text(let text):
            if isOrdered { json.object { $0.member("text", text) } } else { json.string(text) }
        case .number(let number): json.raw(number.description.utf8)
        case .boolean(let value): json.boolean(value)
        case .instant(let time):
            if isOrdered { json.string(time.dateOrTime) } else { json.object { $0.member("time", time.dateOrTime) } }
        case .version(let version): json.object { $0.member("version", version) }
        }
    }

    init(_ value: JSONValue, isOrdered: Bool = false) throws(ConditionError) {
        if let string = value.json.string {
            self = isOrdered ? .instant(try Literal.time(value, string)) : .text(string)
        } else if let boolean = value.json.boolean {
            self = .boolean(boolean)
        } else if value.json.isObject {
            var object = try value.object("a time or a version")
            if let version = try object.take("version") {
                try object.finish()
                self = .version(try version.string("a version"))
                try version.check(versionFault)
                return
            }
            let time = try object.require("time")
            try object.finish()
            self = .instant(try Literal.time(time, try time.string("a date")))
        } else if let number = ExactNumber(json: value.json.bytes) {
            guard NumberSize.isFit(number) else { throw value.fault("bad-number", "This number is too large or too small.", "Numbers may have up to 400 digits before and behind the point.") }
            self = .number(number)
        } else {
            throw value.wrongType("a text, a number, true, false or {\"time\": …}")
        }
    }

    static func time(_ value: JSONValue, _ text: String) throws(ConditionError) -> Timestamp {
        // Digits alone are a number somebody put into quotes, not seconds since 1970.
        guard text.contains("-"), let time = Timestamp(text) else { throw value.fault("no-such-date", "This is no date.", "Write \"2026-05-31\" or \"2026-05-31T09:30:00Z\"; numbers stand without quotes.") }
        return time
    }
}
