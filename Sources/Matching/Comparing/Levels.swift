/// How two dates of birth relate: 0 one is missing, 1 the same, 2 day and month in each other's place, 3 one slip, 4 one of them only knows the
/// year, 5 two of three parts agree, 6 two slips, 7 different.
enum BirthLevel {
    static func of(_ a: Int32, _ b: Int32) -> Int {
        guard a != 0, b != 0 else { return 0 }
        if a == b { return 1 }
        let (x, y) = (parts(a), parts(b))
        if x.year == y.year, x.month == y.day, x.day == y.month { return 2 }
        // 1 January is where a calendar opens when only the year is known.
        if x.year == y.year, isYearOnly(x) || isYearOnly(y) { return 4 }
        let slips = slips(a, b)
        if slips <= 1 { return 3 }
        let agreeing = (x.year == y.year ? 1 : 0) + (x.month == y.month ? 1 : 0) + (x.day == y.day ? 1 : 0)
        return agreeing == 2 ? 5 : slips == 2 ? 6 : 7
    }

    private static func parts(_ packed: Int32) -> (year: Int32, month: Int32, day: Int32) { (packed / 10_000, packed / 100 % 100, packed % 100) }
    private static func isYearOnly(_ date: (year: Int32, month: Int32, day: Int32)) -> Bool { date.month <= 1 && date.day <= 1 }

    /// Digits that differ among the eight, two neighbours in each other's place counting once.
    private static func slips(_ a: Int32, _ b: Int32) -> Int {
        var (x, y) = (a, b)
        var count = 0
        var before: (Int32, Int32)?
        for _ in 0..<8 {
            let (p, q) = (x % 10, y % 10)
            if p != q {
                if let last = before, last.0 == q, last.1 == p { before = nil } else {
                    count += 1
                    before = (p, q)
                }
            } else {
                before = nil
            }
            x /= 10
            y /= 10
        }
        return count
    }
}

enum PlaceLevel {
    /// log2 of the chance that two houses have the same number.
    static let houseNumber: Float = -6

    /// 2 for a slip, 3 for the same district, 4 for another; the two are not the same.
    static func postcode(_ table: TextTable, _ a: UInt32, _ b: UInt32) -> Int {
        let (x, y) = (table.range(a), table.range(b))
        let span = table.bytes.span
        let p = span.extracting(x)
        let q = span.extracting(y)
        if min(x.count, y.count) >= 4, Similarity.distance(p, q, maximum: 1) != nil { return 2 }
        let hasLetters = table.bytes[x].contains { $0 >= 0x61 } || table.bytes[y].contains { $0 >= 0x61 }
        // British codes end in three places for the street; others begin with two or three for the district.
        let (n, m) = hasLetters ? (x.count - 3, y.count - 3) : (max(2, x.count - 2), max(2, y.count - 2))
        guard n == m, n > 0, n <= x.count, m <= y.count else { return 4 }
        for index in 0..<n where p[index] != q[index] { return 4 }
        return 3
    }

    static func isNear(_ table: TextTable, _ a: UInt32, _ b: UInt32) -> Bool {
        let (x, y) = (table.range(a), table.range(b))
        guard min(x.count, y.count) >= 4, x.count <= 64, y.count <= 64 else { return false }
        let span = table.bytes.span
        let p = span.extracting(x)
        let q = span.extracting(y)
        if abs(x.count - y.count) <= 2, Similarity.distance(p, q, maximum: max(x.count, y.count) > 7 ? 2 : 1) != nil { return true }
        return Similarity.jaroWinkler(p, q) >= 0.93
    }

    /// Whether one of them is a whole word sequence within the other: "Bristol", "Bristol, City of".
    static func contains(_ table: TextTable, _ a: UInt32, _ b: UInt32) -> Bool {
        var (short, long) = (table.range(a), table.range(b))
        if short.count > long.count { swap(&short, &long) }
        guard short.count >= 4, long.count > short.count else { return false }
        let bytes = table.bytes
        for start in long.lowerBound...(long.upperBound - short.count) {
            guard start == long.lowerBound || bytes[start - 1] == 0x20 else { continue }
            let end = start + short.count
            guard end == long.upperBound || bytes[end] == 0x20 else { continue }
            var isSame = true
            for offset in 0..<short.count where bytes[start + offset] != bytes[short.lowerBound + offset] { isSame = false; break }
            if isSame { return true }
        }
        return false
    }

    /// Whether a name of three letters or more stands somewhere in a part of a text.
    static func holds(_ names: TextTable, _ name: UInt32, _ bytes: [UInt8], _ part: Range<Int>) -> Bool {
        let range = names.range(name)
        guard range.count >= 3, part.count >= range.count else { return false }
        for start in part.lowerBound...(part.upperBound - range.count) {
            var isSame = true
            for offset in 0..<range.count where bytes[start + offset] != names.bytes[range.lowerBound + offset] { isSame = false; break }
            if isSame { return true }
        }
        return false
    }
}
