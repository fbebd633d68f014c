import GRDB
import Identity
public import Storage
import Synchronization
import Vocabulary

/// A request of an image or a link of a mail that is not told as an event yet.
struct HeldReading: Sendable {
    let link: TrackingLink
    let at: Timestamp
    /// What the request alone tells; nil for a person.
    let machine: MachineReading?
    /// A hash of how the program calls itself; 0 where that is not known.
    var agent: Int64 = 0
}

/// Requests that wait to be told apart, on the disk before anybody is answered: those that come while one group is written are the next.
final class HeldReadings: Sendable {
    static let migration = Migration(
        "delivery_reading_1",
        sql: """
            CREATE TABLE delivery_reading (
              id INTEGER PRIMARY KEY, key TEXT NOT NULL, profile TEXT NOT NULL, kind TEXT NOT NULL, sent INTEGER NOT NULL, link INTEGER NOT NULL, links INTEGER NOT NULL, target TEXT NOT NULL,
              at INTEGER NOT NULL, machine TEXT);
            CREATE INDEX delivery_reading_profile ON delivery_reading (profile);
            """)
    static let agentMigration = Migration("delivery_reading_2", sql: "ALTER TABLE delivery_reading ADD COLUMN agent INTEGER NOT NULL DEFAULT 0")

    private struct Entry: Sendable {
        let reading: HeldReading
        let done: CheckedContinuation<Int64?, Never>
    }
    private let database: DatabaseFile
    private let state = Mutex<(waiting: [Entry], isWriting: Bool)>(([], false))

    init(_ database: DatabaseFile) { self.database = database }

    /// - Returns: its number, once it is durable; nil where it cannot be written, as on a full disk.
    func keep(_ reading: HeldReading) async -> Int64? {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.waiting.append(Entry(reading: reading, done: continuation))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if isIdle { Task { [self] in await write() } }
        }
    }

    private func write() async {
        while true {
            let entries = state.withLock { state in
                defer { state.waiting = [] }
                if state.waiting.isEmpty { state.isWriting = false }
                return state.waiting
            }
            guard !entries.isEmpty else { return }
            let numbers = try? await database.pool.write { db in
                try entries.map { entry in
                    let (link, reading) = (entry.reading.link, entry.reading)
                    try db.cachedStatement(sql: "INSERT INTO delivery_reading (key, profile, kind, sent, link, links, target, at, machine, agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").execute(arguments: [
                        link.key, link.profile.text, link.kind.rawValue, link.sentAt.milliseconds, link.index, link.count, link.target, reading.at.milliseconds, reading.machine?.rawValue, reading.agent,
                    ])
                    return db.lastInsertedRowID
                }
            }
            for (index, entry) in entries.enumerated() { entry.done.resume(returning: numbers?[index]) }
        }
    }

    /// What an earlier process could not tell any more.
    func all() throws -> [(number: Int64, reading: HeldReading)] {
        try database.pool.read { db in
            try Row.fetchAll(db, sql: "SELECT id, key, profile, kind, sent, link, links, target, at, machine, agent FROM delivery_reading ORDER BY id").compactMap { row in
                guard let number = Int64.fromDatabaseValue(row[0]), let key = String.fromDatabaseValue(row[1]), let profile = String.fromDatabaseValue(row[2]).flatMap({ ProfileID($0) }),
                    let kind = String.fromDatabaseValue(row[3]).flatMap(TrackingLink.Kind.init), let sent = Int64.fromDatabaseValue(row[4]), let index = Int.fromDatabaseValue(row[5]),
                    let count = Int.fromDatabaseValue(row[6]), let target = String.fromDatabaseValue(row[7]), let at = Int64.fromDatabaseValue(row[8])
                else { return nil }
                let link = TrackingLink(kind, key: key, profile: profile, sentAt: Timestamp(clamping: sent), index: index, count: count, target: target)
                return (number, HeldReading(link: link, at: Timestamp(clamping: at), machine: String.fromDatabaseValue(row[9]).flatMap(MachineReading.init), agent: Int64.fromDatabaseValue(row[10]) ?? 0))
            }
        }
    }

    /// They stand in the log. What cannot be removed now is told again after a restart, as the same events.
    func remove(_ numbers: [Int64]) async {
        guard !numbers.isEmpty else { return }
        _ = try? await database.pool.write { db in
            for number in numbers { try db.cachedStatement(sql: "DELETE FROM delivery_reading WHERE id = ?").execute(arguments: [number]) }
        }
    }

    /// - Returns: how many there were of these people.
    func erase(_ profiles: Set<String>) throws -> Int {
        let count = try database.pool.write { db in
            try profiles.reduce(0) { count, profile in
                try db.execute(sql: "DELETE FROM delivery_reading WHERE profile = ?", arguments: [profile])
                return count + db.changesCount
            }
        }
        if count > 0 { try database.truncateLog() }
        return count
    }
}
