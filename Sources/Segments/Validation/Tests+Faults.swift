import Vocabulary

extension TraitTest {
    func faults() -> [(pointer: String, Explanation)] {
        if let fault = PathName.fault(path) { return [("/trait", fault)] }
        return test.fault.map { [("/" + test.member, $0)] } ?? []
    }
}

extension RelationTest {
    func faults() -> [(pointer: String, Explanation)] {
        if let fault = PathName.fault(left) { return [("/relation", fault)] }
        return PathName.fault(right).map { [("/" + comparison.member, $0)] } ?? []
    }
}

extension SegmentTest {
    var fault: Explanation? {
        if segment.isEmpty { return Explanation(code: "segments.empty-name", problem: "This names no segment.", remedy: "Write the segment's handle, as `in segment \"big-spenders\"`.") }
        return PathName.fault(segment)
    }

    func faults() -> [(pointer: String, Explanation)] { fault.map { [("/segment", $0)] } ?? [] }
}

extension ComputedTest {
    func faults() -> [(pointer: String, Explanation)] {
        if let fault = ComputedTrait.nameFault(trait) { return [("/computed", fault)] }
        return test.fault.map { [("/" + test.member, $0)] } ?? []
    }
}

extension ListTest {
    var fault: Explanation? {
        if list.isEmpty { return Explanation(code: "segments.empty-name", problem: "This names no list.", remedy: "Write the list's handle, as `in list \"trade-fair\"`.") }
        return PathName.fault(list)
    }

    func faults() -> [(pointer: String, Explanation)] { fault.map { [("/list", $0)] } ?? [] }
}

extension BucketTest {
    var fault: Explanation? {
        if 0 <= lower, lower < upper, upper <= BucketTest.count { return nil }
        return Explanation(
            code: "segments.bucket-range", problem: "No bucket lies in this range; they are numbered from 0 to \(BucketTest.count - 1).",
            remedy: "Write the smaller number first, as `bucket(\"salt\") from 0 to 999`, or `from 0% to 10%`.")
    }

    func faults() -> [(pointer: String, Explanation)] { fault.map { [("/from", $0)] } ?? [] }
}

extension EventPattern {
    func faults() -> [(pointer: String, Explanation)] {
        if names.isEmpty { return [("/event", .emptyList)] }
        if let fault = sessionFault { return [("/event", fault)] }
        for name in names {
            if case .track(let name) = name, let fault = PathName.eventFault(name) { return [("/event", fault)] }
            if case .page(let name?) = name, let fault = PathName.eventFault(name) { return [("/event", fault)] }
            if case .screen(let name?) = name, let fault = PathName.eventFault(name) { return [("/event", fault)] }
        }
        return filter?.faults().map { ("/where" + $0.pointer, $0.1) } ?? []
    }
}

extension EventTest {
    func faults() -> [(pointer: String, Explanation)] {
        var faults = pattern.faults() + window.faults
        let member = "/" + measure.member
        if let path = measure.path, let fault = PathName.fault(path) { faults.append((member, fault)) }
        if pattern.sessionFault == nil, let fault = measured.sessionFault { faults.append((member, fault)) }
        if case .percentile(_, let percent) = measure, !(1...100 ~= percent) {
            faults.append(("/percent", Explanation(code: "segments.percent-range", problem: "A percentile lies between 1 and 100.", remedy: "Write `percentile(total, 90)`.")))
        }
        if case .share(let filter) = measure { faults += filter.faults().map { (member + $0.pointer, $0.1) } }
        if let fault = measure.fault(of: test) { faults.append(("/" + (measure.holdsTest ? measure.member + "/" : "") + test.member, fault)) }
        if let fault = measure.ownFault { faults.append((member, fault)) }
        if let fault = (measure.isCount ? ValueTest.countFault(test) : nil) ?? test.fault { faults.append((measure.holdsTest ? member + "/" + test.member : "/" + test.member, fault)) }
        return faults
    }
}

extension EventTest.Measure {
    /// Whether it is always a number; the others may be dates, texts or whatever senders send.
    var isNumeric: Bool {
        switch self {
        case .count, .sum, .average, .minimum, .maximum, .percentile, .distinct, .days, .share, .streak, .rate, .decayedCount, .decayedSum, .slope, .trend: true
        case .mode, .first, .last, .firstTime, .lastTime, .list, .latest, .affinity: false
        }
    }

    /// Whether it is a number of things, which is never below 0.
    var isCount: Bool {
        switch self {
        case .count, .days, .distinct, .streak: true
        default: false
        }
    }

    static let streakUnits: [Period.Unit] = [.day, .week, .month]
    /// So many values a list of the newest may have.
    static let latestMaximum = 100

    /// Whether it changes all the time though nothing happens.
    var isContinuous: Bool {
        switch self {
        case .rate, .decayedCount, .decayedSum: true
        default: false
        }
    }

    private var isList: Bool {
        switch self {
        case .list, .latest: true
        default: false
        }
    }

