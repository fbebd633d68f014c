import Vocabulary

/// A word, value or sign of the text form, and where it stands.
struct TextToken {
    enum Kind: Equatable {
        /// As written; keywords are compared in small letters.
        case word(String)
        /// Between backquotes: always a name.
        case name(String)
        /// Between quotes.
        case text(String)
        case number(ExactNumber)
        case date(Timestamp)
        /// An hour and a minute, as `9:30`.
        case clock(Int, Int)
        /// One of `( ) , % / = != < <= > >=`.
        case sign(String)
        case end
    }

    let kind: Kind
    /// In bytes.
    let range: Range<Int>
    /// A word in small letters, for comparing with keywords; empty for all else.
    let keyword: String

    init(kind: Kind, range: Range<Int>) {
        self.kind = kind
        self.range = range
        if case .word(let word) = kind { keyword = word.lowercased() } else { keyword = "" }
    }
}

/// Cuts a text into tokens, in one pass.
struct TextLexer {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// All tokens, the last one `end`.
    static func tokens(of bytes: [UInt8]) throws(ConditionError) -> [TextToken] {
        var lexer = TextLexer(bytes)
        var tokens: [TextToken] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    /// Whether `name` may stand without backquotes, keywords aside.
    static func isPlainWord(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        var lexer = TextLexer(bytes)
        guard lexer.isWordStart() else { return false }
        lexer.skipWord()
        return lexer.index == bytes.count
    }

    private func failure(_ range: Range<Int>, _ code: String, _ problem: String, _ remedy: String) -> ConditionError {
        ConditionError(Explanation(code: "segments." + code, problem: problem, remedy: remedy), at: .text(TextPlace(range, of: bytes)))
    }

    private func byte(_ ahead: Int = 0) -> UInt8? { index + ahead < bytes.count ? bytes[index + ahead] : nil }

    private func isDigit(_ ahead: Int = 0) -> Bool { byte(ahead).map { $0 >= 0x30 && $0 <= 0x39 } ?? false }

    private mutating func next() throws(ConditionError) -> TextToken {
        skipBlanks()
        let start = index
        guard let byte = byte() else { return TextToken(kind: .end, range: start..<start) }
        switch byte {
        case 0x22: return TextToken(kind: .text(try quoted(0x22)), range: start..<index)
        case 0x60: return TextToken(kind: .name(try quoted(0x60)), range: start..<index)
        case 0x30...0x39: return try numberOrTime()
        case 0x2d where isDigit(1): return try numberOrTime()
        case 0x28, 0x29, 0x2c, 0x25, 0x2f:
            index += 1
            return TextToken(kind: .sign(String(Unicode.Scalar(byte))), range: start..<index)
        case 0x3d, 0x21, 0x3c, 0x3e: return try comparison(byte)
        default: break
        }
        guard isWordStart() else { throw strange() }
        skipWord()
        return TextToken(kind: .word(String(decoding: bytes[start..<index], as: UTF8.self)), range: start..<index)
    }

    private mutating func skipBlanks() {
        while let byte = byte() {
            if byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { index += 1; continue }
            guard byte >= 0x80, let (scalar, count) = scalar(), scalar.properties.isWhitespace else { return }
            index += count
        }
    }

    /// The scalar that begins here. The bytes come from a `String`, so they are well-formed.
    private func scalar() -> (Unicode.Scalar, Int)? {
        guard let lead = byte() else { return nil }
        let count = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
        guard let scalar = String(decoding: bytes[index..<min(bytes.count, index + count)], as: UTF8.self).unicodeScalars.first else { return nil }
        return (scalar, count)
    }

    func isWordStart() -> Bool {
        guard let byte = byte() else { return false }
        if byte < 0x80 { return (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a) || byte == 0x5f || byte == 0x24 }
        return scalar()?.0.properties.isAlphabetic ?? false
    }

    /// Letters, digits, `_` and `$`; dots and hyphens between them.
    mutating func skipWord() {
        while let byte = byte() {
            if byte < 0x80 {
                if isWordStart() || isDigit() { index += 1; continue }
                guard byte == 0x2e || byte == 0x2d else { return }
                index += 1
                if isWordStart() || isDigit() { continue }
                index -= 1
                return
            }
            guard let (scalar, count) = scalar(), scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || scalar.properties.generalCategory == .nonspacingMark
            else { return }
            index += count
        }
    }

    private mutating func comparison(_ first: UInt8) throws(ConditionError) -> TextToken {
        let start = index
        index += 1
        let hasEqual = byte() == 0x3d
        if hasEqual { index += 1 }
        let range = start..<index
        switch (first, hasEqual) {
        case (0x3d, true): throw failure(range, "single-equals", "`==` is not used here.", "Write a single `=`.")
        case (0x21, false): throw failure(range, "unknown-sign", "`!` alone means nothing here.", "Write `!=` for differs, or `not` before a condition.")
        case (0x3c, false) where byte() == 0x3e: throw failure(start..<index + 1, "unknown-sign", "`<>` is not used here.", "Write `!=`.")
        default: return TextToken(kind: .sign(String(decoding: bytes[range], as: UTF8.self)), range: range)
        }
    }

    private func strange() -> ConditionError {
        let (scalar, count) = scalar() ?? ("\u{fffd}", 1)
        let range = index..<min(bytes.count, index + count)
        switch scalar {
        case "'", "“", "”", "‘", "’", "«", "»", "„":
            return failure(range, "straight-quotes", "Texts stand between straight double quotes.", "Write \"Order Completed\".")
        case "&", "|": return failure(range, "unknown-sign", "`\(scalar)` means nothing here.", "Write `and` or `or`.")
        case "≥", "≤", "≠": return failure(range, "unknown-sign", "`\(scalar)` means nothing here.", "Write `>=`, `<=` or `!=`.")
        case ";", ".", "{", "[": return failure(range, "unknown-sign", "`\(scalar)` means nothing here.", "Lists stand between parentheses, with commas.")
        default: return failure(range, "unknown-sign", "This sign means nothing here.", "Write names that are no plain words between backquotes, texts between double quotes.")
        }
    }

    /// A text or a name, with escapes: `\n`, `\r`, `\t`, `\u{1f375}`, and a backslash before either quote or itself.
    private mutating func quoted(_ quote: UInt8) throws(ConditionError) -> String {
        let start = index
        let isName = quote == 0x60
        index += 1
        var out: [UInt8] = []
        while let byte = byte() {
            index += 1
            if byte == quote { return String(decoding: out, as: UTF8.self) }
            guard byte == 0x5c else { out.append(byte); continue }
            let escape = self.byte()
            index += 1
            switch escape {
            case 0x6e: out.append(0x0a)
            case 0x72: out.append(0x0d)
            case 0x74: out.append(0x09)
            case 0x22, 0x60, 0x5c: out.append(escape ?? 0x5c)
            case 0x75:
                guard let scalar = escapedScalar() else { throw badEscape() }
                out.append(contentsOf: Array(String(scalar).utf8))
            default: throw badEscape()
            }
        }
        let sign = isName ? "backquote" : "double quote"
        throw failure(start..<bytes.count, isName ? "unclosed-name" : "unclosed-text", "This \(isName ? "name" : "text") has no end.", "Close it with a \(sign).")
    }

    private func badEscape() -> ConditionError {
        let end = min(bytes.count, index)
        return failure(
            max(0, min(index - 2, end - 1))..<end, "bad-escape", "This escape is not known.",
            "Known are \\\" \\` \\\\ \\n \\r \\t and \\u{1f375}; a backslash itself is written twice.")
    }

    private mutating func escapedScalar() -> Unicode.Scalar? {
        guard byte() == 0x7b, let end = bytes[index..<min(bytes.count, index + 9)].firstIndex(of: 0x7d) else { return nil }
        let digits = String(decoding: bytes[index + 1..<end], as: UTF8.self)
        guard let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else { return nil }
        index = end + 1
        return scalar
    }

    private mutating func numberOrTime() throws(ConditionError) -> TextToken {
        let start = index
        if byte() == 0x2d { index += 1 }
        while isDigit() { index += 1 }
        let digits = index - start
        if digits == 4, bytes[start] != 0x2d, byte() == 0x2d, isDigit(1) { return try date(from: start) }
        if digits <= 2, bytes[start] != 0x2d, byte() == 0x3a, isDigit(1) { return try clock(from: start) }
        if byte() == 0x2e, isDigit(1) {
            index += 1
            while isDigit() { index += 1 }
        }
        if let letter = byte(), letter | 0x20 == 0x65, isDigit(1) || ((byte(1) == 0x2b || byte(1) == 0x2d) && isDigit(2)) {
            index += 2
            while isDigit() { index += 1 }
        }
        let range = start..<index
        guard let number = ExactNumber(json: bytes[range]), NumberSize.isFit(number) else {
            throw failure(range, "bad-number", "This number is too large or too small.", "Numbers may have up to 400 digits before and behind the point.")
        }
        return TextToken(kind: .number(number), range: range)
    }

    private mutating func date(from start: Int) throws(ConditionError) -> TextToken {
        while let byte = byte(), isDigit() || [0x2d, 0x2b, 0x3a, 0x2e, 0x54, 0x5a, 0x74, 0x7a].contains(byte) { index += 1 }
        let range = start..<index
        guard let time = Timestamp(String(decoding: bytes[range], as: UTF8.self)) else {
            throw failure(range, "no-such-date", "There is no such date.", "Dates are written as 2026-05-31 or 2026-05-31T09:30:00Z.")
        }
        return TextToken(kind: .date(time), range: range)
    }

    private mutating func clock(from start: Int) throws(ConditionError) -> TextToken {
        let hour = Int(String(decoding: bytes[start..<index], as: UTF8.self)) ?? 99
        index += 1
        let minuteStart = index
        while isDigit() { index += 1 }
        let minute = Int(String(decoding: bytes[minuteStart..<index].prefix(3), as: UTF8.self)) ?? 99
        guard hour <= 24, minute <= 59, index - minuteStart == 2 else {
            throw failure(start..<index, "no-such-time", "There is no such time of day.", "Hours are written as 9:00 or 17:00.")
        }
        return TextToken(kind: .clock(hour, minute), range: start..<index)
    }
}

/// Which numbers a condition may hold.
enum NumberSize {
    /// Beyond this no sender's number goes, and printing stays short.
    static func isFit(_ number: ExactNumber) -> Bool {
        let text = number.description.utf8
        guard text.count <= 900 else { return false }
        guard let mark = text.firstIndex(of: 0x65) else { return true }
        return abs(Int(String(decoding: text[text.index(after: mark)...], as: UTF8.self)) ?? .max) <= 400
    }
}
