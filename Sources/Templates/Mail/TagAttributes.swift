/// Reads the attributes of an HTML tag as browsers do: names in letters of any case, and values in double quotes, single quotes or none, with blanks around `=`.
///
/// What stands within a value is never taken for an attribute: values hold what people wrote about themselves.
enum TagAttributes {
    /// Where a name and its value stand, without quotes; the value of a name alone is empty.
    struct Attribute {
        let name: Range<Int>
        let value: Range<Int>
    }

    /// The next attribute from a place behind the tag's name on; nil at the bracket that closes the tag, or at the end.
    ///
    /// - Note: HTML Living Standard, 13.2.5.32 to 13.2.5.40.
    static func next(in html: Span<UInt8>, at index: inout Int) -> Attribute? {
        while index < html.count, Ascii.isBlank(html[index]) || html[index] == 0x2f { index += 1 }
        guard index < html.count, html[index] != 0x3e else { return nil }
        let start = index
        // Where a name is expected, `=` begins one.
        index += 1
        while index < html.count, !Ascii.isBlank(html[index]), html[index] != 0x2f, html[index] != 0x3d, html[index] != 0x3e { index += 1 }
        let name = start..<index
        passBlanks(in: html, at: &index)
        guard index < html.count, html[index] == 0x3d else { return Attribute(name: name, value: index..<index) }
        index += 1
        passBlanks(in: html, at: &index)
        return Attribute(name: name, value: value(in: html, at: &index))
    }

    /// Where the bracket stands that closes the tag; the end where none does.
    static func end(in html: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while next(in: html, at: &index) != nil {}
        return index
    }

    /// The value of an attribute with its character references read; the first counts where it stands twice, and nil is told where it stands nowhere.
    static func value(_ name: String, in html: [UInt8], from start: Int) -> String? {
        var index = start
        while let attribute = next(in: html.span, at: &index) {
            guard says(html.span, attribute.name, name) else { continue }
            return String(decoding: Entities.decoded(html[attribute.value], inAttribute: true), as: UTF8.self)
        }
        return nil
    }

    /// Whether a name is this one, which is in small letters.
    static func says(_ html: Span<UInt8>, _ range: Range<Int>, _ name: String) -> Bool {
        guard range.count == name.utf8.count else { return false }
        var index = range.lowerBound
        for letter in name.utf8 {
            guard Ascii.lowered(html[index]) == letter else { return false }
            index += 1
        }
        return true
    }

    private static func value(in html: Span<UInt8>, at index: inout Int) -> Range<Int> {
        guard index < html.count else { return index..<index }
        let quote = html[index]
        if quote == 0x22 || quote == 0x27 {
            index += 1
            let start = index
            while index < html.count, html[index] != quote { index += 1 }
            let value = start..<index
            index = min(index + 1, html.count)
            return value
        }
        // Without quotes, a slash is part of the value.
        let start = index
        while index < html.count, !Ascii.isBlank(html[index]), html[index] != 0x3e { index += 1 }
        return start..<index
    }

    private static func passBlanks(in html: Span<UInt8>, at index: inout Int) {
        while index < html.count, Ascii.isBlank(html[index]) { index += 1 }
    }
}
