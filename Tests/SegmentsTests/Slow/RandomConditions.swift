import Segments
import TestSupport
import Vocabulary

/// Conditions of every kind, made from few names and few values, so that random stories satisfy about as many as they fail.
///
/// Each has no faults, so it can be printed, sent and asked. With `isWild`, names and values hold whatever hurts a parser.
struct RandomConditions {
    var random: Random
    let isWild: Bool
    /// Whether nothing is asked that changes at any moment by itself, as decayed counts do.
    var isSteady = false
    /// Whether what is made is asked of sessions.
    private var isOfSessions = false
    /// Handles that `in segment` may name.
    var segments: [String] = ["payers", "fans"]

    init(seed: Seed, isWild: Bool = false) {
        random = Random(seed)
        self.isWild = isWild
    }

    static let traits = ["plan", "vip", "points", "birthday", "renewal", "name", "address.city", "tags", "tags", "release", "basket"]
    static let events = ["Order Completed", "Product Viewed", "Product Added"]
    static let pages = ["Pricing", "Home"]
    /// Computed traits that conditions may ask for, by name; what is divided by is a count, so that the slow evaluator can divide.
    static let computed = [
        "orders": "count of \"Order Completed\" in last 3 days", "spent": "sum(total) of \"Order Completed\"", "usual": "most frequent(category) of \"Product Viewed\"",
        "kinds": "distinct list(category) of any of (\"Product Viewed\", \"Product Added\") in last 1 week", "teaShare": "share(category = \"tea\") of \"Product Viewed\"",
        "rate": "count of \"Order Completed\" / count of \"Product Viewed\"", "perView": "sum(total) of \"Order Completed\" in last 2 days / count of anything",
        "busyDays": "longest day streak of anything", "habit": "current day streak of anything where context.device = \"phone\"", "lastOrder": "last time of \"Order Completed\"",
        "latest": "last(total) of \"Product Added\"", "typical": "percentile(total, 90) of \"Order Completed\"", "mean": "average(total) of anything this week", "visits": "count of sessions in last 3 days",
        "dwell": "sum(duration) of sessions with gaps up to 2 hours / count of \"Product Viewed\"", "origin": "first(entry.category) of sessions where pages >= 1",
        "pace": "daily rate of anything", "warmth": "decayed count(1 day) of \"Product Viewed\"", "worth": "decayed sum(total, 36 hours) of \"Order Completed\"", "recent": "latest(category, 2) of anything",
        "growth": "daily trend of anything in last 3 days", "taste": "affinity(category, 1 day) of \"Product Viewed\"",
    ]
    /// Each with its measurement.
    static let measurements: [String: Measurement] = computed.mapValues { text in
        guard let measurement = try? Measurement(text: text) else { preconditionFailure("no measure: \(text)") }
        return measurement
    }

    static let sessionProperties = ["duration", "events", "pages", "screens", "entry.category", "landing.name", "landing.context.device", "exit.total", "entry.at", "exit.labels"]
    static let properties = ["category", "total", "productId", "at", "gift", "context.device", "context.app.version", "labels", "labels", "items", "items"]

    mutating func next() -> Condition { condition(random.below(4)) }

    mutating func condition(_ depth: Int) -> Condition {
        guard depth > 0 else { return .test(test()) }
        switch random.below(8) {
        case 0...2: return .all(parts(depth - 1))
        case 3...5: return .any(parts(depth - 1))
        case 6: return .not(condition(depth - 1))
        default: return .test(test())
        }
    }

    private mutating func parts(_ depth: Int) -> [Condition] { (0..<random.pick([0, 1, 2, 2, 2, 3])).map { _ in condition(depth) } }

    mutating func test() -> any ConditionTest {
        switch random.below(22) {
        case 20, 21: return computedTest()
        case 0...6: return TraitTest(path: name(RandomConditions.traits), test: valueTest())
        case 7: return RelationTest(left: name(RandomConditions.traits), comparison: random.pick(RelationTest.Comparison.allCases), right: name(RandomConditions.traits))
        case 8 where isWild && random.chance(50): return ListTest(list: wildName())
        case 8:
            let on = random.chance(40) ? Timestamp(clamping: RandomStories.begin.milliseconds + 3_600_000 + Int64(random.below(12)) * 43_200_000) : nil
            return SegmentTest(segment: isWild ? wildName() : random.pick(segments), on: on)
        case 9:
            let lower = random.below(9000)
            return BucketTest(salt: random.pick(["tea", "", "salt \"x\""]), lower: lower, upper: lower + 1 + random.below(BucketTest.count - lower))
        case 10...15: return eventTest()
        default: return sequenceTest()
        }
    }

