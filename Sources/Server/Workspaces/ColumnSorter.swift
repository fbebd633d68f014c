import CKernels
import EventLog
import Profiles
import Synchronization

/// Sorts the newest events into the columns' runs, on a thread of its own, so that the applying thread only appends; and has columns packed that nobody
/// asks for.
final class ColumnSorter: Sendable {
    /// Tables sorted in one go from which on memory is given back.
    private static let muchSorted = 32

    private let columns: ProfileColumns
    private let lock: StateLock
    private let worker = BackgroundWorker(name: "martlet-sort", standing: .following)
    private let clock: Task<Void, Never>
    private let state = Mutex((isAwake: false, isBehind: false))
    /// What nobody asks for during one to two of these is packed.
    private static let restPause = Duration.seconds(30)

    init(columns: ProfileColumns, lock: StateLock) {
        self.columns = columns
        self.lock = lock
        clock = Task { [worker] in
            while (try? await Task.sleep(for: ColumnSorter.restPause)) != nil { ColumnSorter.rest(columns, from: 0, lock, worker) }
        }
    }

    /// Part by part, so that what is to be sorted meanwhile waits for one of them alone.
    private static func rest(_ columns: ProfileColumns, from part: Int, _ lock: StateLock, _ worker: BackgroundWorker) {
        worker.submit { if columns.rest(part: part, under: lock) { rest(columns, from: part + 1, lock, worker) } }
    }

    /// Called by the applying thread after a batch.
    ///
    /// - Parameter isBehind: whether more is waiting; then only what would grow too large is sorted, since each sorting in writes a whole run again.
    func wake(isBehind: Bool) {
        guard columns.hasRipeTails else { return }
        let wasAwake = state.withLock { state in
            defer { state = (true, isBehind) }
            return state.isAwake
        }
        if !wasAwake { worker.submit { [self] in sort() } }
    }

    private func sort() {
        state.withLock { $0.isAwake = false }
        var sorted = 0
        while case let isBehind = state.withLock(\.isBehind), let ripening = lock.writing({ columns.takeRipe(isBehind: isBehind) }) {
            let run = ripening.merged()
            lock.writing { columns.finish(ripening, run) }
            sorted += 1
        }
        // After much sorting, as at the end of a bulk load, what tails and old runs took lies free inside the process.
        if sorted >= ColumnSorter.muchSorted { martlet_return_memory() }
    }

    /// Returns when all that is ripe is sorted, and what rests is packed.
    func drain() { worker.drain() }
    func stop() {
        clock.cancel()
        worker.stop()
    }
}
