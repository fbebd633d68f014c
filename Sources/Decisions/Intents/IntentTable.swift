public import GRDB
public import Storage
import Privacy
import Vocabulary

/// Where intents stand until they are done. Whoever decides writes them in the same transaction as its own state; `Delivery` takes them from here and keeps what became of them.
public enum IntentTable {
    public static let migrations = [
        Migration(
            "decisions_intent_1",
            sql: """
                CREATE TABLE decisions_intent (
                  number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, profile TEXT NOT NULL, effect TEXT NOT NULL, lane TEXT NOT NULL, template TEXT,
                  purpose TEXT, topic TEXT, context TEXT, record TEXT, origin TEXT NOT NULL, origin_id TEXT NOT NULL, origin_version INTEGER NOT NULL, step TEXT NOT NULL, run TEXT NOT NULL,
                  data TEXT NOT NULL, priority INTEGER NOT NULL, decided INTEGER NOT NULL, not_before INTEGER NOT NULL, expires INTEGER);
                CREATE INDEX decisions_intent_profile ON decisions_intent (profile, number);
                """)
    ]

    /// What was decided before stays as it was.
    ///
    /// - Returns: how many are new.
    @discardableResult
    public static func insert(_ intents: [Intent], _ db: Database) throws -> Int {
        guard !intents.isEmpty else { return 0 }
        let statement = try db.cachedStatement(sql: """
            INSERT OR IGNORE INTO decisions_intent (key, profile, effect, lane, template, purpose, topic, context, record, origin, origin_id, origin_version, step, run, data, priority, decided, not_before, expires)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        var count = 0
        for intent in intents {
            let (effect, lane, template, scope, record) = columns(of: intent.effect)
            try statement.execute(arguments: [
                intent.key, intent.profile.text, effect, lane, template, scope?.purpose.name, scope?.topic, scope?.context.text, record, intent.origin.kind.rawValue, intent.origin.id,
                intent.origin.version, intent.origin.step, intent.origin.run, intent.data.text, intent.priority, intent.decidedAt.milliseconds, intent.notBefore.milliseconds, intent.expiresAt?.milliseconds,
            ])
            count += db.changesCount
        }
        return count
    }

    // A lane is a queue of its own: a channel, a destination, or the log.
    private static func columns(of effect: Intent.Effect) -> (effect: String, lane: String, template: String?, scope: ConsentScope?, record: String?) {
        switch effect {
        case .message(let template, let scope): ("message", scope.channel, template, scope, nil)
        case .call(let destination): ("call", destination, nil, nil, nil)
        case .record(let call): ("record", "log", nil, nil, call.text)
        }
    }
}
