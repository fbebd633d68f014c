/// One rule's blocks while records come and go: open addressing from a key to a chain of records.
///
/// A record's key is not kept but worked out from what the record says, so that a million records cost some 16 bytes each and rule.
struct LiveBlocks: Sendable {
    let rule: BlockingRule
    /// A block with more records brings nobody together.
    let sizeMaximum: Int
    /// By place: the first record of a chain, plus 2; 0 for a place that was never taken, 1 for one that was given up.
    private var heads = [UInt32](repeating: 0, count: 64)
    /// By record: its neighbours in the chain, plus 1; 0 for none.
    private var next: [UInt32] = []
    private var previous: [UInt32] = []
    /// Places that are not 0.
    private var taken = 0

    init(_ rule: BlockingRule, sizeMaximum: Int) { (self.rule, self.sizeMaximum) = (rule, sizeMaximum) }

    /// Adds a record that is in no block; one without a key is in none.
    mutating func add(_ record: UInt32, _ keys: BlockingKeys) {
        let key = keys.key(rule, Int(record))
        guard key != 0 else { return }
        while next.count <= Int(record) {
            next.append(0)
            previous.append(0)
        }
        let found = place(of: key, keys)
        let head = heads[found.place]
        (next[Int(record)], previous[Int(record)]) = (0, 0)
        if found.isThere {
            next[Int(record)] = head - 1
            previous[Int(head - 2)] = record + 1
        } else if head == 0 {
            taken += 1
        }
        heads[found.place] = record + 2
        if taken * 10 > heads.count * 7 { spread(keys) }
    }

    /// Takes a record out; what it says must be what it said when it was added.
    mutating func remove(_ record: UInt32, _ keys: BlockingKeys) {
        let key = keys.key(rule, Int(record))
        guard key != 0 else { return }
        let (before, after) = (previous[Int(record)], next[Int(record)])
        if after != 0 { previous[Int(after - 1)] = before }
        if before != 0 { next[Int(before - 1)] = after } else {
            let found = place(of: key, keys)
            precondition(found.isThere && heads[found.place] == record + 2, "a record is taken out as it was put in")
            heads[found.place] = after == 0 ? 1 : after + 1
        }
        (next[Int(record)], previous[Int(record)]) = (0, 0)
    }

    /// Calls `body` for every record of the block with `key`, unless there are more than `most`.
    func each(_ key: UInt64, most: Int, _ keys: BlockingKeys, _ body: (UInt32) -> Void) {
        guard key != 0 else { return }
        let found = place(of: key, keys)
        guard found.isThere else { return }
        var count = 0
        var at = heads[found.place] - 1
        while at != 0 {
            count += 1
            if count > most { return }
            at = next[Int(at - 1)]
        }
        at = heads[found.place] - 1
        while at != 0 {
            body(at - 1)
            at = next[Int(at - 1)]
        }
    }

    /// The place of a key's chain, or where it would begin.
    private func place(of key: UInt64, _ keys: BlockingKeys) -> (place: Int, isThere: Bool) {
        let mask = heads.count - 1
        var place = Int(truncatingIfNeeded: key) & mask
        var free: Int?
        while heads[place] != 0 {
            if heads[place] == 1 { free = free ?? place } else if keys.key(rule, Int(heads[place] - 2)) == key { return (place, true) }
            place = (place + 1) & mask
        }
        return (free ?? place, false)
    }

    private mutating func spread(_ keys: BlockingKeys) {
        let chains = heads.filter { $0 > 1 }
        heads = [UInt32](repeating: 0, count: chains.count * 3 > heads.count ? heads.count * 2 : heads.count)
        taken = chains.count
        let mask = heads.count - 1
        for head in chains {
            var place = Int(truncatingIfNeeded: keys.key(rule, Int(head - 2))) & mask
            while heads[place] != 0 { place = (place + 1) & mask }
            heads[place] = head
        }
    }
}
