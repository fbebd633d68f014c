import EventLog
import Identity
import Vocabulary

/// The current traits of each node as the JSON that was sent, and which event said so.
struct TraitTable {
    struct Entry: BitwiseCopyable {
        var key: UInt32
        /// Of the node's next entry, plus 1.
        var next: UInt32
        /// When it was so, in milliseconds, never later than it was received: an older statement that arrives later does not replace a newer one.
        var timestamp: Int64
        /// 40 bits of position, 24 of the value's byte count.
        var word: UInt64
        var offset: UInt64

        var position: LogPosition { word & 0xff_ffff_ffff }
        var count: Int { Int(word >> 40) }
    }

    private var keys: [[UInt8]] = []
    private var keyNumbers: [[UInt8]: UInt32] = [:]
    /// By number: whether people are found by the trait.
    private var searchable: [Bool] = []
    private var heads: [UInt32] = []
    private var entries: [Entry] = []
    private var values: [UInt8] = []
    /// By place of the entry: of traits of which every statement is kept, who said so and how often.
    private var stated: [UInt32: Stated] = [:]
    /// Of nodes with many traits: by key, the place of the entry that ``set(_:key:value:timestamp:position:)`` changes. Made when it is first of use.
    private var wide: [Node: [UInt32: UInt32]] = [:]
    /// So many entries are walked before an index is made of them; it takes some 40 bytes an entry, and of the most nodes there is none.
    private static let walkMaximum = 1000
    private static let wideMaximum = 64

    struct Stated: BitwiseCopyable {
        var source: SourceNumber
        /// 0 until the event of the entry has been read again.
        var count: UInt32
    }

    mutating func number(ofKey key: [UInt8]) -> UInt32 {
        if let known = keyNumbers[key] { return known }
        let number = UInt32(keys.count)
        keys.append(key)
        keyNumbers[key] = number
        searchable.append(TraitTable.searchableNames.contains(key))
        return number
    }

    func isSearchable(_ key: UInt32) -> Bool { searchable[Int(key)] }
    private static let searchableNames = Set(
        ["name", "firstName", "lastName", "first_name", "last_name", "email", "phone", "username", "company"].map { Array($0.utf8) })

    func key(_ number: UInt32) -> [UInt8] { keys[Int(number)] }
    func name(ofKey number: UInt32) -> String { String(decoding: keys[Int(number)], as: UTF8.self) }

    /// - Returns: whether the current value is another than before.
    mutating func set(_ node: Node, key: UInt32, value: UnsafeRawBufferPointer, timestamp: Timestamp, position: LogPosition) -> Bool {
        let index = Int(node)
        while heads.count <= index { heads.append(0) }
        let word = position | UInt64(value.count) << 40
        if let place = place(of: key, of: node) {
            guard timestamp.milliseconds >= entries[place].timestamp else { return false }
            entries[place].timestamp = timestamp.milliseconds
            // The same again: no new bytes, but newer evidence.
            let isSame = unsafe entries[place].count == value.count && bytes(entries[place]).elementsEqual(value)
            entries[place].word = word
            guard !isSame else { return false }
            entries[place].offset = UInt64(values.count)
            unsafe values.append(contentsOf: value)
            return true
        }
        if !wide.isEmpty { wide[node]?[key] = UInt32(entries.count) }
        entries.append(Entry(key: key, next: heads[index], timestamp: timestamp.milliseconds, word: word, offset: UInt64(values.count)))
        unsafe values.append(contentsOf: value)
        heads[index] = UInt32(entries.count)
        return true
    }

    /// Where the first entry of a key stands.
    private mutating func place(of key: UInt32, of node: Node) -> Int? {
        var at = heads[Int(node)]
        var steps = 0
        while at != 0 {
            if entries[Int(at - 1)].key == key { return Int(at - 1) }
            at = entries[Int(at - 1)].next
            steps += 1
            guard steps == TraitTable.walkMaximum, at != 0 else { continue }
            if wide[node] == nil {
                if wide.count >= TraitTable.wideMaximum { wide = [:] }
                var places: [UInt32: UInt32] = [:]
                eachPlace(node) { place, entry in if places[entry.key] == nil { places[entry.key] = place } }
                wide[node] = places
            }
            return wide[node]?[key].map(Int.init)
        }
        return nil
    }

    /// Keeps a statement beside the others, once for each value and source.
    ///
    /// The entry that stood there before the rule, whose event is read again now, is told by its position; what its source had said of it before is counted with it.
    mutating func add(_ node: Node, key: UInt32, value: UnsafeRawBufferPointer, timestamp: Timestamp, position: LogPosition, source: SourceNumber) {
        let index = Int(node)
        while heads.count <= index { heads.append(0) }
        let word = position | UInt64(value.count) << 40
        var (unread, same, beforeSame): (UInt32?, UInt32?, UInt32?)
        var (at, before): (UInt32, UInt32?) = (heads[index], nil)
        while at != 0 {
            let place = at - 1
            let (entry, known) = (entries[Int(place)], stated[place] ?? Stated(source: source, count: 0))
            if entry.key == key, entry.count == value.count, known.count == 0 ? entry.position == position : known.source == source, unsafe bytes(entry).elementsEqual(value) {
                if known.count == 0 { unread = place } else { (same, beforeSame) = (place, before) }
            }
            (before, at) = (place, entry.next)
        }
        wide[node] = nil
        guard let place = unread ?? same else {
            stated[UInt32(entries.count)] = Stated(source: source, count: 1)
            entries.append(Entry(key: key, next: heads[index], timestamp: timestamp.milliseconds, word: word, offset: UInt64(values.count)))
            unsafe values.append(contentsOf: value)
            heads[index] = UInt32(entries.count)
            return
        }
        func renew(_ timestamp: Int64, _ word: UInt64, _ position: LogPosition) {
            if (timestamp, position) > (entries[Int(place)].timestamp, entries[Int(place)].position) { (entries[Int(place)].timestamp, entries[Int(place)].word) = (timestamp, word) }
        }
        stated[place] = Stated(source: source, count: (same.flatMap { stated[$0]?.count } ?? 0) + 1)
        renew(timestamp.milliseconds, word, position)
        guard unread != nil, let same else { return }
        let gone = entries[Int(same)]
        renew(gone.timestamp, gone.word, gone.position)
        stated[same] = nil
        if let beforeSame { entries[Int(beforeSame)].next = gone.next } else { heads[index] = gone.next }
    }

