import EventLog
import Privacy
import Vocabulary

/// Finds what events say about consent: `context.consent.categoryPreferences`, as Segment writes it, and `context.gpc`.
enum ConsentReader {
    private static let marker = Array("\"categoryPreferences\"".utf8)

    /// Every statement in these batches.
    static func facts(in batches: [LogBatch]) -> [ConsentFact] {
        var facts: [ConsentFact] = []
        for batch in batches where contains(batch.bytes, marker) {
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
        guard let context = event.field(.context), contains(Array(context), marker),
            let preferences = JSONText(trusted: Array(context))["consent"]?["categoryPreferences"]
        else { return [] }
        var identifiers: [Identifier] = []
        if let userId = event.field(.userId) { identifiers.append(Identifier(.userId, Array(userId))) }
        if let anonymousId = event.field(.anonymousId) { identifiers.append(Identifier(.anonymousId, Array(anonymousId))) }
        return preferences.members.compactMap { name, value in
            value.boolean.map {
                ConsentFact(identifiers: identifiers, purpose: ConsentPurpose(name), isGranted: $0, at: event.statedAt, position: position)
            }
        }
    }

    private static func contains(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { haystack in
            guard haystack.count >= needle.count else { return false }
            return unsafe memmemShim(haystack, needle)
        }
    }
}
