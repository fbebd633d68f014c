import Mail

/// What must stand in DNS, held against what does.
extension DNSRecord {
    func look(_ ask: (DNSQuestion) async -> DNSAnswer) async -> DNSCheck.Finding {
        for place in places {
            guard let question = DNSQuestion(purpose == .bounce ? .mailServers : .texts, place) else { return DNSCheck.Finding(self, .unknown) }
            switch await ask(question) {
            case .unknown: return DNSCheck.Finding(self, .unknown)
            case .absent: continue
            case .records(let texts):
                let ours = texts.filter(isOfPurpose)
                if !ours.isEmpty { return DNSCheck.Finding(self, isMet(by: ours) ? .found : .differs, there: ours) }
            }
        }
        return DNSCheck.Finding(self, .missing)
    }

    /// Names at which it may stand: a policy of DMARC also at a parent of the sender's domain.
    private var places: [String] {
        guard purpose == .dmarc else { return [name] }
        let labels = name.split(separator: ".").dropFirst().map(String.init)
        guard labels.count > 2 else { return [name] }
        // The nearest to the organisation's, so that a long name makes no flood.
        let parents = (1...(labels.count - 2)).suffix(DNSRecord.parentsMaximum).map { "_dmarc." + labels.dropFirst($0).joined(separator: ".") }
        return [name] + parents
    }
    private static let parentsMaximum = 7

    /// Other texts may stand at the name of a domain; at the name of a key nothing else has a place.
    private func isOfPurpose(_ text: String) -> Bool {
        switch purpose {
        // RFC 7208, section 4.5: the version in any letters, and then a blank or nothing.
        case .spf: text.lowercased() == "v=spf1" || text.lowercased().hasPrefix("v=spf1 ")
        case .dmarc: DNSRecord.tags(text)?.first.map { $0 == ("v", "DMARC1") } ?? false
        case .dkim, .bounce: true
        }
    }

    private func isMet(by texts: [String]) -> Bool {
        switch purpose {
        // Two are an error for whoever asks (RFC 7208, section 4.5); what one lists is for the domain's owner to say.
        case .spf: texts.count == 1
        case .dmarc: texts.count == 1 && DNSRecord.hasPolicy(texts[0])
        case .dkim: texts.count == 1 && isKey(texts[0])
        // A lone dot says that the domain takes no mail (RFC 7505).
        case .bounce: texts.contains { !$0.hasSuffix(" .") }
        }
    }

    /// RFC 7489, section 6.3.
    private static func hasPolicy(_ text: String) -> Bool {
        tags(text)?.first { $0.name == "p" }.map { ["none", "quarantine", "reject"].contains($0.value.lowercased()) } ?? false
    }

    /// Whether a text holds the very key that we sign with, and lets it sign mail (RFC 6376, section 3.6.1). An empty key is one that was taken back.
    private func isKey(_ text: String) -> Bool {
        guard let there = DNSRecord.tags(text), let ours = DNSRecord.tags(value), Set(there.map(\.name)).count == there.count else { return false }
        func tag(_ name: String, _ tags: [(name: String, value: String)]) -> String? { tags.first { $0.name == name }?.value }
        func list(_ name: String) -> [String]? { tag(name, there)?.lowercased().split(separator: ":").map { $0.filter { !$0.isWhitespace } } }
        func key(_ tags: [(name: String, value: String)]) -> String { (tag("p", tags) ?? "").filter { !$0.isWhitespace } }
        if let version = tag("v", there), version != "DKIM1" || there[0].name != "v" { return false }
        if let hashes = list("h"), !hashes.contains("sha256") { return false }
        if let services = list("s"), !services.contains("*"), !services.contains("email") { return false }
        return !key(there).isEmpty && key(there) == key(ours) && (tag("k", there) ?? "rsa").lowercased() == tag("k", ours)
    }

    /// `name=value` with semicolons between; nil where a part has no name.
    static func tags(_ text: String) -> [(name: String, value: String)]? {
        var out: [(name: String, value: String)] = []
        func trimmed(_ text: Substring) -> String { String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()) }
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
        for (index, part) in parts.enumerated() {
            if part.isEmpty, index == parts.count - 1, index > 0 { break }
            guard let equals = part.firstIndex(of: "="), equals > part.startIndex else { return nil }
            out.append((trimmed(part[..<equals]), trimmed(part[part.index(after: equals)...])))
        }
        return out
    }
}
