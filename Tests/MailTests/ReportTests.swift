import Mail
import Testing

@Suite("Mail that came back")
struct ReportTests {
    static func bounce(_ action: String, _ status: String, _ diagnostic: String? = nil) -> String {
        """
        From: MAILER-DAEMON@mx.example
        To: b+token@wren.example
        Subject: Undelivered Mail
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="x/y"

        --x/y
        Content-Type: text/plain

        It was not delivered.

        --x/y
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example

        Final-Recipient: rfc822; ada@example.com
        Action: \(action)
        Status: \(status)
        \(diagnostic.map { "Diagnostic-Code: \($0)" } ?? "Remote-MTA: dns; x")

        --x/y
        Content-Type: text/rfc822-headers

        Message-ID: <k1@wren.example>
        Subject: Tea

        --x/y--
        """
    }

    @Test("hard, soft and delayed are told apart", arguments: [
        ("failed", "5.1.1", nil, MailReport.Kind.hard), ("failed", "5.1.10", nil, .hard), ("failed", "5.2.1", nil, .hard), ("failed", "5.2.2", nil, .soft), ("failed", "5.7.1", nil, .soft), ("failed", "4.4.7", nil, .soft),
        ("failed", "5.0.0", "smtp; 550 5.1.1 <ada@example.com>: no such user", .hard), ("failed", "5.0.0", "smtp; 550-5.7.1 blocked", .soft), ("failed", "5.0.0", nil, .soft), ("failed", "nonsense", nil, .soft),
        ("delayed", "4.4.1", nil, .delayed), ("Failed", "5.1.1 (bad mailbox)", nil, .hard),
    ])
    func kinds(_ action: String, _ status: String, _ diagnostic: String?, _ expected: MailReport.Kind) throws {
        for text in [Self.bounce(action, status, diagnostic), Self.bounce(action, status, diagnostic).replacing("\n", with: "\r\n")] {
            let report = try #require(MailReport.read(MIMEPart(Array(text.utf8))).first)
            #expect(report.kind == expected && report.recipient == "ada@example.com")
            #expect(report.traces.contains("b+token@wren.example") && report.traces.contains("<k1@wren.example>"))
        }
    }

    @Test("fault 50: what is no report says nothing", arguments: [
        "", "\n\n", "Subject: I am on holiday\nAuto-Submitted: auto-replied\n\nBack soon. 550 5.1.1", "Content-Type: multipart/report\n\nno boundary",
        "Content-Type: multipart/report; boundary=a\n\n--a\nContent-Type: message/delivery-status\n\n--a--", "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: message/delivery-status\n\nAction: failed\n\nAction: failed\n--a--",
    ])
    func others(_ text: String) { #expect(MailReport.read(MIMEPart(Array(text.utf8))).isEmpty) }

    @Test("delivered and relayed are no bounces")
    func success() { for action in ["delivered", "relayed", "expanded", "x"] { #expect(MailReport.read(MIMEPart(Array(Self.bounce(action, "2.0.0").utf8))).isEmpty) } }

    @Test("fault 51: a complaint is read, and what is none is not", arguments: [("abuse", true), ("fraud", true), ("not-spam", false), ("auth-failure", false)])
    func complaints(_ type: String, _ isComplaint: Bool) {
        let text = """
            Content-Type: multipart/report; report-type=feedback-report; boundary="b"

            --b
            Content-Type: message/feedback-report

            Feedback-Type: \(type)
            Version: 1
            Original-Mail-From: <b+token@wren.example>
            Original-Rcpt-To: <ada@example.com>

            --b
            Content-Type: message/rfc822

            Message-ID: <k1@wren.example>

            Tea
            --b--
            """
        let reports = MailReport.read(MIMEPart(Array(text.utf8)))
        #expect(reports.map(\.kind) == (isComplaint ? [.complaint] : []))
        if isComplaint { #expect(reports[0].recipient == "ada@example.com" && reports[0].traces.contains("<b+token@wren.example>") && reports[0].traces.contains("<k1@wren.example>")) }
    }

    @Test("whatever arrives, reading ends", arguments: [UInt64](1...400))
    func fuzz(_ seed: UInt64) {
        var dice = Dice(seed: seed)
        var bytes = Array(Self.bounce("failed", "5.1.1", "smtp; 550 no").utf8)
        for _ in 0..<(1 + dice.below(30)) where !bytes.isEmpty {
            switch dice.below(5) {
            case 0: bytes[dice.below(bytes.count)] = UInt8(dice.below(256))
            case 1: bytes.removeSubrange(0..<dice.below(bytes.count))
            case 2: bytes.removeLast(dice.below(bytes.count))
            case 3: bytes.insert(contentsOf: "--x/y\r\nContent-Type: multipart/report; boundary=\"x/y\"\r\n\r\n".utf8, at: dice.below(bytes.count))
            default: bytes.insert(contentsOf: dice.text(20).utf8, at: dice.below(bytes.count))
            }
        }
        let reports = MailReport.read(MIMEPart(bytes))
        #expect(reports.count <= 100)
        for part in MIMEPart(bytes).all { _ = part.text }
    }

    @Test("parts inside parts without end, and a thousand fields, are cut off")
    func bounded() {
        let nested = (0..<1000).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n" }.joined()
        #expect(MIMEPart(Array(nested.utf8)).all.count < 20)
        let fields = String(repeating: "A: b\n", count: 10_000)
        #expect(MIMEPart(Array(fields.utf8)).fields.count == 500)
    }

    @Test("encoded words are read as RFC 2047 has them", arguments: [
        ("plain", "plain"), ("=?utf-8?B?w5xu?= and", "Ün and"), ("=?utf-8?Q?a=20b_c?=", "a b c"), ("=?utf-8?B?YQ==?= =?UTF-8?b?Yg==?=", "ab"), ("=?utf-8?X?a?=", "=?utf-8?X?a?="), ("=?", "=?"), ("=?a?b", "=?a?b"),
    ])
    func words(_ text: String, _ expected: String) { #expect(EncodedWords.decode(text) == expected) }
}
