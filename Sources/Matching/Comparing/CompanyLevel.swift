/// How two different names of companies relate: 2 a slip or the same words in another order, 3 one within the other, 4 alike, 5 different.
enum CompanyLevel {
    static let different = 5

    static func of(_ table: TextTable, _ a: UInt32, _ b: UInt32) -> Int {
        if PlaceLevel.isNear(table, a, b) || haveSameWords(table, a, b) { return 2 }
        if PlaceLevel.contains(table, a, b) { return 3 }
        let (x, y) = (table.range(a), table.range(b))
        let span = table.bytes.span
        let p = span.extracting(x)
        let q = span.extracting(y)
        return Similarity.jaroWinkler(p, q) >= 0.88 ? 4 : different
    }

    private static func haveSameWords(_ table: TextTable, _ a: UInt32, _ b: UInt32) -> Bool {
        let (x, y) = (table.range(a), table.range(b))
        // Blanks in other places are the usual difference: "Data Works", "DataWorks".
        let (p, q) = (table.bytes[x].filter { $0 != 0x20 }, table.bytes[y].filter { $0 != 0x20 })
        guard p.count == q.count else { return false }
        if p == q { return true }
        func words(_ range: Range<Int>) -> [[UInt8]] { table.bytes[range].split(separator: 0x20).map { Array($0) }.sorted { $0.lexicographicallyPrecedes($1) } }
        let first = words(x)
        return first.count > 1 && first == words(y)
    }
}