    /// Of these traits, leaves the newest statement of each node alone.
    mutating func keepNewest(of keys: Set<UInt32>) {
        wide = [:]
        for node in heads.indices {
            var newest: [UInt32: Entry] = [:]
            var kept: [UInt32] = []
            var at = heads[node]
            while at != 0 {
                let entry = entries[Int(at - 1)]
                if keys.contains(entry.key) {
                    stated[at - 1] = nil
                    if let other = newest[entry.key], (other.timestamp, other.position) > (entry.timestamp, entry.position) { at = entry.next; continue }
                    newest[entry.key] = entry
                } else { kept.append(at) }
                at = entry.next
            }
            guard !newest.isEmpty else { continue }
            heads[node] = 0
            for place in kept.reversed() {
                entries[Int(place - 1)].next = heads[node]
                heads[node] = place
            }
            for entry in newest.values {
                entries.append(Entry(key: entry.key, next: heads[node], timestamp: entry.timestamp, word: entry.word, offset: entry.offset))
                heads[node] = UInt32(entries.count)
            }
        }
    }

    /// An entry as a statement.
    func statement(_ entry: Entry, at place: UInt32) -> TraitStatement {
        TraitStatement(
            value: JSONText(trusted: Array(bytes(entry))), source: stated[place]?.source ?? 0, timestamp: Timestamp(clamping: entry.timestamp), position: entry.position,
            count: Int(stated[place]?.count ?? 1))
    }

    func each(_ node: Node, _ body: (Entry) -> Void) { eachPlace(node) { body($1) } }

    /// With the place of each entry.
    func eachPlace(_ node: Node, _ body: (UInt32, Entry) -> Void) {
        guard Int(node) < heads.count else { return }
        var at = heads[Int(node)]
        while at != 0 {
            let entry = entries[Int(at - 1)]
            body(at - 1, entry)
            at = entry.next
        }
    }

    func hasTraits(_ node: Node) -> Bool { Int(node) < heads.count && heads[Int(node)] != 0 }
    func bytes(_ entry: Entry) -> ArraySlice<UInt8> { values[Int(entry.offset)..<Int(entry.offset) + entry.count] }

    mutating func erase(_ node: Node) {
        guard Int(node) < heads.count else { return }
        wide[node] = nil
        var at = heads[Int(node)]
        while at != 0 {
            let entry = entries[Int(at - 1)]
            for index in Int(entry.offset)..<Int(entry.offset) + entry.count { values[index] = 0x20 }
            stated[at - 1] = nil
            at = entry.next
        }
        heads[Int(node)] = 0
    }

    /// Leaves out the values and the names that nothing refers to any more, which erasure and change leave behind.
    ///
    /// - Parameter kept: names that stay though nothing refers to them now.
    mutating func compact(keeping kept: Set<UInt32> = []) {
        var isUsed = [Bool](repeating: false, count: keys.count)
        for number in kept where Int(number) < isUsed.count { isUsed[Int(number)] = true }
        var fresh: [UInt8] = []
        fresh.reserveCapacity(values.count)
        for node in heads.indices {
            var at = heads[node]
            while at != 0 {
                let place = Int(at - 1)
                let start = fresh.count
                fresh.append(contentsOf: bytes(entries[place]))
                entries[place].offset = UInt64(start)
                isUsed[Int(entries[place].key)] = true
                at = entries[place].next
            }
        }
        values = fresh
        // A name can say who somebody is, too. Its number stays taken: entries hold numbers.
        for number in keys.indices where !isUsed[number] && !keys[number].isEmpty {
            keyNumbers[keys[number]] = nil
            keys[number] = []
        }
    }

    init() {}

    func write(to snapshot: inout SnapshotWriter) throws {
        try snapshot.put(keys.map { UInt32($0.count) })
        try snapshot.put(keys.flatMap { $0 })
        try snapshot.put(heads)
        try snapshot.put(entries)
        try snapshot.put(values)
        let places = stated.keys.sorted()
        try snapshot.put(places)
        try snapshot.put(places.map { stated[$0] ?? Stated(source: 0, count: 0) })
    }

    init(from snapshot: inout SnapshotReader) {
        let counts = snapshot.get(UInt32.self)
        let names = snapshot.get(UInt8.self)
        var at = 0
        for count in counts {
            let end = min(at + Int(count), names.count)
            let key = Array(names[at..<end])
            keyNumbers[key] = UInt32(keys.count)
            keys.append(key)
            searchable.append(TraitTable.searchableNames.contains(key))
            at = end
        }
        heads = snapshot.get(UInt32.self)
        entries = snapshot.get(Entry.self)
        values = snapshot.get(UInt8.self)
        for (place, said) in zip(snapshot.get(UInt32.self), snapshot.get(Stated.self)) { stated[place] = said }
    }
}
