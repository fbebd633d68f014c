/// What a template computes with while it runs. Texts, lists and records stand in an ``Arena``.
enum Cell: BitwiseCopyable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// What is left of a number that is not whole; it prints with a decimal point, as in Ruby.
    case decimal(Double)
    /// A whole number beyond 64 bits, by its digits.
    case huge(Text)
    case text(Text)
    /// Text that may stand in the output as it is: it was escaped, or the template said `raw`.
    case markup(Text)
    case list(View<Cell>)
    case record(Ref<Members>)
    /// Both ends belong to it; empty where the second lies before the first.
    case range(Int, Int)
    /// The words `empty` and `blank`.
    case empty, blank
    case loop(Ref<Loop>)
}

struct Member: BitwiseCopyable {
    let key: Key
    var value: Cell
}

/// The members of a record in the order in which they were put in.
struct Members: BitwiseCopyable {
    let list: View<Member>
    /// Of a large record: by hash, each place counted from 1 and 0 where none is; a power of two of them.
    let places: View<UInt32>

    /// Above it, a record is not searched from its beginning.
    static let scannedMaximum = 16

    var count: Int { list.count }

    @inline(__always)
    func find(_ key: Key) -> Cell? {
        guard places.isEmpty else { return findPlaced(key) }
        for index in 0..<list.count where list[index].key.isSame(as: key) { return list[index].value }
        return nil
    }

    private func findPlaced(_ key: Key) -> Cell? {
        var slot = Int(key.hash) & (places.count - 1)
        while places[slot] > 0 {
            let member = list[Int(places[slot]) - 1]
            if member.key.isSame(as: key) { return member.value }
            slot = (slot + 1) & (places.count - 1)
        }
        return nil
    }
}

/// Where a `for` or a `tablerow` stands; what a template sees as `forloop`.
struct Loop: BitwiseCopyable {
    let name: Text
    let length: Int
    var index = 0
    /// The width of a row of a `tablerow`; nil in a `for`.
    var columns: Int?
    var parent: Ref<Loop>?

    subscript(name: KnownName?) -> Cell {
        switch name {
        case .length: return .integer(length)
        case .index: return .integer(index + 1)
        case .index0: return .integer(index)
        case .rindex: return .integer(length - index)
        case .rindex0: return .integer(length - index - 1)
        case .first: return .boolean(index == 0)
        case .last: return .boolean(index == length - 1)
        default: break
        }
        guard let columns else {
            switch name {
            case .name: return .text(self.name)
            case .parentloop: return parent.map { .loop($0) } ?? .null
            default: return .null
            }
        }
        switch name {
        case .row: return .integer(index / columns + 1)
        case .col: return .integer(index % columns + 1)
        case .col0: return .integer(index % columns)
        case .col_first: return .boolean(index % columns == 0)
        case .col_last: return .boolean(index % columns == columns - 1)
        default: return .null
        }
    }
}

/// Names of members that values have by themselves.
enum KnownName: String {
    case size, first, last
    case length, index, index0, rindex, rindex0, name, parentloop
    case row, col, col0, col_first, col_last
}

/// The name of a member as a template writes it.
struct Name: BitwiseCopyable {
    let key: Key
    let known: KnownName?

    init(_ text: Text) {
        key = Key(text)
        known = KnownName(rawValue: text.string)
    }
}
