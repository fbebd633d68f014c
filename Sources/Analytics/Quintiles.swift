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
        struct Person: Sendable { let born: UInt64, last: Int64, count: Int, sum: Int64, scale: Int }
        let parts = question.map { _, part in
            var people: [Person] = []
            measures.each(part, among: part.alive) { row, measure in
                people.append(Person(born: part.born[row], last: measure.last, count: measure.count, sum: measure.sum, scale: measure.scale))
            }
            return people
        }
        let people = Array(parts.joined())
        let scale = people.map(\.scale).max() ?? 0
        let keys: [@Sendable (Person) -> Int64] = [
            { $0.last }, { Int64($0.count) }, { Numbers.scaled($0.sum, by: scale - $0.scale) ?? .max },
        ]
        let sorted = question.inParallel(3) { number in
            Insights.tiles(people.map { (keys[number]($0), $0.born) }, tiles)
        }
        var counts = [Int](repeating: 0, count: tiles * tiles * tiles)
        for index in people.indices { counts[(Int(sorted[0][index]) * tiles + Int(sorted[1][index])) * tiles + Int(sorted[2][index])] += 1 }
        return counts.indices.filter { counts[$0] > 0 }.map { cell in
            RFMCell(recency: cell / (tiles * tiles) + 1, frequency: cell / tiles % tiles + 1, monetary: cell % tiles + 1, profiles: counts[cell])
        }
    }

    /// The tile of each key, from 0.
    private static func tiles(_ keys: [(key: Int64, born: UInt64)], _ count: Int) -> [UInt8] {
        var order = keys.indices.map { (key: keys[$0].key, born: keys[$0].born, index: $0) }
        order.sort { $0.key != $1.key ? $0.key < $1.key : $0.born < $1.born }
        var tiles = [UInt8](repeating: 0, count: keys.count)
        var at = 0
        for tile in 0..<count {
            let size = keys.count / count + (tile < keys.count % count ? 1 : 0)
            for index in at..<at + size { tiles[order[index].index] = UInt8(tile) }
            at += size
        }
        return tiles
    }
}
