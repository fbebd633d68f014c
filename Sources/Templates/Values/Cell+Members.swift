extension Cell {
    /// `value.name`. `size`, `first` and `last` ask the value itself where it has no member of that name.
    func member(_ name: Name, _ arena: inout Arena) -> Cell {
        switch self {
        case .record(let record):
            if let value = record.value.find(name.key) { return value }
            switch name.known {
            case .size: return .integer(record.value.count)
            case .first: return record.value.count > 0 ? record.value.pair(0, &arena) : .null
            default: return .null
            }
        case .loop(let loop): return loop.value[name.known]
        default: return name.known.map(part) ?? .null
        }
    }

    /// `size`, `first` and `last` of what has elements or letters.
    func part(_ name: KnownName) -> Cell {
        switch (self, name) {
        case (.list(let values), .size): .integer(values.count)
        case (.list(let values), .first): values.first ?? .null
        case (.list(let values), .last): values.last ?? .null
        case (.range(let first, let last), .size): .integer(Cell.count(first, last))
        case (.range(let first, _), .first): .integer(first)
        case (.range(_, let last), .last): .integer(last)
        case (.text(let text), .size), (.markup(let text), .size): .integer(text.scalarCount)
        case (.text(let text), .first), (.markup(let text), .first): text.isEmpty ? .null : .text(text.prefix(scalars: 1))
        case (.text(let text), .last), (.markup(let text), .last): text.isEmpty ? .null : .text(text.lastScalar)
        default: .null
        }
    }

    /// `value[index]`.
    func element(_ index: Cell) -> Cell {
        switch (self, index) {
        case (.list(let values), .integer(let place)):
            let index = place < 0 ? place + values.count : place
            return index >= 0 && index < values.count ? values[index] : .null
        case (.record(let record), .text(let key)), (.record(let record), .markup(let key)): return record.value.find(Key(key)) ?? .null
        case (.loop(let loop), .text(let key)): return loop.value[KnownName(rawValue: key.string)]
        default: return .null
        }
    }

    /// The whole numbers from one value to another, whatever they are.
    static func range(from first: Cell, to last: Cell) -> Cell { .range(first.leadingInteger, last.leadingInteger) }

    /// How many numbers a range has; a range that is longer than a number can say is cut.
    static func count(_ first: Int, _ last: Int) -> Int {
        guard last >= first else { return 0 }
        let (difference, isOver) = last.subtractingReportingOverflow(first)
        return isOver || difference == .max ? .max : difference + 1
    }

    var isOrdered: Bool {
        switch self {
        case .integer, .decimal, .huge, .text, .markup: true
        default: false
        }
    }

    func contains(_ other: Cell) -> Bool {
        guard isTruthy, other.isTruthy else { return false }
        switch self {
        case .text(let text), .markup(let text):
            if case .text(let part) = other { return text.contains(part) }
            var part = Output()
            other.print(into: &part)
            return Ascii.find(part.bytes[...], in: text) != nil
        case .list(let values): return values.contains { Cell.areEqual($0, other) }
        case .record(let record): if case .text(let key) = other { return record.value.find(Key(key)) != nil } else { return false }
        case .range(let first, let last): if case .integer(let value) = other { return first <= value && value <= last } else { return false }
        default: return false
        }
    }
}

extension Members {
    /// The member at a place as Liquid walks it: a list of key and value.
    func pair(_ index: Int, _ arena: inout Arena) -> Cell {
        .list(arena.make(upTo: 2) {
            $0.append(.text(list[index].key.text))
            $0.append(list[index].value)
        })
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
