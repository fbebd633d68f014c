import Decisions
import GRDB
public import Storage
import Vocabulary

/// The outbox's own tables, beside the intents.
public enum DeliveryTable {
    public static let migrations = [
        Migration(
            "delivery_message_1",
            sql: """
                CREATE TABLE delivery_message (
                  number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, profile TEXT NOT NULL, lane TEXT NOT NULL, kind TEXT NOT NULL, origin TEXT NOT NULL, origin_id TEXT NOT NULL,
                  state INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT 'delivery.waiting', detail TEXT NOT NULL DEFAULT '', receipt TEXT NOT NULL DEFAULT '',
                  attempts INTEGER NOT NULL DEFAULT 0, lost INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL, priority INTEGER NOT NULL, began INTEGER, ended INTEGER,
                  reported INTEGER NOT NULL DEFAULT 0);
                CREATE INDEX delivery_message_queue ON delivery_message (lane, due, priority DESC, number) WHERE state < 2;
                CREATE INDEX delivery_message_profile ON delivery_message (profile, number);
                CREATE INDEX delivery_message_state ON delivery_message (state, number);
                CREATE INDEX delivery_message_ended ON delivery_message (ended) WHERE ended IS NOT NULL;
                CREATE INDEX delivery_message_unreported ON delivery_message (number) WHERE reported = 0 AND ended IS NOT NULL;
                CREATE TABLE delivery_step (message INTEGER NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL);
                CREATE INDEX delivery_step_message ON delivery_step (message);
                CREATE TABLE delivery_contact (
                  message INTEGER PRIMARY KEY, profile TEXT NOT NULL, channel TEXT NOT NULL, purpose TEXT NOT NULL, topic TEXT NOT NULL, context TEXT NOT NULL, at INTEGER NOT NULL);
                CREATE INDEX delivery_contact_profile ON delivery_contact (profile, at);
                CREATE TABLE delivery_taken (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL);
                INSERT INTO delivery_taken VALUES (1, 0);
                """),
        Migration("delivery_hold_1", sql: "CREATE TABLE delivery_hold (one INTEGER PRIMARY KEY CHECK (one = 1), since INTEGER NOT NULL); CREATE INDEX delivery_hold_held ON delivery_message (lane, number) WHERE state = 6;"),
        // Those of a day are counted for every look at the page: in the index alone.
        Migration("delivery_message_2", sql: "DROP INDEX delivery_message_ended; CREATE INDEX delivery_message_ended ON delivery_message (ended, kind, state) WHERE ended IS NOT NULL;"),
        // What needs consent, by channel and day of UTC, as it began.
        Migration(
            "delivery_day_1",
            sql: """
                CREATE TABLE delivery_day (channel TEXT NOT NULL, day INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (channel, day)) WITHOUT ROWID;
                INSERT INTO delivery_day SELECT channel, at / 86400000, count(*) FROM delivery_contact GROUP BY 1, 2;
                """),
        // Of them what ended without being sent: one of its day all the same, and nothing that complaints are held against.
        Migration("delivery_day_2", sql: "ALTER TABLE delivery_day ADD COLUMN unsent INTEGER NOT NULL DEFAULT 0;"),
        // Those of one journey, newest first.
        Migration("delivery_message_3", sql: "CREATE INDEX delivery_message_origin ON delivery_message (origin_id, number);"),
    ]

    // MARK: - Taking

    /// Writes down the intents that came since the last call.
    ///
    /// - Returns: those that are to be done, in the order in which they were committed, and whether there are more.
    static func take(limit: Int, _ db: Database) throws -> (new: [StoredIntent], isMore: Bool) {
        let last = try lastTaken(db)
        let new = try IntentTable.after(last, limit: limit, db)
        guard let end = new.last?.number else { return ([], false) }
        let insert = try db.cachedStatement(sql: "INSERT OR IGNORE INTO delivery_message (number, key, profile, lane, kind, origin, origin_id, due, priority, reported) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        for stored in new {
            let intent = stored.intent
            try insert.execute(arguments: [
                stored.number, intent.key, intent.profile.text, intent.lane, intent.kind, intent.origin.kind.rawValue, intent.origin.id, intent.notBefore.milliseconds, intent.priority, intent.kind != "message",
            ])
        }
        try db.cachedStatement(sql: "UPDATE delivery_taken SET number = ?").execute(arguments: [end])
        let held = try holdNew(new, db)
        return (held.isEmpty ? new : new.filter { !held.contains($0.number) }, new.count == limit)
    }

    /// The number of the last intent that was written down as waiting.
    static func lastTaken(_ db: Database) throws -> Int64 { try Int64.fetchOne(db.cachedStatement(sql: "SELECT number FROM delivery_taken")) ?? 0 }

