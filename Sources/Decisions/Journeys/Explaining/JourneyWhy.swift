import Identity
public import Profiles
import Segments
public import Vocabulary

/// Why somebody is where they are in a journey, or never came in: worked out when it is asked, from the log, the document and their runs.
public struct JourneyWhy: Sendable {
    public enum Code: String, Sendable, CaseIterable {
        /// They are in it, were held out, or have left.
        case inside, heldOut = "held-out", left
        /// Inaction is waited for, or what was to be missing came.
        case counting, acted
        /// They began it so often that the next was refused.
        case tooOften = "too-often"
        case notStarted = "not-started", stopped, paused
        case objects
        /// Of an event that begins it: there is none, it is not what `where` asks for, came before the start, too late, without the key, or while nobody could begin.
        case noEvent = "no-event", whereNot = "where", beforeStart = "before-start", late, noKey = "no-key", notTaken = "not-taken"
        /// Of a segment: they are not in it, were in it before, or have not left it.
        case notInSegment = "not-in-segment", inBefore = "in-before", notLeft = "not-left"
        /// Of a date: they have none, its day is yet to come, or is over.
        case noDate = "no-date", notYet = "not-yet", over
        /// Of a campaign: their turn is yet to come, or they came into the segment when it had gone out.
        case waits, cameLater = "came-later"
        case onlyAPI = "only-api"
        /// Of another journey: they were never in it, have not left it, or did so when this one could not begin.
        case notPassed = "not-passed"
    }
    public let code: Code
    /// In English, with what was seen.
    public let sentence: String
    /// Of what decided: when the event was received, when they came in, left, or will come in; nil where there is no such instant.
    public private(set) var at: Timestamp?
    /// The message that decided.
    public private(set) var messageId: String?
    /// What it said where `where` asks for something else, by the path of the property; nil for what it did not say.
    public private(set) var values: [(path: String, value: JSONText?)] = []

    init(_ code: Code, _ sentence: String, at: Timestamp? = nil) { (self.code, self.sentence, self.at) = (code, sentence, at) }

    fileprivate func told(by event: EventView, _ values: [(path: String, value: JSONText?)] = []) -> JourneyWhy {
        var why = self
        (why.at, why.messageId, why.values) = (event.receivedAt, event.text(.messageId), values)
        return why
    }
}

extension JourneyFollower {
    /// Events of a person that are looked at, newest first.
    static let whyEventsMaximum = 2000

    /// Why somebody is or is not in a journey that runs in a version.
    ///
    /// - Throws: what the columns and the log throw.
    public func why(_ kept: KeptJourney, _ profile: Profile) throws -> JourneyWhy {
        let journey = store.live(kept).journey
        if kept.liveVersion == 0 { return JourneyWhy(.notStarted, "The journey was never started.") }
        let ids = lock.reading { profile.members.map(graph.ownID) }
        let runs = try store.database.pool.read { db in try RunTable.runs(of: ids, journey: kept.number, db) }.map(\.run)
        if let newest = runs.max(by: JourneyRun.isOlder) { return JourneyWhy.of(newest, of: journey) }
        if kept.state == .stopped { return JourneyWhy(.stopped, "The journey is stopped, and they were not in it.") }
        guard let id = ProfileID(profile.id) else { return JourneyWhy(.noEvent, "Nothing is known of them.") }
        let view = try engine.view()
        let answers = EngineAnswers(engine, view, row: lock.reading { graph.find(id).flatMap { columns.row(of: $0) } }, segments: segments) { profile.timeZone }
        guard answers.isThere else { return JourneyWhy(.objects, "They object to `analytics`, and begin no journey.") }
        let now = clock()
        let why = try why(kept, journey, profile, ids, answers, now)
        guard kept.state == .paused else { return why }
        return JourneyWhy(.paused, "The journey is paused: nobody comes in. Before that: \(why.sentence)", at: why.at)
    }

