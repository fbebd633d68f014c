import Vocabulary

/// Whether a refused body speaks of a person: it may be any text, JSON or not, in any library's way of escaping.
///
/// A short identifier counts only as a whole text or number, since `1` stands in nearly every body; a long one counts anywhere.
struct Mention {
    private static let anywhereMinimum = 6
    private let whole: Set<[UInt8]>
    private let anywhere: [[UInt8]]

    init(of identifiers: [[UInt8]]) {
        whole = Set(identifiers)
        anywhere = identifiers.filter { $0.count >= Mention.anywhereMinimum }
    }

    func isIn(_ body: [UInt8]) -> Bool {
        if anywhere.contains(where: { holds(body, $0) }) { return true }
        if body.contains(0x5c), !anywhere.isEmpty {
            let plain = Mention.unescaped([0x22] + body + [0x22])
            if anywhere.contains(where: { holds(plain, $0) }) { return true }
        }
        return says(body)
    }

    private func holds(_ body: [UInt8], _ needle: [UInt8]) -> Bool { body.withUnsafeBytes { unsafe isPart(needle, of: $0) } }

    /// Whether a text or a number of the body is one of the identifiers.
    private func says(_ body: [UInt8]) -> Bool {
        var i = 0
        while i < body.count {
            let start = i
            switch body[i] {
            case 0x22:
                i += 1
                while i < body.count, body[i] != 0x22 { i += body[i] == 0x5c ? 2 : 1 }
                guard i < body.count else { return false }
                i += 1
                if whole.contains(Mention.unescaped(Array(body[start..<i]))) { return true }
            case 0x2d, 0x30...0x39:
                while i < body.count, case let byte = body[i], byte == 0x2b || byte == 0x2d || byte == 0x2e || byte | 0x20 == 0x65 || (byte >= 0x30 && byte <= 0x39) { i += 1 }
                if whole.contains(Array(body[start..<i])) { return true }
            default: i += 1
            }
        }
        return false
    }

    /// A text between quotes without its escapes.
    private static func unescaped(_ quoted: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        JSONText.unescape(quoted.span, JSONSlice(start: 0, count: UInt32(quoted.count)), into: &out)
        return out
    }
}
