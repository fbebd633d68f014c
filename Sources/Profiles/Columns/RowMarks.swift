public import Columnar

/// Rows that somebody beside the log marked, such as those of a static list, each for ever or until an instant.
public struct RowMarks: Sendable {
    /// For people; another name for the same marks.
    public let handle: String
    /// From this instant on nobody is marked, in milliseconds since 1970; `Int64.max` for never.
    public var end: Int64
    /// By part; a row may lie in parts that are not there.
    private var forever: [RowSet] = []
    /// By part, and by row of the part.
    private var until: [[Int: Int64]] = []

    public init(handle: String, end: Int64) { (self.handle, self.end) = (handle, end) }

    /// - Parameter time: the first instant at which the row is not marked any more; `Int64.max` for never, nil to take the mark away.
    public mutating func mark(_ row: Row, until time: Int64?) {
        let (part, place) = (Int(row) / RowSet.capacity, Int(row) % RowSet.capacity)
        if part >= forever.count {
            guard time != nil else { return }
            forever += [RowSet](repeating: RowSet(), count: part + 1 - forever.count)
            until += [[Int: Int64]](repeating: [:], count: part + 1 - until.count)
        }
        if time == .max { forever[part].insert(place) } else { forever[part].remove(place) }
        let limited = time == .max ? nil : time
        if limited != nil || !until[part].isEmpty { until[part][place] = limited }
    }

    /// The rows of a part that are marked at an instant.
    public func rows(ofPart part: Int, at now: Int64) -> RowSet {
        guard now < end, part < forever.count else { return RowSet() }
        var rows = forever[part]
        for (place, time) in until[part] where time > now { rows.insert(place) }
        return rows
    }

    /// When marks of a part's rows end by themselves.
    public func ends(inPart part: Int) -> [Int: Int64] { part < until.count ? until[part] : [:] }

    /// All that were ever marked and not taken away, by part.
    public var everyRow: [Int: RowSet] {
        var rows: [Int: RowSet] = [:]
        for part in forever.indices {
            var set = forever[part]
            for place in until[part].keys { set.insert(place) }
            if !set.isEmpty { rows[part] = set }
        }
        return rows
    }
}
