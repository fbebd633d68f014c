import Synchronization

/// Records that come, change and go, and for each of them at once who else may be the same person.
///
/// What it knows of names, places and numbers was learned from many records and is held from then on: under one model the answer hangs on the records that are there and not on
/// how they came to be, and for the records that it was learned from it is ``Matcher``'s. Learning again makes another index.
///
/// `@unchecked Sendable`: everything that changes is touched with `mutex` held.
public final class MatchIndex: @unchecked Sendable {
    /// A record that may be the same person.
    public struct Found: Sendable {
        public let key: UInt64
        /// That the two are one person, by their own evidence alone; 0 to 1.
        public let probability: Double
        /// The same, lower where an initial fits others about as well who cannot be the same person.
        public let settled: Double
        public let reasons: [Reason]
    }
    /// Two records that may be one person.
    public struct Pair: Sendable, Hashable {
        public let a: UInt64
        public let b: UInt64
        public let probability: Double
        public let settled: Double
    }

    /// The columns of every record.
    public let header: [String]
    /// Records that it was learned from.
    public let learnedCount: Int
    private let schema: Schema
    private let reading: Reading
    let model: MatchModel
    let comparer: PairComparer
    var blocks: [LiveBlocks]
    private let mutex = Mutex(())
    private var names: NameKeys
    /// Local parts of e-mails, numbered as ``PairComparer/local`` says.
    private var locals = TextTable()
    private var placeOf: [UInt64: UInt32] = [:]
    /// By place; of a place without a record, whatever was there.
    var keyOf: [UInt64]
    var isThere: [Bool]
    private var free: [UInt32] = []
    private var changes = 0
    /// By place: the question in which it was met.
    var marks: [UInt32]
    var mark: UInt32 = 0
    var evidence: PairEvidence

    /// Learns from `text` and holds its records.
    ///
    /// - Parameters:
    ///   - keys: of each row, all distinct; traps if their number is not the rows'.
    ///   - least: pairs that are at least so likely are returned.
    /// - Returns: the index, and the pairs among its first records.
    public static func learning(_ text: DelimitedText, as schema: Schema, keys: [UInt64], least: Double) -> (index: MatchIndex, pairs: [Pair]) {
        precondition(keys.count == text.rowCount, "one key per row")
        let learned = Matcher.learn(text, as: schema, review: least)
        let rows = learned.preparation.people.rows
        let index = MatchIndex(learned, schema, text.header, keys: rows.map { keys[Int($0)] })
        let odds = least.log2Odds
        return (index, learned.edges.filter { $0.odds >= odds }.map(index.pair))
    }

    private init(_ learned: Matcher.Learned, _ schema: Schema, _ header: [String], keys: [UInt64]) {
        (self.schema, self.header, model) = (schema, header, learned.model)
        comparer = PairComparer(learned.preparation, chances: learned.chances)
        blocks = learned.limits.map { LiveBlocks($0.rule, sizeMaximum: $0.sizeMaximum) }
        reading = comparer.people.reading
        names = NameKeys(comparer.people.names)
        keyOf = keys
        learnedCount = keys.count
        isThere = [Bool](repeating: true, count: keys.count)
        marks = [UInt32](repeating: 0, count: keys.count + 1)
        evidence = PairEvidence(comparisons: comparer.comparisons.count)
        comparer.change(isLasting: true) { $0.open() }
        comparer.local = []
        follow()
        placeOf.reserveCapacity(keys.count)
        for (place, key) in keys.enumerated() { placeOf[key] = UInt32(place) }
        let blockingKeys = self.blockingKeys
        for index in blocks.indices { for place in keys.indices { blocks[index].add(UInt32(place), blockingKeys) } }
    }

    // MARK: - Records

    public var count: Int { mutex.withLock { _ in placeOf.count } }
    var thereCount: Int { placeOf.count }
    /// Records that came, changed or went since it was learned.
    public var changesSinceLearning: Int { mutex.withLock { _ in changes } }

    /// Adds each row of `text` under its key, or puts it in the place of what is there; traps if `text` has other columns.
    public func set(_ text: DelimitedText, keys: [UInt64]) {
        precondition(text.header == header && keys.count == text.rowCount, "the same columns, and one key per row")
        let read = People(text, schema, reading: reading)
        // One by one, so that who asks meanwhile waits for one at most.
        for place in 0..<read.count {
            let key = keys[Int(read.rows[place])]
            mutex.withLock { _ in
                take(key)
                put(place, of: read, key)
                changes += 1
            }
        }
    }

