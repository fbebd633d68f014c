import Columnar
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Vocabulary

/// Turns the members of JSON objects into cells of one table, and remembers where each member's column is.
///
/// Senders write the members of an event in the same order every time, so the member behind the last one is tried first: one comparison of bytes
/// instead of a hash (measured on the shop's events: 9 ns a member against 31).
struct CellReader {
    private struct Member {
        /// As it stands in the JSON, between the quotes.
        let key: [UInt8]
        var column: Int = -1
        var dictionary: ValueDictionary?
        /// The members of the object that this member's value is.
        var object: Int = -1
        /// The last text as it stood in the JSON, and its code: many members say the same thing over and over.
        var lastText: [UInt8] = []
        var lastCode: UInt32 = 0
    }
    private struct Object {
        let prefix: [UInt8]
        let depth: Int
        /// Which of the prefixes it stands under.
        let root: Int
        var members: [Member] = []
        var numbers: [[UInt8]: Int] = [:]
    }
    /// Members of an event's context that are no columns: nearly as many values as events, and they say who somebody is or belong to the person.
    static let leftOut: [[UInt8]] = ["context.ip", "context.userAgent", "context.traits"].map { Array($0.utf8) }
    /// Deeper members are not columns; conditions on them are answered from the log.
    static let depthMaximum = 5

    let table: Int?
    private var objects: [Object] = []
    private let roots: [Int]
    private let catalog: ColumnCatalog

    private let keepsNull: Bool

    /// - Parameters:
    ///   - prefixes: one root for each kind of object that is read, with what its members' paths begin with.
    ///   - keepsNull: whether JSON null is worth a place, since it takes an earlier value back.
    init(table: Int?, prefixes: [String], catalog: ColumnCatalog, keepsNull: Bool = false) {
        self.table = table
        self.keepsNull = keepsNull
        self.catalog = catalog
        roots = Array(prefixes.indices)
        for (root, prefix) in prefixes.enumerated() { objects.append(Object(prefix: Array(prefix.utf8), depth: 0, root: root)) }
    }