    private func why(_ kept: KeptJourney, _ journey: Journey, _ profile: Profile, _ ids: [ProfileID], _ answers: EngineAnswers, _ now: Timestamp) throws -> JourneyWhy {
        func isMember(_ segment: String) -> Bool { segments(segment).map { answers.answer($0, at: now, in: journey.zone).isTrue } ?? false }
        switch journey.trigger {
        case .event(let ear), .inaction(let ear, _, _):
            return JourneyWhy.of(try reader.newest(of: profile, before: nil, limit: JourneyFollower.whyEventsMaximum), journey.ears[ear], journey, since: kept.since, pausedAt: try pausedAt(kept))
        case .segment(let name, true):
            return isMember(name)
                ? JourneyWhy(.inBefore, "They are in the segment \(name), and did not come into it since the journey was started at \(kept.since.iso8601).", at: kept.since)
                : JourneyWhy(.notInSegment, "They are not in the segment \(name).")
        case .segment(let name, false):
            return isMember(name) ? JourneyWhy(.notLeft, "They are in the segment \(name), and have not left it.") : JourneyWhy(.notInSegment, "They are not in the segment \(name), and did not leave it since the journey was started at \(kept.since.iso8601).", at: kept.since)
        case .date(let date):
            guard let value = TimedEntries.value(of: date.trait, in: profile) else { return JourneyWhy(.noDate, "They have no trait `\(date.trait)`.") }
            guard let day = value.string.flatMap(TimedEntries.day) else { return JourneyWhy(.noDate, "Their trait `\(date.trait)` is no date.") }
            let rules = (try? ZoneRules.named(profile.timeZone ?? journey.zone)) ?? .utc
            let next = TimedEntries.instants(of: day, date, rules, around: now.milliseconds).filter { $0 > now.milliseconds }.min().map(Timestamp.init(clamping:))
            return next.map { JourneyWhy(.notYet, "Their next day is at \($0.iso8601).", at: $0) } ?? JourneyWhy(.over, "Their day was over when the journey was started.")
        case .schedule(let schedule):
            guard isMember(schedule.segment) else { return JourneyWhy(.notInSegment, "They are not in the segment \(schedule.segment).") }
            let rules = (try? ZoneRules.named(journey.zone)) ?? .utc
            let today = rules.day(of: now.milliseconds)
            let next = (today...today + 63).lazy.filter { TimedEntries.isOn($0, schedule.every) }.map { rules.instant(ofLocal: $0 * 86_400_000 + Int64(schedule.minute) * 60_000) }.first { $0 > now.milliseconds }.map(Timestamp.init(clamping:))
            return JourneyWhy(.notYet, next.map { "They are in the segment \(schedule.segment); the next time is at \($0.iso8601)." } ?? "Its next time is yet to come.", at: next)
        case .campaign(let campaign):
            if let at = try store.database.pool.read({ db in try EntryTable.first(of: ids, journey: kept.number, db) }) { return JourneyWhy(.waits, "Their turn is at \(at.iso8601), or later where canaries hold it.", at: at) }
            guard isMember(campaign.segment) else { return JourneyWhy(.notInSegment, "They are not in the segment \(campaign.segment).") }
            guard try CampaignPlan(self, kept, journey)?.isPlanned ?? true else {
                let at = Timestamp(clamping: CampaignTimes(campaign, of: kept.id, started: kept.since.milliseconds, in: journey.zone, holdout: 0).begin(in: campaign.isLocal ? profile.timeZone ?? journey.zone : journey.zone))
                return JourneyWhy(.waits, "They are in the segment \(campaign.segment), and the campaign begins at \(at.iso8601): whoever is in it then gets it.", at: at)
            }
            return JourneyWhy(.cameLater, "They are in the segment \(campaign.segment); when it went out they were not in it yet, or were taken for one with somebody else who was.")
        case .journey(let trigger): return try passage(trigger, ids, journey.key, since: kept.since)
        case .api: return JourneyWhy(.onlyAPI, "Only the API puts people into this journey, and it has not put them in.")
        }
    }
}

extension JourneyFollower {
    /// Since when it was paused the last time; nil where it never was.
    private func pausedAt(_ kept: KeptJourney) throws -> Timestamp? { try store.database.pool.read { db in try RunTable.cursor("paused:\(kept.number)", db) }.map(Timestamp.init(clamping:)) }

    /// By the newest of somebody's runs in the journey that begins another.
    private func passage(_ trigger: PassageTrigger, _ ids: [ProfileID], _ key: String?, since: Timestamp) throws -> JourneyWhy {
        let name = trigger.journey.prefix(64)
        let runs = try store.find(trigger.journey).map { other in try store.database.pool.read { db in try RunTable.runs(of: ids, journey: other.number, db) }.map(\.run) } ?? []
        guard let newest = runs.filter(\.hasEntered).max(by: JourneyRun.isOlder) else { return JourneyWhy(.notPassed, "They were never in the journey \(name).") }
        if newest.isHeldOut { return JourneyWhy(.notPassed, "They are held out of the journey \(name), and pass on to none.", at: newest.enteredAt) }
        if let key, let passage = JourneyPassage.between([], [newest]).last(where: { trigger.means($0.reason) }), Happening(.entry, at: passage.at, data: passage.data(of: trigger.journey)).instance(at: key) == nil {
            return JourneyWhy(.noKey, "What the journey \(name) hands in has no \(key.prefix(64)), the key of this one.", at: passage.at)
        }
        if trigger.enters { return JourneyWhy(.notPassed, "They came into the journey \(name) at \(newest.enteredAt.iso8601); this one was started at \(since.iso8601), or could not begin then.", at: newest.enteredAt) }
        guard let end = newest.end else { return JourneyWhy(.notPassed, "They are in the journey \(name), and have not left it.", at: newest.enteredAt) }
        return JourneyWhy(.notPassed, "They left the journey \(name) at \(end.at.iso8601) by `\(end.reason)`; this one asks for \(trigger.reasons.isEmpty ? "any reason" : trigger.reasons.joined(separator: " or ")) since \(since.iso8601).", at: end.at)
    }
}

