public import Segments
public import Vocabulary

/// One run while it is walked: pure, on a clock that is passed in. What it decides is in ``actions``.
public struct JourneyWalk {
    public let journey: Journey
    public let journeyID: String
    let answers: any JourneyAnswers
    public internal(set) var run: JourneyRun
    /// The instant that is decided about; the run's own clock, never behind it.
    public private(set) var now: Timestamp
    public private(set) var actions: [JourneyAction] = []
    private var deadline: Timestamp
    /// Whether the person's first run was held out; nil where this one is their first.
    var wasHeldOut: Bool?

    init(_ run: JourneyRun, of journey: Journey, id: String, _ answers: any JourneyAnswers) {
        (self.run, self.journey, journeyID, self.answers, now) = (run, journey, id, answers, run.clock)
        let start = run.enteredAt.milliseconds
        deadline = Timestamp(clamping: journey.maximum.milliseconds.map { start + $0 } ?? JourneyWalk.rules(journey, answers).instant(journey.maximum, after: start))
    }

    // MARK: - For steps

    var zone: TimeZoneName { answers.zone ?? journey.zone }
    var rules: ZoneRules { JourneyWalk.rules(journey, answers) }

    private static func rules(_ journey: Journey, _ answers: any JourneyAnswers) -> ZoneRules {
        if let zone = answers.zone, let rules = try? ZoneRules.named(zone) { return rules }
        return (try? ZoneRules.named(journey.zone)) ?? .utc
    }

    func instant(_ period: Period, after start: Timestamp) -> Timestamp {
        // Most periods follow no calendar, and nobody's zone need be looked up.
        Timestamp(clamping: period.milliseconds.map { start.milliseconds + $0 } ?? rules.instant(period, after: start.milliseconds))
    }

    /// What is said of the way that this person takes at a split; nil where the hash decides.
    var saidWay: Int?? { answers.lots?.ways[run.step] }

    func answer(_ condition: Condition) -> OneAnswer { answers.answer(condition, at: now, in: zone) }
    func holds(_ condition: Condition) -> Bool { answer(condition).isTrue }

    /// Whether what happened is an event that is waited for.
    func hears(_ happening: Happening, _ ear: Int, _ sameKey: SameKey) -> Bool {
        guard happening.heard.contains(ear), happening.happened >= run.since else { return false }
        return switch sameKey {
        case .no: true
        case .own: happening.instance(at: journey.key) == run.instance
        case .at(let path): happening.instance(at: path) == run.instance
        }
    }

    /// Does nothing where the step has decided something in this run before, as where another version, with its steps in another order, leads to it again.
    mutating func act(_ effect: JourneyEffect, priority: Int = 50, expires: Period? = nil) {
        guard !run.notes.contains(where: { $0.what == .decided && $0.step == run.step }) else { return }
        let key = run.intentKey(journey: journeyID, step: run.step)
        actions.append(JourneyAction(key: key, run: run, step: run.step, effect: effect, at: now, priority: priority, expiresAt: expires.map { instant($0, after: now) }))
        run.note(.decided, at: now)
    }

    // MARK: - Walking

    /// By a hash of who they are.
    static func isHeldOut(_ lot: String, of journeyID: String, _ holdout: Int) -> Bool { holdout > 0 && BucketTest.bucket(of: lot, salt: "\(journeyID)/holdout") < holdout }

    /// Somebody enters: at the first step, or nowhere where they are held out.
    mutating func begin() {
        run.note(.entered, at: now)
        // Who has been in the journey stays on the side of their first run, also where a merge gave them another name.
        let isHeldOut = journey.holdout > 0 && (wasHeldOut ?? answers.lots?.isHeldOut ?? JourneyWalk.isHeldOut(run.lot.text, of: journeyID, journey.holdout))
        guard isHeldOut else { return walk(to: journey.steps.isEmpty ? nil : 0) }
        run.note(.heldOut, at: now)
        run.end = JourneyRun.End(reason: JourneyRun.heldOut, at: now)
        run.wake = nil
    }

