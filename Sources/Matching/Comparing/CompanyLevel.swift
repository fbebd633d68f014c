/// How two different names of companies relate: 2 a slip or the same words in another order, 3 one within the other, 4 alike, 5 different.
enum CompanyLevel {
    static let different = 5

    static func of(_ table: TextTable, _ a: UInt32, _ b: UInt32) -> Int {
        if PlaceLevel.isNear(table, a, b) || haveSameWords(table, a, b) { return 2 }
        if PlaceLevel.contains(table, a, b) { return 3 }
        return haveLikeWords(table, a, b) ? 4 : different
    }

    /// Whether each word of the shorter name is like one of the longer: "Wren Foods" and "Wren Travel" have one word in common and are two companies of one group.
    private static func haveLikeWords(_ table: TextTable, _ a: UInt32, _ b: UInt32) -> Bool {
        func words(_ code: UInt32) -> [[UInt8]] { table.bytes[table.range(code)].split(separator: 0x20).prefix(wordsMaximum).map { Array($0) } }
        var (short, long) = (words(a), words(b))
        if short.count > long.count { swap(&short, &long) }
        return !short.isEmpty && short.allSatisfy { word in long.contains { Similarity.jaroWinkler(word, $0) >= 0.88 } }
    }
    private static let wordsMaximum = 8

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