    /// What is wrong with the measure itself, names aside.
    var ownFault: Explanation? {
        switch self {
        case .streak(let unit, _), .rate(let unit), .trend(let unit):
            if EventTest.Measure.streakUnits.contains(unit) { return nil }
            return Explanation(code: "segments.streak-unit", problem: "Streaks, rates and trends are counted in days, weeks or months.", remedy: "Write `longest week streak of \"Order Completed\"`.")
        case .decayedCount(let halfLife), .decayedSum(_, let halfLife), .affinity(_, let halfLife):
            if halfLife.milliseconds != nil, halfLife.count > 0, halfLife.fault == nil { return nil }
            return Explanation(code: "segments.half-life", problem: "This is no half-life.", remedy: "Write seconds, minutes, hours, days or weeks, as in `decayed count(30 days) of \"Order Completed\"`.")
        case .latest(_, let count):
            if 1...EventTest.Measure.latestMaximum ~= count { return nil }
            return Explanation(
                code: "segments.latest-range", problem: "A list of the newest has 1 to \(EventTest.Measure.latestMaximum) values.", remedy: "Write `latest(productId, 5) of \"Product Viewed\"`.")
        default: return nil
        }
    }

    /// A test that no value of this measure could pass is a mistake.
    func fault(of test: ValueTest) -> Explanation? {
        if isNumeric {
            let isFit = switch test {
            case .remainder where isContinuous: false
            case .equals, .differs, .isOneOf, .isNoneOf, .less, .atMost, .more, .atLeast, .between:
                test.literals.allSatisfy { if case .number = $0 { true } else { false } }
            case .exists, .isMissing, .remainder: true
            default: false
            }
            return isFit ? nil : Explanation(code: "segments.number-needed", problem: "This measure is a number.", remedy: "Compare it with a number, as in `> 500`; periods of time stand before the comparison, as in `from 2026-05-01 to 2026-06-01`.")
        }
        if isList {
            let isFit = switch test {
            case .equals, .differs, .isOneOf, .isNoneOf, .contains, .omits, .equalsFolded, .exists, .isMissing: true
            default: false
            }
            return isFit ? nil : Explanation(code: "segments.list-needed", problem: "This measure is a list.", remedy: "Ask for one of its values, as in `= \"tea\"` or `contains \"tea\"`.")
        }
        guard self == .firstTime || self == .lastTime else { return nil }
        let isFit = switch test {
        case .equals, .differs, .isOneOf, .isNoneOf, .less, .atMost, .more, .atLeast, .between:
            test.literals.allSatisfy { if case .instant = $0 { true } else { false } }
        case .exists, .isMissing, .withinLast, .withinNext, .beforeLast, .afterNext, .anniversaryWithinNext: true
        default: false
        }
        return isFit ? nil : Explanation(code: "segments.date-needed", problem: "This measure is a point in time.", remedy: "Compare it with a date, as in `< 2026-06-01`, or write `within last 7 days`.")
    }
}

extension SequenceTest {
    /// What is wrong with the order of its steps, their events aside.
    var fault: Explanation? {
        if rest.isEmpty { return Explanation(code: "segments.one-step", problem: "A sequence has at least two steps.", remedy: "Write `then` and what follows.") }
        let last = rest.lastIndex { !$0.isAbsent } ?? -1
        for (index, step) in rest.enumerated() where step.isAbsent {
            if index > last, step.within == nil {
                return Explanation(
                    code: "segments.period-needed", problem: "Nothing says how long to wait until the last event is taken for missing.",
                    remedy: "Write a period, as in `then not \"Order Completed\" within 24 hours`.")
            }
            if index < last, step.within != nil {
                return Explanation(
                    code: "segments.period-useless", problem: "What must not happen between two events takes no period of its own.",
                    remedy: "Put the period behind the event that follows.")
            }
        }
        if ([first] + rest.map(\.pattern)).contains(where: { $0.sessionGap != nil }) {
            return Explanation(code: "segments.sessions-in-sequence", problem: "Sessions are no steps of a sequence.", remedy: "Ask for events one after the other, or for sessions in a condition of their own.")
        }
        for path in same { if let fault = PathName.fault(path) { return fault } }
        if let fault = within.flatMap({ $0.fault ?? $0.zeroFault }) { return fault }
        return rest.lazy.compactMap { $0.within.flatMap { $0.fault ?? $0.zeroFault } }.first
    }

    func faults() -> [(pointer: String, Explanation)] {
        func moved(_ faults: [(pointer: String, Explanation)], to place: String) -> [(pointer: String, Explanation)] { faults.map { (place + $0.pointer, $0.1) } }
        var faults = moved(first.faults(), to: "/sequence/0") + window.faults
        for (index, step) in rest.enumerated() { faults += moved(step.pattern.faults(), to: "/sequence/\(index + 1)") }
        if let fault { faults.append(("/sequence", fault)) }
        return faults
    }
}
