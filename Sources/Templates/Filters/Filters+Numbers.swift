import Vocabulary

extension Filters {
    static let numbers: [String: Filter] = [
        "abs": Filter(0) { renderer, value, _ in
            switch Number(value) {
            case .whole(let number): return number == .min ? .integer(.max) : .integer(abs(number))
            case .fraction(let number): return .decimal(abs(number))
            case .huge(let digits): return Cell(.huge(digits.first == 0x2d ? digits.cut(1..<digits.count) : digits), &renderer.arena)
            }
        },
        "at_least": Filter(1) { renderer, value, arguments in
            let (number, bound) = (Number(value), Number(arguments[0]))
            return Number.isLess(number, bound) ? Cell(bound, &renderer.arena) : Cell(number, &renderer.arena)
        },
        "at_most": Filter(1) { renderer, value, arguments in
            let (number, bound) = (Number(value), Number(arguments[0]))
            return Number.isLess(bound, number) ? Cell(bound, &renderer.arena) : Cell(number, &renderer.arena)
        },
        "ceil": Filter(0) { renderer, value, _ in rounded(&renderer, Number(value), .up, places: 0) },
        "floor": Filter(0) { renderer, value, _ in rounded(&renderer, Number(value), .down, places: 0) },
        "round": Filter(0...1) { renderer, value, arguments in
            rounded(&renderer, Number(value), .nearest, places: max(-30, min(30, arguments.first?.leadingInteger ?? 0)))
        },
        "plus": Filter(1) { renderer, value, arguments in
            compute(&renderer, { ShortDecimal.sum($0, $1) }, Number(value), Number(arguments[0]), { $0.addingReportingOverflow($1) }, { $0 + $1 }, Decimal.sum, +)
        },
        "minus": Filter(1) { renderer, value, arguments in
            compute(&renderer, { ShortDecimal.sum($0, $1, negated: true) }, Number(value), Number(arguments[0]), { $0.subtractingReportingOverflow($1) }, { $0 + -$1 },
                { a, b in Decimal.sum(a, Decimal(coefficient: -b.coefficient, scale: b.scale)) }, -)
        },
        "times": Filter(1) { (renderer, value, arguments) throws(TemplateError) in
            // Numbers of many digits take as long as there are pairs of them.
            let (a, b) = (Number(value), Number(arguments[0]))
            if case .huge(let digits) = a { try renderer.spend(digits.count) }
            if case .huge(let digits) = b { try renderer.spend(digits.count) }
            return compute(&renderer, ShortDecimal.product, a, b, { $0.multipliedReportingOverflow(by: $1) }, { $0 * $1 }, Decimal.product, *)
        },
        "divided_by": Filter(1) { (renderer, value, arguments) throws(TemplateError) in
            let (a, b) = (Number(value), Number(arguments[0]))
            if b.isZero { throw .argument("divided_by", "would divide by 0") }
            if case .whole(let x) = a, case .whole(let y) = b { return y == -1 && x == .min ? Cell(whole: -Int128(x), &renderer.arena) : .integer(floorDivision(x, y).quotient) }
            if a.isWhole, b.isWhole, let quotient = try longQuotient(&renderer, a, b) { return quotient }
            guard let x = a.decimal, let y = b.decimal, let quotient = Decimal.quotient(x, y) else { return .decimal(a.double / b.double) }
            if a.isWhole, b.isWhole { return rounded(&renderer, .fraction(quotient.double), .down, places: 0) }
            return .decimal(quotient.double)
        },
        "modulo": Filter(1) { (renderer, value, arguments) throws(TemplateError) in
            let (a, b) = (Number(value), Number(arguments[0]))
            if b.isZero { throw .argument("modulo", "would divide by 0") }
            if case .whole(let x) = a, case .whole(let y) = b { return y == -1 ? .integer(0) : .integer(floorDivision(x, y).rest) }
            guard let x = a.decimal, let y = b.decimal, let rest = Decimal.remainder(x, y) else {
                let rest = a.double.truncatingRemainder(dividingBy: b.double)
                return .decimal(rest != 0 && (rest < 0) != (b.double < 0) ? rest + b.double : rest)
            }
            return a.isWhole && b.isWhole ? Cell(whole: rest.coefficient, &renderer.arena) : .decimal(rest.double)
        },
    ]

