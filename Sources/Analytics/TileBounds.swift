/// Where tiles of nearly equal size begin in the order of a key, equals in the order of a second one.
///
/// Nothing is sorted: keys are counted by bucket, and only the buckets in which a tile begins are looked into.
struct TileBounds: Sendable {
    private static let bucketBits = 12
    private let low: Int64
    private let shift: UInt64
    /// By bucket: the tile of all its keys, or nothing where tiles begin in it.
    private var tiles: [UInt8] = []
    private static let mixed = UInt8.max
    /// The first key and second key of each tile but the first.
    private var begins: [(key: Int64, second: UInt64)] = []

    /// - Parameters:
    ///   - parts: keys and second keys, in parts.
    ///   - count: of tiles; of N keys the first N mod `count` tiles have one more.
    ///   - inParallel: `body` of each number below a count.
    init(_ parts: [(keys: [Int64], seconds: [UInt64])], _ count: Int, _ inParallel: (Int, @escaping @Sendable (Int) -> [Int]) -> [[Int]]) {
        let low = parts.reduce(Int64.max) { Swift.min($0, $1.keys.min() ?? .max) }
        let high = parts.reduce(Int64.min) { Swift.max($0, $1.keys.max() ?? .min) }
        self.low = low
        let span = low > high ? 0 : UInt64(bitPattern: high &- low)
        let shift = UInt64(max(0, 64 - span.leadingZeroBitCount - TileBounds.bucketBits))
        self.shift = shift
        let counted = inParallel(parts.count) { number in
            var counts = [Int](repeating: 0, count: 1 << TileBounds.bucketBits)
            for key in parts[number].keys { counts[TileBounds.bucket(key, low, shift)] += 1 }
            return counts
        }
        let total = parts.reduce(0) { $0 + $1.keys.count }
        /// The places at which tiles begin, in order.
        var places: [Int] = []
        var place = 0
        for tile in 0..<max(0, count - 1) {
            place += total / count + (tile < total % count ? 1 : 0)
            if place < total { places.append(place) }
        }
        var before = 0
        var tile = 0
        for bucket in 0..<1 << TileBounds.bucketBits {
            let inside = counted.reduce(0) { $0 + $1[bucket] }
            let here = places[tile...].prefix { $0 < before + inside }
            if here.isEmpty { tiles.append(UInt8(tile)) } else {
                tiles.append(TileBounds.mixed)
                begins += TileBounds.keys(parts, bucket, low, shift, at: here.map { $0 - before })
                tile += here.count
            }
            before += inside
        }
    }

    @inline(__always)
    private static func bucket(_ key: Int64, _ low: Int64, _ shift: UInt64) -> Int { Int(UInt64(bitPattern: key &- low) >> shift) }

    /// The tile of a key, from 0.
    @inline(__always)
    func tile(_ key: Int64, _ second: UInt64) -> Int {
        let known = tiles[TileBounds.bucket(key, low, shift)]
        if known != TileBounds.mixed { return Int(known) }
        return begins.reduce(0) { $0 + (key != $1.key ? (key > $1.key ? 1 : 0) : second >= $1.second ? 1 : 0) }
    }

    /// Of one bucket's keys in order the ones at the given places.
    private static func keys(_ parts: [(keys: [Int64], seconds: [UInt64])], _ wanted: Int, _ low: Int64, _ shift: UInt64, at places: [Int]) -> [(key: Int64, second: UInt64)] {
        var all: [UInt128] = []
        for part in parts {
            for (index, key) in part.keys.enumerated() where bucket(key, low, shift) == wanted {
                all.append(UInt128(UInt64(bitPattern: key &- low)) << 64 | UInt128(part.seconds[index]))
            }
        }
        var from = 0
        return places.map { place in
            select(&all, place, from: from)
            from = place
            return (Int64(bitPattern: UInt64(truncatingIfNeeded: all[place] >> 64)) &+ low, UInt64(truncatingIfNeeded: all[place]))
        }
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
