import Columnar
import EventLog
import Foundation
import Identity
import Ingest
import Profiles
import Segments
import Storage
import Synchronization
import TestSupport
import Testing
import Vocabulary

/// Segments whose members are followed event by event and as time goes on, beside the same conditions asked anew of everyone.
@Suite("Live members are those whom the condition finds when it is asked anew")
struct LiveTests {
    @Test("after every few events and whenever time has passed", arguments: Seed.some(4))
    func follow(_ seed: Seed) async throws {
        let folder = TemporaryFolder()
        let clock = StoryClock(RandomStories.begin)
        let world = try World(in: folder, clock: clock)
        let time = Mutex(RandomStories.begin)
        let engine = try world.engine()
        let store = try SegmentStore(Documents(world.stages.database), computed: try world.computedTraits())
        let live = LiveSegments(engine: engine, store: store) { time.withLock { $0 } }
        var conditions = RandomConditions(seed: seed)
        conditions.segments = ["segment-0"]
        for number in 0..<60 {
            let condition = number == 0 ? try Condition(text: "plan = \"premium\" or did \"Order Completed\" in last 2 days") : conditions.next()
            _ = try store.create(
                id: "seg_\(number)", name: "Segment \(number)", note: "", condition: condition, zone: .utc, author: "ada", at: clock.now)
        }
        live.segmentsChanged()
        world.stages.follow { live.applied(touched: $0, merged: $1) }

        var random = Random(Seed(seed.value &+ 5))
        var stories = RandomStories(seed: seed)
        var lines: [String] = []
        for number in 0..<40 {
            let story = stories.next().lines(userId: "u\(number)", identifiedAt: RandomStories.begin)
            // Some of it comes from a device that turns out to be theirs only at the end.
            lines += story.enumerated().map { $0.offset % 3 == 2 ? $0.element.replacingOccurrences(of: "\"userId\":\"u\(number)\"", with: "\"anonymousId\":\"a\(number)\"") : $0.element }
            lines.append("{\"type\":\"identify\",\"messageId\":\"link\(number)\",\"userId\":\"u\(number)\",\"anonymousId\":\"a\(number)\",\"timestamp\":\"2026-06-27T00:00:01Z\",\"traits\":{}}")
        }
        lines.shuffle(using: &random)
        var sent = 0
        var changes = 0
        // Nine days in odd steps: events arrive early, in time and late, and afterwards only time passes.
        while time.withLock({ $0 }) < Timestamp("2026-07-06T03:00:00Z")! {
            let count = min(random.below(12), lines.count - sent)
            if count > 0 { try await world.send("{\"batch\":[\(lines[sent..<sent + count].joined(separator: ","))]}") }
            sent += count
            let step = random.pick([1, 999, 1_800_000, 1_800_001, 3_600_000, 5_000_000, 20_000_000].map(Int64.init))
            time.withLock { $0 = Timestamp(clamping: $0.milliseconds + step) }
            clock.now = max(clock.now, time.withLock { $0 })
            if random.chance(20) { world.stages.lock.writing { world.stages.columns.sortEverything() } }
            live.settle()
            changes += try compare(live, store, engine, at: time.withLock { $0 }, seed)
        }
        #expect(sent == lines.count)
        #expect(changes > 0)
        #expect(live.lastNumber > 0)
    }

    /// - Returns: how many members there are in all.
    private func compare(_ live: LiveSegments, _ store: SegmentStore, _ engine: SegmentEngine, at now: Timestamp, _ seed: Seed) throws -> Int {
        var total = 0
        let view = try engine.view()
        for segment in store.all {
            let rows = try engine.rows(segment.condition, at: Moment(asOf: Timestamp(clamping: now.milliseconds + 1)), in: view, segments: store.conditions)
            let wanted = Set(engine.profileIDs(rows, limit: .max))
            let found = Set(live.members(of: segment.id, after: 0, limit: .max))
            total += wanted.count
            #expect(found == wanted, "seed \(seed.value) at \(now.iso8601): \(segment.condition.text); missing \(wanted.subtracting(found).count), too many \(found.subtracting(wanted).count)")
        }
        return total
    }

    @Test("a rate that is asked at the very moment at which it comes to the number is asked again at the next")
    func rates() async throws {
        let clock = StoryClock(RandomStories.begin)
        let world = try World(clock: clock)
        let time = Mutex(RandomStories.begin)
        let engine = try world.engine()
        let store = try SegmentStore(Documents(world.stages.database), computed: try world.computedTraits())
        let live = LiveSegments(engine: engine, store: store) { time.withLock { $0 } }
        let busy = try store.create(
            id: "seg_1", name: "Busy", note: "", condition: Condition(text: "daily rate of \"Order Completed\" >= 1"), zone: .utc, author: "ada", at: clock.now)
        live.segmentsChanged()
        world.stages.follow { live.applied(touched: $0, merged: $1) }
        let orders = ["2026-06-26T12:00:00Z", "2026-06-26T23:00:00Z"].map { "{\"type\":\"track\",\"event\":\"Order Completed\",\"userId\":\"ada\",\"timestamp\":\"\($0)\"}" }
        try await world.send("{\"batch\":[\(orders.joined(separator: ","))]}")
        // What is live is told as of the moment's end: two orders in two days, to the millisecond, and then in a millisecond more.
        for (instant, size) in [("2026-06-27T12:00:00Z", 1), ("2026-06-28T11:59:59.998Z", 1), ("2026-06-28T11:59:59.999Z", 1), ("2026-06-28T12:00:00Z", 0)] {
            time.withLock { $0 = Timestamp(instant)! }
            live.settle()
            #expect(live.size(of: busy.id) == size, "at \(instant)")
        }
    }

    @Test("a change names who came in and who left, once")
    func changes() async throws {
        let clock = StoryClock(RandomStories.begin)
        let world = try World(clock: clock)
        let time = Mutex(RandomStories.begin)
        let engine = try world.engine()
        let store = try SegmentStore(Documents(world.stages.database), computed: try world.computedTraits())
        let live = LiveSegments(engine: engine, store: store) { time.withLock { $0 } }
        let buyers = try store.create(
            id: "seg_1", name: "Buyers", note: "", condition: Condition(text: "did \"Order Completed\" in last 1 hour"), zone: .utc, author: "ada", at: clock.now)
        live.segmentsChanged()
        world.stages.follow { live.applied(touched: $0, merged: $1) }
        live.settle()
        #expect(live.size(of: buyers.id) == 0)

        try await world.send("{\"batch\":[{\"type\":\"track\",\"event\":\"Order Completed\",\"userId\":\"ada\",\"timestamp\":\"2026-06-26T23:59:59Z\"}]}")
        live.settle()
        #expect(live.changes(after: 0, limit: 10).map(\.hasEntered) == [true])
        // The last instant at which the order is at most an hour old, and the next.
        time.withLock { $0 = Timestamp("2026-06-27T00:59:58.999Z")! }
        live.settle()
        #expect(live.size(of: buyers.id) == 1)
        time.withLock { $0 = Timestamp("2026-06-27T00:59:59Z")! }
        live.settle()
        #expect(live.size(of: buyers.id) == 0)
        #expect(live.changes(after: 0, limit: 10).map(\.hasEntered) == [true, false])
        #expect(Set(live.changes(after: 0, limit: 10).map(\.profile)).count == 1)
    }
}
