/// A decimal number of any size, exactly as it was written: 0.1 is a tenth, and 2^53 + 1 is not 2^53.
public struct ExactNumber: Sendable, Hashable, Comparable {
    private let isNegative: Bool
    /// Without leading and trailing zeros; none at all is 0.
    private let digits: [UInt8]
    /// The value is 0.d1d2d3… × 10^point.
    private let point: Int

    /// Nil for what is not a JSON number. Exponents beyond ±10^9 are taken for ±10^9.
    public init?(json text: some Sequence<UInt8>) {
        var digits: [UInt8] = []
        var point = 0
        var isNegative = false
        var seenPoint = false
        var count = 0
        var iterator = text.makeIterator()
        var next = iterator.next()
        if next == 0x2d {
            isNegative = true
            next = iterator.next()
        }
        while let byte = next {
            if byte >= 0x30, byte <= 0x39 {
                count += 1
                if !seenPoint, !(digits.isEmpty && byte == 0x30) { point += 1 }
                if seenPoint, digits.isEmpty, byte == 0x30 { point -= 1 } else if !(digits.isEmpty && byte == 0x30) { digits.append(byte - 0x30) }
            } else if byte == 0x2e, !seenPoint {
                seenPoint = true
            } else {
                break
            }
            next = iterator.next()
        }
        guard count > 0 else { return nil }
        if let byte = next {
            guard byte | 0x20 == 0x65 else { return nil }
            next = iterator.next()
            let isSmall = next == 0x2d
            if next == 0x2d || next == 0x2b { next = iterator.next() }
            var exponent = 0
            guard next != nil else { return nil }
            while let byte = next {
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                exponent = min(exponent * 10 + Int(byte - 0x30), 1_000_000_000)
                next = iterator.next()
            }
            point += isSmall ? -exponent : exponent
        }
        while digits.last == 0 { digits.removeLast() }
        self.digits = digits
        self.point = digits.isEmpty ? 0 : point
        self.isNegative = isNegative && !digits.isEmpty
    }

    public init(_ value: Int64) { self.init(value, scale: 0) }

    /// `value` × 10^-scale.
    public init(_ value: Int64, scale: Int) {
        var digits = Array(String(value.magnitude).utf8).map { $0 - 0x30 }
        let length = digits.count
        while digits.last == 0 { digits.removeLast() }
        self.digits = digits
        point = digits.isEmpty ? 0 : length - scale
        isNegative = value < 0
    }

    public static func < (a: ExactNumber, b: ExactNumber) -> Bool {
        if a.isNegative != b.isNegative { return a.isNegative }
        let magnitude = a.compareMagnitude(b)
        return a.isNegative ? magnitude > 0 : magnitude < 0
    }

    private func compareMagnitude(_ other: ExactNumber) -> Int {
        if digits.isEmpty || other.digits.isEmpty { return (digits.isEmpty ? 0 : 1) - (other.digits.isEmpty ? 0 : 1) }
        if point != other.point { return point < other.point ? -1 : 1 }
        for (x, y) in zip(digits, other.digits) where x != y { return x < y ? -1 : 1 }
        return digits.count == other.digits.count ? 0 : digits.count < other.digits.count ? -1 : 1
    }

    /// The exact sum. Numbers whose digits lie more than 4,000 places apart are not aligned: the larger stands for both.
    public static func + (a: ExactNumber, b: ExactNumber) -> ExactNumber {
        if a.digits.isEmpty { return b }
        if b.digits.isEmpty { return a }
        guard abs(a.point - b.point) < 4000, a.digits.count < 4000, b.digits.count < 4000 else { return a.compareMagnitude(b) >= 0 ? a : b }
        let scale = max(a.digits.count - a.point, b.digits.count - b.point)
        let top = max(a.point, b.point) + 1
        func aligned(_ n: ExactNumber) -> [Int] {
            var all = [Int](repeating: 0, count: top + scale)
            for (index, digit) in n.digits.enumerated() { all[top - n.point + index] = Int(digit) }
            return all
        }
        let isSame = a.isNegative == b.isNegative
        let isLarger = a.compareMagnitude(b) >= 0
        let (x, y) = isLarger ? (a, b) : (b, a)
        var out = aligned(x)
        let other = aligned(y)
        for index in out.indices { out[index] += isSame ? other[index] : -other[index] }
        for index in out.indices.reversed() where index > 0 {
            if out[index] > 9 { out[index] -= 10; out[index - 1] += 1 }
            if out[index] < 0 { out[index] += 10; out[index - 1] -= 1 }
        }
        return ExactNumber(isNegative: x.isNegative, digits: out.map { UInt8($0) }, point: top)
    }

