import EventLog
import GRDB
import Identity
import Vocabulary

/// Somebody came into a journey or left it, by which another may begin.
struct JourneyPassage {
    /// Of the run: by which it is the person's.
    let owner: ProfileID
    let instance: String
    let at: Timestamp
    /// Why they left; nil where they came in.
    let reason: String?

    /// What has passed between two states of somebody's runs, in the order of its instants. Who is held out has come into nothing, and who goes on in another run has left nothing.
    static func between(_ before: [JourneyRun], _ after: [JourneyRun]) -> [JourneyPassage] {
        var old: [Name: JourneyRun] = [:]
        for run in before { old[Name(run)] = run }
        var found: [JourneyPassage] = []
        for run in after where run.hasEntered && !run.isHeldOut {
            let old = old[Name(run)]
            if !(old?.hasEntered ?? false) { found.append(JourneyPassage(owner: run.owner, instance: run.instance, at: run.enteredAt, reason: nil)) }
            guard let end = run.end, old?.end == nil, !goingOn.contains(end.reason) else { continue }
            found.append(JourneyPassage(owner: run.owner, instance: run.instance, at: end.at, reason: end.reason))
        }
        return found.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    private static let goingOn: Set<String> = ["merged", "restarted", "version-gone"]

    private struct Name: Hashable {
        let owner: ProfileID
        let instance: String
        let start: String
        init(_ run: JourneyRun) { (owner, instance, start) = (run.owner, run.instance, run.start) }
    }

    /// What it hands to a journey that begins by it, and that journey's templates see.
    func data(of name: String) -> JSONText {
        var w = JSONWriter()
        w.object { w in
            w.member("journey", name)
            w.member("key", instance)
            if let reason { w.member("reason", reason) }
        }
        return w.text
    }
}

/// What one round decides within its transaction: for one person in one journey after another, and in those that begin by it, at once and at the same instant.
struct RoundDecisions {
    private let follower: JourneyFollower
    private let roster: JourneyRoster
    private let events: [LogPosition: EventView]
    private let db: Database
    private(set) var intents: [Intent] = []

    init(_ follower: JourneyFollower, _ roster: JourneyRoster, _ events: [LogPosition: EventView], _ db: Database) { (self.follower, self.roster, self.events, self.db) = (follower, roster, events, db) }

    mutating func decide(_ standing: JourneyRoster.Standing, _ person: PersonOfRound, _ body: (inout [JourneyRun]) -> [JourneyAction]) throws {
        var next = try passages(of: standing, person, body)
        // No call within a call: there may be thousands in a row.
        while let (standing, happening, bearer) = next.popLast() {
            next += try passages(of: standing, person) { runs in standing.decider.take(standing.decider.versions.mapValues { _ in happening }, by: person.id, bearer: bearer, person.answers, &runs) }
        }
    }

    /// Decides in one journey.
    ///
    /// - Returns: what begins in others by it, the first at the end.
    private mutating func passages(of standing: JourneyRoster.Standing, _ person: PersonOfRound, _ body: (inout [JourneyRun]) -> [JourneyAction]) throws -> [(JourneyRoster.Standing, Happening, bearer: ProfileID)] {
        let (kept, decider) = standing
        let followers = roster.followers(of: kept).compactMap { roster[$0] }
        var passages: [JourneyPassage] = []
        let actions = try person.deciding(kept.number, db) { runs in
            guard !followers.isEmpty else { return body(&runs) }
            let before = runs
            let actions = body(&runs)
            passages = JourneyPassage.between(before, runs)
            return actions
        }
        intents += actions.map { follower.intent($0, (kept.id, kept.journey.name), events) }
        return passages.reversed().flatMap { passage in
            followers.reversed().compactMap { next in
                guard case .journey(let trigger) = next.decider.versions[next.decider.current]?.trigger else { return nil }
                // What was due while the journey was paused begins what others do only now: they have gone on meanwhile.
                return (next, Happening(.passage(trigger.journey, reason: passage.reason), at: max(passage.at, decider.since), data: passage.data(of: kept.journey.name)), passage.owner)
            }
        }
    }

    /// Lets somebody's timers ring in the journeys that come before one that begins by another, which else would be ahead of what they put into it.
    mutating func ring(originsOf id: String, for person: PersonOfRound, at time: Timestamp) throws {
        for origin in roster.origins(of: id).reversed() {
            guard let standing = roster[origin], try person.isIn(standing.kept.number, db) else { continue }
            try decide(standing, person) { runs in standing.decider.advance(to: time, person.answers, &runs) }
        }
    }
}
