import EventLog
import GRDB
import Identity
import Profiles
import Segments
import Vocabulary

/// One transaction of the deciding thread: what has happened, in order, then the timers that are due.
struct FollowRound {
    private let follower: JourneyFollower
    private(set) var following: JourneyFollower.Following
    /// Events of this round, so that what templates see of them need not be read again.
    private var events: [LogPosition: EventView] = [:]

    /// Timers that are let ring in one transaction, and people who enter together.
    static let timersMaximum = 2000
    private static let savedEvery: LogPosition = 20_000

    /// Something that happened to somebody, as each journey hears it.
    struct Item {
        enum Who {
            case event(EventView)
            case profile(ProfileID)
        }
        let who: Who
        /// By journey and version.
        let heard: [(journey: String, happenings: [Int64: Happening])]
        var receipt: MessageReceipt?
        /// Put in by a campaign.
        var campaign: CampaignTrigger?
    }

    init(_ follower: JourneyFollower, _ following: JourneyFollower.Following) { (self.follower, self.following) = (follower, following) }

    // MARK: - One round

    /// - Returns: whether there is more to do at once.
    mutating func run() throws -> Bool {
        try refreshIfStale()
        let (batches, end, isMore) = follower.take(from: following.position, isHeard: !following.deciders.isEmpty)
        var items: [Item] = []
        gather(batches, into: &items)
        // What began a journey by an event comes before who is found to have come into a segment meanwhile.
        let (changes, step) = isMore ? ([], nil) : try membershipItems()
        items += changes
        let tick = try planEntries()
        let now = follower.clock()
        let entries = try dueEntries(at: now)
        items += entries.items
        // What is not yet taken may come before a timer.
        let horizon = isMore ? following.seenUpTo : Timestamp(clamping: now.milliseconds - JourneyFollower.lagMs)
        let live = following.deciders.values.filter { $0.kept.state == .live }.map(\.kept.number)
        let due = live.isEmpty ? [] : try follower.store.database.pool.read { db in try RunTable.due(at: horizon, journeys: live, limit: FollowRound.timersMaximum, db) }
        var next = following
        (next.position, next.changeNumber, next.tick) = (max(next.position, end), step?.cursor ?? following.changeNumber, tick)
        if items.isEmpty, due.isEmpty {
            // An instant at which nobody moved is over, as where people are held.
            if let instant = following.nextWake, instant <= horizon.milliseconds { next.nextWake = try wake(live) }
            if next.position - next.savedPosition >= FollowRound.savedEvery || next.changeNumber != following.changeNumber || next.tick != following.tick {
                try follower.store.database.pool.write { db in try FollowRound.save(next, db) }
                next.savedPosition = next.position
            }
            following = next
            return isMore || (step?.isMore ?? false)
        }
        let memberships = follower.memberships
        try decide(items, due: due, at: horizon) { db in
            try EntryTable.remove(entries.numbers, db)
            if let step { try memberships?.write(step, db) }
            try FollowRound.save(next, db)
        }
        if let step { memberships?.done(step) }
        next.savedPosition = next.position
        next.nextWake = try wake(live)
        // Whoever began late may already have waited long enough. An instant that stays where it was would be looked at for ever.
        let isOverdue = next.nextWake != following.nextWake && (next.nextWake ?? .max) <= horizon.milliseconds
        following = next
        return isMore || (step?.isMore ?? false) || isOverdue || max(due.count, entries.numbers.count) == FollowRound.timersMaximum
    }

    private static func save(_ following: JourneyFollower.Following, _ db: Database) throws {
        try RunTable.setCursor("log", Int64(clamping: following.position), db)
        try RunTable.setCursor("changes", Int64(clamping: following.changeNumber), db)
        try RunTable.setCursor("tick", following.tick.milliseconds, db)
    }

    /// Reads anew which journeys there are.
    mutating func refreshIfStale() throws {
        guard following.isStale else { return }
        let kept = follower.store.all.filter { $0.liveVersion > 0 && $0.state != .stopped }
        let versions = try follower.store.database.pool.read { db in try kept.map { try RunCounts.versions(of: $0.number, db) } }
        following.deciders = [:]
        for (kept, versions) in zip(kept, versions) {
            if let decider = follower.store.decider(kept, versions: versions) { following.deciders[kept.id] = (kept, decider) }
        }
        let live = kept.filter { $0.state == .live }.map(\.number)
        following.nextWake = try wake(live)
        following.isStale = false
    }

    /// The first instant at which somebody moves or begins.
    private func wake(_ live: [Int64]) throws -> Int64? {
        try follower.store.database.pool.read { db in [try RunTable.nextWake(journeys: live, db), try EntryTable.next(journeys: live, held: following.held, db)].compactMap { $0 }.min() }
    }

