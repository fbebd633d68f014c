import GRDB
import Privacy
public import Segments
public import Storage
import Synchronization
public import Vocabulary

/// A journey as it stands: what was written last, and which version people begin in.
public struct KeptJourney: Sendable {
    public let id: String
    /// Its row in the tables of runs.
    public let number: Int64
    public let document: JourneyDocument
    public let journey: Journey
    /// Of what was written last.
    public let version: Int64
    public let savedAt: Timestamp
    public let author: String
    public internal(set) var state: JourneyDecider.State
    /// In which people begin; 0 before it was ever started.
    public internal(set) var liveVersion: Int64
    /// What was received earlier begins nothing; of one that is stopped, when it was.
    public internal(set) var since: Timestamp

    /// Whether it decides, and is called, as another does.
    func standsAs(_ other: KeptJourney) -> Bool { (number, version, state, liveVersion, since) == (other.number, other.version, other.state, other.liveVersion, other.since) }
}

/// Where one stood in the list of journeys, in the order of names.
public struct JourneyPlace: Sendable {
    private let name: String
    private let id: String

    init(_ kept: KeptJourney) { (name, id) = (kept.journey.name, kept.id) }

    /// Nil for what no list has given out.
    public init?(_ text: String) {
        guard let bytes = Base64URL.decode(text), let plain = String(validating: bytes, as: UTF8.self), case let parts = plain.split(separator: "\0", maxSplits: 1, omittingEmptySubsequences: false), parts.count == 2 else { return nil }
        (id, name) = (String(parts[0]), String(parts[1]))
    }

    public var text: String { Base64URL.encode(Array("\(id)\0\(name)".utf8)) }

    func isBefore(_ kept: KeptJourney) -> Bool { (name, id) < (kept.journey.name, kept.id) }
}

/// The journeys of a workspace: versioned documents, and where each stands.
public final class JourneyStore: Sendable {
    static let kind = "journey"
    public static let countMaximum = 10_000
    private let documents: Documents
    let database: DatabaseFile
    private let current: Mutex<[String: KeptJourney]>
    /// Versions that people walk in, by journey and number.
    private let versions = Mutex<[String: [Int64: Journey]]>([:])
    private let changing = Mutex<Void>(())

    /// - Parameters:
    ///   - documents: where journeys are kept.
    ///   - database: where runs are.
    public init(_ documents: Documents, _ database: DatabaseFile) throws {
        (self.documents, self.database) = (documents, database)
        var all: [String: KeptJourney] = [:]
        let states = try database.pool.read { db in
            try GRDB.Row.fetchAll(db, sql: "SELECT id, number, state, version, since FROM decisions_journey").reduce(into: [String: (Int64, JourneyDecider.State, Int64, Int64)]()) { states, row in
                let values = Array(row.databaseValues)
                guard values.count == 5, let id = String.fromDatabaseValue(values[0]), let number = Int64.fromDatabaseValue(values[1]), let state = String.fromDatabaseValue(values[2]).flatMap(JourneyDecider.State.init),
                    let version = Int64.fromDatabaseValue(values[3]), let since = Int64.fromDatabaseValue(values[4])
                else { return }
                states[id] = (number, state, version, since)
            }
        }
        for document in try documents.list(JourneyStore.kind) {
            guard let written = JourneyDocument(stored: document.body), let journey = try? Journey(json: written.json), let state = states[document.id] else { continue }
            all[document.id] = KeptJourney(
                id: document.id, number: state.0, document: written, journey: journey, version: document.version, savedAt: document.at, author: document.author, state: state.1, liveVersion: state.2,
                since: Timestamp(clamping: state.3))
        }
        current = Mutex(all)
    }

    /// In the order of their names.
    public var all: [KeptJourney] { current.withLock { Array($0.values) }.sorted { ($0.journey.name, $0.id) < ($1.journey.name, $1.id) } }

