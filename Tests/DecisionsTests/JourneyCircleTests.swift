import Decisions
import Segments
import Testing
import Vocabulary

@Suite("Journeys that begin each other")
struct JourneyCircleTests {
    private func circle(_ yamls: [String], segments: [String: String] = [:]) throws -> JourneyCircle? {
        let conditions = try segments.mapValues { try Condition(text: $0) }
        let journeys = try yamls.enumerated().map { (id: "jny_\($0)", journey: try Journey(json: JourneyYAML.json("name: J\($0)\n\($1)"))) }
        return JourneyCircle.through("jny_0", journeys) { conditions[$0] }
    }

    private static let a = "trigger: {event: '\"A\"'}\nsteps: [{message: m, purpose: p}, {event: B}]"
    private static let b = "trigger: {event: '\"B\"'}\nsteps: [{trait: {x: 1}}, {event: A}]"

    @Test("two that write what begins the other are endless, and so are three; both are named with what they write")
    func endless() throws {
        let two = try #require(try circle([Self.a, Self.b]))
        #expect(two.isEndless)
        #expect(two.sentence == "`J0` writes `B`, which begins `J1`; `J1` writes `A`, which begins `J0`")
        let three = try #require(try circle([Self.a, "trigger: {event: '\"B\"'}\nsteps: [{event: C}]", "trigger: {event: '\"C\"'}\nsteps: [{event: A}]"]))
        #expect(three.isEndless && three.links.map(\.name) == ["J0", "J1", "J2"])
        #expect(try circle([Self.a.replacing("steps:", with: "key: properties.order\nsteps:").replacing("event: B", with: "event: B, properties: {order: 1}"), Self.b.replacing("event: A", with: "event: A, properties: {order: 1}")])?.isEndless == true)
    }

    @Test("a wait, a filter, a condition of the trigger, walking once, or being still under way makes it a circle that somebody must look at", arguments: [
        (a.replacing("{event: B}", with: "{wait: 1 hour}, {event: B}"), b), (a.replacing("{event: B}", with: "{filter: plan = 1}, {event: B}"), b),
        (a.replacing("'\"A\"'", with: "'\"A\" where n > 3'"), b), (a.replacing("steps:", with: "reentry: once\nsteps:"), b), (a.replacing("{event: B}]", with: "{event: B}, {wait: 1 hour}]"), b),
        (a, b.replacing("steps:", with: "exits: [{condition: plan = 1}]\nsteps:")), (a, b.replacing("{event: A}", with: "{branch: [{if: plan = 1, then: [{event: A}]}]}")),
    ])
    func perhaps(_ first: String, _ second: String) throws {
        let found = try #require(try circle([first, second]))
        #expect(!found.isEndless)
        #expect(found.links.count == 2)
    }

    @Test("a run that is still under way is no obstacle where runs are parallel or begin anew")
    func reentry() throws {
        let waiting = Self.a.replacing("{event: B}]", with: "{event: B}, {wait: 1 hour}]")
        for reentry in ["parallel", "restart"] { #expect(try circle([waiting.replacing("steps:", with: "reentry: \(reentry)\nsteps:"), Self.b])?.isEndless == true) }
    }

    @Test("other events, a key that the event lacks, and what others do are no circle")
    func none() throws {
        #expect(try circle([Self.a]) == nil)
        #expect(try circle([Self.a, "trigger: {event: '\"C\"'}\nsteps: [{event: A}]"]) == nil)
        #expect(try circle([Self.a, "trigger: {api: true}\nsteps: [{event: A}]"]) == nil)
        #expect(try circle(["trigger: {event: '\"Z\"'}\nsteps: []", Self.a, Self.b]) == nil, "it is in no circle itself")
    }

    @Test("segments that look at what a journey writes, also by way of another segment, may lead round")
    func segments() throws {
        let first = "trigger: {segment: gold}\nsteps: [{trait: {tier: 2}}]"
        let second = "trigger: {segment: tiers}\nsteps: [{event: Promoted}]"
        let found = try #require(try circle([first, second], segments: ["gold": "did \"Promoted\"", "tiers": "in segment \"inner\"", "inner": "tier = 2"]))
        #expect(!found.isEndless && found.links.map(\.writes) == ["tier", "Promoted"])
        #expect(try circle([first, second], segments: ["gold": "did \"Promoted\"", "tiers": "frontier = 2"]) == nil, "a name within another name is another")
    }

    @Test("by what Martlet writes nobody begins a journey more than fifty times an hour, and the reason is kept")
    func bound() throws {
        var walked = try Walked("name: J\ntrigger: {event: '\"A\"'}\nreentry: parallel\nsteps: [{message: m, purpose: p}]")
        for _ in 0..<80 { walked.event("A", at: 5, isOurs: true) }
        #expect(walked.runs.count == JourneyDecider.roundsMaximum)
        let refusals = walked.runs.flatMap(\.notes).filter { $0.what == .refused }
        #expect(refusals.map(\.detail) == ["going-round"], "told once")
        walked.event("A", at: 6)
        #expect(walked.runs.count == JourneyDecider.roundsMaximum + 1, "what people do themselves is bounded by the day")
        walked.event("A", at: 65, isOurs: true)
        #expect(walked.runs.count == JourneyDecider.roundsMaximum + 2, "an hour later it begins again")
    }

    @Test("by what they do themselves nobody begins a journey more than two hundred times a day, and the reason is kept")
    func dayBound() throws {
        var walked = try Walked("name: J\ntrigger: {event: '\"A\"'}\nreentry: parallel\nsteps: [{message: m, purpose: p}]")
        for minute in 0..<300 { walked.event("A", at: minute) }
        #expect(walked.runs.count == JourneyDecider.dayMaximum)
        #expect(walked.runs.flatMap(\.notes).filter { $0.what == .refused }.map(\.detail) == ["too-often"], "told once")
        walked.event("A", at: 24 * 60)
        #expect(walked.runs.count == JourneyDecider.dayMaximum + 1, "the first of them is a day ago")
    }
}
