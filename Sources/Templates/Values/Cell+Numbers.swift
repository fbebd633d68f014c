import Vocabulary

/// A decimal number of at most 38 digits: `coefficient` × 10^-`scale`.
struct Decimal {
    var coefficient: Int128
    var scale: Int

    /// The shortest decimal that names this double; nil for what is not finite or too long.
    init?(_ value: Double) {
        guard value.isFinite else { return nil }
        self.init(text: value.description)
    }

    init(_ value: Int) { (coefficient, scale) = (Int128(value), 0) }

    init(coefficient: Int128, scale: Int) { (self.coefficient, self.scale) = (coefficient, scale) }

    /// Digits with at most one point, and an exponent; nil for anything else and for more than 36 digits.
    init?(text: String) {
        var coefficient: Int128 = 0
        var (scale, digits, exponent) = (0, 0, 0)
        var (isNegative, seenPoint) = (false, false)
        var bytes = text.utf8.makeIterator()
        var next = bytes.next()
        if next == 0x2d {
            isNegative = true
            next = bytes.next()
        }
        while let byte = next {
            if byte >= 0x30, byte <= 0x39 {
                guard digits < 36 else { return nil }
                coefficient = coefficient * 10 + Int128(byte - 0x30)
                if coefficient != 0 { digits += 1 }
                if seenPoint { scale += 1 }
            } else if byte == 0x2e, !seenPoint {
                seenPoint = true
            } else { break }
            next = bytes.next()
        }
        if let byte = next {
            guard byte | 0x20 == 0x65 else { return nil }
            var rest = ""
            while let byte = bytes.next() { rest.unicodeScalars.append(Unicode.Scalar(byte)) }
            guard let value = Int(rest), abs(value) < 400 else { return nil }
            exponent = value
        }
        scale -= exponent
        if scale < 0 {
            guard digits - scale <= 36 else { return nil }
            while scale < 0 {
                coefficient *= 10
                scale += 1
            }
        }
        guard scale < 400 else { return nil }
        self.coefficient = isNegative ? -coefficient : coefficient
        self.scale = scale
    }

    /// Rounded to the nearest double.
    var double: Double {
        // Both are exact below 2^53 and 10^22, so that one division rounds once.
        if scale <= 22, coefficient.magnitude < 1 << 53 { return Double(coefficient) / Decimal.powers[scale] }
        return Double("\(coefficient)e\(-scale)") ?? 0
    }

    private static let powers: [Double] = (0...22).map { Double("1e\($0)") ?? 1 }

    private static func power(_ exponent: Int) -> Int128? {
        guard exponent <= 37 else { return nil }
        return (0..<exponent).reduce(into: 1) { value, _ in value *= 10 }
    }

    private static func aligned(_ a: Decimal, _ b: Decimal) -> (Int128, Int128, scale: Int)? {
        let scale = max(a.scale, b.scale)
        guard let up = power(scale - a.scale), let down = power(scale - b.scale) else { return nil }
        let (x, isOver) = a.coefficient.multipliedReportingOverflow(by: up)
        let (y, isOver2) = b.coefficient.multipliedReportingOverflow(by: down)
        return isOver || isOver2 ? nil : (x, y, scale)
    }

    static func sum(_ a: Decimal, _ b: Decimal) -> Decimal? {
        guard let (x, y, scale) = aligned(a, b) else { return nil }
        let (value, isOver) = x.addingReportingOverflow(y)
        return isOver ? nil : Decimal(coefficient: value, scale: scale)
    }

    static func product(_ a: Decimal, _ b: Decimal) -> Decimal? {
        let (value, isOver) = a.coefficient.multipliedReportingOverflow(by: b.coefficient)
        return isOver ? nil : Decimal(coefficient: value, scale: a.scale + b.scale)
    }

    /// To at least 18 significant digits, which is more than a double holds.
    static func quotient(_ a: Decimal, _ b: Decimal) -> Decimal? {
        guard b.coefficient != 0 else { return nil }
        var (numerator, scale) = (a.coefficient, a.scale - b.scale)
        while numerator != 0, numerator.magnitude < UInt128(Int128.max) / 10 {
            numerator *= 10
            scale += 1
        }
        let value = numerator / b.coefficient
        guard value.magnitude >= 1_000_000_000_000_000_000 || numerator == 0 || numerator % b.coefficient == 0 else { return nil }
        if numerator == 0 { return Decimal(coefficient: 0, scale: 0) }
        guard scale >= 0 else { return power(-scale).flatMap { product(Decimal(coefficient: value, scale: 0), Decimal(coefficient: $0, scale: 0)) } }
        return Decimal(coefficient: value, scale: scale)
    }

    /// With the sign of the divisor, as in Ruby.
    static func remainder(_ a: Decimal, _ b: Decimal) -> Decimal? {
        guard let (x, y, scale) = aligned(a, b), y != 0 else { return nil }
        let rest = x % y
        return Decimal(coefficient: rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest, scale: scale)
    }

    enum Rounding { case down, up, nearest }