    /// Some of them in the order of their names.
    ///
    /// - Parameters:
    ///   - part: what stands in their names, in either case.
    ///   - after: the place of the last that was seen, which may be gone since.
    /// - Returns: `next` is behind which to go on, nil at the end.
    public func page(named part: String = "", after: JourneyPlace? = nil, limit: Int) -> (journeys: [KeptJourney], next: JourneyPlace?) {
        let part = part.lowercased()
        let found = all.filter { kept in (part.isEmpty || kept.journey.name.lowercased().contains(part)) && after.map { $0.isBefore(kept) } ?? true }
        return (Array(found.prefix(limit)), found.count > limit ? JourneyPlace(found[limit - 1]) : nil)
    }

    /// Those that were ever started, by id.
    var started: [String: KeptJourney] { current.withLock { $0 }.filter { $1.liveVersion > 0 } }

    /// Whether what happens may change something in a journey that was started: until it is stopped, and for as long behind that as orders count.
    func hears(_ kept: KeptJourney, at now: Timestamp) -> Bool {
        guard kept.state == .stopped else { return kept.state != .draft }
        guard let goal = journey(kept.id, version: kept.liveVersion)?.goal else { return false }
        return goal.within.milliseconds.map { now.milliseconds < kept.since.milliseconds + $0 } ?? true
    }

    /// Those that are live or paused, each in the version in which people begin.
    public var running: [(id: String, journey: Journey)] {
        all.filter { $0.state == .live || $0.state == .paused }.compactMap { kept in journey(kept.id, version: kept.liveVersion).map { (id: kept.id, journey: $0) } }
    }

    /// By id or name.
    public func find(_ name: String) -> KeptJourney? { current.withLock { all in all[name] ?? all.values.first { $0.journey.name == name } } }

    /// One version as it was written; nil where there is none.
    public func document(_ id: String, version: Int64) throws -> JourneyDocument? {
        try documents.versions(JourneyStore.kind, id, before: version == .max ? version : version + 1, limit: 1).first { $0.version == version }.flatMap { JourneyDocument(stored: $0.body) }
    }

    /// Its versions, newest first, with who wrote them and when.
    public func history(_ id: String, limit: Int) throws -> [(version: Int64, at: Timestamp, author: String)] { try documents.versions(JourneyStore.kind, id, limit: limit).map { ($0.version, $0.at, $0.author) } }

    /// One version, read; kept in memory from then on.
    func journey(_ id: String, version: Int64) -> Journey? {
        if let known = versions.withLock({ $0[id]?[version] }) { return known }
        guard let document = try? document(id, version: version), let journey = try? Journey(json: document.json) else { return nil }
        versions.withLock { $0[id, default: [:]][version] = journey }
        return journey
    }

    // MARK: - Changing

    /// Makes a journey, as a draft, or writes a new version of it; who is in it goes on as before until it is started anew.
    ///
    /// - Parameters:
    ///   - id: an id that is not yet taken makes a new one.
    ///   - seen: the version that whoever writes has seen; nil where that does not matter.
    /// - Throws: ``JourneyFault`` for a document that cannot be read; ``Refusal`` for a name that another has, and for too many.
    public func save(_ id: String, _ document: JourneyDocument, replacing seen: Int64? = nil, knowing known: KnownNames = KnownNames(), author: String, at: Timestamp) throws -> KeptJourney {
        let journey = try Journey(json: document.json, knowing: known)
        return try changing.withLock { _ in
            if let other = current.withLock({ $0.values.first { $0.journey.name == journey.name && $0.id != id } }) {
                throw Refusal(400, "journey.name-taken", "The journey \(other.id) is called so already.", remedy: "Choose another name, or change that one.")
            }
            let before = current.withLock { $0[id] }
            guard before != nil || current.withLock({ $0.count }) < JourneyStore.countMaximum else {
                throw Refusal(400, "journey.too-many", "There are \(JourneyStore.countMaximum) journeys already.", remedy: "Delete those that nobody walks.")
            }
            let number = try database.pool.write { db in
                if let known = try Int64.fetchOne(db, sql: "SELECT number FROM decisions_journey WHERE id = ?", arguments: [id]) { return known }
                let number = try RunTable.newNumber(db)
                try db.execute(sql: "INSERT INTO decisions_journey (number, id, state, version, since) VALUES (?, ?, 'draft', 0, ?)", arguments: [number, id, at.milliseconds])
                return number
            }
            let version = try documents.put(JourneyStore.kind, id, document.stored, replacing: seen, author: author, at: at)
            let kept = KeptJourney(
                id: id, number: number, document: document, journey: journey, version: version, savedAt: at, author: author, state: before?.state ?? .draft, liveVersion: before?.liveVersion ?? 0,
                since: before?.since ?? at)
            current.withLock { $0[id] = kept }
            return kept
        }
    }

