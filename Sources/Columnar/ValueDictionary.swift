import CKernels
import Synchronization

/// What a value is; never guessed from another.
public enum ValueKind: UInt8, Sendable {
    /// UTF-8 text.
    case text = 0
    case boolean = 1
    /// A number that does not fit a scaled Int64, as its shortest decimal text.
    case number = 2
    /// An array, as the JSON that was sent.
    case array = 3
    /// JSON null, kept only where it takes a value back.
    case null = 4
    /// An object, without its members, which are columns of their own.
    case object = 5
}

/// The different values of a column, numbered from 1 in the order met; 0 stands for no value. Append-only: a code means the same value for ever.
///
/// One thread adds, any thread reads, each under the lock.
public final class ValueDictionary: Sendable {
    /// The code of a value that is not kept here because the column has too many different ones; its event in the log has it.
    public static let overflow = UInt32.max
    /// Beyond so many bytes of values the column keeps no new ones.
    public static let bytesMaximum = 48 << 20

    private struct State {
        /// Kind and content of each value, one behind the other; `ends[code - 1]` is where value `code` ends.
        var bytes: [UInt8] = []
        var ends: [UInt32] = []
        var slots = [Slot](repeating: Slot(), count: 64)
        var hasOverflowed = false
        /// A bit for each kind that some value is of.
        var kinds: UInt8 = 0
        /// By code - 1, what `instants` made of the first values.
        var instants: [Int64] = []
    }
    /// A value is known by 96 bits of its hash alone, under a key that no other process has: of ten million values two are taken for one with a
    /// probability of 10^-15, and a look at the bytes would wait for memory twice more (measured on values that hardly repeat: 700 ns against 250).
    private struct Slot: BitwiseCopyable {
        var low: UInt64 = 0
        var high: UInt32 = 0
        /// 0 for a free slot.
        var code: UInt32 = 0
    }
    private let state = Mutex(State())
    private let key = UInt64.random(in: .min ... .max)

    public init() {}

    /// How many values there are; codes run from 1 to this.
    public var count: Int { state.withLock { $0.ends.count } }
    /// Whether some values are only in the log.
    /// Notes that some place has a value that is not here.
    public func noteOverflow() { state.withLock { $0.hasOverflowed = true } }
    public var hasOverflowed: Bool { state.withLock { $0.hasOverflowed } }
    /// Whether some values are lists.
    public var hasArrays: Bool { has(.array) }
    /// Whether some values are numbers beyond a scaled Int64.
    public var hasWideNumbers: Bool { has(.number) }
    /// Whether no value is a list, an object or null.
    public var hasOnlyScalars: Bool { state.withLock { $0.kinds & (1 << ValueKind.array.rawValue | 1 << ValueKind.object.rawValue | 1 << ValueKind.null.rawValue) == 0 } }
    private func has(_ kind: ValueKind) -> Bool { state.withLock { $0.kinds >> kind.rawValue & 1 != 0 } }

    /// By code, which place each value takes when all are sorted: texts first, by their bytes, then the other kinds.
    public func ranks() -> [UInt32] {
        let all = export()
        func content(_ code: Int) -> ArraySlice<UInt8> { all.bytes[(code == 1 ? 0 : Int(all.ends[code - 2]))..<Int(all.ends[code - 1])] }
        var ranks = [UInt32](repeating: .max, count: all.ends.count + 1)
        for (rank, code) in (1..<ranks.count).sorted(by: { content($0).lexicographicallyPrecedes(content($1)) }).enumerated() { ranks[code] = UInt32(rank) }
        return ranks
    }

    /// By code - 1, the instant that each text is, as `read` makes it of its bytes; read once for each value.
    public func instants(_ read: (UnsafeRawBufferPointer) -> Int64) -> [Int64] {
        state.withLock { state in
            let done = state.instants.count
            guard done < state.ends.count else { return state.instants }
            var start = done == 0 ? 0 : Int(state.ends[done - 1])
            for index in done..<state.ends.count {
                let end = Int(state.ends[index])
                let time = unsafe state.bytes.withUnsafeBytes { bytes in
                    unsafe end > start && bytes[start] == ValueKind.text.rawValue ? read(UnsafeRawBufferPointer(rebasing: bytes[start + 1..<end])) : .min
                }
                state.instants.append(time)
                start = end
            }
            return state.instants
        }
    }

    public var byteCount: Int { state.withLock { $0.bytes.count + $0.ends.count * 4 + $0.slots.count * 16 } }

    /// The code of a value, new or known; ``overflow`` when there is no room for it.
    public func intern(_ kind: ValueKind, _ content: UnsafeRawBufferPointer) -> UInt32 {
        state.withLock { state in
            var wanted = unsafe slot(kind, content)
            let place = place(wanted, in: state)
            if state.slots[place].code != 0 { return state.slots[place].code }
            guard state.bytes.count + content.count < ValueDictionary.bytesMaximum else {
                state.hasOverflowed = true
                return ValueDictionary.overflow
            }
            state.kinds |= 1 << kind.rawValue
            state.bytes.append(kind.rawValue)
            unsafe state.bytes.append(contentsOf: content)
            state.ends.append(UInt32(state.bytes.count))
            wanted.code = UInt32(state.ends.count)
            state.slots[place] = wanted
            if state.ends.count * 3 > state.slots.count * 2 { grow(&state) }
            return wanted.code
        }
    }

