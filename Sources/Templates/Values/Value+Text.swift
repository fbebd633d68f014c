import Vocabulary

extension Value {
    var isTruthy: Bool {
        switch self {
        case .null, .boolean(false): false
        default: true
        }
    }

    var isNull: Bool { if case .null = self { true } else { false } }

    /// The value as a template prints it.
    var text: String {
        switch self {
        case .text(let text), .markup(let text): text
        case .null, .empty, .blank: ""
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .decimal(let value): Value.text(of: value)
        case .huge(let value): value.description
        case .list(let values): values.map(\.text).joined()
        case .record: inspected
        case .range(let first, let last): "\(first)..\(last)"
        case .loop(let loop): loop.columns == nil ? "Liquid::ForloopDrop" : "Liquid::TablerowloopDrop"
        }
    }

    /// The value as a filter of texts sees it: a list in brackets, where printing it would leave only its elements.
    var written: String { if case .list = self { inspected } else { text } }

    /// As Ruby prints what stands inside a record or a list.
    private var inspected: String {
        switch self {
        case .text(let text), .markup(let text): Value.quoted(text)
        case .null: "nil"
        case .list(let values): "[" + values.map(\.inspected).joined(separator: ", ") + "]"
        case .record(let record): "{" + zip(record.keys, record.values).map { Value.quoted($0) + "=>" + $1.inspected }.joined(separator: ", ") + "}"
        default: text
        }
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    /// As Ruby's `Float#to_s`: with a point always, and with an exponent from 10^16 on and below 10^-4.
    static func text(of value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity" }
        let text = value.description
        guard let mark = text.utf8.firstIndex(of: 0x65) else {
            guard abs(value) >= 1e16 else { return text }
            var digits = Array(text.utf8.prefix { $0 != 0x2e })
            let sign = digits.first == 0x2d ? "-" : ""
            if !sign.isEmpty { digits.removeFirst() }
            let exponent = digits.count - 1
            while digits.count > 2, digits.last == 0x30 { digits.removeLast() }
            return sign + String(decoding: digits[..<1], as: UTF8.self) + "." + String(decoding: digits[1...], as: UTF8.self) + "e+\(exponent)"
        }
        return text[..<mark].utf8.contains(0x2e) ? text : text[..<mark] + ".0" + text[mark...]
    }

    /// Where the value is compared with the word `empty`.
    var isEmpty: Bool {
        switch self {
        case .text(let text), .markup(let text): text.isEmpty
        case .list(let values): values.isEmpty
        case .record(let record): record.count == 0
        default: false
        }
    }

    /// Where the value is compared with the word `blank`.
    var isBlank: Bool {
        switch self {
        case .null, .boolean(false): true
        case .text(let text), .markup(let text): text.utf8.allSatisfy(Ascii.isBlank)
        default: isEmpty
        }
    }

    static func areEqual(_ a: Value, _ b: Value) -> Bool {
        switch (a, b) {
        case (.empty, .empty), (.blank, .blank): return true
        case (.empty, .blank), (.blank, .empty): return false
        case (.empty, let other), (let other, .empty): return other.isEmpty
        case (.blank, let other), (let other, .blank): return other.isBlank
        case (.null, .null): return true
        case (.boolean(let x), .boolean(let y)): return x == y
        case (.integer(let x), .integer(let y)): return x == y
        case (.integer, .decimal), (.decimal, .integer), (.decimal, .decimal), (.huge, .huge): return Number.isEqual(Number(a), Number(b))
        case (.text(let x), .text(let y)), (.text(let x), .markup(let y)), (.markup(let x), .text(let y)), (.markup(let x), .markup(let y)):
            // Texts that look alike but are written with other code points are not the same text.
            return x.utf8.count == y.utf8.count && x == y
        case (.list(let x), .list(let y)): return x.count == y.count && zip(x, y).allSatisfy(areEqual)
        case (.record(let x), .record(let y)):
            return x.count == y.count && zip(x.keys, x.values).allSatisfy { key, value in y[key].map { areEqual(value, $0) } ?? false }
        case (.range(let x, let z), .range(let y, let w)): return x == y && z == w
        case (.loop(let x), .loop(let y)): return x === y
        default: return false
        }
    }

    /// What the value is called in an error.
    var kindName: String {
        switch self {
        case .null: "nil"
        case .boolean: "a boolean"
        case .integer, .decimal, .huge: "a number"
        case .text, .markup: "a text"
        case .list: "a list"
        case .record: "an object"
        case .range: "a range"
        case .empty, .blank: "a keyword"
        case .loop: "a loop"
        }
    }

    /// Whether `a` comes before `b`; nil where they cannot be compared at all.
    static func precedes(_ a: Value, _ b: Value) -> Bool? {
        switch (a, b) {
        case (.integer, .integer), (.integer, .decimal), (.decimal, .integer), (.decimal, .decimal), (.huge, .huge), (.huge, .integer), (.integer, .huge), (.huge, .decimal), (.decimal, .huge):
            return Number.isLess(Number(a), Number(b))
        case (.text(let x), .text(let y)), (.text(let x), .markup(let y)), (.markup(let x), .text(let y)), (.markup(let x), .markup(let y)):
            return x.utf8.lexicographicallyPrecedes(y.utf8)
        case (.list(let x), .list(let y)):
            for (first, second) in zip(x, y) {
                guard let isLess = precedes(first, second), let isMore = precedes(second, first) else { return nil }
                if isLess || isMore { return isLess }
            }
            return x.count < y.count
        default: return nil
        }
    }

    /// A whole number that is written as one; nil for fractions and for other texts.
    var wholeNumber: Int? {
        switch self {
        case .integer(let value): value
        case .text(let text), .markup(let text): Ascii.isNumber(Ascii.trimmed(text), withPoint: false) ? Int(Ascii.trimmed(text)) : nil
        default: nil
        }
    }

    /// The whole number that any value begins with, as Ruby's `to_i`.
    var leadingInteger: Int {
        switch Number(self) {
        case .whole(let value): value
        case .fraction(let value): Int(exactly: value.rounded(.towardZero)) ?? 0
        case .huge: 0
        }
    }
}
