import CCrypto

/// A private key that mail is signed with (RFC 6376, RFC 8463).
///
/// `@unchecked Sendable`: the key is never changed after it was made, and OpenSSL lets any thread sign with it.
public final class DKIMKey: @unchecked Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// RSA of 2048 bits, which every receiver checks.
        case rsa
        /// Small and quick, and checked by few so far: never the only one.
        case ed25519
    }

    public let kind: Kind
    private let key: OpaquePointer

    private init(_ kind: Kind, _ key: OpaquePointer) {
        self.kind = kind
        unsafe self.key = key
    }
    deinit { unsafe EVP_PKEY_free(key) }

    /// A new key; nil when the machine has no randomness to give.
    public static func make(_ kind: Kind) -> DKIMKey? {
        guard let context = unsafe EVP_PKEY_CTX_new_id(kind == .rsa ? EVP_PKEY_RSA : EVP_PKEY_ED25519, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1, unsafe kind == .ed25519 || EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048) == 1, unsafe EVP_PKEY_generate(context, &key) == 1, let key = unsafe key
        else { return nil }
        return unsafe DKIMKey(kind, key)
    }

    /// From the bytes of ``der``; nil for anything else.
    public init?(der: [UInt8]) {
        let key: OpaquePointer? = unsafe der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return unsafe d2i_AutoPrivateKey(nil, &start, buffer.count)
        }
        guard let key = unsafe key else { return nil }
        switch unsafe EVP_PKEY_get_id(key) {
        case EVP_PKEY_RSA: kind = .rsa
        case EVP_PKEY_ED25519: kind = .ed25519
        default:
            unsafe EVP_PKEY_free(key)
            return nil
        }
        unsafe self.key = key
    }

    /// The private key, to be kept secret.
    public var der: [UInt8] { DKIMKey.bytes { unsafe i2d_PrivateKey(key, $0) } }

    /// What stands behind `p=` in DNS: of RSA a SubjectPublicKeyInfo, of Ed25519 the 32 bytes themselves.
    public var publicKey: [UInt8] {
        if kind == .rsa { return DKIMKey.bytes { unsafe i2d_PUBKEY(key, $0) } }
        var out = [UInt8](repeating: 0, count: 32)
        var count = out.count
        return unsafe EVP_PKEY_get_raw_public_key(key, &out, &count) == 1 ? out : []
    }

    private static func bytes(_ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8] {
        let count = unsafe write(nil)
        guard count > 0 else { return [] }
        var out = [UInt8](repeating: 0, count: Int(count))
        let written = unsafe out.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return unsafe write(&start)
        }
        return written == count ? out : []
    }

    /// A signature of a message: RSA with SHA-256, or Ed25519 over the SHA-256 of it (RFC 8463, section 3).
    func signature(of message: [UInt8]) -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { return [] }
        defer { unsafe EVP_MD_CTX_free(context) }
        let data = kind == .rsa ? message : SHA256Hash.of(message)
        guard unsafe EVP_DigestSignInit(context, nil, kind == .rsa ? EVP_sha256() : nil, nil, key) == 1 else { return [] }
        var count = 512
        var out = [UInt8](repeating: 0, count: count)
        guard unsafe EVP_DigestSign(context, &out, &count, data, data.count) == 1 else { return [] }
        return Array(out.prefix(count))
    }
}

enum SHA256Hash {
    static func of(_ bytes: [UInt8]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 32)
        _ = unsafe SHA256(bytes, bytes.count, &out)
        return out
    }
}