extension JourneyWhy {
    /// By the newest of somebody's runs.
    static func of(_ run: JourneyRun, of journey: Journey) -> JourneyWhy {
        let again = switch journey.reentry {
        case .once: "Nobody comes in twice (`reentry: once`)."
        case .idle: "Nobody comes in again while they are in it (`reentry: idle`)."
        case .parallel: "Each time begins a run of its own (`reentry: parallel`)."
        case .restart: "The next time begins anew (`reentry: restart`)."
        }
        if run.notes.last?.what == .refused { return JourneyWhy(.tooOften, "They began it too often within an hour or a day, and the last time was refused.", at: run.notes.last?.at) }
        if run.isArmed { return JourneyWhy(.counting, "It is waited for what is to be missing\(run.wake.map { ", until \($0.iso8601)" } ?? "").", at: run.enteredAt) }
        if run.isHeldOut { return JourneyWhy(.heldOut, "They are held out since \(run.enteredAt.iso8601), and walk nowhere.", at: run.enteredAt) }
        guard let end = run.end else { return JourneyWhy(.inside, "They are in it since \(run.enteredAt.iso8601), at the step \(run.step). \(again)", at: run.enteredAt) }
        if !run.hasEntered { return JourneyWhy(.acted, "What was to be missing came at \(end.at.iso8601).", at: end.at) }
        return JourneyWhy(.left, "They came in at \(run.enteredAt.iso8601) and left at \(end.at.iso8601) by `\(end.reason)`. \(journey.reentry == .once ? again : "")", at: end.at)
    }

    /// Why none of somebody's events began a run.
    ///
    /// - Parameters:
    ///   - events: newest first.
    ///   - since: when it was started the last time, be it after a pause.
    static func of(_ events: [TimelineEvent], _ pattern: EventPattern, _ journey: Journey, since: Timestamp, pausedAt: Timestamp? = nil) -> JourneyWhy {
        let zone = (try? ZoneRules.named(journey.zone)) ?? .utc
        let named = EventPattern(pattern.names)
        let mine = events.filter { !$0.event.isErased && named.matches($0.event, in: zone) }
        guard let newest = mine.first else { return JourneyWhy(.noEvent, "No \(named.text) of theirs is in the log\(events.count == JourneyFollower.whyEventsMaximum ? " among their last \(events.count) events" : "").") }
        guard let event = mine.first(where: { pattern.matches($0.event, in: zone) })?.event else {
            let unmet = pattern.filter.map { JourneyWhy.unmet($0, named, newest.event, zone) } ?? []
            let seen = unmet.compactMap { part in part.path.map { "\($0) was \(newest.event.value(at: $0)?.text ?? "missing")" } }
            let values = unmet.compactMap { part in part.path.map { (path: $0, value: newest.event.value(at: $0)) } }
            return JourneyWhy(.whereNot, "The last \(named.text) is not what `where` asks for: \((unmet.map(\.text) + seen).joined(separator: "; ")).").told(by: newest.event, values)
        }
        let lateMs = event.receivedAt.milliseconds - event.timestamp.milliseconds
        if let pausedAt, event.receivedAt >= pausedAt, event.receivedAt < since { return JourneyWhy(.notTaken, "The last such event came at \(event.receivedAt.iso8601), while the journey was not live: it went on at \(since.iso8601).").told(by: event) }
        if event.receivedAt < since { return JourneyWhy(.beforeStart, "The last such event came at \(event.receivedAt.iso8601), before the journey was started at \(since.iso8601).").told(by: event) }
        if lateMs > JourneyDecider.lateMaximum { return JourneyWhy(.late, "The last such event came \(lateMs / 3_600_000) hours late; what is more than \(JourneyDecider.lateMaximum / 3_600_000) hours late begins nothing.").told(by: event) }
        if let key = journey.key, Happening(.event, at: event.receivedAt, value: { Happening.value(at: $0, of: event) }).instance(at: key) == nil {
            return JourneyWhy(.noKey, "The last such event has no `\(key)`, which is the journey's key.").told(by: event)
        }
        return JourneyWhy(.notTaken, "The last such event came at \(event.receivedAt.iso8601) and is what begins it, but began nothing: the journey was paused or ran in another version, they objected then, or it is just being decided.").told(by: event)
    }

    /// The parts of a filter for which an event fails it, as they are written, each with the property that it asks about.
    private static func unmet(_ filter: PropertyFilter, _ named: EventPattern, _ event: EventView, _ zone: ZoneRules) -> [(text: String, path: String?)] {
        let own = EventPattern(named.names, where: filter)
        guard !own.matches(event, in: zone) else { return [] }
        let text = own.text.firstRange(of: " where ").map { String(own.text[$0.upperBound...]) } ?? own.text
        switch filter {
        case .all(let parts), .any(let parts): return parts.flatMap { unmet($0, named, event, zone) }
        case .property(let path, _), .not(.property(let path, _)): return [(text, path)]
        case .not, .hours, .weekdays, .member: return [(text, nil)]
        }
    }
}
