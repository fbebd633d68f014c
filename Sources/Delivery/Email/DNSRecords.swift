import Mail
public import Vocabulary

/// What stands in DNS for mail to be believed.
public struct DNSRecord: Sendable, Hashable {
    public enum Purpose: String, Sendable, CaseIterable { case spf, dkim, dmarc, bounce }
    public let purpose: Purpose
    public let name: String
    public let type: String
    public let value: String

    /// The records of a workspace, in the order in which they matter.
    public static func all(for current: EmailStore.Current) -> [DNSRecord] {
        guard let from = try? MailAddress(current.settings.fromAddress) else { return [] }
        var records = current.signers.map { DNSRecord(purpose: .dkim, name: $0.recordName, type: "TXT", value: $0.recordText) }
        // Receivers check SPF for the return path.
        let bounce = try? MailAddress(current.settings.bounceAddress)
        let path = bounce?.domain ?? from.domain
        let host = current.settings.host
        // A server's name may have several addresses; whether it sends from them is for its owner to say.
        let isHere = host == EmailSettings.catcher || host == "localhost" || host.hasPrefix("127.") || host == "::1"
        let number = ipNumber(host)
        let sender = isHere ? "a mx" : number.map { "\($0):\(host)" } ?? "a:\(host)"
        records.append(DNSRecord(purpose: .spf, name: path, type: "TXT", value: "v=spf1 \(sender) ~all"))
        records.append(DNSRecord(purpose: .dmarc, name: "_dmarc.\(from.domain)", type: "TXT", value: "v=DMARC1; p=none; rua=mailto:postmaster@\(from.domain)"))
        if let bounce, bounce.domain != from.domain { records.append(DNSRecord(purpose: .bounce, name: bounce.domain, type: "MX", value: "10 \(isHere || number != nil ? "mail.\(from.domain)" : host)")) }
        return records
    }

    /// How SPF calls a server that has a number for a name; nil for a name. A server of mail must have one.
    private static func ipNumber(_ host: String) -> String? {
        if host.contains(":") { return "ip6" }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil } ? "ip4" : nil
    }

    public func write(_ w: inout JSONWriter) { for (key, text) in [("purpose", purpose.rawValue), ("name", name), ("type", type), ("value", value)] { w.member(key, text) } }

    init(purpose: Purpose, name: String, type: String, value: String) { (self.purpose, self.name, self.type, self.value) = (purpose, name, type, value) }

    init?(_ json: JSONText) {
        guard let purpose = json["purpose"]?.string.flatMap(Purpose.init), let name = json["name"]?.string, let type = json["type"]?.string, let value = json["value"]?.string else { return nil }
        self.init(purpose: purpose, name: name, type: type, value: value)
    }
}
