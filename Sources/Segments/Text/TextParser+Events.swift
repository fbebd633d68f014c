import Vocabulary

/// What follows an event in the text: which of them, when, how often.
struct EventClauses {
    var filter: PropertyFilter?
    var window: Window?
    var count: ValueTest?
    /// Whether it was the first time ever, or not.
    var occasion: Occasion?

    enum Occasion { case first, again }
}

/// Events, their filters, and what is measured of them.
extension TextParser {
    /// Behind `did`, which stands here: an event, so many of them, or a sequence.
    mutating func did() throws(ConditionError) -> Condition {
        let first = token
        advance()
        let isDenied = take("not")
        if isDenied { _ = take("do") }
        let names = try eventNames()
        isOfSessions = EventPattern(names).sessionGap != nil
        defer { isOfSessions = false }
        let clauses = try clauses(counts: true, dates: true)
        let pattern = EventPattern(names, where: clauses.filter)
        try check(pattern.sessionFault, from: first)
        if keyword() == "then" {
            guard !isDenied, clauses.count == nil, clauses.occasion == nil else {
                throw failure(token, "sequence-start", "A sequence begins with an event that happened, without a number of times.", "Write `did \"Product Added\" in last 30 days then not \"Order Completed\" within 24 hours`.")
            }
            return try sequence(from: first, pattern, in: clauses.window ?? .ever)
        }
        let window = clauses.window ?? .ever
        func counted(_ test: ValueTest) -> Condition { .test(EventTest(pattern: pattern, window: window, measure: .count, test: test)) }
        let none = ValueTest.equals(.number(ExactNumber(0)))
        if let occasion = clauses.occasion {
            let condition = try occasional(occasion, pattern, clauses, from: first)
            return isDenied ? .not(condition) : condition
        }
        guard let count = clauses.count else { return counted(isDenied ? none : .atLeast(.number(ExactNumber(1)))) }
        return isDenied ? .not(counted(count)) : counted(count)
    }

    mutating func eventNames() throws(ConditionError) -> [EventPattern.Name] {
        if keyword() == "any", keyword(1) == "of" {
            advance(2)
            let opening = token
            try expectOpening("a list of events between parentheses")
            let names = try list(opening) { parser throws(ConditionError) in try parser.eventName() }
            guard !names.isEmpty else { throw failure(opening, "empty-list", "This list of events is empty.", "Name at least one event, or write `anything`.") }
            return names
        }
        return [try eventName()]
    }

    private mutating func eventName() throws(ConditionError) -> EventPattern.Name {
        try part()
        if case .text(let name) = token.kind {
            noteEvent(name, at: token)
            try check(PathName.eventFault(name), from: token)
            advance()
            return .track(name)
        }
        let isPage = keyword() == "page"
        if isPage || keyword() == "screen" {
            advance()
            guard case .text(let name) = token.kind else { return isPage ? .page(nil) : .screen(nil) }
            try check(PathName.eventFault(name), from: token)
            advance()
            return isPage ? .page(name) : .screen(name)
        }
        if take("anything") { return .any }
        if take("session") || take("sessions") { return .sessions(gap: try sessionGap()) }
        if case .word(let word) = token.kind, Keyword.nearest(to: word, among: ["page", "screen", "anything", "sessions"]) == nil {
            throw failure(token, "quotes-needed", "`\(word.prefix(64))` stands where an event should follow.", "Names of events need quotes: \"\(word.prefix(64))\". Other events are `page`, `screen`, `anything` and `sessions`.")
        }
        throw unexpected("an event, such as \"Order Completed\", page \"Pricing\" or anything,", among: ["page", "screen", "anything", "sessions"])
    }

