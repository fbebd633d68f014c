/// Memory that is handed out piece by piece and given back all at once.
///
/// What lies in it never moves and is copied bit by bit, so that a ``View`` or a ``Ref`` costs no counting of references. They are valid as long as their
/// arena is: a run reads the literals of its program, its data, and what it has made itself, and outlives none of the three.
struct Arena: ~Copyable {
    private var chunk: UnsafeMutableRawPointer
    private var used = headerBytes
    private var capacity = firstBytes

    /// A chunk begins with the address of the one before it.
    private static let headerBytes = 16
    /// `malloc` keeps pieces of up to this size at hand.
    private static let firstBytes = 1000
    private static let chunkBytes = 64 << 10

    init() { chunk = unsafe Arena.chunk(Arena.firstBytes, behind: nil) }

    deinit {
        var last: UnsafeMutableRawPointer? = unsafe chunk
        while let chunk = unsafe last {
            // SAFETY: `chunk(_:behind:)` wrote it there.
            unsafe last = chunk.load(as: UnsafeMutableRawPointer?.self)
            unsafe chunk.deallocate()
        }
    }

    private static func chunk(_ bytes: Int, behind previous: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer {
        let chunk = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: headerBytes)
        unsafe chunk.storeBytes(of: previous, as: UnsafeMutableRawPointer?.self)
        return unsafe chunk
    }

    @inline(__always)
    private mutating func room(_ bytes: Int, alignment: Int) -> UnsafeMutableRawPointer {
        let start = (used + alignment - 1) & ~(alignment - 1)
        guard start + bytes <= capacity else { return unsafe nextChunk(bytes) }
        used = start + bytes
        // SAFETY: the guard leaves `bytes` in the chunk from `start` on.
        return unsafe chunk + start
    }

    @inline(never)
    private mutating func nextChunk(_ bytes: Int) -> UnsafeMutableRawPointer {
        capacity = max(min(2 * capacity, Arena.chunkBytes), bytes + Arena.headerBytes)
        unsafe chunk = Arena.chunk(capacity, behind: chunk)
        used = Arena.headerBytes + bytes
        return unsafe chunk + Arena.headerBytes
    }

    /// Room for elements that are written one after another; what is left of it is taken back.
    @inline(__always)
    mutating func make<Element: BitwiseCopyable, Failure: Error>(upTo capacity: Int, _ write: (inout OutputSpan<Element>) throws(Failure) -> Void) throws(Failure) -> View<Element> {
        let stride = MemoryLayout<Element>.stride
        // SAFETY: the room is as large as the buffer, and what is not written is not counted.
        let base = unsafe room(capacity * stride, alignment: MemoryLayout<Element>.alignment).bindMemory(to: Element.self, capacity: capacity)
        let buffer = unsafe UnsafeMutableBufferPointer(start: base, count: capacity)
        var span = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
        try write(&span)
        let count = unsafe span.finalize(for: buffer)
        used -= (capacity - count) * stride
        return unsafe View(base, count)
    }

    @inline(__always)
    mutating func keep<Element: BitwiseCopyable>(_ element: Element) -> Ref<Element> {
        let base = unsafe room(MemoryLayout<Element>.stride, alignment: MemoryLayout<Element>.alignment).bindMemory(to: Element.self, capacity: 1)
        unsafe base.initialize(to: element)
        return unsafe Ref(base)
    }

    mutating func keep<Element: BitwiseCopyable>(_ elements: [Element]) -> View<Element> {
        unsafe elements.withUnsafeBufferPointer { unsafe keep($0) }
    }

    @inline(__always)
    mutating func keep<Element: BitwiseCopyable>(_ elements: UnsafeBufferPointer<Element>) -> View<Element> {
        let base = unsafe room(elements.count * MemoryLayout<Element>.stride, alignment: MemoryLayout<Element>.alignment).bindMemory(to: Element.self, capacity: elements.count)
        if let first = elements.baseAddress { unsafe base.initialize(from: first, count: elements.count) }
        return unsafe View(base, elements.count)
    }

    /// So many times the same, to be changed later.
    mutating func keep<Element: BitwiseCopyable>(_ element: Element, count: Int) -> Row<Element> {
        let base = unsafe room(count * MemoryLayout<Element>.stride, alignment: MemoryLayout<Element>.alignment).bindMemory(to: Element.self, capacity: count)
        unsafe base.initialize(repeating: element, count: count)
        return unsafe Row(base, count)
    }

    mutating func keep(_ text: String) -> Text {
        var text = text
        return text.withUTF8 { unsafe keep($0) }
    }

    // MARK: - Taking back

    struct Mark {
        fileprivate let chunk: UnsafeMutableRawPointer
        fileprivate let used: Int
    }

    var mark: Mark { unsafe Mark(chunk: chunk, used: used) }

    /// Forgets what was made since; whoever calls it holds nothing of that any more.
    mutating func release(to mark: Mark) { used = unsafe mark.chunk == chunk ? mark.used : Arena.headerBytes }
}

/// Elements in an arena.
struct View<Element>: RandomAccessCollection, BitwiseCopyable {
    private let base: UnsafePointer<Element>?
    let count: Int

    @inline(__always)
    fileprivate init(_ base: UnsafePointer<Element>, _ count: Int) { unsafe (self.base, self.count) = (base, count) }

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
    fileprivate init(_ base: UnsafeMutablePointer<Element>, _ count: Int) { unsafe (self.base, self.count) = (base, count) }

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
    fileprivate init(_ base: UnsafeMutablePointer<Value>) { unsafe self.base = base }

    @inline(__always)
    var value: Value {
        get { unsafe base.pointee }
        nonmutating set { unsafe base.pointee = newValue }
    }

    static func === (a: Ref, b: Ref) -> Bool { unsafe a.base == b.base }
}
