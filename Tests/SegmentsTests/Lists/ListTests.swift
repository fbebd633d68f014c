import Columnar
import EventLog
import Identity
import Ingest
import Profiles
import Segments
import Storage
import TestSupport
import Testing
import Vocabulary

/// Who is on lists while people are met, merge and are forgotten and entries come, go and expire, beside the entries looked up one by one.
@Suite("Static lists")
struct ListTests {
    /// A world with lists of its own, followed live.
    private final class Listing {
        let world: World
        let database: DatabaseFile
        let rows: ListRows
        let lists: ListStore
        let engine: SegmentEngine
        let segments: SegmentStore
        let live: LiveSegments

        init() throws {
            let world = try World(clock: StoryClock(Timestamp("2026-07-01")!))
            let database = try DatabaseFile(path: "\(world.folder.path)/lists.sqlite", migrations: ListStore.migrations)
            let rows = ListRows(graph: world.stages.graph, columns: world.stages.columns, lock: world.stages.lock)
            let lists = try ListStore(database, rows: rows)
            try lists.load()
            let objectors = Objectors(ledger: world.stages.ledger, graph: world.stages.graph, purpose: .analytics)
            let engine = SegmentEngine(columns: world.stages.columns, objectors: objectors, lock: world.stages.lock, log: world.stages.log, pool: QueryPool(threads: 2), lists: rows)
            let segments = try SegmentStore(Documents(world.stages.database), lists: lists)
            (self.world, self.database, self.rows, self.lists, self.engine, self.segments) = (world, database, rows, lists, engine, segments)
            let held = ClockBox(world.clock)
            live = LiveSegments(engine: engine, store: segments) { held.now }
            let live = live
            world.stages.follow { touched, merged in
                rows.apply(LogBatch(bytes: [], entries: []))
                live.applied(touched: touched, merged: merged)
            }
        }

        func list(_ name: String) throws -> StaticList {
            try lists.create(id: "lst_\(name)", name: name, note: "", source: "test", expiresAt: nil, author: "ada", at: world.clock.now)
        }

        func ids(_ condition: Condition, at now: Timestamp) throws -> Set<String> {
            let found = try engine.rows(condition, at: Moment(asOf: now), in: engine.view(), segments: segments.conditions)
            return Set(engine.profileIDs(found, limit: .max))
        }
    }

    /// The story's clock for other threads; the story moves it between their calls.
    private final class ClockBox: @unchecked Sendable {
        private let clock: StoryClock
        init(_ clock: StoryClock) { self.clock = clock }
        var now: Timestamp { clock.now }
    }