    /// Takes a journey away that nobody walks.
    ///
    /// - Returns: false where there is none.
    public func delete(_ id: String, author: String, at: Timestamp) throws -> Bool {
        try changing.withLock { _ in
            guard let kept = current.withLock({ $0[id] }) else { return false }
            guard kept.state == .draft || kept.state == .stopped else {
                throw Refusal(400, "journey.running", "The journey is \(kept.state.rawValue).", remedy: "Stop it first; that ends the runs of everyone in it.")
            }
            _ = try documents.put(JourneyStore.kind, id, nil, author: author, at: at)
            try database.pool.write { db in
                try EntryTable.remove(journey: kept.number, db)
                for table in ["decisions_run", "decisions_count", "decisions_canary"] { try db.execute(sql: "DELETE FROM \(table) WHERE journey = ?", arguments: [kept.number]) }
                try RunTable.removeCursors(of: kept.number, db)
                try db.execute(sql: "DELETE FROM decisions_journey WHERE number = ?", arguments: [kept.number])
            }
            current.withLock { $0[id] = nil }
            versions.withLock { $0[id] = nil }
            return true
        }
    }

    /// Notes where a journey stands; written by whoever moves runs, in the same transaction.
    func set(_ id: String, _ state: JourneyDecider.State, liveVersion: Int64, since: Timestamp, _ db: Database) throws {
        try db.execute(sql: "UPDATE decisions_journey SET state = ?, version = ?, since = ? WHERE id = ?", arguments: [state.rawValue, liveVersion, since.milliseconds, id])
        current.withLock { all in
            all[id]?.state = state
            all[id]?.liveVersion = liveVersion
            all[id]?.since = since
        }
    }

    /// Pauses, and notes since when.
    func pause(_ kept: KeptJourney, at: Timestamp, _ db: Database) throws {
        try RunTable.setCursor("paused:\(kept.number)", at.milliseconds, db)
        try set(kept.id, .paused, liveVersion: kept.liveVersion, since: kept.since, db)
    }

    /// Those whose turn came in the pause come as much later as the pause was long. Of a campaign that goes to everyone by one clock all do, so that they keep their distances; by people's own clocks,
    /// and by dates and schedules, whoever comes later comes at their hour.
    func resume(_ kept: KeptJourney, at: Timestamp, _ db: Database) throws {
        guard let since = try RunTable.cursor("paused:\(kept.number)", db) else { return }
        guard let first = try EntryTable.next(journey: kept.number, db), first <= at.milliseconds else { return }
        let keepsDistances = if case .campaign(let campaign) = live(kept).journey.trigger { !campaign.isLocal } else { false }
        try EntryTable.shift(journey: kept.number, by: max(0, at.milliseconds - since), upTo: keepsDistances ? .max : at.milliseconds, db)
    }

    // MARK: - Deciding

    /// What decides about everyone in a journey; nil where none was started.
    ///
    /// - Parameter versions: in which there are people.
    func decider(_ kept: KeptJourney, versions: Set<Int64>) -> JourneyDecider? {
        guard kept.liveVersion > 0 else { return nil }
        var journeys: [Int64: Journey] = [:]
        for version in versions.union([kept.liveVersion]) { journeys[version] = journey(kept.id, version: version) }
        guard journeys[kept.liveVersion] != nil else { return nil }
        return JourneyDecider(id: kept.id, current: kept.liveVersion, versions: journeys, state: kept.state, since: kept.since)
    }
}
