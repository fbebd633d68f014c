import GRDB
public import Storage
import Synchronization
public import Vocabulary

/// What we may use data for.
public struct ConsentPurpose: Sendable, Hashable {
    public let name: String
    public init(_ name: String) { self.name = name }
    /// Running what the person asked for, and knowing how it is used: granted by the workspace's policy unless the person objects.
    public static let service = ConsentPurpose("service")
    public static let analytics = ConsentPurpose("analytics")
    /// Selling data, or sharing it with others for their own ends: what Global Privacy Control objects to.
    public static let sharing = ConsentPurpose("sharing")
    /// Whatever messages are sent for, but what the policy grants.
    public static let everyMessage = ConsentPurpose("*")

    public var isGrantedByPolicy: Bool { self == .service || self == .analytics }
    /// Whether messages are sent for it. Nobody is written to in order to be measured: what the policy grants for that is no leave to send.
    public var isForMessages: Bool { self != .analytics && self != .everyMessage }
}

/// One statement of a person about one purpose.
public struct ConsentFact: Sendable {
    public let identifiers: [Identifier]
    public let purpose: ConsentPurpose
    public let isGranted: Bool
    public let at: Timestamp
    /// Of the event that said so; nil where none did.
    public let position: LogPosition?
    /// The browser's signal that stands in every event, such as Global Privacy Control, and not a choice that was made at this moment.
    public let isSignal: Bool
    /// What a consent banner writes into every event, and not a choice that was made at this moment.
    public var isStamp = false
    /// The statement with its channel, topic and evidence, where the event makes one; else it is about the whole purpose.
    public var statement: ConsentStatement?

    public init(identifiers: [Identifier], purpose: ConsentPurpose, isGranted: Bool, at: Timestamp, position: LogPosition?, isSignal: Bool = false) {
        self.isSignal = isSignal
        self.identifiers = identifiers
        self.purpose = purpose
        self.isGranted = isGranted
        self.at = at
        self.position = position
    }
}

extension ConsentStatement {
    /// The purpose that it is about as a whole for the person themselves, so that it answers who asks about the purpose alone.
    var wholePurpose: ConsentPurpose? {
        if case .account = scope.context { return nil }
        guard scope.channel.isEmpty, scope.topic.isEmpty, state != .paused else { return nil }
        return scope.purpose == .everyMessage ? .sharing : scope.purpose
    }
}

/// Who said yes or no to what, by keyed hash of the identifier; the asker passes all identifiers and the strictest answer wins,
/// so that merges and unmerges need no repair here.
public final class ConsentLedger: Eraser {
    public static let migrations = [
        Migration(
            "privacy_consent_1",
            sql: """
                CREATE TABLE privacy_consent (
                  hash BLOB NOT NULL, purpose TEXT NOT NULL, granted INTEGER NOT NULL, at INTEGER NOT NULL, position INTEGER NOT NULL,
                  PRIMARY KEY (hash, purpose)) WITHOUT ROWID;
                CREATE TABLE privacy_ledger_position (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL);
                """),
        statementMigration, ConsentStamps.migration, momentMigration, untoldMigration, untoldAgainMigration,
    ]

    public let name = "consent ledger"
    let database: DatabaseFile
    let key: WorkspaceKey
    /// Whether anybody ever objected to what the policy grants. While nobody has, reading profiles needs no look into the table.
    private let hasObjections: Mutex<Bool>
    let spoken: SpokenHashes
    let stamps: ConsentStamps
    /// Of the mailboxes of somebody who is being erased, those that others have as well; asked once nobody finds the one who is.
    public let sharedMailboxes = Hook<@Sendable (Set<Identifier>) -> Set<Identifier>>({ _ in [] })
    let canonical: @Sendable (String) -> String?
    /// Who was one person when: set by whoever knows the identity graph. Until then, nobody.
    public let together = Hook<@Sendable (Identifier, LogPosition) -> Set<Identifier>>({ _, _ in [] })
    /// Whether whoever has these identifiers is a member of an account now, or was at an instant: set by whoever knows the memberships. Until then, everybody is of every account.
    public let isMember = Hook<@Sendable ([Identifier], _ account: String, _ asOf: Timestamp?) -> Bool>({ _, _, _ in true })
    /// Objections by signal that are in force, with their time in ms: the same browser says it again with every event, and a row is written only when
    /// it says so later by ``signalRepeatMs``. A grant takes the entries of all that its person is known by away.
    private let signals = Mutex<[[UInt8]: Int64]>([:])
    private let signalsMaximum: Int
    private static let signalsLimit = 100_000
    private static let signalBytes = 128
    private static let signalRepeatMs: Int64 = 3_600_000
    /// The position that the table holds, and how far it may fall behind while nothing new is said.
    private let written: Mutex<LogPosition>
    private static let writtenLagMaximum: LogPosition = 100_000