    @Test("agree with each entry looked up by itself, on random histories", arguments: Seed.some(5))
    func agree(_ seed: Seed) async throws {
        let listing = try Listing()
        let world = listing.world
        var random = Random(seed)
        let names = (0..<3).map { "l\($0)" }
        var slow: [String: [Identifier: Timestamp?]] = [:]
        for name in names { slow[try listing.list(name).handle] = [:] }
        for name in names {
            let condition = try Condition(text: "in list \"\(name)\" and not in list \"l0\" or in list \"l0\"")
            _ = try listing.segments.create(id: "seg_\(name)", name: name, note: "", condition: condition, zone: .utc, author: "ada", at: world.clock.now)
        }
        listing.live.segmentsChanged()
        let everyone = (0..<20).flatMap { [Identifier(.userId, "u\($0)"), Identifier(.anonymousId, "a\($0)"), Identifier(.email, "e\($0)@wren.example")] }
        var message = 0
        for _ in 0..<120 {
            let (a, b) = (random.below(20), random.below(20))
            message += 1
            let name = random.pick(names)
            let list = try #require(listing.lists.find(name))
            switch random.below(9) {
            case 0, 1: try await world.send("{\"batch\":[{\"type\":\"track\",\"event\":\"Order Completed\",\"messageId\":\"m\(message)\",\"userId\":\"u\(a)\"}]}")
            case 2: try await world.send("{\"batch\":[{\"type\":\"page\",\"messageId\":\"m\(message)\",\"anonymousId\":\"a\(a)\"}]}")
            case 3: try await world.send("{\"batch\":[{\"type\":\"identify\",\"messageId\":\"m\(message)\",\"userId\":\"u\(a)\",\"anonymousId\":\"a\(b)\",\"traits\":{\"email\":\"e\(b)@wren.example\"}}]}")
            case 4: try await world.send("{\"batch\":[{\"type\":\"alias\",\"messageId\":\"m\(message)\",\"userId\":\"u\(a)\",\"previousId\":\"\(random.pick(["a", "u"]))\(b)\"}]}")
            case 5, 6:
                let entries = (0..<4).map { _ in ListEntry(random.pick(everyone), expiresAt: random.chance(50) ? nil : Timestamp(clamping: world.clock.now.milliseconds + Int64(random.below(4_000_000)))) }
                let before = slow[name]?.count ?? 0
                // The last of several entries of one identifier need not be the one that stays.
                let unique = Dictionary(entries.map { ($0.identifier, $0) }, uniquingKeysWith: { $1 }).values
                let count = try listing.lists.add(Array(unique), to: list, author: "ada", at: world.clock.now)
                for entry in unique { slow[name]?[entry.identifier] = entry.expiresAt }
                #expect(count.added == (slow[name]?.count ?? 0) - before && count.added + count.present == unique.count)
            case 7:
                let gone = [random.pick(everyone), random.pick(everyone)]
                let removed = try listing.lists.remove(gone, from: list, author: "ada", at: world.clock.now)
                #expect(removed == Set(gone).count { slow[name]?.removeValue(forKey: $0) != nil })
            default:
                guard random.chance(25) else { break }
                let identifier = random.pick(everyone)
                let subject = world.stages.profiles.subject(identifier) ?? .init(identifiers: [identifier], positions: [])
                _ = try listing.lists.erase(subject)
                if world.stages.profiles.subject(identifier) != nil { try world.erase(identifier) }
                listing.live.forgot()
                for gone in subject.identifiers { for name in names { slow[name]?[gone] = nil } }
            }
            world.clock.now = Timestamp(clamping: world.clock.now.milliseconds + Int64(random.pick([1, 1000, 600_000])))
            let now = Timestamp(clamping: world.clock.now.milliseconds + 1)
            var wanted: [String: Set<String>] = [:]
            for name in names {
                let found = try Self.lookedUp(slow[name] ?? [:], in: world, at: now)
                wanted[name] = found
                #expect(try listing.ids(.test(ListTest(list: name)), at: now) == found, "seed \(seed.value), \(name) after \(message)")
                let entries = try listing.lists.entries(of: #require(listing.lists.find(name)), after: nil, limit: 1000)
                #expect(Dictionary(uniqueKeysWithValues: entries.map { ($0.stored.entry.identifier, $0.stored.entry.expiresAt) }) == slow[name])
            }
            listing.live.settle()
            for name in names {
                #expect(Set(listing.live.members(of: "seg_\(name)", after: 0, limit: .max)) == (wanted[name] ?? []).union(wanted["l0"] ?? []), "seed \(seed.value), live \(name) after \(message)")
            }
        }
        // A start reads the same from the table.
        let rows = ListRows(graph: world.stages.graph, columns: world.stages.columns, lock: world.stages.lock)
        let again = try ListStore(listing.database, rows: rows)
        try again.load()
        for list in again.all { #expect(again.counts(of: list, at: world.clock.now) == listing.lists.counts(of: list, at: world.clock.now)) }
        let engine = SegmentEngine(
            columns: world.stages.columns, objectors: Objectors(ledger: world.stages.ledger, graph: world.stages.graph, purpose: .analytics), lock: world.stages.lock, log: world.stages.log,
            pool: QueryPool(threads: 1), lists: rows)
        for name in names {
            let found = try engine.rows(.test(ListTest(list: name)), at: Moment(asOf: world.clock.now), in: engine.view())
            #expect(Set(engine.profileIDs(found, limit: .max)) == (try Self.lookedUp(slow[name] ?? [:], in: world, at: world.clock.now)), "seed \(seed.value), read again")
        }
        withExtendedLifetime(listing) {}
    }

    /// Without cleverness: each entry that has not expired, and the person who has that identifier, where they have done anything.
    private static func lookedUp(_ entries: [Identifier: Timestamp?], in world: World, at now: Timestamp) throws -> Set<String> {
        var found: Set<String> = []
        for (identifier, expiry) in entries where expiry.map({ $0 > now }) ?? true {
            guard let profile = try world.reader.profile(identifier), world.stages.lock.reading({ world.stages.columns.row(of: profile) }) != nil else { continue }
            found.insert(profile.id)
        }
        return found
    }

    @Test("an entry counts until the instant of its expiry, and no longer; so does the whole list")
    func expiry() async throws {
        let listing = try Listing()
        try await listing.world.send("{\"batch\":[{\"type\":\"track\",\"event\":\"Order Completed\",\"userId\":\"ada\"},{\"type\":\"track\",\"event\":\"Order Completed\",\"userId\":\"bob\"}]}")
        let list = try listing.list("fair")
        let end = Timestamp("2026-07-02")!
        _ = try listing.lists.add([ListEntry(Identifier(.userId, "ada"), expiresAt: end), ListEntry(Identifier(.userId, "bob"))], to: list, author: "ada", at: listing.world.clock.now)
        let test = Condition.test(ListTest(list: "fair"))
        #expect(try listing.ids(test, at: Timestamp(clamping: end.milliseconds - 1)).count == 2)
        #expect(try listing.ids(test, at: end).count == 1)
        _ = try listing.lists.update("fair", author: "ada", at: end) { $0.expiresAt = Timestamp("2026-07-03") }
        #expect(try listing.ids(test, at: Timestamp("2026-07-02T23:59:59.999Z")!).count == 1)
        #expect(try listing.ids(test, at: Timestamp("2026-07-03")!).isEmpty)
        #expect(throws: SegmentError.unknownList("fare")) { try listing.ids(.test(ListTest(list: "fare")), at: end) }
    }
}
