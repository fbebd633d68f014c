public import Identity
public import Privacy

/// What a mail carries of itself, signed: before the @ of its Message-ID and of its return path. What comes back with it is about this message to this address, whatever else it says;
/// what comes back without it is about nothing.
public struct MailMark: Sendable, Hashable {
    public let profile: ProfileID
    /// The beginning of a keyed hash of the address.
    public let address: [UInt8]
    /// The beginning of a keyed hash of the message's key.
    public let message: [UInt8]

    private static let (signatureBytes, addressBytes, messageBytes) = (8, 8, 10)
    static let textCount = 13 + 42

    public init(key: String, profile: ProfileID, address: String, _ secret: WorkspaceKey) {
        self.profile = profile
        self.address = MailMark.hash(ofAddress: address, secret)
        message = MailMark.hash(ofKey: key, secret)
    }

    private static func hash(ofKey key: String, _ secret: WorkspaceKey) -> [UInt8] { Array(secret.keyedHash(Array("mail message 1:".utf8) + key.utf8).prefix(messageBytes)) }

    /// Whether it is on the message of this key.
    public func isOf(key: String, _ secret: WorkspaceKey) -> Bool { MailMark.hash(ofKey: key, secret) == message }

    public static func hash(ofAddress address: String, _ secret: WorkspaceKey) -> [UInt8] { Array(secret.keyedHash(Array("mail address 1:".utf8) + address.lowercased().utf8).prefix(addressBytes)) }

    /// 55 small letters and digits, the same for the same message to the same address.
    public func text(_ secret: WorkspaceKey) -> String {
        let rest = address + message
        return String(profile.text.dropFirst(4)) + Base32.encode(signature(rest, secret) + rest)
    }

    /// Nil for anything that this workspace did not sign. Mail systems change the case of letters on the way.
    public init?(text: String, _ secret: WorkspaceKey) {
        let text = text.lowercased()
        guard text.utf8.count == MailMark.textCount, let profile = ProfileID("prf_" + text.prefix(13)), let bytes = Base32.decode(text.dropFirst(13).utf8) else { return nil }
        let count = MailMark.signatureBytes + MailMark.addressBytes + MailMark.messageBytes
        guard bytes.count == count else { return nil }
        let rest = Array(bytes[MailMark.signatureBytes...])
        (self.profile, address, message) = (profile, Array(rest.prefix(MailMark.addressBytes)), Array(rest.dropFirst(MailMark.addressBytes)))
        guard zip(signature(rest, secret), bytes).reduce(UInt8(0), { $0 | ($1.0 ^ $1.1) }) == 0 else { return nil }
    }

    /// The first that is found in addresses and Message-IDs that a report names.
    public init?(traces: [String], _ secret: WorkspaceKey) {
        for trace in traces {
            for word in trace.split(whereSeparator: { !$0.isASCII || !($0.isLetter || $0.isNumber) }) where word.utf8.count == MailMark.textCount {
                if let mark = MailMark(text: String(word), secret) {
                    self = mark
                    return
                }
            }
        }
        return nil
    }

    private func signature(_ rest: [UInt8], _ secret: WorkspaceKey) -> [UInt8] {
        Array(secret.keyedHash(Array("mail mark 1:".utf8) + Array(profile.text.utf8) + rest).prefix(MailMark.signatureBytes))
    }
}

/// RFC 4648, section 6, in small letters and without padding: what stands before an @ may lose its case.
enum Base32 {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        var (bits, count): (UInt32, UInt32) = (0, 0)
        for byte in bytes {
            bits = (bits << 8 | UInt32(byte)) & 0xffff
            count += 8
            while count >= 5 {
                count -= 5
                out.append(alphabet[Int(bits >> count & 31)])
            }
        }
        if count > 0 { out.append(alphabet[Int(bits << (5 - count) & 31)]) }
        return String(decoding: out, as: UTF8.self)
    }

    static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        var (bits, count): (UInt32, UInt32) = (0, 0)
        for byte in text {
            guard let value = alphabet.firstIndex(of: byte) else { return nil }
            bits = (bits << 5 | UInt32(value)) & 0xffff
            count += 5
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        guard bits & ((1 << count) - 1) == 0 else { return nil }
        return out
    }
}