    /// What of a lane is due, the most urgent of one instant first.
    static func due(lane: String, now: Timestamp, limit: Int, _ db: Database) throws -> [Job] {
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT number, attempts, lost, state FROM delivery_message WHERE lane = ? AND state < 2 AND due <= ? ORDER BY due, priority DESC, number LIMIT ?"),
            arguments: [lane, now.milliseconds, limit])
        return try rows.compactMap { row in
            guard let number = Int64.fromDatabaseValue(row[0]), let stored = try IntentTable.find(number, db) else { return nil }
            return Job(stored: stored, attempts: Int.fromDatabaseValue(row[1]) ?? 0, lost: Int.fromDatabaseValue(row[2]) ?? 0)
        }
    }

    /// The first instant behind `now` at which a lane has something to do; nil where nothing waits for one.
    static func nextDue(lane: String, after now: Timestamp, _ db: Database) throws -> Timestamp? {
        try Int64.fetchOne(db.cachedStatement(sql: "SELECT due FROM delivery_message WHERE lane = ? AND state < 2 AND due > ? ORDER BY due LIMIT 1"), arguments: [lane, now.milliseconds])
            .map(Timestamp.init(clamping:))
    }

    /// Whose earlier thing is being tried again, and when: what is behind it waits.
    static func blocked(lane: String, _ db: Database) throws -> [(profile: String, number: Int64, priority: Int, due: Timestamp)] {
        try Row.fetchAll(db, sql: "SELECT profile, number, priority, due FROM delivery_message WHERE lane = ? AND state = 1", arguments: [lane]).compactMap { row in
            guard let profile = String.fromDatabaseValue(row[0]), let number = Int64.fromDatabaseValue(row[1]), let priority = Int.fromDatabaseValue(row[2]), let due = Int64.fromDatabaseValue(row[3]) else { return nil }
            return (profile, number, priority, Timestamp(clamping: due))
        }
    }

    static func lanes(_ db: Database) throws -> [String] { try String.fetchAll(db, sql: "SELECT DISTINCT lane FROM delivery_message WHERE state < 2") }

    /// What was under way when the process ended: nobody can tell whether it arrived, so it goes again, under its key.
    ///
    /// - Returns: how many.
    static func recover(at now: Timestamp, _ db: Database) throws -> Int {
        try db.execute(
            sql: "INSERT INTO delivery_step SELECT number, ?, ?, 'restart' FROM delivery_message WHERE state = 2", arguments: [now.milliseconds, DeliveryReason.lost.rawValue])
        try db.execute(sql: "UPDATE delivery_message SET state = 1, lost = lost + 1, reason = ?, due = ? WHERE state = 2", arguments: [DeliveryReason.lost.rawValue, now.milliseconds])
        return db.changesCount
    }

    // MARK: - Changing

    static func write(_ change: DeliveryChange, _ db: Database) throws -> DeliveryAnswer {
        switch change {
        case .start(let number, let at, let contact):
            if let contact, let full = try room(for: contact, of: number, at: at, db) {
                if let until = full.until {
                    return try write(.wait(number, until: min(until, contact.expiresAt ?? .latest), reason: full.reason, detail: full.rule), db)
                }
                return try write(.finish(number, .refused, full.reason, detail: full.rule, receipt: "", attempts: nil, lost: nil, at: at), db)
            }
            try db.cachedStatement(sql: "UPDATE delivery_message SET state = 2, reason = ?, began = coalesce(began, ?) WHERE number = ? AND state < 2")
                .execute(arguments: [DeliveryReason.underway.rawValue, at.milliseconds, number])
            guard db.changesCount == 1 else { return .gone }
            if let contact { try takePlace(number, contact, at: at, db) }
            return .started
        case .wait(let number, let until, let reason, let detail):
            let isInOrder = !reason.letsOthersPass
            try db.cachedStatement(sql: "UPDATE delivery_message SET state = CASE WHEN state = 1 AND ? THEN 1 ELSE 0 END, due = ?, reason = ?, detail = ? WHERE number = ? AND state <= 2")
                .execute(arguments: [isInOrder, until.milliseconds, reason.rawValue, detail, number])
            guard db.changesCount == 1 else { return .gone }
            try leavePlace(number, .waits, db)
            return .waits(until: until, isInOrder: isInOrder)
        case .retry(let number, let due, let reason, let detail, let attempts, let lost, let at):
            try db.cachedStatement(sql: "UPDATE delivery_message SET state = 1, due = ?, reason = ?, detail = ?, attempts = ?, lost = ? WHERE number = ? AND state = 2")
                .execute(arguments: [due.milliseconds, reason.rawValue, detail, attempts, lost, number])
            guard db.changesCount == 1 else { return .gone }
            try db.cachedStatement(sql: "INSERT INTO delivery_step VALUES (?, ?, ?, ?)").execute(arguments: [number, at.milliseconds, reason.rawValue, detail])
            return .waits(until: due, isInOrder: true)
        case .finish(let number, let state, let reason, let detail, let receipt, let attempts, let lost, let at):
            try db.cachedStatement(sql: "UPDATE delivery_message SET state = ?, reason = ?, detail = ?, receipt = ?, attempts = coalesce(?, attempts), lost = coalesce(?, lost), ended = ? WHERE number = ? AND state <= 2")
                .execute(arguments: [state.rawValue, reason.rawValue, detail, receipt, attempts, lost, at.milliseconds, number])
            if state != .sent { try leavePlace(number, .ends, db) }
            return .finished
        }
    }
}

extension Intent {
    /// As the table calls what is to be done.
    var kind: String {
        switch effect {
        case .message: "message"
        case .call: "call"
        case .record: "record"
        }
    }
}
