import GRDB
public import Privacy
public import Storage
import Synchronization
public import Vocabulary

/// Which addresses gave mail back, by keyed hash: hard ones are suppressed at once, soft ones rest after a few in a row, and both are set right when it was the domain that was out of order.
public final class BounceLedger: Eraser {
    public static let migrations = [
        Migration(
            "delivery_bounce_1",
            sql: """
                CREATE TABLE delivery_bounce (
                  hash BLOB PRIMARY KEY, domain BLOB NOT NULL, hard INTEGER NOT NULL, count INTEGER NOT NULL, accepted INTEGER NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
                CREATE INDEX delivery_bounce_domain ON delivery_bounce (domain, at);
                """),
        Migration(
            "delivery_bounce_2",
            sql: """
                CREATE TABLE delivery_bounce_report (mark BLOB PRIMARY KEY, hash BLOB NOT NULL, verdict TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
                CREATE INDEX delivery_bounce_report_hash ON delivery_bounce_report (hash);
                CREATE INDEX delivery_bounce_report_at ON delivery_bounce_report (at);
                """),
        // Of a domain by its keyed hash: a start would else take the next mails that come back for all that there were.
        Migration("delivery_bounce_3", sql: "CREATE TABLE delivery_domain (hash BLOB PRIMARY KEY, began INTEGER NOT NULL, accepted INTEGER NOT NULL, returned INTEGER NOT NULL) WITHOUT ROWID;"),
    ] + ComplaintBrake.migrations

    /// What came of a bounce.
    public enum Verdict: String, Sendable, CaseIterable {
        case suppressed, resting, counted
        /// The whole domain gives everything back: the address is tried again later.
        case outage
        case complaint
    }

    public let name = "bounces"
    /// Holds mail back after too many complaints.
    public let brake: ComplaintBrake
    private let database: DatabaseFile
    private let ledger: ConsentLedger
    private let health = DomainHealth()
    /// Addresses that have a row, by the beginnings of their hashes: for all others nothing is read when mail is sent.
    private let known: Mutex<Set<[UInt8]>>
    private static let outageRestMs: Int64 = 3_600_000
    private let reporting = Mutex<Void>(())
    /// Mail that did not arrive comes back within days.
    private static let reportsKeptMs: Int64 = 90 * 86_400_000

    public init(_ database: DatabaseFile, ledger: ConsentLedger) throws {
        (self.database, self.ledger) = (database, ledger)
        brake = try ComplaintBrake(database)
        known = Mutex(Set(try database.pool.read { try BlobBytes.fetchAll($0, sql: "SELECT hash FROM delivery_bounce") }.map(\.bytes)))
    }

    private static func domain(of address: String) -> String { address.split(separator: "@").last.map { $0.lowercased() } ?? "" }

    /// Writes down how mail to domains fared, as before the end.
    public func keep(at: Timestamp, isLast: Bool = true) throws {
        let changed = health.takeChanged(at: at, isLast: isLast)
        guard !changed.isEmpty else { return }
        try database.pool.write { db in
            try db.execute(sql: "DELETE FROM delivery_domain WHERE began < ?", arguments: [at.milliseconds - BounceLedger.domainKeptMs])
            let statement = try db.cachedStatement(sql: "INSERT OR REPLACE INTO delivery_domain VALUES (?, ?, ?, ?)")
            for (domain, hour) in changed { try statement.execute(arguments: [BlobBytes(ledger.addressHash("@" + domain)), hour.began, hour.accepted, hour.returned]) }
        }
    }
    private static let domainKeptMs: Int64 = 7_200_000

    /// What an earlier process saw of a domain of which this one has seen nothing yet.
    private func restore(_ domain: String, _ hash: BlobBytes) throws {
        guard !health.knows(domain), let row = try database.pool.read({ try Row.fetchOne($0, sql: "SELECT began, accepted, returned FROM delivery_domain WHERE hash = ?", arguments: [hash]) }) else { return }
        let began: Int64 = row[0]
        let failed = try database.pool.read { try BlobBytes.fetchAll($0, sql: "SELECT hash FROM delivery_bounce WHERE domain = ? AND at >= ? LIMIT ?", arguments: [hash, began, DomainHealth.failedMaximum]) }.map(\.bytes)
        health.restore(domain, DomainHealth.Hour(began: began, accepted: row[1], returned: row[2], failed: failed))
    }