    /// Lets every instant come that is not behind `time`, each at its own time.
    mutating func advance(to time: Timestamp) {
        // A condition may be asked again at many instants; each is later than the one before.
        while run.isUnderWay, let wake = run.wake, wake <= time {
            now = max(now, wake)
            run.clock = now
            if run.isArmed {
                (run.enteredAt, run.goalFrom) = (now, now)
                // How long it may last is counted from here.
                let end = JourneyWalk(run, of: journey, id: journeyID, answers).deadline
                deadline = end
                begin()
                continue
            }
            guard now < deadline else { return end("maximum") }
            guard let index = journey.index(of: run.step) else { return end("step-gone") }
            if leaves() { return }
            let step = journey.steps[index].step
            follow(step.ring(&self), from: index)
        }
        now = max(now, time)
    }

    /// Stands at an instant without letting others come before it, as while nobody moves.
    mutating func stand(at time: Timestamp) { now = max(now, time) }

    /// Hears what happened, at the instant to which it was advanced.
    ///
    /// - Parameter isCredited: whether an order counts for this run.
    mutating func hear(_ happening: Happening, isCredited: Bool) {
        now = max(now, happening.at)
        convert(happening, isCredited: isCredited)
        guard run.isUnderWay, !run.isArmed else { return }
        for case .event(let ear, let sameKey) in journey.exits where hears(happening, ear, sameKey) { return end("exit") }
        if leaves() { return }
        guard let index = journey.index(of: run.step) else { return }
        let step = journey.steps[index].step
        if let outcome = step.hear(happening, &self) { follow(outcome, from: index) }
    }

    /// Whether this reaches the goal; of those who were held out and those who have left as well, while its time runs.
    func reaches(_ happening: Happening) -> Bool {
        guard let goal = journey.goal, run.hasEntered, hears(happening, goal.ear, goal.sameKey) else { return false }
        return happening.at < instant(goal.within, after: run.goalFrom)
    }

    /// When the time for the goal ends; nil without one.
    var goalEnd: Timestamp? { journey.goal.map { instant($0.within, after: run.goalFrom) } }

    /// Notes that the goal was reached, with what each order was worth. Whoever reaches it leaves every run that it takes out, and it counts for one of them.
    mutating func convert(_ happening: Happening, isCredited: Bool) {
        guard let goal = journey.goal, reaches(happening) else { return }
        if isCredited {
            let revenue = goal.revenue.flatMap { happening.value($0) }.flatMap(JourneyRun.Conversion.revenue)
            if run.conversion == nil {
                run.conversion = JourneyRun.Conversion(at: now, revenue: revenue)
                run.note(.converted, at: now)
                if run.isUnderWay { run.clock = now }
            } else {
                run.conversion?.add(revenue)
            }
        }
        if goal.ends, run.isUnderWay { end("goal") }
    }

    mutating func end(_ reason: String) {
        run.note(.ended, at: now, detail: reason)
        run.end = JourneyRun.End(reason: reason, at: now)
        run.wake = nil
        run.clock = now
    }

    /// Whether a condition takes the person out.
    private mutating func leaves() -> Bool {
        for case .condition(let condition) in journey.exits where holds(condition) {
            end("exit")
            return true
        }
        return false
    }

    private mutating func follow(_ outcome: StepOutcome, from index: Int) {
        switch outcome {
        case .stay(let until):
            let wake = min(until, deadline)
            // What changes nothing for a run leaves it as it is kept, its clock too.
            if wake != run.wake { (run.wake, run.clock) = (wake, now) }
        case .end(let reason): end(reason)
        case .go(let way):
            run.clock = now
            let placed = journey.steps[index]
            run.note(.passed, at: now, detail: placed.wayName(way))
            let next = way.map { $0 < placed.ways.count ? placed.ways[$0] : placed.next } ?? placed.next
            walk(to: next)
        }
    }

    /// Goes from step to step until one holds the person; steps only lead forwards, so that it ends.
    private mutating func walk(to first: Int?) {
        var next = first
        while let index = next {
            let placed = journey.steps[index]
            (run.step, run.arrivedAt, run.wake) = (placed.id, now, deadline)
            run.note(.arrived, at: now)
            if leaves() { return }
            let outcome = placed.step.arrive(&self)
            guard case .go(let way) = outcome else { return follow(outcome, from: index) }
            run.note(.passed, at: now, detail: placed.wayName(way))
            next = way.map { $0 < placed.ways.count ? placed.ways[$0] : placed.next } ?? placed.next
        }
        end("finished")
    }
}
