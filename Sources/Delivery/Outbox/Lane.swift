import Decisions
import EventLog
import Storage
import Synchronization
import Vocabulary

/// One queue: a channel, a destination or the log, with a thread, a budget and a breaker of its own, so that one that does not answer holds up no other.
///
/// In memory is a part of what is due; the rest stands in the table and is loaded as there is room.
final class Lane: Sendable {
    /// Jobs in memory at most, and below so many more are loaded.
    static let jobsMaximum = 5000
    private static let jobsMinimum = 1000
    private static let batchMaximum = 256
    /// What may be under way is handed over in so many groups or fewer, where enough waits.
    private static let groups = 8
    private static let idleMs: Int64 = 60_000

    struct State {
        var queue = LaneQueue()
        var underway = 0
        /// What was given away to be handed over and has not begun, such as what waits for a connection.
        var pending: [Int64: Job] = [:]
        /// What has begun, and whose end the writer does not know yet.
        var begun: Set<Int64> = []
        var breaker = CircuitBreaker()
        /// Whether the table has something due that is not in memory.
        var hasMore = true
        var nextDue: Timestamp?
        var isStopped = false
        var hasEnded = false
    }

    let name: String
    let work: any LaneWork
    let wanted: WantedIntents
    private let database: DatabaseFile
    private let writer: DeliveryWriter
    /// Of each id, every other that whom it names ever had.
    private let families: @Sendable ([String]) -> [[String]]
    private let clock: @Sendable () -> Timestamp
    private let state = Mutex(State())
    private let alarm = Alarm()
    private let ended = Alarm()

    init(_ name: String, _ work: any LaneWork, _ wanted: WantedIntents, _ database: DatabaseFile, _ writer: DeliveryWriter, families: @escaping @Sendable ([String]) -> [[String]], clock: @escaping @Sendable () -> Timestamp) {
        (self.name, self.work, self.wanted, self.database, self.writer, self.families, self.clock) = (name, work, wanted, database, writer, families, clock)
    }

    func start() {
        let blocked = (try? database.pool.read { [name] in try DeliveryTable.blocked(lane: name, $0) }) ?? []
        state.withLock { state in for one in blocked { state.queue.block(profile: one.profile, number: one.number, priority: one.priority, until: one.due) } }
        startThread(name: "martlet-lane", standing: .following) { [self] in run() }
    }

    /// Begins nothing any more. What only waits for a connection comes back, and what was begun ends by itself.
    func halt() {
        state.withLock { $0.isStopped = true }
        work.halt()
        alarm.ring()
    }

    /// Returns when everything that was begun has come to an end and the writer knows, or at the deadline; what has begun and not ended then goes again at the next start.
    func stop(by deadline: ContinuousClock.Instant) {
        halt()
        while !state.withLock({ $0.hasEnded && ($0.begun.isEmpty || ContinuousClock.now >= deadline) }) { ended.wait(upTo: 50) }
        let unsent = state.withLock { state in
            defer { state.pending = [:] }
            return Array(state.pending.values)
        }
        writer.submit(unsent.map { Lane.back($0) }) { _ in }
    }

    /// Whether it may begin now; it counts as begun from then on.
    private func begin(_ job: Job) -> Bool {
        state.withLock { state in
            guard !state.isStopped else { return false }
            if state.pending.removeValue(forKey: job.number) != nil { state.begun.insert(job.number) }
            return true
        }
    }

    /// Intents that were just written down as waiting.
    func add(_ new: [StoredIntent]) {
        let now = clock()
        state.withLock { state in
            for stored in new {
                let due = stored.intent.notBefore
                if due > now { state.nextDue = min(state.nextDue ?? due, due) } else if state.queue.count < Lane.jobsMaximum { state.queue.add(Job(stored: stored)) } else { state.hasMore = true }
            }
        }
        alarm.ring()
    }

    /// Something in the table is due now, such as a dead letter that somebody sends again.
    func look() {
        state.withLock { $0.hasMore = true }
        alarm.ring()
    }

    func forget(_ profiles: Set<String>) { state.withLock { $0.queue.forget(profiles) } }

    struct Status: Sendable {
        let underway: Int
        let openUntil: Timestamp?
    }
    var status: Status { state.withLock { Status(underway: $0.underway, openUntil: $0.breaker.openUntil) } }

    // MARK: - Running

