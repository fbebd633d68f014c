import Synchronization
public import Vocabulary

/// Opens and clicks, held for a moment until it can be told whether they came from a person, and then written down, each with what was found.
public final class EmailTracking: Sendable {
    /// One that was told apart.
    public struct Reading: Sendable {
        public let link: TrackingLink
        public let at: Timestamp
        /// Nil for a person.
        public let machine: MachineReading?
    }

    /// Longer than the second in which a scanner follows every link, short enough for results to be called live.
    static let holdMilliseconds = 1500
    private static let (messageMaximum, perMessageMaximum) = (10_000, 40)

    private typealias Held = (link: TrackingLink, at: Timestamp, reading: MachineReading?)
    private struct State {
        var held: [String: [Held]] = [:]
        /// Messages whose hidden link was followed, and when: whatever follows within a few seconds is the same machine.
        var trapped: [String: Timestamp] = [:]
    }
    private let state = Mutex(State())
    private let write = Mutex<(@Sendable ([Reading]) async -> Void)?>(nil)

    public init() {}

    /// - Parameter write: puts them into the log; set once, before anybody asks.
    public func onReadings(_ write: @escaping @Sendable ([Reading]) async -> Void) { self.write.withLock { $0 = write } }

    /// Takes a request in; it is written a moment later.
    public func saw(_ link: TrackingLink, _ request: MachineReading.Request) {
        let reading = MachineReading.of(request, link)
        let isFirst = state.withLock { state in
            if link.kind == .trap {
                if state.trapped.count >= EmailTracking.messageMaximum { state.trapped = [:] }
                state.trapped[link.key] = request.at
            }
            let known = state.held[link.key] ?? []
            // Somebody who asks without end, or a flood: what is more than anybody reads is not kept.
            guard known.count < EmailTracking.perMessageMaximum, !known.isEmpty || state.held.count < EmailTracking.messageMaximum else { return false }
            state.held[link.key] = known + [(link, request.at, reading)]
            return known.isEmpty
        }
        guard isFirst else { return }
        Task { [self] in
            try? await Task.sleep(for: .milliseconds(EmailTracking.holdMilliseconds))
            await settle([link.key])
        }
    }

    /// Writes what is held at once: before the end.
    public func flush() async { await settle(state.withLock { Array($0.held.keys) }) }
    /// Forgets what is held.
    public func clear() { state.withLock { $0 = State() } }

    private func settle(_ keys: [String]) async {
        var readings: [Reading] = []
        for key in keys {
            let (held, trappedAt) = state.withLock { state in (state.held.removeValue(forKey: key) ?? [], state.trapped[key]) }
            let told = MachineReading.together(held)
            var seen: Set<TrackingLink> = []
            for (one, machine) in zip(held, told) where one.link.kind != .trap && seen.insert(one.link).inserted {
                let isTrapped = trappedAt.map { abs(one.at.milliseconds - $0.milliseconds) < 10_000 } ?? false
                readings.append(Reading(link: one.link, at: one.at, machine: machine ?? (isTrapped ? .trap : nil)))
            }
        }
        guard !readings.isEmpty, let write = write.withLock({ $0 }) else { return }
        await write(readings)
    }
}
