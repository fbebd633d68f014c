import CKernels

/// One dictionary code for each place, 0 where there is no value, as narrow as the largest code allows.
public enum Codes: Sendable {
    case narrow([UInt8])
    case middle([UInt16])
    case wide([UInt32])

    public init(count: Int) { self = .narrow([UInt8](repeating: 0, count: count)) }

    /// Packs codes as narrowly as they allow. ``ValueDictionary/overflow`` keeps its meaning only in wide columns, and makes one.
    public init(_ codes: [UInt32]) {
        let largest = codes.max() ?? 0
        if largest <= UInt32(UInt8.max) { self = .narrow(codes.map { UInt8(truncatingIfNeeded: $0) }) } else if largest <= UInt32(UInt16.max) {
            self = .middle(codes.map { UInt16(truncatingIfNeeded: $0) })
        } else {
            self = .wide(codes)
        }
    }

    public var count: Int {
        switch self {
        case .narrow(let a): a.count
        case .middle(let a): a.count
        case .wide(let a): a.count
        }
    }

    /// Bytes of one code: 1, 2 or 4.
    var width: Int {
        switch self {
        case .narrow: 1
        case .middle: 2
        case .wide: 4
        }
    }

    static func width(of code: UInt32) -> Int { code <= UInt32(UInt8.max) ? 1 : code <= UInt32(UInt16.max) ? 2 : 4 }

    public var byteCount: Int {
        switch self {
        case .narrow(let a): a.count
        case .middle(let a): a.count * 2
        case .wide(let a): a.count * 4
        }
    }

    public subscript(index: Int) -> UInt32 {
        switch self {
        case .narrow(let a): UInt32(a[index])
        case .middle(let a): UInt32(a[index])
        case .wide(let a): a[index]
        }
    }

    /// One code for each place.
    public var all: [UInt32] {
        switch self {
        case .narrow(let a): a.map(UInt32.init)
        case .middle(let a): a.map(UInt32.init)
        case .wide(let a): a
        }
    }

    /// Calls `body` with each code that is not 0.
    public func each(_ body: (UInt32) -> Void) {
        switch self {
        case .narrow(let a): for code in a where code != 0 { body(UInt32(code)) }
        case .middle(let a): for code in a where code != 0 { body(UInt32(code)) }
        case .wide(let a): for code in a where code != 0 { body(code) }
        }
    }

    /// Sets one code, widening the column where it must.
    public mutating func set(_ code: UInt32, at index: Int) {
        switch self {
        case .narrow(var a):
            if code <= UInt32(UInt8.max) {
                self = .narrow([])
                a[index] = UInt8(code)
                self = .narrow(a)
            } else {
                self = code <= UInt32(UInt16.max) ? .middle(a.map(UInt16.init)) : .wide(a.map(UInt32.init))
                set(code, at: index)
            }
        case .middle(var a):
            if code <= UInt32(UInt16.max) {
                self = .middle([])
                a[index] = UInt16(code)
                self = .middle(a)
            } else {
                self = .wide(a.map(UInt32.init))
                set(code, at: index)
            }
        case .wide(var a):
            self = .wide([])
            a[index] = code
            self = .wide(a)
        }
    }

    /// Which places hold a code whose truth is not 0, a bit each; the whole of `out` up to the last place is written.
    ///
    /// - Parameters:
    ///   - truths: which codes satisfy a test.
    ///   - among: which places are asked about, a bit each; of others the answer may be either. Nil for all of them.
    ///   - out: at least (count + 63) / 64 words.
    public func test(_ truths: CodeTruths, among: [UInt64]? = nil, into out: inout [UInt64]) {
        let (wanted, truths) = (truths.few, truths.table)
        unsafe out.withUnsafeMutableBufferPointer { out in
            let out = out.baseAddress!
            if let wanted { return unsafe wanted.isEmpty ? out.update(repeating: 0, count: (count + 63) / 64) : equal(wanted, out) }
            switch self {
            case .narrow(let a): unsafe martlet_table_8(a, a.count, truths, truths.count, among, out)
            case .middle(let a): unsafe martlet_table_16(a, a.count, truths, truths.count, among, out)
            case .wide(let a): unsafe martlet_table_32(a, a.count, truths, truths.count, among, out)
            }
        }
    }

    private func equal(_ wanted: [Int], _ out: UnsafeMutablePointer<UInt64>) {
        let wordCount = (count + 63) / 64
        unsafe out.update(repeating: 0, count: wordCount)
        unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: wordCount) { words in
            let base = words.baseAddress!
            for code in wanted {
                switch self {
                case .narrow(let a):
                    guard code <= Int(UInt8.max) else { continue }
                    unsafe martlet_equal_8(a, a.count, UInt8(code), base)
                case .middle(let a):
                    guard code <= Int(UInt16.max) else { continue }
                    unsafe martlet_equal_16(a, a.count, UInt16(code), base)
                case .wide(let a): unsafe martlet_equal_32(a, a.count, UInt32(code), base)
                }
                for index in 0..<wordCount { unsafe out[index] |= base[index] }
            }
        }
    }
}

/// Which codes satisfy a test.
public struct CodeTruths: Sendable {
    /// By code, from 0; 1 where it does.
    public let table: [UInt8]
    /// All of them, where they are at most four: those are compared one by one, 64 places at a step; more are looked up.
    let few: [Int]?

    public init(_ table: [UInt8]) {
        self.table = table
        var found: [Int] = []
        for code in table.indices where table[code] != 0 {
            found.append(code)
            if found.count > 4 { break }
        }
        few = found.count <= 4 ? found : nil
    }

    @inline(__always)
    public func contains(_ code: UInt32) -> Bool { Int(code) < table.count && table[Int(code)] != 0 }
}
