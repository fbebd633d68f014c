import Decisions
import EventLog
import GRDB
import Privacy
import Profiles
import Storage
import Synchronization
import Vocabulary

/// Tells the log what became of messages, as events of Martlet's own source, so that segments and journeys can ask for it: which message, and why, never what it said.
///
/// A message that is told twice, as after a crash, is one event, by its `messageId`.
final class ReceiptReporter: Sendable {
    private static let batchMaximum = 500
    private static let pauseMs: Int64 = 200
    private static let troublePauseMs: Int64 = 1000

    private let database: DatabaseFile
    private let recipients: Recipients
    private let record: OwnEventWriter
    private let clock: @Sendable () -> Timestamp
    private let alarm = Alarm()
    private let told = Alarm()
    private let stopping = Alarm()
    private let state = Mutex((isStopped: false, hasEnded: false))

    init(_ database: DatabaseFile, recipients: Recipients, record: @escaping OwnEventWriter, clock: @escaping @Sendable () -> Timestamp) {
        (self.database, self.recipients, self.record, self.clock) = (database, recipients, record, clock)
    }

    func start() {
        startThread(name: "martlet-receipts", standing: .following) { [self] in run() }
        alarm.ring()
    }

    /// Something may be there to tell.
    func wake() { alarm.ring() }

    func stop() {
        state.withLock { $0.isStopped = true }
        stopping.ring()
        alarm.ring()
        while !state.withLock({ $0.hasEnded }) { told.wait(upTo: 200) }
    }

    private func run() {
        while !state.withLock(\.isStopped) {
            alarm.wait()
            // Many are told at once: each batch costs a group of the log and a round of everyone who follows it.
            stopping.wait(upTo: ReceiptReporter.pauseMs)
            tell()
        }
        state.withLock { $0.hasEnded = true }
        told.ring()
    }

    private func tell() {
        while !state.withLock(\.isStopped) {
            guard let found = try? database.pool.read({ try DeliveryTable.unreported(limit: ReceiptReporter.batchMaximum, $0) }), !found.isEmpty else { return }
            let isTold = write(found)
            if !isTold || !mark(found) { alarm.wait(upTo: ReceiptReporter.troublePauseMs) } else if found.count < ReceiptReporter.batchMaximum { return }
        }
    }

    private func mark(_ records: [DeliveryRecord]) -> Bool {
        let result = Result {
            try database.pool.write { db in
                for record in records { try db.cachedStatement(sql: "UPDATE delivery_message SET reported = 1 WHERE number = ?").execute(arguments: [record.stored.number]) }
            }
        }
        if case .success = result { return true }
        return false
    }

    /// Waits for the log, as the batch behind it must not overtake it.
    private func write(_ found: [DeliveryRecord]) -> Bool {
        let result = Mutex<Bool?>(nil)
        Task { [self] in
            let isTaken: Bool
            do {
                _ = try await record { [self] in found.compactMap { call(for: $0) } }
                isTaken = true
            } catch { isTaken = false }
            result.withLock { $0 = isTaken }
            told.ring()
        }
        while result.withLock({ $0 == nil }) {
            told.wait(upTo: 1000)
            if state.withLock(\.isStopped), result.withLock({ $0 == nil }) { return false }
        }
        return result.withLock { $0 } ?? false
    }

    /// Nil where no event can name the person.
    private func call(for delivered: DeliveryRecord) -> JSONText? {
        let intent = delivered.intent
        guard case .message(let template, let scope) = intent.effect, let profile = (try? recipients.profile(intent.profile)) ?? nil else { return nil }
        guard let person = recipients.name(of: intent.profile, in: profile) else { return nil }
        var w = JSONWriter()
        w.object { w in
            w.member("type", "track")
            w.member("event", ReceiptReporter.eventName(delivered.state))
            w.member("messageId", "delivery:\(delivered.state.name):\(intent.key)")
            w.member(person.namespace.name, person.text)
            w.member("timestamp", delivered.ended ?? clock())
            w.key("properties")
            w.object { w in
                w.member("message_key", intent.key)
                w.member("channel", scope.channel)
                w.member("template", template)
                w.member("purpose", scope.purpose.name)
                w.member("topic", scope.topic)
                w.member("origin", intent.origin.kind.rawValue)
                w.member("origin_id", intent.origin.id)
                w.member("origin_version", intent.origin.version)
                w.member("step", intent.origin.step)
                w.member("run", intent.origin.run)
                w.member("reason", delivered.reason.rawValue)
            }
        }
        return w.text
    }

    static func eventName(_ state: DeliveryRecord.State) -> String {
        switch state {
        case .sent: "Message Sent"
        case .dead: "Message Failed"
        default: "Message Refused"
        }
    }
}
