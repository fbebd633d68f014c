import CCrypto

/// Random secrets, and hashes that do not give them back.
public enum Secrets {
    private static let letters = Array("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789".utf8)

    /// 5.8 bits a character; 32 characters are 185 bits.
    public static func random(_ count: Int = 32) -> String {
        var generator = SystemRandomNumberGenerator()
        return String(decoding: (0..<count).map { _ in letters[Int(generator.next(upperBound: UInt(letters.count)))] }, as: UTF8.self)
    }

    /// SHA-256 in hexadecimal: enough for secrets that are random themselves, and a look-up by it takes the same time for any guess.
    public static func hash(_ secret: String) -> String {
        var out = [UInt8](repeating: 0, count: 32)
        let bytes = Array(secret.utf8)
        _ = unsafe SHA256(bytes, bytes.count, &out)
        return hex(out)
    }

    /// scrypt with N = 2^15, r = 8, p = 1: 32 MiB and about 80 ms.
    ///
    /// - Note: OWASP Password Storage Cheat Sheet, scrypt (N = 2^15 with p = 3 or N = 2^17; we take the smallest memory of its list).
    public static func passwordHash(_ password: String, salt: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 32)
        let bytes = Array(password.utf8)
        let done = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                unsafe EVP_PBE_scrypt(text.baseAddress, text.count, salt, salt.count, 1 << 15, 8, 3, 64 << 20, &out, out.count)
            }
        }
        precondition(done == 1, "scrypt with fixed parameters")
        return out
    }

    public static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// Whether two byte strings are equal, in a time that does not tell where they differ.
    public static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        return unsafe CRYPTO_memcmp(a, b, a.count) == 0
    }

    static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
