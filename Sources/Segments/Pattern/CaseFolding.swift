/// Comparing texts without regard to case.
///
/// - Note: Unicode simple case folding (CaseFolding.txt, statuses C and S), got from the standard library's mappings: one scalar becomes one scalar,
///   no language has rules of its own, so `ß` is not `ss` and the Turkish `ı` and `İ` equal only themselves.
public enum CaseFolding {
    /// `text` with every scalar folded; two texts that differ in case alone have the same scalars then.
    public static func folded(_ text: String) -> String {
        // Most texts are ASCII, and those need no tables.
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return String(decoding: text.utf8.map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 }, as: UTF8.self) }
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { out.append(folded(scalar)) }
        return String(out)
    }

    static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.value < 0x80 { return scalar.value >= 0x41 && scalar.value <= 0x5a ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar }
        if scalar == "ı" || scalar == "İ" { return scalar }
        // By way of the capital, so that letters with two small forms (σ and ς, s and ſ) become one.
        return single(single(scalar, scalar.properties.uppercaseMapping), nil)
    }

    /// The capital of a folded scalar, where it is one scalar.
    static func raised(_ scalar: Unicode.Scalar) -> Unicode.Scalar { scalar == "ı" ? scalar : single(scalar, scalar.properties.uppercaseMapping) }

    private static func single(_ scalar: Unicode.Scalar, _ mapping: String?) -> Unicode.Scalar {
        let scalars = (mapping ?? scalar.properties.lowercaseMapping).unicodeScalars
        return scalars.count == 1 ? scalars.first ?? scalar : scalar
    }
}
