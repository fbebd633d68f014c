import CKernels
import CZstd
import Vocabulary

/// Makes a segment's dictionary from what many people's events share.
///
/// A dictionary outlives an erasure, so it must not hold anyone's data: each text and number of the samples that fewer than
/// `peopleMinimum` different people sent is left out before training.
struct DictionaryTrainer {
    static let peopleMinimum = 20
    static let sampleMaximum = 2000
    static let capacity = 48 << 10

    private var people: [UInt64: Set<UInt64>] = [:]
    private var samples: [[UInt8]] = []

    mutating func add(_ record: [UInt8]) {
        guard samples.count < DictionaryTrainer.sampleMaximum, let event = EventView(record[...]), !event.isErased else { return }
        samples.append(record)
        let person = DictionaryTrainer.hash(event.field(.userId) ?? event.field(.anonymousId) ?? [])
        DictionaryTrainer.eachToken(record) { range in
            let hash = DictionaryTrainer.hash(record[range])
            if people[hash, default: []].count < DictionaryTrainer.peopleMinimum { people[hash, default: []].insert(person) }
        }
    }

    /// Empty when there is too little to learn from.
    func train() -> [UInt8] {
        guard samples.count >= 200 else { return [] }
        var joined: [UInt8] = []
        var sizes: [Int] = []
        for record in samples {
            let start = joined.count
            var copied = 0
            DictionaryTrainer.eachToken(record) { range in
                guard people[DictionaryTrainer.hash(record[range]), default: []].count < DictionaryTrainer.peopleMinimum else { return }
                joined.append(contentsOf: record[copied..<range.lowerBound])
                copied = range.upperBound
            }
            joined.append(contentsOf: record[copied...])
            sizes.append(joined.count - start)
        }
        var out = [UInt8](repeating: 0, count: DictionaryTrainer.capacity)
        let size = unsafe ZDICT_trainFromBuffer(&out, out.count, joined, sizes, UInt32(sizes.count))
        return ZDICT_isError(size) == 0 ? Array(out[..<size]) : []
    }

    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        unsafe bytes.withUnsafeBytes { unsafe martlet_siphash128(0, 0, $0.baseAddress, $0.count).low }
    }

    /// The parts of a record that may be about one person: its times, its identifier texts, and every text, key and number of its JSON.
    private static func eachToken(_ record: [UInt8], _ body: (Range<Int>) -> Void) {
        body(8..<EventRecord.fieldsOffset)
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