    /// The exact product with a whole number.
    public static func * (a: ExactNumber, count: Int) -> ExactNumber {
        guard !a.digits.isEmpty, count != 0 else { return ExactNumber(0) }
        let factor = Array(String(count.magnitude).utf8).map { Int($0 - 0x30) }
        var out = [Int](repeating: 0, count: a.digits.count + factor.count)
        for (i, x) in a.digits.enumerated() { for (j, y) in factor.enumerated() { out[i + j + 1] += Int(x) * y } }
        for index in out.indices.reversed() where index > 0 {
            out[index - 1] += out[index] / 10
            out[index] %= 10
        }
        return ExactNumber(isNegative: a.isNegative != (count < 0), digits: out.map { UInt8($0) }, point: a.point + factor.count)
    }

    /// The exact product. Of numbers with more than 4,000 digits the first 4,000 are taken, so that no pair of them takes long.
    public static func * (a: ExactNumber, b: ExactNumber) -> ExactNumber {
        let (x, y) = (a.digits.prefix(4000), b.digits.prefix(4000))
        guard !x.isEmpty, !y.isEmpty else { return ExactNumber(0) }
        var out = [Int](repeating: 0, count: x.count + y.count)
        for (i, first) in x.enumerated() { for (j, second) in y.enumerated() { out[i + j + 1] += Int(first) * Int(second) } }
        for index in out.indices.reversed() where index > 0 {
            out[index - 1] += out[index] / 10
            out[index] %= 10
        }
        return ExactNumber(isNegative: a.isNegative != b.isNegative, digits: out.map { UInt8($0) }, point: a.point + b.point)
    }

    public static prefix func - (a: ExactNumber) -> ExactNumber { ExactNumber(isNegative: !a.isNegative, digits: a.digits, point: a.point) }

    /// The quotient, rounded half up to 15 significant digits; nil where the divisor is 0. Of longer numbers the first 1,000 digits are taken.
    public func divided(by divisor: ExactNumber) -> ExactNumber? {
        guard !divisor.digits.isEmpty else { return nil }
        guard !digits.isEmpty else { return ExactNumber(0) }
        let other = Array(divisor.digits.prefix(1000))
        var rest = ExactNumber(isNegative: false, digits: Array(digits.prefix(1000)), point: point)
        var quotient: [UInt8] = []
        // The first digit may be 0, so one more is asked for, and one for rounding.
        for place in 0..<17 {
            let step = ExactNumber(isNegative: true, digits: other, point: point - place)
            var digit: UInt8 = 0
            while rest.compareMagnitude(step) >= 0 {
                rest = rest + step
                digit += 1
            }
            quotient.append(digit)
        }
        let kept = quotient[0] == 0 ? 16 : 15
        var isUp = quotient[kept] >= 5
        var rounded = [0] + quotient[..<kept]
        for index in rounded.indices.reversed() where isUp {
            isUp = rounded[index] == 9
            rounded[index] = isUp ? 0 : rounded[index] + 1
        }
        return ExactNumber(isNegative: isNegative != divisor.isNegative, digits: rounded, point: point - divisor.point + 2)
    }

    /// - Parameter digits: may begin and end with zeros.
    private init(isNegative: Bool, digits: [UInt8], point: Int) {
        let leading = digits.prefix { $0 == 0 }.count
        var rest = Array(digits.dropFirst(leading))
        while rest.last == 0 { rest.removeLast() }
        self.digits = rest
        self.point = rest.isEmpty ? 0 : point - leading
        self.isNegative = isNegative && !rest.isEmpty
    }

    /// How many digits stand behind the decimal point.
    public var scale: Int { max(0, digits.count - point) }

    /// The largest whole number of 10^-scale that is not above this number, and whether it is this number; the ends of Int64 stand for what lies beyond.
    public func floor(scale: Int) -> (value: Int64, isExact: Bool) {
        let length = point + scale
        if digits.isEmpty { return (0, true) }
        if length > 19 { return (isNegative ? .min : .max, false) }
        var magnitude: UInt64 = 0
        for index in 0..<max(0, length) {
            let (product, over) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, over2) = product.addingReportingOverflow(index < digits.count ? UInt64(digits[index]) : 0)
            if over || over2 { return (isNegative ? .min : .max, false) }
            magnitude = sum
        }
        let isExact = digits.count <= length
        if isNegative {
            let up = isExact ? magnitude : magnitude + 1
            return up > UInt64(Int64.max) ? (.min, false) : (-Int64(up), isExact)
        }
        return magnitude > UInt64(Int64.max) ? (.max, false) : (Int64(magnitude), isExact)
    }

    /// As Double, rounded: for averages and charts, never for comparing.
    public var double: Double { Double(description) ?? 0 }
}

extension ExactNumber: CustomStringConvertible {
    /// Without exponent where that is at most 40 digits long, else with one.
    public var description: String {
        guard !digits.isEmpty else { return "0" }
        let text = String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
        let sign = isNegative ? "-" : ""
        if point > 0, point <= 40 {
            if digits.count <= point { return sign + text + String(repeating: "0", count: point - digits.count) }
            return sign + text.prefix(point) + "." + text.dropFirst(point)
        }
        if point <= 0, point > -20 { return sign + "0." + String(repeating: "0", count: -point) + text }
        return sign + "0." + text + "e" + String(point)
    }
}
