/// Turns text into text: the five characters that could end a text or an attribute value become references.
///
/// Signs that turn the order of the letters after them are shown by their number where somebody reads, so that no name pretends to be another.
enum Escaping {
    /// - Parameter isRead: whether it is text on a page; what goes back to us with a form stays as it is.
    static func append(_ text: String, isRead: Bool = false, to output: inout String) {
        // Most values hold none of the five; looking first halves the time of a long list.
        guard text.utf8.contains(where: { isSpecial($0) || (isRead && $0 == 0xe2) }) else {
            output += text
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            case "\0": output += "\u{FFFD}"  // A browser would drop the byte, and two different names would look the same.
            case "\u{202a}"..."\u{202e}" where isRead, "\u{2066}"..."\u{2069}" where isRead: output += "[U+\(String(scalar.value, radix: 16, uppercase: true))]"
            default: output.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case 0, UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: false
        }
    }
}
