public import Decisions
import GRDB
public import Identity
public import Privacy
public import Profiles
public import Storage
public import Vocabulary

extension Outbox {
    /// Newest first.
    public func list(_ filter: DeliveryFilter, limit: Int) throws -> [DeliveryRecord] { try database.pool.read { try DeliveryTable.list(filter, limit: limit, $0) }.map(withStanding) }

    /// By the key of the intent, from the moment at which it is decided; nil where nothing was decided under it.
    public func find(key: String) throws -> DeliveryRecord? { try database.pool.read { try DeliveryTable.find(key: key, $0) }.map(withStanding) }

    /// What waits for a destination that is switched off says so, as long as it is; nothing is written down about each.
    private func withStanding(_ record: DeliveryRecord) -> DeliveryRecord {
        guard record.state == .waiting || record.state == .retrying, case .call(let destination) = record.intent.effect, caller.isOff(destination) else { return record }
        var told = record
        told.reason = .switchedOff
        return told
    }

    /// Whether what was decided under its key is the same message: to the same person, whatever they were known as then, of the same template and scope.
    public func isSame(_ intent: Intent) throws -> Bool {
        guard let known = try database.pool.read({ try IntentTable.find(key: intent.key, $0) })?.intent else { return true }
        guard known.effect == intent.effect else { return false }
        return known.profile == intent.profile || senders.recipients.identifiers(of: known.profile) == senders.recipients.identifiers(of: intent.profile)
    }

    /// The key of one of the newest e-mails to somebody, of which only a mark came back; nil where it is not among them.
    ///
    /// - Parameter profile: as they were known when it was decided.
    public func emailKey(of profile: ProfileID, where isIt: (String) -> Bool) throws -> String? {
        try database.pool.read { try DeliveryTable.emailKeys(of: profile.text, limit: Outbox.emailsLookedAt, $0) }.first(where: isIt)
    }
    private static let emailsLookedAt = 2000

    /// What happened on the way, oldest first.
    public func steps(of record: DeliveryRecord) throws -> [DeliveryStep] { try database.pool.read { try DeliveryTable.steps(of: record.stored.number, $0) } }

    /// Messages by what they came to, in stretches of `stepMs` milliseconds.
    public func counts(from: Timestamp, to: Timestamp, stepMs: Int64) throws -> [DeliveryCount] { try database.pool.read { try DeliveryTable.counts(from: from, to: to, stepMs: stepMs, $0) } }

    /// How many messages that need consent began on a channel since a day of UTC.
    public func begun(on channel: String, from day: Int64) throws -> Int { try database.pool.read { try DeliveryTable.begun(on: channel, from: day, $0) } }

    /// Of those the ones that were sent, or are under way.
    public func sent(on channel: String, from day: Int64) throws -> Int { try database.pool.read { try DeliveryTable.sent(on: channel, from: day, $0) } }

    /// What every check says of a message now; nothing is sent, and nothing is written down.
    ///
    /// - Parameter record: the message itself where it is kept: its own place under caps is no other's.
    public func examine(_ intent: Intent, of record: DeliveryRecord? = nil, now: Timestamp) throws -> (verdicts: [MessageVerdict], content: RenderedMessage?) {
        // Its links lead nowhere: whoever looks on must not be able to choose for the person.
        guard var examination = MessageExamination(intent, senders, now: now, links: Recipients.Links(preferences: "#preferences", unsubscribe: "#unsubscribe")) else { return ([], nil) }
        var verdicts = MessageCheck.order.map { examination.ask($0) }
        guard let contact = examination.contact else { return (verdicts + MessageCheck.counted.map { MessageVerdict($0, examination.profile == nil ? .unasked : .passed) }, examination.content) }
        for check in MessageCheck.counted {
            let asked = Contact(profile: contact.profile, ids: contact.ids, scope: contact.scope, contexts: contact.contexts, caps: check == .caps ? contact.caps : [], frequency: check == .frequency ? contact.frequency : "")
            let full = try database.pool.read { try DeliveryTable.room(for: asked, of: record?.stored.number ?? 0, at: now, $0) }
            verdicts.append(full.map { MessageVerdict(check, $0.until == nil ? .refused : .waits, $0.reason, detail: $0.rule, until: $0.until) } ?? MessageVerdict(check, .passed))
        }
        if contact.allowance != nil, let place = verdicts.firstIndex(where: { $0.check == .sender && $0.kind == .passed }) {
            let asked = Contact(profile: contact.profile, ids: contact.ids, scope: contact.scope, contexts: contact.contexts, caps: [], frequency: "", allowance: contact.allowance)
            let full = try database.pool.read { try DeliveryTable.room(for: asked, of: record?.stored.number ?? 0, at: now, $0) }
            if let full { verdicts[place] = MessageVerdict(.sender, .waits, full.reason, detail: full.rule, until: full.until) }
        }
        return (verdicts, examination.content)
    }
}

/// Forgets what became of a person's messages, calls and records, in the table and in memory.
extension Outbox: Eraser {
    public var name: String { "outbox" }

    public func erase(_ subject: ErasureSubject) throws -> Int {
        let ids = senders.recipients.ids(of: subject.identifiers).union(subject.ids)
        forget(ids)
        let count = try database.pool.write { try DeliveryTable.erase(ids, $0) }
        if count > 0 { try database.truncateLog() }
        return count
    }
}

extension Outbox {
    /// The names of the channels that there are.
    public var channels: [String] { senders.channels.map(\.name) }

    /// Which kind of template a channel sends; nil for none that there is.
    public func kind(ofChannel name: String) -> MessageTemplate.Kind? { senders.channel(name)?.kind }

    /// Whether a channel would reach somebody now, and whether they agreed to what would come: what is asked of everyone before a campaign is begun.
    public func reach(_ profile: Profile, _ scope: ConsentScope, at: Timestamp) throws -> (hasAddress: Bool, isAgreed: Bool) {
        var w = JSONWriter()
        profile.write(traits: &w)
        guard let address = senders.channel(scope.channel)?.address(identifiers: profile.identifiers, traits: w.text) else { return (false, false) }
        guard try senders.ledger.suppression(ofAddress: address) == nil else { return (true, false) }
        return (true, try senders.ledger.decision(on: scope, of: profile.identifiers, address: address, asOf: at).isPermitted)
    }

    /// Every id that a person ever had, to find their messages by.
    public func ids(of profile: Profile) -> [String] { senders.recipients.ids(of: profile) }
}
