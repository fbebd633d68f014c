import Foundation
import Segments
import Vocabulary

/// What a test of a value looks at: something that was sent, or something that was measured.
enum SlowValue {
    /// Nothing, or JSON null.
    case missing
    case text(String)
    case number(SlowNumber)
    case boolean(Bool)
    case time(Int64)
    case array([SlowValue])
    case object(JSONText)

    init(_ json: JSONText?) {
        guard let json, !json.isNull else { self = .missing; return }
        if let string = json.string { self = .text(string) }
        else if let boolean = json.boolean { self = .boolean(boolean) }
        else if json.isArray { self = .array(json.elements.map { SlowValue($0) }) }
        else if json.isObject { self = .object(json) }
        else { self = .number(SlowNumber(ExactNumber(json: json.bytes)!)) }
    }

    /// The member at a dotted path.
    static func at(_ path: String, in json: JSONText) -> SlowValue {
        var value: JSONText? = json
        for name in path.split(separator: ".", omittingEmptySubsequences: false) { value = value?[String(name)] }
        return SlowValue(value)
    }

    var isMissing: Bool { if case .missing = self { true } else { false } }
    var isScalar: Bool {
        switch self {
        case .text, .number, .boolean, .time: true
        case .missing, .array, .object: false
        }
    }

    /// The instant that it is, or that it spells.
    var time: Int64? {
        switch self {
        case .time(let ms): ms
        case .text(let text): Timestamp(text)?.milliseconds
        default: nil
        }
    }

    /// The same type and the same value.
    func isSame(as other: SlowValue) -> Bool {
        switch (self, other) {
        case (.text(let a), .text(let b)): Array(a.utf8) == Array(b.utf8)
        case (.number(let a), .number(let b)): SlowNumber.compare(a, b) == 0
        case (.boolean(let a), .boolean(let b)): a == b
        case (.time(let a), .time(let b)): a == b
        default: false
        }
    }

    /// Texts before numbers before booleans; texts in byte order.
    func comesBefore(_ other: SlowValue) -> Bool {
        func rank(_ value: SlowValue) -> Int {
            switch value {
            case .text: 0
            case .number: 1
            default: 2
            }
        }
        switch (self, other) {
        case (.text(let a), .text(let b)): return Array(a.utf8).lexicographicallyPrecedes(Array(b.utf8))
        case (.number(let a), .number(let b)): return SlowNumber.compare(a, b) < 0
        case (.boolean(let a), .boolean(let b)): return !a && b
        default: return rank(self) < rank(other)
        }
    }
}

/// An exact fraction: a decimal number over a whole one, by schoolbook arithmetic on decimal digits.
struct SlowNumber {
    /// Least significant digit first, of the value × 10^scale.
    private var digits: [Int]
    private var isNegative: Bool
    private var scale: Int
    private(set) var divisor = 1

    init(_ number: ExactNumber) {
        var text = number.description
        var exponent = 0
        if let mark = text.firstIndex(of: "e") {
            exponent = Int(text[text.index(after: mark)...])!
            text = String(text[..<mark])
        }
        isNegative = text.hasPrefix("-")
        let parts = text.split(separator: ".")
        digits = parts.joined().compactMap(\.wholeNumberValue).reversed()
        scale = (parts.count > 1 ? parts[1].count : 0) - exponent
        if scale < 0 {
            digits = Array(repeating: 0, count: -scale) + digits
            scale = 0
        }
    }

    init(_ value: Int) { self.init(ExactNumber(Int64(value))) }

    func divided(by count: Int) -> SlowNumber {
        var result = self
        result.divisor *= count
        return result
    }

    static func + (a: SlowNumber, b: SlowNumber) -> SlowNumber {
        precondition(a.divisor == 1 && b.divisor == 1)
        var (a, b) = aligned(a, b)
        if a.isNegative != b.isNegative {
            if compareDigits(a.digits, b.digits) < 0 { swap(&a, &b) }
            var carry = 0
            for index in a.digits.indices {
                let digit = a.digits[index] - (index < b.digits.count ? b.digits[index] : 0) - carry
                carry = digit < 0 ? 1 : 0
                a.digits[index] = digit + carry * 10
            }
            return a
        }
        var sum: [Int] = []
        var carry = 0
        for index in 0..<max(a.digits.count, b.digits.count) {
            let digit = (index < a.digits.count ? a.digits[index] : 0) + (index < b.digits.count ? b.digits[index] : 0) + carry
            sum.append(digit % 10)
            carry = digit / 10
        }
        if carry > 0 { sum.append(carry) }
        a.digits = sum
        return a
    }

    private func times(_ factor: Int) -> SlowNumber {
        var result = self
        result.divisor = 1
        var carry = 0
        for index in digits.indices {
            let product = digits[index] * factor + carry
            result.digits[index] = product % 10
            carry = product / 10
        }
        while carry > 0 {
            result.digits.append(carry % 10)
            carry /= 10
        }
        return result
    }

    /// Below 0, 0 or above 0, as a is less than b, equal or more.
    static func compare(_ a: SlowNumber, _ b: SlowNumber) -> Int {
        let (x, y) = aligned(a.times(b.divisor), b.times(a.divisor))
        let (isZero, isOtherZero) = (x.digits.allSatisfy { $0 == 0 }, y.digits.allSatisfy { $0 == 0 })
        if isZero, isOtherZero { return 0 }
        let (isBelow, isOtherBelow) = (x.isNegative && !isZero, y.isNegative && !isOtherZero)
        if isBelow != isOtherBelow { return isBelow ? -1 : 1 }
        let magnitude = compareDigits(x.digits, y.digits)
        return isBelow ? -magnitude : magnitude
    }

    private static func aligned(_ a: SlowNumber, _ b: SlowNumber) -> (SlowNumber, SlowNumber) {
        var (a, b) = (a, b)
        let scale = max(a.scale, b.scale)
        a.digits = Array(repeating: 0, count: scale - a.scale) + a.digits
        b.digits = Array(repeating: 0, count: scale - b.scale) + b.digits
        (a.scale, b.scale) = (scale, scale)
        return (a, b)
    }

    private static func compareDigits(_ a: [Int], _ b: [Int]) -> Int {
        for index in (0..<max(a.count, b.count)).reversed() {
            let (x, y) = (index < a.count ? a[index] : 0, index < b.count ? b[index] : 0)
            if x != y { return x < y ? -1 : 1 }
        }
        return 0
    }

    /// Rounded, for comparing what was rounded. Read as a whole: digit by digit, 10^30 would be off by its last bit.
    var approximate: Double { Double(digits.reversed().map(String.init).joined() + "e\(-scale)")! / Double(divisor) * (isNegative ? -1 : 1) }

    /// The whole number that this is; nil for fractions and for what does not fit 64 bits.
    var whole: Int64? {
        // By asking, digit for digit, which whole number it is.
        var magnitude: Int64 = 0
        let size = SlowNumber.compare(self, SlowNumber(0)) < 0 ? SlowNumber.negated(self) : self
        for bit in (0..<63).reversed() {
            let candidate = magnitude | 1 << Int64(bit)
            if SlowNumber.compare(SlowNumber(Int(candidate)), size) <= 0 { magnitude = candidate }
        }
        guard SlowNumber.compare(SlowNumber(Int(magnitude)), size) == 0 else { return nil }
        return SlowNumber.compare(self, SlowNumber(0)) < 0 ? -magnitude : magnitude
    }

    private static func negated(_ number: SlowNumber) -> SlowNumber {
        var number = number
        number.isNegative.toggle()
        return number
    }
}