    /// Filter, window and number of times, each at most once and in any order.
    ///
    /// - Parameters:
    ///   - counts: whether a number of times may follow.
    ///   - dates: whether `between`, `since` and `before` with dates are a window; where what is measured may be a date, they test it.
    mutating func clauses(counts: Bool, dates: Bool) throws(ConditionError) -> EventClauses {
        var clauses = EventClauses()
        var context: PropertyFilter?
        while true {
            let first = token
            let isTwice: Bool
            if take("where") {
                isTwice = clauses.filter != nil
                clauses.filter = try eventFilter()
            } else if beginsContext {
                isTwice = context != nil
                context = try self.context()
            } else if counts, let occasion = try occasion() {
                isTwice = clauses.occasion != nil
                clauses.occasion = occasion
            } else if counts, let count = try times() {
                isTwice = clauses.count != nil
                clauses.count = count
            } else if let window = try window(dates: dates) {
                isTwice = clauses.window != nil
                clauses.window = window
            } else {
                // `as member of …` stands beside a filter, or is one by itself.
                if let context { clauses.filter = clauses.filter.map { .all([context, $0]) } ?? context }
                return clauses
            }
            if isTwice { throw failure(first, "said-twice", "This is said twice of one event.", "Keep one of the two, or write two conditions joined by `and`.") }
        }
    }

    /// As `at least 3 times`; nil where none begins.
    private mutating func times() throws(ConditionError) -> ValueTest? {
        let first = token
        func number(_ count: Int) -> Literal { .number(ExactNumber(Int64(count))) }
        var test: ValueTest
        switch (keyword(), keyword(1)) {
        case ("once", _): advance(); return .equals(number(1))
        case ("twice", _): advance(); return .equals(number(2))
        case ("at", _):
            advance()
            let isLeast = take("least")
            if !isLeast, !take("most") { throw unexpected("`least` or `most`", among: ["least", "most"]) }
            if keyword() == "once" || keyword() == "twice" {
                let count = number(keyword() == "once" ? 1 : 2)
                advance()
                return isLeast ? .atLeast(count) : .atMost(count)
            }
            let count = try wholeNumber()
            test = isLeast ? .atLeast(number(count)) : .atMost(number(count))
        case ("exactly", _):
            advance()
            if take("once") { return .equals(number(1)) }
            if take("twice") { return .equals(number(2)) }
            test = .equals(number(try wholeNumber()))
        case ("between", _):
            guard case .number = token(1).kind, keyword(2) == "and", case .number = token(3).kind else { return nil }
            advance()
            let lower = try wholeNumber()
            try expect("and", "`and`")
            test = .between(number(lower), number(try wholeNumber()))
        default: return nil
        }
        if !take("time") { try expect("times", "`times`") }
        try check(ValueTest.countFault(test) ?? test.fault, from: first)
        return test
    }

    // MARK: - Measures

    /// Whether a measure begins here: a trait may be called `sum`, but no trait is followed by `(` or `of`.
    func beginsMeasure(_ ahead: Int = 0) -> Bool {
        switch keyword(ahead) {
        case "count", "days": keyword(ahead + 1) == "of"
        case "first", "last": isSign("(", ahead + 1) || (keyword(ahead + 1) == "time" && keyword(ahead + 2) == "of")
        case "most": keyword(ahead + 1) == "frequent"
        case "longest", "current": keyword(ahead + 2) == "streak"
        case "daily", "weekly", "monthly": keyword(ahead + 1) == "rate" || keyword(ahead + 1) == "trend"
        case "decayed": keyword(ahead + 1) == "count" || keyword(ahead + 1) == "sum"
        case "distinct" where keyword(ahead + 1) == "list": isSign("(", ahead + 2)
        case "sum", "average", "avg", "minimum", "min", "maximum", "max", "median", "percentile", "distinct", "share", "latest", "slope", "affinity": isSign("(", ahead + 1)
        default: false
        }
    }

    /// As `sum(total) of "Order Completed" in last 90 days > 500`.
    mutating func measured() throws(ConditionError) -> Condition {
        let first = token
        let measured = try eventMeasure(isTested: true)
        if beginsRank { return try rank(.measure(measured), from: first) }
        isDuration = measured.isDuration
        let condition = try chained(after: first) { .test(measured.test($0)) }
        isDuration = false
        try check(condition.faults().first?.explanation, from: first)
        return condition
    }

    /// As `sum(total) of "Order Completed" in last 90 days`.
    ///
    /// - Parameter isTested: whether a test follows, which `since` and its like then are of measures that may be dates.
    mutating func eventMeasure(isTested: Bool) throws(ConditionError) -> EventMeasure {
        let measure = try measure()
        try expect("of", "`of` and an event")
        let names = try eventNames()
        isOfSessions = EventPattern(names).sessionGap != nil
        defer { isOfSessions = false }
        let clauses = try clauses(counts: false, dates: !isTested || measure.isNumeric)
        return EventMeasure(pattern: EventPattern(names, where: clauses.filter), window: clauses.window ?? .ever, measure: measure)
    }

