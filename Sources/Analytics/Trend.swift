import Columnar
import Segments

extension Insights {
    /// One point of a trend.
    public struct TrendPoint: Sendable, Hashable {
        /// 0 for the oldest period.
        public let period: Int
        /// The trait's text; nil where it is missing.
        public let group: String?
        public let profiles: Int
    }

    /// How many different people did anything, in each of the last `count` periods before the moment, by the text of a trait.
    ///
    /// - Parameters:
    ///   - seconds: the length of a period.
    ///   - count: 1 to 128.
    ///   - trait: nil for everyone as one group.
    /// - Returns: by period, then by group; points without anybody are left out.
    public func activeProfiles(seconds: Int, count: Int, by trait: String?) -> [TrendPoint] {
        let start = Insights.start(of: count, seconds, before: question.now)
        guard start >= 0, count >= 1, count <= 128 else { return [] }
        let groups = trait.map(question.groups(byTrait:))
        let names = groups?.names ?? [""]
        let question = question
        let parts = question.map { _, part in
            var periods = [UInt64](repeating: 0, count: RowSet.capacity * 2)
            question.eachBehaviour(part) { run, rows in run.mark(&periods, among: rows, start: UInt32(start), seconds: UInt32(seconds), count: count) }
            let codes = groups?.codes(part)
            var cells = [UInt32](repeating: 0, count: names.count * count)
            part.alive.forEach { row in
                let base = Int(codes?[row] ?? 0) * count
                Insights.eachBit(periods[row * 2], periods[row * 2 + 1]) { cells[base + $0] += 1 }
            }
            return cells
        }
        var points: [TrendPoint] = []
        let order = names.indices.sorted { Array(names[$0].utf8).lexicographicallyPrecedes(Array(names[$1].utf8)) }
        for period in 0..<count {
            for group in order {
                let profiles = parts.reduce(0) { $0 + Int($1[group * count + period]) }
                if profiles > 0 { points.append(TrendPoint(period: period, group: group == 0 ? nil : names[group], profiles: profiles)) }
            }
        }
        return points
    }
}
