public import Segments
public import Vocabulary

/// A pause: for a length of time or so many business days, until a time of day, or until something happens or is true, at most so long.
public struct WaitStep: JourneyStep {
    public static let key = "wait"
    public static let members = ["otherwise"]

    enum Until: Sendable {
        /// By the number of the pattern.
        case event(Int, SameKey, text: String)
        case condition(Condition)
    }
    enum Pause: Sendable {
        case period(Period)
        /// As the journey counts them.
        case businessDays(Int)
        /// Minutes after midnight, and on which days.
        case clock(minute: Int, on: Days)
        /// Each with a way of its own; behind them the way for whom time ran out.
        case until([Until], timeout: Period)
    }
    enum Days: Sendable {
        case every
        /// Monday is 1.
        case week([Int])
        /// As the journey counts them.
        case business
    }
    let pause: Pause
    public let ways: [String]

    public init(_ fields: inout StepFields) throws(JourneyFault) {
        if let days = try fields.businessDaysIfText(WaitStep.key) {
            (pause, ways) = (.businessDays(days), [])
            return
        }
        if let period = try fields.periodIfText(WaitStep.key) {
            (pause, ways) = (.period(period), [])
            return
        }
        var inner = try fields.object(WaitStep.key)
        if inner.has("at") {
            pause = .clock(minute: try inner.clock("at"), on: try inner.days("on"))
            ways = []
            try inner.done()
            return
        }
        var untils: [Until] = []
        var names: [String] = []
        for var way in try inner.list("until") {
            if way.has("condition") {
                let condition = try way.condition("condition")
                untils.append(.condition(condition))
                names.append(condition.text)
            } else {
                let (ear, text) = try fields.ear("event", of: &way)
                untils.append(.event(ear, try fields.sameKey(&way), text: text))
                names.append(text)
            }
            try fields.way("then", of: &way)
            try way.done()
        }
        let timeout = try inner.period("timeout")
        try inner.done()
        try fields.way("otherwise")
        (pause, ways) = (.until(untils, timeout: timeout), names + ["timeout"])
    }

    var asksForOwnKey: Bool {
        guard case .until(let untils, _) = pause else { return false }
        return untils.contains { if case .event(_, .own, _) = $0 { true } else { false } }
    }

    public var asksWhileWaiting: Bool { !conditions.isEmpty }

    public var conditions: [Condition] {
        guard case .until(let untils, _) = pause else { return [] }
        return untils.compactMap { if case .condition(let condition) = $0 { condition } else { nil } }
    }

    public var summary: String {
        switch pause {
        case .period(let period): period.text
        case .businessDays(let count): BusinessDays.text(count)
        case .clock(let minute, .every): StepFields.clock(minute)
        case .clock(let minute, .week(let weekdays)): StepFields.clock(minute) + " " + weekdays.map { StepFields.weekdayNames[$0 - 1] }.joined(separator: ", ")
        case .clock(let minute, .business): StepFields.clock(minute) + " \(WaitStep.business)"
        case .until(let untils, let timeout):
            untils.map { if case .event(_, _, let text) = $0 { text } else if case .condition(let condition) = $0 { condition.text } else { "" } }.joined(separator: " | ") + " ≤ " + timeout.text
        }
    }

    public func arrive(_ walk: inout JourneyWalk) -> StepOutcome {
        switch pause {
        case .period(let period): .stay(until: walk.instant(period, after: walk.run.arrivedAt))
        case .businessDays(let count): .stay(until: businessDays(count, walk))
        case .clock(let minute, let days): .stay(until: next(minute, days, walk))
        case .until: ask(&walk)
        }
    }

    public func hear(_ happening: Happening, _ walk: inout JourneyWalk) -> StepOutcome? {
        guard case .until(let untils, _) = pause else { return nil }
        for (index, until) in untils.enumerated() {
            if case .event(let ear, let sameKey, _) = until, walk.hears(happening, ear, sameKey) { return .go(way: index) }
        }
        return asksWhileWaiting ? ask(&walk) : nil
    }

