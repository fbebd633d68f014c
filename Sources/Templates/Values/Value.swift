public import Vocabulary

/// What a template computes with.
public enum Value: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// What is left of a number that is not whole; it prints with a decimal point, as in Ruby.
    case decimal(Double)
    /// A whole number beyond 64 bits.
    case huge(ExactNumber)
    case text(String)
    /// Text that may stand in the output as it is: it was escaped, or the template said `raw`.
    case markup(String)
    case list([Value])
    case record(Record)
    /// Both ends belong to it; empty where the second lies before the first.
    case range(Int, Int)
    /// The words `empty` and `blank`.
    case empty, blank
    case loop(Loop)
}

/// Named values in the order in which they were put in.
public final class Record: Sendable {
    let keys: [String]
    let values: [Value]
    /// Where there are more than a few; comparing some short texts is faster than hashing one.
    private let places: [String: Int]?
    private static let scannedMaximum = 8

    /// Of a key that is given twice, the last value counts.
    public init(_ members: [(key: String, value: Value)]) {
        var keys: [String] = []
        var values: [Value] = []
        var places: [String: Int] = [:]
        for (key, value) in members {
            if let place = places[key] { values[place] = value } else {
                places[key] = keys.count
                keys.append(key)
                values.append(value)
            }
        }
        self.keys = keys
        self.values = values
        self.places = keys.count > Record.scannedMaximum ? places : nil
    }

    public var count: Int { keys.count }

    public subscript(key: String) -> Value? {
        if let places { return places[key].map { values[$0] } }
        for index in keys.indices where keys[index] == key { return values[index] }
        return nil
    }

    /// Whether nothing, or null, or an empty text stands at a path.
    public func isMissing(_ path: [String]) -> Bool {
        guard let first = path.first, var value = self[first] else { return true }
        for key in path.dropFirst() { value = value.member(key) }
        return value.isNull || value.isText && value.text.isEmpty
    }

    /// With more members; those that are there already are replaced.
    public func adding(_ members: [(key: String, value: Value)]) -> Record { Record(zip(keys, values).map { (key: $0, value: $1) } + members) }

    /// The member at a place as Liquid walks it: a list of key and value.
    func pair(_ index: Int) -> Value { .list([.text(keys[index]), values[index]]) }
}

/// Where a `for` or a `tablerow` stands; what a template sees as `forloop`.
public final class Loop: Sendable {
    let name: String
    let length: Int
    let index: Int
    /// The width of a row of a `tablerow`; nil in a `for`.
    let columns: Int?
    let parent: Loop?

    init(name: String, length: Int, index: Int, columns: Int? = nil, parent: Loop? = nil) {
        self.name = name
        self.length = length
        self.index = index
        self.columns = columns
        self.parent = parent
    }

    subscript(key: String) -> Value {
        switch key {
        case "length": return .integer(length)
        case "index": return .integer(index + 1)
        case "index0": return .integer(index)
        case "rindex": return .integer(length - index)
        case "rindex0": return .integer(length - index - 1)
        case "first": return .boolean(index == 0)
        case "last": return .boolean(index == length - 1)
        default: break
        }
        guard let columns else {
            switch key {
            case "name": return .text(name)
            case "parentloop": return parent.map { .loop($0) } ?? .null
            default: return .null
            }
        }
        switch key {
        case "row": return .integer(index / columns + 1)
        case "col": return .integer(index % columns + 1)
        case "col0": return .integer(index % columns)
        case "col_first": return .boolean(index % columns == 0)
        case "col_last": return .boolean(index % columns == columns - 1)
        default: return .null
        }
    }
}

extension Value {
    /// The value that JSON text stands for. A number with a decimal point or an exponent becomes the nearest double, as in any Liquid.
    public init(_ json: JSONText) { self = ValueReader.value(of: json) }
}

private enum ValueReader {
    static func value(of json: JSONText) -> Value {
        var scanner = JSONScanner()
        scanner.skipBlanks(json.bytes.span)
        guard let slice = try? scanner.value(json.bytes.span) else { return .null }
        return value(json.bytes, slice)
    }

    private static func value(_ bytes: [UInt8], _ slice: JSONSlice) -> Value {
        guard !slice.isAbsent else { return .null }
        switch bytes[Int(slice.start)] {
        case 0x22: return .text(text(bytes, slice))
        case 0x74: return .boolean(true)
        case 0x66: return .boolean(false)
        case 0x6e: return .null
        case 0x7b:
            var members: [(key: String, value: Value)] = []
            JSONText.eachMember(of: bytes.span, in: slice) { key, slice in members.append((text(bytes, key), value(bytes, slice))) }
            return .record(Record(members))
        case 0x5b:
            var scanner = JSONScanner(at: Int(slice.start) + 1)
            var elements: [Value] = []
            if scanner.take(0x5d, bytes.span) { return .list([]) }
            repeat {
                guard let element = try? scanner.value(bytes.span, depth: 1) else { return .list(elements) }
                elements.append(value(bytes, element))
            } while scanner.take(0x2c, bytes.span)
            return .list(elements)
        default: return Value(number: String(decoding: bytes[slice.range], as: UTF8.self))
        }
    }

    private static func text(_ bytes: [UInt8], _ slice: JSONSlice) -> String {
        var out: [UInt8] = []
        JSONText.unescape(bytes.span, slice, into: &out)
        return String(decoding: out, as: UTF8.self)
    }
}
