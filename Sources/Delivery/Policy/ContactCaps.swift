import GRDB
import Privacy
import Vocabulary

/// A message that wants a place under the caps.
struct Contact: Sendable {
    /// As the intent names the person; the row is kept under it.
    let profile: String
    /// Every id that the person has had: what was sent to either of two who became one counts for both.
    let ids: [String]
    let scope: ConsentScope
    /// Of an account, each name of those that turned out to be it.
    let contexts: [ConsentContext]
    let caps: [SendingPolicy.Cap]
    /// How often at most, as the person chose: `daily`, `weekly`, `monthly`, or empty.
    let frequency: String
    /// Of the channel; nil where it takes any number.
    var allowance: DailyAllowance?
    /// Behind this nobody waits for a place.
    var expiresAt: Timestamp?
}

/// Counting is exact since it stands in the one transaction that also writes the message down as under way: nobody else writes between the two.
extension DeliveryTable {
    private static let hourMs: Int64 = 3_600_000

    struct FullCap: Sendable {
        let reason: DeliveryReason
        let rule: String
        /// When there is room again; nil where the message is refused.
        let until: Timestamp?
    }

    /// The first cap that has no room for a message; nil where all have.
    static func room(for contact: Contact, of number: Int64, at now: Timestamp, _ db: Database) throws -> FullCap? {
        if let hours = hours(ofFrequency: contact.frequency), try full(contact, of: number, limit: 1, window: Int64(hours) * hourMs, per: [.channel, .purpose, .topic], at: now, db) != nil {
            return FullCap(reason: .frequency, rule: contact.frequency, until: nil)
        }
        for cap in contact.caps where cap.applies(to: contact.scope) {
            guard let until = try full(contact, of: number, limit: cap.limit, window: cap.window, per: cap.per, channel: cap.channel, purpose: cap.purpose, topic: cap.topic, at: now, db) else { continue }
            return FullCap(reason: .capped, rule: cap.name, until: cap.whenFull == .wait && cap.limit > 0 ? until : nil)
        }
        if let allowance = contact.allowance {
            // What is tried again on the same day has its place.
            let own = try Int.fetchOne(db.cachedStatement(sql: "SELECT count(*) FROM delivery_contact WHERE message = ? AND at >= ?"), arguments: [number, allowance.end.milliseconds - 24 * hourMs]) ?? 0
            if try begun(on: contact.scope.channel, from: allowance.day, db) - own >= allowance.limit { return FullCap(reason: .warmingUp, rule: String(allowance.limit), until: allowance.end) }
        }
        return nil
    }

    /// How many messages that need consent began on a channel since a day.
    static func begun(on channel: String, from day: Int64, _ db: Database) throws -> Int {
        try Int.fetchOne(db.cachedStatement(sql: "SELECT sum(count) FROM delivery_day WHERE channel = ? AND day >= ?"), arguments: [channel, day]) ?? 0
    }

    /// Of those the ones that were sent, or are under way.
    static func sent(on channel: String, from day: Int64, _ db: Database) throws -> Int {
        try Int.fetchOne(db.cachedStatement(sql: "SELECT sum(count - unsent) FROM delivery_day WHERE channel = ? AND day >= ?"), arguments: [channel, day]) ?? 0
    }

    /// Why a message leaves its place.
    enum Leaving {
        /// It takes another one now.
        case moves
        /// It is not being tried any more. What may have arrived leaves nothing, and what a server was asked about leaves the day nothing.
        case waits
        /// It ended without being sent. The day's place goes to nobody else: through a list of bad addresses a new sender would ask a server about all of them on its first day.
        case ends
    }