    /// Appends a cell for each member of the valid JSON object in `bytes` that has a value.
    ///
    /// - Parameter root: which of the prefixes the object belongs under.
    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, root: Int, into cells: inout [Cell]) {
        let p = unsafe bytes.span
        unsafe read(p, bytes, JSONSlice(start: 0, count: UInt32(bytes.count)), object: root, into: &cells)
    }

    /// Appends the cells of one member, whose key is not escaped, of the object under the first prefix.
    mutating func read(member key: [UInt8], _ value: ArraySlice<UInt8>, into cells: inout [Cell]) {
        var escaped: [UInt8] = []
        JSONWriter.escape(key, into: &escaped)
        let member = unsafe escaped.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) -> Int in
            unsafe self.member(UnsafeRawBufferPointer(rebasing: bytes[1..<bytes.count - 1]), in: 0, expected: Int.max)
        }
        unsafe value.withUnsafeBufferPointer { bytes in
            let p = unsafe bytes.span
            unsafe take(JSONSlice(start: 0, count: UInt32(bytes.count)), p, bytes, member: member, of: 0, into: &cells)
        }
    }

    private mutating func read(_ p: Span<UInt8>, _ bytes: UnsafeBufferPointer<UInt8>, _ slice: JSONSlice, object: Int, into cells: inout [Cell]) {
        var scanner = JSONScanner(at: Int(slice.start))
        scanner.skipBlanks(p)
        guard scanner.take(0x7b, p), !scanner.take(0x7d, p) else { return }
        var expected = 0
        repeat {
            scanner.skipBlanks(p)
            let start = scanner.index + 1
            guard (try? scanner.skipString(p)) != nil else { return }
            let key = unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start..<scanner.index - 1])
            guard scanner.take(0x3a, p), let value = try? scanner.value(p, depth: 1) else { return }
            let member = unsafe member(key, in: object, expected: expected)
            expected = member + 1
            unsafe take(value, p, bytes, member: member, of: object, into: &cells)
        } while scanner.take(0x2c, p)
    }

    private mutating func member(_ key: UnsafeRawBufferPointer, in object: Int, expected: Int) -> Int {
        if expected < objects[object].members.count, unsafe CellReader.equal(objects[object].members[expected].key, key) { return expected }
        let bytes = unsafe Array(key)
        if let known = objects[object].numbers[bytes] { return known }
        objects[object].members.append(Member(key: bytes))
        objects[object].numbers[bytes] = objects[object].members.count - 1
        return objects[object].members.count - 1
    }

    private static func equal(_ a: [UInt8], _ b: UnsafeRawBufferPointer) -> Bool {
        guard a.count == b.count else { return false }
        return a.withUnsafeBytes { a in unsafe a.isEmpty || memcmp(a.baseAddress!, b.baseAddress!, a.count) == 0 }
    }

    private mutating func take(
        _ value: JSONSlice, _ p: Span<UInt8>, _ bytes: UnsafeBufferPointer<UInt8>, member: Int, of object: Int, into cells: inout [Cell]
    ) {
        let first = p[Int(value.start)]
        if first == 0x6e, !keepsNull { return }
        if first == 0x7b {
            if objects[object].members[member].object < 0 {
                guard objects[object].depth < CellReader.depthMaximum, !CellReader.leftOut.contains(path(object, member)) else { return }
                objects.append(Object(prefix: path(object, member) + [0x2e], depth: objects[object].depth + 1, root: objects[object].root))
                objects[object].members[member].object = objects.count - 1
            }
            unsafe read(p, bytes, value, object: objects[object].members[member].object, into: &cells)
            // That there is an object is worth a place in what senders say themselves; what SDKs say of every call is not asked for so.
            guard objects[object].root == 0, let (column, dictionary) = column(member, of: object) else { return }
            return cells.append(Cell(code: dictionary.intern(.object), column: column))
        }
        guard let (column, dictionary) = column(member, of: object) else { return }
        let raw = unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[value.range])
        if first == 0x22, raw.count <= 64 {
            if unsafe CellReader.equal(objects[object].members[member].lastText, raw) {
                return cells.append(Cell(code: objects[object].members[member].lastCode, column: column))
            }
            let cell = unsafe CellReader.cell(raw, first: first, p, value, column: column, dictionary)
            unsafe objects[object].members[member].lastText.replaceSubrange(0..., with: raw)
            objects[object].members[member].lastCode = UInt32(truncatingIfNeeded: cell.value)
            return cells.append(cell)
        }
        unsafe cells.append(CellReader.cell(raw, first: first, p, value, column: column, dictionary))
    }

    /// The column of a member, made when there is none yet; nil when there is no room for more.
    private mutating func column(_ member: Int, of object: Int) -> (UInt16, ValueDictionary)? {
        if objects[object].members[member].column < 0 {
            guard objects[object].members[member].column == -1 else { return nil }
            let path = path(object, member)
            guard !CellReader.leftOut.contains(path), let (number, dictionary) = catalog.columnNumber(path, of: table) else {
                objects[object].members[member].column = -2
                return nil
            }
            objects[object].members[member].column = number
            objects[object].members[member].dictionary = dictionary
        }
        guard let dictionary = objects[object].members[member].dictionary else { return nil }
        return (UInt16(truncatingIfNeeded: objects[object].members[member].column), dictionary)
    }

    /// A member's path: what leads to its object, and its key unescaped.
    private func path(_ object: Int, _ member: Int) -> [UInt8] {
        let key = objects[object].members[member].key
        guard key.contains(0x5c) else { return objects[object].prefix + key }
        let quoted = [0x22] + key + [0x22]
        var plain: [UInt8] = []
        JSONText.unescape(quoted.span, JSONSlice(start: 0, count: UInt32(quoted.count)), into: &plain)
        return objects[object].prefix + plain
    }

    private static func cell(
        _ raw: UnsafeRawBufferPointer, first: UInt8, _ p: Span<UInt8>, _ slice: JSONSlice, column: UInt16, _ dictionary: ValueDictionary
    ) -> Cell {
        switch first {
        case 0x22:
            let inner = unsafe UnsafeRawBufferPointer(rebasing: raw[1..<raw.count - 1])
            guard unsafe inner.contains(0x5c) else { return unsafe Cell(code: dictionary.intern(.text, inner), column: column) }
            var plain: [UInt8] = []
            JSONText.unescape(p, slice, into: &plain)
            return Cell(code: plain.withUnsafeBytes { unsafe dictionary.intern(.text, $0) }, column: column)
        case 0x6e: return unsafe Cell(code: dictionary.intern(.null, raw), column: column)
        case 0x74, 0x66: return unsafe Cell(code: dictionary.intern(.boolean, raw), column: column)
        case 0x5b:
            // Lists of objects are nearly all different; their place is the log.
            if unsafe raw.contains(0x7b) { return Cell(code: ValueDictionary.overflow, column: column) }
            return unsafe Cell(code: dictionary.intern(.array, raw), column: column)
        default:
            if let (value, scale) = unsafe number(raw) { return Cell(number: value, scale: UInt8(scale), column: column) }
            let text = unsafe Array((ExactNumber(json: raw)?.description ?? "0").utf8)
            return Cell(code: text.withUnsafeBytes { unsafe dictionary.intern(.number, $0) }, column: column)
        }
    }

    /// A JSON number of at most 17 digits without exponent as a whole number of 10^-scale, trailing zeros of the fraction left out; nil for others.
    static func number(_ raw: UnsafeRawBufferPointer) -> (value: Int64, scale: Int)? {
        var value: Int64 = 0
        var scale = 0
        var zeros = 0
        var hasPoint = false
        var index = 0
        let isNegative = unsafe raw[0] == 0x2d
        if isNegative { index = 1 }
        guard raw.count - index <= 18 else { return nil }
        while index < raw.count {
            let byte = unsafe raw[index]
            index += 1
            if byte == 0x2e {
                hasPoint = true
                continue
            }
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            if hasPoint, byte == 0x30 {
                zeros += 1
                continue
            }
            while zeros > 0 {
                value &*= 10
                scale += 1
                zeros -= 1
            }
            value = value &* 10 &+ Int64(byte - 0x30)
            if hasPoint { scale += 1 }
        }
        return scale <= 9 ? (isNegative ? -value : value, scale) : nil
    }
}
