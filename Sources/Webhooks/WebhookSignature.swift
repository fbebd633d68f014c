import CCrypto
import Vocabulary

/// The signature of a call, by the Standard Webhooks specification, version 1: HMAC-SHA-256 over id, time and body, under every secret.
public enum WebhookSignature {
    private static let secretBytes = 32
    /// As the specification has it: 24 to 64 bytes.
    private static let secretLengths = 24...64

    /// A new secret: `whsec_` and base64 of 32 random bytes.
    public static func newSecret() -> String {
        var generator = SystemRandomNumberGenerator()
        return "whsec_" + Base64.encode((0..<secretBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    public static func isSecret(_ text: String) -> Bool { key(text) != nil }

    private static func key(_ secret: String) -> [UInt8]? {
        guard secret.hasPrefix("whsec_"), let bytes = Base64.decode(String(secret.dropFirst(6))), secretLengths.contains(bytes.count) else { return nil }
        return bytes
    }

    /// The header `webhook-signature`.
    ///
    /// - Parameter seconds: since 1970, as in the header `webhook-timestamp`.
    public static func header(id: String, seconds: Int64, body: [UInt8], secrets: [String]) -> String {
        let message = Array("\(id).\(seconds).".utf8) + body
        return secrets.compactMap(key).map { "v1," + Base64.encode(code(message, $0)) }.joined(separator: " ")
    }

    private static func code(_ message: [UInt8], _ key: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        _ = unsafe HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &out, &length)
        return out
    }
}

/// RFC 4648, section 4, with padding.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for index in 0..<4 { out.append(index <= group.count ? alphabet[Int(bits >> UInt32(18 - 6 * index) & 63)] : 0x3d) }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Nil for anything that ``encode(_:)`` does not write.
    static func decode(_ text: String) -> [UInt8]? {
        let letters = Array(text.utf8)
        guard letters.count.isMultiple(of: 4) else { return nil }
        let padding = letters.suffix(2).filter { $0 == 0x3d }.count
        var out: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        for letter in letters.dropLast(padding) {
            guard let value = alphabet.firstIndex(of: letter) else { return nil }
            bits = (bits << 6 | UInt32(value)) & 0xffffff
            count += 6
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return encode(out) == text ? out : nil
    }
}
