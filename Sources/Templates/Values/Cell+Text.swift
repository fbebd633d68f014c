import Vocabulary

extension Cell {
    var isTruthy: Bool {
        switch self {
        case .null, .boolean(false): false
        default: true
        }
    }

    var isNull: Bool { if case .null = self { true } else { false } }

    /// Appends the value as a template prints it.
    func print(into out: inout Output) {
        switch self {
        case .text(let text), .markup(let text), .huge(let text): out.append(text)
        case .null, .empty, .blank: break
        case .boolean(let value): out.append(value ? "true" : "false")
        case .integer(let value): Escaping.digits(value, into: &out)
        case .decimal(let value): Escaping.decimal(value, into: &out)
        case .list(let values): for value in values { value.print(into: &out) }
        case .record: inspect(into: &out)
        case .range(let first, let last):
            Escaping.digits(first, into: &out)
            out.append(Text(".."))
            Escaping.digits(last, into: &out)
        case .loop(let loop): out.append(loop.value.columns == nil ? "Liquid::ForloopDrop" : "Liquid::TablerowloopDrop")
        }
    }

    /// Appends the value as a filter of texts sees it: a list in brackets, where printing it would leave only its elements.
    func write(into out: inout Output) {
        if case .list = self { inspect(into: &out) } else { print(into: &out) }
    }

    /// As Ruby prints what stands inside a record or a list.
    private func inspect(into out: inout Output) {
        switch self {
        case .text(let text), .markup(let text): Cell.quote(text, into: &out)
        case .null: out.append(Text("nil"))
        case .list(let values):
            out.append(0x5b)
            for index in 0..<values.count {
                if index > 0 { out.append(Text(", ")) }
                values[index].inspect(into: &out)
            }
            out.append(0x5d)
        case .record(let record):
            out.append(0x7b)
            let members = record.value.list
            for index in 0..<members.count {
                if index > 0 { out.append(Text(", ")) }
                Cell.quote(members[index].key.text, into: &out)
                out.append(Text("=>"))
                members[index].value.inspect(into: &out)
            }
            out.append(0x7d)
        default: print(into: &out)
        }
    }

    private static func quote(_ text: Text, into out: inout Output) {
        out.append(0x22)
        for byte in text {
            switch byte {
            case 0x22, 0x5c:
                out.append(0x5c)
                out.append(byte)
            case 0x0a: out.append(Text("\\n"))
            case 0x0d: out.append(Text("\\r"))
            case 0x09: out.append(Text("\\t"))
            default: out.append(byte)
            }
        }
        out.append(0x22)
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
        case .record(let record): record.value.count == 0
        default: false
        }
    }

    /// Where the value is compared with the word `blank`.
    var isBlank: Bool {
        switch self {
        case .null, .boolean(false): true
        case .text(let text), .markup(let text): text.allSatisfy(Ascii.isBlank)
        default: isEmpty
        }
    }

    static func areEqual(_ a: Cell, _ b: Cell) -> Bool {
        switch (a, b) {
        case (.empty, .empty), (.blank, .blank): return true
        case (.empty, .blank), (.blank, .empty): return false
        case (.empty, let other), (let other, .empty): return other.isEmpty
        case (.blank, let other), (let other, .blank): return other.isBlank
        case (.null, .null): return true
        case (.boolean(let x), .boolean(let y)): return x == y
        case (.integer(let x), .integer(let y)): return x == y
        case (.integer, .decimal), (.decimal, .integer), (.decimal, .decimal): return Number(a).double == Number(b).double
        case (.huge(let x), .huge(let y)): return x.isSame(as: y)
        case (.text(let x), .text(let y)), (.text(let x), .markup(let y)), (.markup(let x), .text(let y)), (.markup(let x), .markup(let y)):
            return x.isSame(as: y)
        case (.list(let x), .list(let y)): return x.count == y.count && zip(x, y).allSatisfy(areEqual)
        case (.record(let x), .record(let y)):
            return x.value.count == y.value.count && x.value.list.allSatisfy { member in y.value.find(member.key).map { areEqual(member.value, $0) } ?? false }
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
    static func precedes(_ a: Cell, _ b: Cell) -> Bool? {
        switch (a, b) {
        case (.integer, .integer), (.integer, .decimal), (.decimal, .integer), (.decimal, .decimal), (.huge, .huge), (.huge, .integer), (.integer, .huge), (.huge, .decimal), (.decimal, .huge):
            return Number.isLess(Number(a), Number(b))
        case (.text(let x), .text(let y)), (.text(let x), .markup(let y)), (.markup(let x), .text(let y)), (.markup(let x), .markup(let y)):
            return x.lexicographicallyPrecedes(y)
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
        case .text(let text), .markup(let text): Ascii.isNumber(text.trimmed(), withPoint: false) ? Int(text.trimmed().string) : nil
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