    // MARK: - Events

    mutating func eventTest() -> EventTest {
        isOfSessions = random.chance(15)
        defer { isOfSessions = false }
        let pattern = isOfSessions ? EventPattern([.sessions(gap: random.pick([EventPattern.sessionGap, Period(2, .hour), Period(1, .second)]))], where: random.chance(40) ? filter(random.below(3)) : nil) : pattern()
        let window = window()
        switch isSteady ? random.below(17) : random.below(22) {
        case 17: return EventTest(pattern: pattern, window: window, measure: random.pick([.rate(.day), .rate(.week), .rate(.month)]), test: smallTest())
        case 18: return EventTest(pattern: pattern, window: window, measure: random.pick([.decayedCount(halfLife: halfLife()), .decayedSum(property(), halfLife: halfLife())]), test: smallTest())
        case 19: return EventTest(pattern: pattern, window: window, measure: .latest(property(), count: 1 + random.below(3)), test: listTest())
        case 20: return EventTest(pattern: pattern, window: window, measure: random.pick([.slope(property()), .trend(.day), .trend(.day), .trend(.week)]), test: smallTest())
        case 21: return EventTest(pattern: pattern, window: window, measure: .affinity(property(), halfLife: halfLife()), test: valueTest())
        case 14: return EventTest(pattern: pattern, window: window, measure: .list(property()), test: listTest())
        case 15, 16:
            return EventTest(pattern: pattern, window: window, measure: .streak(random.pick([.day, .day, .week, .month]), isCurrent: random.chance(50)), test: countTest())
        case 0...3: return EventTest(pattern: pattern, window: window, measure: .count, test: countTest())
        case 4: return EventTest(pattern: pattern, window: window, measure: .distinct(property()), test: countTest())
        case 5: return EventTest(pattern: pattern, window: window, measure: .days, test: countTest())
        case 6: return EventTest(pattern: pattern, window: window, measure: random.pick([.firstTime, .lastTime]), test: timeTest())
        case 7: return EventTest(pattern: pattern, window: window, measure: .share(filter(1)), test: .atLeast(.number(number(["0.5", "0.25", "1", "0"]))))
        case 8...10:
            let path = isOfSessions ? property() : isWild ? wildName() : "total"
            let measure: EventTest.Measure = random.pick([.sum(path), .average(path), .minimum(path), .maximum(path), .percentile(path, percent: random.pick([1, 50, 90, 100]))])
            return EventTest(pattern: pattern, window: window, measure: measure, test: numberTest())
        default:
            let path = property()
            return EventTest(pattern: pattern, window: window, measure: random.pick([.mode(path), .first(path), .last(path)]), test: valueTest())
        }
    }

    private mutating func computedTest() -> ComputedTest {
        let name = random.pick(RandomConditions.computed.keys.sorted().filter { !isSteady || !["pace", "warmth", "worth"].contains($0) })
        for _ in 0..<20 {
            let test = random.chance(30) ? valueTest() : random.chance(50) ? numberTest() : countTest()
            if RandomConditions.measurements[name]?.fault(of: test) == nil { return ComputedTest(trait: name, test: test) }
        }
        return ComputedTest(trait: name, test: .exists)
    }

    private mutating func halfLife() -> Period { random.pick([Period(1, .hour), Period(1, .day), Period(36, .hour)]) }

    private mutating func smallTest() -> ValueTest {
        let value = Literal.number(number(["0", "0.5", "0.3", "1", "2", "7", "-0.5", "0.01"]))
        return random.pick([.less(value), .atMost(value), .more(value), .atLeast(value), .atLeast(value), .equals(value)])
    }

    private mutating func listTest() -> ValueTest {
        switch random.below(6) {
        case 0: .equals(literal())
        case 1: .differs(literal())
        case 2: .isOneOf([literal(), literal()])
        case 3: .contains(texts(), fold: fold())
        case 4: .omits(texts(), fold: fold())
        default: random.pick([.exists, .isMissing, .isNoneOf([literal()]), .equalsFolded(text(), fold: random.chance(50) ? .letters : .accents)])
        }
    }

