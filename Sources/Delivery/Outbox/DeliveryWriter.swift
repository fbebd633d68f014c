import Decisions
import EventLog
import GRDB
import Storage
import Synchronization
import Vocabulary

/// A change of what became of a message.
enum DeliveryChange: Sendable {
    /// It is about to be handed over; written down before, so that a crash leaves a trace. With a place under the caps where it needs one.
    case start(Int64, at: Timestamp, Contact?)
    case wait(Int64, until: Timestamp, reason: DeliveryReason, detail: String)
    case retry(Int64, due: Timestamp, reason: DeliveryReason, detail: String, attempts: Int, lost: Int, at: Timestamp)
    case finish(Int64, DeliveryRecord.State, DeliveryReason, detail: String, receipt: String, attempts: Int?, lost: Int?, at: Timestamp)
}

enum DeliveryAnswer: Sendable, Hashable {
    case started
    /// Whether what comes behind something that is tried again waits as long.
    case waits(until: Timestamp, isInOrder: Bool)
    case finished
    /// Erased or done meanwhile: nothing may be handed over.
    case gone
}

/// The one thread that writes down what becomes of messages: takes all changes that wait, and the intents that came, and commits them together.
///
/// While it syncs, the next group gathers. A change that cannot be written, as on a full disk, is tried again every second; what was not written down is not handed over.
final class DeliveryWriter: Sendable {
    /// Taken down in one transaction: more would hold up whoever decides.
    private static let takenMaximum = 1000
    private static let changesMaximum = 2000
    private static let troublePauseMs: Int64 = 1000

    private struct Entry: Sendable {
        let changes: [DeliveryChange]
        let done: @Sendable ([DeliveryAnswer]) -> Void
    }
    private struct State {
        var entries: [Entry] = []
        var hasIntents = true
        var isStopped = false
        var hasEnded = false
    }

    private let database: DatabaseFile
    private let onTaken: @Sendable ([StoredIntent]) -> Void
    private let onFinished: @Sendable () -> Void
    private let state = Mutex(State())
    private let alarm = Alarm()
    private let ended = Alarm()

    /// - Parameters:
    ///   - onTaken: told of intents once they are written down as waiting, on the writing thread.
    ///   - onFinished: told when something was written down for good.
    init(_ database: DatabaseFile, onTaken: @escaping @Sendable ([StoredIntent]) -> Void, onFinished: @escaping @Sendable () -> Void) {
        (self.database, self.onTaken, self.onFinished) = (database, onTaken, onFinished)
    }

    func start() { startThread(name: "martlet-outbox", standing: .following) { [self] in run() } }

    /// Intents were committed.
    func wake() {
        state.withLock { $0.hasIntents = true }
        alarm.ring()
    }

    /// - Parameter done: told the answers, one for each change, once they are durable; never where the process ends before.
    func submit(_ changes: [DeliveryChange], done: @escaping @Sendable ([DeliveryAnswer]) -> Void) {
        state.withLock { $0.entries.append(Entry(changes: changes, done: done)) }
        alarm.ring()
    }

    /// Writes what waits, and returns when the thread has ended.
    func stop() {
        state.withLock { $0.isStopped = true }
        alarm.ring()
        while !state.withLock({ $0.hasEnded }) { ended.wait(upTo: 1000) }
    }

    private func run() {
        while true {
            alarm.wait()
            let isStopped = work()
            if isStopped { break }
        }
        state.withLock { $0.hasEnded = true }
        ended.ring()
    }

    /// Works until nothing waits.
    ///
    /// - Returns: whether the end was asked for.
    private func work() -> Bool {
        while true {
            let (entries, hasIntents, isStopped) = state.withLock { state in
                var count = 0
                var end = 0
                while end < state.entries.count, count < DeliveryWriter.changesMaximum {
                    count += state.entries[end].changes.count
                    end += 1
                }
                let taken = Array(state.entries[..<end])
                state.entries.removeFirst(end)
                defer { state.hasIntents = false }
                return (taken, state.hasIntents, state.isStopped)
            }
            guard !entries.isEmpty || hasIntents && !isStopped else { return isStopped }
            let result = Result { try database.pool.write { db in
                let answers = try entries.map { try $0.changes.map { try DeliveryTable.write($0, db) } }
                return (answers, isStopped ? (new: [], isMore: false) : try DeliveryTable.take(limit: DeliveryWriter.takenMaximum, db))
            } }
            switch result {
            case .success(let (answers, taken)):
                if taken.isMore { state.withLock { $0.hasIntents = true } }
                for (entry, answers) in zip(entries, answers) { entry.done(answers) }
                if !taken.new.isEmpty { onTaken(taken.new) }
                if answers.contains(where: { $0.contains(.finished) }) { onFinished() }
            case .failure:
                state.withLock { state in
                    state.entries.insert(contentsOf: entries, at: 0)
                    state.hasIntents = true
                }
                // What is not written at the end was under way, and is known by that at the next start.
                if isStopped { return true }
                alarm.wait(upTo: DeliveryWriter.troublePauseMs)
            }
        }
    }
}
