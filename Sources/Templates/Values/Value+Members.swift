extension Value {
    /// `value.key`. `size`, `first` and `last` ask the value itself where it has no member of that name.
    func member(_ key: String) -> Value {
        switch self {
        case .record(let record):
            if let value = record[key] { return value }
            switch key {
            case "size": return .integer(record.count)
            case "first": return record.count > 0 ? record.pair(0) : .null
            default: return .null
            }
        case .list(let values):
            switch key {
            case "size": return .integer(values.count)
            case "first": return values.first ?? .null
            case "last": return values.last ?? .null
            default: return .null
            }
        case .range(let first, let last):
            switch key {
            case "size": return .integer(Value.count(first, last))
            case "first": return .integer(first)
            case "last": return .integer(last)
            default: return .null
            }
        case .text(let text), .markup(let text):
            switch key {
            case "size": return .integer(text.unicodeScalars.count)
            case "first": return text.unicodeScalars.first.map { .text(String($0)) } ?? .null
            case "last": return text.unicodeScalars.last.map { .text(String($0)) } ?? .null
            default: return .null
            }
        case .loop(let loop): return loop[key]
        default: return .null
        }
    }

    /// `value[index]`.
    func element(_ index: Value) -> Value {
        switch (self, index) {
        case (.list(let values), .integer(let place)):
            let index = place < 0 ? place + values.count : place
            return values.indices.contains(index) ? values[index] : .null
        case (.record(let record), .text(let key)), (.record(let record), .markup(let key)): return record[key] ?? .null
        case (.loop(let loop), .text(let key)): return loop[key]
        default: return .null
        }
    }

    /// The whole numbers from one value to another, whatever they are; nil where there is none at one end.
    static func range(from first: Value, to last: Value) -> Value? { .range(first.leadingInteger, last.leadingInteger) }

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

    func contains(_ other: Value) -> Bool {
        guard isTruthy, other.isTruthy else { return false }
        switch self {
        case .text(let text), .markup(let text): return Ascii.find(Array(other.text.utf8)[...], in: Array(text.utf8)) != nil
        case .list(let values): return values.contains { Value.areEqual($0, other) }
        case .record(let record): if case .text(let key) = other { return record[key] != nil } else { return false }
        case .range(let first, let last): if case .integer(let value) = other { return first <= value && value <= last } else { return false }
        default: return false
        }
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
