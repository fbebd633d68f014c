public import Packing

/// A column as it is packed: its arrays, and the scale of its numbers.
public struct PackedColumn: Sendable {
    /// Unsigned, one for each place; their width is that of the codes.
    public let codes: PackedArray?
    public let numbers: PackedArray?
    public let scale: Int

    public init(codes: PackedArray?, numbers: PackedArray?, scale: Int) { (self.codes, self.numbers, self.scale) = (codes, numbers, scale) }
}

extension Column: Packable {
    public static func byteCount(of packed: PackedColumn) -> Int { (packed.codes?.bytes.count ?? 0) + (packed.numbers?.bytes.count ?? 0) }

    public func packed() -> PackedColumn {
        let codes = codes.map { codes in
            switch codes {
            case .narrow(let a): PackedArray(a)
            case .middle(let a): PackedArray(a)
            case .wide(let a): PackedArray(a)
            }
        }
        let numbers = numbers.map { numbers in
            switch numbers.storage {
            case .bytes(let a): PackedArray(a)
            case .halves(let a): PackedArray(a)
            case .words(let a): PackedArray(a)
            case .longs(let a): PackedArray(a)
            }
        }
        return PackedColumn(codes: codes, numbers: numbers, scale: self.numbers?.scale ?? 0)
    }

    public init?(_ packed: PackedColumn) {
        self.init()
        if let array = packed.codes {
            switch array.stride {
            case 1: codes = array.unpacked(UInt8.self).map(Codes.narrow)
            case 2: codes = array.unpacked(UInt16.self).map(Codes.middle)
            default: codes = array.unpacked(UInt32.self).map(Codes.wide)
            }
            if codes == nil { return nil }
        }
        if let array = packed.numbers {
            let storage: Numbers.Storage? = switch array.stride {
            case 1: array.unpacked(Int8.self).map(Numbers.Storage.bytes)
            case 2: array.unpacked(Int16.self).map(Numbers.Storage.halves)
            case 4: array.unpacked(Int32.self).map(Numbers.Storage.words)
            default: array.unpacked(Int64.self).map(Numbers.Storage.longs)
            }
            guard let storage else { return nil }
            numbers = Numbers(storage: storage, scale: packed.scale)
        }
    }
}

/// The columns of a run by column number; nil where no event of the run has the property. Asking for one makes it plain.
public struct RunColumns: RandomAccessCollection, Sendable {
    public let held: [Held<Column>?]

    init(_ held: [Held<Column>?]) { self.held = held }

    public var startIndex: Int { 0 }
    public var endIndex: Int { held.count }
    public subscript(number: Int) -> Column? { held[number]?.plain }
}
