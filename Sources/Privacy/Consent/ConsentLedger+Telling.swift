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

    /// What is said again is told again.
    static let untoldAgainMigration = Migration("privacy_untold_2", sql: "ALTER TABLE privacy_untold ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0")

    public struct Untold: Sendable {
        /// Rises in the order in which statements came into force, and is never given out twice.
        public let number: Int64
        /// A mailbox for whoever has it.
        public let person: Identifier
        /// Without how we know of it, which stays in the ledger.
        public let statement: ConsentStatement
        let recorded: Int64

        /// Whether it is told behind another and speaks of all that the other is about.
        public func answers(_ other: Untold) -> Bool { number > other.number && statement.scope.covers(other.statement.scope) }
    }

    /// Notes what is to be told, once it is written down: of one person in the order of its own time, since whoever hears the last would else have it wrong.
    func note(_ sayings: [ConsentSaying], recorded: Timestamp, _ db: Database) throws {
        let all = sayings.flatMap { saying in saying.statements.flatMap { statement in told(statement, of: saying).map { (statement, $0) } } }
        for (statement, person) in all.sorted(by: { ($0.0.at, $1.0.state.rawValue) < ($1.0.at, $0.0.state.rawValue) }) { try note(statement, by: person, recorded, db) }
    }

    /// By which names a statement is told. What stands under a mailbox is told of everyone who has it.
    private func told(_ statement: ConsentStatement, of saying: ConsentSaying) -> [Identifier] {
        func mailboxes(_ identifiers: [Identifier]) -> [Identifier] {
            var forms: [Identifier] = []
            for one in identifiers where one.namespace == .email {
                let mailbox = mailbox(one.text)
                if !forms.contains(mailbox) { forms.append(mailbox) }
            }
            return forms
        }
        if statement.state == .withdrawn { return saying.tellers + mailboxes(saying.known) }
        return saying.tellers.isEmpty ? mailboxes(saying.speakers) : [saying.tellers[0]]
    }

    /// Nothing where somebody has said otherwise later.
    private func note(_ statement: ConsentStatement, by person: Identifier, _ recorded: Timestamp, _ db: Database) throws {
        let (scope, hash) = (statement.scope, BlobBytes(key.hash(person)))
        let later = try db.cachedStatement(
            sql: "SELECT 1 FROM privacy_statement WHERE hash = ? AND purpose = ? AND channel = ? AND topic = ? AND context = ? AND (at > ? OR at = ? AND state < ?) LIMIT 1")
        let at = statement.at.milliseconds
        guard try Int.fetchOne(later, arguments: [hash, scope.purpose.name, scope.channel, scope.topic, scope.context.text, at, at, statement.state.rawValue]) == nil else { return }
        try db.cachedStatement(
            sql: "INSERT INTO privacy_untold (hash, namespace, value, purpose, channel, topic, context, state, until, at, source, frequency, recorded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(
            arguments: [
                hash, person.namespace.name, person.text, scope.purpose.name, scope.channel, scope.topic, scope.context.text, statement.state.rawValue, statement.until?.milliseconds, at,
                statement.evidence.source, statement.evidence.frequency, recorded.milliseconds,
            ])
    }

    /// What is to be told, the oldest first.
    public func untold(limit: Int) throws -> [Untold] {
        try database.pool.read { db in
            try Row.fetchAll(db, sql: "SELECT number, namespace, value, purpose, channel, topic, context, state, until, at, source, frequency, recorded FROM privacy_untold ORDER BY number LIMIT ?", arguments: [limit]).compactMap { row in
                guard let namespace = IdentifierNamespace(name: row[1]), let context = ConsentContext(text: row[6]), let state = ConsentStatement.State(rawValue: row[7]) else { return nil }
                let scope = ConsentScope(ConsentPurpose(row[3]), channel: row[4], topic: row[5], context: context)
                let evidence = ConsentEvidence(source: row[10], frequency: row[11])
                return Untold(
                    number: row[0], person: Identifier(namespace, row[2]),
                    statement: ConsentStatement(scope, state, until: (row[8] as Int64?).map(Timestamp.init(clamping:)), at: Timestamp(clamping: row[9]), evidence: evidence), recorded: row[12])
            }
        }
    }

    /// A name for telling it of somebody: the same whenever it is told of them again, by themselves or as one who has the mailbox.
    public func name(of untold: Untold, to person: Identifier) -> [UInt8] {
        let (statement, scope) = (untold.statement, untold.statement.scope)
        let parts = [
            person.namespace.name, person.text, scope.purpose.name, scope.channel, scope.topic, scope.context.text, statement.state.name, "\(statement.until?.milliseconds ?? 0)", "\(statement.at.milliseconds)",
            statement.evidence.source, statement.evidence.frequency, "\(untold.recorded)",
        ]
        return key.keyedHash(Array("consent told 1:\(parts.joined(separator: "\u{0}"))".utf8))
    }

    /// Whether less than what somebody said stands at an instant, by another name of theirs or by their mailbox: to a no, a later pause is no answer, nor is a yes that is older.
    public func overrules(_ statement: ConsentStatement, of identifiers: [Identifier], address: String?, asOf: Timestamp) throws -> Bool {
        guard statement.state != .withdrawn else { return false }
        let decision = try decisions(on: [statement.scope], of: identifiers, address: address, asOf: asOf, ignoringMemberships: true)[0]
        return statement.state == .granted ? decision.isObjection : decision.reason == .withdrawn
    }

    /// What a statement that stands under a mailbox says of somebody who has it; nil where it does not concern them. As an identifier of theirs it is their own; otherwise an objection is one to mail, unless they said yes themselves since.
    public func concerning(_ identifiers: [Identifier], _ untold: Untold, now: Timestamp) throws -> Untold? {
        func stands(_ scope: ConsentScope, address: String?) throws -> Bool {
            let reason = try decisions(on: [scope], of: identifiers, address: address, asOf: now, ignoringMemberships: true)[0].reason
            return switch untold.statement.state {
            case .withdrawn: reason == .withdrawn
            case .paused: reason == .paused
            case .granted: reason == .granted
            }
        }
        let (statement, scope) = (untold.statement, untold.statement.scope)
        if identifiers.contains(where: { $0.namespace == .email && mailbox($0.text) == untold.person }) { return try stands(scope, address: nil) ? untold : nil }
        guard statement.state == .withdrawn, ["", ConsentLedger.mail].contains(scope.channel), scope.purpose != .analytics, scope.purpose != .sharing else { return nil }
        let narrow = ConsentScope(scope.purpose, channel: ConsentLedger.mail, topic: scope.topic, context: scope.context)
        guard try stands(narrow, address: untold.person.text) else { return nil }
        return Untold(number: untold.number, person: untold.person, statement: ConsentStatement(narrow, .withdrawn, at: statement.at, evidence: statement.evidence), recorded: untold.recorded)
    }

    /// The channel that a mailbox is of.
    static let mail = "email"

    /// Forgets what was told, up to a number.
    public func told(upTo number: Int64) throws { try database.pool.write { db in try db.execute(sql: "DELETE FROM privacy_untold WHERE number <= ?", arguments: [number]) } }
}
