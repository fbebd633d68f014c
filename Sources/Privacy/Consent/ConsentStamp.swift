import GRDB
import Storage
import Synchronization
import Vocabulary

/// What the consent banner of a site or an app says with every event: the same again is no new statement, so that it never undoes what was said elsewhere meanwhile.
struct ConsentStamp: Sendable, Hashable {
    let isGranted: Bool
    /// When it was chosen: the first event that says so.
    var since: Timestamp
    /// The newest event that says so.
    var last: Timestamp

    /// What an event's stamp is beside what was known.
    enum Ruling: Equatable {
        /// It says what was known.
        case repeated
        /// A choice that was made at this moment.
        case chosen
        /// What was known had been chosen earlier than it seemed.
        case chosenEarlier
        /// It was said before what was known, and changes nothing now.
        case past
        /// It comes late, and allows what was refused by then.
        case late
    }

    /// - Parameter known: of the device that says it, where it has one, else of the person.
    static func rule(_ isGranted: Bool, at: Timestamp, known: ConsentStamp?) -> Ruling {
        guard let known else { return .chosen }
        if known.isGranted == isGranted { return at < known.since && isGranted ? .chosenEarlier : .repeated }
        if at < known.since { return .past }
        // Of one moment, what allows less stands.
        return isGranted && at <= known.last ? .late : .chosen
    }
}

/// The stamps of each identifier and purpose: in a table, and those of late in memory, so that what is said again costs no write.
final class ConsentStamps: Sendable {
    static let migration = Migration(
        "privacy_stamp_1",
        sql: """
            CREATE TABLE privacy_stamp (hash BLOB NOT NULL, purpose TEXT NOT NULL, granted INTEGER NOT NULL, since INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (hash, purpose)) WITHOUT ROWID;
            INSERT OR REPLACE INTO privacy_stamp
              SELECT hash, purpose, state = 2, at, at FROM privacy_statement
              WHERE source = 'event' AND channel = '' AND topic = '' AND context = '*' AND purpose != '*' AND state != 1 AND basis || wording || proof || frequency = '' ORDER BY at, number;
            """)

    struct Key: Hashable { let hash: [UInt8], purpose: String }
    private struct Known {
        var stamp: ConsentStamp
        /// What the table has as `last`.
        var written: Timestamp

        mutating func heard(_ at: Timestamp) { stamp.last = max(stamp.last, at) }
    }
    private let known = Mutex<[Key: Known]>([:])
    /// How many of them, by the memory that they may take.
    private let knownMaximum: Int
    /// More than these are not worth their memory.
    private static let knownLimit = 200_000
    /// A hash, a purpose, two moments, and the table's room.
    private static let knownBytes = 200
    /// So far the table may lag behind about when something was last said.
    private static let lagMaximumMs: Int64 = 3_600_000

    /// - Parameter memory: bytes that those in memory may take.
    init(memory: Int) { knownMaximum = min(ConsentStamps.knownLimit, memory / ConsentStamps.knownBytes) }

    /// Whether nothing is to be written for a stamp: each of its identifiers is known to say so.
    func isRepeated(_ isGranted: Bool, at: Timestamp, _ keys: [Key]) -> Bool {
        known.withLock { known in
            for key in keys {
                guard let entry = known[key], entry.stamp.isGranted == isGranted, at >= entry.stamp.since, at.milliseconds - entry.written.milliseconds < ConsentStamps.lagMaximumMs else { return false }
            }
            for key in keys { known[key]?.heard(at) }
            return true
        }
    }

    func find(_ key: Key, _ db: Database) throws -> ConsentStamp? {
        if let entry = known.withLock({ $0[key] }) { return entry.stamp }
        let statement = try db.cachedStatement(sql: "SELECT granted, since, last FROM privacy_stamp WHERE hash = ? AND purpose = ?")
        return try Row.fetchOne(statement, arguments: [BlobBytes(key.hash), key.purpose]).map { ConsentStamp(isGranted: $0[0], since: Timestamp(clamping: $0[1]), last: Timestamp(clamping: $0[2])) }
    }

    func put(_ stamp: ConsentStamp, _ key: Key, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO privacy_stamp VALUES (?, ?, ?, ?, ?)")
            .execute(arguments: [BlobBytes(key.hash), key.purpose, stamp.isGranted, stamp.since.milliseconds, stamp.last.milliseconds])
    }

    /// Only what was written is remembered: a failed write must be repeated.
    func remember(_ written: [Key: ConsentStamp]) {
        known.withLock { known in
            if known.count + written.count > knownMaximum { known.removeAll(keepingCapacity: true) }
            for (key, stamp) in written { known[key] = Known(stamp: stamp, written: stamp.last) }
        }
    }