    /// - Parameters:
    ///   - memory: bytes that each of what is remembered of banners' stamps, of browsers' signals and of who said anything may take.
    ///   - canonical: the form in which mail carries an address; nil for what is none.
    public init(_ database: DatabaseFile, key: WorkspaceKey, memory: Int = .max, canonical: @escaping @Sendable (String) -> String? = { _ in nil }) throws {
        self.database = database
        self.key = key
        stamps = ConsentStamps(memory: memory)
        self.canonical = canonical
        written = Mutex(try database.pool.read { LogPosition(try Int64.fetchOne($0, sql: "SELECT position FROM privacy_ledger_position") ?? 0) })
        spoken = try database.pool.read { db in
            let rows = try Row.fetchCursor(db, sql: "SELECT hash FROM privacy_consent")
            return try SpokenHashes(memory: memory) { try rows.next().map { SpokenHashes.beginning(($0[0] as BlobBytes).bytes) } }
        }
        signalsMaximum = min(ConsentLedger.signalsLimit, memory / ConsentLedger.signalBytes)
        hasObjections = Mutex(try database.pool.read { try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM privacy_consent WHERE granted = 0 AND purpose IN ('service', 'analytics'))") ?? false })
    }

    /// Under which hashes stands what is said of somebody by these identifiers. Of an address also those of its other forms: who leaves by a file that writes it in other letters has left.
    func hashes(of identifiers: [Identifier]) -> [[UInt8]] {
        var all: [[UInt8]] = []
        all.reserveCapacity(identifiers.count)
        for identifier in identifiers {
            all.append(key.hash(identifier))
            if identifier.namespace == .email { all += otherForms(of: identifier).map { key.hash($0) } }
        }
        return all
    }

    // MARK: - Following objections

    /// Of whom something was said about a purpose that the policy grants, so that whoever keeps the objectors need not ask of everyone.
    public struct Said: Sendable {
        public private(set) var identifiers: [Identifier]
        /// Behind the events that were in by then: what these make of people may change what it comes to.
        public private(set) var upTo: LogPosition

        public init(identifiers: [Identifier] = [], upTo: LogPosition = 0) { (self.identifiers, self.upTo) = (identifiers, upTo) }

        public mutating func add(_ other: Said) {
            identifiers += other.identifiers
            upTo = max(upTo, other.upTo)
        }
    }
    private let said = Mutex(Said())

    /// Takes what was said since the last call; the answer is asked with ``objects(_:to:)``, since an older statement changes nothing.
    public func takeSaid() -> Said {
        said.withLock { said in
            defer { said = Said() }
            return said
        }
    }

    /// Whether this identifier objects, by what was said under it alone.
    public func objects(_ identifier: Identifier, to purpose: ConsentPurpose) throws -> Bool {
        try database.pool.read { db in
            for hash in hashes(of: [identifier]) {
                if try Bool.fetchOne(db, sql: "SELECT granted FROM privacy_consent WHERE hash = ? AND purpose = ?", arguments: [BlobBytes(hash), purpose.name]) == false { return true }
            }
            return false
        }
    }

    /// Which identifiers object to a purpose, by what was said under each by itself, and which may have said yes to it.
    public struct Objections: Sendable {
        let ledger: ConsentLedger
        let objecting: Set<[UInt8]>
        let granting: Set<UInt64>

        public func contains(_ identifier: Identifier) -> Bool { ledger.hashes(of: [identifier]).contains(where: objecting.contains) }
        public func mayHaveGranted(_ identifier: Identifier) -> Bool { ledger.hashes(of: [identifier]).contains { granting.contains(SpokenHashes.beginning($0)) } }
    }

    /// For looking through everyone once; nil while nobody objects.
    public func objections(to purpose: ConsentPurpose) throws -> Objections? {
        let (objecting, granting) = try database.pool.read { db in
            func hashes(_ isGranted: Bool) throws -> RowCursor { try Row.fetchCursor(db, sql: "SELECT hash FROM privacy_consent WHERE purpose = ? AND granted = ?", arguments: [purpose.name, isGranted]) }
            var (objecting, granting): (Set<[UInt8]>, Set<UInt64>) = ([], [])
            let noes = try hashes(false)
            while let row = try noes.next() { objecting.insert((row[0] as BlobBytes).bytes) }
            guard !objecting.isEmpty else { return (objecting, granting) }
            let yeses = try hashes(true)
            while let row = try yeses.next() { granting.insert(SpokenHashes.beginning((row[0] as BlobBytes).bytes)) }
            return (objecting, granting)
        }
        return objecting.isEmpty ? nil : Objections(ledger: self, objecting: objecting, granting: granting)
    }

    /// The log position up to which facts are known; Ingest replays the rest at start.
    public func position() throws -> LogPosition {
        try database.pool.read { LogPosition(try Int64.fetchOne($0, sql: "SELECT position FROM privacy_ledger_position") ?? 0) }
    }

    /// Facts are in force when this returns. An older statement never replaces a newer one; on a tie, the one that allows less stays.
    public func record(_ facts: [ConsentFact], upTo position: LogPosition) throws {
        prepare(facts)
        let fresh = facts.filter { !isRepeated($0) }
        // A start must not read far back, so the table is told where the log stands now and then though nobody said anything new.
        if !facts.isEmpty, fresh.isEmpty, written.withLock({ position - min($0, position) < ConsentLedger.writtenLagMaximum }) { return }
        spoken.insert(hashes(of: fresh.flatMap(\.identifiers)))
        let (news, changed) = try database.pool.write { db in
            var (news, changed): ([ConsentFact], [ConsentStamps.Key: ConsentStamp]) = ([], [:])
            for fact in fresh {
                if fact.isStamp, try !take(stamp: fact, &changed, db) { continue }
                news.append(fact)
                let statement = fact.statement ?? whole(fact, at: fact.at)
                let hashes = hashes(of: speakers(fact)).map { BlobBytes($0) }
                for hash in hashes where try !ConsentLedger.isKnown(statement, fact, hash, db) { try ConsentLedger.insert(statement, hash, recorded: fact.at, db) }
                if let purpose = statement.wholePurpose { try ConsentLedger.settle(purpose, hashes, db) }
            }
            try db.execute(
                sql: "INSERT INTO privacy_ledger_position VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET position = max(position, excluded.position)",
                arguments: [Int64(position)])
            return (news, changed)
        }
        written.withLock { $0 = max($0, position) }
        stamps.remember(changed)
        published(fresh, upTo: position)
        remember(news)
    }

    /// Before the table is written, so that nobody reads the old answer after the new one is in force.
    func prepare(_ facts: [ConsentFact]) {
        if facts.contains(where: { !$0.isGranted && $0.purpose.isGrantedByPolicy }) { hasObjections.withLock { $0 = true } }
    }

    /// After the table was written: whoever keeps the objectors asks again of these people.
    func published(_ facts: [ConsentFact], upTo position: LogPosition) {
        let identifiers = facts.filter { $0.purpose.isGrantedByPolicy }.flatMap(\.identifiers)
        // They may be known by an address in another form.
        let named = identifiers + identifiers.flatMap(otherForms)
        // A grant of what nobody objected to changes nobody's answer.
        guard !named.isEmpty, hasObjections.withLock({ $0 }) else { return }
        said.withLock { $0.add(Said(identifiers: named, upTo: position)) }
    }

    /// What stands about a whole purpose under each identifier by itself, by the history of what was said under it.
    static func settle(_ purpose: ConsentPurpose, _ hashes: [BlobBytes], _ db: Database) throws {
        let history = try db.cachedStatement(sql: "SELECT context, state, at, position, purpose FROM privacy_statement WHERE hash = ? AND purpose IN (?, ?) AND channel = '' AND topic = ''")
        let write = try db.cachedStatement(sql: "INSERT OR REPLACE INTO privacy_consent VALUES (?, ?, ?, ?, ?)")
        for hash in hashes {
            let said = try Row.fetchAll(history, arguments: [hash, purpose.name, ConsentPurpose.everyMessage.name]).compactMap { row -> ConsentStatement? in
                guard let context = ConsentContext(text: row[0]), let state = ConsentStatement.State(rawValue: row[1]) else { return nil }
                return ConsentStatement(ConsentScope(ConsentPurpose(row[4]), context: context), state, at: Timestamp(clamping: row[2]), position: (row[3] as Int64?).map { LogPosition(max(0, $0)) })
            }
            let decision = ConsentDecision.decide(ConsentScope(purpose), said, now: .latest, ignoringPauses: true)
            guard let statement = decision.statement else { continue }
            try write.execute(arguments: [hash, purpose.name, decision.isPermitted, statement.at.milliseconds, statement.position.map { Int64($0) } ?? ConsentLedger.noEvent])
        }
    }

    /// Whether the history has it already: the same event again after a crash, a signal that says what stands, or what was said twice before with nothing else in between; of that, the last time moves along.
    private static func isKnown(_ said: ConsentStatement, _ fact: ConsentFact, _ hash: BlobBytes, _ db: Database) throws -> Bool {
        let scope = said.scope
        let statement = try db.cachedStatement(
            sql: """
                SELECT state, position, at, number, until, basis, wording, proof, source, frequency FROM privacy_statement
                WHERE hash = ? AND purpose = ? AND channel = ? AND topic = ? AND context = ? ORDER BY at DESC, number DESC LIMIT 2
                """)
        let rows = try Row.fetchAll(statement, arguments: [hash, scope.purpose.name, scope.channel, scope.topic, scope.context.text])
        guard let newest = rows.first else { return false }
        let (state, position) = (newest[0] as Int, newest[1] as Int64?)
        let positionOfFact = fact.position.map { Int64($0) }
        func moveAlong() throws {
            try db.cachedStatement(sql: "UPDATE privacy_statement SET at = ?, recorded = ?, position = ? WHERE number = ?")
                .execute(arguments: [said.at.milliseconds, said.at.milliseconds, positionOfFact, newest[3] as Int64])
        }
        // A browser says it with every event: the first time stays, and of the others the last, which stands against a yes that was said elsewhere in between.
        if fact.isSignal {
            guard state == said.state.rawValue else { return false }
            if (newest[2] as Int64) >= said.at.milliseconds { return true }
            guard rows.count == 2, (rows[1][0] as Int) == state else { return false }
            try moveAlong()
            return true
        }
        if let position, position == positionOfFact, state == said.state.rawValue { return true }
        guard rows.count == 2, rows.allSatisfy({ isSame($0, said) }), (newest[2] as Int64) <= said.at.milliseconds else { return false }
        let others = try db.cachedStatement(sql: "SELECT 1 FROM privacy_statement WHERE hash = ? AND at > ? AND state != ? LIMIT 1")
        guard try Int.fetchOne(others, arguments: [hash, rows[1][2] as Int64, said.state.rawValue]) == nil else { return false }
        try moveAlong()
        return true
    }

    private static func isSame(_ row: Row, _ said: ConsentStatement) -> Bool {
        let (state, position, until): (Int, Int64?, Int64?) = (row[0], row[1], row[4])
        guard state == said.state.rawValue, position != nil, until == said.until?.milliseconds else { return false }
        return ConsentEvidence(basis: row[5], wording: row[6], proof: row[7], source: row[8], frequency: row[9]) == said.evidence
    }

    private func isRepeated(_ fact: ConsentFact) -> Bool {
        if fact.isStamp { return stamps.isRepeated(fact.isGranted, at: fact.at, fact.identifiers.map { ConsentStamps.Key(hash: key.hash($0), purpose: fact.purpose.name) }) }
        guard fact.isSignal else { return false }
        let hashes = hashes(of: fact.identifiers)
        return signals.withLock { known in
            hashes.allSatisfy { hash in known[hash].map { fact.at.milliseconds - $0 < ConsentLedger.signalRepeatMs } ?? false }
        }
    }

    /// Only what was written is remembered: a failed write must be repeated. Called when the tables are left: it asks the identity graph.
    func remember(_ facts: [ConsentFact]) {
        for fact in facts where fact.purpose == .sharing {
            let bodies = fact.isSignal ? [] : fact.identifiers.map { together.body($0, fact.position ?? .max) }
            let all = hashes(of: Array(bodies.reduce(Set(fact.identifiers)) { $0.union($1) }))
            signals.withLock { known in
                if known.count > signalsMaximum { known.removeAll(keepingCapacity: true) }
                for hash in all { known[hash] = fact.isSignal ? max(fact.at.milliseconds, known[hash] ?? .min) : nil }
            }
        }
    }

    /// What a person said about one purpose, and the event that says so.
    public struct Statement: Sendable, Hashable {
        public let purpose: ConsentPurpose
        public let isGranted: Bool
        public let at: Timestamp
        /// Of the event; nil where it was said by API, by file or on a page.
        public let position: LogPosition?
    }

    /// Stands where an event's position would.
    private static let noEvent: Int64 = -1

    /// What stands for a person known by all of `identifiers`: of each purpose that they spoke of as a whole the statement that decides; by name of the purpose.
    public func statements(of identifiers: [Identifier]) throws -> [Statement] {
        let asked = spoken.among(hashes(of: identifiers))
        guard !asked.isEmpty else { return [] }
        let purposes = try database.pool.read { db in
            try Set(asked.flatMap { try String.fetchAll(db, sql: "SELECT purpose FROM privacy_consent WHERE hash = ?", arguments: [BlobBytes($0)]) }).sorted().map { ConsentPurpose($0) }
        }
        let decisions = try decisions(on: purposes.map { ConsentScope($0) }, of: identifiers, asOf: .latest, ignoringPauses: true)
        return zip(purposes, decisions).compactMap { purpose, decision in
            decision.statement.map { Statement(purpose: purpose, isGranted: decision.isPermitted, at: $0.at, position: $0.position) }
        }
    }

    /// Whether a person known by all of `identifiers` lets us use data for a purpose that the policy grants; a pause is about messages, and does not count here.
    ///
    /// - Parameter together: who was one person when; nil for what ``together`` knows.
    public func permits(_ purpose: ConsentPurpose, for identifiers: [Identifier], together: (@Sendable (Identifier, LogPosition) -> Set<Identifier>)? = nil) throws -> Bool {
        if purpose.isGrantedByPolicy, !hasObjections.withLock({ $0 }) { return true }
        let asked = spoken.among(hashes(of: identifiers))
        guard !asked.isEmpty else { return purpose.isGrantedByPolicy }
        let answers = try database.pool.read { db in
            try asked.compactMap { hash in
                try Bool.fetchOne(db, sql: "SELECT granted FROM privacy_consent WHERE hash = ? AND purpose = ?", arguments: [BlobBytes(hash), purpose.name])
            }
        }
        guard answers.contains(false) else { return !answers.isEmpty || purpose.isGrantedByPolicy }
        // A later yes under another of their identifiers may have ended it.
        return try decision(on: ConsentScope(purpose), of: identifiers, asOf: .latest, ignoringPauses: true, together: together).isPermitted
    }

    /// Of a mailbox, what is an objection to mail.
    private static let objectsToMail = "state IN (0, 1) AND channel IN ('', '\(mail)') AND purpose NOT IN ('\(ConsentPurpose.analytics.name)', '\(ConsentPurpose.sharing.name)')"

    public func erase(_ subject: ErasureSubject) throws -> Int {
        signals.withLock { $0 = [:] }
        defer { stamps.forget() }
        // What a mailbox objected to stands for the others who have it: as one to mail, since what else was said of it they did not say, and without how we know.
        let mailboxes = subject.identifiers.filter { $0.namespace == .email }
        let shared = mailboxes.isEmpty ? [] : sharedMailboxes.body(Set(mailboxes.map { mailbox($0.text) }))
        let kept = Set(hashes(of: mailboxes.filter { shared.contains(mailbox($0.text)) }))
        let count = try database.pool.write { db in
            var count = 0
            for hash in hashes(of: subject.identifiers) {
                for table in ["privacy_consent", "privacy_statement", "privacy_stamp", "privacy_untold"] {
                    let keeps = kept.contains(hash) && ["privacy_statement", "privacy_untold"].contains(table)
                    try db.execute(sql: "DELETE FROM \(table) WHERE hash = ?\(keeps ? " AND NOT (\(ConsentLedger.objectsToMail))" : "")", arguments: [BlobBytes(hash)])
                    count += db.changesCount
                }
                if kept.contains(hash) {
                    try db.execute(sql: "UPDATE privacy_statement SET channel = ?, basis = '', wording = '', proof = '' WHERE hash = ?", arguments: [ConsentLedger.mail, BlobBytes(hash)])
                    try db.execute(sql: "UPDATE privacy_untold SET channel = ? WHERE hash = ?", arguments: [ConsentLedger.mail, BlobBytes(hash)])
                }
            }
            for identifier in subject.identifiers {
                // What others said as members of an account that is forgotten.
                if identifier.namespace == .groupId {
                    for table in ["privacy_statement", "privacy_untold"] {
                        try db.execute(sql: "DELETE FROM \(table) WHERE context = ?", arguments: [ConsentContext.account(identifier.text).text])
                        count += db.changesCount
                    }
                }
            }
            return count
        }
        // Wording and proof stand in the rows as they were handed in.
        if count > 0 { try database.truncateLog() }
        return count
    }
}
