import Columnar
import Foundation
import Identity
import Profiles
import Segments
import TestSupport
import Testing
import Vocabulary

/// What computed traits come to for each person, beside the slow evaluator on the stories themselves.
@Suite("Computed traits are what a slow evaluator says")
struct ValueAgreementTests {
    private static let people = 40

    @Test("of every person at many moments, with late events, duplicates and merges", arguments: Seed.some(4))
    func agree(_ seed: Seed) async throws {
        let world = try World(clock: StoryClock(Timestamp("2026-07-02")!))
        var random = Random(Seed(seed.value &+ 9))
        var stories = RandomStories(seed: seed)
        var told: [String: SlowStory] = [:]
        var lines: [String] = []
        for number in 0..<Self.people {
            let user = "u\(number)"
            let story = stories.next()
            told[user] = story
            for (index, line) in story.lines(userId: user, identifiedAt: RandomStories.begin).enumerated() {
                // Every third comes from a device that turns out to be theirs only at the end; some come twice.
                let own = index % 3 == 2 ? line.replacing("\"userId\":\"\(user)\"", with: "\"anonymousId\":\"a-\(user)\"") : line
                lines.append(own)
                if random.chance(20) { lines.append(own) }
            }
            lines.append("{\"type\":\"alias\",\"messageId\":\"link-\(user)\",\"userId\":\"\(user)\",\"previousId\":\"a-\(user)\",\"timestamp\":\"2026-07-01T23:00:00Z\"}")
        }
        let positions = Self.mixed(lines, &random)
        for start in stride(from: 0, to: positions.count, by: 50) {
            try await world.send("{\"batch\":[\(positions[start..<min(start + 50, positions.count)].joined(separator: ","))]}")
        }
        let engine = try world.engine()
        let traits = try world.computedTraits().all
        let reader = world.stages.profiles.reader(for: .service)
        for step in 0..<12 {
            let asOf = step == 0 ? RandomStories.now : Timestamp(clamping: RandomStories.begin.milliseconds + 1 + Int64(step) * 36_000_000)
            if step == 6 { world.stages.lock.writing { world.stages.columns.sortEverything() } }
            for (user, story) in told {
                guard let profile = try reader.profile(Identifier(.userId, user)) else { continue }
                let found = Dictionary(uniqueKeysWithValues: try engine.values(of: traits, for: profile, asOf: asOf).map { ($0.trait.name, $0.json) })
                for trait in traits {
                    let wanted = SlowEvaluator.value(of: trait.measurement, for: story, at: Moment(asOf: asOf))
                    #expect(
                        Self.isSame(found[trait.name], wanted),
                        "seed \(seed.value) at \(asOf.iso8601): \(trait.name) is \(found[trait.name]?.text ?? "nothing") and should be \(wanted)\n\(story)")
                }
            }
        }
    }

    /// Mixes everyone's calls and keeps each person's own order, by which events of one instant are told apart.
    private static func mixed(_ lines: [String], _ random: inout Random) -> [String] {
        let keyed = lines.enumerated().map { (key: $0.offset + random.below(120), line: $0.element, at: $0.offset) }
        let spread = keyed.sorted { ($0.key, $0.at) < ($1.key, $1.at) }.map(\.line)
        func person(_ line: String) -> String { String(line[line.range(of: "u[0-9]+", options: .regularExpression)!]) }
        var queues = Dictionary(grouping: lines, by: person)
        return spread.map { queues[person($0)]!.removeFirst() }
    }

    private static func isSame(_ json: JSONText?, _ wanted: SlowValue) -> Bool {
        guard let json else { return wanted.isMissing }
        switch wanted {
        case .missing: return false
        case .time(let ms): return SlowValue(json).time == ms
        case .number(let number):
            guard case .number(let found) = SlowValue(json) else { return false }
            if SlowNumber.compare(found, number) == 0 { return true }
            // A fraction is told with 15 digits.
            return number.divisor > 1 && abs(found.approximate - number.approximate) <= abs(number.approximate) * 1e-14
        case .array(let values): return json.isArray && json.elements.count == values.count && zip(json.elements, values).allSatisfy { isSame($0, $1) }
        default: return SlowValue(json).isSame(as: wanted)
        }
    }
}