    public func ring(_ walk: inout JourneyWalk) -> StepOutcome {
        // Asked anew: the step may be another than the one that was come to, and the person may have gone to another zone.
        let end: Timestamp
        switch pause {
        case .period(let period): end = walk.instant(period, after: walk.run.arrivedAt)
        case .businessDays(let count): end = businessDays(count, walk)
        case .clock(let minute, let days): end = next(minute, days, walk)
        case .until: return ask(&walk)
        }
        return end <= walk.now ? .go(way: nil) : .stay(until: end)
    }

    /// While the journey is paused nobody goes on, but what is waited for is heard, and taken as of its own instant once the journey goes on.
    func remember(_ happening: Happening, _ walk: inout JourneyWalk) {
        guard case .until(let untils, let timeout) = pause, heard(walk) == nil, happening.at < walk.instant(timeout, after: walk.run.arrivedAt) else { return }
        for (index, until) in untils.enumerated() {
            guard case .event(let ear, let sameKey, _) = until, walk.hears(happening, ear, sameKey) else { continue }
            walk.run.note(.heard, at: happening.at, detail: String(index))
            walk.run.wake = walk.run.wake.map { min($0, happening.at) }
            return
        }
    }

    private func heard(_ walk: JourneyWalk) -> (way: Int, at: Timestamp)? {
        guard let note = walk.run.notes.last(where: { $0.what == .heard && $0.step == walk.run.step && $0.at >= walk.run.arrivedAt }), let way = Int(note.detail), way < ways.count else { return nil }
        return (way, note.at)
    }

    /// On, where a condition is true or time has run out; else until either may be.
    private func ask(_ walk: inout JourneyWalk) -> StepOutcome {
        guard case .until(let untils, let timeout) = pause else { return .go(way: nil) }
        let end = walk.instant(timeout, after: walk.run.arrivedAt)
        var wake = end
        if let heard = heard(walk) {
            if heard.at <= walk.now { return .go(way: heard.way) }
            wake = min(wake, heard.at)
        }
        for (index, until) in untils.enumerated() {
            guard case .condition(let condition) = until else { continue }
            let answer = walk.answer(condition)
            if answer.isTrue { return .go(way: index) }
            // Not before the clock has moved, or one instant would be asked about for ever.
            if let at = answer.mayChangeAt, at > walk.now { wake = min(wake, at) }
        }
        return end <= walk.now ? .go(way: untils.count) : .stay(until: wake)
    }

    private func businessDays(_ count: Int, _ walk: JourneyWalk) -> Timestamp {
        Timestamp(clamping: walk.journey.businessDays.instant(count, after: walk.run.arrivedAt.milliseconds, walk.rules))
    }

    /// The first such time of day from when they came, by the person's clock.
    private func next(_ minute: Int, _ days: Days, _ walk: JourneyWalk) -> Timestamp {
        let (rules, arrived) = (walk.rules, walk.run.arrivedAt)
        let today = rules.day(of: arrived.milliseconds)
        for day in today...today + BusinessDays.daysMaximum {
            let isMeant = switch days {
            case .every: true
            case .week(let weekdays): weekdays.contains(ZoneRules.weekday(ofDay: day))
            case .business: walk.journey.businessDays.holds(day)
            }
            guard isMeant else { continue }
            let at = rules.instant(ofLocal: day * 86_400_000 + Int64(minute) * 60_000)
            if at >= arrived.milliseconds { return Timestamp(clamping: at) }
        }
        return .latest
    }
}

extension WaitStep {
    /// How the days of the journey are called where days are named.
    static let business = "business"
}

extension JourneyFields {
    /// `business`, or names of days of the week; every day where the member is missing.
    mutating func days(_ name: String) throws(JourneyFault) -> WaitStep.Days {
        if json[name]?.string?.lowercased() == WaitStep.business {
            _ = take(name)
            return .business
        }
        let weekdays = try weekdays(name)
        return weekdays.isEmpty ? .every : .week(weekdays)
    }
}
