/// The pairs of records that are compared: all of a small file, those that a rule brings together in a larger one.
struct Candidates: Sendable {
    private let blocks: Blocks
    private let preparation: PairComparer.Preparation
    private let chances: ChanceLevels

    /// Up to so many records, every pair is looked at.
    static let exhaustiveMaximum = 1500
    /// Tasks that a rule's blocks are cut into, so that the cores finish together.
    private static let tasksPerRule = 4

    /// Up to which size a block of each rule counts.
    var limits: [(rule: BlockingRule, sizeMaximum: Int)] { blocks.limits }

    /// Records, not pairs.
    var count: Int { preparation.people.count }

    init(_ preparation: PairComparer.Preparation, _ chances: ChanceLevels) {
        let people = preparation.people
        // A million records have more namesakes, and names alone prove less among them.
        let pairsPerRecord = people.count > 300_000 ? 3 : 12
        blocks = Blocks(BlockingRule.rules(for: people), BlockingKeys(preparation), count: people.count, pairsPerRecord: pairsPerRecord)
        self.preparation = preparation
        self.chances = chances
    }

    /// Runs `body` for each pair on all cores; what it puts out is in the same order in every run.
    func each<T: Sendable>(_ body: @Sendable (PairComparer, Int, Int, inout PairEvidence, inout [T]) -> Void) -> [T] {
        let tasks = preparation.people.count <= Candidates.exhaustiveMaximum ? [] : self.tasks
        guard !tasks.isEmpty else { return eachOfAll(body) }
        return parallel(tasks.count) { task in
            let comparer = PairComparer(preparation, chances: chances)
            var evidence = PairEvidence(comparisons: comparer.comparisons.count)
            var out: [T] = []
            blocks.eachPair(rule: tasks[task].rule, blocks: tasks[task].blocks) { i, j in body(comparer, i, j, &evidence, &out) }
            return out
        }.flatMap { $0 }
    }

    /// For each rule a sample of its pairs, compared, to learn from.
    func sessions() -> [Learning.Session] { parallel(blocks.rules.count) { session(of: blocks.rules[$0]) } }

    private func eachOfAll<T: Sendable>(_ body: @Sendable (PairComparer, Int, Int, inout PairEvidence, inout [T]) -> Void) -> [T] {
        let count = preparation.people.count
        guard count <= Candidates.exhaustiveMaximum else { return [] }
        let bands = 16
        return parallel(bands) { band in
            let comparer = PairComparer(preparation, chances: chances)
            var evidence = PairEvidence(comparisons: comparer.comparisons.count)
            var out: [T] = []
            for j in stride(from: band, to: count, by: bands) { for i in 0..<j { body(comparer, i, j, &evidence, &out) } }
            return out
        }.flatMap { $0 }
    }

    private var tasks: [(rule: Int, blocks: Range<Int>)] {
        blocks.rules.enumerated().flatMap { index, ruled in
            let count = ruled.starts.count - 1
            let size = max(1, (count + Candidates.tasksPerRule - 1) / Candidates.tasksPerRule)
            return stride(from: 0, to: count, by: size).map { (index, $0..<min($0 + size, count)) }
        }
    }

    private func session(of ruled: Blocks.Ruled) -> Learning.Session {
        let comparer = PairComparer(preparation, chances: chances)
        var session = Learning.Session(rule: ruled.rule)
        var evidence = PairEvidence(comparisons: comparer.comparisons.count)
        let step = max(1, ruled.pairs / Learning.sessionPairsMaximum)
        session.scale = Double(step)
        var seen = 0
        for block in 1..<max(1, ruled.starts.count) {
            let members = Int(ruled.starts[block - 1])..<Int(ruled.starts[block])
            for b in members {
                for a in members.lowerBound..<b {
                    seen += 1
                    guard seen % step == 0 else { continue }
                    comparer.compare(Int(ruled.records[a]), Int(ruled.records[b]), &evidence)
                    session.cells.append(contentsOf: evidence.cells)
                    session.strangers.append(contentsOf: evidence.strangers)
                    session.givenNames.append(preparation.people.hasNames ? Relatives.givenName(evidence) : 0)
                }
            }
        }
        return session
    }
}
