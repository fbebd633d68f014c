import Segments
import Vocabulary

/// Answers a condition in the most obvious way, for comparing the engine with.
///
/// It looks at all events for every test, tries all sequences, and takes nothing from the engine but the calendar.
struct SlowEvaluator {
    let story: SlowStory
    let moment: Moment
    let rules: ZoneRules
    let segments: [String: Condition]
    /// What has happened, in the order of time and then arrival.
    let past: [SlowStory.Event]
    var now: Int64 { moment.asOf.milliseconds }

    /// - Parameter segments: by handle; a handle that is not among them has no members.
    static func isTrue(_ condition: Condition, for story: SlowStory, at moment: Moment, segments: [String: Condition] = [:]) -> Bool {
        SlowEvaluator(story, moment, segments).isTrue(condition)
    }

    private init(_ story: SlowStory, _ moment: Moment, _ segments: [String: Condition]) {
        (self.story, self.moment, self.segments) = (story, moment, segments)
        guard let rules = try? ZoneRules.named(moment.zone) else { preconditionFailure("no such zone: \(moment.zone.name)") }
        self.rules = rules
        past = story.events.filter { $0.timestamp < moment.asOf.milliseconds }.sorted { ($0.timestamp, $0.position) < ($1.timestamp, $1.position) }
    }

    private func isTrue(_ condition: Condition) -> Bool {
        switch condition {
        case .all(let parts): parts.allSatisfy(isTrue)
        case .any(let parts): parts.contains(where: isTrue)
        case .not(let part): !isTrue(part)
        case .test(let test): isTrue(test)
        }
    }

    private func isTrue(_ test: any ConditionTest) -> Bool {
        switch test {
        case let test as TraitTest: passes(SlowValue.at(test.path, in: story.traits), test.test)
        case let test as RelationTest: isTrue(test)
        case let test as SegmentTest:
            if let on = test.on {
                on < moment.asOf && segments[test.segment].map { SlowEvaluator.isTrue($0, for: story, at: Moment(asOf: on, zone: moment.zone), segments: segments) } ?? false
            } else { segments[test.segment].map(isTrue) ?? false }
        case let test as BucketTest: (test.lower..<test.upper).contains(BucketTest.bucket(of: story.profile, salt: test.salt))
        case let test as EventTest: passes(measured(test.measured), test.test)
        case let test as ComputedTest: RandomConditions.measurements[test.trait].map { passes(value(of: $0), test.test) } ?? false
        case let test as SequenceTest: isTrue(test)
        default: preconditionFailure("unknown kind \(type(of: test))")
        }
    }

    private func isTrue(_ test: RelationTest) -> Bool {
        let left = SlowValue.at(test.left, in: story.traits)
        let right = SlowValue.at(test.right, in: story.traits)
        switch (left, right) {
        case (.text, .text):
            switch test.comparison {
            case .equals: return left.isSame(as: right)
            case .differs: return !left.isSame(as: right)
            default:
                guard let a = left.time, let b = right.time else { return false }
                return holds(test.comparison, a < b ? -1 : a == b ? 0 : 1)
            }
        case (.boolean, .boolean):
            return test.comparison == .equals ? left.isSame(as: right) : test.comparison == .differs ? !left.isSame(as: right) : false
        case (.number(let a), .number(let b)): return holds(test.comparison, SlowNumber.compare(a, b))
        default: return false
        }
    }

    private func holds(_ comparison: RelationTest.Comparison, _ order: Int) -> Bool {
        switch comparison {
        case .equals: order == 0
        case .differs: order != 0
        case .less: order < 0
        case .atMost: order <= 0
        case .more: order > 0
        case .atLeast: order >= 0
        }
    }

    // MARK: - Events

    func matches(_ event: SlowStory.Event, _ pattern: EventPattern) -> Bool {
        let isNamed = pattern.names.contains { name in
            func has(_ call: String, _ wanted: String?) -> Bool { event.call == call && (wanted == nil || event.name.map { Array($0.utf8) == Array(wanted!.utf8) } ?? false) }
            switch name {
            case .track(let name): return has("track", name)
            case .page(let name): return has("page", name)
            case .screen(let name): return has("screen", name)
            case .any, .sessions: return ["track", "page", "screen"].contains(event.call)
            }
        }
        return isNamed && (pattern.filter.map { passes(event, $0) } ?? true)
    }

