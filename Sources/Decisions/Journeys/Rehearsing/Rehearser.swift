public import Identity
import Profiles
import Segments
public import Vocabulary

extension JourneyFollower {
    /// Runs a journey over the log's last days in fast-forward: the same steps by the same code on the clock of the events.
    ///
    /// An event is heard when it was received, as ``ReceiptTimes`` says; what came more than a day late counts at its own time, as if it had been received when it happened. Whoever triggered the journey before `from` is
    /// not in it. Who came into a segment and left it is told as live members would have been.
    ///
    /// - Parameters:
    ///   - id: whose runs a hash is made of; of a live journey its own, so that the same people are held out and split alike.
    ///   - policy: what would become of the messages; unless told, nothing holds one back.
    ///   - limit: how many decisions to tell one by one, the first in time.
    ///   - started: when a campaign was started, whose hours are its own; unless told it goes out within these days, as ``CampaignTimes`` says.
    ///   - lots: which lots everybody has drawn; unless told a hash of who they are draws them.
    ///   - put: whom the API would have put in, when and with what.
    ///   - keepsWrites: whether to tell what its steps would have written.
    /// - Throws: ``SegmentError`` for what conditions name and is not there; what the consent ledger throws.
    public func rehearse(_ journey: Journey, id: String, from: Timestamp, to: Timestamp, policy: @escaping RehearsedPolicy = { _, _ in RehearsedFates() }, limit: Int = 100, started: Timestamp? = nil, lots: JourneyLots? = nil, put: [(profile: ProfileID, at: Timestamp, data: JSONText?)] = [], keepsWrites: Bool = false) throws -> Rehearsal {
        let start = ContinuousClock.now
        let view = try engine.view()
        // Events that are stamped ahead are heard when they were received.
        let last = Timestamp(clamping: to.milliseconds + ReceiptTimes.aheadMaximum)
        let question = try engine.question(at: Moment(asOf: last, zone: journey.zone), in: view, segments: segments)
        let everything = journey.hearsEverything
        let walk = try question.events(journey.ears, everything: everything, in: Window(from: .instant(Timestamp(clamping: from.milliseconds - ReceiptTimes.lateMaximum)), to: .instant(last)))
        var entries = try entries(journey, id: id, from, to, started: started, view)
        lock.reading {
            for entry in put { if let row = graph.find(entry.profile).flatMap({ columns.row(of: $0) }) { entries[row, default: []].append(RehearsedEntry(at: entry.at, kind: .entry, data: entry.data)) } }
        }
        let others = try othersMessages(than: id, from, to)
        let stage = RehearsalStage(follower: self, journey: journey, id: id, from: from, to: to, view: view, entries: entries, others: others, receipts: ReceiptTimes(log, from: from, end: view.position), policy: policy, limit: limit, lots: lots, keepsWrites: keepsWrites)
        let triggers: [Int] = switch journey.trigger {
        case .event(let ear), .inaction(let ear, _, _): [ear]
        case .segment, .journey, .date, .schedule, .campaign, .api: []
        }
        let partials = question.eachPerson(walk, having: triggers, named: Set(entries.keys), fresh: { Rehearsal(from: from, to: to) }) { partial, row, events in stage.play(row, events, &partial) }
        var whole = Rehearsal(from: from, to: to)
        for partial in partials { whole.add(partial, keeping: limit) }
        whole.gaps = RehearsalGap.of(journey, segments: segments, computed: engine.computed)
        let took = ContinuousClock.now - start
        whole.milliseconds = took / .milliseconds(1)
        return whole
    }

