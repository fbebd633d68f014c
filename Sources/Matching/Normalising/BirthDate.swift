/// A date of birth as its digits, year × 10000 + month × 100 + day; 0 where a part is missing.
///
/// What is written cannot always be a date (month 84): its digits stay, since one of them is probably a slip.
public struct BirthDate: Sendable, Hashable {
    public let packed: Int32

    public init?(year: Int, month: Int = 0, day: Int = 0) {
        guard (1...9999).contains(year), (0...99).contains(month), (0...99).contains(day) else { return nil }
        packed = Int32(year * 10_000 + month * 100 + day)
    }

    public var year: Int { Int(packed) / 10_000 }
    public var month: Int { Int(packed) / 100 % 100 }
    public var day: Int { Int(packed) % 100 }

    /// Which of two numbers comes first where both could be the day.
    public enum Order: Sendable { case dayFirst, monthFirst }

    /// Reads ISO dates, eight digits, dates with points, slashes or hyphens in either order, and months by name in English, German, Spanish and Turkish.
    public init?(_ text: String, order: Order = .dayFirst) { self.init(Array(text.utf8), order: order) }

    init?(_ text: [UInt8], order: Order) {
        var numbers: [(value: Int, digits: Int)] = []
        var month = 0
        var at = 0
        while at < text.count {
            let byte = text[at]
            if (0x30...0x39).contains(byte) {
                let begin = at
                var value = 0
                while at < text.count, (0x30...0x39).contains(text[at]) {
                    if at - begin < 9 { value = value * 10 + Int(text[at] - 0x30) }
                    at += 1
                }
                // A time of day behind the date says nothing.
                if at < text.count, text[at] == 0x3a { break }
                numbers.append((value, at - begin))
            } else if byte >= 0x80 || (byte | 0x20) &- 0x61 < 26 {
                let begin = at
                while at < text.count, text[at] >= 0x80 || (text[at] | 0x20) &- 0x61 < 26 { at += 1 }
                if let named = BirthDate.month(named: PlainText.of(text[begin..<at])) { month = named }
            } else {
                at += 1
            }
        }
        guard let read = BirthDate.arrange(numbers, month, order) else { return nil }
        self = read
    }

    private static func arrange(_ numbers: [(value: Int, digits: Int)], _ month: Int, _ order: Order) -> BirthDate? {
        guard let first = numbers.first else { return nil }
        if month > 0 {
            if numbers.count == 1 { return BirthDate(year: fullYear(first), month: month) }
            return first.digits == 4 ? BirthDate(year: first.value, month: month, day: numbers[1].value) : BirthDate(year: fullYear(numbers[1]), month: month, day: first.value)
        }
        if numbers.count == 1 {
            if first.digits == 8 { return eightDigits(first.value, order) }
            return first.digits == 4 ? BirthDate(year: first.value) : nil
        }
        if first.digits == 4 { return BirthDate(year: first.value, month: numbers[1].value, day: numbers.count > 2 ? numbers[2].value : 0) }
        if numbers.count == 2 { return numbers[1].digits == 4 ? BirthDate(year: numbers[1].value, month: first.value) : nil }
        let (a, b, year) = (first.value, numbers[1].value, fullYear(numbers[2]))
        let dayFirst = a > 12 ? true : b > 12 ? false : order == .dayFirst
        return dayFirst ? BirthDate(year: year, month: b, day: a) : BirthDate(year: year, month: a, day: b)
    }

    private static func eightDigits(_ value: Int, _ order: Order) -> BirthDate? {
        if (1000...2999).contains(value / 10_000), value / 100 % 100 <= 12 || !(1900...2099).contains(value % 10_000) {
            return BirthDate(year: value / 10_000, month: value / 100 % 100, day: value % 100)
        }
        let (a, b) = (value / 1_000_000, value / 10_000 % 100)
        return order == .dayFirst ? BirthDate(year: value % 10_000, month: b, day: a) : BirthDate(year: value % 10_000, month: a, day: b)
    }

    /// Two digits are a year of the hundred that ends in 2029.
    private static func fullYear(_ number: (value: Int, digits: Int)) -> Int {
        number.digits > 2 ? number.value : number.value < 30 ? 2000 + number.value : 1900 + number.value
    }

    private static func month(named name: [UInt8]) -> Int? {
        guard name.count >= 3 else { return nil }
        let text = String(decoding: name, as: UTF8.self)
        return months.first { text.hasPrefix($0.0) }?.1
    }
    private static let months: [(String, Int)] = [
        ("jan", 1), ("ene", 1), ("oca", 1), ("feb", 2), ("sub", 2), ("mar", 3), ("maerz", 3), ("mrz", 3), ("apr", 4), ("abr", 4), ("nis", 4), ("may", 5), ("mai", 5), ("jun", 6), ("haz", 6),
        ("jul", 7), ("tem", 7), ("aug", 8), ("ago", 8), ("sep", 9), ("set", 9), ("eyl", 9), ("oct", 10), ("okt", 10), ("eki", 10), ("nov", 11), ("kas", 11), ("dec", 12), ("dez", 12),
        ("dic", 12), ("ara", 12),
    ]

    /// Which order `samples` prove: by how many have a number above 12 in the first place and in the second; days first where neither is seen more.
    static func order(of samples: [[UInt8]]) -> Order {
        var (dayFirst, monthFirst) = (0, 0)
        for text in samples {
            let parts = text.split(whereSeparator: { !(0x30...0x39).contains($0) })
            guard parts.count >= 3, parts[0].count <= 2, parts[1].count <= 2, let a = Int(String(decoding: parts[0], as: UTF8.self)), let b = Int(String(decoding: parts[1], as: UTF8.self)) else { continue }
            if a > 12 { dayFirst += 1 }
            if b > 12 { monthFirst += 1 }
        }
        return monthFirst > dayFirst ? .monthFirst : .dayFirst
    }
}