    func passes(_ event: SlowStory.Event, _ filter: PropertyFilter) -> Bool {
        switch filter {
        case .all(let parts): parts.allSatisfy { passes(event, $0) }
        case .any(let parts): parts.contains { passes(event, $0) }
        case .not(let part): !passes(event, part)
        case .property(let path, let test): passes(value(path, of: event), test)
        case .hours(let from, let to):
            from < to ? (from..<to).contains(rules.hour(of: event.timestamp)) : !(to..<from).contains(rules.hour(of: event.timestamp))
        case .weekdays(let days): days.contains(rules.weekday(of: event.timestamp))
        case .member: preconditionFailure("contexts are asked about in ContextAgreementTests")
        }
    }

    func value(_ path: String, of event: SlowStory.Event) -> SlowValue {
        path.hasPrefix("context.") ? SlowValue.at(String(path.dropFirst(8)), in: event.context) : SlowValue.at(path, in: event.properties)
    }

    /// What a measurement comes to; what is divided by must be a whole number.
    static func value(of measurement: Measurement, for story: SlowStory, at moment: Moment) -> SlowValue { SlowEvaluator(story, moment, [:]).value(of: measurement) }

    private func value(of measurement: Measurement) -> SlowValue {
        switch measurement {
        case .measure(let measure): return measured(measure)
        case .ratio(let upper, let lower):
            guard case .number(let a) = measured(upper), case .number(let b) = measured(lower), let count = b.whole, count != 0 else { return .missing }
            return .number(a.divided(by: Int(count)))
        }
    }

    // MARK: - Sequences

    private func isTrue(_ test: SequenceTest) -> Bool {
        let window = test.window.resolved(at: moment, using: rules)
        return past.contains { first in
            first.timestamp >= window.from && first.timestamp < window.to && matches(first, test.first) && continues(test, test.rest[...], [first], absent: [])
        }
    }

    /// - Parameters:
    ///   - chosen: the events of the present steps so far.
    ///   - absent: what must not lie between the last of them and the next.
    private func continues(_ test: SequenceTest, _ rest: ArraySlice<SequenceTest.Step>, _ chosen: [SlowStory.Event], absent: [SequenceTest.Step]) -> Bool {
        let last = chosen[chosen.count - 1]
        guard let step = rest.first else {
            return absent.allSatisfy { step in
                let end = rules.instant(step.within!, after: last.timestamp)
                return end < now && !past.contains { $0.timestamp > last.timestamp && $0.timestamp <= end && matches($0, step.pattern) }
            } && test.same.allSatisfy { path in
                let values = chosen.map { value(path, of: $0) }
                return values.allSatisfy { $0.isScalar && $0.isSame(as: values[0]) }
            }
        }
        if step.isAbsent { return continues(test, rest.dropFirst(), chosen, absent: absent + [step]) }
        return past.contains { next in
            guard next.timestamp > last.timestamp, matches(next, step.pattern) else { return false }
            if let within = step.within, next.timestamp > rules.instant(within, after: last.timestamp) { return false }
            if let within = test.within, next.timestamp > rules.instant(within, after: chosen[0].timestamp) { return false }
            let isBroken = past.contains { event in
                event.timestamp > last.timestamp && event.timestamp < next.timestamp && absent.contains { matches(event, $0.pattern) }
            }
            return !isBroken && continues(test, rest.dropFirst(), chosen + [next], absent: [])
        }
    }

    // MARK: - Values

