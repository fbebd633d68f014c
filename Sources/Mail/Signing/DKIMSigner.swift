import Vocabulary

/// Signs mail for a domain (RFC 6376), relaxed in head and body, so that relays may fold and trim.
public struct DKIMSigner: Sendable {
    public let domain: String
    public let selector: String
    public let key: DKIMKey

    /// - Parameters:
    ///   - domain: as ``DomainName/ascii(_:)`` gives it.
    ///   - selector: one or more labels of a domain's name.
    public init(domain: String, selector: String, key: DKIMKey) { (self.domain, self.selector, self.key) = (domain, selector, key) }

    /// Where the public key stands in DNS.
    public var recordName: String { "\(selector)._domainkey.\(domain)" }
    /// What stands there, as TXT.
    public var recordText: String { "v=DKIM1; k=\(key.kind.rawValue); p=\(Base64.encode(key.publicKey))" }

    /// Whatever of these a message has is signed. `From`, `To` and `Subject` are named once more than they stand there, so that nobody adds another.
    private static let signed = [
        "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID", "Auto-Submitted",
    ]
    private static let once = ["From", "To", "Subject"]

    static func bodyHash(_ body: [UInt8]) -> [UInt8] { SHA256Hash.of(relaxed(body: body)) }

    func sign(_ fields: [HeaderField], bodyHash: [UInt8], at time: Timestamp) -> HeaderField {
        let chosen = DKIMSigner.signed.compactMap { name in fields.first { $0.name == name } }
        let names = chosen.map { $0.name.lowercased() } + DKIMSigner.once.map { $0.lowercased() }
        var parts = [
            "v=1;", "a=\(key.kind.rawValue)-sha256;", "c=relaxed/relaxed;", "d=\(domain);", "s=\(selector);", "t=\(max(0, time.milliseconds / 1000));",
        ]
        // A long list is folded behind its colons.
        for (index, name) in names.enumerated() { parts.append((index == 0 ? "h=" : "") + name + (index == names.count - 1 ? ";" : ":")) }
        parts += ["bh=\(Base64.encode(bodyHash));", "b="]
        var data: [UInt8] = []
        for field in chosen {
            DKIMSigner.relax(field: field.bytes, into: &data)
            data += [0x0d, 0x0a]
        }
        DKIMSigner.relax(field: HeaderField("DKIM-Signature", parts: parts).bytes, into: &data)
        let signature = Array(Base64.encode(key.signature(of: data)).utf8)
        // Blanks inside the value are no part of it, and folding the rest otherwise than it was signed changes nothing: each fold is one blank.
        parts[parts.count - 1] += String(decoding: signature.prefix(70), as: UTF8.self)
        for start in stride(from: 70, to: signature.count, by: 70) { parts.append(String(decoding: signature[start..<min(start + 70, signature.count)], as: UTF8.self)) }
        return HeaderField("DKIM-Signature", parts: parts)
    }

    /// RFC 6376, section 3.4.2.
    static func relax(field: [UInt8], into out: inout [UInt8]) {
        guard let colon = field.firstIndex(of: 0x3a) else { return }
        for byte in field[..<colon] where byte != 0x20 && byte != 0x09 { out.append(byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte) }
        out.append(0x3a)
        let start = out.count
        var hasBlank = false
        for byte in field[(colon + 1)...] {
            switch byte {
            case 0x20, 0x09: hasBlank = true
            case 0x0d, 0x0a: break
            default:
                if hasBlank, out.count > start { out.append(0x20) }
                hasBlank = false
                out.append(byte)
            }
        }
    }

    /// RFC 6376, section 3.4.4. The body's lines end in CRLF.
    static func relaxed(body: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(body.count)
        var (hasBlank, emptyLines, isLineStart) = (false, 0, true)
        var index = 0
        while index < body.count {
            let byte = body[index]
            if byte == 0x0d, index + 1 < body.count, body[index + 1] == 0x0a {
                if isLineStart { emptyLines += 1 } else { out += [0x0d, 0x0a] }
                (hasBlank, isLineStart) = (false, true)
                index += 2
                continue
            }
            if byte == 0x20 || byte == 0x09 {
                index += 1
                hasBlank = true
                continue
            }
            for _ in 0..<emptyLines { out += [0x0d, 0x0a] }
            emptyLines = 0
            if hasBlank { out.append(0x20) }
            hasBlank = false
            isLineStart = false
            let start = index
            index += 1
            while index < body.count, body[index] != 0x20, body[index] != 0x09, body[index] != 0x0d { index += 1 }
            out += body[start..<index]
        }
        if !isLineStart { out += [0x0d, 0x0a] }
        return out
    }
}
