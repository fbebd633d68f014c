public import Vocabulary

/// What a link in a message says: whose preferences, and what its one click ends. Signed, so that nobody can make one for another person; it names nobody to a reader.
public struct PreferenceLink: Sendable, Hashable {
    /// Of the profile.
    public let profile: String
    public let scope: ConsentScope
    /// The own id of the address that the message goes to: whoever has it is heard. Empty where it goes to none.
    public let address: String
    /// Of the address, as ``ConsentLedger/emailHash(_:)``: whoever has it is heard also when it was forgotten with who named it first. Empty where it goes to none.
    public let hash: [UInt8]

    public init(profile: String, scope: ConsentScope, address: String = "", hash: [UInt8] = []) { (self.profile, self.scope, self.address, self.hash) = (profile, scope, address, hash) }

    private static let signatureBytes = 20
    private static let bytesMaximum = 1024

    /// The link's secret part, safe in an address.
    public func token(_ key: WorkspaceKey) -> String {
        let payload = fields.map { $0.utf8.map { $0 } }.reduce(into: [UInt8]()) { bytes, field in
            bytes += [UInt8(truncatingIfNeeded: field.count >> 8), UInt8(truncatingIfNeeded: field.count)] + field
        }
        return Base64URL.encode(PreferenceLink.signature(payload, key) + payload)
    }

    private var fields: [String] { [profile, scope.purpose.name, scope.channel, scope.topic, scope.context.text] + (hash.isEmpty ? address.isEmpty ? [] : [address] : [address, Base64URL.encode(hash)]) }

    /// Nil for anything that this workspace did not sign, whatever was changed.
    public init?(token: String, _ key: WorkspaceKey) {
        guard token.utf8.count <= PreferenceLink.bytesMaximum, let bytes = Base64URL.decode(token), bytes.count > PreferenceLink.signatureBytes else { return nil }
        let payload = Array(bytes[PreferenceLink.signatureBytes...])
        // Every byte is looked at, so that the time of an answer tells nothing.
        let expected = PreferenceLink.signature(payload, key)
        guard zip(expected, bytes).reduce(UInt8(0), { $0 | ($1.0 ^ $1.1) }) == 0 else { return nil }
        var fields: [String] = []
        var index = 0
        while index + 2 <= payload.count {
            let count = Int(payload[index]) << 8 | Int(payload[index + 1])
            guard index + 2 + count <= payload.count, let text = String(validating: payload[(index + 2)..<(index + 2 + count)], as: UTF8.self) else { return nil }
            fields.append(text)
            index += 2 + count
        }
        guard (5...7).contains(fields.count), index == payload.count, let context = ConsentContext(text: fields[4]) else { return nil }
        self.init(
            profile: fields[0], scope: ConsentScope(ConsentPurpose(fields[1]), channel: fields[2], topic: fields[3], context: context), address: fields.count > 5 ? fields[5] : "",
            hash: fields.count > 6 ? Base64URL.decode(fields[6]) ?? [] : [])
    }

    private static func signature(_ payload: [UInt8], _ key: WorkspaceKey) -> [UInt8] { Array(key.keyedHash(Array("preference link 1:".utf8) + payload).prefix(signatureBytes)) }
}

/// RFC 4648, section 5, without padding.
public enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    public static func encode(_ bytes: [UInt8]) -> String {
        // Three bytes are four letters: each mail has a token for each of its links.
        String(unsafeUninitializedCapacity: bytes.count / 3 * 4 + 4) { out in
            var (index, end) = (0, 0)
            while index < bytes.count {
                let count = min(3, bytes.count - index)
                let bits = UInt32(bytes[index]) << 16 | (count > 1 ? UInt32(bytes[index + 1]) << 8 : 0) | (count > 2 ? UInt32(bytes[index + 2]) : 0)
                for letter in 0...count { out[end + letter] = alphabet[Int(bits >> UInt32(18 - 6 * letter) & 63)] }
                (index, end) = (index + 3, end + count + 1)
            }
            return end
        }
    }

    /// One text for each array: bits that carry nothing must be 0.
    public static func decode(_ text: String) -> [UInt8]? {
        var out: [UInt8] = []
        var (bits, count): (UInt32, UInt32) = (0, 0)
        for byte in text.utf8 {
            guard let value = alphabet.firstIndex(of: byte) else { return nil }
            bits = (bits << 6 | UInt32(value)) & 0xffff
            count += 6
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        guard count < 6, bits & ((1 << count) - 1) == 0 else { return nil }
        return out
    }
}

extension ConsentLedger {
    /// The secret part of a link, signed with the workspace's key.
    public func token(for link: PreferenceLink) -> String { link.token(key) }
    /// Nil for anything that this workspace did not sign.
    public func link(token: String) -> PreferenceLink? { PreferenceLink(token: token, key) }
}
