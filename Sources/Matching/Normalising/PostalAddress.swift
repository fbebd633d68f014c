/// A street address as the name of the street and the number of the house, in plain letters and with the usual words shortened.
public struct PostalAddress: Sendable, Hashable {
    public var street = ""
    public var number = ""

    /// - Parameter text: one line, the number before or behind the street's name; a flat or unit is left out, since people often do.
    public init(_ text: String) {
        var parts = AddressParts()
        parts.read(Array(text.utf8))
        street = String(decoding: parts.street, as: UTF8.self)
        number = String(decoding: parts.number, as: UTF8.self)
    }
}

/// The same as bytes, for a million rows.
struct AddressParts {
    var street: [UInt8] = []
    var number: [UInt8] = []
    private var plain: [UInt8] = []

    mutating func clear() {
        street.removeAll(keepingCapacity: true)
        number.removeAll(keepingCapacity: true)
    }

    mutating func read(_ text: [UInt8]) {
        plain.removeAll(keepingCapacity: true)
        PlainText.append(text, to: &plain)
        var isUnit = text.first == 0x23
        var at = 0
        // The sign # becomes a blank in plain text; whatever number comes after the house's own is a unit's anyway.
        while at < plain.count {
            var end = at
            var hasDigit = false
            while end < plain.count, plain[end] != 0x20 {
                if (0x30...0x39).contains(plain[end]) { hasDigit = true }
                end += 1
            }
            take(at, end, hasDigit, &isUnit)
            at = end + 1
        }
    }

    private mutating func take(_ from: Int, _ to: Int, _ hasDigit: Bool, _ isUnit: inout Bool) {
        if isUnit {
            isUnit = false
            if hasDigit || to - from == 1 { return }
        }
        let word = Array(plain[from..<to])
        if AddressParts.units.contains(word) { isUnit = true; return }
        if hasDigit, !AddressParts.isOrdinal(word) {
            if number.isEmpty { number = word }
            return
        }
        if AddressParts.noise.contains(word) { return }
        if !street.isEmpty { street.append(0x20) }
        // German writes street and its name in one word.
        street.append(contentsOf: AddressParts.short[word] ?? (word.ends(with: "strasse") ? word.dropLast(4) : word))
    }

    /// "5th Street" names a street by a number.
    private static func isOrdinal(_ word: [UInt8]) -> Bool {
        word.count > 2 && (0x30...0x39).contains(word[0]) && ["st", "nd", "rd", "th"].contains(String(decoding: word.suffix(2), as: UTF8.self))
    }

    private static func bytes(_ text: some StringProtocol) -> [UInt8] { Array(text.utf8) }
    private static let units = Set("apt apartment unit suite ste flat fl floor room rm piso puerta daire kat wohnung whg top".split(separator: " ").map(bytes))
    private static let noise = Set("no num numero nr nummer".split(separator: " ").map(bytes))
    private static let short: [[UInt8]: [UInt8]] = {
        let words = [
            "street": "st", "str": "st", "strasse": "st", "avenue": "ave", "av": "ave", "avda": "ave", "avenida": "ave", "road": "rd", "lane": "ln", "drive": "dr", "court": "ct",
            "boulevard": "blvd", "bulvar": "blvd", "bulvari": "blvd", "place": "pl", "platz": "pl", "plaza": "pl", "square": "sq", "terrace": "ter", "circle": "cir", "circuit": "cct",
            "crescent": "cres", "close": "cl", "parkway": "pkwy", "highway": "hwy", "trail": "trl", "way": "wy", "grove": "gr", "calle": "c", "cadde": "cd", "caddesi": "cd", "cad": "cd",
            "sokak": "sk", "sokagi": "sk", "sok": "sk", "mahalle": "mh", "mahallesi": "mh", "mah": "mh", "north": "n", "south": "s", "east": "e", "west": "w", "saint": "st", "mount": "mt",
        ]
        return Dictionary(uniqueKeysWithValues: words.map { (bytes($0.key), bytes($0.value)) })
    }()
}

extension [UInt8] {
    fileprivate func ends(with text: String) -> Bool { count > text.utf8.count && suffix(text.utf8.count).elementsEqual(text.utf8) }
}