    /// Takes a message's place under the caps and of the day; one that is tried again gives up the one that it had.
    static func takePlace(_ number: Int64, _ contact: Contact, at: Timestamp, _ db: Database) throws {
        let scope = contact.scope
        try leavePlace(number, .moves, db)
        try db.cachedStatement(sql: "INSERT INTO delivery_contact VALUES (?, ?, ?, ?, ?, ?, ?)").execute(arguments: [
            number, contact.profile, scope.channel, scope.purpose.name, scope.topic, scope.context.text, at.milliseconds,
        ])
        try db.cachedStatement(sql: "INSERT INTO delivery_day (channel, day, count) VALUES (?, ?, 1) ON CONFLICT (channel, day) DO UPDATE SET count = count + 1").execute(arguments: [scope.channel, DailyAllowance.day(of: at)])
    }

    /// Leaves it to others.
    static func leavePlace(_ number: Int64, _ leaving: Leaving, _ db: Database) throws {
        let sql = "DELETE FROM delivery_contact WHERE message = ?\(leaving == .waits ? " AND EXISTS (SELECT 1 FROM delivery_message WHERE number = message AND state = 0 AND lost = 0)" : "") RETURNING channel, at"
        guard let row = try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [number]), let at = Int64.fromDatabaseValue(row[1]) else { return }
        let change: String
        switch leaving {
        case .moves: change = "count = count - 1"
        case .waits:
            guard try Int.fetchOne(db.cachedStatement(sql: "SELECT attempts FROM delivery_message WHERE number = ?"), arguments: [number]) == 0 else { return }
            change = "count = count - 1"
        case .ends: change = "unsent = unsent + 1"
        }
        try db.cachedStatement(sql: "UPDATE delivery_day SET \(change) WHERE channel = ? AND day = ?").execute(arguments: [String.fromDatabaseValue(row[0]), DailyAllowance.day(of: Timestamp(clamping: at))])
    }

    static func hours(ofFrequency name: String) -> Int? {
        switch name {
        case "daily": 24
        case "weekly": 7 * 24
        case "monthly": 30 * 24
        default: nil
        }
    }

    /// When there is room again; nil where there is.
    private static func full(
        _ contact: Contact, of number: Int64, limit: Int, window: Int64, per: Set<SendingPolicy.Cap.Dimension>, channel: String = "", purpose: String = "", topic: String = "", at now: Timestamp,
        _ db: Database
    ) throws -> Timestamp? {
        guard limit > 0 else { return Timestamp(clamping: now.milliseconds + window) }
        let scope = contact.scope
        func marks(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }
        // Of the place of the `limit`-th newest in the window: when it leaves, there is room.
        let statement = try db.cachedStatement(sql: """
            SELECT at FROM delivery_contact WHERE profile IN (\(marks(contact.ids.count))) AND at > ? AND message != ? AND (? = '' OR channel = ?) AND (? = '' OR purpose = ?) AND (? = '' OR topic = ?)\(per.contains(.context) ? " AND context IN (\(marks(contact.contexts.count)))" : "")
            ORDER BY at DESC LIMIT 1 OFFSET ?
            """)
        var arguments = StatementArguments(contact.ids)
        arguments += [now.milliseconds - window, number]
        for (dimension, filter, own) in [(SendingPolicy.Cap.Dimension.channel, channel, scope.channel), (.purpose, purpose, scope.purpose.name), (.topic, topic, scope.topic)] {
            // An empty topic of a message is a topic like any other where topics count apart; a blank would let all in.
            let asked = per.contains(dimension) ? own : filter
            arguments += [per.contains(dimension) || !filter.isEmpty ? "=" : "", asked]
        }
        if per.contains(.context) { arguments += StatementArguments(contact.contexts.map(\.text)) }
        arguments += [limit - 1]
        return try Int64.fetchOne(statement, arguments: arguments).map { Timestamp(clamping: $0 + window) }
    }
}

extension SendingPolicy.Cap {
    /// Whether a message falls under it: neither one that the consent policy grants, nor one that it does not speak of.
    func applies(to scope: ConsentScope) -> Bool {
        !scope.purpose.isGrantedByPolicy && (channel.isEmpty || channel == scope.channel) && (purpose.isEmpty || purpose == scope.purpose.name) && (topic.isEmpty || topic == scope.topic)
    }
}
