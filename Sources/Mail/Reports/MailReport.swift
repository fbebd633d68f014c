/// What a mail that came back says of one that was sent.
public struct MailReport: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// It will not be delivered, since there is no such mailbox.
        case hard
        /// It was not delivered, and a later one may be.
        case soft
        /// It is not delivered yet, and is still being tried.
        case delayed
        /// Somebody called it spam (RFC 5965).
        case complaint
    }

    public let kind: Kind
    /// Whom it was for, as the report says; nil where it does not. Anybody can write a report: this proves nothing.
    public let recipient: String?
    /// Such as `5.1.1`.
    public let status: String?
    /// Addresses and Message-IDs that the report and the mail in it name: where a signed one is among them, it tells which message it was.
    public let traces: [String]

    /// A bounce (RFC 3464) or a complaint (RFC 5965), for each recipient that it tells of; none for any other mail, such as somebody's holiday notice.
    public static func read(_ message: MIMEPart) -> [MailReport] {
        guard message.type == "multipart/report" else { return [] }
        let parts = message.all
        let traces = traces(of: parts)
        if let part = parts.first(where: { $0.type == "message/feedback-report" }) {
            let fields = MIMEPart(part.content)
            guard let type = fields.field("feedback-type")?.lowercased(), type != "not-spam", type != "auth-failure" else { return [] }
            return [MailReport(kind: .complaint, recipient: fields.field("original-rcpt-to").map(plainAddress), status: nil, traces: traces + [fields.field("original-mail-from")].compactMap { $0 })]
        }
        guard let part = parts.first(where: { $0.type == "message/delivery-status" || $0.type == "message/global-delivery-status" }) else { return [] }
        return groups(part.content).dropFirst().prefix(100).compactMap { group in
            let fields = MIMEPart(group)
            guard let action = fields.field("action")?.lowercased() else { return nil }
            let status = fields.field("status").flatMap(MailReport.status)
            let diagnostic = fields.field("diagnostic-code")
            guard let kind = kind(action, status, diagnostic) else { return nil }
            let recipient = (fields.field("original-recipient") ?? fields.field("final-recipient")).map { plainAddress(String($0.split(separator: ";", maxSplits: 1).last ?? "")) }
            return MailReport(kind: kind, recipient: recipient, status: status ?? diagnosticStatus(diagnostic), traces: traces)
        }
    }

    public init(kind: Kind, recipient: String?, status: String?, traces: [String]) { (self.kind, self.recipient, self.status, self.traces) = (kind, recipient, status, traces) }

    // MARK: - Reading

    private static func kind(_ action: String, _ status: String?, _ diagnostic: String?) -> Kind? {
        switch action {
        case "delayed": return .delayed
        case "failed": return isAddressFault(status, diagnostic) ? .hard : .soft
        // Delivered, relayed, expanded: nothing failed.
        default: return nil
        }
    }

    /// Only what says that the mailbox itself is not there is hard: a full one, a policy and a greylist are not, whatever digit they begin with.
    private static func isAddressFault(_ status: String?, _ diagnostic: String?) -> Bool {
        // Some servers put 5.0.0 there and the truth into the words of the server that they spoke to.
        let code = status == nil || status == "5.0.0" ? diagnosticStatus(diagnostic) ?? status : status
        guard let code else { return false }
        return ["5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"].contains(code)
    }

    private static func diagnosticStatus(_ diagnostic: String?) -> String? {
        diagnostic?.split { $0 == " " || $0 == ";" || $0 == "-" || $0 == "(" }.prefix(20).compactMap { status(String($0)) }.first
    }

    private static func status(_ text: String) -> String? {
        let code = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let numbers = code.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, ["2", "4", "5"].contains(numbers[0]), numbers.allSatisfy({ (1...3).contains($0.utf8.count) }) else { return nil }
        return String(code)
    }

    private static func groups(_ content: [UInt8]) -> [[UInt8]] {
        var groups: [[UInt8]] = [[]]
        for line in content.split(separator: 0x0a, omittingEmptySubsequences: false) {
            let line = line.last == 0x0d ? line.dropLast() : line
            if line.isEmpty {
                if groups.last?.isEmpty == false { groups.append([]) }
            } else {
                groups[groups.count - 1] += line + [0x0a]
            }
        }
        return groups.filter { !$0.isEmpty }
    }

    private static let traceFields: Set<String> = ["to", "delivered-to", "x-original-to", "envelope-to", "return-path", "message-id", "original-mail-from", "original-envelope-id"]

    private static func traces(of parts: [MIMEPart]) -> [String] {
        Array(parts.flatMap(\.fields).filter { traceFields.contains($0.name.lowercased()) && $0.value.utf8.count < 1000 }.map(\.value).prefix(50))
    }

    private static func plainAddress(_ text: String) -> String { text.trimmingBlanks.trimmingAngles }
}

extension String {
    /// Without the brackets around it.
    fileprivate var trimmingAngles: String { hasPrefix("<") && hasSuffix(">") && utf8.count >= 2 ? String(dropFirst().dropLast()) : self }
}
