public import Identity
public import Segments
public import Vocabulary

/// Decides about all runs of one person in one journey. Pure: the same runs and the same happenings give the same decisions, live, rehearsed and in tests.
public struct JourneyDecider: Sendable {
    public enum State: String, Sendable, CaseIterable {
        /// Never started, or changed since and not started anew.
        case draft
        case live
        /// Nobody comes in and nobody moves on; who reaches the goal or an exit leaves.
        case paused
        /// Nobody is in it; orders count while their time runs.
        case stopped
    }
    public let id: String
    /// The version in which people begin.
    public let current: Int64
    /// Every version with people in it, and the current one.
    public let versions: [Int64: Journey]
    public let state: State
    /// What was received earlier begins no run.
    public let since: Timestamp

    /// What journeys write themselves, or a segment, begins no more runs of one person than so many within an hour: journeys that begin each other would have no end.
    public static let roundsMaximum = 50
    private static let roundsMs: Int64 = 3_600_000
    /// How often somebody may begin one journey within a day by what they do themselves: nobody shops so much, and all runs of a person are looked at whenever one of them may move.
    public static let dayMaximum = 200
    private static let dayMs: Int64 = 86_400_000

    /// An event that is older than so much when it arrives begins no run.
    public static let lateMaximum: Int64 = 86_400_000

    public init(id: String, current: Int64, versions: [Int64: Journey], state: State = .live, since: Timestamp = .earliest) {
        (self.id, self.current, self.versions, self.state, self.since) = (id, current, versions, state, since)
    }

    /// Takes one happening.
    ///
    /// - Parameters:
    ///   - happenings: the same happening as each version hears it, by version.
    ///   - person: as they are known now.
    ///   - bearer: by which what begins is theirs; unless told, `person`.
    ///   - runs: all of the person's in this journey, the finished ones too; changed and new ones are in it afterwards.
    /// - Returns: what is to be done.
    public func take(_ happenings: [Int64: Happening], by person: ProfileID, bearer: ProfileID? = nil, _ answers: any JourneyAnswers, _ runs: inout [JourneyRun]) -> [JourneyAction] {
        guard let at = happenings.values.first?.at else { return [] }
        var actions: [JourneyAction] = []
        settleMerged(&runs, at: at, answers)
        var walks = [JourneyWalk?](repeating: nil, count: runs.count)
        for index in runs.indices {
            guard let journey = versions[runs[index].version], happenings[runs[index].version] != nil, !isOver(runs[index], journey, at: at) else { continue }
            var walk = JourneyWalk(runs[index], of: journey, id: id, answers)
            if runs[index].isArmed { walk.wasHeldOut = wasHeldOut(runs) }
            if state == .live { walk.advance(to: at) }
            runs[index] = walk.run
            walks[index] = walk
        }
        // An order counts once: for the newest run that it reaches.
        let reached = runs.indices.filter { index in walks[index].flatMap { walk in happenings[walk.run.version].map { walk.reaches($0) } } ?? false }
        let credited = reached.max { JourneyRun.isOlder(runs[$0], runs[$1]) }
        for index in runs.indices {
            guard var walk = walks[index], let happening = happenings[walk.run.version] else { continue }
            if state == .live { settle(happening, &walk, isCredited: index == credited) } else { leave(happening, &walk, isCredited: index == credited) }
            runs[index] = walk.run
            actions += walk.actions
        }
        if state == .live, let journey = versions[current], let happening = happenings[current] { actions += enter(happening, journey, by: person, bearer ?? person, answers, &runs) }
        return actions
    }

    /// Whether nothing that happens changes the run any more: it has ended, and no order counts for it. Whoever begins again and again has thousands of these.
    private func isOver(_ run: JourneyRun, _ journey: Journey, at time: Timestamp) -> Bool {
        guard !run.isUnderWay else { return false }
        guard let goal = journey.goal else { return true }
        return goal.within.milliseconds.map { time.milliseconds >= run.goalFrom.milliseconds + $0 } ?? false
    }

    /// Lets the instants come that are not behind `time`.
    public func advance(to time: Timestamp, _ answers: any JourneyAnswers, _ runs: inout [JourneyRun]) -> [JourneyAction] {
        guard state == .live else { return [] }
        var actions: [JourneyAction] = []
        settleMerged(&runs, at: time, answers)
        // Runs of one person go in the order of their instants, as they would have.
        for index in runs.indices.filter({ runs[$0].wake != nil }).sorted(by: { (runs[$0].wake ?? .latest, runs[$0].start) < (runs[$1].wake ?? .latest, runs[$1].start) }) {
            guard let wake = runs[index].wake, wake <= time, let journey = versions[runs[index].version] else { continue }
            var walk = JourneyWalk(runs[index], of: journey, id: id, answers)
            if runs[index].isArmed { walk.wasHeldOut = wasHeldOut(runs) }
            walk.advance(to: time)
            runs[index] = walk.run
            actions += walk.actions
        }
        return actions
    }

