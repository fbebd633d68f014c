/// Texts in addresses, as RFC 3986 writes them; the command line uses it as well.
public enum PercentCoding {
    /// Undoes %XX; bytes that are not UTF-8 afterwards become U+FFFD, a broken escape stays as it is.
    static func decode(_ text: some Collection<UInt8>, plusIsBlank: Bool) -> String {
        var out: [UInt8] = []
        var bytes = Array(text)[...]
        while let byte = bytes.popFirst() {
            if byte == 0x25, bytes.count >= 2, let high = digit(bytes.first!), let low = digit(bytes[bytes.startIndex + 1]) {
                out.append(high << 4 | low)
                bytes = bytes.dropFirst(2)
            } else {
                out.append(plusIsBlank && byte == 0x2b ? 0x20 : byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// `a=1&b=2` as pairs, in order.
    static func pairs(_ query: some StringProtocol) -> [(name: String, value: String)] {
        query.split(separator: "&").map { part in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decode(sides[0].utf8, plusIsBlank: true), sides.count > 1 ? decode(sides[1].utf8, plusIsBlank: true) : "")
        }
    }

    /// One component: everything but unreserved characters as %XX of its UTF-8.
    public static func encode(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: out.append(byte)
            default: out += [0x25, hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
