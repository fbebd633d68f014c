/// A cell of a CSV file, as spreadsheets read it.
public enum CSVCell {
    /// What a spreadsheet takes for the beginning of a formula, in the wide form of East Asian keyboards as well.
    private static let formulaSigns: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"]

    /// The text as one cell, in quotes where it must be (RFC 4180). What would be taken for a formula begins with `'`; a negative number is none.
    public static func text(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { formulaSigns.contains($0) } ?? false
        let shown = isFormula && !isNegativeNumber(text) ? "'" + text : text
        guard shown.utf8.contains(where: { $0 == 0x22 || $0 == 0x2c || $0 == 0x0a || $0 == 0x0d }) else { return shown }
        return "\"" + shown.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static func isNegativeNumber(_ text: String) -> Bool {
        let parts = text.utf8.dropFirst().split(separator: 0x2e, omittingEmptySubsequences: false)
        return text.utf8.first == 0x2d && parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }
    }
}
