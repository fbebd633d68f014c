import EventLog
public import Privacy
public import Storage
import Synchronization
public import Vocabulary

/// Opens and clicks, held for a moment until it can be told whether they came from a person, and then written down, each with what was found.
///
/// What is held stands on the disk before the request is answered; what a crash left there is told at the next start.
public final class EmailTracking: Eraser {
    public static let migrations = [HeldReadings.migration, HeldReadings.agentMigration]

    /// One that was told apart.
    public struct Reading: Sendable {
        public let link: TrackingLink
        public let at: Timestamp
        /// Nil for a person.
        public let machine: MachineReading?
    }

    /// Longer than the second in which a scanner follows every link, short enough for results to be called live.
    private static let hold = Duration.milliseconds(1500)
    /// How long afterwards it is looked at with what is held.
    private static let memory = Duration.milliseconds(1100)
    private static let (messageMaximum, perMessageMaximum) = (10_000, 40)

    private struct Held {
        /// Nil for what could not be written.
        let number: Int64?
        let reading: HeldReading
        let since = ContinuousClock.now
        var isDue: Bool { since + EmailTracking.hold <= .now }
    }
    /// One that was told: requests that come within a second of it tell about each other.
    private struct Settled {
        let reading: HeldReading
        let isMachine: Bool
        let since: ContinuousClock.Instant
    }
    private struct State {
        /// By the key of the message.
        var held: [String: [Held]] = [:]
        /// Messages that a task looks after.
        var followed: Set<String> = []
        /// What was told of these within the last moments.
        var lately: [String: [Settled]] = [:]
        /// Messages whose hidden link was followed, and when: whatever follows within a few seconds is the same machine.
        var trapped: [String: Timestamp] = [:]
    }
    public let name = "email-readings"
    private let readings: HeldReadings
    private let ids: @Sendable (ErasureSubject) -> Set<String>
    private let state = Mutex(State())
    private let write = Hook<(@Sendable ([Reading]) async throws -> Void)?>(nil)

    /// - Parameter ids: every id that a person ever had.
    public init(_ database: DatabaseFile, ids: @escaping @Sendable (ErasureSubject) -> Set<String>) { (readings, self.ids) = (HeldReadings(database), ids) }

    /// Begins with what an earlier process held.
    ///
    /// - Parameter write: puts them into the log. A reading that comes twice must be one event.
    public func start(_ write: @escaping @Sendable ([Reading]) async throws -> Void) throws {
        self.write.set(write)
        for (number, reading) in try readings.all() { hold(Held(number: number, reading: reading)) }
    }

    /// Takes a request in, and returns when it is on the disk; it is told a moment later.
    public func saw(_ link: TrackingLink, _ request: MachineReading.Request) async {
        let reading = HeldReading(link: link, at: request.at, machine: MachineReading.of(request, link), agent: request.agent)
        let hasRoom = state.withLock { state in
            let known = state.held[link.key]?.count ?? 0
            // Somebody who asks without end, or a flood: what is more than anybody reads is not kept.
            return known < EmailTracking.perMessageMaximum && (known > 0 || state.held.count < EmailTracking.messageMaximum)
        }
        guard hasRoom else { return }
        hold(Held(number: await readings.keep(reading), reading: reading))
    }

    private func hold(_ held: Held) {
        let (key, isTrap) = (held.reading.link.key, held.reading.link.kind == .trap)
        let isFirst = state.withLock { state in
            if isTrap {
                if state.trapped.count >= EmailTracking.messageMaximum { state.trapped = [:] }
                state.trapped[key] = held.reading.at
            }
            state.held[key, default: []].append(held)
            return state.followed.insert(key).inserted
        }
        guard isFirst else { return }
        Task { [self] in
            // Each is held for as long: the last of a scanner's requests tells about the first, and is told about by it.
            while let next = next(of: key) {
                try? await Task.sleep(until: next + EmailTracking.hold, clock: .continuous)
                await settle([key], \.isDue)
            }
            try? await Task.sleep(for: EmailTracking.memory)
            state.withLock { state in
                state.lately[key]?.removeAll { $0.since + EmailTracking.hold + EmailTracking.memory <= .now }
                if state.lately[key]?.isEmpty ?? false { state.lately[key] = nil }
            }
        }
    }

    /// Since when the first is held; nil where nothing is, and nobody looks after the message any more.
    private func next(of key: String) -> ContinuousClock.Instant? {
        state.withLock { state in
            let first = state.held[key]?.map(\.since).min()
            if first == nil { state.followed.remove(key) }
            return first
        }
    }

    /// Writes what is held at once: before the end.
    public func flush() async { await settle(state.withLock { Array($0.held.keys) }) { _ in true } }

    private func settle(_ keys: [String], _ isDue: (Held) -> Bool) async {
        var told: [Reading] = []
        var taken: [Held] = []
        var settled: [String: [Settled]] = [:]
        for key in keys {
            let (due, rest, before, trappedAt) = state.withLock { state -> ([Held], [Held], [Settled], Timestamp?) in
                let held = state.held.removeValue(forKey: key) ?? []
                let rest = held.filter { !isDue($0) }
                if !rest.isEmpty { state.held[key] = rest }
                return (held.filter(isDue), rest, state.lately[key] ?? [], state.trapped[key])
            }
            taken += due
            let machines = MachineReading.together((due + rest).map(\.reading) + before.map(\.reading))
            for (one, machine) in zip(due, machines) where one.reading.link.kind != .trap {
                let isTrapped = trappedAt.map { abs(one.reading.at.milliseconds - $0.milliseconds) < 10_000 } ?? false
                let machine = machine ?? (isTrapped ? .trap : nil)
                // A machine that looks at a link and the person behind it are two; each is told once.
                let isTold = (before + settled[key, default: []]).contains { $0.isMachine == (machine != nil) && $0.reading.link == one.reading.link && one.since - $0.since < EmailTracking.hold }
                if !isTold { told.append(Reading(link: one.reading.link, at: one.reading.at, machine: machine)) }
                settled[key, default: []].append(Settled(reading: one.reading, isMachine: machine != nil, since: one.since))
            }
        }
        if !told.isEmpty {
            guard let write = write.body else { return }
            // What the log cannot take now is tried again a moment later.
            guard (try? await write(told)) != nil else { return taken.forEach { hold(Held(number: $0.number, reading: $0.reading)) } }
        }
        state.withLock { state in
            if state.lately.count >= EmailTracking.messageMaximum { state.lately = [:] }
            for (key, these) in settled { state.lately[key, default: []] += these }
        }
        await readings.remove(taken.compactMap(\.number))
    }

    // MARK: - Forgetting

    public func erase(_ subject: ErasureSubject) throws -> Int {
        let ids = ids(subject)
        state.withLock { state in
            state.held = state.held.filter { _, held in !held.contains { ids.contains($0.reading.link.profile.text) } }
            state.lately = state.lately.filter { _, told in !told.contains { ids.contains($0.reading.link.profile.text) } }
        }
        return try readings.erase(ids)
    }
}