    /// Until when an address rests; nil where it does not.
    public func rest(of address: String, now: Timestamp) throws -> Timestamp? {
        let hash = ledger.addressHash(address)
        guard known.withLock({ $0.contains(hash) }) else { return nil }
        let until = try database.pool.read { try Int64.fetchOne($0, sql: "SELECT until FROM delivery_bounce WHERE hash = ?", arguments: [BlobBytes(hash)]) } ?? 0
        return until > now.milliseconds ? Timestamp(clamping: until) : nil
    }

    /// A server took a message over. Two that were taken and did not come back heal an address that bounced softly: one alone may still be on its way back.
    public func accepted(_ address: String, at: Timestamp) throws {
        let domain = BounceLedger.domain(of: address)
        if !health.knows(domain) { try restore(domain, BlobBytes(ledger.addressHash("@" + domain))) }
        health.accepted(domain, at: at)
        try keep(at: at, isLast: false)
        let hash = ledger.addressHash(address)
        guard known.withLock({ $0.contains(hash) }) else { return }
        try database.pool.write { db in
            try db.execute(sql: "UPDATE delivery_bounce SET accepted = accepted + 1 WHERE hash = ?", arguments: [BlobBytes(hash)])
            try db.execute(sql: "UPDATE delivery_bounce SET count = 0, until = 0 WHERE hash = ? AND hard = 0 AND accepted >= 3", arguments: [BlobBytes(hash)])
        }
    }

    /// A message was given back, as a report says. However often it is handed in, it counts once, and says what it said at first.
    ///
    /// - Parameter mark: of the message that came back; nil where none is known, and then nobody can tell a repeat.
    public func reported(_ mark: MailMark?, _ address: String, isHard: Bool, maximum: Int, restHours: Int, at: Timestamp) throws -> Verdict {
        guard let mark else { return try bounced(address, isHard: isHard, wasAccepted: true, maximum: maximum, restHours: restHours, at: at) }
        let key = BlobBytes(mark.address + mark.message + [isHard ? 1 : 0])
        return try reporting.withLock { _ in
            let known = try database.pool.read { try String.fetchOne($0, sql: "SELECT verdict FROM delivery_bounce_report WHERE mark = ?", arguments: [key]) }
            if let verdict = known.flatMap({ Verdict(rawValue: $0) }) { return verdict }
            let verdict = try bounced(address, isHard: isHard, wasAccepted: true, maximum: maximum, restHours: restHours, at: at)
            try note(key, address, verdict, at)
            return verdict
        }
    }

    /// A message was given back.
    ///
    /// - Parameters:
    ///   - wasAccepted: whether the server had taken it over before, as with a report that comes by mail.
    ///   - maximum, restHours: of the settings.
    public func bounced(_ address: String, isHard: Bool, wasAccepted: Bool, maximum: Int, restHours: Int, at: Timestamp) throws -> Verdict {
        let (hash, domain) = (ledger.addressHash(address), BounceLedger.domain(of: address))
        let domainHash = BlobBytes(ledger.addressHash("@" + domain))
        try restore(domain, domainHash)
        health.failed(domain, hash, wasAccepted: wasAccepted, at: at)
        try keep(at: at, isLast: false)
        let isOut = health.isOut(domain, at: at)
        _ = known.withLock { $0.insert(hash) }
        let freed: [[UInt8]] = isOut ? try pardon(domainHash, at) : []
        for hash in freed { try ledger.pardon(addressHash: hash) }
        if isHard, !isOut {
            try ledger.suppress(address: address, .bounced, at: at)
            try put(hash, domainHash, isHard: true, count: 1, until: 0, at)
            return .suppressed
        }
        if isOut {
            try put(hash, domainHash, isHard: false, count: 0, until: at.milliseconds + BounceLedger.outageRestMs, at)
            return .outage
        }
        let before = try database.pool.read { db in
            try Row.fetchOne(db, sql: "SELECT count, accepted FROM delivery_bounce WHERE hash = ? AND hard = 0", arguments: [BlobBytes(hash)]).map { (count: $0[0] as Int, accepted: $0[1] as Int) }
        }
        // The message that bounced was accepted itself, where it came back by mail; one more was not.
        let isInRow = (before?.accepted ?? 0) < (wasAccepted ? 2 : 1)
        let count = isInRow ? (before?.count ?? 0) + 1 : 1
        let rests = count >= maximum
        try put(hash, domainHash, isHard: false, count: count, until: rests ? at.milliseconds + Int64(restHours) * 3_600_000 : 0, at)
        return rests ? .resting : .counted
    }

