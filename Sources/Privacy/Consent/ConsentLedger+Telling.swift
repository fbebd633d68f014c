import GRDB
public import Storage
public import Vocabulary

/// What was said otherwise than by an event, until it stands in the log, too: written in the transaction that puts it in force, so that neither a crash nor a full disk loses it.
extension ConsentLedger {
    static let untoldMigration = Migration(
        "privacy_untold_1",
        sql: """
            CREATE TABLE privacy_untold (
              number INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL, namespace TEXT NOT NULL, value TEXT NOT NULL, purpose TEXT NOT NULL, channel TEXT NOT NULL, topic TEXT NOT NULL, context TEXT NOT NULL,
              state INTEGER NOT NULL, until INTEGER, at INTEGER NOT NULL, source TEXT NOT NULL, frequency TEXT NOT NULL);
            CREATE INDEX privacy_untold_hash ON privacy_untold (hash);
            """)

    public struct Untold: Sendable {
        /// Rises in the order in which statements came into force, and is never given out twice.
        public let number: Int64
        public let person: Identifier
        /// Without how we know of it, which stays in the ledger.
        public let statement: ConsentStatement
    }

    /// Notes what is to be told, before it is written down; nothing where somebody has said otherwise later, since whoever hears the last would have it wrong.
    func note(_ statement: ConsentStatement, by person: Identifier, _ db: Database) throws {
        let (scope, hash) = (statement.scope, BlobBytes(key.hash(person)))
        let later = try db.cachedStatement(
            sql: "SELECT 1 FROM privacy_statement WHERE hash = ? AND purpose = ? AND channel = ? AND topic = ? AND context = ? AND (at > ? OR at = ? AND state < ?) LIMIT 1")
        let at = statement.at.milliseconds
        guard try Int.fetchOne(later, arguments: [hash, scope.purpose.name, scope.channel, scope.topic, scope.context.text, at, at, statement.state.rawValue]) == nil else { return }
        try db.cachedStatement(
            sql: "INSERT INTO privacy_untold (hash, namespace, value, purpose, channel, topic, context, state, until, at, source, frequency) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(
            arguments: [
                hash, person.namespace.name, person.text, scope.purpose.name, scope.channel, scope.topic, scope.context.text, statement.state.rawValue, statement.until?.milliseconds, at,
                statement.evidence.source, statement.evidence.frequency,
            ])
    }

    /// What is to be told, the oldest first.
    public func untold(limit: Int) throws -> [Untold] {
        try database.pool.read { db in
            try Row.fetchAll(db, sql: "SELECT number, namespace, value, purpose, channel, topic, context, state, until, at, source, frequency FROM privacy_untold ORDER BY number LIMIT ?", arguments: [limit]).compactMap { row in
                guard let namespace = IdentifierNamespace(name: row[1]), let context = ConsentContext(text: row[6]), let state = ConsentStatement.State(rawValue: row[7]) else { return nil }
                let scope = ConsentScope(ConsentPurpose(row[3]), channel: row[4], topic: row[5], context: context)
                let evidence = ConsentEvidence(source: row[10], frequency: row[11])
                return Untold(
                    number: row[0], person: Identifier(namespace, row[2]),
                    statement: ConsentStatement(scope, state, until: (row[8] as Int64?).map(Timestamp.init(clamping:)), at: Timestamp(clamping: row[9]), evidence: evidence))
            }
        }
    }

    /// Forgets what was told, up to a number.
    public func told(upTo number: Int64) throws { try database.pool.write { db in try db.execute(sql: "DELETE FROM privacy_untold WHERE number <= ?", arguments: [number]) } }
}
