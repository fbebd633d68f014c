import EventLog
import Profiles
import Synchronization

/// Sorts the newest events into the columns' runs, on threads of its own, so that the applying thread only appends.
///
/// What has grown large is sorted at once. The rest is sorted when nothing else is to be done, so that a question soon finds everything in order: the
/// longest tail first, with pauses while events arrive, and with both threads when none does. What nobody asks for of the sorted is packed.
final class ColumnSorter: Sendable {
    private let columns: ProfileColumns
    private let lock: StateLock
    private let alarms = [Alarm(), Alarm()]
    private let ended = [Alarm(), Alarm()]
    private let state = Mutex(State())
    private let packer = BackgroundWorker(name: "martlet-pack", standing: .last)
    private let clock: Task<Void, Never>
    /// What nobody asks for during one to two of these is packed.
    private static let restPause = Duration.seconds(30)

    private struct State {
        var isBehind = false
        var isStopped = false
        /// Which threads wait for the next event.
        var resting = [false, false]
        var lastEvent = ContinuousClock.now
    }

    /// A tail that is this short is left alone while events arrive.
    private static let shortest = 256
    /// While events arrive, so many times as long as a sorting took is paused after it.
    private static let pause = 6

    init(columns: ProfileColumns, lock: StateLock) {
        self.columns = columns
        self.lock = lock
        clock = Task { [packer] in
            while (try? await Task.sleep(for: ColumnSorter.restPause)) != nil { packer.submit { columns.rest(under: lock) } }
        }
        for number in 0..<2 {
            startThread(name: "martlet-sort-\(number + 1)", standing: .following) { [self] in
                while !state.withLock(\.isStopped) { step(number) }
                ended[number].ring()
            }
        }
    }

    /// Called by the applying thread after a batch.
    ///
    /// - Parameter isBehind: whether more is waiting; then only what would grow too large is sorted, since each sorting in writes a whole run again.
    func wake(isBehind: Bool) {
        let isRipe = columns.hasRipeTails
        let resting = state.withLock { state in
            state.isBehind = isBehind
            state.lastEvent = .now
            defer { state.resting = [false, false] }
            return state.resting
        }
        for number in alarms.indices where resting[number] || (isRipe && number == 0) { alarms[number].ring() }
    }

    /// Sorts one tail in, or waits.
    private func step(_ number: Int) {
        let (isBehind, quiet) = state.withLock { ($0.isBehind, ContinuousClock.now - $0.lastEvent) }
        let isQuiet = quiet >= .seconds(1)
        // The second thread helps only where no event wants its processor.
        guard number == 0 || isQuiet else { return wait(number, isQuiet: false) }
        let began = ContinuousClock.now
        let ripening = lock.writing { columns.takeRipe(isBehind: isBehind) ?? (isBehind ? nil : columns.takeLongest(atLeast: isQuiet ? 1 : ColumnSorter.shortest)) }
        guard let ripening else { return wait(number, isQuiet: isQuiet) }
        let run = ripening.merged()
        let isRipe = lock.writing {
            columns.finish(ripening, run)
            return columns.hasRipeTails
        }
        if !isQuiet, !isBehind, !isRipe {
            let took = (ContinuousClock.now - began).components.attoseconds / 1_000_000_000_000_000
            alarms[number].wait(upTo: min(1000, took * Int64(ColumnSorter.pause)))
        }
    }

    /// Waits for events where everything is sorted, and otherwise for a quiet second.
    private func wait(_ number: Int, isQuiet: Bool) {
        guard isQuiet else { return alarms[number].wait(upTo: 300) }
        let rests = state.withLock { state in
            // An event may have come since.
            state.resting[number] = !state.isStopped && ContinuousClock.now - state.lastEvent >= .seconds(1)
            return state.resting[number]
        }
        if rests { alarms[number].wait() }
    }

    /// Returns when the threads have ended.
    func stop() {
        clock.cancel()
        packer.stop()
        state.withLock { $0.isStopped = true }
        for number in alarms.indices {
            alarms[number].ring()
            ended[number].wait()
        }
    }
}
