import Decisions
import EventLog
import GRDB
import Storage
import Synchronization
import Vocabulary

/// Removes what was sent, refused or given up longer ago than the policy keeps it, a few at a time, so that nobody waits for it.
final class DeliveryRetention: Sendable {
    private static let pieceMaximum = 500
    private static let piecePauseMs: Int64 = 50
    private static let roundPauseMs: Int64 = 600_000

    private let remove: @Sendable (_ limit: Int) throws -> Int
    private let alarm = Alarm()
    private let ended = Alarm()
    private let state = Mutex((isStopped: false, hasEnded: false))

    /// - Parameter remove: takes out at most so many; how many it took.
    init(_ remove: @escaping @Sendable (_ limit: Int) throws -> Int) { self.remove = remove }

    func start() { startThread(name: "martlet-retention", standing: .last) { [self] in run() } }

    func stop() {
        state.withLock { $0.isStopped = true }
        alarm.ring()
        while !state.withLock({ $0.hasEnded }) { ended.wait(upTo: 200) }
    }

    private func run() {
        while !state.withLock(\.isStopped) {
            // What cannot be removed now is removed in the next round.
            let count = (try? remove(DeliveryRetention.pieceMaximum)) ?? 0
            alarm.wait(upTo: count == DeliveryRetention.pieceMaximum ? DeliveryRetention.piecePauseMs : DeliveryRetention.roundPauseMs)
        }
        state.withLock { $0.hasEnded = true }
        ended.ring()
    }
}

extension DeliveryTable {
    /// Takes out what ended before an instant and was told to the log, the oldest first, with its intent, its steps and its place under the caps.
    ///
    /// - Returns: how many, at most `limit`.
    static func removeEnded(before: Timestamp, limit: Int, _ db: Database) throws -> Int {
        let numbers = try Int64.fetchAll(
            db.cachedStatement(sql: "SELECT number FROM delivery_message WHERE ended < ? AND reported = 1 ORDER BY ended LIMIT ?"), arguments: [before.milliseconds, limit])
        guard !numbers.isEmpty else { return 0 }
        let marks = numbers.map { _ in "?" }.joined(separator: ", ")
        for (table, column) in [("delivery_step", "message"), ("delivery_contact", "message"), ("delivery_message", "number")] {
            try db.execute(sql: "DELETE FROM \(table) WHERE \(column) IN (\(marks))", arguments: StatementArguments(numbers))
        }
        try IntentTable.delete(numbers: numbers, db)
        return numbers.count
    }
}
