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

    mutating func keep<Element: BitwiseCopyable>(_ elements: [Element]) -> View<Element> { unsafe elements.withUnsafeBufferPointer { unsafe keep($0) } }

    mutating func keep(_ bytes: ArraySlice<UInt8>) -> Text { unsafe bytes.withUnsafeBufferPointer { unsafe keep($0) } }

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
