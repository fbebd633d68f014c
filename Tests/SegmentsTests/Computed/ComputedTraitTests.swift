import Identity
import Profiles
import Segments
import Storage
import TestSupport
import Testing
import Vocabulary

@Suite("Computed traits")
struct ComputedTraitTests {
    // MARK: - The language

    @Test("what is read prints as itself, in both forms", arguments: [
        "sum(total) of \"Order Completed\" in last 90 days", "count of \"Order Completed\" / count of \"Product Viewed\"", "most frequent(category) of \"Product Viewed\"",
        "distinct list(category) of any of (\"Product Viewed\", page \"Pricing\") where price > 3 this month", "share(category = \"tea\") of \"Order Completed\"",
        "percentile(total, 90) of \"Order Completed\" where (gift = true or total > 9) since 2026-05-01", "longest week streak of anything", "current month streak of \"Order Completed\"",
        "first(campaign) of page ever before 2026-05-01", "last time of \"Order Completed\" from 2026-05-01 to 2026-06-01", "days of anything", "median(`computed.total`) of \"x\"",
        "average(total) of \"A\" where x = 1 / sum(total) of \"B\" where y = 2 in last 3 days", "first time of \"A\"", "minimum(`a b`) of screen", "distinct(x) of \"y\" before 2026-05-01",
    ])
    func roundTrip(_ text: String) throws {
        let measurement = try Measurement(text: text)
        #expect(measurement.text == text)
        #expect(try Measurement(json: measurement.json) == measurement)
        #expect(measurement.faults == [])
        for language in ["en", "es", "tr"] { #expect(!measurement.sentence(in: language).isEmpty) }
    }

    @Test("random measures read back from what they print", arguments: Seed.some(3), [false, true])
    func random(_ seed: Seed, _ isWild: Bool) throws {
        var conditions = RandomConditions(seed: seed, isWild: isWild)
        for _ in 0..<800 {
            let (a, b) = (conditions.eventTest().measured, conditions.eventTest().measured)
            let measurement = conditions.random.chance(50) && Measurement.ratio(a, over: b).faults.isEmpty ? Measurement.ratio(a, over: b) : .measure(a)
            guard measurement.faults.isEmpty else { continue }
            #expect(try Measurement(text: measurement.text) == measurement, "\(measurement.text)")
            #expect(try Measurement(json: measurement.json) == measurement, "\(measurement.json.text)")
        }
    }

    @Test("a fault is told with its place and what to do", arguments: [
        ("", "segments.unfinished", 1), ("sum(total) of \"A\" > 5", "segments.test-in-measure", 19), ("plan = \"premium\"", "segments.unexpected", 1),
        ("sum(total) of \"A\" / first(x) of \"B\"", "segments.not-divisible", 21), ("sum(total) of \"A\" / sum(total) of \"B\" / count of \"C\"", "segments.one-ratio", 39),
        ("longest year streak of \"A\"", "segments.unexpected", 9), ("longest wek streak of \"A\"", "segments.unknown-word", 9), ("computed.x", "segments.unexpected", 1),
        ("percentile(total, 101) of \"A\"", "segments.percent-range", 19), ("sum(total) of \"A\" in last 0 days", "segments.zero-period", 19), ("(count of \"A\")", "segments.unexpected", 1),
        ("sum(total) \"A\"", "segments.unexpected", 12), ("sun(total) of \"A\"", "segments.unknown-word", 1), ("count of \"A\" in last 5 days in last 2 days", "segments.said-twice", 29),
    ])
    func faults(_ text: String, _ code: String, _ column: Int) {
        do {
            _ = try Measurement(text: text)
            Issue.record("read: \(text)")
        } catch {
            #expect(error.explanation.code == code, "\(text): \(error.explanation.problem)")
            guard case .text(let place) = error.place else { Issue.record("no place"); return }
            #expect(place.column == column, "\(text): column \(place.column)")
            #expect(DocumentTests.refusals.contains("`\(code)`"))
        }
    }

    @Test("a fault in JSON is told with its pointer", arguments: [
        ("{}", ""), ("{\"event\": \"A\"}", ""), ("{\"event\": \"A\", \"sum\": \"x\", \"count\": true}", "/count"), ("{\"event\": \"A\", \"count\": {\"gte\": 3}}", "/count"),
        ("{\"event\": \"A\", \"longestStreak\": \"year\"}", "/longestStreak"), ("{\"ratio\": [{\"event\": \"A\", \"count\": true}]}", "/ratio"), ("{\"event\": \"A\", \"sum\": \"x\", \"gt\": 3}", "/gt"),
        ("{\"ratio\": [{\"event\": \"A\", \"count\": true}, {\"event\": \"A\", \"firstValue\": \"x\"}]}", "/ratio/1"), ("[]", ""), ("{\"event\": \"A\", \"summ\": \"x\"}", "/summ"),
    ])
    func jsonFaults(_ json: String, _ pointer: String) throws {
        let text = try #require(JSONText(validating: Array(json.utf8)))
        do {
            _ = try Measurement(json: text)
            Issue.record("read: \(json)")
        } catch { #expect(error.place == .pointer(pointer), "\(json): \(error.explanation)") }
    }

    @Test("no text, however mangled, does more than be refused", arguments: Seed.some(2))
    func mangled(_ seed: Seed) {
        var random = Random(seed)
        let scraps = ["/", "(", ")", "of", "streak", "longest", "list", "\"", "`", "in last", "99999999999999999999", "days", "where", "share(", "computed.", "> 5", "é", "\u{0}"]
        for _ in 0..<3000 {
            var text = random.pick(RandomConditions.computed.values.sorted())
            for _ in 0..<1 + random.below(3) {
                let place = text.index(text.startIndex, offsetBy: random.below(text.count + 1))
                if random.chance(50) { text.insert(contentsOf: " " + random.pick(scraps) + " ", at: place) } else { text = String(text[..<place]) }
            }
            if let measurement = try? Measurement(text: text) { #expect(measurement.faults == [] && (try? Measurement(text: measurement.text)) == measurement, "\(text)") }
        }
    }

    @Test("a name in conditions: with `computed.` a computed trait, in backquotes or behind `trait` one that was sent")
    func names() throws {
        func json(_ text: String) throws -> String { try Condition(text: text).json.text }
        #expect(try json("computed.spent > 5") == "{\"computed\":\"spent\",\"gt\":5}")
        #expect(try json("Computed.spent > 5 and < 9") == "{\"and\":[{\"computed\":\"spent\",\"gt\":5},{\"computed\":\"spent\",\"lt\":9}]}")
        for sent in ["`computed.spent` > 5", "trait computed.spent > 5"] { #expect(try json(sent) == "{\"trait\":\"computed.spent\",\"gt\":5}") }
        #expect(try Condition(text: "trait computed.spent > 5").text == "`computed.spent` > 5")
        #expect(try json("computed > 5") == "{\"trait\":\"computed\",\"gt\":5}")
        // Behind a filter it is about the person, as `did` and its like are.
        #expect(try Condition(text: "did \"A\" where x = 1 and computed.spent > 5").text == "did \"A\" where (x = 1) and computed.spent > 5")
        for wrong in ["computed.a.b = 1", "computed.\(String(repeating: "x", count: 65)) = 1"] { #expect(throws: ConditionError.self) { try Condition(text: wrong) } }
        for (name, isFit) in [("lifetimeValue", true), ("a-b", true), ("größe", true), ("9", true), ("", false), ("a b", false), ("a.b", false), ("a-", false), (String(repeating: "x", count: 65), false)] {
            #expect((ComputedTrait.nameFault(name) == nil) == isFit, "\(name)")
        }
    }

    // MARK: - Keeping

    @Test("a segment keeps its computed trait from being deleted, and from becoming what it cannot be compared with")
    func inUse() async throws {
        let world = try World()
        let traits = try world.computedTraits()
        let segments = try SegmentStore(Documents(world.stages.database), computed: traits)
        func create(_ text: String) throws -> Segment {
            try segments.create(id: "seg_1", name: "Spenders", note: "", condition: Condition(text: text), zone: .utc, author: "ada", at: world.clock.now)
        }
        #expect(throws: SegmentError.unknownComputed("nothing")) { try create("computed.nothing > 5") }
        #expect { try create("computed.spent contains \"x\"") } throws: { ($0 as? SegmentError)?.explanation.code == "computed-trait.test" }
        _ = try create("plan = \"free\" or not (computed.spent > 5)")
        #expect(throws: ComputedTraitError.inUse(["Spenders"])) { try traits.delete("spent", segments: segments, author: "ada", at: world.clock.now) }
        let list = try Measurement(text: "distinct list(category) of \"Order Completed\"")
        #expect(throws: ComputedTraitError.inUse(["Spenders"])) { try traits.update("spent", segments: segments, author: "ada", at: world.clock.now) { $0.measurement = list } }
        let count = try Measurement(text: "count of \"Order Completed\"")
        #expect(try traits.update("spent", segments: segments, author: "ada", at: world.clock.now) { $0.measurement = count }?.version == 2)
        #expect(try segments.delete("spenders", author: "ada", at: world.clock.now))
        #expect(try traits.delete("spent", segments: segments, author: "ada", at: world.clock.now))
        #expect(traits.find("spent") == nil)
        // What was saved is read again.
        #expect(try ComputedTraitStore(Documents(world.stages.database)).all.map(\.measurement.text) == traits.all.map(\.measurement.text))
        #expect(throws: ComputedTraitError.nameTaken("orders")) {
            try traits.create(id: "ctr_2", name: "orders", note: "", measurement: count, zone: .utc, author: "ada", at: world.clock.now)
        }
        #expect(throws: ComputedTraitError.zone("Mars/Base")) {
            try traits.create(id: "ctr_2", name: "other", note: "", measurement: count, zone: TimeZoneName(name: "Mars/Base"), author: "ada", at: world.clock.now)
        }
    }

    // MARK: - Values

    private static func values(_ world: World, of user: String, asOf: String, zone: String = "UTC", _ texts: [String]) throws -> [String: String] {
        let store = try world.computedTraits()
        for (index, text) in texts.enumerated() where store.find("t\(index)") == nil {
            _ = try store.create(
                id: "ctr_t\(index)", name: "t\(index)", note: "", measurement: Measurement(text: text), zone: TimeZoneName(name: zone), author: "ada", at: world.clock.now)
        }
        guard let profile = try world.stages.profiles.reader(for: .service).profile(Identifier(.userId, user)) else { return [:] }
        let values = try world.engine().values(of: store.all.filter { $0.name.hasPrefix("t") && $0.name.count == 2 }, for: profile, asOf: Timestamp(asOf)!)
        return Dictionary(uniqueKeysWithValues: values.map { ($0.trait.measurement.text, $0.json.text) })
    }

    private static func order(_ user: String, _ at: String, _ properties: String) -> String {
        "{\"type\":\"track\",\"event\":\"Order Completed\",\"userId\":\"\(user)\",\"timestamp\":\"\(at)\",\"properties\":{\(properties)}}"
    }

    @Test("values are exact, and what has none is missing")
    func exact() async throws {
        let world = try World(clock: StoryClock(Timestamp("2026-07-02")!))
        try await world.send("""
            {"batch":[\(Self.order("ada", "2026-06-01T10:00:00Z", "\"total\":0.1,\"items\":[{\"sku\":\"a\"}],\"refund\":-0.5")),\(Self.order("ada", "2026-06-02T10:00:00Z", "\"total\":0.2,\"category\":\"tea\",\"refund\":-1.0")),
            \(Self.order("ada", "2026-06-02T23:30:00Z", "\"total\":9007199254740993,\"category\":\"cups\"")),\(Self.order("ada", "2026-06-05T10:00:00Z", "\"total\":\"3\",\"category\":\"tea\""))]}
            """)
        let sum = "sum(total) of \"Order Completed\""
        let third = "count of \"Order Completed\" where total < 1 / sum(refund) of \"Order Completed\""
        let texts = [
            sum, "average(total) of \"Order Completed\" before 2026-06-03", third, "count of \"Order Completed\" / count of \"Never\"", "first(items) of \"Order Completed\"",
            "distinct list(category) of \"Order Completed\"", "longest day streak of \"Order Completed\"", "minimum(total) of \"Never\"", "share(category = \"tea\") of \"Order Completed\" before 2026-06-03",
        ]
        let values = try Self.values(world, of: "ada", asOf: "2026-06-06", texts)
        #expect(values[sum] == "9007199254740993.3")
        #expect(values[texts[1]] == "3002399751580330")
        #expect(values[third] == "-1.33333333333333")
        #expect(values[texts[3]] == nil && values[texts[7]] == nil)
        #expect(values[texts[4]] == "[{\"sku\":\"a\"}]")
        #expect(values[texts[5]] == "[\"tea\",\"cups\"]")
        #expect(values[texts[6]] == "2")
        #expect(values[texts[8]] == "0.333333333333333")
        #expect(try Self.values(world, of: "ada", asOf: "2026-06-01T10:00:00Z", texts)[sum] == "0", "what happened at the moment has not happened")
        #expect(try Self.values(world, of: "ada", asOf: "2026-06-01T10:00:00.001Z", texts)[sum] == "0.1")
    }

    @Test("streaks are counted in the trait's zone, and one that is current may wait until its day is over")
    func streaks() async throws {
        let texts = ["longest day streak of \"Order Completed\"", "current day streak of \"Order Completed\"", "current week streak of \"Order Completed\"", "longest month streak of \"Order Completed\""]
        func values(_ asOf: String, _ zone: String) async throws -> [String] {
            let own = try World(clock: StoryClock(Timestamp("2026-07-02")!))
            try await own.send("{\"batch\":[\(Self.order("ada", "2026-06-01T10:00:00Z", "")),\(Self.order("ada", "2026-06-02T21:59:00Z", "")),\(Self.order("ada", "2026-06-02T22:30:00Z", "")),\(Self.order("ada", "2026-05-20T00:00:00Z", ""))]}")
            let found = try Self.values(own, of: "ada", asOf: asOf, zone: zone, texts)
            return texts.map { found[$0] ?? "" }
        }
        // Half past ten in the evening in UTC is the next day in Madrid.
        #expect(try await values("2026-06-03T12:00:00Z", "UTC") == ["2", "2", "1", "2"])
        #expect(try await values("2026-06-03T12:00:00Z", "Europe/Madrid") == ["3", "3", "1", "2"])
        #expect(try await values("2026-06-03T23:59:59.999Z", "UTC") == ["2", "2", "1", "2"])
        #expect(try await values("2026-06-04T00:00:00Z", "UTC") == ["2", "0", "1", "2"])
        #expect(try await values("2026-06-14T23:59:59Z", "UTC") == ["2", "0", "1", "2"])
        #expect(try await values("2026-06-15T00:00:00Z", "UTC") == ["2", "0", "0", "2"])
    }

    @Test("who objects to analytics has none, and is in no distribution")
    func objection() async throws {
        let world = try World(clock: StoryClock(Timestamp("2026-07-02")!))
        try await world.send("{\"batch\":[\(Self.order("ada", "2026-06-01T10:00:00Z", "\"total\":5")),\(Self.order("bob", "2026-06-01T10:00:00Z", "\"total\":7"))]}")
        let sum = "sum(total) of \"Order Completed\""
        #expect(try Self.values(world, of: "ada", asOf: "2026-07-01", [sum])[sum] == "5")
        try await world.send("""
            {"batch":[{"type":"track","event":"Consent Changed","userId":"ada","timestamp":"2026-06-02T10:00:00Z","context":{"consent":{"categoryPreferences":{"analytics":false}}}}]}
            """)
        #expect(try Self.values(world, of: "ada", asOf: "2026-07-01", [sum]) == [:])
        let engine = try world.engine()
        let distribution = try engine.question(at: Moment(asOf: Timestamp("2026-07-01")!), in: engine.view(), segments: { _ in nil }).distribution(of: Measurement(text: sum))
        #expect(distribution.people == 1 && distribution.count == 1)
    }
}
