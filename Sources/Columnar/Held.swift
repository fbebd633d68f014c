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

/// Something of a run that is packed until somebody asks for it, and plain from then on: ``resting()`` gives another that is packed again.
///
/// What is plain once is never taken away, so that a look at it takes no lock (with one, a funnel took six times as long).
///
/// `@unchecked Sendable`: `box` is set once, under the lock, and read by everyone; it is let go with the object.
public final class Held<Value: Packable>: @unchecked Sendable {
    private final class Box {
        let value: Value
        init(_ value: Value) { self.value = value }
    }
    private let box: Atomic<UnsafeRawPointer?>
    /// Whether somebody asked since it was made or last looked at by ``resting()``.
    private let isWanted: Atomic<Bool>
    private let packedForm: Mutex<Value.Packed?>

    public init(_ value: Value) {
        unsafe box = Atomic(UnsafeRawPointer(Unmanaged.passRetained(Box(value)).toOpaque()))
        isWanted = Atomic(true)
        packedForm = Mutex(nil)
    }

    public init(packed: Value.Packed) {
        unsafe box = Atomic(nil)
        isWanted = Atomic(false)
        packedForm = Mutex(packed)
    }

    deinit { if let pointer = unsafe box.load(ordering: .relaxed) { unsafe Unmanaged<Box>.fromOpaque(pointer).release() } }

    /// The value, which stays plain after this.
    @inline(__always)
    public var plain: Value { look { $0 } }

    /// The same, looked at where it is.
    @inline(__always)
    func look<Result>(_ body: (Value) -> Result) -> Result {
        if !isWanted.load(ordering: .relaxed) { isWanted.store(true, ordering: .relaxed) }
        let pointer = unsafe box.load(ordering: .acquiring) ?? makePlain()
        return unsafe Unmanaged<Box>.fromOpaque(pointer)._withUnsafeGuaranteedRef { body($0.value) }
    }

    @inline(never)
    private func makePlain() -> UnsafeRawPointer {
        packedForm.withLock { packed in
            if let pointer = unsafe box.load(ordering: .acquiring) { return unsafe pointer }
            let pointer = unsafe UnsafeRawPointer(Unmanaged.passRetained(Box(Held.unpacked(packed))).toOpaque())
            unsafe box.store(pointer, ordering: .releasing)
            return unsafe pointer
        }
    }

    private var plainIfThere: Value? { unsafe box.load(ordering: .acquiring).map { unsafe Unmanaged<Box>.fromOpaque($0).takeUnretainedValue().value } }

    /// The value for one look at it: what is packed stays so.
    public var once: Value { plainIfThere ?? packedForm.withLock { plainIfThere ?? Held.unpacked($0) } }

    /// The packed form, to be written down; it is kept.
    public var packed: Value.Packed {
        packedForm.withLock { packed in
            if let packed { return packed }
            let fresh = (plainIfThere ?? Held.unpacked(packed)).packed()
            packed = fresh
            return fresh
        }
    }

    /// The same packed, where it is plain and nobody asked for it since the last call; else this one.
    func resting() -> Held {
        guard !isWanted.exchange(false, ordering: .relaxed), plainIfThere != nil else { return self }
        return Held(packed: packed)
    }

    /// Bytes of memory in each form.
    var byteCounts: HeldBytes { HeldBytes(plain: plainIfThere?.byteCount ?? 0, packed: packedForm.withLock { $0.map(Value.byteCount(of:)) ?? 0 }) }

    private static func unpacked(_ packed: Value.Packed?) -> Value {
        guard let packed, let value = Value(packed) else { preconditionFailure("what was packed in memory can be unpacked") }
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
