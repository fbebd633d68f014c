import Vocabulary

extension EventTest.Measure {
    /// The member of the JSON form that holds this measure.
    var member: String {
        switch self {
        case .count: "count"
        case .sum: "sum"
        case .average: "average"
        case .minimum: "minimum"
        case .maximum: "maximum"
        case .percentile: "percentile"
        case .distinct: "distinct"
        case .mode: "mostFrequent"
        case .first: "firstValue"
        case .last: "lastValue"
        case .firstTime: "firstTime"
        case .lastTime: "lastTime"
        case .days: "days"
        case .share: "share"
        case .list: "distinctList"
        case .streak(_, let isCurrent): isCurrent ? "currentStreak" : "longestStreak"
        case .rate: "rate"
        case .decayedCount: "decayedCount"
        case .decayedSum: "decayedSum"
        case .latest: "latest"
        case .slope: "slope"
        case .trend: "trend"
        case .affinity: "affinity"
        }
    }

    /// Whether the member holds the test, since there is nothing else to say: `"count": {"gte": 3}`, but `"sum": "total", "gt": 500`.
    var holdsTest: Bool {
        switch self {
        case .count, .days, .firstTime, .lastTime: true
        default: false
        }
    }

    /// The property that is measured.
    var path: String? {
        switch self {
        case .sum(let path), .average(let path), .minimum(let path), .maximum(let path), .percentile(let path, _), .distinct(let path), .mode(let path),
            .first(let path), .last(let path), .list(let path), .decayedSum(let path, _), .latest(let path, _), .slope(let path), .affinity(let path, _):
            path
        case .count, .firstTime, .lastTime, .days, .share, .streak, .rate, .decayedCount, .trend: nil
        }
    }

    /// Writes the member and what it says; the test stands beside it.
    func write(to json: inout JSONWriter) {
        json.key(member)
        switch self {
        case .count, .firstTime, .lastTime, .days: json.boolean(true)
        case .share(let filter): filter.write(to: &json)
        case .streak(let unit, _), .rate(let unit), .trend(let unit): json.string(unit.rawValue)
        case .decayedCount(let halfLife): json.string(halfLife.short)
        default:
            json.string(path ?? "")
            switch self {
            case .percentile(_, let percent): json.member("percent", percent)
            case .decayedSum(_, let halfLife), .affinity(_, let halfLife): json.member("halfLife", halfLife.short)
            case .latest(_, let count): json.member("limit", count)
            default: break
            }
        }
    }

    /// The measures whose test stands beside them, taken out of an object; more than one is a fault of whoever wrote it.
    static func beside(_ object: inout JSONObject) throws(ConditionError) -> [(EventTest.Measure, JSONValue)] {
        var found: [(EventTest.Measure, JSONValue)] = []
        for (member, make) in paths {
            guard let value = try object.take(member) else { continue }
            found.append((make(try value.name("the name of a property")), value))
        }
        if let value = try object.take("percentile") {
            let path = try value.name("the name of a property")
            found.append((.percentile(path, percent: try object.require("percent").integer(1...100, "a percentage")), value))
        }
        if let value = try object.take("median") { found.append((.percentile(try value.name("the name of a property"), percent: 50), value)) }
        if let value = try object.take("share") { found.append((.share(try PropertyFilter(value, depth: 0)), value)) }
        for (member, make) in units {
            guard let value = try object.take(member) else { continue }
            guard let unit = Period.Unit(rawValue: try value.string("day, week or month")), streakUnits.contains(unit) else { throw value.wrongType("day, week or month") }
            found.append((make(unit), value))
        }
        if let value = try object.take("decayedCount") { found.append((.decayedCount(halfLife: try value.period()), value)) }
        if let value = try object.take("decayedSum") {
            found.append((.decayedSum(try value.name("the name of a property"), halfLife: try object.require("halfLife").period()), value))
        }
        if let value = try object.take("affinity") {
            found.append((.affinity(try value.name("the name of a property"), halfLife: try object.require("halfLife").period()), value))
        }
        if let value = try object.take("latest") {
            found.append((.latest(try value.name("the name of a property"), count: try object.require("limit").integer(1...Int64(latestMaximum), "a number of values")), value))
        }
        for (measure, value) in found { try value.check(measure.ownFault) }
        return found
    }

    fileprivate static let paths: [(String, @Sendable (String) -> EventTest.Measure)] = [
        ("sum", { .sum($0) }), ("average", { .average($0) }), ("minimum", { .minimum($0) }), ("maximum", { .maximum($0) }), ("distinct", { .distinct($0) }),
        ("mostFrequent", { .mode($0) }), ("firstValue", { .first($0) }), ("lastValue", { .last($0) }), ("distinctList", { .list($0) }), ("slope", { .slope($0) }),
    ]
    private static let units: [(String, @Sendable (Period.Unit) -> EventTest.Measure)] = [
        ("longestStreak", { .streak($0, isCurrent: false) }), ("currentStreak", { .streak($0, isCurrent: true) }), ("rate", { .rate($0) }), ("trend", { .trend($0) }),
    ]
    static let plain: [(String, EventTest.Measure)] = [("count", .count), ("firstTime", .firstTime), ("first", .firstTime), ("lastTime", .lastTime), ("days", .days)]
}

extension EventTest {
    func write(to json: inout JSONWriter) {
        pattern.write(to: &json)
        window.write(to: &json)
        if measure.holdsTest {
            json.key(measure.member)
            json.object { test.write(to: &$0) }
        } else {
            measure.write(to: &json)
            test.write(to: &json)
        }
    }

