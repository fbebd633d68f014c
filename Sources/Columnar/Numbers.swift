import CKernels

/// One whole number of 10^-scale for each place, as narrow as the values allow; the smallest value of the width stands for no value.
public struct Numbers: Sendable {
    public enum Storage: Sendable {
        case bytes([Int8])
        case halves([Int16])
        case words([Int32])
        case longs([Int64])
    }
    public private(set) var scale: Int
    public private(set) var storage: Storage

    /// What stands for no value, whatever the width.
    public static let none = Int64.min

    public init(count: Int) {
        scale = 0
        storage = .bytes([Int8](repeating: .min, count: count))
    }

    /// - Parameters:
    ///   - values: whole numbers of 10^-scale; ``none`` where there is no value.
    public init(_ values: [Int64], scale: Int) {
        self.scale = scale
        var low = Int64.max
        var high = Int64.min
        for value in values where value != Numbers.none {
            low = min(low, value)
            high = max(high, value)
        }
        func fits<T: FixedWidthInteger>(_ type: T.Type) -> Bool { low > high || (low > Int64(T.min) && high <= Int64(T.max)) }
        func narrow<T: FixedWidthInteger>(_ type: T.Type) -> [T] { values.map { $0 == Numbers.none ? T.min : T(truncatingIfNeeded: $0) } }
        if fits(Int8.self) { storage = .bytes(narrow(Int8.self)) } else if fits(Int16.self) { storage = .halves(narrow(Int16.self)) } else if fits(Int32.self) {
            storage = .words(narrow(Int32.self))
        } else {
            storage = .longs(values)
        }
    }

    public init(storage: Storage, scale: Int) {
        self.storage = storage
        self.scale = scale
    }

    public var count: Int {
        switch storage {
        case .bytes(let a): a.count
        case .halves(let a): a.count
        case .words(let a): a.count
        case .longs(let a): a.count
        }
    }

    public var byteCount: Int {
        switch storage {
        case .bytes(let a): a.count
        case .halves(let a): a.count * 2
        case .words(let a): a.count * 4
        case .longs(let a): a.count * 8
        }
    }

    /// Bytes of one number: 1, 2, 4 or 8.
    var width: Int {
        switch storage {
        case .bytes: 1
        case .halves: 2
        case .words: 4
        case .longs: 8
        }
    }

    /// The fewest bytes that hold a number beside the mark of no value.
    static func width(of value: Int64) -> Int {
        if value > Int64(Int8.min), value <= Int64(Int8.max) { return 1 }
        if value > Int64(Int16.min), value <= Int64(Int16.max) { return 2 }
        return value > Int64(Int32.min) && value <= Int64(Int32.max) ? 4 : 8
    }

    /// The value in units of 10^-scale, or ``none``.
    public subscript(index: Int) -> Int64 {
        switch storage {
        case .bytes(let a): a[index] == .min ? Numbers.none : Int64(a[index])
        case .halves(let a): a[index] == .min ? Numbers.none : Int64(a[index])
        case .words(let a): a[index] == .min ? Numbers.none : Int64(a[index])
        case .longs(let a): a[index]
        }
    }

    /// All values with ``none`` where there is none.
    public var values: [Int64] {
        func widen<T: FixedWidthInteger>(_ a: [T]) -> [Int64] { a.map { $0 == T.min ? Numbers.none : Int64($0) } }
        return switch storage {
        case .bytes(let a): widen(a)
        case .halves(let a): widen(a)
        case .words(let a): widen(a)
        case .longs(let a): a
        }
    }

    /// Sets one value, widening the column or refining its scale where it must.
    ///
    /// - Returns: false when the value and those that are there have no common scale in 64 bits; nothing is changed then.
    public mutating func set(_ value: Int64, scale valueScale: Int, at index: Int) -> Bool {
        var value = value
        if value != Numbers.none {
            if valueScale > scale, !refine(to: valueScale) { return false }
            guard let scaled = Numbers.scaled(value, by: scale - valueScale) else { return false }
            value = scaled
        }
        switch storage {
        case .bytes(var a):
            guard value == Numbers.none || (value > Int64(Int8.min) && value <= Int64(Int8.max)) else { return widen(a, value, index) }
            storage = .bytes([])
            a[index] = value == Numbers.none ? .min : Int8(value)
            storage = .bytes(a)
        case .halves(var a):
            guard value == Numbers.none || (value > Int64(Int16.min) && value <= Int64(Int16.max)) else { return widen(a, value, index) }
            storage = .halves([])
            a[index] = value == Numbers.none ? .min : Int16(value)
            storage = .halves(a)
        case .words(var a):
            guard value == Numbers.none || (value > Int64(Int32.min) && value <= Int64(Int32.max)) else { return widen(a, value, index) }
            storage = .words([])
            a[index] = value == Numbers.none ? .min : Int32(value)
            storage = .words(a)
        case .longs(var a):
            storage = .longs([])
            a[index] = value
            storage = .longs(a)
        }
        return true
    }

    private mutating func widen<T: FixedWidthInteger>(_ a: [T], _ value: Int64, _ index: Int) -> Bool {
        var all = a.map { $0 == T.min ? Numbers.none : Int64($0) }
        all[index] = value
        self = Numbers(all, scale: scale)
        return true
    }

    private mutating func refine(to finer: Int) -> Bool {
        var all = values
        for i in all.indices where all[i] != Numbers.none {
            guard let scaled = Numbers.scaled(all[i], by: finer - scale) else { return false }
            all[i] = scaled
        }
        self = Numbers(all, scale: finer)
        return true
    }

    /// `value` × 10^power; nil where that does not fit or is the mark of no value.
    public static func scaled(_ value: Int64, by power: Int) -> Int64? {
        guard power >= 0, power <= 18 else { return nil }
        var value = value
        for _ in 0..<power {
            let (product, over) = value.multipliedReportingOverflow(by: 10)
            if over { return nil }
            value = product
        }
        return value == Numbers.none ? nil : value
    }

    /// Which places hold a value from `low` to `high`, both included, in units of 10^-scale; a bit each.
    public func test(from low: Int64, to high: Int64, into out: inout [UInt64]) {
        // The mark of no value lies below every range.
        func clamp<T: FixedWidthInteger>(_ type: T.Type) -> (T, T)? {
            let l = max(low, Int64(T.min) + 1)
            let h = min(high, Int64(T.max))
            return l <= h ? (T(l), T(h)) : nil
        }
        unsafe out.withUnsafeMutableBufferPointer { out in
            let out = out.baseAddress!
            switch storage {
            case .bytes(let a): if let (l, h) = clamp(Int8.self) { return unsafe martlet_range_8(a, a.count, l, h, out) }
            case .halves(let a): if let (l, h) = clamp(Int16.self) { return unsafe martlet_range_16(a, a.count, l, h, out) }
            case .words(let a): if let (l, h) = clamp(Int32.self) { return unsafe martlet_range_32(a, a.count, l, h, out) }
            case .longs(let a): if let (l, h) = clamp(Int64.self) { return unsafe martlet_range_64(a, a.count, l, h, out) }
            }
            unsafe out.update(repeating: 0, count: (count + 63) / 64)
        }
    }
}
