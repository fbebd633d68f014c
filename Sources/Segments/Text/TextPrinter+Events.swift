import Vocabulary

/// Events, windows and sequences.
extension TextPrinter {
    /// - Parameter isFollowed: whether more of the same test stands behind it; at the end, an `and` would go on with a bare filter.
    mutating func pattern(_ pattern: EventPattern, isFollowed: Bool) {
        names(pattern.names)
        guard let filter = pattern.filter else { return }
        if case .member(let membership) = filter {
            put(" as ")
            return self.membership(membership)
        }
        put(" where ")
        if isFollowed, filter.isSingle { return self.filter(filter) }
        put("(")
        self.filter(filter)
        put(")")
    }

    private mutating func names(_ names: [EventPattern.Name]) {
        if names.count == 1 { return name(names[0]) }
        put("any of ")
        list(names) { $0.name($1) }
    }

    private mutating func name(_ name: EventPattern.Name) {
        switch name {
        case .track(let name): text(name)
        case .page(let name): call("page", name)
        case .screen(let name): call("screen", name)
        case .any: put("anything")
        case .sessions(let gap):
            put("sessions")
            guard gap != EventPattern.sessionGap else { return }
            put(" with gaps up to ")
            period(gap)
        }
    }

    private mutating func call(_ word: String, _ name: String?) {
        put(word)
        guard let name else { return }
        put(" ")
        text(name)
    }

    // MARK: - Filters

    mutating func filter(_ filter: PropertyFilter) {
        switch filter {
        case .all(let parts): group(parts, "and", "all of")
        case .any(let parts): group(parts, "or", "any of")
        case .not(let part):
            put("not ")
            operand(part)
        case .property(let path, let value):
            name(path)
            put(" ")
            test(value)
        case .hours(let from, let to): put("hour from \(from) to \(to)")
        case .member(let pattern):
            put("as ")
            membership(pattern)
        case .weekdays(let days):
            put("weekday in ")
            list(days) { $0.put(1...7 ~= $1 ? Weekday.names[$1 - 1] : "`\($1)`") }
        }
    }

    private mutating func group(_ parts: [PropertyFilter], _ word: String, _ list: String) {
        guard parts.count > 1 else {
            put(list + " ")
            return self.list(parts) { $0.filter($1) }
        }
        for (index, part) in parts.enumerated() {
            if index > 0 { put(" \(word) ") }
            operand(part)
        }
    }

    private mutating func operand(_ filter: PropertyFilter) {
        switch filter {
        case .all(let parts) where parts.count > 1, .any(let parts) where parts.count > 1:
            put("(")
            self.filter(filter)
            put(")")
        default: self.filter(filter)
        }
    }

    /// A test of a list's elements.
    mutating func elements(_ test: ElementTest) {
        switch test.quantifier {
        case .any: put("has any")
        case .all: put("has all")
        case .none: put("has none")
        case .count: put("has count")
        case .sum(let path, _):
            put("has sum(")
            name(path)
            put(")")
        }
        if let filter = test.filter {
            put(test.test == nil ? " (" : " of (")
            self.filter(filter)
            put(")")
        }
        guard let inner = test.test else { return }
        put(" ")
        self.test(inner)
    }

    // MARK: - Windows

    /// With a blank before it; nothing for ever.
    ///
    /// - Parameter isBare: false where `since` and `before` would test the measured value instead.
    mutating func window(_ window: Window, isBare: Bool = true) {
        switch (window.from, window.to) {
        case (nil, nil): break
        case (.ago(let period), nil) where period.count > 0:
            put(" in last ")
            self.period(period)
        case (.start(.day, 0), nil): put(" today")
        case (.start(.day, -1), .start(.day, 0)): put(" yesterday")
        case (.start(let unit, 0), nil): put(" this \(unit.rawValue)")
        case (.start(let unit, -1), .start(let other, 0)) where unit == other: put(" last \(unit.rawValue)")
        case (let from?, nil):
            put(isBare ? " since " : " from ")
            bound(from)
        case (nil, let to?):
            put(isBare ? " before " : " ever before ")
            bound(to)
        case (let from?, let to?):
            put(" from ")
            bound(from)
            put(" to ")
            bound(to)
        }
    }

    private mutating func bound(_ bound: WindowBound) {
        switch bound {
        case .ago(let period):
            self.period(period)
            put(" ago")
        case .instant(let time): put(time.dateOrTime)
        case .start(.day, 0): put("today")
        case .start(.day, -1): put("yesterday")
        case .start(.day, 1): put("tomorrow")
        case .start(let unit, 0): put("start of this \(unit.rawValue)")
        case .start(let unit, -1): put("start of last \(unit.rawValue)")
        case .start(let unit, 1): put("start of next \(unit.rawValue)")
        case .start(let unit, let count):
            put("start of ")
            period(Period(abs(count), unit))
            put(count < 0 ? " ago" : " ahead")
        }
    }

    // MARK: - Tests

