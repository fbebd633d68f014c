/// The server's side of SMTP, as far as catching mail needs it. No socket, no clock; every length is bounded.
struct CatchingDialogue: Sendable {
    struct Answer: Hashable {
        var text = ""
        var mail: Mail?
        var isLast = false
    }
    struct Mail: Hashable {
        let sender: String
        let recipients: [String]
        let bytes: [UInt8]
    }

    private static let (lineMaximum, recipientMaximum, errorMaximum) = (8192, 100, 20)

    private var line: [UInt8] = []
    /// Whether `line` goes on with one that was too long to be held at once.
    private var isContinued = false
    private var hasGreeted = false
    private var sender: String?
    private var recipients: [String] = []
    private var content: [UInt8]?
    private var isTooLarge = false
    private var errors = 0

    static let greeting = "220 martlet mail catcher ESMTP\r\n"

    /// Takes one byte; nil until it has something to answer.
    mutating func take(_ byte: UInt8) -> Answer? {
        line.append(byte)
        // Only CRLF ends a line: a dot between lone line feeds is a dot in the text.
        guard byte == 0x0a, line.count >= 2, line[line.count - 2] == 0x0d else {
            guard line.count > CatchingDialogue.lineMaximum else { return nil }
            if content != nil {
                append(isContinued || line.first != 0x2e ? line : Array(line.dropFirst()))
                line = []
                isContinued = true
                return nil
            }
            return Answer(text: "500 5.5.2 The line is too long.\r\n", isLast: true)
        }
        defer { (line, isContinued) = ([], false) }
        return content == nil ? command(String(decoding: line.dropLast(2), as: UTF8.self)) : data()
    }

    private mutating func append(_ bytes: [UInt8]) {
        guard let count = content?.count, count + bytes.count <= MailCatcher.messageMaximum else {
            isTooLarge = true
            return
        }
        content?.append(contentsOf: bytes)
    }

    private mutating func data() -> Answer? {
        guard isContinued || line != [0x2e, 0x0d, 0x0a] else {
            defer { reset() }
            guard !isTooLarge, let content, let sender else { return Answer(text: "552 5.3.4 The message is too large.\r\n") }
            return Answer(text: "", mail: Mail(sender: sender, recipients: recipients, bytes: content))
        }
        append(isContinued || line.first != 0x2e ? line : Array(line.dropFirst()))
        return nil
    }

    private mutating func reset() { (sender, recipients, content, isTooLarge) = (nil, [], nil, false) }

    private mutating func command(_ text: String) -> Answer {
        let word = text.prefix { $0 != " " }.uppercased()
        switch word {
        case "EHLO":
            hasGreeted = true
            reset()
            return Answer(text: "250-martlet\r\n250-PIPELINING\r\n250-SIZE \(MailCatcher.messageMaximum)\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n")
        case "HELO":
            hasGreeted = true
            reset()
            return Answer(text: "250 martlet\r\n")
        case "MAIL":
            guard hasGreeted, sender == nil, let path = path(text, "FROM:") else { return wrong() }
            sender = path
            return Answer(text: "250 2.1.0 Ok\r\n")
        case "RCPT":
            guard sender != nil, let path = path(text, "TO:"), !path.isEmpty else { return wrong() }
            guard recipients.count < CatchingDialogue.recipientMaximum else { return Answer(text: "452 4.5.3 Too many recipients.\r\n") }
            recipients.append(path)
            return Answer(text: "250 2.1.5 Ok\r\n")
        case "DATA":
            guard !recipients.isEmpty else { return wrong() }
            content = []
            return Answer(text: "354 End with a dot on a line of its own.\r\n")
        case "RSET":
            reset()
            return Answer(text: "250 2.0.0 Ok\r\n")
        case "NOOP": return Answer(text: "250 2.0.0 Ok\r\n")
        case "QUIT": return Answer(text: "221 2.0.0 Goodbye\r\n", isLast: true)
        default: return wrong("502 5.5.1 This is no command of ours.\r\n")
        }
    }

    private mutating func wrong(_ text: String = "503 5.5.1 Not now, or not so.\r\n") -> Answer {
        errors += 1
        return errors >= CatchingDialogue.errorMaximum ? Answer(text: "421 4.7.0 Too many mistakes.\r\n", isLast: true) : Answer(text: text)
    }

    /// What stands between the brackets.
    private func path(_ text: String, _ word: String) -> String? {
        let rest = text.dropFirst(4).drop { $0 == " " }
        guard rest.uppercased().hasPrefix(word), let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") else { return nil }
        return String(rest[rest.index(after: start)..<end])
    }
}
