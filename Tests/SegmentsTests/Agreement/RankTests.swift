import Columnar
import Identity
import Profiles
import Segments
import Storage
import Synchronization
import TestSupport
import Testing
import Vocabulary

/// Who is among the first of everybody, found beside a list of everybody's numbers that is sorted by hand.
@Suite("Ranks among everybody")
struct RankTests {
    private static let texts = [
        "sum(total) of \"Order Completed\"", "count of \"Product Viewed\" in last 2 days", "average(total) of anything", "count of sessions", "decayed count(1 day) of anything", "computed.teaShare", "computed.spent", "points",
    ]

    @Test("of measures, computed traits and traits, with ties, at many moments", arguments: Seed.some(3))
    func agree(_ seed: Seed) async throws {
        let world = try World(clock: StoryClock(Timestamp("2026-07-02")!))
        var random = Random(Seed(seed.value &+ 3))
        var stories = RandomStories(seed: seed)
        var told: [String: SlowStory] = [:]
        for number in 0..<60 {
            let story = stories.next()
            told["u\(number)"] = story
            try await world.send("{\"batch\":[\(story.lines(userId: "u\(number)", identifiedAt: RandomStories.begin).joined(separator: ","))]}")
        }
        let engine = try world.engine()
        for step in 0..<24 {
            let text = random.pick(Self.texts)
            let isTop = random.chance(60)
            let isShare = random.chance(50)
            let size = random.pick([1, 2, 5, 10, 25, 100])
            let moment = Moment(asOf: step % 3 == 0 ? RandomStories.now : Timestamp(clamping: RandomStories.begin.milliseconds + 1 + Int64(step) * 7_200_000))
            let condition = try Condition(text: "\(text) in \(isTop ? "top" : "bottom") \(size)\(isShare ? "%" : "")")
            let rows = try engine.rows(condition, at: moment, in: engine.view())
            var found: Set<String> = []
            for (part, set) in rows.enumerated() { set.forEach { found.insert(userId(of: Row(part * RowSet.capacity + $0), world)) } }
            let numbers = told.compactMapValues { Self.number(text, $0, moment) }
            let places = isShare ? (numbers.count * size + 99) / 100 : size
            let wanted = numbers.filter { _, own in numbers.values.count { SlowNumber.compare($0, own) == (isTop ? 1 : -1) } < places }
            #expect(found == Set(wanted.keys), "seed \(seed.value): \(condition.text) at \(moment.asOf.iso8601)")
        }
    }

    /// Nil for those who have no rank.
    private static func number(_ text: String, _ story: SlowStory, _ moment: Moment) -> SlowNumber? {
        let value: SlowValue
        if text == "points" { value = SlowValue.at(text, in: story.traits) } else {
            let name = text.hasPrefix("computed.") ? String(text.dropFirst(9)) : nil
            guard let measurement = name.flatMap({ RandomConditions.measurements[$0] }) ?? (try? Measurement(text: text)) else { return nil }
            value = SlowEvaluator.value(of: measurement, for: story, at: moment)
        }
        guard case .number(let number) = value else { return nil }
        let isOfNothing = !["points", "average(total) of anything", "computed.teaShare"].contains(text)
        return isOfNothing && SlowNumber.compare(number, SlowNumber(0)) == 0 ? nil : number
    }

    private func userId(of row: Row, _ world: World) -> String {
        world.stages.lock.reading {
            let members = world.stages.graph.members(world.stages.columns.node(of: row))
            return members.map(world.stages.graph.identifier).first { $0.namespace == .userId }?.text ?? "?"
        }
    }

    @Test("live, whoever overtakes is in and whoever is overtaken is out ten seconds later")
    func live() async throws {
        let clock = StoryClock(RandomStories.begin)
        let world = try World(clock: clock)
        let time = Mutex(RandomStories.begin)
        let engine = try world.engine()
        let store = try SegmentStore(Documents(world.stages.database), computed: try world.computedTraits())
        let live = LiveSegments(engine: engine, store: store) { time.withLock { $0 } }
        let best = try store.create(id: "seg_1", name: "Best", note: "", condition: Condition(text: "count of \"Order Completed\" in top 1"), zone: .utc, author: "ada", at: clock.now)
        live.segmentsChanged()
        world.stages.follow { live.applied(touched: $0, merged: $1) }
        func order(_ user: String, _ number: Int) async throws {
            try await world.send("{\"batch\":[{\"type\":\"track\",\"event\":\"Order Completed\",\"userId\":\"\(user)\",\"messageId\":\"\(user)\(number)\",\"timestamp\":\"2026-06-26T23:00:00Z\"}]}")
        }
        try await order("ada", 1)
        live.settle()
        let first = live.members(of: best.id, after: 0, limit: 10)
        #expect(first.count == 1)
        try await order("ben", 1)
        try await order("ben", 2)
        live.settle()
        #expect(live.members(of: best.id, after: 0, limit: 10) == first)
        time.withLock { $0 = Timestamp(clamping: $0.milliseconds + 10_001) }
        live.settle()
        let second = live.members(of: best.id, after: 0, limit: 10)
        #expect(second.count == 1 && second != first)
        try await order("ada", 2)
        time.withLock { $0 = Timestamp(clamping: $0.milliseconds + 1) }
        live.settle()
        time.withLock { $0 = Timestamp(clamping: $0.milliseconds + 10_000) }
        live.settle()
        // Both have two: whoever ties with the last place is in.
        #expect(live.size(of: best.id) == 2)
    }

    @Test("ranks read back from both forms", arguments: [
        ("sum(total) of \"X\" in last 90 days in top 10%", #"{"rank":"top","percent":10,"of":{"event":"X","last":"90d","sum":"total"}}"#), ("points in bottom 100", #"{"rank":"bottom","count":100,"of":{"trait":"points"}}"#),
        ("computed.spent in top 0.5%", #"{"rank":"top","percent":0.5,"of":{"computed":"spent"}}"#),
    ])
    func forms(_ text: String, _ json: String) throws {
        #expect(try Condition(text: text).json.text == json)
        #expect(try Condition(json: Array(json.utf8)).text == text)
    }

    @Test("what has no rank is refused", arguments: [("points in top 0", "rank-size"), ("points in top 101%", "rank-size"), ("points in top 0%", "rank-size"), ("last(x) of \"X\" in top 5", "not-ranked"), ("points in top", "unfinished")])
    func refusals(_ text: String, _ code: String) {
        let error = #expect(throws: ConditionError.self) { try Condition(text: text) }
        #expect(error?.explanation.code == "segments." + code && DocumentTests.refusals.contains("`segments.\(code)`"))
    }
}
