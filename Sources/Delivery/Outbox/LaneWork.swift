import Decisions
import Identity
import Privacy
import Segments
import Vocabulary

/// What a lane does with its intents: sends messages on a channel, calls a destination, or writes into the log.
protocol LaneWork: Sendable {
    /// How many may be under way at once.
    var concurrency: Int { get }
    /// Whether the other side is switched off: what waits stays where it is, and nothing is begun.
    var isOff: Bool { get }
    /// Everything that is to be asked before each is handed over, now.
    ///
    /// - Returns: as many as there are intents, in their order.
    func prepare(_ intents: [Intent], now: Timestamp) -> [Preparation]
    /// - Parameter lane: what is asked of the lane at the last moment.
    func handOver(_ ready: ReadyMessage, now: Timestamp, _ lane: LaneMoment) async -> HandOver
    /// Nothing begins any more.
    func halt()
}

extension LaneWork {
    var isOff: Bool { false }
    func halt() {}
}

/// The lane at the moment at which something begins.
struct LaneMoment: Sendable {
    /// Whether it may begin: not once the lane stops. From then on it counts as begun.
    let begins: @Sendable () -> Bool
    /// What becomes of it instead, where whoever decided it does not want it now; nil where they do.
    let instead: @Sendable () -> HandOver?
    let clock: @Sendable () -> Timestamp
}

enum Preparation: Sendable {
    case ready(ReadyMessage)
    case refused(DeliveryReason, detail: String)
    case waits(DeliveryReason, detail: String, until: Timestamp)
}

/// Something that may go as far as could be asked before it is written down as under way.
struct ReadyMessage: Sendable {
    let intent: Intent
    /// Of a message, what the ledger was asked about it.
    var consent: ConsentLedger.Consultation?
    /// Of a message of which the channel would find out who reads it, what the ledger was asked about that.
    var tracking: ConsentLedger.Consultation?
    /// Of a message, whom it was asked for.
    var identifiers: [Identifier] = []
    /// Of a message; nil for a call or a record.
    var outgoing: OutgoingMessage?
    var contact: Contact?
    /// Of a message that quiet hours may hold back, where the person lives.
    var quietZone: ZoneRules?
    /// Of a call or a record, what is sent.
    var body: JSONText?
}