    /// Whom something else than an event begins: by row, when, and by what.
    private func entries(_ journey: Journey, id: String, _ from: Timestamp, _ to: Timestamp, started: Timestamp?, _ view: ColumnView) throws -> [Row: [RehearsedEntry]] {
        var found: [Row: [RehearsedEntry]] = [:]
        switch journey.trigger {
        case .event, .inaction, .api: break
        case .journey(let trigger):
            // As the other one has walked: what it would have done while it was not live is not in it. Whom a stop or another version took out has passed on to none.
            guard let other = store.find(trigger.journey) else { break }
            let passages = try store.database.pool.read { db in try RunTable.passages(journey: other.number, from: from, to: to, db) }
            let takenOut = ["stopped", "version-changed"].filter { reason in !other.journey.steps.contains { ($0.step as? ExitStep)?.reason == reason } }
            lock.reading {
                for passage in passages where trigger.means(passage.reason) && !takenOut.contains(passage.reason ?? "") {
                    guard let row = graph.find(passage.owner).flatMap({ columns.row(of: $0) }) else { continue }
                    found[row, default: []].append(RehearsedEntry(at: passage.at, kind: .passage(trigger.journey, reason: passage.reason), data: passage.data(of: other.journey.name)))
                }
            }
        case .campaign(let campaign):
            guard let condition = segments(campaign.segment) else { throw SegmentError.unknown(campaign.segment) }
            let times = started.map { CampaignTimes(campaign, of: id, started: $0.milliseconds, in: journey.zone, holdout: journey.holdout) }
                ?? CampaignTimes(campaign, of: id, rehearsedFrom: from.milliseconds, to: to.milliseconds, in: journey.zone, holdout: journey.holdout)
            func members(at time: Int64) throws -> [String] {
                engine.profileIDs(try engine.rows(condition, at: Moment(asOf: Timestamp(clamping: time + 1), zone: journey.zone), in: view, segments: segments), limit: .max)
            }
            let begin = max(times.begin(in: journey.zone), times.started)
            var ids = try members(at: min(begin, to.milliseconds))
            // By their own clocks people come in over a day; whether they are in the segment is asked at each one's hour.
            if campaign.isLocal { ids = Array(Set(ids + (try members(at: min(max(begin - CampaignPlan.eastMs, times.started), to.milliseconds))) + (try members(at: min(begin + CampaignPlan.westMs, to.milliseconds))))) }
            let due = times.entries(of: ids) { id in ((try? reader.profile(id: id)) ?? nil)?.timeZone }
            lock.reading {
                for entry in due {
                    guard let row = graph.find(entry.profile).flatMap({ columns.row(of: $0) }) else { continue }
                    found[row, default: []].append(RehearsedEntry(at: entry.at, kind: .entry, condition: campaign.isLocal ? condition : nil))
                }
            }
        case .segment(let name, _):
            guard let condition = segments(name) else { throw SegmentError.unknown(name) }
            for change in try engine.changes(of: condition, from: from, to: to, zone: segmentZone(name) ?? journey.zone, in: view, segments: segments) { found[change.row, default: []].append(RehearsedEntry(at: change.at, kind: .membership(name, entered: change.entered))) }
        case .date, .schedule:
            // Day by day, as the live one would have looked.
            var before = from
            while before < to {
                let next = min(to, Timestamp(clamping: before.milliseconds + 86_400_000))
                let due = try TimedEntries(self, journey).between(before, next)
                lock.reading {
                    for entry in due { if let row = graph.find(entry.profile).flatMap({ columns.row(of: $0) }) { found[row, default: []].append(RehearsedEntry(at: entry.at, kind: .entry)) } }
                }
                before = next
            }
        }
        return found
    }

    /// When other journeys and campaigns decided messages, by profile.
    private func othersMessages(than id: String, _ from: Timestamp, _ to: Timestamp) throws -> [String: [RehearsedMessage]] {
        try store.database.pool.read { db in try IntentTable.messages(from: from, to: to, exceptBy: id, limit: 2_000_000, db) }
    }
}

/// What begins a run beside events.
struct RehearsedEntry: Sendable {
    let at: Timestamp
    let kind: Happening.Kind
    var data: JSONText?
    /// What must hold of them then.
    var condition: Condition?

    var happening: Happening { Happening(kind, at: at, data: data) }
}

/// Where one journey is rehearsed, person by person.
struct RehearsalStage: Sendable {
    let follower: JourneyFollower
    let journey: Journey
    let id: String
    let from: Timestamp
    let to: Timestamp
    let view: ColumnView
    let entries: [Row: [RehearsedEntry]]
    let others: [String: [RehearsedMessage]]
    let receipts: ReceiptTimes
    let policy: RehearsedPolicy
    let limit: Int
    let lots: JourneyLots?
    let keepsWrites: Bool

    private static let dayMs: Int64 = 86_400_000

