import Columnar
public import Segments

extension Insights {
    /// One cell of an RFM table: how many profiles are in these tiles of recency, frequency and money; the highest tile is best.
    public struct RFMCell: Sendable, Hashable {
        public let recency: Int
        public let frequency: Int
        public let monetary: Int
        public let profiles: Int
    }

    /// Sorts everyone who did something into tiles of nearly equal size, three times: by when last, how often, and how much in sum; equals in the order
    /// in which we met them. Of N people the first N mod `tiles` tiles have one more.
    ///
    /// - Parameter tiles: 2 to 10.
    public func rfm(_ pattern: EventPattern, summing path: String, tiles: Int, in window: Window) -> [RFMCell] {
        let measures = question.measures(pattern, path: path, in: window)
        let question = question
        let measured = question.map { _, part in
            var people = TilePeople()
            measures.each(part, among: part.alive) { row, measure in
                people.add(born: part.born[row], last: measure.last, count: Int64(measure.count), sum: measure.sum, scale: measure.scale)
            }
            return people
        }
        let scale = measured.map(\.scale).max() ?? 0
        let parts = question.inParallel(measured.count) { measured[$0].scaled(to: scale) }
        let bounds = (0..<3).map { number in TileBounds(parts.map { ($0.keys[number], $0.born) }, tiles) { question.inParallel($0, $1) } }
        let counts = question.inParallel(parts.count) { number in
            let part = parts[number]
            var counts = [Int](repeating: 0, count: tiles * tiles * tiles)
            for index in part.born.indices {
                var cell = 0
                for key in 0..<3 { cell = cell * tiles + bounds[key].tile(part.keys[key][index], part.born[index]) }
                counts[cell] += 1
            }
            return counts
        }
        return (0..<tiles * tiles * tiles).compactMap { cell in
            let profiles = counts.reduce(0) { $0 + $1[cell] }
            if profiles == 0 { return nil }
            return RFMCell(recency: cell / (tiles * tiles) + 1, frequency: cell / tiles % tiles + 1, monetary: cell % tiles + 1, profiles: profiles)
        }
    }
}

/// The people of one part: by person when we met them, when they last did it, how often, and the sum in units of 10^-scale.
private struct TilePeople: Sendable {
    private(set) var born: [UInt64] = []
    private(set) var keys: [[Int64]] = [[], [], []]
    private(set) var scale = 0

    mutating func add(born: UInt64, last: Int64, count: Int64, sum: Int64, scale sumScale: Int) {
        if sumScale > scale { self = scaled(to: sumScale) }
        self.born.append(born)
        keys[0].append(last)
        keys[1].append(count)
        keys[2].append(TilePeople.scaled(sum, by: scale - sumScale))
    }

    func scaled(to finer: Int) -> TilePeople {
        guard finer > scale else { return self }
        var copy = self
        copy.keys[2] = keys[2].map { TilePeople.scaled($0, by: finer - scale) }
        copy.scale = finer
        return copy
    }

    /// What does not fit into 64 bits stands at the nearest end.
    private static func scaled(_ value: Int64, by power: Int) -> Int64 { Numbers.scaled(value, by: power) ?? (value < 0 ? .min : .max) }
}