    /// What journeys hear of these events.
    private mutating func gather(_ batches: [LogBatch], into items: inout [Item]) {
        let filter = EarFilter(following.deciders.values.flatMap { $0.decider.versions.values })
        for batch in batches {
            for entry in batch.entries where entry.position >= following.position {
                guard let event = batch.event(entry), !event.isErased, !event.isFact else { continue }
                following.seenUpTo = max(following.seenUpTo, event.receivedAt)
                if let receipt = MessageReceipt(event), following.deciders[receipt.journey] != nil { items.append(Item(who: .event(event), heard: [], receipt: receipt)) }
                guard filter.mayHear(event) else { continue }
                var heard: [(journey: String, happenings: [Int64: Happening])] = []
                for (id, (_, decider)) in following.deciders {
                    let happenings = decider.versions.mapValues { journey in
                        Happening(event, position: entry.position, ears: journey.ears, in: (try? ZoneRules.named(journey.zone)) ?? .utc)
                    }
                    if zip(happenings.values, happenings.keys).contains(where: { !$0.heard.isEmpty || decider.versions[$1]?.hearsEverything ?? false }) { heard.append((id, happenings)) }
                }
                if !heard.isEmpty {
                    items.append(Item(who: .event(event), heard: heard))
                    events[entry.position] = event
                }
            }
        }
    }

    /// Who came into segments that begin a run, and who left them; also while nothing ran.
    private func membershipItems() throws -> (items: [Item], step: SegmentFollower.Step?) {
        guard let memberships = follower.memberships else { return ([], nil) }
        var triggers: [String: [String]] = [:]
        for (id, (_, decider)) in following.deciders {
            if case .segment(let name, _) = decider.versions[decider.current]?.trigger, let segment = follower.segmentID(name) { triggers[segment, default: []].append(id) }
        }
        let step = try memberships.next(Set(triggers.keys), after: following.changeNumber, limit: FollowRound.timersMaximum)
        let items = step.changes.compactMap { change in
            triggers[change.segment].map { journeys in
                let heard = journeys.compactMap { id -> (journey: String, happenings: [Int64: Happening])? in
                    guard let decider = following.deciders[id]?.decider, case .segment(let name, _) = decider.versions[decider.current]?.trigger else { return nil }
                    // As the journey names it.
                    return (id, decider.versions.mapValues { _ in Happening(.membership(name, entered: change.hasEntered), at: change.at) })
                }
                return Item(who: .profile(change.id), heard: heard)
            }
        }
        return (items, step)
    }

    /// Writes down whom schedules, dates and campaigns put in by now, some thousand in a transaction: what a crash leaves out is written again, and once.
    ///
    /// - Returns: up to when that was looked at.
    private func planEntries() throws -> Timestamp {
        let now = follower.clock()
        let minute = Timestamp(clamping: now.milliseconds - (now.milliseconds % 60_000 + 60_000) % 60_000)
        for (kept, decider) in following.deciders.values where kept.state == .live {
            guard let journey = decider.versions[decider.current] else { continue }
            if let plan = CampaignPlan(follower, kept, journey), let due = try plan.due(at: now) {
                try write(due.entries, of: kept, occasion: kept.liveVersion)
                try follower.store.database.pool.write { db in try RunTable.setCursor(due.name, now.milliseconds, db) }
            }
            guard minute > following.tick else { continue }
            try write(try TimedEntries(follower, journey).between(following.tick, minute), of: kept, occasion: minute.milliseconds)
        }
        return max(minute, following.tick)
    }

    private func write(_ entries: [TimedEntries.Entry], of kept: KeptJourney, occasion: Int64) throws {
        for start in stride(from: 0, to: entries.count, by: 10 * FollowRound.timersMaximum) {
            // By which id it stays theirs while they wait.
            let piece = follower.lock.reading {
                entries[start..<min(start + 10 * FollowRound.timersMaximum, entries.count)].map { entry in
                    TimedEntries.Entry(profile: follower.graph.find(entry.profile).map { follower.graph.bearerID($0) } ?? entry.profile, at: entry.at, isCanary: entry.isCanary)
                }
            }
            try follower.store.database.pool.write { db in try EntryTable.add(piece, journey: kept.number, occasion: occasion, db) }
        }
    }