    func passes(_ value: SlowValue, _ test: ValueTest) -> Bool {
        switch test {
        case .exists: return !value.isMissing
        case .isMissing: return value.isMissing
        case .isTrueOrUnknown, .isFalseOrUnknown:
            if value.isMissing { return true }
            if case .boolean(let isTrue) = value, case .isTrueOrUnknown = test { return isTrue }
            if case .boolean(let isTrue) = value { return !isTrue }
            return false
        default: break
        }
        if value.isMissing { return false }
        switch test {
        case .equals(let literal): return some(value) { equals($0, literal) }
        case .isOneOf(let literals): return some(value) { element in literals.contains { equals(element, $0) } }
        case .equalsFolded(let text, let fold): return some(value) { bytes($0, fold).map { $0 == bytes(text, fold) } ?? false }
        case .contains(let texts, let fold): return some(value) { contains($0, texts, fold) }
        case .differs(let literal): return !some(value) { equals($0, literal) }
        case .isNoneOf(let literals): return !some(value) { element in literals.contains { equals(element, $0) } }
        case .omits(let texts, let fold): return !some(value) { contains($0, texts, fold) }
        case .less(let literal): return order(value, literal).map { $0 < 0 } ?? false
        case .atMost(let literal): return order(value, literal).map { $0 <= 0 } ?? false
        case .more(let literal): return order(value, literal).map { $0 > 0 } ?? false
        case .atLeast(let literal): return order(value, literal).map { $0 >= 0 } ?? false
        case .between(let lower, let upper): return (order(value, lower).map { $0 >= 0 } ?? false) && (order(value, upper).map { $0 <= 0 } ?? false)
        case .starts(let text, let fold): return bytes(value, fold).map { $0.starts(with: bytes(text, fold)) } ?? false
        case .ends(let text, let fold): return bytes(value, fold).map { $0.reversed().starts(with: bytes(text, fold).reversed()) } ?? false
        case .matches(let pattern):
            guard case .text(let text) = value, let pattern = try? TextPattern(pattern) else { return false }
            return pattern.matches(text)
        case .withinLast(let period): return value.time.map { $0 >= rules.instant(period, before: now) && $0 < now } ?? false
        case .beforeLast(let period): return value.time.map { $0 < rules.instant(period, before: now) } ?? false
        case .withinNext(let period): return value.time.map { $0 >= now && $0 <= rules.instant(period, after: now) } ?? false
        case .afterNext(let period): return value.time.map { $0 > rules.instant(period, after: now) } ?? false
        case .anniversaryWithinNext(let days): return value.time.map { hasAnniversary($0, within: days) } ?? false
        case .remainder(let divisor, let rest):
            guard case .number(let number) = value, let whole = number.whole else { return false }
            return (whole % Int64(divisor) + Int64(divisor)) % Int64(divisor) == Int64(rest)
        case .elements(let test): return passes(value, test)
        case .exists, .isMissing, .isTrueOrUnknown, .isFalseOrUnknown: return false
        }
    }

    /// Of a list, whether some element passes; of anything else, whether it does.
    private func some(_ value: SlowValue, _ passes: (SlowValue) -> Bool) -> Bool {
        if case .array(let elements) = value { return elements.contains { $0.isScalar && passes($0) } }
        return passes(value)
    }

    private func equals(_ value: SlowValue, _ literal: Literal) -> Bool {
        switch literal {
        case .text(let text): value.isSame(as: .text(text))
        case .number(let number): value.isSame(as: .number(SlowNumber(number)))
        case .boolean(let boolean): value.isSame(as: .boolean(boolean))
        case .instant(let time): value.time == time.milliseconds
        case .version: order(value, literal) == 0
        }
    }

    private func order(_ value: SlowValue, _ literal: Literal) -> Int? {
        switch (value, literal) {
        case (.number(let a), .number(let b)): return SlowNumber.compare(a, SlowNumber(b))
        case (_, .instant(let time)): return value.time.map { $0 < time.milliseconds ? -1 : $0 == time.milliseconds ? 0 : 1 }
        case (.text(let text), .version(let version)):
            guard let a = SlowVersion(text), let b = SlowVersion(version) else { return nil }
            return a.order(b)
        default: return nil
        }
    }

    private func bytes(_ text: String, _ fold: Folding) -> [UInt8] {
        switch fold {
        case .none: Array(text.utf8)
        case .letters: Array(CaseFolding.folded(text).utf8)
        case .accents: Array(AccentFolding.folded(text).utf8)
        }
    }

    private func bytes(_ value: SlowValue, _ fold: Folding) -> [UInt8]? { if case .text(let text) = value { bytes(text, fold) } else { nil } }

    private func contains(_ value: SlowValue, _ texts: [String], _ fold: Folding) -> Bool {
        guard let hay = bytes(value, fold) else { return false }
        return texts.contains { text in
            let needle = bytes(text, fold)
            return hay.indices.contains { hay[$0...].starts(with: needle) }
        }
    }

    /// By the date in UTC, since values are compared as they were sent; the days ahead are those of the moment's zone, from its own day on.
    private func hasAnniversary(_ ms: Int64, within days: Int) -> Bool {
        let born = Timestamp.civil(fromDays: ZoneRules.utc.day(of: ms))
        let today = rules.day(of: now)
        return (0..<Int64(days)).contains { ahead in
            let date = Timestamp.civil(fromDays: today + ahead)
            if (date.month, date.day) == (born.month, born.day) { return true }
            // Who was born on February 29 has a birthday on the 28th in other years.
            let isLeap = Timestamp.civil(fromDays: Timestamp.days(fromYear: date.year, month: 2, day: 28) + 1).month == 2
            return (born.month, born.day) == (2, 29) && !isLeap && (date.month, date.day) == (2, 28)
        }
    }
}
