public import EventLog
import GRDB
public import Privacy
public import Storage
public import Vocabulary

/// The keys of messages whose events were erased. The log does not tell them any more, and the message index, which is made again from it, must know them: a resend stays a duplicate.
public final class ErasedMessages: Eraser {
    public static let migrations = [
        Migration("ingest_erased_message_1", sql: "CREATE TABLE ingest_erased_message (position INTEGER PRIMARY KEY, high INTEGER NOT NULL, low INTEGER NOT NULL)")
    ]
    public let name = "keyed hashes of messages"
    private let database: DatabaseFile
    private let log: EventLog
    private let hasher: MessageHasher

    public init(_ database: DatabaseFile, log: EventLog, hasher: MessageHasher) { (self.database, self.log, self.hasher) = (database, log, hasher) }

    /// By position, of some.
    public func keys(in range: ClosedRange<LogPosition>) throws -> [LogPosition: MessageKey] {
        try database.pool.read { db in
            var keys: [LogPosition: MessageKey] = [:]
            let rows = try Row.fetchCursor(db, sql: "SELECT position, high, low FROM ingest_erased_message WHERE position BETWEEN ? AND ?", arguments: [Int64(clamping: range.lowerBound), Int64(clamping: range.upperBound)])
            while let row = try rows.next() { keys[LogPosition(row["position"] as Int64)] = MessageKey(high: UInt64(bitPattern: row["high"]), low: UInt32(truncatingIfNeeded: row["low"] as Int64)) }
            return keys
        }
    }

    /// Writes down what is about to go; goes before the log's own.
    ///
    /// - Returns: 0, since nothing is removed.
    public func erase(_ subject: ErasureSubject) throws -> Int {
        for start in stride(from: 0, to: subject.positions.count, by: 1000) {
            let positions = subject.positions[start..<min(start + 1000, subject.positions.count)]
            var events = try log.read(positions)
            // Those that cannot be read now are left out there; here it is no erasure then. Nobody can read what is damaged any more.
            let read = Set(events.map(\.position))
            for position in positions where !read.contains(position) {
                if let event = try log.read(position), !event.isErased { events.append((position, event)) }
            }
            try database.pool.write { db in
                for (position, event) in events {
                    guard let messageId = event.field(.messageId) else { continue }
                    let key = hasher.key(source: event.source, messageId: messageId)
                    try db.execute(sql: "INSERT OR IGNORE INTO ingest_erased_message VALUES (?, ?, ?)", arguments: [Int64(position), Int64(bitPattern: key.high), Int64(key.low)])
                }
            }
        }
        return 0
    }
}