    func play(_ row: Row, _ events: [WalkedEvent], _ result: inout Rehearsal) {
        guard let text = follower.engine.profileIDs([row]).first, let person = ProfileID(text) else { return }
        let reader = follower.reader
        let answers = EngineAnswers(follower.engine, view, row: row, segments: follower.segments) { ((try? reader.profile(id: text)) ?? nil)?.timeZone }
        answers.lots = lots
        let decider = JourneyDecider(id: id, current: 1, versions: [1: journey], since: from)
        var runs: [JourneyRun] = []
        var actions: [JourneyAction] = []
        for happening in happenings(row, events, answers) { actions += decider.take([1: happening], by: person, answers, &runs) }
        // What happens at the end itself belongs to what comes after it.
        actions += decider.advance(to: Timestamp(clamping: to.milliseconds - 1), answers, &runs)
        guard !runs.isEmpty else { return }
        add(runs, actions, text, answers, &result)
    }

    /// What happens to the person, in its order; events that several patterns mean are one happening.
    private func happenings(_ row: Row, _ events: [WalkedEvent], _ answers: EngineAnswers) -> [Happening] {
        var found: [Happening] = []
        var index = 0
        let log = follower.log
        while index < events.count {
            let (time, position) = (Timestamp(clamping: events[index].time), events[index].position)
            var heard: Set<Int> = []
            while index < events.count, events[index].position == position, events[index].time == time.milliseconds {
                if events[index].step < journey.ears.count { heard.insert(events[index].step) }
                index += 1
            }
            let event: @Sendable () -> EventView? = { (try? log.read(position)) ?? nil }
            found.append(Happening(
                .event, at: Timestamp(clamping: receipts.heard(position, happened: time.milliseconds)), happened: time, heard: heard, position: position,
                value: { path in event().flatMap { Happening.value(at: path, of: $0) } }, isOurs: { event().map(Happening.isOurs) ?? false }))
        }
        // What happens at one instant comes as it stands in the log, and events before what is found out by them.
        let entered = (entries[row] ?? []).filter { entry in entry.condition.map { answers.answer($0, at: entry.at, in: journey.zone).isTrue } ?? true }
        let all = found + entered.map(\.happening)
        return all.filter { $0.at >= from && $0.at < to }.sorted { ($0.at, $0.position ?? .max) < ($1.at, $1.position ?? .max) }
    }

    private func add(_ runs: [JourneyRun], _ actions: [JourneyAction], _ profile: String, _ answers: EngineAnswers, _ result: inout Rehearsal) {
        for run in runs {
            result.counts.add(run, before: nil, journey: 0)
            if let end = run.end { result.note(end: end.reason, at: end.at) }
        }
        if runs.contains(where: { $0.hasEntered }) { result.people += 1 }
        if keepsWrites { for action in actions where action.effect.isWritten { result.writes.append(follower.intent(action, (id, journey.name), [:])) } }
        let rules = (try? ZoneRules.named(journey.zone)) ?? .utc
        var messages: [RehearsedMessage] = []
        for action in actions.sorted(by: { $0.at < $1.at }) {
            let (what, isMessage) = action.effect.summary
            if case .message(_, let scope) = action.effect {
                messages.append(RehearsedMessage(scope, at: action.at, priority: action.priority, expiresAt: action.expiresAt))
                result.messagesByDay[rules.day(of: action.at.milliseconds), default: [:]][action.step, default: 0] += 1
                if others[profile]?.contains(where: { abs($0.at.milliseconds - action.at.milliseconds) < RehearsalStage.dayMs }) ?? false { result.collisions += 1 }
            }
            result.tell(Rehearsal.Decision(key: action.key, profile: profile, step: action.step, what: what, isMessage: isMessage, at: action.at), keeping: limit)
        }
        result.peopleByMessages[messages.count, default: 0] += 1
        guard !messages.isEmpty else { return }
        let fates = policy(messages + (others[profile] ?? [])) { answers.zone }
        result.overByCap.merge(fates.overByCap, uniquingKeysWith: +)
        result.held += fates.held
        if !fates.overByCap.isEmpty { result.peopleOverCap += 1 }
    }
}

extension JourneyEffect {
    /// Whether it is put into the log.
    fileprivate var isWritten: Bool {
        switch self {
        case .traits, .event: true
        case .message, .call: false
        }
    }

    /// What it is about, without a value of a person's.
    var summary: (what: String, isMessage: Bool) {
        switch self {
        case .message(let template, _): (template, true)
        case .call(let destination, _): (destination, false)
        case .traits(let values): (values.map(\.name).joined(separator: ", "), false)
        case .event(let name, _): (name, false)
        }
    }
}
