import EventLog
import Privacy
public import Vocabulary

/// Finds what events say about consent: `context.consent.categoryPreferences`, as Segment writes it, and `context.gpc`,
/// which Ingest sets for `Sec-GPC: 1`: an objection to the purpose `sharing` that needs no words. Its absence says nothing (W3C, Global Privacy Control, 3.1).
public enum ConsentReader {
    private static let marker = Array("\"categoryPreferences\"".utf8)
    private static let signal = Array("\"gpc\"".utf8)
    private static let detail = Array("\"statements\"".utf8)
    /// With which a name may be written so that none of the others is found.
    private static let escape = Array("\\u00".utf8)

    /// Every statement in these batches.
    static func facts(in batches: [LogBatch]) -> [ConsentFact] {
        var facts: [ConsentFact] = []
        for batch in batches where hasConsent(batch.bytes) {
            for entry in batch.entries {
                guard let event = batch.event(entry), !event.isErased else { continue }
                facts += self.facts(of: event, at: entry.position)
            }
        }
        return facts
    }

    /// Hands the ledger what the log holds beyond it: a crash may have come between the two.
    static func catchUp(_ ledger: ConsentLedger, with log: EventLog) throws {
        let start = try ledger.position()
        guard start < log.end else { return }
        var found: [ConsentFact] = []
        log.scan(from: start) { batch in
            found += facts(in: [batch])
            return true
        }
        try ledger.record(found, upTo: log.end)
    }

    static func facts(of event: EventView, at position: LogPosition) -> [ConsentFact] {
        guard let context = event.field(.context).map({ Array($0) }), hasConsent(context) else { return [] }
        let json = JSONText(trusted: context)
        let isOptedOut = isSignal(json)
        let preferences = json["consent"]?["categoryPreferences"]
        let statements = json["consent"]?["statements"]
        guard isOptedOut || preferences != nil || statements?.isArray == true else { return [] }
        var identifiers: [Identifier] = []
        if let userId = event.field(.userId) { identifiers.append(Identifier(.userId, Array(userId))) }
        if let anonymousId = event.field(.anonymousId) { identifiers.append(Identifier(.anonymousId, Array(anonymousId))) }
        var facts = (preferences?.members ?? []).compactMap { name, value -> ConsentFact? in
            // What no purpose can be called says nothing, least of all of every one.
            guard !name.isEmpty, name != ConsentPurpose.everyMessage.name, name.utf8.count <= ConsentLimits.text, !name.hasControlCharacters else { return nil }
            return value.boolean.flatMap {
                // A yes beside a signal that objects is none, so that it counts as a choice once it stands without.
                if $0, isOptedOut, name == ConsentPurpose.sharing.name { return nil }
                var fact = ConsentFact(identifiers: identifiers, purpose: ConsentPurpose(name), isGranted: $0, at: event.statedAt, position: position)
                fact.isStamp = true
                return fact
            }
        }
        for item in statements?.elements ?? [] {
            // What cannot be read says nothing, and unknown is not yes.
            guard let statement = statement(item, of: event, at: position) else { continue }
            var fact = ConsentFact(identifiers: identifiers, purpose: statement.scope.purpose, isGranted: statement.state == .granted, at: statement.at, position: position)
            fact.statement = statement
            facts.append(fact)
        }
        // Behind what was chosen: of one moment, the objection stands.
        if isOptedOut { facts.append(ConsentFact(identifiers: identifiers, purpose: .sharing, isGranted: false, at: event.statedAt, position: position, isSignal: true)) }
        return facts
    }

    /// One of `context.consent.statements`: `purpose` and `state`, and any of `channel`, `topic`, `account`, `until`, `basis`, `wording`, `proof`, `frequency`.
    private static func statement(_ json: JSONText, of event: EventView, at position: LogPosition) -> ConsentStatement? {
        func text(_ name: String) -> String { String((json[name]?.string ?? "").prefix(ConsentLimits.text)) }
        let (purpose, channel, topic, account) = (text("purpose"), text("channel"), text("topic"), text("account"))
        guard purpose == "*" || ConsentLimits.isName(purpose), channel.isEmpty || ConsentLimits.isName(channel), topic.isEmpty || ConsentLimits.isName(topic),
            let state = ConsentStatement.State(name: text("state")), !account.hasControlCharacters
        else { return nil }
        let until = Timestamp(text("until"))
        guard state != .paused || until != nil else { return nil }
        let context: ConsentContext = account.isEmpty ? .personal : account == "*" ? .every : .account(account)
        return ConsentStatement(
            ConsentScope(ConsentPurpose(purpose), channel: channel, topic: topic, context: context), state, until: until, at: event.statedAt,
            evidence: ConsentEvidence(basis: text("basis"), wording: text("wording"), proof: text("proof"), source: "event", frequency: text("frequency")), position: position)
    }

    private static func hasConsent(_ bytes: [UInt8]) -> Bool { contains(bytes, marker) || contains(bytes, signal) || contains(bytes, detail) || contains(bytes, escape) }

    private static func isSignal(_ context: JSONText) -> Bool { context["gpc"]?.isPrivacySignal ?? false }

    /// Whether this event objects to sharing by signal alone, for whoever explains a statement.
    public static func isSignalOnly(_ event: EventView) -> Bool {
        guard let context = event.json(.context), isSignal(context) else { return false }
        return context["consent"]?["categoryPreferences"]?[ConsentPurpose.sharing.name]?.boolean != false
    }

    private static func contains(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool { bytes.withUnsafeBytes { unsafe isPart(needle, of: $0) } }
}
