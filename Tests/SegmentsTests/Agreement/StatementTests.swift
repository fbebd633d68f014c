import Columnar
import Identity
import Profiles
import Segments
import TestSupport
import Testing
import Vocabulary

/// Traits that are said again and again: when the present value came, when it was said last, and how two of them compare at any moment.
@Suite("When traits were said")
struct StatementTests {
    /// What one person said, and when, in the order of arrival.
    private struct Statement {
        let time: Int64
        let plan: String
        let wish: String
    }

    private static let day: Int64 = 86_400_000
    private static let values = ["\"free\"", "\"premium\"", "\"premium\"", "null", "{\"name\":\"free\"}", "{\"name\":\"premium\"}", "[{\"a\":1}]", "[{\"a\":2}]", "5", "5.0"]

    @Test("at any moment as a slow look over all statements says, with late ones and merges", arguments: Seed.some(4))
    func agree(_ seed: Seed) async throws {
        var random = Random(seed)
        let world = try World(clock: StoryClock(Timestamp("2026-07-20")!))
        let begin = RandomStories.begin.milliseconds
        var told: [String: [Statement]] = [:]
        var lines: [String] = []
        for number in 0..<40 {
            let user = "u\(number)"
            // No two of one person at one instant, so that time alone orders them.
            let times = Array(Set((0..<random.below(8)).map { _ in begin + Int64(random.below(200)) * 3_600_000 }))
            told[user] = times.shuffled(using: &random).map { Statement(time: $0, plan: random.pick(Self.values), wish: random.pick(["\"free\"", "\"premium\"", "5", "null"])) }
            for (index, statement) in (told[user] ?? []).enumerated() {
                let who = index % 3 == 2 ? "\"anonymousId\":\"a-\(user)\"" : "\"userId\":\"\(user)\""
                lines.append("{\"type\":\"identify\",\(who),\"messageId\":\"\(user)-\(index)\",\"timestamp\":\"\(Timestamp(clamping: statement.time).iso8601)\",\"traits\":{\"plan\":\(statement.plan),\"wish\":\(statement.wish)}}")
            }
            lines.append("{\"type\":\"track\",\"event\":\"Signed In\",\"userId\":\"\(user)\",\"anonymousId\":\"a-\(user)\",\"messageId\":\"link-\(user)\",\"timestamp\":\"2026-06-26T00:00:00Z\"}")
        }
        lines.shuffle(using: &random)
        for start in stride(from: 0, to: lines.count, by: 40) {
            try await world.send("{\"batch\":[\(lines[start..<min(start + 40, lines.count)].joined(separator: ","))]}")
            if random.chance(30) { world.stages.lock.writing { world.stages.columns.sortEverything() } }
        }
        let engine = try world.engine()
        for step in 0..<12 {
            let now = begin + Int64(step) * 20 * 3_600_000 + Int64(random.below(2))
            let view = try engine.view()
            func found(_ text: String) throws -> Set<String> {
                let rows = try engine.rows(try Condition(text: text), at: Moment(asOf: Timestamp(clamping: now)), in: view)
                return Set(rows.enumerated().flatMap { part, set in
                    var users: [String] = []
                    set.forEach { users.append(userId(of: Row(part * RowSet.capacity + $0), world)) }
                    return users
                })
            }
            func wanted(_ holds: ([Statement]) -> Bool) -> Set<String> {
                Set(told.filter { _, all in holds(all.filter { $0.time < now }.sorted { $0.time < $1.time }) }.keys)
            }
            let cut = now - 3 * Self.day
            #expect(try found("plan set within last 3 days") == wanted { $0.last.map { $0.plan != "null" && $0.time >= cut } ?? false }, "seed \(seed.value), step \(step)")
            #expect(try found("plan changed more than 3 days ago") == wanted { Self.changed($0).map { $0 < cut } ?? false }, "seed \(seed.value), step \(step)")
            #expect(try found("plan changed is missing") == wanted { Self.changed($0) == nil }, "seed \(seed.value), step \(step)")
            #expect(try found("trait plan = trait wish") == wanted { $0.last.map { $0.plan != "null" && Self.canonical($0.plan) == $0.wish } ?? false }, "seed \(seed.value), step \(step)")
            let seen = now - 3 * Self.day <= Timestamp("2026-06-26")!.milliseconds && now > Timestamp("2026-06-26")!.milliseconds
            #expect(try found("profile first seen within last 3 days") == (seen ? Set(told.keys) : []))
        }
    }

    /// Numbers by value.
    private static func canonical(_ value: String) -> String { value == "5.0" ? "5" : value }

    /// When the last of some statements began to be said.
    private static func changed(_ statements: [Statement]) -> Int64? {
        guard let last = statements.last, last.plan != "null" else { return nil }
        return statements.reversed().prefix { canonical($0.plan) == canonical(last.plan) }.last?.time
    }

    private func userId(of row: Row, _ world: World) -> String {
        world.stages.lock.reading {
            let members = world.stages.graph.members(world.stages.columns.node(of: row))
            return members.map(world.stages.graph.identifier).first { $0.namespace == .userId }?.text ?? "?"
        }
    }

    @Test("what is said is read, printed and refused in both forms", arguments: [
        (#"plan changed within last 7 days"#, #"{"statement":"plan","fact":"changed","withinLast":"7d"}"#), (#"`set` set >= 2026-05-01"#, #"{"statement":"set","fact":"set","gte":"2026-05-01"}"#),
        (#"plan source = "src_1""#, #"{"statement":"plan","fact":"source","eq":"src_1"}"#), ("profile first seen before 2026-05-01", #"{"seen":"first","lt":"2026-05-01"}"#),
        (#"did "A" where x = 1 and profile last seen within last 1 day"#, #"{"and":[{"event":"A","where":{"property":"x","eq":1},"count":{"gte":1}},{"seen":"last","withinLast":"1d"}]}"#),
    ])
    func forms(_ text: String, _ json: String) throws {
        #expect(try Condition(text: text).json.text == json)
        #expect(try Condition(json: Array(json.utf8)).json.text == json)
        #expect(try Condition(text: Condition(text: text).text).json.text == json)
    }

    @Test("a time is compared with times, a source with texts", arguments: [("plan changed > 5", "date-needed"), ("plan source > 5", "source-needed"), ("plan source within last 1 day", "source-needed"), ("profile first seen = \"x\"", "date-needed")])
    func refusals(_ text: String, _ code: String) {
        let error = #expect(throws: ConditionError.self) { try Condition(text: text) }
        #expect(error?.explanation.code == "segments." + code && DocumentTests.refusals.contains("`segments.\(code)`"))
    }
}
