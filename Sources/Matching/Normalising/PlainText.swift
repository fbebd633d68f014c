/// Texts as they are compared: small letters without marks, so that "Çağla", "CAGLA" and "Çag\u{306}la" are one.
///
/// Letters of the Latin script lose their marks (ß is ss, æ is ae, ø is o, ı and İ are i); other scripts are only made small.
enum PlainText {
    /// Appends the plain form of UTF-8: letters and digits, everything else as one blank, no blank at either end.
    ///
    /// Apostrophes and full stops vanish, so that O'Neil is oneil and M. is m.
    static func append(_ text: some Collection<UInt8>, to out: inout [UInt8]) {
        let begin = out.count
        var isASCII = true
        for byte in text {
            if byte >= 0x80 { isASCII = false; break }
            put(byte, begin, &out)
        }
        if !isASCII {
            out.removeLast(out.count - begin)
            for scalar in String(decoding: text, as: UTF8.self).unicodeScalars { put(scalar, begin, &out) }
        }
        if out.count > begin, out[out.count - 1] == 0x20 { out.removeLast() }
    }

    static func of(_ text: some Collection<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        append(text, to: &out)
        return out
    }

    private static func put(_ byte: UInt8, _ begin: Int, _ out: inout [UInt8]) {
        switch byte {
        case 0x61...0x7a, 0x30...0x39: out.append(byte)
        case 0x41...0x5a: out.append(byte | 0x20)
        case 0x27, 0x2e, 0x60: break
        default: if out.count > begin, out[out.count - 1] != 0x20 { out.append(0x20) }
        }
    }

    private static func put(_ scalar: Unicode.Scalar, _ begin: Int, _ out: inout [UInt8]) {
        if scalar.isASCII { return put(UInt8(scalar.value), begin, &out) }
        // Marks that stand behind their letter, and the typographer's apostrophes.
        if (0x300...0x36f).contains(scalar.value) || scalar == "\u{2019}" || scalar == "\u{2bc}" { return }
        for small in scalar.properties.lowercaseMapping.unicodeScalars {
            if small.isASCII {
                put(UInt8(small.value), begin, &out)
            } else if (0x300...0x36f).contains(small.value) {
                continue
            } else if let plain = withoutMarks[small] {
                out.append(contentsOf: plain.utf8)
            } else if small.properties.isAlphabetic || small.properties.numericType != nil {
                out.append(contentsOf: UTF8.encode(small)!)
            } else {
                put(0x20, begin, &out)
            }
        }
    }

    private static let withoutMarks: [Unicode.Scalar: String] = {
        let letters = [
            "a": "àáâãäåāăąǎạảấầẩẫậắằẳẵặ", "c": "çćĉċč", "d": "ďđð", "e": "èéêëēĕėęěẹẻẽếềểễệ", "g": "ĝğġģǧ", "h": "ĥħ", "i": "ìíîïĩīĭįıǐịỉ", "j": "ĵ", "k": "ķ",
            "l": "ĺļľŀł", "n": "ñńņňŉ", "o": "òóôõöøōŏőơǒọỏốồổỗộớờởỡợ", "r": "ŕŗř", "s": "śŝşšș", "t": "ţťŧț", "u": "ùúûüũūŭůűųưǔụủứừửữự", "w": "ŵ", "y": "ýÿŷỳỵỷỹ",
            "z": "źżž", "ss": "ß", "ae": "æ", "oe": "œ", "th": "þ",
        ]
        var out: [Unicode.Scalar: String] = [:]
        for (plain, marked) in letters { for scalar in marked.unicodeScalars { out[scalar] = plain } }
        return out
    }()
}
