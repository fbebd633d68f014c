public import Mail
public import Vocabulary

/// What DNS really said of a sender's records, when it was looked up.
public struct DNSCheck: Sendable, Hashable {
    public enum State: String, Sendable, CaseIterable {
        case found, missing
        /// Something stands there that does not do.
        case differs
        /// Nobody answered; it says nothing about the record.
        case unknown
    }

    public struct Finding: Sendable, Hashable {
        public let record: DNSRecord
        public let state: State
        /// What stands there, shortened, and without signs that would move a terminal's cursor.
        public let there: [String]

        init(_ record: DNSRecord, _ state: State, there: [String] = []) {
            (self.record, self.state) = (record, state)
            self.there = there.prefix(Finding.thereMaximum).map { text in
                let shown = String(text.unicodeScalars.prefix(Finding.textMaximum).map { Character(DNSCheck.isShown($0) ? $0 : "\u{fffd}") })
                return text.unicodeScalars.count > Finding.textMaximum ? shown + "…" : shown
            }
        }
        private static let (thereMaximum, textMaximum) = (5, 600)
    }

    public let at: Timestamp
    public let findings: [Finding]
    /// Whether the sender's domain is the one that signs, or the return path's, or of the same organisation: DMARC asks for it.
    public let isAligned: Bool

    public init(at: Timestamp, findings: [Finding], isAligned: Bool) { (self.at, self.findings, self.isAligned) = (at, findings, isAligned) }

    /// Looks up what the settings and keys expect, everything at once.
    ///
    /// - Parameter ask: may take as long as it likes; whoever calls gives it an end.
    public static func look(_ current: EmailStore.Current, at now: Timestamp, _ ask: @escaping @Sendable (DNSQuestion) async -> DNSAnswer) async -> DNSCheck {
        let records = expected(of: current)
        let findings = await withTaskGroup(of: (Int, Finding).self) { group in
            for (index, record) in records.enumerated() { group.addTask { (index, await record.look(ask)) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        return DNSCheck(at: now, findings: findings.sorted { $0.0 < $1.0 }.map(\.1), isAligned: isAligned(current.settings))
    }

    /// Where another signs, the keys that it signs with are not ours.
    static func expected(of current: EmailStore.Current) -> [DNSRecord] { DNSRecord.all(for: current).filter { current.settings.signs || $0.purpose != .dkim } }

    static func isAligned(_ settings: EmailSettings) -> Bool {
        guard let from = try? MailAddress(settings.fromAddress) else { return true }
        let signer = settings.dkimDomain.isEmpty ? from.domain : DomainName.ascii(settings.dkimDomain) ?? ""
        let path = (try? MailAddress(settings.bounceAddress))?.domain ?? from.domain
        return [signer, path].contains { DomainName.organisation(of: $0) == DomainName.organisation(of: from.domain) }
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}

// MARK: - What it means

extension DNSCheck {
    /// Whether other settings were saved, or other keys made, since it was looked up.
    public func isStale(for current: EmailStore.Current) -> Bool { findings.map(\.record) != DNSCheck.expected(of: current) || isAligned != DNSCheck.isAligned(current.settings) }

    /// Of SPF, DKIM and DMARC, what is missing or differs. Where bounces arrive makes no mail believed.
    public var faults: [Finding] { findings.filter { $0.record.purpose != .bounce && ($0.state == .missing || $0.state == .differs) } }
    public var isRefuted: Bool { !faults.isEmpty || !isAligned }
    public var hasUnknown: Bool { findings.contains { $0.record.purpose != .bounce && $0.state == .unknown } }

    /// What holds a large campaign back, such as `SPF at wren.example is missing`; empty for nothing.
    public var sentence: String {
        let names = faults.map { "\($0.record.purpose.rawValue.uppercased()) at \($0.record.name) \($0.state == .missing ? "is missing" : "differs")" }
        return (names + (isAligned ? [] : ["neither the domain that signs nor the return path is the sender's"])).joined(separator: ", ")
    }

    public static let notAligned = Explanation(
        code: "email.alignment", problem: "Neither the domain that signs nor the return path's is of the same organisation as the sender's, so that DMARC fails whatever stands in DNS.",
        remedy: "Sign with the sender's domain (an empty `dkimDomain`), or have bounces come back to a name under it.")

    private static let (goodForMs, elseForMs): (Int64, Int64) = (24 * 3_600_000, 3_600_000)

    /// Whether a start looks again: once a day where all is well, and once an hour where it is not, since whoever mends it starts again.
    public func isDue(at now: Timestamp) -> Bool { now.milliseconds - at.milliseconds >= (isRefuted || hasUnknown ? DNSCheck.elseForMs : DNSCheck.goodForMs) }

    /// Every member but whether it is stale; also what is kept.
    public func write(_ w: inout JSONWriter) {
        w.member("at", at)
        w.member("isAligned", isAligned)
        w.key("records")
        w.array { w in
            for finding in findings {
                w.object { w in
                    finding.record.write(&w)
                    w.member("state", finding.state.rawValue)
                    w.key("there")
                    w.array { w in for text in finding.there { w.string(text) } }
                }
            }
        }
    }

    /// Nil for what this version cannot read: then it is looked up again.
    init?(_ json: JSONText) {
        guard let at = json["at"]?.string.flatMap({ Timestamp($0) }), let isAligned = json["isAligned"]?.boolean, let records = json["records"]?.elements else { return nil }
        let findings = records.compactMap { json -> Finding? in
            guard let record = DNSRecord(json), let state = json["state"]?.string.flatMap(State.init) else { return nil }
            return Finding(record, state, there: json["there"]?.elements.compactMap(\.string) ?? [])
        }
        guard findings.count == records.count else { return nil }
        self.init(at: at, findings: findings, isAligned: isAligned)
    }
}
