import Columnar
import Segments

extension Insights {
    /// One cell of a retention table.
    public struct RetentionCell: Sendable, Hashable {
        /// In which period a person did something for the first time ever, 0 for the oldest.
        public let cohort: Int
        /// So many periods later.
        public let later: Int
        public let profiles: Int
    }

    /// Who came back: people by the period of their first event ever, and in which later periods they did anything.
    ///
    /// Only people whose first event lies in the last `count` periods before the moment are in; cells without anybody are left out.
    ///
    /// - Parameters:
    ///   - seconds: the length of a period.
    ///   - count: 1 to 128.
    public func retention(seconds: Int, count: Int) -> [RetentionCell] {
        let start = Insights.start(of: count, seconds, before: question.now)
        guard start >= 0, count >= 1, count <= 128 else { return [] }
        let question = question
        let parts = question.map { _, part in
            var firsts = [UInt32](repeating: .max, count: RowSet.capacity)
            question.eachBehaviour(part) { run, rows in run.lower(&firsts, among: rows) }
            var cohort = RowSet()
            part.alive.forEach { row in if firsts[row] != .max, Int64(firsts[row]) >= start { cohort.insert(row) } }
            var periods = [UInt64](repeating: 0, count: RowSet.capacity * 2)
            question.eachBehaviour(part) { run, rows in
                run.mark(&periods, among: rows.intersection(cohort), start: UInt32(start), seconds: UInt32(seconds), count: count)
            }
            var cells = [Int](repeating: 0, count: count * count)
            cohort.forEach { row in
                let first = (Int(firsts[row]) - Int(start)) / seconds
                guard first < count else { return }
                Insights.eachBit(periods[row * 2], periods[row * 2 + 1]) { cells[first * count + $0 - first] += 1 }
            }
            return cells
        }
        var cells: [RetentionCell] = []
        for index in 0..<count * count {
            let profiles = parts.reduce(0) { $0 + $1[index] }
            if profiles > 0 { cells.append(RetentionCell(cohort: index / count, later: index % count, profiles: profiles)) }
        }
        return cells
    }

    /// Where `count` periods begin, in seconds since 1970. They end with the second of the moment: cut at its beginning, what happened just before
    /// the moment would be in no period.
    static func start(of count: Int, _ seconds: Int, before now: Int64) -> Int64 { (now + 999) / 1000 - Int64(seconds) * Int64(count) }

    @inline(__always)
    static func eachBit(_ low: UInt64, _ high: UInt64, _ body: (Int) -> Void) {
        var bits = low
        while bits != 0 {
            body(bits.trailingZeroBitCount)
            bits &= bits &- 1
        }
        bits = high
        while bits != 0 {
            body(64 + bits.trailingZeroBitCount)
            bits &= bits &- 1
        }
    }
}
