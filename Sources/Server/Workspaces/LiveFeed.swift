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
        /// Of what was sent twice: what stands out in it.
        let reason: String?
        /// Why it was refused.
        var refusal: Explanation?
        /// Counts up, so that a reader can ask for what came since.
        var number: Int = 0
    }

    static let itemsMaximum = 500
    /// Of a large batch only the last few are shown: nobody reads more, and the writer must not wait.
    static let batchMaximum = 20
    /// Where more bytes than these wait to be applied, only some batches are shown.
    static let waitingMaximum = 4 << 20

    private struct State {
        var items: [Item] = []
        /// Begins with the time, so that pages that were open over a restart see it grow on.
        var nextNumber = Int(Clock.now().milliseconds) * 1000
        /// Events in a minute, by minutes since 1970.
        var minutes: [Int64: Int] = [:]
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }
    private let state = Mutex(State())

    /// - Parameter isShown: whether its events are shown too, not counted only.
    func applied(_ batch: LogBatch, isShown: Bool) {
        var items: [Item] = []
        for entry in batch.entries.suffix(isShown ? LiveFeed.batchMaximum : 0) {
            guard let event = batch.event(entry), !event.isErased, !event.isFact else { continue }
            items.append(LiveFeed.item(event, at: entry.position))
        }
        let minute = (batch.entries.last.flatMap { batch.event($0) }?.receivedAt.milliseconds ?? 0) / 60_000
        add(items, minute: minute, count: batch.entries.count)
    }

    /// Events of before the start, so that neither Live nor the chart begins empty.
    func prefill(_ log: EventLog, to end: LogPosition, onBatch: (LogBatch) -> Void) {
        let now = Clock.now().milliseconds / 60_000
        log.scan(from: end - min(end, LiveFeed.prefillMaximum), to: end) { batch in
            onBatch(batch)
            var items: [Item] = []
            for entry in batch.entries {
                guard let event = batch.event(entry) else { continue }
                let minute = event.receivedAt.milliseconds / 60_000
                if minute > now - 60 { state.withLock { $0.minutes[minute, default: 0] += 1 } }
                if !event.isErased, !event.isFact { items.append(LiveFeed.item(event, at: entry.position)) }
            }
            add(items.suffix(LiveFeed.itemsMaximum), minute: 0, count: 0)
            return true
        }
    }

    static let prefillMaximum: LogPosition = 20_000

    private static func item(_ event: EventView, at position: LogPosition) -> Item {
        Item(
            position: position, receivedAt: event.receivedAt, type: event.type.name, title: event.title, verdict: "accepted",
            source: event.source, userId: event.text(.userId), anonymousId: event.text(.anonymousId), reason: nil)
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
            guard !items.isEmpty else { return [] }
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

    /// Shows these events no longer, nor anything that was refused or sent twice: that may name somebody in its own words.
    func forget(_ positions: [LogPosition]) {
        let gone = Set(positions)
        state.withLock { $0.items.removeAll { $0.position.map(gone.contains) ?? true } }
    }

    /// Has every waiting reader look again.
    func wake() {
        let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in woken { waiter.resume() }
    }

    /// Returns when something newer than `number` is here, or after two seconds.
    func waitForMore(since number: Int) async {
        let id = state.withLock { state -> Int in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                await withTaskCancellationHandler {
                    await withCheckedContinuation { continuation in
                        let isOver = state.withLock { state -> Bool in
                            if Task.isCancelled || (state.items.last?.number ?? 0) > number { return true }
                            state.waiters[id] = continuation
                            return false
                        }
                        if isOver { continuation.resume() }
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
