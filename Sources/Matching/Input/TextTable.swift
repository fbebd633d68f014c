/// Texts numbered from 1 in the order in which they came; 0 stands for no text.
///
/// The bytes lie behind one another, found again by open addressing over 32-bit numbers.
struct TextTable: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [UInt32] = [0]
    /// How many rows carry each text.
    private(set) var uses: [UInt32] = [0]
    private var slots = [UInt32](repeating: 0, count: 1 << 10)

    static let none = TextTable()

    /// How many numbers there are, 0 among them.
    var count: Int { ends.count }

    func range(_ code: UInt32) -> Range<Int> {
        code == 0 ? 0..<0 : Int(ends[Int(code) - 1])..<Int(ends[Int(code)])
    }
    func text(_ code: UInt32) -> String { String(decoding: bytes[range(code)], as: UTF8.self) }

    /// The number of `text`, new or known; 0 for an empty text.
    mutating func code(of text: [UInt8]) -> UInt32 { code(of: text, 0, text.count) }

    mutating func code(of text: [UInt8], _ from: Int, _ to: Int) -> UInt32 {
        guard from < to else { return 0 }
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: quickHash(text, from, to)) & mask
        while slots[slot] != 0 {
            if equals(slots[slot], text, from, to) { return slots[slot] }
            slot = (slot + 1) & mask
        }
        bytes.append(contentsOf: text[from..<to])
        ends.append(UInt32(bytes.count))
        uses.append(0)
        let code = UInt32(ends.count - 1)
        slots[slot] = code
        if ends.count * 10 > slots.count * 7 { grow() }
        return code
    }

    mutating func use(_ code: UInt32) { if code != 0 { uses[Int(code)] &+= 1 } }
    mutating func disuse(_ code: UInt32) { if code != 0 { uses[Int(code)] &-= 1 } }

    /// Drops the numbers from `count` on, so that they are given again.
    mutating func removeLast(downTo count: Int) {
        while ends.count > count {
            let code = UInt32(ends.count - 1)
            let range = range(code)
            let mask = slots.count - 1
            var slot = Int(truncatingIfNeeded: quickHash(bytes, range.lowerBound, range.upperBound)) & mask
            // What came last closed no gap that another one's search passed, so its place may become one again.
            while slots[slot] != code { slot = (slot + 1) & mask }
            slots[slot] = 0
            bytes.removeLast(range.count)
            ends.removeLast()
            uses.removeLast()
        }
    }

    /// Overwrites the texts that nobody carries; their numbers stand for nothing from then on.
    mutating func wipe() {
        let uses = uses
        wipe { uses[Int($0)] == 0 }
    }

    mutating func wipe(where isUnused: (UInt32) -> Bool) {
        for code in 1..<UInt32(max(1, ends.count)) where isUnused(code) {
            // No text holds this byte, since it is none of UTF-8.
            for index in range(code) { bytes[index] = 0xff }
        }
        spread(to: slots.count)
    }

    /// Gives back the memory that only finding texts needs.
    mutating func close() { slots = [0] }

    /// Makes a closed table ready for more texts.
    mutating func open() {
        var size = 1 << 10
        while ends.count * 10 > size * 7 { size *= 4 }
        spread(to: size)
    }

    private func equals(_ code: UInt32, _ text: [UInt8], _ from: Int, _ to: Int) -> Bool {
        let range = range(code)
        guard range.count == to - from else { return false }
        for offset in 0..<range.count where bytes[range.lowerBound + offset] != text[from + offset] { return false }
        return true
    }

    private mutating func grow() { spread(to: slots.count * 4) }

    private mutating func spread(to size: Int) {
        slots = [UInt32](repeating: 0, count: size)
        let mask = slots.count - 1
        for code in 1..<max(1, ends.count) {
            let range = range(UInt32(code))
            var slot = Int(truncatingIfNeeded: quickHash(bytes, range.lowerBound, range.upperBound)) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(code)
        }
    }
}

/// A hash that is the same in every process, since the order of work hangs on it; it guards nothing.
func quickHash(_ bytes: [UInt8], _ from: Int, _ to: Int) -> UInt64 {
    var hash: UInt64 = 0x9e37_79b9_7f4a_7c15 ^ UInt64(truncatingIfNeeded: to - from)
    unsafe bytes.withUnsafeBytes { raw in
        precondition(from >= 0 && to <= raw.count)
        var at = from
        while at + 8 <= to {
            // SAFETY: eight bytes are left at `at`.
            hash = mixed(hash ^ (unsafe raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
            at += 8
        }
        var rest: UInt64 = 0
        while at < to {
            rest = rest << 8 | UInt64(unsafe raw[at])
            at += 1
        }
        hash = mixed(hash ^ rest)
    }
    return hash
}

/// The finaliser of SplitMix64.
@inline(__always) func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
}
