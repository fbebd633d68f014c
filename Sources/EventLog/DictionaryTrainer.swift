import CKernels
import CZstd
import Vocabulary

/// Makes a segment's dictionary from what many people's events share.
///
/// A dictionary outlives an erasure, so it must not hold anyone's data: each text and number of the samples that fewer than
/// `peopleMinimum` different people sent is left out before training.
struct DictionaryTrainer {
    static let peopleMinimum = 20
    /// Records in which sharing is counted: the more, the more is known to be shared (2,000 cost 40 % of the compression).
    static let countedMaximum = 24_000
    static let trainedMaximum = 4_000
    /// 64 KiB were hardly better (0.5 bytes a record) and take that much more of memory for each segment.
    static let capacity = 32 << 10

    private var records: [(person: UInt64, bytes: [UInt8])] = []

    mutating func add(_ record: [UInt8]) {
        guard let event = EventView(record[...]), !event.isErased else { return }
        records.append((DictionaryTrainer.hash(event.field(.userId) ?? event.field(.anonymousId) ?? []), record))
    }

    /// Empty when there is too little to learn from.
    consuming func train() -> [UInt8] {
        guard records.count >= 200 else { return [] }
        // Person by person, so that a count goes up only when the person changes, which makes it exact without a set for each text.
        records.sort { $0.person < $1.person }
        var shared = SharedTexts()
        for record in records { DictionaryTrainer.eachToken(record.bytes) { shared.see(DictionaryTrainer.hash(record.bytes[$0]), by: record.person) } }
        var joined: [UInt8] = []
        var sizes: [Int] = []
        for index in stride(from: 0, to: records.count, by: max(1, records.count / DictionaryTrainer.trainedMaximum)) {
            let start = joined.count
            DictionaryTrainer.appendText(of: records[index].bytes, to: &joined) { shared.people(DictionaryTrainer.hash($0)) >= DictionaryTrainer.peopleMinimum }
            sizes.append(joined.count - start)
        }
        var out = [UInt8](repeating: 0, count: DictionaryTrainer.capacity)
        let size = unsafe ZDICT_trainFromBuffer(&out, out.count, joined, sizes, UInt32(sizes.count))
        return ZDICT_isError(size) == 0 ? Array(out[..<size]) : []
    }

    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        unsafe bytes.withUnsafeBytes { unsafe martlet_siphash128(0, 0, $0.baseAddress, $0.count).low | 1 }
    }

    /// Appends of a record what of it will stand in a block's text, without the parts that are not shared.
    private static func appendText(of record: [UInt8], to text: inout [UInt8], isShared: (ArraySlice<UInt8>) -> Bool) {
        guard let event = EventView(record[...]) else { return }
        // What stands apart comes first, but for a field or two between that is hardly ever shared.
        var copied = EventRecord.fieldsOffset
        event.eachField { field, range in
            guard RecordPacker.isApart(field, record[range]) else { return }
            copied = range.upperBound
        }
        eachToken(record) { range in
            guard range.lowerBound >= copied, !isShared(record[range]) else { return }
            text.append(contentsOf: record[copied..<range.lowerBound])
            copied = range.upperBound
        }
        text.append(contentsOf: record[copied...])
        text.append(0)
    }

    /// The parts of a record that may be about one person: its identifier texts, and every text, key and number of its JSON.
    private static func eachToken(_ record: [UInt8], _ body: (Range<Int>) -> Void) {
        guard let event = EventView(record[...]) else { return }
        event.eachField { field, range in
            if field.isText {
                if !range.isEmpty { body(range) }
                return
            }
            var i = range.lowerBound
            while i < range.upperBound {
                let byte = record[i]
                if byte == 0x22 {
                    let start = i + 1
                    i = start
                    while i < range.upperBound, record[i] != 0x22 { i += record[i] == 0x5c ? 2 : 1 }
                    if start < min(i, range.upperBound) { body(start..<min(i, range.upperBound)) }
                    i += 1
                } else if byte == 0x2d || (byte >= 0x30 && byte <= 0x39) {
                    let start = i
                    while i < range.upperBound, case let digit = record[i], digit == 0x2d || digit == 0x2e || digit | 0x20 == 0x65 || (digit >= 0x30 && digit <= 0x39) { i += 1 }
                    body(start..<i)
                } else {
                    i += 1
                }
            }
        }
    }
}

/// How many different people sent each text, counted up to what is asked for; told person by person.
private struct SharedTexts {
    private struct Slot {
        var hash: UInt64 = 0
        var lastPerson: UInt64 = 0
        var people = 0
    }
    private var slots = [Slot](repeating: Slot(), count: 1 << 16)
    private var count = 0

    mutating func see(_ hash: UInt64, by person: UInt64) {
        if count * 2 >= slots.count { grow() }
        let at = place(hash)
        if slots[at].hash == 0 {
            slots[at] = Slot(hash: hash, lastPerson: person, people: 1)
            count += 1
        } else if slots[at].lastPerson != person {
            slots[at].lastPerson = person
            slots[at].people += 1
        }
    }

    func people(_ hash: UInt64) -> Int { slots[place(hash)].people }

    private func place(_ hash: UInt64) -> Int {
        var at = Int(truncatingIfNeeded: hash >> 1) & (slots.count - 1)
        while slots[at].hash != 0, slots[at].hash != hash { at = (at + 1) & (slots.count - 1) }
        return at
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        for slot in old where slot.hash != 0 { slots[place(slot.hash)] = slot }
    }
}