    private func run() {
        while true {
            let (now, isOff) = (clock(), work.isOff)
            if !isOff { load(now) }
            let (taken, put, returns, pause, isStopped) = state.withLock { state -> ([Job], [(job: Job, until: Timestamp)], Int, Int64, Bool) in
                if state.isStopped { return ([], [], 0, 0, true) }
                // Whoever switches it on has it look.
                if isOff { return ([], [], 0, Lane.idleMs, false) }
                let allowed = state.breaker.room(work.concurrency, at: now)
                let room = min(allowed - state.underway, Lane.batchMaximum)
                // Each group is a transaction: where many wait, it is not begun for one or two of them.
                let isWorthwhile = room > 0 && room >= min(allowed / Lane.groups, state.queue.readyCount)
                let taken: (jobs: [Job], postponed: [(job: Job, until: Timestamp)]) = isWorthwhile ? state.queue.take(room) : ([], [])
                state.underway += taken.jobs.count
                let instants = [state.nextDue, state.breaker.openUntil].compactMap { $0 }.filter { $0 > now }
                return (taken.jobs, taken.postponed, state.queue.returns, min(Lane.idleMs, (instants.min() ?? .latest).milliseconds - now.milliseconds), false)
            }
            if isStopped { break }
            let (jobs, postponed) = keepOrder(taken, put, returns)
            if jobs.isEmpty, postponed.isEmpty { alarm.wait(upTo: max(1, pause)) } else { process(jobs, postponed, now) }
        }
        state.withLock { $0.hasEnded = true }
        ended.ring()
    }

    /// Who is who is asked outside the lock: those who ask for this lane may hold that.
    private func keepOrder(_ taken: [Job], _ postponed: [(job: Job, until: Timestamp)], _ returns: Int) -> (jobs: [Job], postponed: [(job: Job, until: Timestamp)]) {
        guard !taken.isEmpty else { return (taken, postponed) }
        let families = families(taken.map(\.profile))
        guard families.contains(where: { !$0.isEmpty }) else { return (taken, postponed) }
        return state.withLock { state in
            let kept = state.queue.keepOrder(taken, families, since: returns)
            if returns != state.queue.returns { alarm.ring() }
            state.underway -= taken.count - kept.jobs.count
            return (kept.jobs, postponed + kept.postponed)
        }
    }

    private func load(_ now: Timestamp) {
        let isWanted = state.withLock { state in state.queue.count < Lane.jobsMinimum && (state.hasMore || (state.nextDue ?? .latest) <= now) && !state.isStopped }
        guard isWanted else { return }
        state.withLock { ($0.hasMore, $0.nextDue) = (false, nil) }
        let found = Result { try database.pool.read { [name] db in
            // Those in memory stand among them, at most so many.
            (jobs: try DeliveryTable.due(lane: name, now: now, limit: Lane.jobsMaximum, db), next: try DeliveryTable.nextDue(lane: name, after: now, db))
        } }
        state.withLock { state in
            guard case .success(let found) = found else {
                state.hasMore = true
                return
            }
            for job in found.jobs where state.queue.count < Lane.jobsMaximum { state.queue.add(job) }
            if found.jobs.count == Lane.jobsMaximum { state.hasMore = true }
            if let next = found.next { state.nextDue = min(state.nextDue ?? next, next) }
        }
    }

    /// Asks everything about each and writes down which are about to be handed over. The next are prepared while these are written.
    private func process(_ jobs: [Job], _ postponed: [(job: Job, until: Timestamp)], _ now: Timestamp) {
        var changes: [DeliveryChange] = postponed.map { .wait($0.job.number, until: $0.until, reason: .behind, detail: "") }
        let wakingCount = wanted.wakingCount
        let prepared = wanted.prepare(jobs.map(\.stored.intent), work, now: now)
        for (job, preparation) in zip(jobs, prepared) {
            switch preparation {
            case .ready(let message): changes.append(.start(job.number, at: now, message.contact))
            case .refused(let reason, let detail): changes.append(.finish(job.number, .refused, reason, detail: detail, receipt: "", attempts: nil, lost: nil, at: now))
            case .waits(let reason, let detail, let until):
                // It is told as expired when it expires. What expired already was not asked about that yet, and is asked again in its time.
                let end = job.stored.intent.expiresAt.flatMap { $0 > now ? $0 : nil } ?? .latest
                changes.append(.wait(job.number, until: min(until, end), reason: reason, detail: detail))
            }
        }
        writer.submit(changes) { [self] answers in
            let started = zip(jobs, answers.dropFirst(postponed.count)).filter { $0.1 == .started }.map(\.0)
            let isStopped = state.withLock { state in
                if !state.isStopped { for job in started { state.pending[job.number] = job } }
                return state.isStopped
            }
            // Nobody hands over any more: what stood as under way goes back, so that nobody has to wonder whether it arrived.
            if isStopped { return writer.submit(started.map { Lane.back($0) }) { _ in } }
            for (item, answer) in zip(postponed, answers) { postponedWritten(item.job, answer) }
            for ((job, preparation), answer) in zip(zip(jobs, prepared), answers.dropFirst(postponed.count)) {
                // Only what was ready was written down as started.
                guard answer == .started, case .ready(let message) = preparation else {
                    // Its journey went on between the asking and the writing.
                    if case .waits(.journeyPaused, _, _) = preparation, wanted.wakingCount != wakingCount {
                        writer.submit([.wait(job.number, until: now, reason: .waiting, detail: "")]) { [self] answers in settled(job, answers.first ?? .gone) }
                    } else { settled(job, answer) }
                    continue
                }
                Task { [self] in
                    finish(job, await work.handOver(message, now: now, LaneMoment(begins: { [self] in begin(job) }, instead: { [wanted] in wanted.instead(of: message.intent) }, clock: clock)))
                    state.withLock { state in
                        state.pending[job.number] = nil
                        state.begun.remove(job.number)
                    }
                    ended.ring()
                }
            }
        }
    }