    /// Without a measure, at least one such event is meant; `notFollowedBy` and `followedBy` make a sequence of two.
    static func read(_ object: inout JSONObject) throws(ConditionError) -> Condition {
        let pattern = try EventPattern.read(try object.kind(self), &object)
        let window = try Window.read(&object)
        if let next = try object.take("notFollowedBy") { return try SequenceTest.read(pattern, window, next, isAbsent: true, &object) }
        if let next = try object.take("followedBy") { return try SequenceTest.read(pattern, window, next, isAbsent: false, &object) }
        let place = object.place
        let (measure, tests) = try measured(&object)
        try place.check(EventMeasure(pattern: pattern, window: window, measure: measure).sessionFault)
        try object.finish()
        let conditions = tests.map { Condition.test(EventTest(pattern: pattern, window: window, measure: measure, test: $0)) }
        return conditions.count == 1 ? conditions[0] : .all(conditions)
    }

    private static func measured(_ object: inout JSONObject) throws(ConditionError) -> (Measure, [ValueTest]) {
        var found: (measure: Measure, tests: [ValueTest], at: JSONValue)?
        func only(_ value: JSONValue) throws(ConditionError) {
            if found != nil { throw value.fault("two-kinds", "Two things are measured at once.", "Write two conditions joined by `and`.") }
        }
        for (member, measure) in Measure.plain {
            guard let value = try object.take(member) else { continue }
            try only(value)
            var inner = try value.object("a test, such as {\"gte\": 3}")
            let tests = try ValueTest.read(&inner)
            try inner.finish()
            if tests.isEmpty { throw value.fault("missing-member", "Nothing is asked of this measure.", "Add a test, such as {\"gte\": 3}.") }
            if measure == .count || measure == .days { for test in tests { try value.check(ValueTest.countFault(test)) } }
            found = (measure, tests, value)
        }
        for (measure, value) in try Measure.beside(&object) {
            try only(value)
            found = (measure, [], value)
        }
        if let found { for test in found.tests { try found.at.check(found.measure.fault(of: test)) } }
        guard let found else { return (.count, [.atLeast(.number(ExactNumber(1)))]) }
        guard found.tests.isEmpty else { return (found.measure, found.tests) }
        let tests = try ValueTest.read(&object)
        if tests.isEmpty { throw found.at.fault("missing-member", "Nothing is asked of this measure.", "Add a test beside it, such as \"gt\": 500.") }
        for test in tests { try found.at.check(found.measure.fault(of: test)) }
        if found.measure.isCount { for test in tests { try found.at.check(ValueTest.countFault(test)) } }
        return (found.measure, tests)
    }
}

extension SequenceTest {
    func write(to json: inout JSONWriter) {
        json.key(SequenceTest.key)
        json.array { json in
            json.object { first.write(to: &$0) }
            for step in rest {
                json.object { json in
                    step.pattern.write(to: &json, key: step.isAbsent ? "noEvent" : "event")
                    if let within = step.within { json.member("within", within.short) }
                }
            }
        }
        window.write(to: &json)
        if let within { json.member("within", within.short) }
        if !same.isEmpty { json.key("same"); json.array { json in for path in same { json.string(path) } } }
    }

    static func read(_ object: inout JSONObject) throws(ConditionError) -> Condition {
        let value = try object.kind(self)
        let window = try Window.read(&object)
        let within = try object.take("within")?.period()
        let same = try sameProperties(&object)
        try object.finish()
        let elements = try value.elements("a list of steps")
        guard elements.count >= 2 else { throw value.fault("one-step", "A sequence has at least two steps.", "Add what follows.") }
        var steps: [Step] = []
        for element in elements { steps.append(try step(element)) }
        guard !steps[0].isAbsent, steps[0].within == nil else {
            throw elements[0].fault("sequence-start", "A sequence begins with an event that happened, without a period.", "Write {\"event\": \"Product Added\"} first.")
        }
        return try checked(SequenceTest(first: steps[0].pattern, window: window, rest: Array(steps.dropFirst()), within: within, same: same), at: value)
    }

    /// The short form of two steps: `"event": "Product Added", "notFollowedBy": {"event": "Order Completed", "within": "24h"}`.
    static func read(_ first: EventPattern, _ window: Window, _ next: JSONValue, isAbsent: Bool, _ object: inout JSONObject) throws(ConditionError) -> Condition {
        let same = try sameProperties(&object)
        try object.finish()
        let step = try step(next)
        if step.isAbsent { throw next.fault("sequence-start", "This is denied twice.", "Write `event` here.") }
        let test = SequenceTest(first: first, window: window, rest: [Step(step.pattern, isAbsent: isAbsent, within: step.within)], same: same)
        return try checked(test, at: next)
    }

    private static func checked(_ test: SequenceTest, at value: JSONValue) throws(ConditionError) -> Condition {
        try value.check(test.fault)
        return .test(test)
    }

    private static func sameProperties(_ object: inout JSONObject) throws(ConditionError) -> [String] {
        guard let value = try object.take("same") else { return [] }
        var same: [String] = []
        for element in try value.elements("a list of properties") { same.append(try element.name("the name of a property")) }
        return same
    }

    private static func step(_ value: JSONValue) throws(ConditionError) -> Step {
        // A name alone is a step that asks nothing else.
        if value.json.isString { return Step(EventPattern([try EventPattern.Name(value)])) }
        var object = try value.object("a step")
        let absent = try object.take("noEvent")
        let present = try object.take("event")
        guard let event = absent ?? present else { throw object.noKind(["event", "noEvent"]) }
        if absent != nil, let present { throw present.fault("two-kinds", "A step either happened or did not.", "Keep `event` or `noEvent`.") }
        let pattern = try EventPattern.read(event, &object)
        let within = try object.take("within")?.period()
        try object.finish()
        return Step(pattern, isAbsent: absent != nil, within: within)
    }
}
