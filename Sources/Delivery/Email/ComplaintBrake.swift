import GRDB
public import Storage
import Synchronization
public import Vocabulary

/// Holds mail back that needs consent, once too many of those who get it call it spam: providers would soon refuse everything of the sender's. It holds until somebody releases it.
public final class ComplaintBrake: Sendable {
    public static let migrations = [
        Migration(
            "delivery_brake_1",
            sql: """
                CREATE TABLE delivery_complaint (hash BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
                CREATE TABLE delivery_brake (one INTEGER PRIMARY KEY CHECK (one = 1), since INTEGER, complaints INTEGER NOT NULL, sent INTEGER NOT NULL, released INTEGER NOT NULL);
                INSERT INTO delivery_brake VALUES (1, NULL, 0, 0, 0);
                """)
    ]

    /// Since when it holds, and why.
    public struct Hold: Sendable, Hashable {
        public let since: Timestamp
        public let complaints: Int
        /// Mail of the same days that was sent or is under way.
        public let sent: Int
    }

    /// One complaint is an accident.
    public static let complaintsMinimum = 2
    /// Mail and complaints of so many days are held against each other, this one included.
    public static let days: Int64 = 7
    private static let dayMs: Int64 = 86_400_000

    private let database: DatabaseFile
    private let state: Mutex<Hold?>

    public init(_ database: DatabaseFile) throws {
        self.database = database
        state = Mutex(
            try database.pool.read { db in
                try Row.fetchOne(db, sql: "SELECT since, complaints, sent FROM delivery_brake WHERE since IS NOT NULL").map { row in
                    Hold(since: Timestamp(clamping: row[0]), complaints: row[1], sent: row[2])
                }
            })
    }

    /// Nil while mail goes.
    public var hold: Hold? { state.withLock { $0 } }

    /// The first of the days, by UTC, that are looked at.
    public static func firstDay(at now: Timestamp) -> Int64 { DailyAllowance.day(of: now) - days + 1 }

    /// Somebody called a mail spam; each address counts once, by its newest complaint. It is suppressed by its hash, which stays when its person is erased, and so does this.
    ///
    /// - Parameters:
    ///   - hash: of the address.
    ///   - sent: how much mail that needs consent was sent since ``firstDay(at:)``.
    ///   - perMille: more complaints than so many of a thousand hold mail back; 0 for never.
    public func complained(_ hash: [UInt8], sent: Int, perMille: Int, at now: Timestamp) throws {
        try state.withLock { state in
            let found = try database.pool.write { db -> Hold? in
                try db.execute(sql: "DELETE FROM delivery_complaint WHERE at < ?", arguments: [ComplaintBrake.firstDay(at: now) * ComplaintBrake.dayMs])
                try db.execute(sql: "INSERT INTO delivery_complaint VALUES (?, ?) ON CONFLICT (hash) DO UPDATE SET at = max(at, excluded.at)", arguments: [BlobBytes(hash), now.milliseconds])
                let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM delivery_complaint WHERE at > (SELECT released FROM delivery_brake)") ?? 0
                guard perMille > 0, count >= ComplaintBrake.complaintsMinimum, count * 1000 > sent * perMille else { return nil }
                try db.execute(sql: "UPDATE delivery_brake SET since = coalesce(since, ?), complaints = ?, sent = ?", arguments: [now.milliseconds, count, sent])
                return Hold(since: state?.since ?? now, complaints: count, sent: sent)
            }
            if let found { state = found }
        }
    }

    /// Mail goes again; what was complained about before counts no more.
    ///
    /// - Returns: whether it was held.
    public func release(at now: Timestamp) throws -> Bool {
        try state.withLock { state in
            guard state != nil else { return false }
            try database.pool.write { try $0.execute(sql: "UPDATE delivery_brake SET since = NULL, complaints = 0, sent = 0, released = ?", arguments: [now.milliseconds]) }
            state = nil
            return true
        }
    }
}

/// How many messages that need consent may begin on a channel on one day.
public struct DailyAllowance: Sendable, Hashable {
    public let limit: Int
    /// By UTC, counted from 1970.
    public let day: Int64

    private static let dayMs: Int64 = 86_400_000

    public init(limit: Int, day: Int64) { (self.limit, self.day) = (limit, day) }

    public static func day(of time: Timestamp) -> Int64 { time.milliseconds / dayMs - (time.milliseconds % dayMs < 0 ? 1 : 0) }

    /// When the next day begins.
    var end: Timestamp { Timestamp(clamping: (day + 1) * DailyAllowance.dayMs) }

    /// A new sender's: each day half as much again as the day before; nil once that is more than anybody sends.
    ///
    /// - Parameters:
    ///   - from: the first day, midnight by UTC; before it the first day's holds.
    ///   - first: how many on that day.
    public static func warmingUp(from: Timestamp, first: Int, at now: Timestamp) -> DailyAllowance? {
        let day = day(of: now)
        var limit = Double(first)
        for _ in 0..<max(0, min(100, day - self.day(of: from))) { limit *= 1.5 }
        return limit < 10_000_000 ? DailyAllowance(limit: Int(limit), day: day) : nil
    }
}
