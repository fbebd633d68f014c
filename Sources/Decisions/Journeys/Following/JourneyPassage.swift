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

    /// As a journey hears it that it begins.
    func happening(_ trigger: PassageTrigger, of name: String) -> Happening {
        var w = JSONWriter()
        w.object { w in
            w.member("journey", name)
            w.member("key", instance)
            if let reason { w.member("reason", reason) }
        }
        let data = w.text
        return Happening(.passage(trigger.journey, reason: reason), at: at, data: data) { path in path.hasPrefix("data.") ? data.value(at: String(path.dropFirst(5))) : nil }
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
        let kept = standing.kept
        let followers = roster.followers(of: kept)
        var passages: [JourneyPassage] = []
        let actions = try person.deciding(kept.number, db) { runs in
            guard !followers.isEmpty else { return body(&runs) }
            let before = runs
            let actions = body(&runs)
            passages = JourneyPassage.between(before, runs)
            return actions
        }
        intents += actions.map { follower.intent($0, (kept.id, kept.journey.name), events) }
        for passage in passages {
            for next in followers.compactMap({ roster[$0] }) {
                guard case .journey(let trigger) = next.decider.versions[next.decider.current]?.trigger else { continue }
                let happening = passage.happening(trigger, of: kept.journey.name)
                try decide(next, person) { runs in next.decider.take(next.decider.versions.mapValues { _ in happening }, by: person.id, bearer: passage.owner, person.answers, &runs) }
            }
        }
    }
}