    mutating func event(_ test: EventTest) {
        // Sessions are counted, not done.
        let times = test.measure == .count && test.pattern.sessionGap == nil ? EventTest.times(test.test) : nil
        if let times {
            put(times.isDenied ? "did not do " : "did ")
            pattern(test.pattern, isFollowed: !times.words.isEmpty || test.window != .ever)
            put(times.words)
            window(test.window)
        } else {
            measured(test.measured)
        }
        guard times == nil else { return }
        put(" ")
        if case .share = test.measure { self.test(test.test, isShare: true) } else { self.test(test.test) }
    }

    mutating func measured(_ measured: EventMeasure) {
        measure(measured.measure)
        put(" of ")
        pattern(measured.pattern, isFollowed: true)
        window(measured.window, isBare: measured.measure.isNumeric)
    }

    private mutating func measure(_ measure: EventTest.Measure) {
        func of(_ word: String, _ path: String) {
            put(word + "(")
            name(path)
            put(")")
        }
        func of(_ word: String, _ path: String, _ halfLife: Period) {
            put(word + "(")
            name(path)
            put(", ")
            period(halfLife)
            put(")")
        }
        switch measure {
        case .count: put("count")
        case .sum(let path): of("sum", path)
        case .average(let path): of("average", path)
        case .minimum(let path): of("minimum", path)
        case .maximum(let path): of("maximum", path)
        case .percentile(let path, 50): of("median", path)
        case .percentile(let path, let percent):
            put("percentile(")
            name(path)
            put(", \(percent))")
        case .distinct(let path): of("distinct", path)
        case .mode(let path): of("most frequent", path)
        case .first(let path): of("first", path)
        case .last(let path): of("last", path)
        case .firstTime: put("first time")
        case .lastTime: put("last time")
        case .days: put("days")
        case .share(let filter):
            put("share(")
            self.filter(filter)
            put(")")
        case .list(let path): of("distinct list", path)
        case .rate(let unit): put(unit.adverb + " rate")
        case .trend(let unit): put(unit.adverb + " trend")
        case .decayedCount(let halfLife):
            put("decayed count(")
            period(halfLife)
            put(")")
        case .decayedSum(let path, let halfLife): of("decayed sum", path, halfLife)
        case .affinity(let path, let halfLife): of("affinity", path, halfLife)
        case .latest(let path, let count):
            put("latest(")
            name(path)
            put(", \(count))")
        case .slope(let path): of("slope", path)
        case .streak(let unit, let isCurrent): put("\(isCurrent ? "current" : "longest") \(unit.rawValue) streak")
        }
    }

    mutating func sequence(_ test: SequenceTest) {
        put("did ")
        pattern(test.first, isFollowed: true)
        window(test.window)
        for (index, step) in test.rest.enumerated() {
            put(step.isAbsent ? " then not " : " then ")
            pattern(step.pattern, isFollowed: index < test.rest.count - 1 || step.within != nil || test.within != nil || !test.same.isEmpty)
            if let within = step.within {
                put(" within ")
                period(within)
            }
        }
        if let within = test.within {
            put(" all within ")
            period(within)
        }
        guard !test.same.isEmpty else { return }
        put(" with same ")
        if test.same.count == 1 { name(test.same[0]) } else { list(test.same) { $0.name($1) } }
    }
}

extension PropertyFilter {
    /// Whether it is one test of one property, without `and` and `or`.
    var isSingle: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.count == 1
        case .not, .property, .hours, .weekdays, .member: true
        }
    }
}

extension EventTest {
    /// How a test of a count reads as a number of times, with a blank before it; nil for one that does not.
    static func times(_ test: ValueTest) -> (isDenied: Bool, words: String)? {
        func whole(_ literal: Literal) -> Int64? {
            guard case .number(let number) = literal else { return nil }
            let (value, isExact) = number.floor(scale: 0)
            return isExact && value >= 0 && value <= 1_000_000_000 ? value : nil
        }
        func times(_ count: Int64) -> String { count == 1 ? "1 time" : "\(count) times" }
        switch test {
        case .atLeast(let value): return whole(value).map { (false, $0 == 1 ? "" : " at least " + times($0)) }
        case .atMost(let value): return whole(value).map { (false, " at most " + times($0)) }
        case .equals(let value): return whole(value).map { $0 == 0 ? (true, "") : (false, " exactly " + times($0)) }
        case .between(let lower, let upper):
            guard let lower = whole(lower), let upper = whole(upper) else { return nil }
            return (false, " between \(lower) and " + times(upper))
        default: return nil
        }
    }
}

extension Period.Unit {
    /// As in `weekly rate`; of the units that are counted so.
    var adverb: String {
        switch self {
        case .day: "daily"
        case .week: "weekly"
        default: "monthly"
        }
    }

    init?(adverb: String) {
        guard let unit = EventTest.Measure.streakUnits.first(where: { $0.adverb == adverb }) else { return nil }
        self = unit
    }
}
