/// Elements in an arena.
struct View<Element>: RandomAccessCollection, BitwiseCopyable {
    fileprivate let base: UnsafePointer<Element>?
    let count: Int

    @inline(__always)
    init(_ base: UnsafePointer<Element>, _ count: Int) { unsafe (self.base, self.count) = (base, count) }

    /// None at all.
    init() { (base, count) = (nil, 0) }

    var startIndex: Int { 0 }
    var endIndex: Int { count }

    @inline(__always)
    subscript(index: Int) -> Element {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an index within the view")
        // SAFETY: only an empty view has no base, and it has no index either.
        return unsafe base.unsafelyUnwrapped[index]
    }

    /// Some of the elements, counted from 0 again.
    @inline(__always)
    func cut(_ range: Range<Int>) -> View {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "a range within the view")
        guard let base = unsafe base else { return self }
        return unsafe View(base + range.lowerBound, range.count)
    }

    @inline(__always)
    func withContiguousStorageIfAvailable<Result>(_ body: (UnsafeBufferPointer<Element>) throws -> Result) rethrows -> Result? {
        try unsafe body(UnsafeBufferPointer(start: base, count: count))
    }
}

extension View where Element == UInt8 {
    /// A text of the program itself, which is always there.
    init(_ text: StaticString) { unsafe self.init(text.utf8Start, text.utf8CodeUnitCount) }

    /// Eight bytes at once.
    @inline(__always)
    func word(_ index: Int) -> UInt64 {
        precondition(index >= 0 && index + 8 <= count, "eight bytes within the text")
        return unsafe UnsafeRawPointer(base.unsafelyUnwrapped).loadUnaligned(fromByteOffset: index, as: UInt64.self)
    }

    /// Four bytes at once.
    @inline(__always)
    func half(_ index: Int) -> UInt32 {
        precondition(index >= 0 && index + 4 <= count, "four bytes within the text")
        return unsafe UnsafeRawPointer(base.unsafelyUnwrapped).loadUnaligned(fromByteOffset: index, as: UInt32.self)
    }
}

extension View {
    /// An element as the only one of a view.
    init(_ one: Ref<Element>) { unsafe self.init(one.base, 1) }
}

extension [UInt8] {
    @inline(__always)
    mutating func append(_ text: Text) { unsafe text.withContiguousStorageIfAvailable { unsafe append(contentsOf: $0) } }
}

/// Elements in an arena, which whoever has them may change.
struct Row<Element>: BitwiseCopyable {
    private let base: UnsafeMutablePointer<Element>
    let count: Int

    @inline(__always)
    init(_ base: UnsafeMutablePointer<Element>, _ count: Int) { unsafe (self.base, self.count) = (base, count) }

    @inline(__always)
    subscript(index: Int) -> Element {
        get {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an index within the row")
            return unsafe base[index]
        }
        nonmutating set {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an index within the row")
            unsafe base[index] = newValue
        }
    }
}

/// One value in an arena, which whoever has it may change.
struct Ref<Value>: BitwiseCopyable {
    fileprivate let base: UnsafeMutablePointer<Value>

    @inline(__always)
    init(_ base: UnsafeMutablePointer<Value>) { unsafe self.base = base }

    @inline(__always)
    var value: Value {
        get { unsafe base.pointee }
        nonmutating set { unsafe base.pointee = newValue }
    }

    static func === (a: Ref, b: Ref) -> Bool { unsafe a.base == b.base }
}
