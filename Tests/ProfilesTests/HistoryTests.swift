import Identity
import Profiles
import TestSupport
import Testing
import Vocabulary

@Suite("Random histories")
struct HistoryTests {
    /// Everything that a world says about everyone, to compare two worlds: profile ids, identifiers, traits with where they came from, events.
    static func everything(_ world: World) throws -> [String] {
        let (profiles, next) = try world.reader.search("", after: nil, limit: 10_000)
        #expect(next == nil)
        return try profiles.map { profile in
            let traits = profile.traits.map { "\($0.name)=\($0.value.text)@\($0.timestamp.iso8601)/\($0.position)" }
            let names = profile.identifiers.map { "\($0.namespace.name)=\($0.text)" }
            let events = try world.reader.events(of: profile, after: nil, limit: .max, types: nil).map(\.position)
            let evidence = world.reader.evidence(of: profile).map { "\($0.kind)\($0.position)" }
            return "\(profile.id) \(profile.displayName) \(names) \(traits) \(events) \(evidence) \(profile.firstSeen?.iso8601 ?? "") \(profile.lastSeen?.iso8601 ?? "")"
        }
    }

    /// Plays `count` random calls in bodies of random sizes; restarts now and then, with and without snapshots.
    private static func play(_ count: Int, _ random: inout Random, in world: World) async throws -> [Call] {
        var calls: [Call] = []
        while calls.count < count {
            world.clock.now = Timestamp(clamping: world.clock.now.milliseconds + Int64(random.below(5000)))
            let some = (0..<1 + random.below(9)).map { random.call(calls.count + $0, now: world.clock.now) }
            try await world.send("{\"batch\":[\(some.map(\.json).joined(separator: ","))]}")
            calls += some
            if random.chance(6) { try world.restart(snapshots: random.chance(50)) }
        }
        return calls
    }

    @Test("people, traits and timelines are what an obvious program makes of the same calls", arguments: Seed.some(5))
    func likeTheObvious(seed: Seed) async throws {
        var random = Random(seed)
        let world = try World()
        let calls = try await Self.play(160, &random, in: world)
        let model = SlowPeople(calls)
        #expect(world.profileCount == model.people.count)
        for person in model.people {
            for name in person {
                let parts = name.split(separator: "=", maxSplits: 1).map(String.init)
                let identifier = Identifier(try #require(IdentifierNamespace(name: parts[0])), parts[1])
                let profile = try #require(try world.reader.profile(identifier), "\(name)")
                #expect(profile.identifiers.map { "\($0.namespace.name)=\($0.text)" }.sorted() == person.sorted())
                guard name == person.min() else { continue }
                let expected = model.calls(of: person)
                let events = try world.reader.events(of: profile, after: nil, limit: .max, types: nil)
                #expect(events.map { $0.event.text(.messageId) } == expected.map { "m\($0.number)" })
                #expect(zip(events, events.dropFirst()).allSatisfy { $0.position < $1.position })
                #expect(try world.reader.newest(of: profile, before: nil, limit: 5).map(\.position) == events.suffix(5).reversed().map(\.position))
                #expect(profile.firstSeen == expected.map(\.timestamp).min())
                #expect(profile.lastSeen == expected.map(\.timestamp).max())
                #expect(Self.texts(profile) == model.traits(of: person), "\(name)")
                let history = try world.reader.history(of: profile).mapValues { $0.map { "\($0.value.text)@\($0.timestamp.iso8601)" } }
                #expect(history == model.history(of: person).mapValues { $0.map { "\($0.value)@\($0.timestamp.iso8601)" } })
                for _ in 0..<6 {
                    let (asOf, knownAt) = (random.pick(calls).timestamp, random.pick(calls).receivedAt)
                    let then = try world.reader.profile(profile, from: nil, asOf: asOf, knownAt: knownAt)
                    // Of several identifiers, known_at also forgets who was not joined by then; the model does not.
                    if profile.identifiers.count == 1 { #expect(Self.texts(then) == model.traits(of: person, asOf: asOf, knownAt: knownAt), "\(name) as of \(asOf), known at \(knownAt)") }
                    let only = try world.reader.profile(profile, from: nil, asOf: asOf, knownAt: nil)
                    #expect(Self.texts(only) == model.traits(of: person, asOf: asOf))
                }
            }
        }
    }

    private static func texts(_ profile: Profile) -> [String: String] {
        Dictionary(profile.traits.filter { !$0.value.isNull }.map { ($0.name, $0.value.text) }, uniquingKeysWith: { $1 })
    }

    @Test("whatever is read again after a crash, the answers and the profiles' ids are the same", arguments: Seed.some(5))
    func sameAfterACrash(seed: Seed) async throws {
        var random = Random(seed)
        let world = try World()
        _ = try await Self.play(80, &random, in: world)
        try world.stages.checkpoint()
        _ = try await Self.play(40, &random, in: world)
        let before = try Self.everything(world)
        #expect(try Self.everything(world.crashed()) == before, "a snapshot and the rest of the log")
        let bare = try world.folder.copy()
        for name in bare.files where name.hasSuffix(".snapshot") { try bare.write([], to: name) }
        #expect(try Self.everything(World(in: bare)) == before, "the whole log in one piece")
        try world.restart()
        #expect(try Self.everything(world) == before, "a polite stop")
    }

    @Test("a damaged snapshot is made again from the log", arguments: ["identity/identity.snapshot", "profiles/profiles.snapshot"])
    func damagedSnapshots(name: String) async throws {
        var random = Random(Seed(11))
        let world = try World()
        _ = try await Self.play(60, &random, in: world)
        let before = try Self.everything(world)
        try world.stages.checkpoint()
        let whole = world.folder.bytes(name)
        for offset in [0, 9, 17, 30, whole.count / 2, whole.count - 1] {
            let copy = try world.folder.copy()
            var bytes = whole
            bytes[offset] ^= 0x10
            try copy.write(bytes, to: name)
            #expect(try Self.everything(World(in: copy)) == before, "flip at \(offset)")
        }
        let copy = try world.folder.copy()
        try copy.write(Array(whole.dropLast(7)), to: name)
        #expect(try Self.everything(World(in: copy)) == before)
    }

    @Test("a page of profiles goes on where the last one ended, and every profile is on one page", arguments: [1, 2, 3, 7, 100])
    func pages(limit: Int) async throws {
        var random = Random(Seed(12))
        let world = try World()
        _ = try await Self.play(100, &random, in: world)
        var ids: [String] = []
        var next: ProfileCursor?
        repeat {
            let page = try world.reader.search("", after: next, limit: limit)
            #expect(page.profiles.count <= limit)
            ids += page.profiles.map(\.id)
            next = page.next
        } while next != nil
        #expect(Set(ids).count == ids.count)
        #expect(ids.count == world.profileCount)
    }
}
