public import Vocabulary

/// Why a condition cannot be read or asked, and where the fault stands.
public struct ConditionError: Explained, Hashable {
    /// Where in the form that was read.
    public enum Place: Sendable, Hashable {
        /// In the text form.
        case text(TextPlace)
        /// In the JSON form, as RFC 6901 writes it: `/and/0/eq`; empty for the whole.
        case pointer(String)
    }

    /// A code that begins with `segments.`, the problem, the remedy.
    public let explanation: Explanation
    /// Of the fault; of warnings, of what is warned about.
    public let place: Place

    init(_ explanation: Explanation, at place: Place) {
        self.explanation = explanation
        self.place = place
    }
}

/// A stretch of the text form.
public struct TextPlace: Sendable, Hashable {
    /// In bytes of UTF-8.
    public let offset: Int, length: Int
    /// From 1; the column counts characters as people see them.
    public let line: Int, column: Int

    /// - Parameter range: of bytes of `text`.
    init(_ range: Range<Int>, of text: [UInt8]) {
        offset = range.lowerBound
        length = range.count
        let before = text[..<min(range.lowerBound, text.count)]
        line = before.count { $0 == 0x0a } + 1
        let start = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        column = String(decoding: before[start...], as: UTF8.self).count + 1
    }
}

/// How large a condition may be. Whoever asks more splits it into segments that name each other.
public enum ConditionLimits {
    /// Bytes of the text form, as it is read and as it is printed, so that what was read once can be read again.
    public static let text = 65_536
    /// Bytes of the JSON form, which is wordier and writes six bytes for some signs: whatever fits as text fits as JSON.
    public static let json = 524_288
    /// Conditions and filters within each other.
    public static let depth = 64
    /// Conditions, filters and listed values together.
    public static let parts = 10_000
}

extension Explanation {
    static let tooDeep = Explanation(
        code: "segments.too-deep", problem: "The condition is nested more than \(ConditionLimits.depth) levels deep.",
        remedy: "Make a segment of the inner part and name it with `in segment`.")
    static let tooManyParts = Explanation(
        code: "segments.too-many-parts", problem: "The condition has more than \(ConditionLimits.parts) parts.",
        remedy: "Put long lists of people into a segment or a trait of their own.")
    static func tooLong(_ limit: Int) -> Explanation {
        Explanation(
            code: "segments.too-long", problem: "The condition is longer than \(limit) bytes.",
            remedy: "Make segments of its parts and name them with `in segment`.")
    }
}
