import Console
import Profiles
import Segments
import Synchronization
import Vocabulary

/// How large segments were on each of the last days: their condition asked as of then.
///
/// A large workspace takes longer than a page may: a page counts as many days as fit into its time, newest first, and the next one goes on from there.
final class SegmentSizes: Sendable {
    static let days = 30
    private static let dayMs: Int64 = 86_400_000
    /// After which everything is counted anew.
    private static let keptMs: Int64 = 60_000
    /// After which a line in the list is counted anew.
    private static let listedMs: Int64 = 3_600_000
    /// Kept segments; the oldest answer makes room.
    private static let keptMaximum = 200
    /// What one page spends on counting.
    private static let pageBudget = Duration.milliseconds(150)

    private struct Known {
        let version: Int64
        let at: Timestamp
        /// Newest day first.
        var counts: [Int] = []

        var chart: SizeChart {
            let points = counts.enumerated().reversed().map { SizeChart.Point(atMs: at.milliseconds - Int64($0.offset) * SegmentSizes.dayMs, count: $0.element) }
            return SizeChart(points: points, isWhole: counts.count > SegmentSizes.days)
        }

        /// A count that goes on over several pages may take longer, but not for ever.
        func isOld(at now: Timestamp) -> Bool {
            now.milliseconds - at.milliseconds > (counts.count > SegmentSizes.days ? SegmentSizes.keptMs : 5 * SegmentSizes.keptMs)
        }
    }
    private let known = Mutex<[String: Known]>([:])

    /// The days that are known, after counting some more of them.
    func chart(of segment: Segment, in place: Workspace, at now: Timestamp) async throws -> SizeChart {
        var kept = known.withLock { $0[segment.id] }
        if let known = kept, known.version != segment.version || known.isOld(at: now) { kept = nil }
        var state = kept ?? Known(version: segment.version, at: now)
        if state.counts.count <= SegmentSizes.days {
            state.counts += try await count(segment, from: state.counts.count, before: state.at, in: place)
            let fresh = state
            known.withLock { all in
                if all.count >= SegmentSizes.keptMaximum, let oldest = all.min(by: { $0.value.at < $1.value.at })?.key { all[oldest] = nil }
                all[segment.id] = fresh
            }
        }
        return state.chart
    }

    /// Those of a whole list: what is known, be it an hour old, after counting some more of them.
    func charts(of segments: [Segment], in place: Workspace, at now: Timestamp) async throws -> [String: SizeChart] {
        let start = ContinuousClock.now
        var charts: [String: SizeChart] = [:]
        for segment in segments.prefix(SegmentSizes.keptMaximum) {
            let kept = known.withLock { $0[segment.id] }.flatMap { $0.version == segment.version && now.milliseconds - $0.at.milliseconds < SegmentSizes.listedMs ? $0 : nil }
            let isOver = ContinuousClock.now - start > SegmentSizes.pageBudget
            if let kept, isOver || kept.counts.count > SegmentSizes.days { charts[segment.id] = kept.chart } else {
                charts[segment.id] = isOver ? SizeChart(points: [], isWhole: false) : try await chart(of: segment, in: place, at: now)
            }
        }
        return charts
    }

    /// All days, however long it takes: at most as many steps as there are days.
    func wholeChart(of segment: Segment, in place: Workspace, at now: Timestamp) async throws -> SizeChart {
        var chart = try await chart(of: segment, in: place, at: now)
        for _ in 0...SegmentSizes.days where !chart.isWhole { chart = try await self.chart(of: segment, in: place, at: now) }
        return chart
    }

    /// At least one day, so that every page is a step.
    private func count(_ segment: Segment, from first: Int, before at: Timestamp, in place: Workspace) async throws -> [Int] {
        let (engine, conditions) = (place.engine, place.segments.conditions)
        return try await engine.pool.ask {
            let start = ContinuousClock.now
            let view = try engine.view()
            var counts: [Int] = []
            for day in first...SegmentSizes.days {
                let moment = Moment(asOf: Timestamp(clamping: at.milliseconds + 1 - Int64(day) * SegmentSizes.dayMs), zone: segment.zone)
                // A segment that it names is gone, so nobody was in.
                let rows = (try? engine.rows(segment.condition, at: moment, in: view, segments: conditions)) ?? []
                counts.append(rows.reduce(0) { $0 + $1.count })
                if ContinuousClock.now - start > SegmentSizes.pageBudget { break }
            }
            return counts
        }
    }
}
