public import Vocabulary

/// A mail to one person, before it is bytes.
public struct MailMessage: Sendable {
    /// A mailbox and the name that stands before it; the name may be empty.
    public struct Mailbox: Sendable, Hashable {
        public let name: String
        public let address: MailAddress
        public init(name: String = "", _ address: MailAddress) { (self.name, self.address) = (name, address) }
    }

    /// What stands before the @ of its Message-ID: letters, digits, `.`, `-` and `_`. The same for the same message, so that a repeat can be told.
    public let id: String
    public let from: Mailbox
    public let to: MailAddress
    public var replyTo: Mailbox?
    public var subject = ""
    public var html: String?
    /// What readers without HTML see.
    public var text = ""
    public var attachments: [MailAttachment] = []
    public var date: Timestamp
    /// Where one POST stops such mails (RFC 8058).
    public var unsubscribe: String?
    /// `campaign:customer:kind:sender`, by which mailbox providers tell a sender's streams apart.
    public var feedbackID: String?

    public init(id: String, from: Mailbox, to: MailAddress, date: Timestamp) { (self.id, self.from, self.to, self.date) = (id, from, to, date) }

    public var messageID: String { "<\(id)@\(from.address.domain)>" }

    /// The message as it goes out: CRLF alone ends lines, no line is longer than 998 bytes, and before it stand one signature of each signer.
    public func bytes(signedBy signers: [DKIMSigner] = []) -> [UInt8] {
        let fields = fields
        let body = body
        var out: [UInt8] = []
        out.reserveCapacity(body.count + 4096)
        if !signers.isEmpty {
            let hash = DKIMSigner.bodyHash(body)
            for signer in signers {
                out += signer.sign(fields, bodyHash: hash, at: date).bytes
                out += [0x0d, 0x0a]
            }
        }
        for field in fields {
            out += field.bytes
            out += [0x0d, 0x0a]
        }
        out += [0x0d, 0x0a]
        out += body
        return out
    }

    private var fields: [HeaderField] {
        var fields = [
            HeaderField("Date", parts: [MailDate.text(date)]), HeaderField("From", display: from.name, address: from.address), HeaderField("To", parts: [to.text]),
        ]
        if let replyTo { fields.append(HeaderField("Reply-To", display: replyTo.name, address: replyTo.address)) }
        fields += [HeaderField("Subject", text: subject), HeaderField("Message-ID", parts: [messageID])]
        // Nobody's "I am on holiday" is wanted (RFC 3834).
        fields.append(HeaderField("Auto-Submitted", parts: ["auto-generated"]))
        if let unsubscribe, MailMessage.isLink(unsubscribe) {
            fields += [
                HeaderField("List-Unsubscribe", parts: ["<\(unsubscribe)>"]), HeaderField("List-Unsubscribe-Post", parts: ["List-Unsubscribe=One-Click"]), HeaderField("Precedence", parts: ["bulk"]),
            ]
        }
        if let feedbackID { fields.append(HeaderField("Feedback-ID", text: String(HeaderField.oneLine(feedbackID).prefix(120)))) }
        fields.append(HeaderField("MIME-Version", parts: ["1.0"]))
        if !attachments.isEmpty {
            fields.append(HeaderField("Content-Type", parts: ["multipart/mixed;", "boundary=\"\(MailMessage.outerBoundary)\""]))
        } else {
            fields += readableFields
        }
        return fields
    }

    /// Of what people read.
    private var readableFields: [HeaderField] {
        var fields: [HeaderField] = []
        if html == nil {
            fields += [HeaderField("Content-Type", parts: ["text/plain; charset=utf-8"]), HeaderField("Content-Transfer-Encoding", parts: ["quoted-printable"])]
        } else {
            fields.append(HeaderField("Content-Type", parts: ["multipart/alternative;", "boundary=\"\(MailMessage.boundary)\""]))
        }
        return fields
    }

    // `=_` stands in no quoted-printable text, so that no part can hold it.
    private static let boundary = "=_martlet_alternative"
    // Nor in base64.
    private static let outerBoundary = "=_martlet_mixed"

    private var body: [UInt8] {
        guard !attachments.isEmpty else { return readable }
        var out: [UInt8] = []
        out += "--\(MailMessage.outerBoundary)\r\n".utf8
        for field in readableFields {
            out += field.bytes
            out += [0x0d, 0x0a]
        }
        out += [0x0d, 0x0a]
        out += readable
        for attachment in attachments {
            out += "\r\n--\(MailMessage.outerBoundary)\r\n".utf8
            out += attachment.bytes
        }
        out += "\r\n--\(MailMessage.outerBoundary)--\r\n".utf8
        return out
    }

    private var readable: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count + (html?.utf8.count ?? 0) * 5 / 4 + 512)
        guard let html else {
            append(text, to: &out)
            return out
        }
        for (type, content) in [("plain", text), ("html", html)] {
            out += "--\(MailMessage.boundary)\r\nContent-Type: text/\(type); charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".utf8
            append(content, to: &out)
            out += [0x0d, 0x0a]
        }
        out += "--\(MailMessage.boundary)--\r\n".utf8
        return out
    }

    private func append(_ text: String, to out: inout [UInt8]) {
        var text = text
        text.withUTF8 { bytes in unsafe QuotedPrintable.append(bytes, to: &out) }
    }

    /// Whether a text can stand in a field between `<` and `>`: an address of the web that fits into a line, since it must not be folded.
    static func isLink(_ text: String) -> Bool {
        (text.hasPrefix("https://") || text.hasPrefix("http://")) && text.utf8.count <= 900 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != 0x3c && $0 != 0x3e && $0 != 0x2c }
    }
}
