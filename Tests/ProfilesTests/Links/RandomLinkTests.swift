import Identity
import TestSupport
import Testing
import Vocabulary

@Suite("Random histories in which people are merged, parted and put back")
struct RandomLinkTests {
    /// Calls and statements in turn.
    private static func play(_ steps: Int, _ random: inout Random, in world: World, _ model: inout SlowLinks, restarts: Bool = true, check: Bool = true) async throws -> [LogPosition] {
        var positions: [LogPosition] = []
        for step in 0..<steps {
            world.clock.now = Timestamp(clamping: world.clock.now.milliseconds + Int64(random.below(5000)))
            if random.chance(25), let statement = random.statement(model.people) {
                positions.append(try await world.state(statement.kind, statement.first, statement.second))
                model.statements.append(statement)
                model.items.append(.statement(model.statements.count - 1))
            } else if random.chance(15), !positions.isEmpty {
                let number = random.below(positions.count)
                try await world.undo(positions[number])
                model.statements[number].isUndone = true
            } else {
                let some = (0..<1 + random.below(5)).map { random.call(step * 10 + $0, now: world.clock.now) }
                try await world.send("{\"batch\":[\(some.map(\.json).joined(separator: ","))]}")
                model.items += some.map { .call($0) }
            }
            model.decide()
            if check, random.chance(30) { try compare(world, model) }
            if restarts, random.chance(8) { try world.restart(snapshots: random.chance(50)) }
        }
        return positions
    }

    private static func compare(_ world: World, _ model: SlowLinks) throws {
        #expect(world.profileCount == model.people.count)
        for person in model.people { #expect(try world.reader.profile(World.identifier(try #require(person.min())))?.identifiers.map { "\($0.namespace.name)=\($0.text)" }.sorted() == person.sorted()) }
    }

    @Test("people are those whom an obvious program makes of the same calls and statements", arguments: Seed.some(12))
    func likeTheObvious(seed: Seed) async throws {
        var random = Random(seed)
        let world = try World()
        var model = SlowLinks()
        _ = try await Self.play(120, &random, in: world, &model)
        try Self.compare(world, model)
        let before = try HistoryTests.everything(world)
        try world.restart(snapshots: false)
        #expect(try HistoryTests.everything(world) == before)
    }

    @Test("when everything stated is taken back, nobody can tell that it was ever stated", arguments: Seed.some(6))
    func takenBack(seed: Seed) async throws {
        var random = Random(seed)
        let world = try World()
        var model = SlowLinks()
        let positions = try await Self.play(80, &random, in: world, &model, restarts: false, check: false)
        for number in positions.indices.shuffled(using: &random) where !model.statements[number].isUndone { try await world.undo(positions[number]) }
        // The same calls at the same places, and statements about nobody between them.
        let plain = try World(clock: StoryClock())
        var left = positions[...]
        var at: LogPosition = 0
        func fill(to end: LogPosition) async throws {
            while at < end {
                try await plain.state(LinkFact(.merge, [], [], author: "ada"))
                at += 1
            }
        }
        for item in model.items {
            switch item {
            case .statement: left = left.dropFirst()
            case .call(let call):
                guard let place = try world.place(of: "m\(call.number)") else { continue }
                try await fill(to: place)
                plain.clock.now = call.receivedAt
                try await plain.send("{\"batch\":[\(call.json)]}")
                at += 1
            }
        }
        #expect(try HistoryTests.everything(world) == HistoryTests.everything(plain))
    }

    @Test("forgetting people leaves the others as reading the log again makes them", arguments: Seed.some(4))
    func forgetting(seed: Seed) async throws {
        var random = Random(seed)
        let world = try World()
        var model = SlowLinks()
        _ = try await Self.play(60, &random, in: world, &model, restarts: false, check: false)
        for _ in 0..<3 {
            let (profiles, _) = try world.reader.search("", after: nil, limit: 1000)
            guard let gone = profiles.randomElement(using: &random), let identifier = gone.identifiers.first else { return }
            try world.erase(identifier)
            #expect(try world.reader.profile(identifier) == nil)
            let before = try HistoryTests.everything(world)
            try world.restart()
            #expect(try HistoryTests.everything(world) == before)
        }
    }
}

extension World {
    /// Where the event with a messageId stands.
    fileprivate func place(of messageId: String) throws -> LogPosition? { stages.messages.position(source: source.number, messageId: Array(messageId.utf8)) }
}
