/// Turns text into text: the five characters that could end a text or an attribute value become references.
enum Escaping {
    static func append(_ text: String, to output: inout String) {
        // Most values hold none of the five; looking first halves the time of a long list.
        guard text.utf8.contains(where: isSpecial) else {
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
