/// RFC 4648, section 4.
public enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        var out: [UInt8] = []
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        var (bits, count): (UInt32, UInt32) = (0, 0)
        for byte in bytes {
            bits = (bits << 8 | UInt32(byte)) & 0xffff
            count += 8
            while count >= 6 {
                count -= 6
                out.append(alphabet[Int(bits >> count & 63)])
            }
        }
        if count > 0 { out.append(alphabet[Int(bits << (6 - count) & 63)]) }
        while !out.count.isMultiple(of: 4) { out.append(0x3d) }
        return String(decoding: out, as: UTF8.self)
    }

    /// The bytes behind a text; whatever is not of the alphabet is passed over, as in mail it must be.
    public static func decode(_ text: some Sequence<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        var (bits, count): (UInt32, UInt32) = (0, 0)
        for byte in text {
            guard let value = value(byte) else {
                if byte == 0x3d { break }
                continue
            }
            bits = (bits << 6 | value) & 0xffff
            count += 6
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return out
    }

    /// The bytes behind a text that is nothing else, on one line or in several; nil for any other.
    public static func decode(strictly text: String) -> [UInt8]? {
        let signs = text.utf8.filter { $0 != 0x0d && $0 != 0x0a && $0 != 0x20 && $0 != 0x09 }
        let padding = signs.reversed().prefix { $0 == 0x3d }.count
        let letters = signs.dropLast(padding)
        guard padding <= 2, signs.count.isMultiple(of: 4) || padding == 0, letters.count % 4 != 1, letters.allSatisfy({ value($0) != nil }) else { return nil }
        return decode(letters)
    }

    private static func value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5a: UInt32(byte) - 0x41
        case 0x61...0x7a: UInt32(byte) - 0x61 + 26
        case 0x30...0x39: UInt32(byte) - 0x30 + 52
        case 0x2b: 62
        case 0x2f: 63
        default: nil
        }
    }
}
