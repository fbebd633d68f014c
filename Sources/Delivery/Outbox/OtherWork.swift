import Decisions
public import Vocabulary

/// Writes calls of Martlet's own source into the log; of each, whether it could be taken.
///
/// It makes them itself, at an instant from which on nobody whom they name is forgotten before they stand there: who was forgotten must not come back by what was decided for them.
public typealias OwnEventWriter = @Sendable (_ calls: @escaping @Sendable () throws -> [JSONText]) async throws -> [Bool]

/// Writes events and traits that were decided into the log, as calls of Martlet's own source; a repeated one changes nothing, by its `messageId`.
struct RecordWork: LaneWork {
    let concurrency = 64
    let recipients: Recipients
    /// - Throws: where nothing can be written now.
    let record: OwnEventWriter

    func prepare(_ intents: [Intent], now: Timestamp) -> [Preparation] { intents.map { prepare($0, now: now) } }

    private func prepare(_ intent: Intent, now: Timestamp) -> Preparation {
        guard case .record(let call) = intent.effect, call.isObject else { return .refused(.invalidRecord, detail: "") }
        if let end = intent.expiresAt, end <= now { return .refused(.expired, detail: "") }
        guard case .success(let profile) = Result(catching: { try recipients.profile(intent.profile) }) else { return .waits(.waiting, detail: "ledger", until: Timestamp(clamping: now.milliseconds + 1000)) }
        guard let profile else { return .refused(.nobody, detail: "") }
        let named = call["userId"] != nil || call["anonymousId"] != nil
        // Who has neither is known by an address alone, and no event can name them.
        guard let person = recipients.name(of: intent.profile, in: profile) ?? (named ? profile.identifiers.first : nil)
        else { return .refused(.noAddress, detail: "") }
        var w = JSONWriter()
        w.object { w in
            w.member("messageId", "intent:\(intent.key)")
            if !named { w.member(person.namespace.name, person.text) }
            if call["timestamp"] == nil { w.member("timestamp", intent.decidedAt) }
            for (key, value) in call.members where key != "messageId" {
                w.key(key)
                w.raw(value.bytes)
            }
        }
        return .ready(ReadyMessage(intent: intent, body: w.text))
    }

    func handOver(_ ready: ReadyMessage, now: Timestamp, _ lane: LaneMoment) async -> HandOver {
        guard lane.begins() else { return .unsent }
        do {
            // Whoever was forgotten since it was prepared is nobody now.
            let taken = try await record {
                switch prepare(ready.intent, now: now) {
                case .ready(let message): message.body.map { [$0] } ?? []
                case .refused(let reason, let detail): throw Refused(reason: reason, detail: detail)
                case .waits: throw NotNow()
                }
            }
            return taken.first ?? false ? .accepted(receipt: "") : .withheld(.invalidRecord, detail: "")
        } catch let refused as Refused {
            return .withheld(refused.reason, detail: refused.detail)
        } catch { return .deferred(reason: "The log cannot be written now.", after: nil) }
    }
}

/// What was found when a call was made for the log.
private struct Refused: Error {
    let reason: DeliveryReason
    let detail: String
}
private struct NotNow: Error {}

/// Calls of one destination.
struct CallWork: LaneWork {
    let destination: String
    let caller: any DestinationCaller

    var concurrency: Int { max(1, caller.concurrency(of: destination)) }
    var isOff: Bool { caller.isOff(destination) }

    func prepare(_ intents: [Intent], now: Timestamp) -> [Preparation] { intents.map { prepare($0, now: now) } }

    private func prepare(_ intent: Intent, now: Timestamp) -> Preparation {
        if let end = intent.expiresAt, end <= now { return .refused(.expired, detail: "") }
        return caller.body(of: intent, for: destination, now: now)
    }

    func handOver(_ ready: ReadyMessage, now: Timestamp, _ lane: LaneMoment) async -> HandOver {
        await caller.call(destination, key: ready.intent.key, at: now) {
            guard lane.begins() else { return .stop(.unsent) }
            if let instead = lane.instead() { return .stop(instead) }
            // Whoever was forgotten or said no since it was prepared is told of no more.
            switch prepare(ready.intent, now: lane.clock()) {
            case .ready(let again): return again.body.map { .body($0.bytes) } ?? .stop(.withheld(.noChannel, detail: destination))
            case .refused(let reason, let detail): return .stop(.withheld(reason, detail: detail))
            case .waits(_, let detail, _): return .stop(.deferred(reason: "The \(detail) cannot be asked now.", after: nil))
            }
        }
    }
}

/// What calls destinations.
protocol DestinationCaller: Sendable {
    func concurrency(of destination: String) -> Int
    /// Whether it is switched off; not once it was deleted.
    func isOff(_ destination: String) -> Bool
    /// Has `body` told that destinations may be on, off or gone that were not.
    func onChange(_ body: @escaping @Sendable () -> Void)
    /// What is sent for an intent, or why nothing is.
    func body(of intent: Intent, for destination: String, now: Timestamp) -> Preparation
    /// - Parameter lastly: asked once a connection is held.
    func call(_ destination: String, key: String, at: Timestamp, _ lastly: @escaping @Sendable () -> LastWord) async -> HandOver
}
