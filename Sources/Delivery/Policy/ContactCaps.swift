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
    let caps: [SendingPolicy.Cap]
    /// How often at most, as the person chose: `daily`, `weekly`, `monthly`, or empty.
    let frequency: String
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
        if let hours = hours(ofFrequency: contact.frequency), try full(contact, of: number, limit: 1, hours: hours, per: [.channel, .purpose, .topic], at: now, db) != nil {
            return FullCap(reason: .frequency, rule: contact.frequency, until: nil)
        }
        for cap in contact.caps where cap.applies(to: contact.scope) {
            guard let until = try full(contact, of: number, limit: cap.limit, hours: cap.hours, per: cap.per, channel: cap.channel, purpose: cap.purpose, topic: cap.topic, at: now, db) else { continue }
            return FullCap(reason: .capped, rule: cap.name, until: cap.whenFull == .wait && cap.limit > 0 ? until : nil)
        }
        return nil
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
        _ contact: Contact, of number: Int64, limit: Int, hours: Int, per: Set<SendingPolicy.Cap.Dimension>, channel: String = "", purpose: String = "", topic: String = "", at now: Timestamp,
        _ db: Database
    ) throws -> Timestamp? {
        let window = Int64(hours) * hourMs
        guard limit > 0 else { return Timestamp(clamping: now.milliseconds + window) }
        let scope = contact.scope
        let marks = Array(repeating: "?", count: contact.ids.count).joined(separator: ", ")
        // Of the place of the `limit`-th newest in the window: when it leaves, there is room.
        let statement = try db.cachedStatement(sql: """
            SELECT at FROM delivery_contact WHERE profile IN (\(marks)) AND at > ? AND message != ? AND (? = '' OR channel = ?) AND (? = '' OR purpose = ?) AND (? = '' OR topic = ?) AND (? = '' OR context = ?)
            ORDER BY at DESC LIMIT 1 OFFSET ?
            """)
        var arguments = StatementArguments(contact.ids)
        arguments += [now.milliseconds - window, number]
        for (dimension, filter, own) in [(SendingPolicy.Cap.Dimension.channel, channel, scope.channel), (.purpose, purpose, scope.purpose.name), (.topic, topic, scope.topic), (.context, "", scope.context.text)] {
            // An empty topic of a message is a topic like any other where topics count apart; a blank would let all in.
            let asked = per.contains(dimension) ? own : filter
            arguments += [per.contains(dimension) || !filter.isEmpty ? "=" : "", asked]
        }
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
