import GRDB
public import Storage
public import Vocabulary

/// Every statement with what it is about, kept as it was said: the current answer is worked out from them whenever somebody asks.
extension ConsentLedger {
    static let statementMigration = Migration(
        "privacy_statement_1",
        sql: """
            CREATE TABLE privacy_statement (
              number INTEGER PRIMARY KEY, hash BLOB NOT NULL, purpose TEXT NOT NULL, channel TEXT NOT NULL, topic TEXT NOT NULL, context TEXT NOT NULL, state INTEGER NOT NULL,
              until INTEGER, at INTEGER NOT NULL, recorded INTEGER NOT NULL, position INTEGER, basis TEXT NOT NULL, wording TEXT NOT NULL, proof TEXT NOT NULL, source TEXT NOT NULL,
              frequency TEXT NOT NULL);
            CREATE INDEX privacy_statement_hash ON privacy_statement (hash, at);
            CREATE TABLE privacy_address (hash BLOB PRIMARY KEY, reason TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
            INSERT INTO privacy_statement (hash, purpose, channel, topic, context, state, until, at, recorded, position, basis, wording, proof, source, frequency)
              SELECT hash, purpose, '', '', '*', CASE granted WHEN 1 THEN 2 ELSE 0 END, NULL, at, at, position, '', '', '', 'event', '' FROM privacy_consent;
            """)

    /// Writes down what a person said, under each of their identifiers. In force when this returns: the next decision of anybody sees it.
    ///
    /// - Parameter at: when it is written down.
    public func state(_ statements: [ConsentStatement], of identifiers: [Identifier], at now: Timestamp) throws {
        guard !statements.isEmpty, !identifiers.isEmpty else { return }
        try state([(identifiers, statements)], at: now)
    }

    /// The same for many people at once, all or none.
    public func state(_ entries: [(identifiers: [Identifier], statements: [ConsentStatement])], at now: Timestamp) throws {
        let plain = entries.flatMap { entry in entry.statements.compactMap { ConsentLedger.plainFact($0, entry.identifiers) } }
        prepare(plain)
        spoken.insert(plain.flatMap { hashes(of: $0.identifiers) })
        try database.pool.write { db in
            for (identifiers, statements) in entries {
                for hash in hashes(of: identifiers).map({ BlobBytes($0) }) {
                    for statement in statements { try ConsentLedger.insert(statement, hash, recorded: now, db) }
                }
            }
            for fact in plain { try ConsentLedger.keep(fact, hashes(of: fact.identifiers).map { BlobBytes($0) }, db) }
        }
        published(plain)
    }

    /// What a statement says of a whole purpose, as ``permits(_:for:)`` keeps it; nil where it is about less, or passes by itself.
    private static func plainFact(_ statement: ConsentStatement, _ identifiers: [Identifier]) -> ConsentFact? {
        guard statement.isWhole else { return nil }
        return ConsentFact(identifiers: identifiers, purpose: statement.scope.purpose, isGranted: statement.state == .granted, at: statement.at, position: statement.position ?? 0)
    }

