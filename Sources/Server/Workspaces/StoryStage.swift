import Decisions
import EventLog
import Foundation
import Identity
import Ingest
import Privacy
import Profiles
import Segments
import Storage
import Synchronization
import Vocabulary

/// A small world of its own in which a story happens: the real stages on a folder that is gone afterwards, with nobody in it but the story's person.
final class StoryStage {
    private let folder: String
    private let log: EventLog
    private let graph: IdentityGraph
    private let columns: ProfileColumns
    private let lock = StateLock()
    private let follower: JourneyFollower
    private let ingest: Ingest
    private let hasher: MessageHasher
    private let source: Source
    private let reader: ProfileReader
    private let accounts: Accounts
    private let clock: StoryClock
    private var messageCount = 0
    /// The keys of what the journey itself has written.
    private var written: Set<String> = []
    /// A journey that writes again and again would have no end.
    private static let writesMaximum = 200
    private static let tooMuch = "the journey's steps write more than \(writesMaximum) traits and events in this story, which is played no further"
    private static let person = "story"

    /// Where a workspace's stories happen.
    private static func folder(of place: String) -> String { "\(place)/stories" }

    /// Removes what a crash left of stories; at a start, before there are any.
    static func clear(_ place: String) { try? FileManager.default.removeItem(atPath: folder(of: place)) }

    /// - Parameter place: whose segments, lists and computed traits conditions may name.
    init(in place: Workspace) throws {
        Folder.make(StoryStage.folder(of: place.folder))
        folder = "\(StoryStage.folder(of: place.folder))/\(UUID().uuidString.lowercased())"
        Folder.make(folder)
        let key = WorkspaceKey(bytes: [UInt8](repeating: 7, count: 32))
        let database = try DatabaseFile(
            path: "\(folder)/workspace.sqlite",
            migrations: Documents.migrations + SuppressionList.migrations + ConsentLedger.migrations + Quarantine.migrations + ImportHistory.migrations + IntentTable.migrations + RunTable.migrations)
        log = try EventLog(folder: "\(folder)/log")
        hasher = MessageHasher(secret: key.keyedHash(Array("messages".utf8)))
        let ledger = try ConsentLedger(database, key: key) { Workspace.oneForm(ofAddress: $0) }
        let sources = try Sources(Documents(database))
        source = try sources.create(name: "story", author: "story", at: Timestamp(clamping: 0))
        let graph = IdentityGraph(folder: "\(folder)/identity", secret: key.keyedHash(Array("profiles".utf8)))
        let store = ProfileStore(folder: "\(folder)/profiles", graph: graph, isZone: ZoneRules.knows)
        let columns = ProfileColumns(folder: "\(folder)/columns", graph: graph, store: store)
        let accounts = Accounts(folder: "\(folder)/accounts", graph: graph, store: store, columns: columns, lock: lock, log: log)
        (self.graph, self.columns, self.accounts) = (graph, columns, accounts)
        let profiles = Profiles(store: store, graph: graph, lock: lock, log: log, ledger: ledger)
        ledger.together.set { [lock] identifier, position in lock.reading { graph.identifiers(knownWith: identifier, by: position) } }
        ledger.isMember.set { identifiers, account, asOf in accounts.standing(of: identifiers, in: account, asOf: asOf) == .member }
        reader = profiles.reader(for: .service)
        let objectors = Objectors(ledger: ledger, graph: graph, purpose: .analytics)
        let computed = place.computed
        let engine = SegmentEngine(columns: columns, objectors: objectors, lock: lock, log: log, pool: place.engine.pool, computed: { computed.find($0) })
        let clock = StoryClock()
        self.clock = clock
        follower = JourneyFollower(
            store: try JourneyStore(Documents(database), database), log: log, graph: graph, columns: columns, lock: lock, engine: engine, reader: reader, segments: place.segments.conditions) { clock.now }
        let lock = lock
        let naming = Admission.Naming(EventNaming(.usual))
        ingest = try Ingest(
            log: log, messages: MessageIndex(folder: "\(folder)/messages", hasher: hasher, log: log), database: database, sources: sources, admission: Admission(try SuppressionList(database, key: key)) { naming },
            ledger: ledger, startedAt: Timestamp(clamping: 0), backlog: { _ in Ingest.Backlog(bytes: 0, milliseconds: 0) }
        ) { batches in
            for batch in batches where !batch.entries.isEmpty {
                lock.writing {
                    graph.apply(batch)
                    store.apply(batch)
                    columns.apply(batch)
                    accounts.apply(batch)
                }
            }
        }
    }

