/// One version of a segment beside the one before it.
public struct SegmentChange: Sendable {
    public enum Part: String, Sendable, CaseIterable { case name, note, condition, zone }
    public let version: Segment
    /// What differs; of the first version nothing.
    public let parts: [Part]
    /// How the condition's text became what it is; nil where it did not change.
    public let diff: [TextDiff.Piece]?

    init(to version: Segment, from before: Segment?) {
        self.version = version
        guard let before else {
            (parts, diff) = ([], nil)
            return
        }
        let (old, new) = (before.condition.text, version.condition.text)
        parts = [(Part.name, version.name != before.name), (.note, version.note != before.note), (.condition, old != new), (.zone, version.zone != before.zone)].filter(\.1).map(\.0)
        diff = old == new ? nil : TextDiff.pieces(from: old, to: new)
    }
}

/// How one text became another: words and signs that stayed, went and came.
public enum TextDiff {
    public enum Kind: String, Sendable, CaseIterable { case same, removed, added }
    public struct Piece: Sendable, Hashable {
        public let kind: Kind
        public let text: String
    }
    /// Comparing takes as many steps as one text's words times the other's; beyond so many the whole middle is told as replaced.
    private static let stepsMaximum = 1_000_000

    /// Those that are the same and removed, in order, are the old text; those that are the same and added the new one. No two neighbours are alike in kind.
    ///
    /// - Note: the longest common subsequence by the table of Wagner and Fischer, JACM 21 (1974), without what both texts begin and end with.
    public static func pieces(from old: String, to new: String) -> [Piece] {
        let (a, b) = (words(old), words(new))
        let start = zip(a, b).prefix { $0 == $1 }.count
        let end = zip(a[start...].reversed(), b[start...].reversed()).prefix { $0 == $1 }.count
        let (left, right) = (Array(a[start..<(a.count - end)]), Array(b[start..<(b.count - end)]))
        var pieces: [Piece] = []
        func add(_ kind: Kind, _ words: some Sequence<Substring>) {
            let text = words.joined()
            guard !text.isEmpty else { return }
            if let last = pieces.last, last.kind == kind { pieces[pieces.count - 1] = Piece(kind: kind, text: last.text + text) } else { pieces.append(Piece(kind: kind, text: text)) }
        }
        add(.same, a[..<start])
        if left.count * right.count > stepsMaximum {
            add(.removed, left)
            add(.added, right)
        } else {
            for (kind, word) in middle(left, right) { add(kind, [word]) }
        }
        add(.same, a[(a.count - end)...])
        return pieces
    }

    private static func middle(_ left: [Substring], _ right: [Substring]) -> [(Kind, Substring)] {
        // The length of the longest common part of what is left of both, from each pair of places on.
        var lengths = [[Int32]](repeating: [Int32](repeating: 0, count: right.count + 1), count: left.count + 1)
        for i in left.indices.reversed() {
            for j in right.indices.reversed() { lengths[i][j] = left[i] == right[j] ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1]) }
        }
        var found: [(Kind, Substring)] = []
        var (i, j) = (0, 0)
        while i < left.count || j < right.count {
            if i < left.count, j < right.count, left[i] == right[j] {
                found.append((.same, left[i]))
                (i, j) = (i + 1, j + 1)
            } else if j == right.count || (i < left.count && lengths[i + 1][j] >= lengths[i][j + 1]) {
                found.append((.removed, left[i]))
                i += 1
            } else {
                found.append((.added, right[j]))
                j += 1
            }
        }
        return found
    }

    /// Letters and digits together; every other sign by itself.
    private static func words(_ text: String) -> [Substring] {
        var words: [Substring] = []
        var index = text.startIndex
        while index < text.endIndex {
            let start = index
            index = text.index(after: index)
            if text[start].isLetter || text[start].isNumber { while index < text.endIndex, text[index].isLetter || text[index].isNumber { index = text.index(after: index) } }
            words.append(text[start..<index])
        }
        return words
    }
}
