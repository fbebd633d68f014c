/// Texts in the form in which they are compared when letter case does not matter: É and é, İ and i, ß and SS are the same.
///
/// Each code point goes by Unicode's mappings to lower, upper and lower case; the dot that is left of İ is dropped. Accents count, and so does
/// whether a letter and its accent are one code point or two.
public enum FoldedText {
    /// Appends the folded form of UTF-8; bytes that are not UTF-8 become U+FFFD.
    public static func append(_ text: ArraySlice<UInt8>, to out: inout [UInt8]) {
        guard text.contains(where: { $0 >= 0x80 }) else {
            for byte in text { out.append(byte &- 0x41 < 26 ? byte | 0x20 : byte) }
            return
        }
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            if scalar.isASCII {
                out.append(UInt8(scalar.value) &- 0x41 < 26 ? UInt8(scalar.value) | 0x20 : UInt8(scalar.value))
                continue
            }
            for lower in scalar.properties.lowercaseMapping.unicodeScalars {
                for upper in lower.properties.uppercaseMapping.unicodeScalars {
                    for folded in upper.properties.lowercaseMapping.unicodeScalars {
                        if folded == "\u{307}", out.last == 0x69 { continue }
                        out.append(contentsOf: UTF8.encode(folded)!)
                    }
                }
            }
        }
    }

    public static func of(_ text: String) -> [UInt8] {
        var out: [UInt8] = []
        append(Array(text.utf8)[...], to: &out)
        return out
    }
}