    /// On which side the person is: that of their first run; nil where they have none.
    private func wasHeldOut(_ runs: [JourneyRun]) -> Bool? { runs.lazy.filter(\.hasEntered).min(by: JourneyRun.isOlder)?.isHeldOut }

    /// Whether somebody is in the journey by this run. Who is held out is so while the time for the goal runs, as whoever walks is while they walk.
    private func isInside(_ run: JourneyRun, at time: Timestamp, _ answers: any JourneyAnswers) -> Bool {
        guard run.isHeldOut else { return run.isUnderWay }
        guard let journey = versions[run.version], !(run.conversion != nil && journey.goal?.ends == true) else { return false }
        let walk = JourneyWalk(run, of: journey, id: id, answers)
        return time < (walk.goalEnd ?? walk.instant(journey.maximum, after: run.goalFrom))
    }

    /// Each version of a campaign goes out once, also to who is still in the one before.
    private var isCampaign: Bool { if case .campaign = versions[current]?.trigger { true } else { false } }

    /// Two runs of one journey that belong to one person since a merge: the older goes on, or stays held out, and the other ends as `merged`.
    private func settleMerged(_ runs: inout [JourneyRun], at time: Timestamp, _ answers: any JourneyAnswers) {
        guard runs.count > 1, runs.contains(where: \.isUnderWay), versions[current]?.reentry != .parallel else { return }
        var oldest: [String: Int] = [:]
        let inside = runs.indices.filter { runs[$0].isUnderWay || (runs[$0].isHeldOut && isInside(runs[$0], at: time, answers)) }
        for index in inside.sorted(by: { JourneyRun.isOlder(runs[$0], runs[$1]) }) {
            let instance = isCampaign ? "\(runs[index].version)/\(runs[index].instance)" : runs[index].instance
            guard let first = oldest[instance], let journey = versions[runs[index].version] else {
                oldest[instance] = index
                continue
            }
            // Of one that was held out under the same name another version lets more in.
            guard runs[index].isUnderWay, runs[first].isUnderWay || runs[first].lot != runs[index].lot else { continue }
            var walk = JourneyWalk(runs[index], of: journey, id: id, NoAnswers())
            walk.end("merged", at: time)
            runs[index] = walk.run
        }
    }

    private func settle(_ happening: Happening, _ walk: inout JourneyWalk, isCredited: Bool) {
        if walk.run.isArmed {
            // What was to be missing has come.
            if case .inaction(_, let without, _) = walk.journey.trigger, walk.hears(happening, without, .own) { walk.end("acted") }
            return
        }
        walk.hear(happening, isCredited: isCredited)
    }

    /// While nobody moves, whoever has what they came for leaves all the same, and what a wait waits for is heard.
    private func leave(_ happening: Happening, _ walk: inout JourneyWalk, isCredited: Bool) {
        let clock = walk.run.clock
        walk.stand(at: happening.at)
        // Timers that come due in the pause ring as of their own instants.
        defer { if walk.run.isUnderWay { walk.run.clock = clock } }
        if walk.run.isArmed {
            settle(happening, &walk, isCredited: isCredited)
            // Inaction is counted from the last of such events.
            guard walk.run.isArmed, let wake = walk.run.wake, happening.at < wake, case .inaction(let ear, _, let within) = walk.journey.trigger, walk.hears(happening, ear, .own) else { return }
            walk.run.wake = walk.instant(within, after: happening.at)
            return
        }
        walk.convert(happening, isCredited: isCredited)
        guard walk.run.isUnderWay else { return }
        for case .event(let ear, let sameKey) in walk.journey.exits where walk.hears(happening, ear, sameKey) { return walk.end("exit") }
        (walk.journey.step(walk.run.step)?.step as? WaitStep)?.remember(happening, &walk)
    }

    // MARK: - Beginning

