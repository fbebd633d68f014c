import EventLog
import Synchronization
import Vocabulary

/// The newest events for the eyes of the Live page, and how many arrived in each of the last sixty minutes.
final class LiveFeed: Sendable {
    struct Item: Sendable {
        let position: LogPosition?
        let receivedAt: Timestamp
        let type: String
        let title: String
        let verdict: String
        let source: SourceNumber
        let userId: String?
        let anonymousId: String?
        let reason: String?
        /// Counts up, so that a reader can ask for what came since.
        var number: Int = 0
    }

    static let itemsMaximum = 500
    /// Of a large batch only the last few are shown: nobody reads more, and the writer must not wait.
    static let batchMaximum = 20

    private struct State {
        var items: [Item] = []
        var nextNumber = 1
        /// Events in a minute, by minutes since 1970.
        var minutes: [Int64: Int] = [:]
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }
    private let state = Mutex(State())

    func applied(_ batch: LogBatch) {
        var items: [Item] = []
        for entry in batch.entries.suffix(LiveFeed.batchMaximum) {
            guard let event = batch.event(entry), !event.isErased else { continue }
            items.append(
                Item(
                    position: entry.position, receivedAt: event.receivedAt, type: event.type.name, title: event.title, verdict: "accepted",
                    source: event.source, userId: event.text(.userId), anonymousId: event.text(.anonymousId), reason: nil))
        }
        let minute = (batch.entries.last.flatMap { batch.event($0) }?.receivedAt.milliseconds ?? 0) / 60_000
        add(items, minute: minute, count: batch.entries.count)
    }

    /// Something that did not become an event: a duplicate or a refused item.
    func note(_ item: Item) { add([item], minute: 0, count: 0) }

    private func add(_ items: [Item], minute: Int64, count: Int) {
        let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            for var item in items {
                item.number = state.nextNumber
                state.nextNumber += 1
                state.items.append(item)
            }
            if state.items.count > LiveFeed.itemsMaximum { state.items.removeFirst(state.items.count - LiveFeed.itemsMaximum) }
            if count > 0 {
                state.minutes[minute, default: 0] += count
                if state.minutes.count > 120 { state.minutes = state.minutes.filter { $0.key > minute - 90 } }
            }
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in woken { waiter.resume() }
    }

    func items(since number: Int, limit: Int) -> [Item] {
        state.withLock { $0.items.filter { $0.number > number }.suffix(limit) }
    }

    /// Events in each of the last sixty minutes, oldest first.
    func perMinute(now: Timestamp) -> [Int] {
        let minute = now.milliseconds / 60_000
        return state.withLock { state in (0..<60).map { state.minutes[minute - 59 + Int64($0)] ?? 0 } }
    }

    func clear() { state.withLock { $0.items = [] } }

    /// Returns when something new is here, or after two seconds.
    func waitForMore() async {
        let id = state.withLock { state -> Int in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                await withTaskCancellationHandler {
                    await withCheckedContinuation { continuation in
                        let isCancelled = state.withLock { state -> Bool in
                            if Task.isCancelled { return true }
                            state.waiters[id] = continuation
                            return false
                        }
                        if isCancelled { continuation.resume() }
                    }
                } onCancel: {
                    state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
                }
            }
            group.addTask { try? await Task.sleep(for: .seconds(2)) }
            await group.next()
            group.cancelAll()
        }
    }
}
