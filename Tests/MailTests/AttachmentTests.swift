import Mail
import Testing
import Vocabulary

@Suite("Files that a mail carries")
struct AttachmentTests {
    private static func mail(_ attachments: MailAttachment..., html: String? = "<p>Tea</p>") throws -> MailMessage {
        var mail = try MessageTests.mail(html: html)
        mail.attachments = attachments
        return mail
    }

    @Test("a file comes back byte for byte, whatever it holds and however long it is", arguments: [0, 1, 2, 3, 56, 57, 58, 113, 114, 115, 70_000])
    func whole(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        let mail = try Self.mail(MailAttachment(name: "terms.pdf", type: "application/pdf", MailAttachment.Body(bytes)))
        let sent = mail.bytes()
        #expect(MessageTests.lines(sent).allSatisfy { $0.utf8.count <= 78 })
        let read = MIMEPart(sent)
        #expect(read.type == "multipart/mixed" && read.parts.map(\.type) == ["multipart/alternative", "application/pdf"])
        #expect(read.parts.first?.parts.map(\.text) == ["Tea\r\n", "<p>Tea</p>\r\n"])
        #expect(read.parts.last?.content == bytes)
        #expect(read.parts.last?.fileName == "terms.pdf")
    }

    @Test("beside a text alone, and several beside each other")
    func several() throws {
        let one = MailAttachment(name: "a.ics", type: "text/calendar; method=REQUEST", MailAttachment.Body(Array("BEGIN:VCALENDAR".utf8)))
        let other = MailAttachment(name: "b.csv", type: "text/csv; charset=iso-8859-1", MailAttachment.Body(Array("a;b".utf8)))
        let read = MIMEPart(try Self.mail(one, other, html: nil).bytes())
        #expect(read.parts.map(\.type) == ["text/plain", "text/calendar", "text/csv"])
        #expect(read.parts.map { $0.parameter("charset") } == ["utf-8", "utf-8", "iso-8859-1"])
        #expect(read.parts[1].parameter("method") == "REQUEST" && read.parts[0].text == "Tea\r\n")
        #expect(read.parts.map(\.fileName) == [nil, "a.ics", "b.csv"])
    }

    @Test("a name is one, whatever stands in it", arguments: [
        ("Gutschein für Zoë.pdf", "Gutschein für Zoë.pdf"), ("../../etc/passwd", "..-..-etc-passwd"), ("a\r\nBcc: eve@example.com", "a  Bcc- eve@example.com"), ("x\".exe", "x-.exe"),
        ("invoice\u{202e}fdp.exe", "invoicefdp.exe"), ("..", "attachment"), ("", "attachment"), (String(repeating: "ü", count: 200) + ".pdf", String(repeating: "ü", count: 58) + ".pdf"), ("a." + String(repeating: "x", count: 200), "a." + String(repeating: "x", count: 118)), ("100%.pdf", "100%.pdf"), ("😀=?utf-8?q?x?=.pdf", "😀=-utf-8-q-x-=.pdf"),
    ])
    func names(written: String, shown: String) throws {
        let sent = try Self.mail(MailAttachment(name: written, type: "application/pdf", MailAttachment.Body([1, 2, 3]))).bytes()
        _ = MessageTests.lines(sent)
        let read = MIMEPart(sent)
        #expect(read.fields.map(\.name) == MessageTests.names)
        #expect(read.parts.count == 2 && read.parts.last?.fileName == shown)
        #expect(read.parts.last?.fields.map(\.name) == ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"])
    }

    @Test("what is no type of one part is called bytes", arguments: [
        ("application/pdf", true), ("text/calendar; method=REQUEST; charset=utf-8", true), ("text", false), ("text/", false), ("text/plain\r\nBcc: a@b.c", false), ("multipart/mixed; boundary=x", false), ("message/rfc822", false),
        ("text/plain; x", false), ("text/plain; a=\"b\"", false), (String(repeating: "a", count: 130) + "/b", false), ("", false),
    ])
    func types(type: String, isOne: Bool) throws {
        #expect(MailAttachment.isMediaType(type) == isOne)
        let read = MIMEPart(try Self.mail(MailAttachment(name: "a", type: type, MailAttachment.Body([1]))).bytes())
        #expect(read.parts.count == 2 && (read.parts.last?.type == "application/octet-stream") == !isOne)
    }

    @Test("base64 is read strictly where somebody hands it in", arguments: [
        ("", []), ("AQID", [1, 2, 3]), ("AQI=", [1, 2]), ("AQI", [1, 2]), ("AQ==", [1]), ("AQ I\r\nD", [1, 2, 3]), ("A", nil), ("AQI=D", nil), ("AQ=", nil), ("A===", nil), ("AQID!", nil), ("data:application/pdf;base64,AQID", nil), ("AQ-_", nil),
    ] as [(String, [UInt8]?)])
    func strict(text: String, bytes: [UInt8]?) { #expect(Base64.decode(strictly: text) == bytes) }
}