    private func enter(_ happening: Happening, _ journey: Journey, by person: ProfileID, _ bearer: ProfileID, _ answers: any JourneyAnswers, _ runs: inout [JourneyRun]) -> [JourneyAction] {
        guard happening.at >= since, begins(happening, journey), answers.isThere, let instance = happening.instance(at: journey.key) else { return [] }
        guard !beginsTooOften(happening, &runs) else { return [] }
        let same = runs.indices.filter { runs[$0].instance == instance }
        if case .inaction(_, _, let within) = journey.trigger {
            // Whether they are let in again hangs on what they walked; what is counted may not.
            countAnew(same, &runs, from: JourneyWalk(JourneyRun(version: current, owner: bearer, lot: person, instance: instance, begunBy: happening), of: journey, id: id, answers).instant(within, after: happening.at), journey)
        }
        if case .inaction(_, _, let within) = journey.trigger, let armed = same.first(where: { runs[$0].isArmed }) {
            // Inaction is counted from the last of such events.
            runs[armed].wake = JourneyWalk(runs[armed], of: journey, id: id, answers).instant(within, after: happening.at)
            return []
        }
        var run = JourneyRun(version: current, owner: bearer, lot: person, instance: instance, begunBy: happening)
        // Two that are put in within one millisecond, with keys of their own or one after the other, are two: what each decides needs a name of its own.
        if happening.position == nil {
            var ordinal = 1
            while runs.contains(where: { $0.start == run.start && ($0.instance != instance || isAnother(happening, journey)) }) {
                ordinal += 1
                run = JourneyRun(version: current, owner: bearer, lot: person, instance: instance, begunBy: happening, ordinal: ordinal)
            }
        }
        // The same has begun this run before.
        guard !same.contains(where: { runs[$0].start == run.start }) else { return [] }
        switch journey.reentry {
        case .once: if same.contains(where: { !runs[$0].hasActed }) { return [] }
        case .idle:
            if same.contains(where: { (!isCampaign || runs[$0].version == current) && isInside(runs[$0], at: happening.at, answers) }) {
                countAnew(same, &runs, from: happening.at, journey)
                return []
            }
        case .parallel: break
        case .restart:
            for index in same where runs[index].isUnderWay {
                var walk = JourneyWalk(runs[index], of: versions[runs[index].version] ?? journey, id: id, answers)
                walk.end("restarted", at: happening.at)
                runs[index] = walk.run
            }
        }
        if case .inaction(_, _, let within) = journey.trigger {
            run.wake = JourneyWalk(run, of: journey, id: id, answers).instant(within, after: happening.at)
            runs.append(run)
            return []
        }
        var walk = JourneyWalk(run, of: journey, id: id, answers)
        walk.wasHeldOut = wasHeldOut(runs)
        walk.begin()
        runs.append(walk.run)
        return walk.actions
    }

    /// The time for the goal runs anew for whoever does again what begins the journey and is not let in: those who walk would else be counted for less time than those who are held out, or for more.
    private func countAnew(_ same: [Int], _ runs: inout [JourneyRun], from time: Timestamp, _ journey: Journey) {
        guard journey.goal != nil, journey.reentry != .once, let newest = same.filter({ runs[$0].hasEntered }).max(by: { JourneyRun.isOlder(runs[$0], runs[$1]) }) else { return }
        runs[newest].goalFrom = max(runs[newest].goalFrom, time)
    }

    /// Whether what comes at the same instant as another is told once, and so is another: a call of the API, and somebody who comes into another journey or leaves it.
    private func isAnother(_ happening: Happening, _ journey: Journey) -> Bool {
        if case .passage = happening.kind { return true }
        guard case .api = journey.trigger else { return false }
        return true
    }

    /// Whether the person has begun too often, within an hour by what Martlet itself wrote or within a day by what they did, which the newest run notes.
    private func beginsTooOften(_ happening: Happening, _ runs: inout [JourneyRun]) -> Bool {
        guard happening.kind != .entry, runs.count >= JourneyDecider.roundsMaximum else { return false }
        func begun(within period: Int64) -> Int { runs.count { $0.enteredAt.milliseconds > happening.at.milliseconds - period } }
        let isGoingRound = begun(within: JourneyDecider.roundsMs) >= JourneyDecider.roundsMaximum && (happening.kind != .event || happening.isOurs())
        guard isGoingRound || begun(within: JourneyDecider.dayMs) >= JourneyDecider.dayMaximum, let last = runs.indices.max(by: { JourneyRun.isOlder(runs[$0], runs[$1]) }) else { return false }
        if runs[last].notes.last?.what != .refused { runs[last].note(.refused, at: happening.at, detail: isGoingRound ? "going-round" : "too-often") }
        return true
    }

    private func begins(_ happening: Happening, _ journey: Journey) -> Bool {
        switch (journey.trigger, happening.kind) {
        case (.event(let ear), .event), (.inaction(let ear, _, _), .event):
            happening.heard.contains(ear) && happening.at.milliseconds - happening.happened.milliseconds <= JourneyDecider.lateMaximum
        case (.segment(let name, let enters), .membership(let segment, let entered)): name == segment && enters == entered
        case (.journey(let trigger), .passage(let journey, let reason)): trigger.journey == journey && trigger.means(reason)
        case (_, .entry): true
        default: false
        }
    }
}

extension JourneyWalk {
    /// - Parameter time: when it ended; the run's clock does not go back.
    mutating func end(_ reason: String, at time: Timestamp) {
        if time > run.clock { run.clock = time }
        self = JourneyWalk(run, of: journey, id: journeyID, answers)
        end(reason)
    }
}

/// For what needs no answers.
struct NoAnswers: JourneyAnswers {
    func answer(_ condition: Condition, at: Timestamp, in zone: TimeZoneName) -> OneAnswer { .no }
    var zone: TimeZoneName? { nil }
    var isThere: Bool { false }
}
