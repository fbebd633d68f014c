import Foundation
import Identity
import Profiles
import Segments
import Storage
import Synchronization
import TestSupport
import Testing
import Vocabulary

/// Segments while people are merged and parted: columns and live members beside those of a workspace that reads everything anew.
@Suite("Members follow merges and what takes them back")
struct LinkedMembersTests {
    @Test("after every few statements, as reading the log again gives it", arguments: Seed.some(4))
    func follow(_ seed: Seed) async throws {
        var random = Random(seed)
        let world = try World(clock: StoryClock(RandomStories.begin))
        let engine = try world.engine()
        let store = try SegmentStore(Documents(world.stages.database), computed: try world.computedTraits())
        let now = RandomStories.now
        let live = LiveSegments(engine: engine, store: store) { now }
        var conditions = RandomConditions(seed: seed)
        conditions.segments = ["segment-0"]
        for number in 0..<25 {
            let condition = number == 0 ? try Condition(text: "plan = \"premium\" or did \"Order Completed\"") : conditions.next()
            _ = try store.create(id: "seg_\(number)", name: "Segment \(number)", note: "", condition: condition, zone: .utc, author: "ada", at: now)
        }
        live.segmentsChanged()
        world.stages.follow { live.applied(touched: $0, merged: $1) }
        var stories = RandomStories(seed: seed)
        for number in 0..<12 {
            let lines = stories.next().lines(userId: "u\(number)", identifiedAt: RandomStories.begin)
            let some = lines.enumerated().map { $0.offset % 2 == 1 ? $0.element.replacingOccurrences(of: "\"userId\":\"u\(number)\"", with: "\"anonymousId\":\"a\(number)\"") : $0.element }
            try await world.send("{\"batch\":[\(some.joined(separator: ","))]}")
            try await world.play("00:00 identify userId=u\(number) anonymousId=a\(number)")
        }
        live.settle()
        var standing: [UInt64] = []
        for step in 0..<16 {
            let (one, other) = (random.below(12), random.below(12))
            switch random.below(4) {
            case 0 where one != other: standing.append(try await world.state(.merge, ["userId=u\(one)"], ["userId=u\(other)"]))
            case 1: standing.append(try await world.state(.unmerge, ["anonymousId=a\(one)"], ["userId=u\(one)"]))
            case 2 where !standing.isEmpty: try await world.undo(standing.remove(at: random.below(standing.count)))
            default: try await world.play("00:00 track anonymousId=a\(one) Order Completed")
            }
            if random.chance(30) { world.stages.lock.writing { world.stages.columns.sortEverything() } }
            guard step % 3 == 2 else { continue }
            live.settle()
            let fresh = try world.crashed()
            let freshEngine = try fresh.engine()
            for segment in store.all {
                let moment = Moment(asOf: Timestamp(clamping: now.milliseconds + 1))
                let mine = Set(engine.profileIDs(try engine.rows(segment.condition, at: moment, in: try engine.view(), segments: store.conditions), limit: .max))
                let theirs = Set(freshEngine.profileIDs(try freshEngine.rows(segment.condition, at: moment, in: try freshEngine.view(), segments: store.conditions), limit: .max))
                #expect(mine == theirs, "seed \(seed.value), step \(step): \(segment.condition.text)")
                #expect(Set(live.members(of: segment.id, after: 0, limit: .max)) == mine, "live, seed \(seed.value), step \(step): \(segment.condition.text)")
            }
        }
        #expect(!standing.isEmpty)
    }

    @Test("somebody who is parted from the one who bought leaves the segment, and comes back when that is undone")
    func leaves() async throws {
        let world = try World()
        let engine = try world.engine()
        let store = try SegmentStore(Documents(world.stages.database), computed: try world.computedTraits())
        let live = LiveSegments(engine: engine, store: store) { Timestamp("2026-07-02")! }
        _ = try store.create(id: "seg_1", name: "Buyers", note: "", condition: try Condition(text: "did \"Bought\""), zone: .utc, author: "ada", at: world.clock.now)
        live.segmentsChanged()
        world.stages.follow { live.applied(touched: $0, merged: $1) }
        try await world.play("09:00  track  anonymousId=a1  Bought\n09:01  identify  anonymousId=a1 userId=u1  plan=free")
        live.settle()
        let before = live.members(of: "seg_1", after: 0, limit: .max)
        let parted = try await world.state(.unmerge, ["userId=u1"], ["anonymousId=a1"])
        live.settle()
        #expect(live.members(of: "seg_1", after: 0, limit: .max) == [try #require(try world.profile("a1")?.id)])
        #expect(try world.profile("u1")?.id != world.profile("a1")?.id)
        try await world.undo(parted)
        live.settle()
        #expect(live.members(of: "seg_1", after: 0, limit: .max) == before)
    }
}