    /// Somebody called it spam: nothing is sent there any more.
    ///
    /// - Parameters:
    ///   - sent: how much mail that needs consent was sent since ``ComplaintBrake/firstDay(at:)``.
    ///   - perMille: of the settings.
    ///   - counts: whether it was about mail that needs consent: of any other nobody can say that it was not asked for.
    ///   - mark: of the message; one that is handed in again says nothing new. Nil where none is known, and then nobody can tell a repeat.
    public func complained(_ address: String, about mark: MailMark? = nil, counts: Bool = true, sent: Int, perMille: Int, at: Timestamp) throws -> Verdict {
        try reporting.withLock { _ in
            let key = mark.map { BlobBytes($0.address + $0.message + [2]) }
            if let key, try database.pool.read({ try Int.fetchOne($0, sql: "SELECT 1 FROM delivery_bounce_report WHERE mark = ?", arguments: [key]) }) != nil { return .complaint }
            try ledger.suppress(address: address, .complained, at: at)
            if counts { try brake.complained(ledger.addressHash(address), sent: sent, perMille: perMille, at: at) }
            if let key { try note(key, address, .complaint, at) }
            return .complaint
        }
    }

    private func note(_ key: BlobBytes, _ address: String, _ verdict: Verdict, _ at: Timestamp) throws {
        try database.pool.write { db in
            try db.execute(sql: "DELETE FROM delivery_bounce_report WHERE at < ?", arguments: [at.milliseconds - BounceLedger.reportsKeptMs])
            try db.execute(sql: "INSERT OR REPLACE INTO delivery_bounce_report VALUES (?, ?, ?, ?)", arguments: [key, BlobBytes(ledger.addressHash(address)), verdict.rawValue, at.milliseconds])
        }
    }

    private func put(_ hash: [UInt8], _ domain: BlobBytes, isHard: Bool, count: Int, until: Int64, _ at: Timestamp) throws {
        try database.pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO delivery_bounce VALUES (?, ?, ?, ?, 0, ?, ?)
                    ON CONFLICT (hash) DO UPDATE SET hard = excluded.hard, count = excluded.count, accepted = 0, at = excluded.at, until = excluded.until
                    """, arguments: [BlobBytes(hash), domain, isHard, count, at.milliseconds, until])
        }
    }

    /// What was called hard in the last two hours was not: these mailboxes are tried again once the outage may be over.
    private func pardon(_ domain: BlobBytes, _ at: Timestamp) throws -> [[UInt8]] {
        try database.pool.write { db in
            let since = at.milliseconds - 2 * 3_600_000
            let hashes = try BlobBytes.fetchAll(db, sql: "SELECT hash FROM delivery_bounce WHERE domain = ? AND hard = 1 AND at >= ?", arguments: [domain, since])
            for hash in hashes { try db.execute(sql: "UPDATE delivery_bounce SET hard = 0, count = 0, until = ? WHERE hash = ?", arguments: [at.milliseconds + BounceLedger.outageRestMs, hash]) }
            return hashes.map(\.bytes)
        }
    }

    // MARK: - Forgetting

    /// A hash of an address says nothing to anybody without the workspace's key, but what is counted of a person goes with them; a hard bounce stays in the list of suppressed addresses.
    /// So does a complaint, by the same hash: that it was made is kept here as well, so that it is no second one when it is handed in again.
    public func erase(_ subject: ErasureSubject) throws -> Int {
        let hashes = subject.identifiers.flatMap { ledger.addressHashes($0.text) }
        let count = try database.pool.write { db in
            var count = 0
            for hash in hashes {
                try db.execute(sql: "DELETE FROM delivery_bounce WHERE hash = ?", arguments: [BlobBytes(hash)])
                count += db.changesCount
                try db.execute(sql: "DELETE FROM delivery_bounce_report WHERE hash = ? AND verdict != ?", arguments: [BlobBytes(hash), Verdict.complaint.rawValue])
                count += db.changesCount
            }
            return count
        }
        known.withLock { known in for hash in hashes { known.remove(hash) } }
        if count > 0 { try database.truncateLog() }
        return count
    }
}
