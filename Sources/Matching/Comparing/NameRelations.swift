/// How two parts of names relate, by number; what was worked out once is kept.
///
/// One per thread: the memory of answers is not shared.
final class NameRelations {
    private var names: TextTable
    private var groups: [[UInt16]]
    /// Only of names with lower numbers are answers kept.
    private var lasting: UInt32
    /// Answers by the pair's hash: the pair and its two levels.
    private var known: [(pair: UInt64, first: UInt8, last: UInt8)]
    private static let size = 1 << 16

    /// - Parameter groups: the nickname groups of each number in `names`.
    init(_ names: TextTable, groups: [[UInt16]]) {
        (self.names, self.groups) = (names, groups)
        lasting = UInt32(names.count)
        known = [(pair: UInt64, first: UInt8, last: UInt8)](repeating: (0, 0, 0), count: NameRelations.size)
    }

    static func groups(_ names: TextTable) -> [[UInt16]] {
        (0..<UInt32(names.count)).map { Nicknames.shared.groups(of: Array(names.bytes[names.range($0)])) }
    }

    func letGo() { names = TextTable.none }

    /// Takes the table back, with more names than before or fewer.
    func take(_ names: TextTable, isLasting: Bool) {
        self.names = names
        while groups.count > names.count { groups.removeLast() }
        for code in UInt32(groups.count)..<UInt32(max(groups.count, names.count)) { groups.append(Nicknames.shared.groups(of: Array(names.bytes[names.range(code)]))) }
        if isLasting { lasting = UInt32(names.count) }
    }

    func first(_ a: UInt32, _ b: UInt32) -> FirstNameLevel {
        if a == 0 || b == 0 { return .missing }
        return FirstNameLevel(rawValue: both(a, b).first)!
    }
    func last(_ a: UInt32, _ b: UInt32) -> LastNameLevel {
        if a == 0 || b == 0 { return .missing }
        if a == b { return .exact }
        return LastNameLevel(rawValue: both(a, b).last)!
    }

    private func both(_ a: UInt32, _ b: UInt32) -> (first: UInt8, last: UInt8) {
        if max(a, b) >= lasting {
            let answer = compare(a, b)
            return (answer.first.rawValue, answer.last.rawValue)
        }
        let pair = UInt64(min(a, b)) << 32 | UInt64(max(a, b))
        let slot = Int(truncatingIfNeeded: mixed(pair)) & (NameRelations.size - 1)
        let entry = known[slot]
        if entry.pair == pair { return (entry.first, entry.last) }
        let answer = compare(a, b)
        known[slot] = (pair, answer.first.rawValue, answer.last.rawValue)
        return (answer.first.rawValue, answer.last.rawValue)
    }

    private func compare(_ a: UInt32, _ b: UInt32) -> (first: FirstNameLevel, last: LastNameLevel) {
        let (x, y) = (names.range(a), names.range(b))
        if x.count == 1 || y.count == 1 {
            let isSame = names.bytes[x.lowerBound] == names.bytes[y.lowerBound]
            return (isSame ? .initial : .otherInitial, a == b ? .exact : isSame ? .part : .different)
        }
        if a == b { return (.exact, .exact) }
        let bytes = names.bytes
        let span = bytes.span
        let p = span.extracting(x)
        let q = span.extracting(y)
        let distance = Similarity.distance(p, q, maximum: 2)
        let likeness = Similarity.jaroWinkler(p, q)
        let isNear = (distance == 1 && min(p.count, q.count) >= 3) || (likeness >= 0.93 && min(p.count, q.count) >= 4)
        let isSimilar = (distance == 2 && min(p.count, q.count) >= 5) || likeness >= 0.86
        let first: FirstNameLevel = shareNickname(a, b) ? .nickname : isNear && !areNames(a, b) ? .near : isNear || isSimilar ? .similar : .different
        let last: LastNameLevel = isNear ? .near : sharesWord(x, y) ? .part : isSimilar ? .similar : .different
        return (first, last)
    }

    /// Whether both are given names of their own, as Mary and Mark, which no slip made of one another.
    private func areNames(_ a: UInt32, _ b: UInt32) -> Bool { !groups[Int(a)].isEmpty && !groups[Int(b)].isEmpty }

    private func shareNickname(_ a: UInt32, _ b: UInt32) -> Bool {
        let (x, y) = (groups[Int(a)], groups[Int(b)])
        return !x.isEmpty && !y.isEmpty && x.contains { y.contains($0) }
    }

    /// Double surnames that have a word in common, or one that is the beginning of the other ("Kelley", "Kelley-Moore").
    private func sharesWord(_ x: Range<Int>, _ y: Range<Int>) -> Bool {
        let (p, q) = (names.bytes[x].split(separator: 0x20), names.bytes[y].split(separator: 0x20))
        guard p.count > 1 || q.count > 1 else { return false }
        return p.contains { word in word.count >= 3 && !NameParts.particles.contains(Array(word)) && q.contains(word) }
    }
}
