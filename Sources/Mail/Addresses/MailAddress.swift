public import Vocabulary

/// A mailbox as SMTP carries it (RFC 5321, section 4.1.2; RFC 6531 for letters beyond ASCII), with its domain in ASCII.
///
/// What passes here holds no blank, no control, no bracket and no separator, so that it can neither end a command nor begin a second recipient.
public struct MailAddress: Sendable, Hashable {
    /// At most 64 bytes.
    public let local: String
    /// Small letters; labels with other letters are in their ASCII form (`xn--`).
    public let domain: String

    public var text: String { "\(local)@\(domain)" }
    /// Whether the server must speak SMTPUTF8 to take it.
    public var needsUTF8: Bool { local.utf8.contains { $0 >= 0x80 } }

    /// Reads `ada@example.com`; blanks around it are dropped. No display name, no comment, no quoted part, no bracketed number: nobody's real address needs
    /// them, and each has been a way to smuggle something in.
    ///
    /// - Throws: ``MailAddressFault``.
    public init(_ text: String) throws(MailAddressFault) {
        let trimmed = text.trimmingBlanks
        guard let at = trimmed.lastIndex(of: "@") else { throw .form }
        let (local, domain) = (String(trimmed[..<at]), String(trimmed[trimmed.index(after: at)...]))
        guard !local.isEmpty, !local.hasPrefix("."), !local.hasSuffix("."), !local.holds(".", "."), local.unicodeScalars.allSatisfy(MailAddress.isLocal) else { throw .local }
        guard local.utf8.count <= 64 else { throw .length }
        guard let ascii = DomainName.ascii(domain) else { throw .domain }
        guard local.utf8.count + 1 + ascii.utf8.count <= 254 else { throw .length }
        (self.local, self.domain) = (local, ascii)
    }

    private static let specials = Set("!#$%&'*+-/=?^_`{|}~.".unicodeScalars)

    private static func isLocal(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || ("A"..."Z").contains(scalar) || specials.contains(scalar) }
        return DomainName.isLetter(scalar)
    }
}

/// Why a text is no address that mail can be sent to.
public enum MailAddressFault: String, Explained, Hashable {
    case form, local, domain, length

    public var explanation: Explanation {
        switch self {
        case .form: Explanation(code: "mail.address", problem: "This is not an address: it has no @.", remedy: "Write it as ada@example.com.")
        case .local: Explanation(code: "mail.address-local", problem: "What stands before the @ has a sign that no mailbox has.", remedy: "Use letters, digits and .!#$%&'*+-/=?^_`{|}~ before the @.")
        case .domain: Explanation(code: "mail.address-domain", problem: "What stands behind the @ is not the name of a domain.", remedy: "Write it as example.com.")
        case .length: Explanation(code: "mail.address-length", problem: "The address is too long: 64 bytes before the @ and 254 in all.", remedy: "Correct the address.")
        }
    }
}
