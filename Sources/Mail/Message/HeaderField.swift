/// A field of a message's head, as its bytes go out: folded (RFC 5322, section 2.2.3), and in ASCII whatever was asked for (RFC 2047).
struct HeaderField: Sendable {
    let name: String
    /// With the name, without the last line's end.
    let bytes: [UInt8]

    static let lineMaximum = 78
    /// Of a line with encoded words (RFC 2047, section 2).
    private static let encodedLineMaximum = 76

    /// A field of words: a subject, for instance. It is one field whatever stands in it.
    init(_ name: String, text: String) {
        self.name = name
        let clean = HeaderField.oneLine(text)
        let words = clean.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let isPlain = clean.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f } && !clean.holds("=", "?") && words.allSatisfy { $0.utf8.count < 60 } && !clean.hasPrefix(" ") && !clean.hasSuffix(" ")
            && !clean.holds(" ", " ")
        bytes = isPlain ? HeaderField.fold(name, words) : HeaderField.fold(name, HeaderField.encodedWords(clean, behind: name), HeaderField.encodedLineMaximum)
    }

    /// A field of parts that stand as they are, with line ends where they meet when they would not fit. The parts must be ASCII of one line.
    init(_ name: String, parts: [String], lineMaximum: Int = HeaderField.lineMaximum) {
        self.name = name
        bytes = HeaderField.fold(name, parts, lineMaximum)
    }

    /// A mailbox, with the name that readers see.
    init(_ name: String, display: String, address: MailAddress) {
        let clean = HeaderField.oneLine(display).trimmingBlanks
        guard !clean.isEmpty else {
            self.init(name, parts: [address.text])
            return
        }
        let isAtoms = clean.utf8.allSatisfy { $0 == 0x20 || HeaderField.isAtom($0) } && !clean.holds("=", "?") && clean.utf8.count < 60 && !clean.holds(" ", " ")
        if isAtoms {
            self.init(name, parts: clean.split(separator: " ").map(String.init) + ["<\(address.text)>"])
        } else if clean.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }), clean.utf8.count < 60, !clean.holds("=", "?") {
            let escaped = clean.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
            self.init(name, parts: ["\"\(escaped)\"", "<\(address.text)>"])
        } else {
            self.init(name, parts: HeaderField.encodedWords(clean, behind: name) + ["<\(address.text)>"], lineMaximum: HeaderField.encodedLineMaximum)
        }
    }

    /// At most this many bytes of a text become a field; no reader shows more.
    private static let textMaximum = 4000

    /// Controls and every kind of line end become blanks.
    static func oneLine(_ text: String) -> String {
        if text.utf8.count <= textMaximum, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return text }
        var out = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= textMaximum else { break }
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: out.append(" ")
            default: out.append(scalar)
            }
        }
        return String(out)
    }

    // RFC 5322, section 3.2.3.
    private static let atomSpecials = Set("!#$%&'*+-/=?^_`{|}~".utf8)
    private static func isAtom(_ byte: UInt8) -> Bool {
        byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5a || byte >= 0x61 && byte <= 0x7a || atomSpecials.contains(byte)
    }

    /// Words of at most 75 characters, each of whole code points; the first fits behind the name of its field.
    static func encodedWords(_ text: String, behind name: String = "") -> [String] {
        var words: [String] = []
        var chunk: [UInt8] = []
        // Four letters for three bytes, and twelve around them.
        let first = (encodedLineMaximum - name.utf8.count - 2 - 12) / 4 * 3
        func flush() {
            if !chunk.isEmpty { words.append("=?utf-8?B?\(Base64.encode(chunk))?=") }
            chunk = []
        }
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if chunk.count + bytes.count > (words.isEmpty ? min(45, first) : 45) { flush() }
            chunk += bytes
        }
        flush()
        return words.isEmpty ? [""] : words
    }

    private static func fold(_ name: String, _ parts: [String], _ lineMaximum: Int = lineMaximum) -> [UInt8] {
        var out = Array("\(name):".utf8)
        var column = out.count
        for part in parts {
            let bytes = part.utf8
            if column + 1 + bytes.count > lineMaximum, column > name.utf8.count + 1 {
                out += [0x0d, 0x0a]
                column = 0
            }
            out.append(0x20)
            out += bytes
            column += 1 + bytes.count
        }
        return out
    }
}

extension String {
    /// Whether two signs stand side by side.
    func holds(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
        zip(utf8, utf8.dropFirst()).contains { $0 == UInt8(ascii: first) && $1 == UInt8(ascii: second) }
    }

    /// Without the blanks around it.
    var trimmingBlanks: String {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        guard let first = utf8.first, let last = utf8.last, isBlank(first) || isBlank(last) else { return self }
        guard let start = utf8.firstIndex(where: { !isBlank($0) }), let end = utf8.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(self[start...end])
    }
}
