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

    /// The tile of each key, from 0: only the keys at which tiles begin are found, nothing is sorted.
    private static func tiles(_ keys: [(key: Int64, born: UInt64)], _ count: Int) -> [UInt8] {
        let whole = keys.map { UInt128(UInt64(bitPattern: $0.key) ^ 1 << 63) << 64 | UInt128($0.born) }
        var rest = whole
        var begins: [UInt128] = []
        var at = 0
        for tile in 0..<count - 1 {
            let from = at
            at += keys.count / count + (tile < keys.count % count ? 1 : 0)
            guard at < keys.count else { break }
            select(&rest, at, from: from)
            begins.append(rest[at])
        }
        return whole.map { key in UInt8(begins.reduce(0) { $0 + (key >= $1 ? 1 : 0) }) }
    }

    /// Moves the `k`-th smallest of the keys behind `from` to its place, smaller ones before it and larger ones behind.
    private static func select(_ keys: inout [UInt128], _ k: Int, from: Int) {
        var low = from
        var high = keys.count - 1
        while low < high {
            let (a, b, c) = (keys[low], keys[low + (high - low) / 2], keys[high])
            let pivot = max(min(a, b), min(max(a, b), c))
            var (i, j) = (low, high)
            while i <= j {
                while keys[i] < pivot { i += 1 }
                while keys[j] > pivot { j -= 1 }
                if i <= j {
                    keys.swapAt(i, j)
                    i += 1
                    j -= 1
                }
            }
            if k <= j { high = j } else if k >= i { low = i } else { return }
        }
    }
}
