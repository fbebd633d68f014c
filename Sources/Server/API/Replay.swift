import Ingest
import Vocabulary

/// Sends a quarantined event through the front door again.
enum Replay {
    /// - Throws: ``Refusal`` when it is still refused, and when nothing of it is stored; it stays in quarantine then.
    static func run(_ row: QuarantinedEvent, body: [UInt8], in place: Workspace) async throws {
        guard let source = place.sources.source(number: row.source) else { throw AdminRoutes.unknown }
        guard source.isEnabled else { throw IngestionRoutes.disabled(403) }
        var bytes = body
        let shape: CallShape
        let json = JSONText(validating: body)
        let around = row.around.map { JSONText(trusted: $0.revealed) }
        if let type = EventType(name: Array(row.shape.utf8)) {
            shape = .single(type)
        } else if row.isWholeBatch, json?["batch"] != nil {
            shape = .batch
        } else {
            // One item of a batch goes alone, under its own type, with what stood around it.
            shape = .batch
            bytes = Replay.batch(of: body, around)
        }
        // Its own time stays: without one, the time when it first came.
        let context = CallContext(receivedAt: row.receivedAt, remoteAddress: around?["ip"]?.string, globalPrivacyControl: around?["gpc"]?.boolean ?? false)
        // What is no JSON is told with its own places, not those of a batch around it.
        if json == nil { _ = try IngestionRoutes.read(body, .identity, .single(.track), context).get() }
        var decoded = try IngestionRoutes.read(bytes, .identity, shape, context, newMessageId: { Replay.messageId(of: row, item: $0) }).get()
        guard decoded.hasItems else { throw IngestionRoutes.noBatch }
        guard decoded.itemCount > 0 else { throw noEvent }
        if let refused = decoded.refused.first, let reason = refused.reasons.first {
            throw Refusal(400, reason.code, reason.problem, remedy: reason.remedy)
        }
        if let reason = row.unreadableTime(mended: json) { throw Refusal(400, reason.code, reason.problem, remedy: reason.remedy) }
        let answer = try await place.ingest.accept(&decoded, from: source, shape: shape, hasher: place.hasher, receivedAt: Clock.now(), wantsVerdicts: true)
        if answer.accepted == 0 { try refuse(answer.verdicts, row) }
        try place.ingest.quarantine.remove(row.id)
    }

    private static let noEvent = Refusal(400, "quarantine.no-event", "The mended body holds no event, so that nothing of it would be stored.", remedy: "Put its events into `batch`, or delete it here.")

    /// Nothing of it was stored: that is as it should be only where this very row was replayed before, and could not be removed.
    private static func refuse(_ verdicts: [Ingest.Verdict], _ row: QuarantinedEvent) throws {
        if verdicts.contains(where: { $0.status == .suppressed }) {
            throw Refusal(409, "quarantine.suppressed", "The event names somebody of whom nothing is to be kept.", remedy: "Delete it here.")
        }
        guard let known = verdicts.first(where: { $0.status == .duplicate && $0.messageId?.hasPrefix(messageId(of: row)) != true }) else { return }
        throw Refusal(
            409, "quarantine.duplicate", "An event with the message id \(known.messageId ?? "") was accepted before, so this one counts for nothing.",
            remedy: "Delete it here, or send it with another `messageId` if it is another event.")
    }

    /// For items without one: the same each time, so that a row that is replayed twice at once, or again after a crash, is stored once.
    private static func messageId(of row: QuarantinedEvent, item: UInt32) -> String {
        guard item == 0, let own = row.messageId else { return "\(messageId(of: row))\(item)" }
        return own
    }
    private static func messageId(of row: QuarantinedEvent) -> String { "quarantine-\(row.id)-\(String(row.receivedAt.milliseconds, radix: 36))-" }

    private static func batch(of item: [UInt8], _ around: JSONText?) -> [UInt8] {
        var w = JSONWriter(capacity: item.count + 64)
        w.object { w in
            w.key("batch")
            w.array { $0.raw(item) }
            for name in ["sentAt", "context", "integrations"] {
                guard let value = around?[name] else { continue }
                w.key(name)
                w.raw(value.bytes)
            }
        }
        return w.text.bytes
    }
}