    private static func floorDivision(_ a: Int, _ b: Int) -> (quotient: Int, rest: Int) {
        let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
        return rest != 0 && (rest < 0) != (b < 0) ? (quotient - 1, rest + b) : (quotient, rest)
    }

    /// Of whole numbers of any length, by a divisor of at most 37 digits; nil for a longer one.
    private static func longQuotient(_ renderer: inout Renderer, _ a: Number, _ b: Number) throws(TemplateError) -> Cell? {
        guard let digits = a.exact?.plain, let divisor = b.exact.flatMap({ Int128($0.plain) }), divisor.magnitude < UInt128(Int128.max) / 10 else { return nil }
        try renderer.spend(digits.utf8.count)
        let isNegative = digits.hasPrefix("-") != (divisor < 0)
        var (quotient, rest): (String, UInt128) = ("", 0)
        for digit in digits.utf8 where digit != 0x2d {
            rest = rest * 10 + UInt128(digit - 0x30)
            quotient += String(rest / divisor.magnitude)
            rest %= divisor.magnitude
        }
        let text = quotient.drop { $0 == "0" }
        guard var whole = text.isEmpty ? ExactNumber(0) : ExactNumber(json: ((isNegative ? "-" : "") + text).utf8) else { return nil }
        if isNegative, rest != 0 { whole = whole + ExactNumber(-1) }
        return Cell(whole: whole, &renderer.arena)
    }

    /// Whole numbers stay whole, however large; others are computed as decimals, so that 0.1 + 0.2 is 0.3.
    @inline(__always)
    private static func compute(
        _ renderer: inout Renderer, _ short: (ShortDecimal, ShortDecimal) -> ShortDecimal?, _ a: Number, _ b: Number, _ whole: (Int, Int) -> (partialValue: Int, overflow: Bool),
        _ exact: (ExactNumber, ExactNumber) -> ExactNumber, _ decimal: (Decimal, Decimal) -> Decimal?, _ double: (Double, Double) -> Double
    ) -> Cell {
        if case .whole(let x) = a, case .whole(let y) = b {
            let (value, isOver) = whole(x, y)
            if !isOver { return .integer(value) }
        } else if let x = ShortDecimal(a), let y = ShortDecimal(b), let result = short(x, y) { return .decimal(result.double) }
        return computeLong(&renderer, a, b, exact, decimal, double)
    }

    @inline(never)
    private static func computeLong(
        _ renderer: inout Renderer, _ a: Number, _ b: Number, _ exact: (ExactNumber, ExactNumber) -> ExactNumber, _ decimal: (Decimal, Decimal) -> Decimal?, _ double: (Double, Double) -> Double
    ) -> Cell {
        if a.isWhole, b.isWhole, let x = a.exact, let y = b.exact {
            let result = exact(x, y)
            // What no double reaches is no number to compute with: squared again and again, its length would fit nowhere.
            return result.double.isFinite ? Cell(whole: result, &renderer.arena) : .decimal(result < ExactNumber(0) ? -.infinity : .infinity)
        }
        if let x = a.decimal, let y = b.decimal, let result = decimal(x, y) { return .decimal(result.double) }
        return .decimal(double(a.double, b.double))
    }

    private static func rounded(_ renderer: inout Renderer, _ number: Number, _ rounding: Decimal.Rounding, places: Int) -> Cell {
        if number.isWhole, places >= 0 { return Cell(number, &renderer.arena) }
        if places >= 0, case .fraction(let value) = number, let short = ShortDecimal(value)?.rounded(rounding, places: places) {
            return places > 0 ? .decimal(short.double) : .integer(Int(short.double))
        }
        guard let decimal = number.decimal else {
            let value = number.double
            return places > 0 ? .decimal(value) : ExactNumber(json: value.description.utf8).map { Cell(whole: $0, &renderer.arena) } ?? .integer(0)
        }
        let result = decimal.rounded(rounding, places: places)
        if places > 0 { return .decimal(result.double) }
        return Cell(whole: result.scale > 0 ? 0 : result.coefficient, &renderer.arena)
    }

    /// The sum of numbers in a list.
    static func sum(_ renderer: inout Renderer, _ values: [Cell]) -> Cell {
        var total = Cell.integer(0)
        for value in values { total = compute(&renderer, { ShortDecimal.sum($0, $1) }, Number(total), Number(value), { $0.addingReportingOverflow($1) }, { $0 + $1 }, Decimal.sum, +) }
        return total
    }
}
