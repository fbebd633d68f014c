import EventLog
import Profiles
import Synchronization

/// Sorts the newest events into the columns' runs, on a thread of its own, so that the applying thread only appends.
final class ColumnSorter: Sendable {
    private let columns: ProfileColumns
    private let lock: StateLock
    private let worker = BackgroundWorker(name: "martlet-sort")
    private let isAwake = Mutex(false)

    init(columns: ProfileColumns, lock: StateLock) {
        self.columns = columns
        self.lock = lock
    }

    /// Called by the applying thread after a batch.
    func wake() {
        guard columns.hasRipeTails else { return }
        let wasAwake = isAwake.withLock { isAwake in
            defer { isAwake = true }
            return isAwake
        }
        if !wasAwake { worker.submit { [self] in sort() } }
    }

    private func sort() {
        isAwake.withLock { $0 = false }
        while let ripening = lock.writing({ columns.takeRipe() }) {
            let run = ripening.merged()
            lock.writing { columns.finish(ripening, run) }
        }
    }

    /// Returns when all that is ripe is sorted.
    func drain() { worker.drain() }
    func stop() { worker.stop() }
}
