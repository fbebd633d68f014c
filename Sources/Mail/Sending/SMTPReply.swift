/// What a mail server answers: a code of three digits, perhaps an enhanced one (RFC 3463), and words.
public struct SMTPReply: Sendable, Hashable {
    public let code: Int
    /// Such as `5.1.1`; nil where the server gives none.
    public let enhanced: String?
    /// Its lines without the codes.
    public let lines: [String]

    /// Done; a 3xx only asks for more.
    public var isPositive: Bool { code >= 200 && code < 300 }
    public var isTransient: Bool { code >= 400 && code < 500 }

    /// The codes alone: what may be kept and shown, since servers like to repeat the address in their words.
    public var codes: String { enhanced.map { "\(code) \($0)" } ?? "\(code)" }

    init(code: Int, lines: [String]) {
        self.code = code
        let first = lines.first?.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
        let numbers = first.split(separator: ".", omittingEmptySubsequences: false)
        let isEnhanced = numbers.count == 3 && numbers[0] == "\(code / 100)" && numbers.dropFirst().allSatisfy { (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }
        enhanced = isEnhanced ? first : nil
        self.lines = isEnhanced ? lines.map { $0.hasPrefix(first) ? String($0.dropFirst(first.count).drop { $0 == " " }) : $0 } : lines
    }
}

/// Cuts what a server sends into replies, and gives up on what is none.
struct SMTPReplyReader: Sendable {
    // RFC 5321 allows 512 bytes; servers write more.
    private static let lineMaximum = 4096
    private static let linesMaximum = 200

    private var line: [UInt8] = []
    private var lines: [String] = []
    private var code: Int?
    private(set) var isBroken = false

    /// Whether a reply has begun, and not ended.
    var isInside: Bool { !line.isEmpty || !lines.isEmpty }

    /// Takes one byte, and gives the reply that it ends.
    mutating func take(_ byte: UInt8) -> SMTPReply? {
        guard !isBroken else { return nil }
        guard byte == 0x0a else {
            line.append(byte)
            if line.count > SMTPReplyReader.lineMaximum { isBroken = true }
            return nil
        }
        if line.last == 0x0d { line.removeLast() }
        defer { line = [] }
        guard line.count >= 3, let number = SMTPReplyReader.number(line[..<3]), (200...599).contains(number), code == nil || code == number, lines.count < SMTPReplyReader.linesMaximum,
            line.count == 3 || line[3] == 0x20 || line[3] == 0x2d
        else {
            isBroken = true
            return nil
        }
        code = number
        lines.append(String(decoding: line.dropFirst(4), as: UTF8.self))
        guard line.count == 3 || line[3] == 0x20 else { return nil }
        defer { (lines, code) = ([], nil) }
        return SMTPReply(code: number, lines: lines)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        digits.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } : nil
    }
}
