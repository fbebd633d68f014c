/// A person's name in its parts, each in plain letters; empty where it is missing.
public struct PersonName: Sendable, Hashable {
    public var first = ""
    /// Second and further given names, and what a full name holds besides.
    public var middle = ""
    public var last = ""

    public init(first: String = "", middle: String = "", last: String = "") { (self.first, self.middle, self.last) = (first, middle, last) }

    /// Takes a whole name apart: "Kelley, Masha", "Dr. Masha A. Kelley", "Ana María de la Cruz".
    public init(full text: String) {
        var parts = NameParts()
        parts.readFull(Array(text.utf8))
        self.init(first: String(decoding: parts.first, as: UTF8.self), middle: String(decoding: parts.middle, as: UTF8.self), last: String(decoding: parts.last, as: UTF8.self))
    }
}

/// The same as bytes, for a million rows.
struct NameParts {
    var first: [UInt8] = []
    var middle: [UInt8] = []
    var last: [UInt8] = []
    private var plain: [UInt8] = []

    mutating func clear() {
        first.removeAll(keepingCapacity: true)
        middle.removeAll(keepingCapacity: true)
        last.removeAll(keepingCapacity: true)
    }

    /// A given name; what stands behind its first word joins the middle names.
    mutating func readFirst(_ text: [UInt8]) {
        for word in words(of: text) where !NameParts.titles.contains(word) {
            if first.isEmpty { first = word } else { NameParts.join(word, to: &middle) }
        }
    }
    mutating func readMiddle(_ text: [UInt8]) {
        for word in words(of: text) { NameParts.join(word, to: &middle) }
    }
    mutating func readLast(_ text: [UInt8]) {
        for word in words(of: text) where !NameParts.suffixes.contains(word) { NameParts.join(word, to: &last) }
    }

    mutating func readFull(_ text: [UInt8]) {
        // "Kelley, Masha" names the family first; "Masha Kelley, Jr." does not.
        if let comma = text.firstIndex(of: 0x2c) {
            let behind = words(of: Array(text[(comma + 1)...])).filter { !NameParts.suffixes.contains($0) && !NameParts.titles.contains($0) }
            let before = words(of: Array(text[..<comma])).filter { !NameParts.titles.contains($0) }
            if !behind.isEmpty, before.count <= 2, behind.count <= 3, !before.isEmpty, !before.contains(where: { $0.count == 1 }) {
                for word in before { NameParts.join(word, to: &last) }
                first = behind[0]
                for word in behind.dropFirst() { NameParts.join(word, to: &middle) }
                return
            }
        }
        let all = words(of: text).filter { !NameParts.titles.contains($0) }
        let named = all.filter { !NameParts.suffixes.contains($0) }
        guard let given = named.first else { return }
        first = given
        guard named.count > 1 else { return }
        // Particles belong to the family name: van der Berg, de la Cruz.
        var begin = named.count - 1
        while begin > 1, NameParts.particles.contains(named[begin - 1]) { begin -= 1 }
        for word in named[begin...] { NameParts.join(word, to: &last) }
        for word in named[1..<begin] { NameParts.join(word, to: &middle) }
    }

    private mutating func words(of text: [UInt8]) -> [[UInt8]] {
        plain.removeAll(keepingCapacity: true)
        PlainText.append(text, to: &plain)
        return plain.split(separator: 0x20).map(Array.init)
    }

    private static func join(_ word: [UInt8], to part: inout [UInt8]) {
        if !part.isEmpty { part.append(0x20) }
        part.append(contentsOf: word)
    }

    private static func set(_ words: String) -> Set<[UInt8]> { Set(words.split(separator: " ").map { Array($0.utf8) }) }
    static let titles = set("mr mrs ms miss dr prof professor herr frau sr sra srta don dona bay bayan sayin sir dame rev")
    static let suffixes = set("jr sr ii iii iv esq phd md")
    static let particles = set("de la del las los da dos van von der den di du le el bin ibn al")
}
