import Vocabulary

/// When: windows, their bounds, and events one after the other.
extension TextParser {
    /// A window; nil where none begins.
    mutating func window(dates: Bool) throws(ConditionError) -> Window? {
        let first = token
        guard let window = try uncheckedWindow(dates: dates) else { return nil }
        try check(window.fault, from: first)
        return window
    }

    private mutating func uncheckedWindow(dates: Bool) throws(ConditionError) -> Window? {
        switch keyword() {
        case "in":
            // `in (…)` tests the measure's value.
            guard ["last", "the", "this"].contains(keyword(1)) else { return nil }
            advance()
            _ = take("the")
            return try calendarOrLast()
        case "last": return try calendarOrLast()
        case "this": return try calendarOrLast()
        case "today": advance(); return Window(from: .start(.day, 0), to: nil)
        case "yesterday": advance(); return Window(from: .start(.day, -1), to: .start(.day, 0))
        case "ever":
            advance()
            return take("before") ? Window(from: nil, to: try bound()) : .ever
        case "from":
            advance()
            let from = try bound()
            guard take("to") else { return Window(from: from, to: nil) }
            return Window(from: from, to: try bound())
        case "between":
            guard dates, isDateBound(1) else { return nil }
            advance()
            let from = try bound()
            try expect("and", "`and` with the end")
            return Window(from: from, to: try bound())
        case "since":
            guard dates else { return nil }
            advance()
            return Window(from: try bound(), to: nil)
        case "before":
            guard dates else { return nil }
            advance()
            return Window(from: nil, to: try bound())
        default: return nil
        }
    }

    /// `last 30 days` moves with the clock; `last month`, without a number, and `this month` are the calendar's.
    private mutating func calendarOrLast() throws(ConditionError) -> Window {
        if take("this") { return Window(from: .start(try calendarUnit(), 0), to: nil) }
        try expect("last", "`last` and a period")
        if case .number = token.kind { return .last(try period()) }
        let unit = try calendarUnit()
        return Window(from: .start(unit, -1), to: .start(unit, 0))
    }

    private mutating func calendarUnit() throws(ConditionError) -> Period.Unit {
        let first = token
        let unit = try unit("a number or a unit of the calendar, as in `last 30 days` or `last month`,")
        guard unit.isCalendar else {
            throw failure(first, "unknown-unit", "Here only days, weeks, months, quarters and years are counted.", "Write a number, as in `last 24 hours`.")
        }
        return unit
    }

    /// Whether a bound begins there that is no plain number.
    private func isDateBound(_ ahead: Int) -> Bool {
        switch token(ahead).kind {
        case .date: true
        case .number: !Period.Unit.isWord(keyword(ahead + 1)) ? false : true
        default: ["start", "today", "yesterday", "tomorrow"].contains(keyword(ahead))
        }
    }

    private mutating func bound() throws(ConditionError) -> WindowBound {
        switch token.kind {
        case .date(let time): advance(); return .instant(time)
        case .number:
            let period = try period()
            try expect("ago", "`ago`")
            return .ago(period)
        default: break
        }
        if take("today") { return .start(.day, 0) }
        if take("yesterday") { return .start(.day, -1) }
        if take("tomorrow") { return .start(.day, 1) }
        if take("now") { return .ago(Period(0, .second)) }
        try expect("start", "a date, `30 days ago` or `start of this month`")
        try expect("of", "`of`")
        if take("this") { return .start(try calendarUnit(), 0) }
        if take("last") { return .start(try calendarUnit(), -1) }
        if take("next") { return .start(try calendarUnit(), 1) }
        let first = token
        let count = try wholeNumber()
        let unit = try calendarUnit()
        let isAhead = take("ahead")
        if !isAhead { try expect("ago", "`ago` or `ahead`") }
        let bound = WindowBound.start(unit, isAhead ? count : -count)
        try check(bound.fault, from: first)
        return bound
    }

    // MARK: - Sequences

    /// Behind the first event; `then` stands here.
    mutating func sequence(from first: TextToken, _ pattern: EventPattern, in window: Window) throws(ConditionError) -> Condition {
        var rest: [SequenceTest.Step] = []
        var within: Period?
        var same: [String] = []
        while true {
            let start = token
            switch (keyword(), keyword(1)) {
            case ("then", _):
                advance()
                rest.append(try step(isAbsent: take("not")))
            case ("without", _):
                advance()
                let step = try step(isAbsent: true)
                try expect("between", "`between`")
                guard let place = rest.lastIndex(where: { !$0.isAbsent }) else {
                    throw failure(start, "sequence-start", "There is nothing between which this could be missing.", "Write `without … between` behind a `then`.")
                }
                rest.insert(step, at: place)
            case ("all", "within"):
                guard within == nil else { throw failure(start, "said-twice", "This is said twice of one sequence.", "Keep one of the two.") }
                advance(2)
                within = try period()
            case ("with", "same"):
                advance(2)
                let opening = token
                if take(sign: "(") {
                    same += try list(opening) { parser throws(ConditionError) in
                        try parser.part()
                        return try parser.path("the name of a property", among: [])
                    }
                } else {
                    same.append(try path("the name of a property", among: []))
                }
            default:
                let test = SequenceTest(first: pattern, window: window, rest: rest, within: within, same: same)
                try check(test.fault, from: first)
                return .test(test)
            }
        }
    }

    private mutating func step(isAbsent: Bool) throws(ConditionError) -> SequenceTest.Step {
        let names = try eventNames()
        var filter: PropertyFilter?
        if take("where") { filter = try eventFilter() }
        var within: Period?
        if take("within") { within = try period() }
        return SequenceTest.Step(EventPattern(names, where: filter), isAbsent: isAbsent, within: within)
    }
}

extension Period.Unit {
    /// Whether it begins at a midnight.
    var isCalendar: Bool { ![.second, .minute, .hour].contains(self) }

    static func isWord(_ word: String) -> Bool { Period.Unit(word: word) != nil }
}