    private func postponedWritten(_ job: Job, _ answer: DeliveryAnswer) {
        state.withLock { state in
            state.queue.release(job.number)
            if case .waits(let until, _) = answer {
                state.queue.postpone(job, until: until)
                state.nextDue = min(state.nextDue ?? until, until)
            } else { state.queue.unblock(job) }
        }
    }

    /// It did not come to a hand-over, or what came of it is written down.
    private func settled(_ job: Job, _ answer: DeliveryAnswer) {
        state.withLock { state in
            state.underway -= 1
            // Nothing waits behind an instant that is over: it would be loaded and put off again without end.
            if case .waits(let until, true) = answer {
                if job.attempts + job.lost > 0 { state.queue.block(profile: job.profile, number: job.number, priority: job.priority, until: until) }
            } else { state.queue.unblock(job) }
            state.queue.free(job)
            state.queue.release(job.number)
            if case .waits(let until, _) = answer { state.nextDue = min(state.nextDue ?? until, until) }
        }
        alarm.ring()
    }

    // MARK: - What came of it

    private func finish(_ job: Job, _ result: HandOver) {
        let now = clock()
        let outcome = Lane.outcome(of: result, job, now: now, chance: Double.random(in: 0..<1))
        state.withLock { state in
            switch result {
            case .accepted: state.breaker.succeeded()
            // The other side answers, whatever it thinks of this one.
            case .refused, .deferred(_, _, true): state.breaker.succeeded()
            case .deferred, .unknown: state.breaker.failed(at: now)
            case .withheld, .unsent: break
            }
            state.underway -= 1
            switch outcome {
            case .retry(_, let due, _, _, _, _, _): state.queue.block(profile: job.profile, number: job.number, priority: job.priority, until: due)
            // What comes behind it waits until it was loaded again.
            case .wait: state.queue.block(profile: job.profile, number: job.number, priority: job.priority, until: now)
            default: state.queue.unblock(job)
            }
            state.queue.free(job)
        }
        writer.submit([outcome]) { [self] answers in
            state.withLock { state in
                state.queue.release(job.number)
                if case .waits(let until, _)? = answers.first { state.nextDue = min(state.nextDue ?? until, until) }
                if answers.first == .gone { state.queue.unblock(job) }
            }
            alarm.ring()
        }
        alarm.ring()
    }

    /// It waits as it did before it was taken, and so comes before what was decided later.
    private static func back(_ job: Job) -> DeliveryChange { .wait(job.number, until: job.stored.intent.notBefore, reason: .waiting, detail: "") }

    /// What is written down of a hand-over.
    static func outcome(of result: HandOver, _ job: Job, now: Timestamp, chance: Double) -> DeliveryChange {
        let attempts = job.attempts + 1
        switch result {
        case .unsent: return back(job)
        case .withheld(let reason, let detail): return .finish(job.number, .refused, reason, detail: detail, receipt: "", attempts: job.attempts, lost: job.lost, at: now)
        case .accepted(let receipt): return .finish(job.number, .sent, .sent, detail: "", receipt: receipt, attempts: attempts, lost: job.lost, at: now)
        case .refused(let reason, let fault):
            return .finish(job.number, .dead, .refused, detail: [fault?.rawValue, reason].compactMap { $0 }.joined(separator: ": "), receipt: "", attempts: attempts, lost: job.lost, at: now)
        case .deferred(let reason, let after, _):
            guard attempts < BackOff.attemptsMaximum else { return .finish(job.number, .dead, .exhausted, detail: reason, receipt: "", attempts: attempts, lost: job.lost, at: now) }
            return .retry(job.number, due: BackOff.due(attempts: attempts, after: after, now: now, chance: chance), reason: .deferred, detail: reason, attempts: attempts, lost: job.lost, at: now)
        case .unknown(let reason):
            guard job.lost < BackOff.lostMaximum, attempts < BackOff.attemptsMaximum else {
                return .finish(job.number, .dead, .lost, detail: reason, receipt: "", attempts: attempts, lost: job.lost + 1, at: now)
            }
            return .retry(job.number, due: BackOff.due(attempts: attempts, after: nil, now: now, chance: chance), reason: .lost, detail: reason, attempts: attempts, lost: job.lost + 1, at: now)
        }
    }
}
