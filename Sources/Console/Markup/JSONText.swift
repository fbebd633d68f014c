/// JSON as people read it: indented, with every number exactly as it was sent, and texts in their characters.
///
/// It moves whitespace and writes out escapes (`\u00eb` is ë); it never parses a number, so `9007199254740993` and `1.10` stay what they were.
/// What would not be seen, or would turn the words around it, stays or becomes an escape. Text that is not JSON comes back as it is.
enum JSONText {
    static func pretty(_ json: String) -> String {
        let bytes = Array(json.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count * 2)
        var depth = 0
        var justOpened = false
        func newline() {
            output.append(UInt8(ascii: "\n"))
            // Depth is bounded where events are accepted; what was refused may be deeper, and stays readable at 32.
            output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * min(depth, 32)))
        }
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if justOpened { newline() }
                output.append(byte)
                depth += 1
                justOpened = true
                continue
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth < 0 { return json }
                if !justOpened { newline() }
                output.append(byte)
            case UInt8(ascii: ","):
                output.append(byte)
                newline()
            case UInt8(ascii: ":"):
                output.append(contentsOf: Array(": ".utf8))
            case UInt8(ascii: "\""):
                if justOpened { newline() }
                guard let end = end(ofText: bytes, from: index) else { return json }
                output.append(byte)
                output.append(contentsOf: written(bytes[index..<end]).utf8)
                output.append(byte)
                index = end + 1
            default:
                if justOpened { newline() }
                output.append(byte)
            }
            justOpened = false
        }
        return depth == 0 ? String(decoding: output, as: UTF8.self) : json
    }

    /// What a JSON text says, without its quotes; nil for what is none, and for one with signs that would not be seen.
    static func plain(_ json: String) -> String? {
        let bytes = Array(json.utf8)
        guard bytes.count >= 2, bytes[0] == UInt8(ascii: "\""), end(ofText: bytes, from: 1) == bytes.count - 1 else { return nil }
        var text = ""
        for piece in pieces(bytes[1..<(bytes.count - 1)]) {
            guard case .scalar(let scalar) = piece, !isHidden(scalar) else { return nil }
            text.unicodeScalars.append(scalar)
        }
        return text
    }

    /// The place of the quote that ends a text.
    private static func end(ofText bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\"") { return index }
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    /// A JSON text without its quotes, each sign as it is read.
    private static func written(_ text: ArraySlice<UInt8>) -> String {
        // Most texts hold nothing to change.
        guard text.contains(where: { $0 == UInt8(ascii: "\\") || $0 >= 0x7f || $0 < 0x20 }) else { return String(decoding: text, as: UTF8.self) }
        var output = ""
        for piece in pieces(text) {
            switch piece {
            case .escape(let raw): output += raw
            case .scalar("\""): output += "\\\""
            case .scalar("\\"): output += "\\\\"
            case .scalar("\n"): output += "\\n"
            case .scalar("\t"): output += "\\t"
            case .scalar("\r"): output += "\\r"
            case .scalar(let scalar): if isHidden(scalar) { output += escaped(scalar) } else { output.unicodeScalars.append(scalar) }
            }
        }
        return output
    }

    /// A sign, or half of one that has no other half.
    private enum Piece { case scalar(Unicode.Scalar), escape(String) }

    private static func pieces(_ text: ArraySlice<UInt8>) -> [Piece] {
        var pieces: [Piece] = []
        var rest = Substring(decoding: text, as: UTF8.self).unicodeScalars
        while let scalar = rest.popFirst() {
            guard scalar == "\\", let kind = rest.popFirst() else {
                pieces.append(.scalar(scalar))
                continue
            }
            switch kind {
            case "\"", "\\", "/": pieces.append(.scalar(kind))
            case "n": pieces.append(.scalar("\n"))
            case "t": pieces.append(.scalar("\t"))
            case "r": pieces.append(.scalar("\r"))
            case "b": pieces.append(.scalar("\u{8}"))
            case "f": pieces.append(.scalar("\u{c}"))
            case "u":
                guard let first = unit(rest) else {
                    pieces.append(.escape("\\u"))
                    continue
                }
                rest = rest.dropFirst(4)
                if let whole = Unicode.Scalar(first) {
                    pieces.append(.scalar(whole))
                } else if first < 0xdc00, rest.starts(with: "\\u".unicodeScalars), let second = unit(rest.dropFirst(2)), (0xdc00...0xdfff).contains(second),
                    let whole = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
                {
                    rest = rest.dropFirst(6)
                    pieces.append(.scalar(whole))
                } else {
                    pieces.append(.escape("\\u" + digits(first)))
                }
            default: pieces.append(.escape("\\\(kind)"))
            }
        }
        return pieces
    }

    private static func unit(_ text: Substring.UnicodeScalarView) -> UInt32? {
        let digits = String(text.prefix(4))
        return digits.utf8.count == 4 && digits.allSatisfy(\.isHexDigit) ? UInt32(digits, radix: 16) : nil
    }

    /// What is not seen, or turns the words around it: controls, line ends of other systems, marks and overrides of direction, signs without a width.
    fileprivate static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f...0x9f, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff, 0xe0000...0xe007f: true
        default: false
        }
    }

    fileprivate static func escaped(_ scalar: Unicode.Scalar) -> String { scalar.utf16.map { "\\u" + digits(UInt32($0)) }.joined() }

    private static func digits(_ unit: UInt32) -> String {
        let digits = String(unit, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}

/// Text of people and senders where it stands among other words.
public enum Visible {
    /// The text with an escape for each sign that would not be seen, or would turn the words around it; blanks and line ends stay.
    public static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: JSONText.isHidden) else { return text }
        return text.unicodeScalars.reduce(into: "") { output, scalar in
            if JSONText.isHidden(scalar), !["\n", "\t", "\r"].contains(scalar) { output += JSONText.escaped(scalar) } else { output.unicodeScalars.append(scalar) }
        }
    }
}
