import Synchronization

/// What has a packed form from which it can be made again.
public protocol Packable: Sendable {
    associatedtype Packed: Sendable
    func packed() -> Packed
    /// Nil where the packed form is damaged.
    init?(_ packed: Packed)
    /// Bytes of memory.
    var byteCount: Int { get }
    static func byteCount(of packed: Packed) -> Int
}

/// Something of a run, plain while questions ask for it and packed while none does. It never changes, only its form.
public final class Held<Value: Packable>: Sendable {
    private struct State {
        /// At least one of the two is there.
        var plain: Value?
        var packed: Value.Packed?
        var isWanted: Bool
    }
    private let state: Mutex<State>

    public init(_ value: Value) { state = Mutex(State(plain: value, packed: nil, isWanted: true)) }
    public init(packed: Value.Packed) { state = Mutex(State(plain: nil, packed: packed, isWanted: false)) }

    /// The value, which stays plain for a while after this.
    @inline(__always)
    public var plain: Value {
        state.withLock { state in
            state.isWanted = true
            if let plain = state.plain { return plain }
            let plain = Held.unpacked(state)
            state.plain = plain
            return plain
        }
    }

    /// The value for one look at it: what is packed stays so.
    public var once: Value { state.withLock { $0.plain ?? Held.unpacked($0) } }

    /// The packed form, to be written down; it is kept.
    public var packed: Value.Packed {
        state.withLock { state in
            if let packed = state.packed { return packed }
            let packed = Held.unpacked(state).packed()
            state.packed = packed
            return packed
        }
    }

    /// Gives the plain form up where nobody asked for it since the last call.
    ///
    /// - Returns: whether it did.
    public func rest() -> Bool {
        // Packing is long work: it is done without the lock, and only what nobody asks for meanwhile is given up.
        let candidate = state.withLock { state -> Value? in
            defer { state.isWanted = false }
            return state.isWanted ? nil : state.plain
        }
        guard let candidate else { return false }
        let packed = state.withLock { $0.packed } ?? candidate.packed()
        return state.withLock { state in
            guard !state.isWanted else { return false }
            state.packed = packed
            state.plain = nil
            return true
        }
    }

    /// Bytes of memory in each form.
    var byteCounts: HeldBytes {
        state.withLock { HeldBytes(plain: $0.plain?.byteCount ?? 0, packed: $0.packed.map(Value.byteCount(of:)) ?? 0) }
    }

    private static func unpacked(_ state: borrowing State) -> Value {
        if let plain = state.plain { return plain }
        guard let packed = state.packed, let value = Value(packed) else { preconditionFailure("what was packed in memory can be unpacked") }
        return value
    }
}

/// Bytes of memory that something takes, by form.
public struct HeldBytes: Sendable {
    public var plain = 0
    public var packed = 0

    public init(plain: Int = 0, packed: Int = 0) { (self.plain, self.packed) = (plain, packed) }

    public static func += (sum: inout HeldBytes, other: HeldBytes) {
        sum.plain += other.plain
        sum.packed += other.packed
    }
}
