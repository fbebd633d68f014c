import Columnar
import Profiles
import Segments
import TestSupport
import Testing
import Vocabulary

/// Reasons of random conditions over random stories, beside the engine asked of everyone and the slow evaluator asked of the stories.
@Suite("A reason says what the engine says")
struct ReasonAgreementTests {
    private static let dayMs: Int64 = 86_400_000
    private static let people = 24
    private static let flipConditions = 40

    /// The stories in a workspace; some people's traits are stated anew while the story goes on.
    private struct Told {
        let world: World
        let engine: SegmentEngine
        let segments: [String: Condition]
        let people: [(profile: Profile, story: SlowStory)]

        init(_ seed: Seed) async throws {
            let world = try World(clock: StoryClock(Timestamp("2026-07-02")!))
            var stories = RandomStories(seed: seed)
            var told: [(String, SlowStory)] = []
            for number in 0..<ReasonAgreementTests.people {
                let story = stories.next()
                let user = "u\(number)"
                var lines = story.lines(userId: user, identifiedAt: RandomStories.begin)
                if number % 3 == 0 {
                    lines.append("{\"type\":\"identify\",\"messageId\":\"\(user)-again\",\"userId\":\"\(user)\",\"timestamp\":\"2026-06-30T00:00:00Z\",\"traits\":{\"plan\":\"tea\",\"renewal\":\"2026-07-01T13:00:00Z\"}}")
                }
                try await world.send("{\"batch\":[\(lines.joined(separator: ","))]}")
                // Half of it is sorted in, half is not.
                if number == ReasonAgreementTests.people / 2 { world.stages.lock.writing { world.stages.columns.sortEverything() } }
                told.append((user, story))
            }
            engine = try world.engine()
            segments = ["payers": try Condition(text: "plan = \"premium\" or sum(total) of \"Order Completed\" > 10"), "fans": try Condition(text: "did \"Product Viewed\" where category = \"tea\" in last 3 days")]
            self.world = world
            people = try told.compactMap { user, story in try world.profile(user).map { ($0, story) } }
        }

        func reasoned(_ condition: Condition, _ profile: Profile, at moment: Moment, horizonMs: Int64 = 0) throws -> ReasonedAnswer? {
            let segments = segments
            guard case .answered(let answer) = try engine.reasoning(condition, of: profile, at: moment, Outlook(horizonMs: horizonMs, budget: .seconds(600)), segments: { segments[$0] }) else { return nil }
            return answer
        }

        /// The profile ids of those who satisfy a condition, by the engine asked of everyone.
        func found(_ condition: Condition, at moment: Moment, in view: ColumnView) throws -> Set<String> {
            let segments = segments
            return Set(engine.profileIDs(try engine.rows(condition, at: moment, in: view) { segments[$0] }, limit: .max))
        }
    }

    @Test("at the root and at every test", arguments: Seed.some(3))
    func answers(_ seed: Seed) async throws {
        let told = try await Told(seed)
        var conditions = RandomConditions(seed: Seed(seed.value &+ 9))
        let view = try told.engine.view()
        var (trueCount, stepCount, eventCount) = (0, 0, 0)
        for number in 0..<120 {
            let condition = conditions.next()
            let moment = Moment(asOf: number % 4 == 0 ? Timestamp("2026-06-29T00:00:00Z")! : RandomStories.now)
            let found = try told.found(condition, at: moment, in: view)
            for (profile, story) in told.people {
                let answer = try #require(try told.reasoned(condition, profile, at: moment))
                #expect(answer.reason.isTrue == found.contains(profile.id), "seed \(seed.value): \(condition.text) of \(story)")
                trueCount += answer.reason.isTrue ? 1 : 0
                try check(answer.reason, told, profile, story, moment, view, &stepCount, &eventCount)
            }
        }
        // What nobody satisfies and what looks at nothing would agree too.
        #expect(trueCount > 100 && stepCount > 100 && eventCount > 100)
        withExtendedLifetime(told.world) {}
    }