    func forget() { known.withLock { $0 = [:] } }
}

extension ConsentLedger {
    /// Takes one stamp in.
    ///
    /// - Parameter changed: what this transaction made of stamps so far.
    /// - Returns: whether it is a choice that was made at that moment.
    func take(stamp fact: ConsentFact, _ changed: inout [ConsentStamps.Key: ConsentStamp], _ db: Database) throws -> Bool {
        let (isGranted, at) = (fact.isGranted, fact.at)
        let keys = fact.identifiers.map { ConsentStamps.Key(hash: key.hash($0), purpose: fact.purpose.name) }
        var known: [ConsentStamp?] = []
        for key in keys { known.append(try changed[key] ?? stamps.find(key, db)) }
        // A banner's choice lives on the device; a person who comes with a new one brings theirs.
        let device = fact.identifiers.firstIndex { $0.namespace == .anonymousId }
        let reference = device.flatMap { known[$0] } ?? known.lazy.compactMap { $0 }.first
        let ruling = ConsentStamp.rule(isGranted, at: at, known: reference)
        func set(_ stamp: ConsentStamp, _ index: Int) throws {
            changed[keys[index]] = stamp
            try stamps.put(stamp, keys[index], db)
        }
        switch ruling {
        case .late: return false
        case .past: return try !isSaid(fact, db)
        case .chosen:
            for index in keys.indices where known[index].map({ at >= $0.last }) ?? true { try set(ConsentStamp(isGranted: isGranted, since: at, last: at), index) }
            return true
        case .repeated, .chosenEarlier:
            guard let reference else { return false }
            for index in keys.indices {
                if var stamp = known[index] {
                    guard stamp.isGranted == isGranted else { continue }
                    if at < stamp.since, isGranted {
                        try move(fact, from: stamp.since, BlobBytes(keys[index].hash), db)
                        try ConsentLedger.settle(fact.purpose, [BlobBytes(keys[index].hash)], db)
                        stamp.since = at
                    }
                    stamp.last = max(stamp.last, at)
                    try set(stamp, index)
                } else {
                    let since = min(reference.since, isGranted ? at : reference.since)
                    try set(ConsentStamp(isGranted: isGranted, since: since, last: max(reference.last, at)), index)
                    // Who signs in on a device has chosen what was chosen there, and when it was.
                    guard fact.identifiers[index].namespace == .userId else { continue }
                    try ConsentLedger.insert(whole(fact, at: since), BlobBytes(keys[index].hash), recorded: at, db)
                    try ConsentLedger.settle(fact.purpose, [BlobBytes(keys[index].hash)], db)
                }
            }
            return false
        }
    }

    /// A statement about a whole purpose, for whomever somebody acts.
    func whole(_ fact: ConsentFact, at: Timestamp) -> ConsentStatement {
        ConsentStatement(
            ConsentScope(fact.purpose, context: .every), fact.isGranted ? .granted : .withdrawn, at: at, evidence: ConsentEvidence(source: fact.isSignal ? "gpc" : "event"), position: fact.position)
    }

    /// Whether the history says the same already as it stood then.
    private func isSaid(_ fact: ConsentFact, _ db: Database) throws -> Bool {
        for hash in hashes(of: speakers(fact)) {
            let statement = try db.cachedStatement(
                sql: "SELECT state FROM privacy_statement WHERE hash = ? AND purpose = ? AND channel = '' AND topic = '' AND context = '*' AND at <= ? ORDER BY at DESC, number DESC LIMIT 1")
            guard try Int.fetchOne(statement, arguments: [BlobBytes(hash), fact.purpose.name, fact.at.milliseconds]) == whole(fact, at: fact.at).state.rawValue else { return false }
        }
        return true
    }

    /// What was said by a stamp was said earlier, and so does not stand against what was said in between.
    private func move(_ fact: ConsentFact, from since: Timestamp, _ hash: BlobBytes, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE privacy_statement SET at = ? WHERE hash = ? AND at = ? AND purpose = ? AND channel = '' AND topic = '' AND context = '*' AND state = ? AND source = 'event' AND position IS NOT NULL
                """
        ).execute(arguments: [fact.at.milliseconds, hash, since.milliseconds, fact.purpose.name, whole(fact, at: since).state.rawValue])
    }

    /// Under which of an event's identifiers a statement stands. An objection stands under all of them. A yes is that of the person who is signed in, and not of everyone who uses their device.
    func speakers(_ fact: ConsentFact) -> [Identifier] {
        let users = fact.identifiers.filter { $0.namespace == .userId }
        return fact.isGranted && !users.isEmpty ? users : fact.identifiers
    }
}
