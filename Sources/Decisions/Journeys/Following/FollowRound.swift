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
        let start = following
        let (batches, end, isMore) = follower.take(from: following.position, isHeard: !following.roster.isEmpty || !following.stopped.isEmpty)
        var items: [Item] = []
        gather(batches, into: &items)
        // What began a journey by an event comes before who is found to have come into a segment meanwhile.
        let (changes, step) = isMore ? ([], nil) : try membershipItems()
        items += changes
        let tick = try planEntries()
        let looked = follower.clock()
        try judgeCanaries(at: looked)
        try keepPace(at: looked)
        // Where many were put off, that took its time.
        let now = follower.clock()
        let entries = try dueEntries(at: now)
        items += entries.items
        // What is not yet taken may come before a timer.
        let horizon = isMore ? following.seenUpTo : Timestamp(clamping: now.milliseconds - JourneyFollower.lagMs)
        let reached = following.instants.journeys(upTo: max(now, horizon))
        let ringing = following.instants.journeys(upTo: horizon)
        let due = ringing.isEmpty ? [] : try follower.store.database.pool.read { db in try RunTable.due(at: horizon, journeys: ringing.sorted(), limit: FollowRound.timersMaximum, db) }
        (following.position, following.changeNumber, following.tick) = (max(following.position, end), step?.cursor ?? following.changeNumber, tick)
        if items.isEmpty, due.isEmpty {
            // An instant at which nobody moved is over, as where people are held.
            try readInstants(of: reached)
            if following.position - following.savedPosition >= FollowRound.savedEvery || following.changeNumber != start.changeNumber || following.tick != start.tick {
                let following = following
                try follower.store.database.pool.write { db in try FollowRound.save(following, db) }
                self.following.savedPosition = following.position
            }
            return isMore || (step?.isMore ?? false)
        }
        let (memberships, following) = (follower.memberships, following)
        let touched = try decide(items, due: due, at: horizon) { db in
            try EntryTable.remove(entries.numbers, db)
            if let step { try memberships?.write(step, db) }
            try FollowRound.save(following, db)
        }
        if let step { memberships?.done(step) }
        self.following.savedPosition = following.position
        try readInstants(of: touched.union(reached))
        // Whoever began late may already have waited long enough. An instant that stays where it was would be looked at for ever.
        let first = self.following.instants.first
        let isOverdue = first != start.instants.first && (first ?? .max) <= horizon.milliseconds
        return isMore || (step?.isMore ?? false) || isOverdue || max(due.count, entries.numbers.count) == FollowRound.timersMaximum
    }

    private static func save(_ following: JourneyFollower.Following, _ db: Database) throws {
        try RunTable.setCursor("log", Int64(clamping: following.position), db)
        try RunTable.setCursor("changes", Int64(clamping: following.changeNumber), db)
        try RunTable.setCursor("tick", following.tick.milliseconds, db)
    }

    /// Reads anew those journeys that changed.
    mutating func refreshIfStale() throws {
        guard following.isStale else { return }
        let now = follower.clock()
        let started = follower.store.started
        let standing = started.filter { follower.store.hears($1, at: now) }
        following.stopped = started.filter { standing[$0.key] == nil }
        let changed = standing.values.filter { kept in following.roster[kept.id].map { !$0.kept.standsAs(kept) } ?? true }
        let gone = following.roster.all.filter { standing[$0.key] == nil }
        let versions = try follower.store.database.pool.read { db in try changed.map { try RunCounts.versions(of: $0.number, db) } }
        var changes = gone.mapValues { _ in JourneyRoster.Standing?.none }
        for (kept, versions) in zip(changed, versions) { changes[kept.id] = .some(follower.store.decider(kept, versions: versions).map { (kept, $0) }) }
        following.roster.change(changes)
        let numbers = Set(changed.map(\.number)).union(gone.values.map(\.kept.number))
        for number in numbers {
            following.looks[number] = nil
            // Where a campaign still waits for its canaries, that is found anew.
            following.held.remove(number)
        }
        try readInstants(of: numbers)
        findSegments()
        following.isStale = false
    }

    /// Reads the first instant at which somebody moves or begins in these journeys.
    mutating func readInstants(of journeys: Set<Int64>) throws {
        guard !journeys.isEmpty else { return }
        let (live, held) = (journeys.filter { following.roster.live[$0] != nil }, following.held)
        let found = live.isEmpty ? [] : try follower.store.database.pool.read { db in
            try live.map { journey in (journey, [try RunTable.nextWake(journey: journey, db), try EntryTable.next(journey: journey, isHeld: held.contains(journey), db)].compactMap { $0 }.min()) }
        }
        following.instants.set(Dictionary(uniqueKeysWithValues: found), of: journeys)
    }

    /// Which segments begin journeys, by their ids: names are looked up among all there are.
    private mutating func findSegments() {
        following.triggers = [:]
        for (name, journeys) in following.roster.bySegment { if let segment = follower.segmentID(name) { following.triggers[segment, default: []] += journeys } }
    }

    /// What journeys hear of these events.
    private mutating func gather(_ batches: [LogBatch], into items: inout [Item]) {
        let roster = following.roster
        for batch in batches {
            for entry in batch.entries where entry.position >= following.position {
                guard let event = batch.event(entry), !event.isErased, !event.isFact else { continue }
                following.seenUpTo = max(following.seenUpTo, event.receivedAt)
                if let receipt = MessageReceipt(event), following.kept(receipt.journey) != nil { items.append(Item(who: .event(event), heard: [], receipt: receipt)) }
                let heard = roster.listeners(of: event).compactMap { id -> (journey: String, happenings: [Int64: Happening])? in
                    guard let decider = roster[id]?.decider else { return nil }
                    let happenings = decider.versions.mapValues { journey in
                        Happening(event, position: entry.position, ears: journey.ears, in: (try? ZoneRules.named(journey.zone)) ?? .utc)
                    }
                    return happenings.contains { version, happening in !happening.heard.isEmpty || decider.versions[version]?.hearsEverything ?? false } ? (id, happenings) : nil
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
        let (triggers, roster) = (following.triggers, following.roster)
        let step = try memberships.next(Set(triggers.keys), after: following.changeNumber, limit: FollowRound.timersMaximum)
        let items = step.changes.compactMap { change in
            triggers[change.segment].map { journeys in
                let heard = journeys.compactMap { id -> (journey: String, happenings: [Int64: Happening])? in
                    guard let decider = roster[id]?.decider, case .segment(let name, _) = decider.versions[decider.current]?.trigger else { return nil }
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
    private mutating func planEntries() throws -> Timestamp {
        let now = follower.clock()
        let minute = Timestamp(clamping: now.milliseconds - (now.milliseconds % 60_000 + 60_000) % 60_000)
        var written: Set<Int64> = []
        for (kept, journey) in following.roster.campaigns.compactMap(current) where now.milliseconds >= following.looks[kept.number] ?? 0 {
            guard let plan = CampaignPlan(follower, kept, journey) else { continue }
            let (planned, next) = try plan.due(at: now)
            if let planned {
                try write(planned.entries, of: kept, occasion: kept.liveVersion)
                try follower.store.database.pool.write { db in try RunTable.setCursor(planned.name, now.milliseconds, db) }
                written.insert(kept.number)
            }
            following.looks[kept.number] = next
        }
        if minute > following.tick {
            findSegments()
            for (kept, journey) in following.roster.timed.compactMap(current) {
                try write(try TimedEntries(follower, journey).between(following.tick, minute), of: kept, occasion: minute.milliseconds)
                written.insert(kept.number)
            }
        }
        try readInstants(of: written)
        return max(minute, following.tick)
    }

    /// A journey in the version in which people begin.
    private func current(_ id: String) -> (kept: KeptJourney, journey: Journey)? {
        following.roster[id].flatMap { kept, decider in decider.versions[decider.current].map { (kept, $0) } }
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

    /// Whether everyone else follows the canaries of campaigns; one whose canaries fared badly pauses.
    private mutating func judgeCanaries(at now: Timestamp) throws {
        var judged: Set<Int64> = []
        for (kept, journey) in following.roster.campaigns.compactMap(current) where following.held.contains(kept.number) || following.instants[kept.number] != nil {
            let verdict = try CampaignPlan(follower, kept, journey)?.judge(at: now)
            let wasHeld = following.held.remove(kept.number) != nil
            if verdict == .holds { following.held.insert(kept.number) }
            if verdict == .stops { following.forget(kept.id) }
            if verdict != nil || wasHeld { judged.insert(kept.number) }
        }
        try readInstants(of: judged)
    }

    /// A campaign of so many in a minute that nobody looked at for some seconds, as while the server was down, goes on at the same distances.
    private mutating func keepPace(at now: Timestamp) throws {
        var moved: Set<Int64> = []
        for (kept, journey) in following.roster.campaigns.compactMap(current) where !following.held.contains(kept.number) && following.instants[kept.number] ?? .max < now.milliseconds - FollowRound.lateMs.lowerBound {
            guard case .campaign(let campaign) = journey.trigger, let perMinute = campaign.perMinute else { continue }
            let late = now.milliseconds - min(FollowRound.lateMs.upperBound, max(FollowRound.lateMs.lowerBound, 3 * 60_000 / Int64(max(1, perMinute))))
            try follower.store.database.pool.write { db in
                guard let first = try EntryTable.next(journey: kept.number, db), first < late else { return }
                // By people's own clocks only those whose hour it was, as after a pause.
                try EntryTable.shift(journey: kept.number, by: now.milliseconds - first, upTo: campaign.isLocal ? now.milliseconds : .max, db)
                moved.insert(kept.number)
            }
        }
        try readInstants(of: moved)
    }

    /// How late the next of a campaign is before those behind it are put off as well: three of its distances, within these bounds.
    private static let lateMs: ClosedRange<Int64> = 5_000...60_000

    /// Who begins now by a schedule, a date or a campaign.
    private func dueEntries(at now: Timestamp) throws -> (items: [Item], numbers: [Int64]) {
        let journeys = following.instants.journeys(upTo: now)
        guard !journeys.isEmpty else { return ([], []) }
        let due = try follower.store.database.pool.read { db in try EntryTable.due(at: now, journeys: journeys.sorted(), held: following.held, limit: FollowRound.timersMaximum, db) }
        let items = due.compactMap { entry in
            following.roster.live(entry.journey).map { kept, decider in
                var item = Item(who: .profile(entry.owner), heard: [(kept.id, decider.versions.mapValues { _ in Happening(.entry, at: entry.at) })])
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
    /// - Returns: the journeys about which something was decided, by number.
    mutating func decide(_ items: [Item], due: [RunTable.Due], at horizon: Timestamp, also: (Database) throws -> Void) throws -> Set<Int64> {
        let view = try follower.engine.view()
        // Who is who is read once, so that nobody is two people in one round.
        var people = PeopleOfRound(follower, view)
        let (whose, ringing) = people.find(items.map(\.who), due)
        let (roster, events, following) = (following.roster, events, following)
        let count = try follower.store.database.pool.write { db in
            var counts = RunCounts()
            var decisions = RoundDecisions(follower, roster, events, db)
            for (item, whose) in zip(items, whose) {
                guard let (person, bearer) = whose else { continue }
                if let receipt = item.receipt, let kept = following.kept(receipt.journey) {
                    _ = try person.deciding(kept.number, db) { runs in
                        receipt.note(in: &runs)
                        return []
                    }
                }
                for (journey, happenings) in item.heard {
                    guard let standing = roster[journey] else { continue }
                    let (kept, decider) = standing
                    if let at = happenings.values.first?.at { try decisions.ring(originsOf: journey, for: person, at: at) }
                    // Who walks nowhere is moved by nothing but what somebody listens to.
                    guard try happenings.contains(where: { $1.kind != .event || !$1.heard.isEmpty }) || person.isIn(kept.number, db) else { continue }
                    try decisions.decide(standing, person) { runs in
                        if let campaign = item.campaign, !follower.takes(campaign, happenings.values.first, decider, person, runs) { return [] }
                        return decider.take(happenings, by: person.id, bearer: bearer, person.answers, &runs)
                    }
                }
            }
            for (person, number) in ringing {
                guard let standing = roster.live(number) else { continue }
                let decider = standing.decider
                try decisions.ring(originsOf: standing.kept.id, for: person, at: horizon)
                try decisions.decide(standing, person) { runs in
                    let actions = decider.advance(to: horizon, person.answers, &runs)
                    JourneyRun.endStuck(&runs, at: horizon, decider)
                    return actions
                }
            }
            try people.findParted(db)
            for person in people.all { try person.write(&counts, db) }
            try counts.write(db)
            try IntentTable.insert(decisions.intents, db)
            try also(db)
            return decisions.intents.count
        }
        if count > 0 { follower.announce() }
        return people.all.reduce(into: []) { $0.formUnion($1.touched) }
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
