import Columnar
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Vocabulary

/// Turns the members of JSON objects into cells of one table, and remembers where each member's column is.
///
/// Senders write the members of an event in the same order every time and say the same thing over and over. So what followed a member the last time is
/// tried first, by one comparison of bytes; and where a member says what it said before, its cells are there already and nothing is scanned.
///
/// `@unchecked Sendable`: the applying thread's own.
final class CellReader: @unchecked Sendable {
    /// Members of an event's context that are no columns: nearly as many values as events, and they say who somebody is or belong to the person.
    static let leftOut: [[UInt8]] = ["context.ip", "context.userAgent", "context.traits"].map { Array($0.utf8) }
    /// Deeper members are not columns; conditions on them are answered from the log.
    static let depthMaximum = 5

    private let table: Int?
    private var objects: [Object] = []
    private let members = MemberMemory()
    private var numbered: [(key: [UInt8], member: Int)] = []
    private let catalog: ColumnCatalog
    private let keepsNull: Bool

    private struct Object {
        let prefix: [UInt8]
        let depth: Int
        /// Which of the prefixes it stands under.
        let root: Int
        /// The member that came first the last time.
        var first = -1
        /// By key as it stands in the JSON, between the quotes.
        var numbers: [[UInt8]: Int] = [:]
    }

    /// - Parameters:
    ///   - prefixes: one root for each kind of object that is read, with what its members' paths begin with.
    ///   - keepsNull: whether JSON null is worth a place, since it takes an earlier value back.
    init(table: Int?, prefixes: [String], catalog: ColumnCatalog, keepsNull: Bool = false) {
        self.table = table
        self.keepsNull = keepsNull
        self.catalog = catalog
        for (root, prefix) in prefixes.enumerated() { objects.append(Object(prefix: Array(prefix.utf8), depth: 0, root: root)) }
    }

    /// Appends a cell for each member of the valid JSON object in `bytes` that has a value.
    ///
    /// - Parameter root: which of the prefixes the object belongs under.
    func read(_ bytes: UnsafeBufferPointer<UInt8>, root: Int, into cells: CellList) {
        var start = 0
        while start < bytes.count, unsafe CellReader.isBlank(bytes[start]) { start += 1 }
        guard start < bytes.count, unsafe bytes[start] == 0x7b else { return }
        _ = unsafe read(bytes, from: start, object: root, into: cells)
    }

    /// Appends the cells of one member, whose key is not escaped, of the object under the first prefix.
    ///
    /// - Parameter number: a small number that the same key mostly comes with.
    func read(member key: [UInt8], _ number: Int, _ value: ArraySlice<UInt8>, into cells: CellList) {
        while numbered.count <= number { numbered.append(([], -1)) }
        if numbered[number].member < 0 || numbered[number].key != key {
            var quoted: [UInt8] = []
            JSONWriter.escape(key, into: &quoted)
            numbered[number] = (key, member(quoted, of: 0))
        }
        _ = unsafe value.withUnsafeBufferPointer { unsafe read($0, from: 0, member: numbered[number].member, of: 0, into: cells) }
    }

    /// - Returns: where the object ends, or the end of all where it is not whole.
    private func read(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, object: Int, into cells: CellList) -> Int {
        var i = unsafe CellReader.behindBlanks(bytes, start + 1)
        if i < bytes.count, unsafe bytes[i] == 0x7d { return i + 1 }
        var before = -1
        while i < bytes.count {
            let guess = before < 0 ? objects[object].first : unsafe members[before].next
            let member: Int
            if guess >= 0, unsafe members[guess].hasKey(in: bytes, at: i) {
                member = guess
                i += unsafe members[guess].keyCount
            } else {
                var scanner = JSONScanner(at: i)
                guard unsafe (try? scanner.skipString(bytes.span)) != nil else { return bytes.count }
                member = self.member(unsafe Array(bytes[i..<scanner.index]), of: object)
                guard unsafe scanner.take(0x3a, bytes.span) else { return bytes.count }
                if before < 0 { objects[object].first = member } else { unsafe members[before].next = member }
                i = scanner.index
            }
            i = unsafe CellReader.behindBlanks(bytes, i)
            i = unsafe read(bytes, from: i, member: member, of: object, into: cells)
            i = unsafe CellReader.behindBlanks(bytes, i)
            guard i < bytes.count, unsafe bytes[i] == 0x2c else { return i < bytes.count ? i + 1 : bytes.count }
            i = unsafe CellReader.behindBlanks(bytes, i + 1)
            before = member
        }
        return bytes.count
    }