    /// The code of a value without content.
    public func intern(_ kind: ValueKind) -> UInt32 { unsafe intern(kind, UnsafeRawBufferPointer(start: nil, count: 0)) }

    /// The code of a value that is known; nil for others.
    public func find(_ kind: ValueKind, _ content: [UInt8]) -> UInt32? {
        state.withLock { state in
            content.withUnsafeBytes { bytes in
                let code = unsafe state.slots[place(slot(kind, bytes), in: state)].code
                return code == 0 ? nil : code
            }
        }
    }

    /// Calls `body` with each value and its code, ascending by code.
    public func forEach(_ body: (UInt32, ValueKind, UnsafeRawBufferPointer) -> Void) {
        state.withLock { state in
            unsafe state.bytes.withUnsafeBytes { bytes in
                var start = 0
                for (index, end) in state.ends.enumerated() {
                    guard Int(end) > start else { continue }
                    unsafe body(
                        UInt32(index + 1), ValueKind(rawValue: bytes[start]) ?? .text, UnsafeRawBufferPointer(rebasing: bytes[start + 1..<Int(end)]))
                    start = Int(end)
                }
            }
        }
    }

    /// A value by its code; nil for 0, for ``overflow`` and for values that were erased.
    public func value(_ code: UInt32) -> (kind: ValueKind, content: [UInt8])? {
        state.withLock { state in
            guard code > 0, Int(code) <= state.ends.count else { return nil }
            let start = code == 1 ? 0 : Int(state.ends[Int(code) - 2])
            let end = Int(state.ends[Int(code) - 1])
            guard end > start else { return nil }
            return (ValueKind(rawValue: state.bytes[start]) ?? .text, Array(state.bytes[start + 1..<end]))
        }
    }

    /// Forgets values that no row has any more: their codes stay taken and mean nothing.
    public func erase(_ codes: Set<UInt32>) {
        state.withLock { state in
            var bytes: [UInt8] = []
            var start = 0
            for index in state.ends.indices {
                let end = Int(state.ends[index])
                if !codes.contains(UInt32(index + 1)) { bytes.append(contentsOf: state.bytes[start..<end]) }
                state.ends[index] = UInt32(bytes.count)
                start = end
            }
            state.bytes = bytes
            state.instants = []
            rehash(&state)
        }
    }

    /// Kinds, contents and ends, to be written into a snapshot.
    public func export() -> (bytes: [UInt8], ends: [UInt32], hasOverflowed: Bool) { state.withLock { ($0.bytes, $0.ends, $0.hasOverflowed) } }

    public init(bytes: [UInt8], ends: [UInt32], hasOverflowed: Bool) {
        state.withLock { state in
            state.bytes = bytes
            state.ends = ends
            state.hasOverflowed = hasOverflowed
            var start = 0
            for end in ends {
                if Int(end) > start { state.kinds |= 1 << bytes[start] }
                start = Int(end)
            }
            rehash(&state)
        }
    }

    private func slot(_ kind: ValueKind, _ content: UnsafeRawBufferPointer) -> Slot {
        let hash = unsafe martlet_quick_hash(key ^ UInt64(kind.rawValue) << 56, content.baseAddress, content.count)
        return Slot(low: hash.low, high: UInt32(truncatingIfNeeded: hash.high))
    }

    /// Where a value's slot is, or the free one where it would stand.
    private func place(_ wanted: Slot, in state: borrowing State) -> Int {
        let mask = state.slots.count - 1
        var place = Int(truncatingIfNeeded: wanted.low) & mask
        return unsafe state.slots.withUnsafeBufferPointer { slots in
            while case let slot = unsafe slots[place], slot.code != 0 {
                if slot.low == wanted.low, slot.high == wanted.high { return place }
                place = (place + 1) & mask
            }
            return place
        }
    }

    private func grow(_ state: inout State) {
        let old = state.slots
        state.slots = [Slot](repeating: Slot(), count: old.count * 2)
        for slot in old where slot.code != 0 { state.slots[place(slot, in: state)] = slot }
    }

    /// Makes the slots anew of the values that are there.
    private func rehash(_ state: inout State) {
        var size = 64
        while size * 2 < state.ends.count * 3 { size *= 2 }
        state.slots = [Slot](repeating: Slot(), count: size)
        var start = 0
        for index in state.ends.indices {
            let end = Int(state.ends[index])
            if end > start {
                var slot = state.bytes.withUnsafeBytes { bytes -> Slot in
                    unsafe self.slot(ValueKind(rawValue: bytes[start]) ?? .text, UnsafeRawBufferPointer(rebasing: bytes[start + 1..<end]))
                }
                slot.code = UInt32(index + 1)
                state.slots[place(slot, in: state)] = slot
            }
            start = end
        }
    }
}