    /// - Returns: whether there was such a record.
    @discardableResult
    public func remove(_ key: UInt64) -> Bool {
        mutex.withLock { _ in
            changes += 1
            return take(key)
        }
    }

    /// Removes records and overwrites every text that no other one carries. How common such a text was is forgotten with it.
    public func forget(_ keys: [UInt64]) {
        mutex.withLock { _ in
            for key in keys { take(key) }
            comparer.change(isLasting: true) { $0.wipe() }
            guard let emails = comparer.people.emails else { return }
            var isUsed = [Bool](repeating: false, count: locals.count)
            for code in 0..<emails.table.count where emails.table.uses[code] > 0 { isUsed[Int(comparer.local[code])] = true }
            locals.wipe { !isUsed[Int($0)] }
        }
    }

    public func contains(_ key: UInt64) -> Bool { mutex.withLock { _ in placeOf[key] != nil } }

    private func put(_ record: Int, of read: People, _ key: UInt64) {
        let reused = free.popLast()
        let place = reused ?? UInt32(comparer.people.count)
        comparer.change(isLasting: true) { people in
            people.append(record, of: read)
            if let reused { people.moveLast(to: Int(reused)) }
            people.count(Int(place), isThere: true)
        }
        follow()
        if reused == nil {
            keyOf.append(key)
            isThere.append(true)
            marks.append(0)
        }
        keyOf[Int(place)] = key
        isThere[Int(place)] = true
        placeOf[key] = place
        let blockingKeys = self.blockingKeys
        for index in blocks.indices { blocks[index].add(place, blockingKeys) }
    }

    @discardableResult
    private func take(_ key: UInt64) -> Bool {
        guard let place = placeOf.removeValue(forKey: key) else { return false }
        leaveBlocks(place)
        comparer.change(isLasting: true) { people in
            people.count(Int(place), isThere: false)
            people.clear(Int(place))
        }
        isThere[Int(place)] = false
        free.append(place)
        return true
    }

    /// On its own, so that nothing refers to the columns any more when they change.
    private func leaveBlocks(_ place: UInt32) {
        let blockingKeys = self.blockingKeys
        for index in blocks.indices { blocks[index].remove(place, blockingKeys) }
    }

    var blockingKeys: BlockingKeys { BlockingKeys(comparer.people, comparer.population, local: comparer.local, names) }

    /// Follows the tables of names and e-mails.
    private func follow() {
        names.keep(with: comparer.people.names)
        if let emails = comparer.people.emails { PairComparer.Preparation.keep(&comparer.local, &locals, with: emails.table) }
    }

    // MARK: - Questions

    /// Who may be the person of a record that is not in the index: the first row of `text`; the likeliest first.
    public func find(_ text: DelimitedText, limit: Int, least: Double) -> [Found] {
        precondition(text.header == header, "the same columns")
        let read = People(text, schema, reading: reading)
        guard read.count > 0 else { return [] }
        return mutex.withLock { _ in
            let (sizes, localCount) = (comparer.people.sizes, locals.count)
            let place = comparer.people.count
            comparer.change(isLasting: false) { $0.append(0, of: read) }
            follow()
            defer {
                comparer.change(isLasting: false) { people in
                    people.removeLast()
                    people.shrink(to: sizes)
                }
                follow()
                locals.removeLast(downTo: localCount)
            }
            return found(place, isStored: false, limit: limit, least: least.log2Odds)
        }
    }

    /// Who may be the person of a record; nil when there is none under that key.
    public func find(_ key: UInt64, limit: Int, least: Double) -> [Found]? {
        mutex.withLock { _ in placeOf[key].map { found(Int($0), isStored: true, limit: limit, least: least.log2Odds) } }
    }

    /// What two records have in common and what not; nil where one of them is not there.
    public func compare(_ a: UInt64, _ b: UInt64) -> Found? {
        mutex.withLock { _ in
            guard let x = placeOf[a], let y = placeOf[b], x != y else { return nil }
            comparer.compare(Int(x), Int(y), &evidence)
            let probability = model.odds(evidence, comparer.comparisons).probability
            return Found(key: b, probability: probability, settled: probability, reasons: comparer.reasons(evidence, model))
        }
    }
}
