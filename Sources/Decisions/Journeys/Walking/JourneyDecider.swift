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
        /// Nobody is in it.
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
    ///   - runs: all of the person's in this journey, the finished ones too; changed and new ones are in it afterwards.
    /// - Returns: what is to be done.
    public func take(_ happenings: [Int64: Happening], by person: ProfileID, _ answers: any JourneyAnswers, _ runs: inout [JourneyRun]) -> [JourneyAction] {
        guard state != .stopped, let at = happenings.values.first?.at else { return [] }
        var actions: [JourneyAction] = []
        settleMerged(&runs, at: at)
        for index in runs.indices {
            guard let journey = versions[runs[index].version], let happening = happenings[runs[index].version] else { continue }
            var walk = JourneyWalk(runs[index], of: journey, id: id, answers)
            if state == .live { walk.advance(to: at) }
            if state == .live { settle(happening, &walk) } else { leave(happening, &walk) }
            runs[index] = walk.run
            actions += walk.actions
        }
        if state == .live, let journey = versions[current], let happening = happenings[current] { actions += enter(happening, journey, by: person, answers, &runs) }
        return actions
    }

    /// Lets the instants come that are not behind `time`.
    public func advance(to time: Timestamp, _ answers: any JourneyAnswers, _ runs: inout [JourneyRun]) -> [JourneyAction] {
        guard state == .live else { return [] }
        var actions: [JourneyAction] = []
        settleMerged(&runs, at: time)
        // Runs of one person go in the order of their instants, as they would have.
        for index in runs.indices.sorted(by: { (runs[$0].wake ?? .latest, runs[$0].start) < (runs[$1].wake ?? .latest, runs[$1].start) }) {
            guard let wake = runs[index].wake, wake <= time, let journey = versions[runs[index].version] else { continue }
            var walk = JourneyWalk(runs[index], of: journey, id: id, answers)
            walk.advance(to: time)
            runs[index] = walk.run
            actions += walk.actions
        }
        return actions
    }

    /// Two runs of one journey that belong to one person since a merge: the older goes on, the other ends as `merged`.
    private func settleMerged(_ runs: inout [JourneyRun], at time: Timestamp) {
        guard runs.count > 1, versions[current]?.reentry != .parallel else { return }
        var oldest: [String: Int] = [:]
        for index in runs.indices.sorted(by: { (runs[$0].enteredAt, runs[$0].start, runs[$0].owner.text) < (runs[$1].enteredAt, runs[$1].start, runs[$1].owner.text) }) where runs[index].isUnderWay {
            guard oldest[runs[index].instance] != nil, let journey = versions[runs[index].version] else {
                oldest[runs[index].instance] = index
                continue
            }
            var walk = JourneyWalk(runs[index], of: journey, id: id, NoAnswers())
            walk.end("merged", at: time)
            runs[index] = walk.run
        }
    }

    private func settle(_ happening: Happening, _ walk: inout JourneyWalk) {
        if walk.run.isArmed {
            // What was to be missing has come.
            if case .inaction(_, let without, _) = walk.journey.trigger, walk.hears(happening, without, isOwn: walk.journey.key != nil) { walk.end("acted") }
            return
        }
        walk.hear(happening)
    }

    /// While nobody moves, whoever has what they came for leaves all the same.
    private func leave(_ happening: Happening, _ walk: inout JourneyWalk) {
        walk.convert(happening)
        guard walk.run.isUnderWay, !walk.run.isArmed else { return }
        for case .event(let ear, let isOwn) in walk.journey.exits where walk.hears(happening, ear, isOwn: isOwn) { return walk.end("exit") }
    }

    // MARK: - Beginning

    private func enter(_ happening: Happening, _ journey: Journey, by person: ProfileID, _ answers: any JourneyAnswers, _ runs: inout [JourneyRun]) -> [JourneyAction] {
        guard happening.at >= since, begins(happening, journey), answers.isThere, let instance = happening.instance(at: journey.key) else { return [] }
        guard !isGoingRound(happening, &runs) else { return [] }
        let same = runs.indices.filter { runs[$0].instance == instance }
        if case .inaction(_, _, let within) = journey.trigger, let armed = same.first(where: { runs[$0].isArmed }) {
            // Inaction is counted from the last of such events.
            runs[armed].wake = JourneyWalk(runs[armed], of: journey, id: id, answers).instant(within, after: happening.at)
            return []
        }
        switch journey.reentry {
        case .once: if same.contains(where: { runs[$0].end?.reason != "acted" }) { return [] }
        case .idle: if same.contains(where: { runs[$0].isUnderWay }) { return [] }
        case .parallel: break
        case .restart:
            for index in same where runs[index].isUnderWay {
                var walk = JourneyWalk(runs[index], of: versions[runs[index].version] ?? journey, id: id, answers)
                walk.end("restarted", at: happening.at)
                runs[index] = walk.run
            }
        }
        var run = JourneyRun(version: current, owner: person, instance: instance, begunBy: happening)
        // The same event has begun this run before.
        guard !same.contains(where: { runs[$0].start == run.start }) else { return [] }
        if case .inaction(_, _, let within) = journey.trigger {
            run.wake = JourneyWalk(run, of: journey, id: id, answers).instant(within, after: happening.at)
            runs.append(run)
            return []
        }
        var walk = JourneyWalk(run, of: journey, id: id, answers)
        walk.begin()
        runs.append(walk.run)
        return walk.actions
    }

    /// Whether the person has begun too often by what Martlet itself wrote, which the newest run notes.
    private func isGoingRound(_ happening: Happening, _ runs: inout [JourneyRun]) -> Bool {
        let start = happening.at.milliseconds - JourneyDecider.roundsMs
        guard happening.kind != .entry, runs.count >= JourneyDecider.roundsMaximum, runs.lazy.filter({ $0.enteredAt.milliseconds > start }).count >= JourneyDecider.roundsMaximum else { return false }
        if happening.kind == .event, !happening.isOurs() { return false }
        guard let last = runs.indices.max(by: { runs[$0].enteredAt < runs[$1].enteredAt }) else { return false }
        if runs[last].notes.last?.what != .refused { runs[last].note(.refused, at: happening.at, detail: "going-round") }
        return true
    }

    private func begins(_ happening: Happening, _ journey: Journey) -> Bool {
        switch (journey.trigger, happening.kind) {
        case (.event(let ear), .event), (.inaction(let ear, _, _), .event):
            happening.heard.contains(ear) && happening.at.milliseconds - happening.happened.milliseconds <= JourneyDecider.lateMaximum
        case (.segment(let name, let enters), .membership(let segment, let entered)): name == segment && enters == entered
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
