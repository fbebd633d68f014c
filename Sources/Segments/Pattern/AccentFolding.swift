import Foundation

/// Comparing texts without regard to case and accents, so that `jose` finds José and `istanbul` finds İstanbul.
///
/// - Note: Letters below U+3000 are decomposed canonically (Unicode Standard Annex 15) and lose the marks above, below and through them; letters that have no decomposition become what
///   they are written with where it is missing (`ø` o, `ł` l, `ß` ss, `æ` ae, `ı` i). No language has rules of its own: `ü` is u and not ue.
public enum AccentFolding {
    /// `text` with every letter plain and small; two texts that differ in case and accents alone are equal then.
    public static func folded(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return CaseFolding.folded(text) }
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.value < 0x80 { out.append(CaseFolding.folded(scalar)) } else if let plain = table[scalar] { out.append(contentsOf: plain) } else { out.append(CaseFolding.folded(scalar)) }
        }
        return String(out)
    }

    private static let letters: [Unicode.Scalar: String] = [
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "þ": "th", "ŋ": "n", "ŧ": "t",
    ]

    /// What letters and marks become; of those that stay what their case makes of them nothing.
    private static let table: [Unicode.Scalar: [Unicode.Scalar]] = {
        var table: [Unicode.Scalar: [Unicode.Scalar]] = [:]
        for value in UInt32(0x80)..<0x3000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            var plain: [Unicode.Scalar] = []
            for part in String(Character(scalar)).decomposedStringWithCanonicalMapping.unicodeScalars where !isMark(part) {
                // ẞ is the capital of ß, as İ without its dot is one of i.
                let small = part == "\u{1e9e}" ? "ß" : CaseFolding.folded(part)
                if let letter = letters[small] { plain += Array(letter.unicodeScalars) } else { plain.append(small) }
            }
            if plain != [CaseFolding.folded(scalar)] { table[scalar] = plain }
        }
        return table
    }()

    /// Marks that are written with letters: of Latin, Greek and Cyrillic, and the vowel points of Hebrew and Arabic. Those of other scripts change the letter.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x300...0x36f, 0x1ab0...0x1aff, 0x1dc0...0x1dff, 0x20d0...0x20ff, 0x591...0x5bd, 0x5bf, 0x5c1, 0x5c2, 0x5c4, 0x5c5, 0x5c7, 0x64b...0x65f, 0x670: true
        default: false
        }
    }
}