    private mutating func measure() throws(ConditionError) -> EventTest.Measure {
        let word = keyword()
        advance()
        switch word {
        case "count": return .count
        case "days": return .days
        case "first" where take("time"): return .firstTime
        case "last" where take("time"): return .lastTime
        case "most": advance()
        case "daily", "weekly", "monthly":
            let unit = Period.Unit(adverb: word) ?? .day
            if take("rate") { return .rate(unit) }
            advance()
            return .trend(unit)
        case "decayed": return try decayed()
        case "longest", "current":
            guard let unit = Period.Unit(rawValue: keyword()), EventTest.Measure.streakUnits.contains(unit) else {
                throw unexpected("day, week or month, as in `longest week streak`,", among: EventTest.Measure.streakUnits.map(\.rawValue))
            }
            advance(2)
            return .streak(unit, isCurrent: word == "current")
        default: break
        }
        let isList = word == "distinct" && take("list")
        let opening = token
        try expectOpening("the name of a property between parentheses")
        if word == "share" {
            let filter = try nested { parser throws(ConditionError) in try parser.filter() }
            try expectClosing(opening)
            return .share(filter)
        }
        let path = try path("the name of a property", among: [])
        if word == "latest" || word == "affinity" { return try listed(word, path, opening) }
        var percent = 50
        if word == "percentile" {
            guard take(sign: ",") else { throw unexpected("a comma and the percentage, as in `percentile(total, 90)`,", among: []) }
            let first = token
            percent = try wholeNumber()
            guard 1...100 ~= percent else { throw failure(first, "percent-range", "A percentile lies between 1 and 100.", "Write `percentile(total, 90)`.") }
        }
        try expectClosing(opening)
        switch word {
        case "sum": return .sum(path)
        case "average", "avg": return .average(path)
        case "minimum", "min": return .minimum(path)
        case "maximum", "max": return .maximum(path)
        case "median", "percentile": return .percentile(path, percent: percent)
        case "distinct": return isList ? .list(path) : .distinct(path)
        case "most": return .mode(path)
        case "first": return .first(path)
        case "slope": return .slope(path)
        default: return .last(path)
        }
    }

    // MARK: - Filters

    /// Behind `where`: what stands in parentheses and nothing more, or all up to the next clause.
    mutating func eventFilter() throws(ConditionError) -> PropertyFilter {
        try nested { parser throws(ConditionError) in parser.isSign("(") ? try parser.filterPrimary() : try parser.filter() }
    }

