import Vocabulary

/// Bytes that would mean something where the output goes, written so that they mean themselves.
enum Escaping {
    static func html(_ text: Text, into out: inout Output) {
        var start = 0
        for index in 0..<text.count where isMarkup(text[index]) {
            out.append(text.cut(start..<index))
            out.append(entity(text[index]))
            start = index + 1
        }
        out.append(text.cut(start..<text.count))
    }

    /// Whether it is one of `"`, `&`, `'`, `<` and `>`.
    @inline(__always)
    static func isMarkup(_ byte: UInt8) -> Bool { byte < 0x40 && 0x5000_00c4_0000_0000 >> UInt64(byte) & 1 == 1 }

    static func entity(_ byte: UInt8) -> Text {
        switch byte {
        case 0x26: Text("&amp;")
        case 0x3c: Text("&lt;")
        case 0x3e: Text("&gt;")
        case 0x22: Text("&quot;")
        default: Text("&#39;")
        }
    }

    /// The byte that stands at a place, and how many bytes it is written with.
    static func unescaped(_ text: Text, at index: Int) -> (byte: UInt8, length: Int) {
        guard text[index] == 0x26 else { return (text[index], 1) }
        for byte: UInt8 in [0x26, 0x3c, 0x3e, 0x22, 0x27] {
            let entity = entity(byte)
            if text.count - index >= entity.count, text.cut(index..<index + entity.count).isSame(as: entity) { return (byte, entity.count) }
        }
        return (0x26, 1)
    }

    /// As it stands between the quotes of a JSON string.
    static func json(_ text: Text, into out: inout Output) {
        var quoted: [UInt8] = []
        JSONWriter.escape(text, into: &quoted)
        for byte in quoted[1..<(quoted.count - 1)] { out.append(byte) }
    }

    /// As a property of iCalendar or vCard says it (RFC 5545, 3.3.11), so that no value ends its line.
    static func calendar(_ text: Text, into out: inout Output) {
        var last = UInt8(0)
        for byte in text {
            switch byte {
            case 0x0a where last == 0x0d: break
            case 0x0a, 0x0d:
                out.append(0x5c)
                out.append(0x6e)
            case 0x2c, 0x3b, 0x5c:
                out.append(0x5c)
                out.append(byte)
            case 0x00...0x08, 0x0b, 0x0c, 0x0e...0x1f, 0x7f: break
            default: out.append(byte)
            }
            last = byte
        }
    }

    private static func quote(_ text: Text, into out: inout Output) {
        out.append(0x22)
        json(text, into: &out)
        out.append(0x22)
    }

    /// The value as JSON.
    static func json(_ value: Cell, into out: inout Output) {
        switch value {
        case .text(let text), .markup(let text): quote(text, into: &out)
        case .null, .empty, .blank: out.append(Text("null"))
        case .list(let values):
            out.append(0x5b)
            for (index, value) in values.enumerated() {
                if index > 0 { out.append(0x2c) }
                json(value, into: &out)
            }
            out.append(0x5d)
        case .record(let record):
            out.append(0x7b)
            for (index, member) in record.value.list.enumerated() {
                if index > 0 { out.append(0x2c) }
                quote(member.key.text, into: &out)
                out.append(0x3a)
                json(member.value, into: &out)
            }
            out.append(0x7d)
        case .decimal(let value) where !value.isFinite: out.append(Text("null"))
        case .boolean, .integer, .decimal, .huge: value.print(into: &out)
        case .range, .loop:
            out.append(0x22)
            value.print(into: &out)
            out.append(0x22)
        }
    }

    static func digits(_ value: Int, into out: inout Output) {
        if value < 0 { out.append(0x2d) }
        out.append(digits: UInt64(value.magnitude))
    }

    static func decimal(_ value: Double, into out: inout Output) {
        if abs(value) >= 1e-4, let short = ShortDecimal(value) { short.append(to: &out) } else { out.append(Cell.text(of: value)) }
    }

    /// What stands in one header line: no control character and nothing that some reader takes for the end of a line, and no blanks at the ends.
    static func header(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            let isBreak = scalar.value < 0x20 || scalar.value == 0x7f || scalar.value >= 0x80 && scalar.value <= 0x9f || scalar.value == 0x2028 || scalar.value == 0x2029
            if isBreak || scalar == " " {
                if let last = out.last, last != 0x20 { out.append(0x20) }
            } else { out.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? []) }
        }
        while out.last == 0x20 { out.removeLast() }
        return out
    }
}
