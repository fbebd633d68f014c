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
        let parts = question.map { index, part in
            var best = TopList(limit)
            measures.each(part, among: rows[index], isTimed: false) { row, measure in
                let (value, scale) = path == nil ? (Int64(measure.count), 0) : (measure.sum, measure.scale)
                if best.mayTake(value, scale) { best.add(value: value, scale: scale, born: part.born[row], part: index, row: row) }
            }
            return best
        }
        var all = TopList(limit)
        for part in parts { for entry in part.entries { all.add(value: entry.value, scale: part.scale, born: entry.born, part: entry.part, row: entry.row) } }
        let entries = all.entries
        return zip(entries, question.profileIDs(entries.map { ($0.part, $0.row) })).map { Ranked(profile: $1, value: $0.value, scale: all.scale) }
    }
}

/// The highest few of many, in units of 10^-scale of the finest scale that came.
struct TopList {
    struct Entry: Sendable {
        var value: Int64
        let born: UInt64
        let part: Int
        let row: Int

        func precedes(_ other: Entry) -> Bool { value != other.value ? value > other.value : born < other.born }
    }
    private let limit: Int
    private(set) var scale = 0
    private(set) var entries: [Entry] = []
    /// Lower ones have no place any more.
    private var least = Int64.min

    init(_ limit: Int) { self.limit = limit }

    /// Whether a value can be among the highest: to be asked first, of very many.
    @inline(__always)
    func mayTake(_ value: Int64, _ valueScale: Int) -> Bool { value >= least || valueScale != scale }

    mutating func add(value: Int64, scale valueScale: Int, born: UInt64, part: Int, row: Int) {
        if valueScale > scale {
            for index in entries.indices { entries[index].value = TopList.scaled(entries[index].value, by: valueScale - scale) }
            scale = valueScale
        }
        let entry = Entry(value: TopList.scaled(value, by: scale - valueScale), born: born, part: part, row: row)
        if entries.count == limit {
            guard let last = entries.last, entry.precedes(last) else { return }
            entries.removeLast()
        }
        entries.insert(entry, at: entries.firstIndex { entry.precedes($0) } ?? entries.count)
        least = entries.count == limit ? entries[limit - 1].value : .min
    }

    /// What does not fit into 64 bits stands at the nearest end.
    private static func scaled(_ value: Int64, by power: Int) -> Int64 { Numbers.scaled(value, by: power) ?? (value < 0 ? .min : .max) }
}
