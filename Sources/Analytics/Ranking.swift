import Columnar
public import Segments

extension Insights {
    /// One profile of a ranking.
    public struct Ranked: Sendable {
        public let profile: String
        /// In units of 10^-scale.
        public let value: Int64
        public let scale: Int
    }

    /// The profiles with the highest sum of a property, or most events, among those who satisfy a condition; of equals the one we met first.
    ///
    /// - Parameters:
    ///   - path: the property to sum up; nil to count events.
    ///   - limit: 1 to 1000.
    public func top(_ limit: Int, by pattern: EventPattern, summing path: String?, in window: Window, among condition: Condition) throws(SegmentError) -> [Ranked] {
        let rows = try question.rows(condition)
        let measures = question.measures(pattern, path: path, in: window)
        let finest = question.map { index, part in
            var scale = 0
            measures.each(part, among: rows[index]) { _, measure in scale = max(scale, measure.scale) }
            return scale
        }.max() ?? 0
        let parts = question.map { index, part in
            var best = TopList(limit)
            measures.each(part, among: rows[index]) { row, measure in
                let value = path == nil ? Int64(measure.count) : Numbers.scaled(measure.sum, by: finest - measure.scale) ?? .max
                best.add(TopList.Entry(value: value, born: part.born[row], part: index, row: row))
            }
            return best.entries
        }
        var all = TopList(limit)
        for entry in parts.joined() { all.add(entry) }
        let entries = all.entries
        return zip(entries, question.profileIDs(entries.map { ($0.part, $0.row) })).map { Ranked(profile: $1, value: $0.value, scale: path == nil ? 0 : finest) }
    }
}

/// The highest few of many.
struct TopList {
    struct Entry: Sendable {
        let value: Int64
        let born: UInt64
        let part: Int
        let row: Int

        func precedes(_ other: Entry) -> Bool { value != other.value ? value > other.value : born < other.born }
    }
    private let limit: Int
    private(set) var entries: [Entry] = []

    init(_ limit: Int) { self.limit = limit }

    mutating func add(_ entry: Entry) {
        if entries.count == limit {
            guard let last = entries.last, entry.precedes(last) else { return }
            entries.removeLast()
        }
        let index = entries.firstIndex { entry.precedes($0) } ?? entries.count
        entries.insert(entry, at: index)
    }
}
