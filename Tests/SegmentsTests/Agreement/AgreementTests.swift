import Columnar
import EventLog
import Identity
import Ingest
import Profiles
import Segments
import TestSupport
import Testing
import Vocabulary

/// The engine asked of a workspace in which random stories happened, beside the slow evaluator asked of the stories themselves.
@Suite("The engine and the slow evaluator agree")
struct AgreementTests {
    private static let people = 60
    private static let conditions = isSoak ? 20_000 : 400

    @Test("on random conditions over random histories", arguments: Seed.some(3), How.allCases)
    func agree(_ seed: Seed, _ how: How) async throws {
        var told = try await Told(seed: seed, how: how)
        var conditions = RandomConditions(seed: seed)
        for _ in 0..<Self.conditions / How.allCases.count {
            let condition = conditions.next()
            try told.check(condition, at: Moment(asOf: RandomStories.now))
        }
        // As of moments at which some of it had not happened yet; the traits had been stated by then.
        for step in 0..<40 {
            let condition = conditions.next()
            try told.check(condition, at: Moment(asOf: Timestamp(clamping: RandomStories.begin.milliseconds + 1 + Int64(step) * 9_000_000)))
        }
        #expect(told.asked > 0)
        // A suite in which nobody ever satisfies anything would agree too.
        #expect(told.hits > told.asked / 50)
        withExtendedLifetime(told) {}
    }

    /// In what state the columns are when they are asked.
    enum How: CaseIterable, CustomTestStringConvertible {
        case newest, sorted, halfSorted, restarted, merged
        var testDescription: String {
            switch self {
            case .newest: "nothing is sorted in yet"
            case .sorted: "everything is sorted in"
            case .halfSorted: "the first half is sorted in"
            case .restarted: "after a restart"
            case .merged: "after people turned out to be one"
            }
        }
    }

    /// A workspace with its stories.
    struct Told {
        private let world: World
        private let stories: [String: SlowStory]
        private let engine: SegmentEngine
        private let segments: [String: Condition]
        private let seed: Seed
        private(set) var asked = 0
        private(set) var hits = 0

        init(seed: Seed, how: How) async throws {
            self.seed = seed
            let folder = TemporaryFolder()
            let clock = StoryClock(Timestamp("2026-07-02")!)
            var world = try World(in: folder, clock: clock)
            var random = RandomStories(seed: seed)
            var stories: [String: SlowStory] = [:]
            var lines: [String] = []
            for number in 0..<AgreementTests.people {
                let story = random.next()
                let user = "u\(number)"
                stories[user] = story
                lines += Told.told(story, user, how)
            }
            // Everyone's calls mixed, each person's in their order.
            let half = lines.count / 2
            try await Told.send(lines[..<half], to: world)
            if how == .halfSorted { world.stages.lock.writing { world.stages.columns.sortEverything() } }
            try await Told.send(lines[half...], to: world)
            if how == .sorted { world.stages.lock.writing { world.stages.columns.sortEverything() } }
            if how == .restarted {
                try world.stages.checkpoint()
                world.stages.close()
                world = try World(in: folder, clock: clock)
            }
            self.world = world
            self.stories = stories
            engine = try world.engine()
            var conditions = RandomConditions(seed: Seed(seed.value &+ 77))
            conditions.segments = ["payers"]
            segments = ["payers": try Condition(text: "plan = \"premium\" or sum(total) of \"Order Completed\" > 10"), "fans": try Condition(text: "did \"Product Viewed\" where category = \"tea\"")]
        }

        /// The story's lines; where people merge, every other event comes from a device that nobody knows until the end.
        private static func told(_ story: SlowStory, _ user: String, _ how: How) -> [String] {
            let lines = story.lines(userId: user, identifiedAt: RandomStories.begin)
            guard how == .merged else { return lines }
            let events = lines.dropFirst().enumerated().map { index, line in
                index % 2 == 0 ? line : line.replacingOccurrences(of: "\"userId\":\"\(user)\"", with: "\"anonymousId\":\"a-\(user)\"")
            }
            let link = "{\"type\":\"track\",\"event\":\"Signed In\",\"messageId\":\"link-\(user)\",\"userId\":\"\(user)\",\"anonymousId\":\"a-\(user)\",\"timestamp\":\"2026-07-01T23:00:00Z\"}"
            return [lines[0]] + events + [link]
        }

        private static func send(_ lines: ArraySlice<String>, to world: World) async throws {
            guard !lines.isEmpty else { return }
            let answer = try await world.send("{\"batch\":[\(lines.joined(separator: ","))]}")
            #expect(answer.verdicts.allSatisfy { $0.status == .accepted })
        }

        mutating func check(_ condition: Condition, at moment: Moment) throws {
            let view = try engine.view()
            let segments = segments
            let rows = try engine.rows(condition, at: moment, in: view) { segments[$0] }
            var found: Set<String> = []
            var everyone: [String: UInt64] = [:]
            for (part, state) in view.parts.enumerated() {
                state.alive.forEach { row in
                    let user = userId(of: Row(part * RowSet.capacity + row))
                    everyone[user] = state.born[row]
                    if rows[part].contains(row) { found.insert(user) }
                }
            }
            #expect(everyone.count == stories.count)
            var wanted: Set<String> = []
            for (user, story) in stories {
                let known = SlowStory(profile: String(everyone[user] ?? 0), events: story.events, traits: story.traits)
                if SlowEvaluator.isTrue(condition, for: known, at: moment, segments: segments) { wanted.insert(user) }
            }
            asked += stories.count
            hits += wanted.count
            let odd = found.symmetricDifference(wanted).sorted()
            #expect(
                odd.isEmpty,
                "seed \(seed.value): \(condition.text)\nat \(moment.asOf.iso8601); the engine \(odd.first.map { found.contains($0) ? "finds" : "misses" } ?? "") \(odd)\n\(odd.first.flatMap { stories[$0] }?.description ?? "")")
        }

        private func userId(of row: Row) -> String {
            world.stages.lock.reading {
                let members = world.stages.graph.members(world.stages.columns.node(of: row))
                return members.map(world.stages.graph.identifier).first { $0.namespace == .userId }?.text ?? "?"
            }
        }
    }
}