    static func insert(_ statement: ConsentStatement, _ hash: BlobBytes, recorded: Timestamp, _ db: Database) throws {
        let (scope, evidence) = (statement.scope, statement.evidence)
        try db.cachedStatement(
            sql: """
                INSERT INTO privacy_statement (hash, purpose, channel, topic, context, state, until, at, recorded, position, basis, wording, proof, source, frequency)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                hash, scope.purpose.name, scope.channel, scope.topic, scope.context.text, statement.state.rawValue, statement.until?.milliseconds, statement.at.milliseconds, recorded.milliseconds,
                statement.position.map(Int64.init), evidence.basis, evidence.wording, evidence.proof, evidence.source, evidence.frequency,
            ])
    }

    // MARK: - Asking

    /// Whether somebody known by all of `identifiers` may be sent a message, and why: asked at the moment of sending, and seen by nobody before it was committed.
    ///
    /// Each identifier's own statements are decided alone, and the strictest answer stands, so that joining two people never makes a yes of a no.
    public func decide(_ question: ConsentQuestion, for identifiers: [Identifier], now: Timestamp) throws -> ConsentDecision {
        try database.pool.read { db in try decide(question, for: identifiers, now: now, db) }
    }

    private func decide(_ question: ConsentQuestion, for identifiers: [Identifier], now: Timestamp, _ db: Database) throws -> ConsentDecision {
        guard !identifiers.isEmpty else { return ConsentDecision(.nobody) }
        let hashes = self.hashes(of: identifiers).map { BlobBytes($0) }
        let said = try ConsentLedger.statements(of: hashes, db)
        if try ConsentLedger.isAny(of: hashes, in: "privacy_suppression", db) { return ConsentDecision(.suppressed) }
        if let address = question.address, try ConsentLedger.isAny(of: [BlobBytes(addressHash(address))], in: "privacy_address", db) { return ConsentDecision(.addressSuppressed) }
        var best: ConsentDecision?
        for hash in hashes {
            guard let statements = said[hash.bytes] else { continue }
            let decision = ConsentDecision.decide(question.scope, statements, now: now)
            switch decision.reason {
            case .withdrawn, .paused: return decision
            case .granted: best = decision
            default: best = best ?? decision
            }
        }
        return best ?? ConsentDecision(question.scope.purpose.isGrantedByPolicy ? .policy : .unknown)
    }

    /// Identifiers that one statement is asked of.
    private static let chunk = 500

    private static func isAny(of hashes: [BlobBytes], in table: String, _ db: Database) throws -> Bool {
        for start in stride(from: 0, to: hashes.count, by: chunk) {
            let some = hashes[start..<min(start + chunk, hashes.count)]
            let statement = try db.cachedStatement(sql: "SELECT 1 FROM \(table) WHERE hash IN (\(places(some.count))) LIMIT 1")
            if try Int.fetchOne(statement, arguments: StatementArguments(some)) != nil { return true }
        }
        return false
    }

    private static func places(_ count: Int) -> String { [String](repeating: "?", count: count).joined(separator: ",") }

    /// A decision that a permit is to be asked by soon.
    public struct Consultation: Sendable {
        public let decision: ConsentDecision
        let question: ConsentQuestion
        let identifiers: [Identifier]
        let now: Timestamp
        /// Transactions that had been committed before it was read.
        let commits: Int
    }

    /// Asks of many at one instant.
    ///
    /// - Returns: as many answers as there are questions, in their order.
    public func consult(_ asked: [(question: ConsentQuestion, identifiers: [Identifier])], now: Timestamp) throws -> [Consultation] {
        let commits = database.commits
        return try database.pool.read { db in
            try asked.map { question, identifiers in
                Consultation(decision: try decide(question, for: identifiers, now: now, db), question: question, identifiers: identifiers, now: now, commits: commits)
            }
        }
    }

    /// Leave to send one message, minted now; or why not. Where anything at all was written since, it is decided anew, so that whatever was acknowledged before this call counts.
    public func permit(_ asked: Consultation) throws -> Permit {
        let decision = database.commits == asked.commits ? asked.decision : try decide(asked.question, for: asked.identifiers, now: asked.now)
        guard decision.isPermitted else { return .refused(decision) }
        return .granted(SendPermit(scope: asked.question.scope, frequency: decision.statement?.evidence.frequency ?? ""))
    }

    /// The same without having asked before.
    public func permit(_ question: ConsentQuestion, for identifiers: [Identifier], now: Timestamp) throws -> Permit {
        let commits = database.commits
        return try permit(Consultation(decision: decide(question, for: identifiers, now: now), question: question, identifiers: identifiers, now: now, commits: commits))
    }

    /// Everything that somebody said, newest first; said twice under two identifiers, it is told once.
    ///
    /// - Parameter asOf: only what had been said by then.
    public func history(of identifiers: [Identifier], asOf: Timestamp = .latest, limit: Int = 1000) throws -> [ConsentStatement] {
        let hashes = self.hashes(of: identifiers).map { BlobBytes($0) }
        let all = try database.pool.read { db in try ConsentLedger.statements(of: hashes, db).values.flatMap { $0 } }
        let sorted = Set(all).filter { $0.at <= asOf }.sorted { a, b in
            (a.at, a.recordedAt ?? a.at, a.scope.purpose.name, a.scope.channel, a.scope.topic) > (b.at, b.recordedAt ?? b.at, b.scope.purpose.name, b.scope.channel, b.scope.topic)
        }
        return Array(sorted.prefix(limit))
    }

    /// What somebody's answer was at an instant, from what had been said by then.
    ///
    /// - Parameter ignoringPauses: for what stands behind a pause.
    public func decision(on scope: ConsentScope, of identifiers: [Identifier], asOf: Timestamp, ignoringPauses: Bool = false) throws -> ConsentDecision {
        try decisions(on: [scope], of: identifiers, asOf: asOf, ignoringPauses: ignoringPauses)[0]
    }

    /// The same of several scopes, in one reading.
    public func decisions(on scopes: [ConsentScope], of identifiers: [Identifier], asOf: Timestamp, ignoringPauses: Bool = false) throws -> [ConsentDecision] {
        let hashes = self.hashes(of: identifiers).map { BlobBytes($0) }
        let each = try database.pool.read { db in
            let said = try ConsentLedger.statements(of: hashes, db)
            return hashes.map { said[$0.bytes, default: []].filter { $0.at <= asOf } }.filter { !$0.isEmpty }
        }
        return scopes.map { scope in
            let decisions = each.map { ConsentDecision.decide(scope, $0, now: asOf, ignoringPauses: ignoringPauses) }
            return decisions.first { $0.reason == .withdrawn || $0.reason == .paused } ?? decisions.first { $0.reason == .granted } ?? decisions.first
                ?? ConsentDecision(scope.purpose.isGrantedByPolicy ? .policy : .unknown)
        }
    }

    /// What was said under each of the hashes, oldest first.
    private static func statements(of hashes: [BlobBytes], _ db: Database) throws -> [[UInt8]: [ConsentStatement]] {
        var all: [[UInt8]: [ConsentStatement]] = [:]
        for start in stride(from: 0, to: hashes.count, by: chunk) {
            let some = hashes[start..<min(start + chunk, hashes.count)]
            let statement = try db.cachedStatement(
                sql: """
                    SELECT purpose, channel, topic, context, state, until, at, recorded, position, basis, wording, proof, source, frequency, hash
                    FROM privacy_statement WHERE hash IN (\(places(some.count))) ORDER BY hash, at
                    """)
            let rows = try Row.fetchCursor(statement, arguments: StatementArguments(some))
            while let row = try rows.next() {
                guard let state = ConsentStatement.State(rawValue: row[4]), let context = ConsentContext(text: row[3]) else { continue }
                let (until, position) = (row[5] as Int64?, row[8] as Int64?)
                let statement = ConsentStatement(
                    ConsentScope(ConsentPurpose(row[0]), channel: row[1], topic: row[2], context: context), state, until: until.map(Timestamp.init(clamping:)), at: Timestamp(clamping: row[6]),
                    evidence: ConsentEvidence(basis: row[9], wording: row[10], proof: row[11], source: row[12], frequency: row[13]), recordedAt: Timestamp(clamping: row[7]),
                    position: position.map { LogPosition(max(0, $0)) })
                all[(row[14] as BlobBytes).bytes, default: []].append(statement)
            }
        }
        return all
    }

    // MARK: - Addresses

    /// Why an address gets nothing any more.
    public enum AddressReason: String, Sendable, CaseIterable { case unsubscribed, complained, bounced, manual }

    /// Keeps a keyed hash of an address: nothing more is sent there, whoever it belongs to. It stays when its person is forgotten.
    public func suppress(address: String, _ reason: AddressReason, at: Timestamp) throws {
        let hash = BlobBytes(addressHash(address))
        try database.pool.write { db in
            try db.execute(sql: "INSERT OR IGNORE INTO privacy_address VALUES (?, ?, ?)", arguments: [hash, reason.rawValue, at.milliseconds])
        }
    }

    /// - Returns: whether it was suppressed.
    public func unsuppress(address: String) throws -> Bool {
        let hash = BlobBytes(addressHash(address))
        return try database.pool.write { db in
            try db.execute(sql: "DELETE FROM privacy_address WHERE hash = ?", arguments: [hash])
            return db.changesCount > 0
        }
    }

    /// Takes back what a bounce said of an address, by the hash of ``addressHash(_:)``: the domain was out of order. What anybody chose stays.
    public func pardon(addressHash hash: [UInt8]) throws {
        try database.pool.write { try $0.execute(sql: "DELETE FROM privacy_address WHERE hash = ? AND reason = ?", arguments: [BlobBytes(hash), AddressReason.bounced.rawValue]) }
    }

    /// Why an address is suppressed, and since when; nil where it is not.
    public func suppression(ofAddress address: String) throws -> (reason: String, at: Timestamp)? {
        let hash = BlobBytes(addressHash(address))
        return try database.pool.read { db in
            try Row.fetchOne(db, sql: "SELECT reason, at FROM privacy_address WHERE hash = ?", arguments: [hash]).map { (reason: $0[0], at: Timestamp(clamping: $0[1])) }
        }
    }

    /// A keyed hash. Addresses differ in the case of their letters and in blanks around them without being others.
    public func addressHash(_ address: String) -> [UInt8] {
        key.keyedHash(Array("address:".utf8) + ConsentLedger.plain(address))
    }
}
