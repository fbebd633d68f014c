import Foundation

/// The records of a file in blocks, rule by rule; pairs within a block are candidates.
///
/// A rule takes its small blocks first and stops when its pairs are spent, so that a value shared by thousands costs nothing and no fixed size
/// decides what is too common.
struct Blocks: Sendable {
    /// One rule's blocks.
    struct Ruled: Sendable {
        let rule: BlockingRule
        /// Each record's block, from 1; 0 where it has none that counts.
        let blockOf: [UInt32]
        /// Records, block after block, and where each block begins.
        let records: [UInt32]
        let starts: [UInt32]
        let pairs: Int
        /// The largest block that counts, also among records that are still to come.
        let sizeMaximum: Int
    }
    let rules: [Ruled]
    /// Of every rule, also of those that bring no pair yet.
    let limits: [(rule: BlockingRule, sizeMaximum: Int)]

    /// A block that grows beyond what the file's largest was is looked at up to this size, where its pairs are not spent.
    private static let growth = 64

    /// - Parameter pairsPerRecord: how many candidate pairs each rule may bring, by record.
    init(_ rules: [BlockingRule], _ keys: BlockingKeys, count: Int, pairsPerRecord: Int) {
        let all = parallel(rules.count) { Blocks.ruled(rules[$0], keys, count, pairsMaximum: count * pairsPerRecord) }
        limits = all.map { ($0.rule, $0.sizeMaximum) }
        self.rules = all.filter { $0.pairs > 0 }
    }

    private static func ruled(_ rule: BlockingRule, _ keys: BlockingKeys, _ count: Int, pairsMaximum: Int) -> Ruled {
        var keyed: [(key: UInt64, record: UInt32)] = []
        keyed.reserveCapacity(count)
        for index in 0..<count {
            let key = keys.key(rule, index)
            if key != 0 { keyed.append((key, UInt32(index))) }
        }
        keyed.sort { ($0.key, $0.record) < ($1.key, $1.record) }
        // Blocks by size: how many there are of each, to see up to which size the pairs last.
        var sizes: [Int: Int] = [:]
        var runs: [Range<Int>] = []
        var begin = 0
        for at in 0...keyed.count where at > begin && (at == keyed.count || keyed[at].key != keyed[begin].key) {
            if at - begin > 1 {
                runs.append(begin..<at)
                sizes[at - begin, default: 0] += 1
            }
            begin = at
        }
        var sizeMaximum = 1
        var pairs = 0
        // Where the file's own blocks end, others may still grow; one that is refused bounds them.
        var refused = Int.max
        for size in sizes.keys.sorted() {
            let more = size * (size - 1) / 2 * sizes[size]!
            guard pairs + more <= pairsMaximum else {
                refused = size
                break
            }
            pairs += more
            sizeMaximum = size
        }
        var blockOf = [UInt32](repeating: 0, count: count)
        var records: [UInt32] = []
        var starts: [UInt32] = [0]
        for run in runs where run.count <= sizeMaximum {
            for at in run {
                blockOf[Int(keyed[at].record)] = UInt32(starts.count)
                records.append(keyed[at].record)
            }
            starts.append(UInt32(records.count))
        }
        return Ruled(rule: rule, blockOf: blockOf, records: records, starts: starts, pairs: pairs, sizeMaximum: max(sizeMaximum, min(growth, refused - 1)))
    }

    /// Calls `body` for each pair that rule `index` brings within the blocks of `range` and no rule before it.
    func eachPair(rule index: Int, blocks range: Range<Int>, _ body: (Int, Int) -> Void) {
        let ruled = rules[index]
        for block in range {
            let members = Int(ruled.starts[block])..<Int(ruled.starts[block + 1])
            for b in members {
                let j = Int(ruled.records[b])
                for a in members.lowerBound..<b {
                    let i = Int(ruled.records[a])
                    if !wasBrought(i, j, before: index) { body(i, j) }
                }
            }
        }
    }

    private func wasBrought(_ i: Int, _ j: Int, before index: Int) -> Bool {
        for earlier in 0..<index {
            let block = rules[earlier].blockOf[i]
            if block != 0, block == rules[earlier].blockOf[j] { return true }
        }
        return false
    }
}
