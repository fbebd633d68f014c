/// How alike two short texts are, over the bytes of their folded form; a letter outside ASCII counts for as many places as it has bytes.
public enum Similarity {
    /// Jaro–Winkler similarity, 0 to 1.
    ///
    /// - Note: Winkler, *String Comparator Metrics* (1990): Jaro's measure, raised by 0.1 for each of the first four places that agree.
    public static func jaroWinkler(_ a: [UInt8], _ b: [UInt8]) -> Double { jaroWinkler(a.span, b.span) }

    static func jaroWinkler(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Double {
        let (n, m) = (a.count, b.count)
        if n == 0 && m == 0 { return 1 }
        // Longer than a machine word is no name; what stands at the beginning decides.
        guard n > 0, m > 0, n <= 64, m <= 64 else { return n == m && equal(a, b) ? 1 : 0 }
        // Letters are taken greedily, so that the order of the two could tell.
        if n > m || n == m && isBehind(a, b) { return ordered(b, a) }
        return ordered(a, b)
    }

    private static func isBehind(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
        for index in a.indices where a[index] != b[index] { return a[index] > b[index] }
        return false
    }

    private static func ordered(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Double {
        let (n, m) = (a.count, b.count)
        let window = max(0, max(n, m) / 2 - 1)
        var (takenA, takenB): (UInt64, UInt64) = (0, 0)
        var matches = 0
        for i in 0..<n {
            let from = max(0, i - window), to = min(m, i + window + 1)
            guard from < to else { continue }
            for j in from..<to where takenB >> UInt64(j) & 1 == 0 && a[i] == b[j] {
                takenA |= 1 << UInt64(i)
                takenB |= 1 << UInt64(j)
                matches += 1
                break
            }
        }
        guard matches > 0 else { return 0 }
        var (halves, rest) = (0, takenB)
        for i in 0..<n where takenA >> UInt64(i) & 1 == 1 {
            let j = rest.trailingZeroBitCount
            rest &= rest - 1
            if a[i] != b[j] { halves += 1 }
        }
        let c = Double(matches)
        let jaro = (c / Double(n) + c / Double(m) + (c - Double(halves) / 2) / c) / 3
        var prefix = 0
        while prefix < min(4, n, m), a[prefix] == b[prefix] { prefix += 1 }
        return jaro + Double(prefix) * 0.1 * (1 - jaro)
    }

    /// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`, each place edited once; nil for more than `maximum`.
    ///
    /// - Note: Damerau's distance in its restricted form (optimal string alignment).
    public static func distance(_ a: [UInt8], _ b: [UInt8], maximum: Int) -> Int? { distance(a.span, b.span, maximum: maximum) }

    static func distance(_ a: Span<UInt8>, _ b: Span<UInt8>, maximum: Int) -> Int? {
        guard abs(a.count - b.count) <= maximum else { return nil }
        // What both begin and end with needs no edit.
        var from = 0
        while from < min(a.count, b.count), a[from] == b[from] { from += 1 }
        var (n, m) = (a.count, b.count)
        while n > from, m > from, a[n - 1] == b[m - 1] { n -= 1; m -= 1 }
        let (rows, columns) = (n - from, m - from)
        if rows == 0 || columns == 0 { return max(rows, columns) <= maximum ? max(rows, columns) : nil }
        if maximum == 1 {
            if rows == 1 && columns == 1 { return 1 }
            return rows == 2 && columns == 2 && a[from] == b[from + 1] && a[from + 1] == b[from] ? 1 : nil
        }
        var before = [Int](repeating: 0, count: columns + 1)
        var previous = Array(0...columns)
        var current = previous
        var leastBefore = 0
        for i in 1...rows {
            current[0] = i
            var least = i
            for j in 1...columns {
                let (x, y) = (a[from + i - 1], b[from + j - 1])
                var best = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (x == y ? 0 : 1))
                if i > 1, j > 1, x == b[from + j - 2], a[from + i - 2] == y { best = min(best, before[j - 2] + 1) }
                current[j] = best
                least = min(least, best)
            }
            // A swap reaches back two rows.
            if least > maximum, leastBefore > maximum { return nil }
            leastBefore = least
            (before, previous, current) = (previous, current, before)
        }
        return previous[columns] <= maximum ? previous[columns] : nil
    }

    private static func equal(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
        for index in a.indices where a[index] != b[index] { return false }
        return true
    }
}