    /// - Returns: where the member's value ends.
    private func read(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, member: Int, of object: Int, into cells: CellList) -> Int {
        if unsafe members[member].saysTheSame(bytes, at: start) {
            unsafe members[member].eachLastCell { cells.append($0) }
            return unsafe start + members[member].lastCount
        }
        guard start < bytes.count else { return start }
        let before = cells.count
        let end: Int
        if unsafe bytes[start] == 0x7b, let inner = innerObject(member, of: object) {
            end = unsafe read(bytes, from: start, object: inner, into: cells)
            // That there is an object is worth a place in what senders say themselves; what SDKs say of every call is not asked for so.
            if objects[object].root == 0, let (column, dictionary) = column(member, of: object) { cells.append(Cell(code: unsafe dictionary._withUnsafeGuaranteedRef { $0.intern(.object) }, column: column)) }
        } else {
            var scanner = JSONScanner(at: start)
            guard let slice = unsafe try? scanner.value(bytes.span, depth: 1) else { return bytes.count }
            end = scanner.index
            let first = unsafe bytes[start]
            if first != 0x7b, first != 0x6e || keepsNull, let (column, dictionary) = column(member, of: object) {
                unsafe cells.append(dictionary._withUnsafeGuaranteedRef { unsafe CellReader.cell(bytes, slice, first: first, column: column, $0) })
            }
        }
        unsafe members[member].remember(bytes, start..<end, cells, from: before)
        return end
    }

    @inline(__always)
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }

    @inline(__always)
    private static func behindBlanks(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var i = start
        while i < bytes.count, unsafe isBlank(bytes[i]) { i += 1 }
        return i
    }

    /// The member of an object by its key with quotes.
    private func member(_ quoted: [UInt8], of object: Int) -> Int {
        if let known = objects[object].numbers[quoted] { return known }
        let number = members.add(key: quoted + [0x3a])
        objects[object].numbers[quoted] = number
        return number
    }

    /// The object that a member's value is; nil where its members are no columns.
    private func innerObject(_ member: Int, of object: Int) -> Int? {
        if unsafe members[member].object < 0 {
            guard objects[object].depth < CellReader.depthMaximum, !CellReader.leftOut.contains(path(object, member)) else { return nil }
            objects.append(Object(prefix: path(object, member) + [0x2e], depth: objects[object].depth + 1, root: objects[object].root))
            unsafe members[member].object = objects.count - 1
        }
        return unsafe members[member].object
    }

    /// The column of a member, made when there is none yet; nil when there is no room for more.
    @inline(__always)
    private func column(_ member: Int, of object: Int) -> (UInt16, Unmanaged<ValueDictionary>)? {
        if unsafe members[member].column == -1 { findColumn(member, of: object) }
        guard let dictionary = unsafe members[member].dictionary else { return nil }
        return unsafe (UInt16(truncatingIfNeeded: members[member].column), dictionary)
    }

    private func findColumn(_ member: Int, of object: Int) {
        let path = path(object, member)
        guard !CellReader.leftOut.contains(path), let (number, dictionary) = catalog.columnNumber(path, of: table) else {
            unsafe members[member].column = -2
            return
        }
        unsafe members[member].column = number
        // The catalog, which is held here, keeps its dictionaries for ever.
        unsafe members[member].dictionary = Unmanaged.passUnretained(dictionary)
    }

    /// A member's path: what leads to its object, and its key unescaped.
    private func path(_ object: Int, _ member: Int) -> [UInt8] {
        let quoted = unsafe Array(UnsafeBufferPointer(start: members[member].key, count: members[member].keyCount - 1))
        guard quoted.contains(0x5c) else { return objects[object].prefix + quoted.dropFirst().dropLast() }
        var plain: [UInt8] = []
        JSONText.unescape(quoted.span, JSONSlice(start: 0, count: UInt32(quoted.count)), into: &plain)
        return objects[object].prefix + plain
    }

    private static func cell(
        _ bytes: UnsafeBufferPointer<UInt8>, _ slice: JSONSlice, first: UInt8, column: UInt16, _ dictionary: ValueDictionary
    ) -> Cell {
        let raw = unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[slice.range])
        switch first {
        case 0x22:
            let inner = unsafe UnsafeRawBufferPointer(rebasing: raw[1..<raw.count - 1])
            guard unsafe memchr(raw.baseAddress!, 0x5c, raw.count) != nil else { return unsafe Cell(code: dictionary.intern(.text, inner), column: column) }
            var plain: [UInt8] = []
            unsafe JSONText.unescape(bytes.span, slice, into: &plain)
            return Cell(code: plain.withUnsafeBytes { unsafe dictionary.intern(.text, $0) }, column: column)
        case 0x6e: return unsafe Cell(code: dictionary.intern(.null, raw), column: column)
        case 0x74, 0x66: return unsafe Cell(code: dictionary.intern(.boolean, raw), column: column)
        case 0x5b:
            // Lists of objects are nearly all different; their place is the log.
            if unsafe memchr(raw.baseAddress!, 0x7b, raw.count) != nil {
                dictionary.noteOverflow()
                return Cell(code: ValueDictionary.overflow, column: column)
            }
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