    private func check(_ reason: Reason, _ told: Told, _ profile: Profile, _ story: SlowStory, _ moment: Moment, _ view: ColumnView, _ steps: inout Int, _ events: inout Int) throws {
        for part in reason.parts {
            if reason.parts.count > 1 { #expect(part.decides == (part.isTrue == reason.isTrue)) }
            var inner = moment
            if case .test(let test as SegmentTest) = reason.condition, let on = test.on { inner = Moment(asOf: on, zone: moment.zone) }
            try check(part, told, profile, story, inner, view, &steps, &events)
        }
        guard case .test(let test) = reason.condition else { return }
        let text = reason.condition.text
        switch reason.seen {
        case .steps(let seen):
            steps += 1
            #expect(seen.allSatisfy { $0.isMet ?? false } == reason.isTrue, "\(text) of \(story)")
            for step in seen where step.isMet == true && !step.isAbsent { #expect(step.event != nil) }
            // The chain's events follow each other.
            let times = seen.filter { !$0.isAbsent }.compactMap(\.event?.time)
            #expect(times == times.sorted() && Set(times).count == times.count)
        case .events(let seen):
            guard let test = test as? EventTest else { break }
            events += 1
            let counted = Condition.test(EventTest(pattern: test.pattern, window: test.window, measure: .count, test: .equals(.number(ExactNumber(Int64(seen.count))))))
            #expect(SlowEvaluator.isTrue(counted, for: story, at: moment), "\(text): \(seen.count) of \(story)")
            #expect(seen.events.count <= min(5, seen.count) && seen.unfilteredCount ?? seen.count >= seen.count)
            for event in seen.events { #expect(seen.window.contains(event.time.milliseconds) && event.messageId != nil) }
            if let before = seen.before { #expect(seen.count == 0 && before.time.milliseconds < seen.window.from) }
            try check(measure: seen, test, story, moment)
        case .bucket(let number):
            let exactly = Condition.test(BucketTest(salt: (test as? BucketTest)?.salt ?? "", lower: number, upper: number + 1))
            #expect(try told.found(exactly, at: moment, in: view).contains(profile.id))
        case .traits(let traits):
            for trait in traits where trait.value.flatMap(literal) != nil && test is TraitTest {
                let equal = Condition.test(TraitTest(path: trait.path, test: .equals(literal(trait.value!)!)))
                #expect(try told.found(equal, at: moment, in: view).contains(profile.id), "\(text): \(trait.value!.text)")
            }
        case .nothing: break
        }
    }

    /// A measure that is shown is the one that is tested; averages and shares are rounded for showing.
    private func check(measure seen: SeenEvents, _ test: EventTest, _ story: SlowStory, _ moment: Moment) throws {
        switch test.measure {
        case .average, .share, .firstTime, .lastTime, .rate, .slope, .trend: return
        default: break
        }
        let equal: ValueTest
        if let value = seen.value { if let literal = literal(value) { equal = .equals(literal) } else { return } } else { equal = .isMissing }
        let same = Condition.test(EventTest(pattern: test.pattern, window: test.window, measure: test.measure, test: equal))
        #expect(SlowEvaluator.isTrue(same, for: story, at: moment), "\(same.text) of \(story)")
    }

    private func literal(_ value: JSONText) -> Literal? {
        if let text = value.string { return .text(text) }
        if let boolean = value.boolean { return .boolean(boolean) }
        return ExactNumber(json: value.bytes).map { .number($0) }
    }

    @Test("and it flips at the first instant at which everyone asked in small steps is answered otherwise", arguments: Seed.some(3))
    func flips(_ seed: Seed) async throws {
        let told = try await Told(seed)
        var conditions = RandomConditions(seed: Seed(seed.value &+ 21))
        // What falls all the time crosses its bounds between the instants that are looked at.
        conditions.isSteady = true
        let view = try told.engine.view()
        var flipCount = 0
        for number in 0..<Self.flipConditions {
            let condition = number % 2 == 0 ? conditions.next() : Self.moving(conditions.eventTest(), number)
            // Of a past moment, what has happened since counts; at the last of these all has happened.
            let now = [Timestamp("2026-06-29T00:00:00Z")!, RandomStories.now, Timestamp("2026-07-02T00:00:00Z")!][number % 3]
            let horizon = 2 * Self.dayMs
            var first: [String: Timestamp] = [:]
            let wanted = try told.found(condition, at: Moment(asOf: now), in: view)
            for instant in Self.instants(after: now, horizon) {
                for id in try told.found(condition, at: Moment(asOf: instant), in: view).symmetricDifference(wanted) where first[id] == nil { first[id] = instant }
            }
            for (profile, story) in told.people {
                let answer = try #require(try told.reasoned(condition, profile, at: Moment(asOf: now), horizonMs: horizon))
                #expect(answer.flipsAt == first[profile.id], "seed \(seed.value): \(condition.text) at \(now.iso8601) of \(profile.id), \(story)")
                flipCount += answer.flipsAt == nil ? 0 : 1
                if answer.flipsAt == nil { #expect(answer.lookedUntil.milliseconds == now.milliseconds + horizon) }
            }
        }
        #expect(flipCount > 5)
        withExtendedLifetime(told.world) {}
    }

    /// Much of what is random never flips: this asks in a window that moves, now and then together with something that stays.
    private static func moving(_ test: EventTest, _ number: Int) -> Condition {
        let window = Window.last(Period([12, 36, 60, 90][number / 4 % 4], .hour))
        let count = EventTest(pattern: EventPattern(test.pattern.names), window: window, measure: .count, test: .atLeast(.number(ExactNumber(Int64(1 + number % 3)))))
        return number % 4 == 1 ? .test(count) : .any([.test(EventTest(pattern: test.pattern, window: window, measure: test.measure, test: test.test)), .not(.test(count))])
    }

    /// Stories and conditions know half hours, a millisecond more, and thirty seconds.
    private static func instants(after now: Timestamp, _ horizon: Int64) -> [Timestamp] {
        let halfHours = stride(from: now.milliseconds, through: now.milliseconds + horizon, by: 1_800_000)
        let all = halfHours.flatMap { hour in [0, 1, 2, 30_000, 30_001, 30_002, 1_770_000, 1_770_001].map { hour + $0 } }
        return all.filter { $0 > now.milliseconds && $0 <= now.milliseconds + horizon }.map(Timestamp.init(clamping:))
    }
}