    mutating func sequenceTest() -> SequenceTest {
        var rest: [SequenceTest.Step] = []
        for _ in 0..<1 + random.below(3) {
            if random.chance(30) { rest.append(SequenceTest.Step(pattern(), isAbsent: true)) }
            rest.append(SequenceTest.Step(pattern(), within: random.chance(60) ? period() : nil))
        }
        if random.chance(30) {
            if random.chance(50) { rest.removeAll() }
            rest.append(SequenceTest.Step(pattern(), isAbsent: true, within: period()))
        }
        return SequenceTest(
            first: pattern(), window: window(), rest: rest, within: random.chance(30) ? period() : nil,
            same: random.chance(25) ? [property()] + (random.chance(20) ? [property()] : []) : [])
    }

    mutating func pattern() -> EventPattern {
        var names = [eventName()]
        if random.chance(15) { names.append(eventName()) }
        return EventPattern(names, where: random.chance(40) ? filter(random.below(3)) : nil)
    }

    private mutating func eventName() -> EventPattern.Name {
        switch random.below(10) {
        case 0: .page(random.chance(30) ? nil : name(RandomConditions.pages))
        case 1: .screen(random.chance(30) ? nil : name(RandomConditions.pages))
        case 2: .any
        default: .track(name(RandomConditions.events))
        }
    }

    mutating func filter(_ depth: Int) -> PropertyFilter {
        switch depth > 0 ? random.below(6) : 3 + random.below(8) {
        case 0: .all((0..<1 + random.below(3)).map { _ in filter(depth - 1) })
        case 1: .any((0..<1 + random.below(3)).map { _ in filter(depth - 1) })
        case 2: .not(filter(depth - 1))
        case 3: hours()
        case 4: .weekdays((0..<1 + random.below(4)).map { _ in 1 + random.below(7) })
        default: .property(property(), valueTest())
        }
    }

    private mutating func hours() -> PropertyFilter {
        let from = random.below(24)
        return .hours(from, (from + 1 + random.below(23)) % 24)
    }

    // MARK: - Times

    mutating func period() -> Period { random.pick([Period(1, .hour), Period(2, .hour), Period(1, .day), Period(3, .day), Period(1, .week), Period(90, .minute), Period(1, .month), Period(1, .quarter), Period(1, .year), Period(30, .second)]) }

    mutating func window() -> Window {
        switch random.below(12) {
        case 0...2: return .ever
        case 3...6: return .last(period())
        case 7: return Window(from: .ago(Period(3, .day)), to: .ago(random.pick([Period(24, .hour), Period(0, .second)])))
        case 8: return Window(from: .instant(RandomStories.begin), to: random.chance(50) ? nil : .instant(Timestamp(clamping: RandomStories.begin.milliseconds + 86_400_000)))
        case 9: return Window(from: nil, to: random.pick([.ago(Period(1, .day)), .start(.day, 0), .instant(RandomStories.begin)]))
        default:
            let unit = random.pick([Period.Unit.day, .week, .month, .quarter, .year])
            let from = random.pick([0, -1, -1, -2])
            return Window(from: .start(unit, from), to: random.chance(50) ? nil : .start(unit, from + 1 + random.below(3)))
        }
    }

    // MARK: - Values

    mutating func valueTest() -> ValueTest {
        switch random.below(26) {
        case 0...2: .equals(literal())
        case 3: .differs(literal())
        case 4: .isOneOf((0..<1 + random.below(3)).map { _ in literal() })
        case 5: .isNoneOf((0..<1 + random.below(3)).map { _ in literal() })
        case 6, 7: numberTest()
        case 8: random.pick([.less(version()), .atLeast(version()), .between(.version("2.9"), .version("3.0-beta.2")), .more(version()), .atMost(version())])
        case 9, 10: timeTest()
        case 11: .contains(texts(), fold: fold())
        case 12: .omits(texts(), fold: fold())
        case 13: .starts(texts()[0], fold: fold())
        case 14: .ends(texts()[0], fold: fold())
        case 15: .equalsFolded(text(), fold: random.chance(50) ? .letters : .accents)
        case 16: .matches(random.pick(["t.a", "[a-c]+", "(?i)TEA", "\\d+|shoes", "pre.*"]))
        case 17: .exists
        case 18: .isMissing
        case 19: random.pick([.isTrueOrUnknown, .isFalseOrUnknown])
        case 20: .anniversaryWithinNext(days: random.pick([1, 7, 366]))
        case 21: .remainder(of: 3, is: random.below(3))
        case 24, 25: .elements(elementTest(1 + random.below(2)))
        default: random.pick([.withinLast(period()), .withinNext(period()), .beforeLast(period()), .afterNext(period())])
        }
    }

