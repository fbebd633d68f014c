/// A decimal of at most 15 digits with few of them behind the point, as prices are: what `Decimal` does, at a tenth of the time.
struct ShortDecimal {
    let coefficient: Int64
    let scale: Int

    private static let scaleMaximum = 6
    /// Below it, a double names one decimal of this many digits and no other.
    private static let exactMaximum: Double = 1e15
    private static let powers: [Int64] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000, 1_000_000_000_000]

    init(_ value: Int) { (coefficient, scale) = (Int64(value), 0) }

    /// Nil for what needs more digits.
    init?(_ value: Double) {
        var scale = 0
        while scale <= ShortDecimal.scaleMaximum {
            let power = Double(ShortDecimal.powers[scale])
            let candidate = (value * power).rounded()
            guard abs(candidate) < ShortDecimal.exactMaximum else { return nil }
            // One rounded division of two exact numbers: equal only where the decimal is what the double is written as.
            if candidate / power == value {
                // -0.0 is written with its sign, which no whole number keeps.
                if candidate == 0, value.sign == .minus { return nil }
                (coefficient, self.scale) = (Int64(candidate), scale)
                return
            }
            scale += 1
        }
        return nil
    }

    init?(_ number: Number) {
        switch number {
        case .whole(let value): self.init(value)
        case .fraction(let value): self.init(value)
        case .huge: return nil
        }
    }

    private init?(_ coefficient: Int64, scale: Int) {
        guard coefficient.magnitude < 1 << 53 else { return nil }
        (self.coefficient, self.scale) = (coefficient, scale)
    }

    var double: Double { Double(coefficient) / Double(ShortDecimal.powers[scale]) }

    static func sum(_ a: ShortDecimal, _ b: ShortDecimal, negated: Bool = false) -> ShortDecimal? {
        let scale = max(a.scale, b.scale)
        let (x, isOver) = a.coefficient.multipliedReportingOverflow(by: powers[scale - a.scale])
        let (y, isOver2) = b.coefficient.multipliedReportingOverflow(by: powers[scale - b.scale])
        guard !isOver, !isOver2 else { return nil }
        let (value, isOver3) = negated ? x.subtractingReportingOverflow(y) : x.addingReportingOverflow(y)
        return isOver3 ? nil : ShortDecimal(value, scale: scale)
    }

    static func product(_ a: ShortDecimal, _ b: ShortDecimal) -> ShortDecimal? {
        let (value, isOver) = a.coefficient.multipliedReportingOverflow(by: b.coefficient)
        return isOver ? nil : ShortDecimal(value, scale: a.scale + b.scale)
    }

    /// Rounded to so many places, halves away from zero.
    func rounded(_ rounding: Decimal.Rounding, places: Int) -> ShortDecimal {
        guard scale > places, places >= 0 else { return self }
        let divisor = ShortDecimal.powers[scale - places]
        let (quotient, rest) = coefficient.quotientAndRemainder(dividingBy: divisor)
        var whole = quotient
        switch rounding {
        case .down: if rest < 0 { whole -= 1 }
        case .up: if rest > 0 { whole += 1 }
        case .nearest: if rest.magnitude >= divisor.magnitude - rest.magnitude { whole += coefficient < 0 ? -1 : 1 }
        }
        return ShortDecimal(whole, scale: places) ?? self
    }

    /// As Ruby prints it, with at least one digit behind the point.
    func append(to out: inout Output) {
        if coefficient < 0 { out.append(0x2d) }
        let magnitude = coefficient.magnitude
        let divisor = UInt64(ShortDecimal.powers[scale])
        out.append(digits: magnitude / divisor)
        out.append(0x2e)
        out.append(digits: magnitude % divisor, width: max(1, scale))
    }
}
