import GRDB
import Identity
import Profiles
import Segments
import Vocabulary

/// The people whom one round decides about, each once, however often something happened to them.
struct PeopleOfRound {
    private let follower: JourneyFollower
    private let view: ColumnView
    private var known: [Node: PersonOfRound] = [:]
    /// People whom the graph does not know any more, by the id under which their runs stand.
    private var gone: [ProfileID: PersonOfRound] = [:]

    init(_ follower: JourneyFollower, _ view: ColumnView) { (self.follower, self.view) = (follower, view) }

    var all: [PersonOfRound] { Array(known.values) + Array(gone.values) }

    /// - Returns: for each item its person and by which id it is theirs, nil for what is nobody's; and whose timers are due in which journeys, each once.
    mutating func find(_ items: [FollowRound.Item.Who], _ due: [RunTable.Due]) -> (whose: [(person: PersonOfRound, bearer: ProfileID)?], due: [(person: PersonOfRound, journey: Int64)]) {
        follower.lock.reading {
            let graph = follower.graph
            let whose = items.map { who -> (person: PersonOfRound, bearer: ProfileID)? in
                let node = switch who {
                case .event(let event): graph.anchor(of: event)
                case .profile(let id): graph.find(id)
                }
                return node.map { (person($0), graph.bearerID($0)) }
            }
            var ringing: [(person: PersonOfRound, journey: Int64)] = []
            var seen: [ObjectIdentifier: Set<Int64>] = [:]
            for timer in due {
                let owner = follower.graph.find(timer.owner).map { person($0) } ?? lost(timer.owner)
                if seen[ObjectIdentifier(owner), default: []].insert(timer.journey).inserted { ringing.append((owner, timer.journey)) }
            }
            return (whose, ringing)
        }
    }

    /// Looks for those with whom somebody of these was counted and is one no more, so that both are counted anew.
    mutating func findParted(_ db: Database) throws {
        for (journey, id) in all.flatMap(\.parted) {
            let other = follower.lock.reading { follower.graph.find(id).map { person($0) } } ?? lost(id)
            _ = try other.deciding(journey, db) { _ in [] }
        }
    }

    private mutating func person(_ node: Node) -> PersonOfRound {
        let root = follower.graph.root(of: node)
        if let person = known[root] { return person }
        let members = follower.graph.members(node)
        let id = follower.graph.id(node)
        let (reader, text) = (follower.reader, id.text)
        let answers = EngineAnswers(follower.engine, view, row: follower.columns.row(of: node), segments: follower.segments) { ((try? reader.profile(id: text)) ?? nil)?.timeZone }
        let person = PersonOfRound(id, ids: members.map(follower.graph.ownID), answers)
        known[root] = person
        return person
    }

    private mutating func lost(_ id: ProfileID) -> PersonOfRound {
        if let person = gone[id] { return person }
        let person = PersonOfRound(id, ids: [id], EngineAnswers(follower.engine, view, row: nil, segments: follower.segments) { nil })
        gone[id] = person
        return person
    }
}

/// One person and their runs while a round lasts.
final class PersonOfRound {
    /// As they are known now.
    let id: ProfileID
    private let ids: [ProfileID]
    let answers: EngineAnswers
    private var runs: [Int64: [JourneyRun]] = [:]
    private var before: [Int64: JourneyRun] = [:]
    /// The journeys about which something was decided.
    private(set) var touched: Set<Int64> = []
    /// Those in which they had runs before; nil until somebody asks.
    private var journeys: Set<Int64>?

    /// - Parameter ids: every id that they ever had.
    init(_ id: ProfileID, ids: [ProfileID], _ answers: EngineAnswers) { (self.id, self.ids, self.answers) = (id, ids, answers) }

    /// Has `body` decide about their runs of one journey, which are read when it is first asked for.
    func deciding(_ journey: Int64, _ db: Database, _ body: (inout [JourneyRun]) -> [JourneyAction]) throws -> [JourneyAction] {
        if touched.insert(journey).inserted {
            let read = try RunTable.runs(of: ids, journey: journey, db).map(\.run)
            for run in read { if let number = run.number { before[number] = run } }
            runs[journey] = read
        }
        var own = runs.removeValue(forKey: journey) ?? []
        let actions = body(&own)
        runs[journey] = own
        return actions
    }

    /// Whether they have runs in a journey.
    func isIn(_ journey: Int64, _ db: Database) throws -> Bool {
        if touched.contains(journey) { return !(runs[journey] ?? []).isEmpty }
        let known = try journeys ?? RunTable.journeys(of: ids, db)
        journeys = known
        return known.contains(journey)
    }

    /// With whom they were counted who is somebody else now, by journey.
    var parted: [(journey: Int64, id: ProfileID)] {
        runs.flatMap { journey, own in Set(own.compactMap(\.countedWith)).subtracting(ids).map { (journey, $0) } }
    }

    /// Writes what has changed.
    func write(_ counts: inout RunCounts, _ db: Database) throws {
        for journey in touched {
            var own = runs[journey] ?? []
            counts.count(personOf: &own, journey: journey)
            for run in own {
                let old = run.number.flatMap { before[$0] }
                guard run != old else { continue }
                counts.add(run, before: old, journey: journey)
                try RunTable.write(run, journey: journey, db)
            }
        }
    }
}
