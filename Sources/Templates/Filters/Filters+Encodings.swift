extension Filters {
    static let encodings: [String: Filter] = [
        "escape": escaping(escaped),
        "h": escaping(escaped),
        "escape_once": escaping(escapedOnce),
        "url_encode": text { (renderer, text) throws(TemplateError) in
            try renderer.made(upTo: 3 * text.count) { out in
                for byte in text {
                    switch byte {
                    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x2e, 0x2d, 0x7e: out.append(byte)
                    case 0x20: out.append(0x2b)
                    default:
                        out.append(0x25)
                        out.append(digit(of: byte >> 4))
                        out.append(digit(of: byte & 15))
                    }
                }
            }
        },
        "url_decode": Filter(0) { (renderer, value, _) throws(TemplateError) in
            if value.isNull { return .null }
            var out: [UInt8] = []
            let bytes = try renderer.written(value)
            var index = 0
            while index < bytes.count {
                if bytes[index] == 0x25, index + 2 < bytes.count, let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2]) {
                    out.append(high << 4 | low)
                    index += 3
                } else {
                    out.append(bytes[index] == 0x2b ? 0x20 : bytes[index])
                    index += 1
                }
            }
            guard String(validating: out, as: UTF8.self) != nil else { throw .argument("url_decode", "got what is no UTF-8") }
            return try renderer.made(out)
        },
        "base64_encode": text { (renderer, text) throws(TemplateError) in try renderer.made(encoded(text, alphabet: standard)) },
        "base64_url_safe_encode": text { (renderer, text) throws(TemplateError) in try renderer.made(encoded(text, alphabet: safe)) },
        "base64_decode": Filter(0) { (renderer, value, _) throws(TemplateError) in try decoded(&renderer, value, "base64_decode", alphabet: standard) },
        "base64_url_safe_decode": Filter(0) { (renderer, value, _) throws(TemplateError) in try decoded(&renderer, value, "base64_url_safe_decode", alphabet: safe) },
    ]

    private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let safe = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func digit(of value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// What a filter escapes is not escaped again where it is printed.
    private static func escaping(_ change: @escaping @Sendable (inout Renderer, Text) throws(TemplateError) -> Cell) -> Filter {
        Filter(0) { (renderer, value, _) throws(TemplateError) in
            if value.isNull { return .null }
            if case .markup = value, renderer.kind == .html { return value }
            let escaped = try change(&renderer, try renderer.written(value))
            if case .text(let text) = escaped, renderer.kind == .html { return .markup(text) }
            return escaped
        }
    }

    private static func escaped(_ renderer: inout Renderer, _ text: Text) throws(TemplateError) -> Cell {
        // Most texts have nothing in them that means anything in HTML.
        guard text.contains(where: Escaping.isMarkup) else { return try renderer.cut(text) }
        return try renderer.made { Escaping.html(text, into: &$0) }
    }

    /// Escaped, but for `&` that begins an entity already.
    private static func escapedOnce(_ renderer: inout Renderer, _ text: Text) throws(TemplateError) -> Cell {
        try renderer.made { out in
            for index in 0..<text.count {
                if Escaping.isMarkup(text[index]), text[index] != 0x26 || !isEntity(text, index + 1) { out.append(Escaping.entity(text[index])) } else { out.append(text[index]) }
            }
        }
    }

    private static func isEntity(_ bytes: Text, _ start: Int) -> Bool {
        var index = start
        let isNumber = index < bytes.count && bytes[index] == 0x23
        if isNumber { index += 1 }
        let first = index
        while index < bytes.count, isNumber ? bytes[index] >= 0x30 && bytes[index] <= 0x39 : bytes[index] | 0x20 >= 0x61 && bytes[index] | 0x20 <= 0x7a {
            index += 1
            // No entity has so long a name, and a text of `&` and letters must not be walked again and again.
            if index - first > 32 { return false }
        }
        return index > first && index < bytes.count && bytes[index] == 0x3b
    }

    private static func encoded(_ bytes: Text, alphabet: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
            for offset in 0..<4 { out.append(offset <= count ? alphabet[Int(group >> (18 - 6 * UInt32(offset)) & 63)] : 0x3d) }
        }
        return out
    }

    private static func decoded(_ renderer: inout Renderer, _ value: Cell, _ filter: String, alphabet: [UInt8]) throws(TemplateError) -> Cell {
        if value.isNull { return .null }
        var bytes = Array(try renderer.written(value))
        // The alphabet for addresses may leave the padding out.
        if alphabet == safe, bytes.count % 4 > 1 { bytes += Array(repeating: 0x3d, count: 4 - bytes.count % 4) }
        var out: [UInt8] = []
        guard bytes.count.isMultiple(of: 4) else { throw .argument(filter, "got what is no Base64") }
        for start in stride(from: 0, to: bytes.count, by: 4) {
            let group = bytes[start..<(start + 4)]
            let padding = start + 4 == bytes.count ? group.reversed().prefix { $0 == 0x3d }.count : 0
            var bits: UInt32 = 0
            for byte in group.prefix(4 - padding) {
                guard let place = alphabet.firstIndex(of: byte) else { throw .argument(filter, "got what is no Base64") }
                bits = bits << 6 | UInt32(place)
            }
            guard padding < 3 else { throw .argument(filter, "got what is no Base64") }
            bits <<= 6 * UInt32(padding)
            for offset in 0..<(3 - padding) { out.append(UInt8(truncatingIfNeeded: bits >> (16 - 8 * UInt32(offset)))) }
        }
        guard String(validating: out, as: UTF8.self) != nil else { throw .argument(filter, "got what is no UTF-8") }
        return try renderer.made(out)
    }
}