    /// What properties must be. An `and` or `or` goes on with the filter unless a condition of another kind follows it.
    mutating func filter() throws(ConditionError) -> PropertyFilter {
        var parts = [try filterConjunction()]
        while keyword() == "or", !beginsCondition(1) {
            advance()
            let first = token
            parts.append(noted(try filterConjunction(), at: first))
        }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func filterConjunction() throws(ConditionError) -> PropertyFilter {
        var parts = [try filterUnary()]
        while keyword() == "and", !beginsCondition(1) {
            advance()
            let first = token
            parts.append(noted(try filterUnary(), at: first))
        }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    /// Warns where a bare filter has gone on over what may have been meant for the person.
    private mutating func noted(_ part: PropertyFilter, at first: TextToken) -> PropertyFilter {
        if case .property(let path, _) = part, known.traits.contains(path) {
            warn(
                first, "trait-in-filter", "`\(path.prefix(64))` is read as a property of the event, but it is a trait, too.",
                "If the trait is meant, put parentheses around the filter or write `trait` before the name.")
        }
        return part
    }

    /// Whether what stands so far ahead can only be a condition about a person, seen past parentheses and `not`.
    private func beginsCondition(_ ahead: Int) -> Bool {
        var ahead = ahead
        while isSign("(", ahead) || keyword(ahead) == "not" || ((keyword(ahead) == "all" || keyword(ahead) == "any") && keyword(ahead + 1) == "of") {
            // `all of` is two words, and `(` follows as the third.
            ahead += keyword(ahead + 1) == "of" ? 2 : 1
        }
        switch keyword(ahead) {
        case "did", "everyone", "nobody", "trait": return true
        case let word where word.hasPrefix(ComputedTest.prefix): return true
        case "in": return keyword(ahead + 1) == "segment" || keyword(ahead + 1) == "list"
        case "bucket": return isSign("(", ahead + 1)
        case "profile": return keyword(ahead + 2) == "seen"
        case "was" where keyword(ahead + 1) == "in": return keyword(ahead + 2) == "segment"
        case "is", "was", "has", "had": return beginsMembership(ahead)
        default: return beginsMeasure(ahead)
        }
    }

    mutating func filterUnary() throws(ConditionError) -> PropertyFilter {
        guard take("not") else { return try filterPrimary() }
        return .not(try nested { parser throws(ConditionError) in try parser.filterUnary() })
    }

    mutating func filterPrimary() throws(ConditionError) -> PropertyFilter {
        try part()
        let first = token
        if take(sign: "(") {
            let filter = try nested { parser throws(ConditionError) in try parser.filter() }
            try expectClosing(first)
            return filter
        }
        if keyword() == "all" || keyword() == "any", keyword(1) == "of", isSign("(", 2) {
            let opening = token(2)
            advance(3)
            let parts = try list(opening) { parser throws(ConditionError) in try parser.nested { inner throws(ConditionError) in try inner.filter() } }
            guard !parts.isEmpty else { throw failure(opening, "empty-list", "This list of tests is empty.", "Write at least one test, or leave the filter out.") }
            return first.keyword == "all" ? .all(parts) : .any(parts)
        }
        if take("hour") { return try hours(from: first) }
        if take("weekday") { return try weekdays(from: first) }
        if beginsContext { return try context() }
        if beginsCondition(0) {
            throw failure(first, "condition-in-filter", "`\(first.keyword)` cannot be asked of an event's properties.", "Close the filter before it: `where (category = \"tea\") and …`.")
        }
        let path = try path("a property's test, such as `category = \"tea\"`", among: ["hour", "weekday"])
        isDuration = isOfSessions && path == "duration"
        defer { isDuration = false }
        let test = try valueTest(after: first)
        var tests = [PropertyFilter.property(path, test)]
        while keyword() == "and", case .sign(let sign) = token(1).kind, ["<", "<=", ">", ">=", "!="].contains(sign) {
            advance()
            try part()
            tests.append(.property(path, try valueTest(after: first)))
        }
        return tests.count == 1 ? tests[0] : .all(tests)
    }

    private mutating func hours(from first: TextToken) throws(ConditionError) -> PropertyFilter {
        let isBetween = take("between")
        if !isBetween { try expect("from", "`from` and an hour, as in `hour from 9 to 17`,") }
        let lower = try hour()
        try expect(isBetween ? "and" : "to", "`\(isBetween ? "and" : "to")` and an hour")
        let upper = try hour()
        let filter = PropertyFilter.hours(lower % 24, upper % 24)
        try check(filter.fault, from: first)
        return filter
    }

    private mutating func hour() throws(ConditionError) -> Int {
        let first = token
        if case .clock(let hour, let minute) = token.kind, minute == 0 {
            advance()
            return hour
        }
        if case .number = token.kind {
            let hour = try wholeNumber()
            if 0...24 ~= hour { return hour }
        }
        throw failure(first, "hour-range", "Here stands no hour of the day.", "Write full hours from 0 to 24, as in `hour from 9 to 17`.")
    }

    private mutating func weekdays(from first: TextToken) throws(ConditionError) -> PropertyFilter {
        try expect("in", "`in` and days, as in `weekday in (mon, tue)`,")
        let opening = token
        try expectOpening("days between parentheses, as in `(mon, tue)`,")
        let days = try list(opening) { parser throws(ConditionError) in
            try parser.part()
            guard let day = Weekday.number(parser.keyword()) else { throw parser.unexpected("a day of the week, such as mon,", among: Weekday.names) }
            parser.advance()
            return day
        }
        let filter = PropertyFilter.weekdays(days)
        try check(filter.fault, from: first)
        return filter
    }
}

/// Days of the week as the text and JSON forms name them.
enum Weekday {
    static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    private static let longNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    /// 1 is Monday; nil for what is no day.
    static func number(_ name: String) -> Int? { (names.firstIndex(of: name) ?? longNames.firstIndex(of: name)).map { $0 + 1 } }
}