    /// Who begins now by a schedule, a date or a campaign; of a campaign whose canaries fared badly nobody, and it pauses.
    private mutating func dueEntries(at now: Timestamp) throws -> (items: [Item], numbers: [Int64]) {
        following.held = []
        for (id, (kept, decider)) in following.deciders where kept.state == .live {
            guard let journey = decider.versions[decider.current], let plan = CampaignPlan(follower, kept, journey), let verdict = try plan.judge(at: now) else { continue }
            switch verdict {
            case .goes: break
            case .holds: following.held.insert(kept.number)
            case .stops:
                following.deciders[id] = nil
                following.isStale = true
            }
        }
        let byNumber = Dictionary(following.deciders.values.filter { $0.kept.state == .live }.map { ($0.kept.number, ($0.kept.id, $0.decider)) }) { first, _ in first }
        guard !byNumber.isEmpty else { return ([], []) }
        let due = try follower.store.database.pool.read { db in try EntryTable.due(at: now, journeys: Array(byNumber.keys).sorted(), held: following.held, limit: FollowRound.timersMaximum, db) }
        let items = due.compactMap { entry in
            byNumber[entry.journey].map { id, decider in
                var item = Item(who: .profile(entry.owner), heard: [(id, decider.versions.mapValues { _ in Happening(.entry, at: entry.at) })])
                if case .campaign(let campaign) = decider.versions[decider.current]?.trigger { item.campaign = campaign }
                return item
            }
        }
        return (items, due.map(\.number))
    }

    // MARK: - Deciding

    /// Decides about items in their order and about those whose timers are due, and commits.
    ///
    /// - Parameter also: what else belongs into the transaction.
    mutating func decide(_ items: [Item], due: [ProfileID], at horizon: Timestamp, also: (Database) throws -> Void) throws {
        let view = try follower.engine.view()
        // Who is who is read once, so that nobody is two people in one round.
        var people = PeopleOfRound(follower, view)
        let (whose, dueOwners) = people.find(items.map(\.who), due)
        let deciders = following.deciders
        let events = events
        let count = try follower.store.database.pool.write { db in
            var counts = RunCounts()
            var intents: [Intent] = []
            for (item, whose) in zip(items, whose) {
                guard let (person, bearer) = whose else { continue }
                if let receipt = item.receipt, let kept = deciders[receipt.journey]?.kept {
                    _ = try person.deciding(kept.number, db) { runs in
                        receipt.note(in: &runs)
                        return []
                    }
                }
                for (journey, happenings) in item.heard {
                    guard let (kept, decider) = deciders[journey] else { continue }
                    let actions = try person.deciding(kept.number, db) { runs in
                        if let campaign = item.campaign, !follower.takes(campaign, happenings.values.first, decider, person, runs) { return [] }
                        return decider.take(happenings, by: person.id, bearer: bearer, person.answers, &runs)
                    }
                    intents += actions.map { follower.intent($0, (kept.id, kept.journey.name), events) }
                }
            }
            for person in dueOwners {
                for (kept, decider) in deciders.values {
                    let actions = try person.deciding(kept.number, db) { runs in
                        let actions = decider.advance(to: horizon, person.answers, &runs)
                        JourneyRun.endStuck(&runs, at: horizon, decider)
                        return actions
                    }
                    intents += actions.map { follower.intent($0, (kept.id, kept.journey.name), events) }
                }
            }
            try people.findParted(db)
            for person in people.all { try person.write(&counts, db) }
            try counts.write(db)
            try IntentTable.insert(intents, db)
            try also(db)
            return intents.count
        }
        if count > 0 { follower.announce() }
    }
}

extension JourneyRun {
    /// A run whose time has come and that nothing moved, since its version cannot be read any more, would be looked at for ever.
    static func endStuck(_ runs: inout [JourneyRun], at time: Timestamp, _ decider: JourneyDecider) {
        for index in runs.indices where decider.state == .live && decider.versions[runs[index].version] == nil {
            guard let wake = runs[index].wake, wake <= time else { continue }
            runs[index].note(.ended, at: time, detail: "version-gone")
            runs[index].end = End(reason: "version-gone", at: time)
            runs[index].wake = nil
        }
    }
}

/// Which events some journey listens to, by their names; asked of every event there is.
private struct EarFilter {
    private var tracks: Set<[UInt8]> = []
    private var hearsEverything = false
    private var types: Set<EventType> = []

    init(_ journeys: [Journey]) {
        for journey in journeys {
            if journey.hearsEverything { hearsEverything = true }
            for name in journey.ears.flatMap(\.names) {
                switch name {
                case .track(let name): tracks.insert(Array(name.utf8))
                case .page: types.insert(.page)
                case .screen: types.insert(.screen)
                case .any: types.formUnion([.track, .page, .screen])
                case .sessions: break
                }
            }
        }
    }

    func mayHear(_ event: EventView) -> Bool {
        if hearsEverything || types.contains(event.type) { return true }
        guard event.type == .track, let name = event.field(.event) else { return false }
        return tracks.contains(Array(name))
    }
}