    mutating func elementTest(_ depth: Int) -> ElementTest {
        let filter = elementFilter(depth)
        switch random.below(7) {
        case 0, 1: return ElementTest(.any, where: filter)
        case 2: return ElementTest(.all, where: filter)
        case 3: return ElementTest(.none, where: filter)
        case 4: return ElementTest(.sum(random.pick(["price", "item"]), numberTest()), where: random.chance(50) ? filter : nil)
        default: return ElementTest(.count(countTest()), where: random.chance(50) ? filter : nil)
        }
    }

    private mutating func elementFilter(_ depth: Int) -> PropertyFilter {
        switch random.below(8) {
        case 0 where depth > 0: return .all((0..<1 + random.below(3)).map { _ in elementFilter(depth - 1) })
        case 1 where depth > 0: return .any((0..<1 + random.below(3)).map { _ in elementFilter(depth - 1) })
        case 2 where depth > 0: return .not(elementFilter(depth - 1))
        case 3 where depth > 0: return .property("parts", .elements(elementTest(depth - 1)))
        case 4: return .property("price", numberTest())
        case 5: return .property("maker.city", .equals(literal()))
        default: return .property(random.pick(["category", "item", "item"]), random.pick([.equals(literal()), .differs(literal()), .exists, .isMissing, .contains(texts(), fold: fold())]))
        }
    }

    private mutating func countTest() -> ValueTest {
        let value = Literal.number(ExactNumber(Int64(random.below(4))))
        return switch random.below(8) {
        case 0: .equals(value)
        case 1: .atMost(value)
        case 2: .between(.number(ExactNumber(1)), .number(ExactNumber(Int64(1 + random.below(3)))))
        case 3: random.pick([.less(value), .more(value), .differs(value), .isOneOf([value, .number(ExactNumber(2))]), .remainder(of: 2, is: 1)])
        default: .atLeast(value)
        }
    }

    private mutating func numberTest() -> ValueTest {
        let value = Literal.number(number(["0", "0.3", "10", "10.50", "25", "-1", "9007199254740993", "1e30"]))
        return switch random.below(6) {
        case 0: .equals(value)
        case 1: .less(value)
        case 2: .atMost(value)
        case 3: .more(value)
        case 4: .atLeast(value)
        default: .between(.number(number(["-1", "0.3", "10"])), .number(number(["10", "10.50", "1e30"])))
        }
    }

    private mutating func timeTest() -> ValueTest {
        let time = Literal.instant(Timestamp(clamping: RandomStories.begin.milliseconds + Int64(random.below(6)) * 43_200_000))
        return switch random.below(7) {
        case 0: .less(time)
        case 1: .atLeast(time)
        case 2: .between(.instant(RandomStories.begin), time)
        case 3: .equals(time)
        default: random.pick([.withinLast(period()), .withinNext(period()), .beforeLast(period()), .afterNext(period())])
        }
    }

    private mutating func literal() -> Literal {
        switch random.below(10) {
        case 0, 1: .number(number(["0", "0.3", "10", "10.50", "25"]))
        case 2: .boolean(random.chance(50))
        case 3: .instant(RandomStories.begin)
        case 4: version()
        default: .text(text())
        }
    }

    private mutating func version() -> Literal { .version(random.pick(["2.9", "2.10", "2.10.0", "3.0-beta.2", "3.0-beta.10", "3.0", "v3", "3.0-rc+5"])) }

    private mutating func number(_ choices: [String]) -> ExactNumber { ExactNumber(json: random.pick(choices).utf8)! }

    private mutating func text() -> String { isWild ? random.text() : random.pick(["premium", "tea", "shoes", "p1", "p2", "Tea", "2026-06-28"]) }

    private mutating func fold() -> Folding { random.pick([.none, .none, .letters, .accents]) }

    private mutating func texts() -> [String] {
        (0..<1 + random.below(3)).map { _ in isWild ? "x" + random.text() : random.pick(["e", "te", "s", "pre", "TEA", "1", "tè"]) }
    }

    private mutating func property() -> String { isOfSessions ? random.pick(RandomConditions.sessionProperties) : name(RandomConditions.properties) }

    private mutating func name(_ names: [String]) -> String { isWild && random.chance(50) ? wildName() : random.pick(names) }

    private mutating func wildName() -> String { random.chance(30) ? random.pick(["count", "and", "NOT", "any", "last", "first name", "*", "über.grösse", "a-b", "a.", "9", "hour", "weekday", "is", "İn"]) : "n" + random.text() }
}
