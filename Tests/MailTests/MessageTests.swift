import Mail
import Testing
import Vocabulary

@Suite("Mail as bytes")
struct MessageTests {
    static func mail(subject: String = "Your tea", name: String = "Wren & Daughters", html: String? = "<p>Tea</p>", text: String = "Tea") throws -> MailMessage {
        var mail = MailMessage(
            id: "k1", from: MailMessage.Mailbox(name: name, try MailAddress("shop@wren.example")), to: try MailAddress("ada@example.com"), date: Timestamp(clamping: 1_790_000_000_123))
        (mail.subject, mail.html, mail.text) = (subject, html, text)
        return mail
    }

    /// Every line of a message, having checked that it can be sent as it is.
    static func lines(_ bytes: [UInt8]) -> [String] {
        var lines: [[UInt8]] = [[]]
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x0d, index + 1 < bytes.count, bytes[index + 1] == 0x0a {
                lines.append([])
                index += 2
                continue
            }
            #expect(bytes[index] != 0x0d && bytes[index] != 0x0a && bytes[index] != 0, "a lone CR, LF or NUL at \(index)")
            lines[lines.count - 1].append(bytes[index])
            index += 1
        }
        #expect(lines.allSatisfy { $0.count <= 998 })
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    static let names = ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]

    @Test("a mail has its fields once each, and two parts that say the same")
    func plain() throws {
        let bytes = try Self.mail().bytes()
        _ = Self.lines(bytes)
        let read = MIMEPart(bytes)
        #expect(read.fields.map(\.name) == Self.names)
        #expect(read.field("date") == "Mon, 21 Sep 2026 14:13:20 +0000")
        #expect(read.field("from") == "Wren & Daughters <shop@wren.example>")
        #expect(read.field("message-id") == "<k1@wren.example>")
        #expect(read.parts.map(\.type) == ["text/plain", "text/html"])
        #expect(read.parts.map { $0.text } == ["Tea\r\n", "<p>Tea</p>\r\n"])
    }

    @Test("a mail without HTML has one part")
    func textAlone() throws {
        let read = MIMEPart(try Self.mail(html: nil, text: "Only text\n").bytes())
        #expect(read.type == "text/plain" && read.parts.isEmpty)
        #expect(read.text == "Only text\r\n")
    }

    @Test("with a link to leave, one POST is enough (RFC 8058); a link that could break the field is left out", arguments: [
        ("https://shop.example/u/abc", true), ("https://shop.example/u>\r\nBcc: eve@example.com", false), ("javascript:alert(1)", false), ("https://shop.example/a,b", false),
        ("https://shop.example/" + String(repeating: "a", count: 1000), false),
    ])
    func leaving(_ link: String, _ stands: Bool) throws {
        var mail = try Self.mail()
        mail.unsubscribe = link
        let read = MIMEPart(mail.bytes())
        #expect(read.field("list-unsubscribe") == (stands ? "<\(link)>" : nil))
        #expect(read.field("list-unsubscribe-post") == (stands ? "List-Unsubscribe=One-Click" : nil))
        #expect(read.field("bcc") == nil)
    }

    @Test("fault 87: whatever stands in a subject or a name, each is one field and no field is added", arguments: [
        "Tea\r\nBcc: eve@example.com", "Tea\nBcc: eve@example.com\n\nbody", "Tea\rBcc: eve@example.com", "Tea\u{2028}Bcc: eve@example.com", "Tea\u{85}Bcc: eve", "=?utf-8?Q?a=0D=0ABcc:_eve?=", "\u{0}",
        " leading", "trailing ", "two  blanks", "", "\"quoted\\\"", "<eve@example.com>", "eve@example.com, ada@example.com", String(repeating: "x", count: 10_000), String(repeating: "word ", count: 2000),
        String(repeating: "🍵", count: 3000), "a=?b", "Ünïcode", "(comment)", "\t",
    ])
    func injection(_ text: String) throws {
        let bytes = try Self.mail(subject: text, name: text).bytes()
        _ = Self.lines(bytes)
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\r\n" as Character) where line.contains("=?utf-8?B?") { #expect(line.utf8.count <= 76, "RFC 2047, section 2: \(line)") }
        let read = MIMEPart(bytes)
        #expect(read.fields.map(\.name) == Self.names)
        #expect(read.field("to") == "ada@example.com")
        #expect(read.field("from")?.hasSuffix("shop@wren.example>") == true || read.field("from") == "shop@wren.example")
    }

    @Test("random subjects and bodies arrive as they were written", arguments: [UInt64](1...200))
    func random(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let subject = dice.text(dice.below(200))
        let body = dice.text(dice.below(3000))
        let bytes = try Self.mail(subject: subject, html: body, text: body).bytes()
        _ = Self.lines(bytes)
        let read = MIMEPart(bytes)
        #expect(read.fields.map(\.name) == Self.names, "seed \(seed)")
        #expect(Self.squeezed(EncodedWords.decode(read.field("subject") ?? "")) == Self.squeezed(Self.oneLine(subject)), "seed \(seed)")
        var expected = Self.lineEnds(body)
        if !expected.isEmpty, !expected.hasSuffix("\r\n") { expected += "\r\n" }
        for part in read.parts { #expect(part.text == (expected.isEmpty ? "" : expected), "seed \(seed)") }
    }

    /// What a subject must come to: controls and line ends are blanks. How many blanks there are is no part of it.
    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { [.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory) ? " " : $0 }))
    }
    private static func squeezed(_ text: String) -> [Substring] { text.split(separator: " ") }

    private static func lineEnds(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        var wasReturn = false
        for scalar in text.unicodeScalars where scalar != "\0" {
            if scalar == "\n", wasReturn { wasReturn = false; continue }
            wasReturn = scalar == "\r"
            if scalar == "\r" || scalar == "\n" { out.append(contentsOf: "\r\n".unicodeScalars) } else { out.append(scalar) }
        }
        return String(out)
    }
}

/// Repeatable randomness.
struct Dice: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_f491_4f6c_dd1d
    }
    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }

    private static let signs: [Unicode.Scalar] = ["a", "b", "F", "r", "o", "m", " ", " ", ".", "=", "\r", "\n", "\t", "\0", "?", "é", "€", "🍵", "\u{2028}", "<", ">", "-", "_", ":", "\"", "\\", "\u{7f}", "\u{301}"]
    mutating func text(_ count: Int) -> String { String(String.UnicodeScalarView((0..<count).map { _ in Dice.signs[below(Dice.signs.count)] })) }
}
