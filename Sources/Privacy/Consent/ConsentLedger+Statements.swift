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

    /// Since yeses by API stand under what they name alone.
    static let momentMigration = Migration("privacy_statement_2", sql: "ALTER TABLE privacy_statement ADD COLUMN known_at INTEGER")

    /// Writes down what a person said who is known by these identifiers and nothing else. In force when this returns: the next decision of anybody sees it.
    ///
    /// - Parameter at: when it is written down.
    public func state(_ statements: [ConsentStatement], of identifiers: [Identifier], at now: Timestamp) throws {
        try state([ConsentSaying(identifiers, statements)], at: now)
    }

    /// The same of many people at once, all or none: a withdrawal under everything that they are known by, anything else under that by which they are named.
    /// So nobody who was taken for somebody else by mistake has that one's yes when they part, and no objection is lost.
    ///
    /// - Parameter position: of the newest event; nil for none.
    public func state(_ sayings: [ConsentSaying], after position: LogPosition? = nil, at now: Timestamp) throws {
        let asSaid = sayings.filter { !($0.known.isEmpty && $0.hashes.isEmpty) && !$0.statements.isEmpty }
        let sayings = asSaid.map(ofEveryAccount)
        guard !sayings.isEmpty else { return }
        let plain = sayings.flatMap { saying in saying.statements.compactMap { ConsentLedger.plainFact($0, saying.identifiers($0)) } }
        prepare(plain)
        spoken.insert(plain.flatMap { hashes(of: $0.identifiers) } + sayings.flatMap(\.hashes))
        try database.pool.write { db in
            for saying in sayings {
                for var statement in saying.statements {
                    statement.knownAt = position
                    if statement.state == .withdrawn { for hash in saying.hashes { try ConsentLedger.insert(statement.bare, BlobBytes(hash), recorded: now, db) } }
                    for identifier in saying.identifiers(statement) {
                        let isNamed = saying.speakers.contains(identifier)
                        // An address under its one form, by which whoever has it is found and forgotten, however they write it.
                        let hash = key.hash(identifier.namespace == .email ? mailbox(identifier.text) : identifier)
                        try ConsentLedger.insert(isNamed ? statement : statement.bare, BlobBytes(hash), recorded: now, db)
                    }
                }
            }
            for fact in plain { try ConsentLedger.settle(fact.purpose, hashes(of: fact.identifiers).map { BlobBytes($0) }, db) }
            for saying in sayings where !saying.hashes.isEmpty {
                for purpose in Set(saying.statements.compactMap(\.wholePurpose)) { try ConsentLedger.settle(purpose, saying.hashes.map { BlobBytes($0) }, db) }
            }
            try note(asSaid, recorded: now, db)
        }
        published(plain, upTo: position.map { $0 + 1 } ?? 0)
        remember(plain)
    }

    /// With withdrawals about an account under each name that it has by now, as they stand under each that the person has.
    private func ofEveryAccount(_ saying: ConsentSaying) -> ConsentSaying {
        ConsentSaying(saying.speakers, known: saying.known, saying.statements.flatMap { statement in
            statement.state == .withdrawn ? contexts(of: statement.scope.context).map { statement.about($0) } : [statement]
        }, hashes: saying.hashes, toldBy: saying.tellers)
    }

    /// Of an account, each name of those that turned out to be it, its own first; of anything else, itself.
    public func contexts(of context: ConsentContext) -> [ConsentContext] {
        guard case .account(let account) = context else { return [context] }
        let others = together.body(Identifier(.groupId, account), .max).filter { $0.namespace == .groupId && $0.text != account }.map(\.text).sorted()
        return [context] + others.map { .account($0) }
    }

    /// What somebody's statements come to. Of accounts that turned out to be one, each is asked by itself, and the strictest answer counts: no yes for one of them, said before they were, answers a no for another.
    private func answer(_ person: PersonalConsent, on scope: ConsentScope, now: Timestamp, ignoringPauses: Bool = false, _ together: @escaping PersonalConsent.Together) -> ConsentDecision {
        let contexts = contexts(of: scope.context)
        guard contexts.count > 1 else { return person.decide(scope, now: now, ignoringPauses: ignoringPauses, together: together) }
        let decisions = contexts.map { person.about($0, of: contexts, together).decide(scope.about($0), now: now, ignoringPauses: ignoringPauses, together: together) }
        var answer = decisions.first { $0.reason == .withdrawn } ?? decisions.first(where: \.isObjection) ?? decisions.first { $0.reason == .granted } ?? decisions[0]
        if answer.isPermitted { answer.frequency = ["monthly", "weekly", "daily"].first { name in decisions.contains { $0.frequency == name } } ?? answer.frequency }
        return answer
    }

    /// What a statement says of a whole purpose, as ``permits(_:for:)`` keeps it; nil where it is about less, or passes by itself. Of every purpose that messages are sent for, sharing is the one that others ask about.
    private static func plainFact(_ statement: ConsentStatement, _ identifiers: [Identifier]) -> ConsentFact? {
        guard let purpose = statement.wholePurpose else { return nil }
        return ConsentFact(identifiers: identifiers, purpose: purpose, isGranted: statement.state == .granted, at: statement.at, position: statement.position)
    }

    static func insert(_ statement: ConsentStatement, _ hash: BlobBytes, recorded: Timestamp, _ db: Database) throws {
        let (scope, evidence) = (statement.scope, statement.evidence)
        try db.cachedStatement(
            sql: """
                INSERT INTO privacy_statement (hash, purpose, channel, topic, context, state, until, at, recorded, position, basis, wording, proof, source, frequency, known_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                hash, scope.purpose.name, scope.channel, scope.topic, scope.context.text, statement.state.rawValue, statement.until?.milliseconds, statement.at.milliseconds, recorded.milliseconds,
                statement.position.map(Int64.init), evidence.basis, evidence.wording, evidence.proof, evidence.source, evidence.frequency,
                statement.knownAt.map(Int64.init),
            ])
    }

    // MARK: - Asking

    /// Whether somebody known by all of `identifiers` may be sent a message, and why: asked at the moment of sending, and seen by nobody before it was committed.
    ///
    /// How statements under several identifiers go together is told at ``PersonalConsent``.
    public func decide(_ question: ConsentQuestion, for identifiers: [Identifier], now: Timestamp) throws -> ConsentDecision {
        decide(question, identifiers, try database.pool.read { db in try look(question, identifiers, db) }, now: now)
    }

    /// What the tables say to a question.
    private enum Found {
        case refused(ConsentDecision.Reason)
        case said(PersonalConsent)
    }

    private func look(_ question: ConsentQuestion, _ identifiers: [Identifier], _ db: Database) throws -> Found {
        guard !identifiers.isEmpty else { return .refused(.nobody) }
        let asked = Asked(identifiers, address: question.address, self)
        if try ConsentLedger.isAny(of: asked.own, in: "privacy_suppression", db) { return .refused(.suppressed) }
        if let address = question.address {
            if try ConsentLedger.isAny(of: addressHashes(address).map { BlobBytes($0) }, in: "privacy_address", db) { return .refused(.addressSuppressed) }
            // Somebody who is to be left alone had it.
            if !asked.ofAddress.isEmpty, try ConsentLedger.isAny(of: asked.ofAddress, in: "privacy_suppression", db) { return .refused(.addressSuppressed) }
        }
        return .said(try consent(asked, db))
    }

    /// Called when the tables are left again: it may ask the identity graph, which others hold who read tables.
    private func decide(_ question: ConsentQuestion, _ identifiers: [Identifier], _ found: Found, now: Timestamp) -> ConsentDecision {
        switch found {
        case .refused(let reason): ConsentDecision(reason)
        case .said(let person): held(answer(person, on: question.scope, now: now, together.body), to: question.scope, identifiers)
        }
    }

    /// Under no lock and in no table, for the same reason.
    private func held(_ decision: ConsentDecision, to scope: ConsentScope, _ identifiers: [Identifier], asOf: Timestamp? = nil) -> ConsentDecision {
        let isMember = isMember.body
        return decision.held(to: scope) { isMember(identifiers, $0, asOf) }
    }

    /// Under which hashes somebody's statements stand.
    private struct Asked {
        let identifiers: [Identifier]
        /// The ends of each identifier's own among `own`.
        private(set) var ends: [Int] = []
        private(set) var own: [BlobBytes] = []
        /// Of the address that is asked about; none where it is one of the identifiers.
        private(set) var ofAddress: [BlobBytes] = []

        init(_ identifiers: [Identifier], address: String?, _ ledger: ConsentLedger) {
            self.identifiers = identifiers
            for identifier in identifiers {
                own += ledger.hashes(of: [identifier]).map { BlobBytes($0) }
                ends.append(own.count)
            }
            guard let address, !identifiers.contains(where: { $0.namespace == .email && $0.value.elementsEqual(address.utf8) }) else { return }
            let hashes = ledger.hashes(of: [Identifier(.email, address)])
            let isOwn = own.contains { hash in hashes.contains { $0 == hash.bytes } }
            if !isOwn { ofAddress = hashes.map { BlobBytes($0) } }
        }
    }

    private func consent(_ asked: Asked, asOf: Timestamp = .latest, _ db: Database) throws -> PersonalConsent {
        let all = try ConsentLedger.statements(of: asked.own + asked.ofAddress, db)
        func said(_ hashes: some Sequence<BlobBytes>) -> [ConsentStatement] {
            all.isEmpty ? [] : hashes.flatMap { hash in all[hash.bytes, default: []].filter { $0.at <= asOf } }
        }
        var start = 0
        let own = asked.ends.map { end in
            defer { start = end }
            return said(asked.own[start..<end])
        }
        return PersonalConsent(identifiers: asked.identifiers, said: own, ofAddress: said(asked.ofAddress))
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

    /// Asks of many at one instant. Several questions about one person and address cost little more than one where they stand side by side.
    ///
    /// - Returns: as many answers as there are questions, in their order.
    public func consult(_ asked: [(question: ConsentQuestion, identifiers: [Identifier])], now: Timestamp) throws -> [Consultation] {
        let commits = database.commits
        let found = try database.pool.read { db in
            var found: [Found] = []
            for (index, one) in asked.enumerated() {
                // What the tables say hangs on the person and the address alone.
                if index > 0, asked[index - 1].question.address == one.question.address, asked[index - 1].identifiers == one.identifiers { found.append(found[index - 1]) } else {
                    found.append(try look(one.question, one.identifiers, db))
                }
            }
            return found
        }
        return zip(asked, found).map { asked, found in
            Consultation(decision: decide(asked.question, asked.identifiers, found, now: now), question: asked.question, identifiers: asked.identifiers, now: now, commits: commits)
        }
    }

    /// Leave to send one message, minted now; or why not. Where anything at all was written since, it is decided anew, so that whatever was acknowledged before this call counts.
    /// Memberships stand elsewhere, and are asked again in any case.
    public func permit(_ asked: Consultation) throws -> Permit {
        let decision = try current(asked)
        guard decision.isPermitted else { return .refused(decision) }
        return .granted(SendPermit(scope: asked.question.scope, frequency: decision.frequency))
    }

    /// Whether what was asked is permitted still, decided as for ``permit(_:)``: for what is done beside sending.
    public func permits(_ asked: Consultation) throws -> Bool { try current(asked).isPermitted }

    private func current(_ asked: Consultation) throws -> ConsentDecision {
        database.commits == asked.commits
            ? held(asked.decision, to: asked.question.scope, asked.identifiers) : try decide(asked.question, for: asked.identifiers, now: asked.now)
    }

    /// The same without having asked before.
    public func permit(_ question: ConsentQuestion, for identifiers: [Identifier], now: Timestamp) throws -> Permit {
        let commits = database.commits
        return try permit(Consultation(decision: decide(question, for: identifiers, now: now), question: question, identifiers: identifiers, now: now, commits: commits))
    }

    /// Of each scope, whether a yes of somebody's stands in it under one of their identifiers by itself, or for one of the accounts that turned out to be one: it counts again once they part.
    public func holdsYesApart(in scopes: [ConsentScope], of identifiers: [Identifier]) throws -> [Bool] {
        guard !scopes.isEmpty else { return [] }
        let people = try database.pool.read { db in try identifiers.map { try consent(Asked([$0], address: nil, self), db) } }
        let together = together.body
        return scopes.map { scope in
            contexts(of: scope.context).contains { context in people.contains { $0.decide(scope.about(context), now: .latest, ignoringPauses: true, together: together).reason == .granted } }
        }
    }

    /// Whether somebody has left `scope` as a whole, under each of these identifiers by itself and for each of the accounts that turned out to be one; asked for within it, they have not.
    public func hasLeftApart(_ scope: ConsentScope, _ identifiers: [Identifier]) throws -> Bool {
        try contexts(of: scope.context).allSatisfy { context in try identifiers.allSatisfy { try hasLeft(scope.about(context), [$0]) } }
    }

    /// Whether somebody has left `scope` as a whole, and asked for nothing within it since.
    public func hasLeft(_ scope: ConsentScope, _ identifiers: [Identifier]) throws -> Bool { try hasLeft(scope, hashes: hashes(of: identifiers)) }

    /// The same of whoever has an address, by its hash.
    public func hasLeft(_ scope: ConsentScope, hashes: [[UInt8]]) throws -> Bool {
        let said = try history(under: hashes, asOf: .latest, limit: .max)
        guard let left = said.first(where: { $0.state == .withdrawn && $0.scope == scope }) else { return false }
        return !said.contains { $0.state == .granted && $0.at > left.at && scope.covers($0.scope) }
    }

    /// Whether one of those who have a mailbox asked for something within `scope` since it left that as a whole.
    public func hasBeenAskedFor(_ scope: ConsentScope, byOneOf people: [[Identifier]], sinceLeft mailbox: Identifier) throws -> Bool {
        guard let left = try history(of: [mailbox], limit: .max).first(where: { $0.state == .withdrawn && $0.scope == scope }) else { return false }
        return try people.contains { try history(of: $0, limit: .max).contains { $0.state == .granted && $0.at > left.at && scope.covers($0.scope) } }
    }

    /// Everything that somebody said, newest first; said twice under two identifiers, it is told once.
    ///
    /// - Parameter asOf: only what had been said by then.
    public func history(of identifiers: [Identifier], asOf: Timestamp = .latest, limit: Int = 1000) throws -> [ConsentStatement] {
        try history(under: hashes(of: identifiers), asOf: asOf, limit: limit)
    }

    private func history(under hashes: [[UInt8]], asOf: Timestamp, limit: Int) throws -> [ConsentStatement] {
        let all = try database.pool.read { db in try ConsentLedger.statements(of: hashes.map { BlobBytes($0) }, db).values.flatMap { $0 } }
        let whole = Set(all.filter { $0 != $0.bare }.map(\.bare))
        let sorted = Set(all).filter { $0.at <= asOf && !whole.contains($0) }.sorted { a, b in
            (a.at, a.recordedAt ?? a.at, a.scope.purpose.name, a.scope.channel, a.scope.topic) > (b.at, b.recordedAt ?? b.at, b.scope.purpose.name, b.scope.channel, b.scope.topic)
        }
        return Array(sorted.prefix(limit))
    }

    /// What somebody's answer was at an instant, from what had been said by then.
    ///
    /// - Parameters:
    ///   - address: where a message would go; nil for none.
    ///   - ignoringPauses: for what stands behind a pause.
    public func decision(
        on scope: ConsentScope, of identifiers: [Identifier], address: String? = nil, asOf: Timestamp, ignoringPauses: Bool = false, together: (@Sendable (Identifier, LogPosition) -> Set<Identifier>)? = nil
    ) throws -> ConsentDecision {
        try decisions(on: [scope], of: identifiers, address: address, asOf: asOf, ignoringPauses: ignoringPauses, together: together)[0]
    }

    /// The same of several scopes, in one reading.
    ///
    /// - Parameters:
    ///   - ignoringMemberships: for what they said, whether or not they act for whom they said it as a member of.
    ///   - together: who was one person when; nil for what ``together`` knows.
    public func decisions(
        on scopes: [ConsentScope], of identifiers: [Identifier], address: String? = nil, asOf: Timestamp, ignoringPauses: Bool = false, ignoringMemberships: Bool = false,
        together: (@Sendable (Identifier, LogPosition) -> Set<Identifier>)? = nil
    ) throws -> [ConsentDecision] {
        let together = together ?? self.together.body
        let asked = Asked(identifiers, address: address, self)
        let person = try database.pool.read { db in try consent(asked, asOf: asOf, db) }
        return scopes.map { scope in
            let decision = answer(person, on: scope, now: asOf, ignoringPauses: ignoringPauses, together)
            return ignoringMemberships ? decision : held(decision, to: scope, identifiers, asOf: asOf)
        }
    }

    /// What was said under each of the hashes, oldest first.
    private static func statements(of hashes: [BlobBytes], _ db: Database) throws -> [[UInt8]: [ConsentStatement]] {
        var all: [[UInt8]: [ConsentStatement]] = [:]
        for start in stride(from: 0, to: hashes.count, by: chunk) {
            let some = hashes[start..<min(start + chunk, hashes.count)]
            let statement = try db.cachedStatement(
                sql: """
                    SELECT purpose, channel, topic, context, state, until, at, recorded, position, basis, wording, proof, source, frequency, known_at, hash
                    FROM privacy_statement WHERE hash IN (\(places(some.count))) ORDER BY hash, at
                    """)
            let rows = try Row.fetchCursor(statement, arguments: StatementArguments(some))
            while let row = try rows.next() {
                guard let state = ConsentStatement.State(rawValue: row[4]), let context = ConsentContext(text: row[3]) else { continue }
                let (until, position) = (row[5] as Int64?, row[8] as Int64?)
                var statement = ConsentStatement(
                    ConsentScope(ConsentPurpose(row[0]), channel: row[1], topic: row[2], context: context), state, until: until.map(Timestamp.init(clamping:)), at: Timestamp(clamping: row[6]),
                    evidence: ConsentEvidence(basis: row[9], wording: row[10], proof: row[11], source: row[12], frequency: row[13]), recordedAt: Timestamp(clamping: row[7]),
                    position: position.map { LogPosition(max(0, $0)) })
                statement.knownAt = (row[14] as Int64?).map { LogPosition(max(0, $0)) }
                all[(row[15] as BlobBytes).bytes, default: []].append(statement)
            }
        }
        return all
    }
}