    deinit {
        ingest.close()
        columns.drain()
        log.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Plays a story and says what the journey did otherwise; nothing where it kept it.
    func failures(of story: JourneyStory, _ journey: Journey) async throws -> [String] {
        func at(_ after: Int64) -> Timestamp { Timestamp(clamping: story.begin.milliseconds + after) }
        // Who they are is known before anything happens.
        try await send(.identify, "traits", story.traits ?? JSONText(trusted: Array("{}".utf8)), at: at(-1000))
        guard let profile = try reader.profile(Identifier(.userId, StoryStage.person)), let id = ProfileID(profile.id) else { return ["the story's person could not be made"] }
        var put: [(profile: ProfileID, at: Timestamp, data: JSONText?)] = []
        var failures: [String] = []
        var since = at(-1000)
        /// Plays what is due up to an instant, and writes down what the journey itself writes until then; nil where that is too much.
        func play(to time: Timestamp) async throws -> Rehearsal? {
            // What is due at this instant has happened.
            let end = Timestamp(clamping: time.milliseconds + 1)
            clock.now = end
            while true {
                let rehearsal = try follower.rehearse(journey, id: "story", from: at(-2000), to: end, limit: 10_000, started: story.begin, lots: story.lots, put: put, keepsWrites: true)
                let open = rehearsal.writes.filter { !written.contains($0.key) && StoryStage.instant(of: $0) < end }
                // What is written first may change what comes after it.
                guard let first = open.map(\.decidedAt).min() else { return rehearsal }
                for intent in open where intent.decidedAt == first {
                    guard written.count < StoryStage.writesMaximum else { return nil }
                    written.insert(intent.key)
                    try await write(intent)
                }
            }
        }
        for (after, line, place) in story.lines {
            // Before the next line happens, what the journey wrote since the one before stands in the log.
            if journey.writes, try await play(to: at(after)) == nil { return failures + [StoryStage.tooMuch] }
            switch line {
            case .event(let name, let properties): try await send(.track, "properties", properties, name: name, at: at(after))
            case .page(let name, let properties): try await send(.page, "properties", properties, name: name, at: at(after))
            case .traits(let traits): try await send(.identify, "traits", traits, at: at(after))
            case .enter(let data): put.append((id, at(after), data))
            case .expect(let expectation):
                guard let rehearsal = try await play(to: at(after)) else { return failures + [StoryStage.tooMuch] }
                failures += story.failures(of: expectation, at: place, rehearsal, since: since)
                since = Timestamp(clamping: at(after).milliseconds + 1)
            }
        }
        return failures
    }

    /// A millisecond after it was decided: live it is a moment later as well, so that what is asked in the same instant does not see it.
    private static func instant(of intent: Intent) -> Timestamp { Timestamp(clamping: intent.decidedAt.milliseconds + 1) }

    /// Puts into the log what a step of the journey writes, as the outbox does.
    private func write(_ intent: Intent) async throws {
        guard case .record(let call) = intent.effect else { return }
        let time = StoryStage.instant(of: intent)
        var w = JSONWriter()
        w.object { w in
            w.key("batch")
            w.array { w in
                w.object { w in
                    w.member("messageId", "intent:\(intent.key)")
                    w.member("userId", StoryStage.person)
                    w.member("timestamp", time)
                    for (key, value) in call.members {
                        w.key(key)
                        w.raw(value.bytes)
                    }
                }
            }
        }
        var body = w.bytes
        let result = Result { () throws(JSONError) -> DecodedCall in try EventDecoder.decode(&body, as: .batch, in: CallContext(receivedAt: time, isOwn: true)) { _ in "" } }
        // What the log does not take is not written live, either.
        guard case .success(var decoded) = result else { return }
        _ = try await ingest.accept(&decoded, from: .martlet, shape: .batch, hasher: hasher, receivedAt: time, wantsVerdicts: true)
    }

    private func send(_ type: EventType, _ member: String, _ value: JSONText?, name: String? = nil, at time: Timestamp) async throws {
        messageCount += 1
        var w = JSONWriter()
        w.object { w in
            w.member("messageId", "story-\(messageCount)")
            w.member("userId", StoryStage.person)
            w.member("timestamp", time)
            if let name { w.member(type == .track ? "event" : "name", name) }
            if let value {
                w.key(member)
                w.raw(value.bytes)
            }
        }
        var body = w.bytes
        let result = Result { () throws(JSONError) -> DecodedCall in try EventDecoder.decode(&body, as: .single(type), in: CallContext(receivedAt: time)) { _ in "" } }
        guard case .success(var call) = result else { throw Refusal(400, "journey.story-event", "An event of the story cannot be read.", remedy: "Write `properties` and `traits` as objects.") }
        let answer = try await ingest.accept(&call, from: source, shape: .single(type), hasher: hasher, receivedAt: time, wantsVerdicts: true)
        guard answer.verdicts.allSatisfy({ $0.status == .accepted }) else { throw Refusal(400, "journey.story-event", "An event of the story is refused.", remedy: "Write `properties` and `traits` as objects, and names of at most 200 bytes.") }
    }
}

/// What time it is in a story: dates are looked for by it, whatever the machine's clock says.
private final class StoryClock: Sendable {
    private let time = Mutex(Timestamp(clamping: 0))
    var now: Timestamp {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }
}