    /// Rounded to so many places behind the point; halves go away from zero.
    func rounded(_ rounding: Rounding, places: Int) -> Decimal {
        guard scale > places else { return self }
        guard let divisor = Decimal.power(scale - places) else { return Decimal(coefficient: 0, scale: max(0, places)) }
        let (quotient, rest) = coefficient.quotientAndRemainder(dividingBy: divisor)
        var whole = quotient
        switch rounding {
        case .down: if rest < 0 { whole -= 1 }
        case .up: if rest > 0 { whole += 1 }
        case .nearest: if rest.magnitude >= divisor.magnitude - rest.magnitude { whole += coefficient < 0 ? -1 : 1 }
        }
        if places < 0, let power = Decimal.power(-places) { return Decimal(coefficient: whole * power, scale: 0) }
        return Decimal(coefficient: whole, scale: places)
    }
}

/// A number as filters compute with it.
enum Number {
    case whole(Int)
    case fraction(Double)
    /// By its digits.
    case huge(Text)

    /// What Liquid takes any value for: a text for the number that it begins with, everything else for 0.
    init(_ value: Cell) {
        switch value {
        case .integer(let value): self = .whole(value)
        case .decimal(let value): self = .fraction(value)
        case .huge(let value): self = .huge(value)
        case .text(let text), .markup(let text): self = Number(text: text)
        default: self = .whole(0)
        }
    }

    private init(text: Text) {
        let trimmed = text.trimmed()
        if Ascii.isNumber(trimmed, withPoint: true) {
            self = .fraction(Double(trimmed.string) ?? 0)
            return
        }
        let sign: UInt8? = trimmed.first == 0x2d || trimmed.first == 0x2b ? trimmed.first : nil
        let start = sign == nil ? 0 : 1
        var (end, value, isOver, isSpaced) = (start, 0, false, false)
        func isDigit(_ index: Int) -> Bool { index < trimmed.count && trimmed[index] >= 0x30 && trimmed[index] <= 0x39 }
        while isDigit(end) || end > start && end < trimmed.count && trimmed[end] == 0x5f && isDigit(end + 1) {
            // One underscore between two digits is part of a number, as Ruby's `to_i` has it.
            if trimmed[end] == 0x5f { (end, isSpaced) = (end + 1, true) }
            let digit = Int(trimmed[end] - 0x30)
            let (tens, isOver1) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOver2) = sign == 0x2d ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
            isOver = isOver || isOver1 || isOver2
            value = sum
            end += 1
        }
        let digits = trimmed.cut((sign == 0x2b ? 1 : 0)..<end)
        self = !isOver ? .whole(value) : isSpaced ? .fraction(Double(digits.string.filter { $0 != "_" }) ?? 0) : .huge(digits)
    }

    var isZero: Bool {
        switch self {
        case .whole(let value): value == 0
        case .fraction(let value): value == 0
        case .huge: false
        }
    }

    var double: Double {
        switch self {
        case .whole(let value): Double(value)
        case .fraction(let value): value
        case .huge: exact?.double ?? 0
        }
    }

    var isWhole: Bool { if case .fraction = self { false } else { true } }

    var exact: ExactNumber? {
        switch self {
        case .whole(let value): ExactNumber(Int64(value))
        case .fraction(let value): value.isFinite ? ExactNumber(json: value.description.utf8) : nil
        case .huge(let digits): ExactNumber(json: digits)
        }
    }

    var decimal: Decimal? {
        switch self {
        case .whole(let value): Decimal(value)
        case .fraction(let value): Decimal(value)
        case .huge(let digits): Decimal(text: digits.string)
        }
    }

    static func isLess(_ a: Number, _ b: Number) -> Bool {
        if case .whole(let x) = a, case .whole(let y) = b { return x < y }
        if case .huge = a, let x = a.exact, let y = b.exact { return x < y }
        if case .huge = b, let x = a.exact, let y = b.exact { return x < y }
        return a.double < b.double
    }
}

extension Cell {
    /// A number as it stands in JSON or in a template.
    init(number text: String, _ arena: inout Arena) {
        if let value = Int(text) { self = .integer(value) } else if !text.utf8.contains(where: { $0 == 0x2e || $0 | 0x20 == 0x65 }), let value = ExactNumber(json: text.utf8) {
            self = .huge(arena.keep(value.plain))
        } else {
            let value = Double(text) ?? 0
            self = .decimal(value.isFinite ? value : value < 0 ? -.greatestFiniteMagnitude : .greatestFiniteMagnitude)
        }
    }

    /// A whole number of any length, as small as it fits.
    init(whole: ExactNumber, _ arena: inout Arena) {
        let (value, isExact) = whole.floor(scale: 0)
        self = isExact ? .integer(Int(value)) : .huge(arena.keep(whole.plain))
    }

    init(whole: Int128, _ arena: inout Arena) {
        if let value = Int(exactly: whole) { self = .integer(value) } else { self = .huge(arena.keep(String(whole))) }
    }

    init(_ number: Number, _ arena: inout Arena) {
        switch number {
        case .whole(let value): self = .integer(value)
        case .fraction(let value): self = .decimal(value)
        // Digits that stood in a text may begin with zeros.
        case .huge: self = .huge(arena.keep(number.exact?.plain ?? "0"))
        }
    }
}

extension ExactNumber {
    /// A whole number with all of its digits.
    var plain: String {
        let parts = description.split(separator: "e")
        guard parts.count == 2, let places = Int(parts[1]), let point = parts[0].firstIndex(of: ".") else { return description }
        let digits = parts[0][parts[0].index(after: point)...]
        return (parts[0].hasPrefix("-") ? "-" : "") + digits + String(repeating: "0", count: max(0, places - digits.utf8.count))
    }
}
