import Decisions
import Vocabulary

/// An intent on its way, and how often it was tried.
struct Job: Sendable {
    let stored: StoredIntent
    var attempts = 0
    var lost = 0

    var number: Int64 { stored.number }
    var profile: String { stored.intent.profile.text }
    var priority: Int { stored.intent.priority }

    /// The more urgent first, then what was decided first.
    static func isBefore(_ a: Job, _ b: Job) -> Bool { a.priority != b.priority ? a.priority > b.priority : a.number < b.number }
}

/// What a lane has in memory, in the order in which it is handed over: for each person one after the other, and nothing past an earlier one that is tried again,
/// but for what is more urgent.
struct LaneQueue {
    /// A binary heap.
    private var heap: [Job] = []
    /// Whoever has something under way.
    private var busy: Set<String> = []
    /// What came up while its person was busy; one of them stands in the heap as soon as they are not.
    private var behind: [String: [Job]] = [:]
    /// Whose earlier thing is tried again.
    private var blocked: [String: [Int64: (priority: Int, due: Timestamp)]] = [:]
    /// Everything here, so that nothing is loaded twice.
    private(set) var held: Set<Int64> = []

    var count: Int { held.count }
    /// What could go now, but for what its person waits for.
    var readyCount: Int { heap.count }

    mutating func add(_ job: Job) { if held.insert(job.number).inserted { push(job) } }

    /// What goes next.
    ///
    /// - Returns: jobs to hand over, each of another person, and those that must wait until an earlier one is tried again.
    mutating func take(_ limit: Int) -> (jobs: [Job], postponed: [(job: Job, until: Timestamp)]) {
        var jobs: [Job] = []
        var postponed: [(job: Job, until: Timestamp)] = []
        while jobs.count < limit, postponed.count < limit + LaneQueue.postponedMaximum, let job = pop() {
            if busy.contains(job.profile) { behind[job.profile, default: []].append(job) } else if let until = blocker(of: job) {
                held.remove(job.number)
                postponed.append((job, until))
                pushNext(of: job.profile)
            } else {
                busy.insert(job.profile)
                jobs.append(job)
            }
        }
        return (jobs, postponed)
    }
    private static let postponedMaximum = 1000

    /// Of jobs that were just taken, those that may go: things stand under the id by which somebody was named, and of several that turned out to be one person's, one after the other is handed over all the same.
    ///
    /// - Parameter families: of each, every other id of whoever it is of by now.
    mutating func keepOrder(_ taken: [Job], _ families: [[String]]) -> (jobs: [Job], postponed: [(job: Job, until: Timestamp)]) {
        var jobs: [Job] = []
        var postponed: [(job: Job, until: Timestamp)] = []
        // Whose turn among these is still to come is not under way.
        var later = Set(taken.map(\.profile))
        for (job, others) in zip(taken, families) {
            later.remove(job.profile)
            let until = blocked.isEmpty ? nil : others.compactMap { blocker(of: job, under: $0) }.max()
            let other = others.first { busy.contains($0) && !later.contains($0) }
            guard until != nil || other != nil else {
                jobs.append(job)
                continue
            }
            busy.remove(job.profile)
            if let until {
                held.remove(job.number)
                postponed.append((job, until))
            } else if let other { behind[other, default: []].append(job) }
            pushNext(of: job.profile)
        }
        return (jobs, postponed)
    }

    /// It is not under way any more; what waits behind it may go. It stays held until ``release(_:)``.
    mutating func free(_ job: Job) {
        busy.remove(job.profile)
        pushNext(of: job.profile)
    }

    private mutating func pushNext(of profile: String) {
        guard let waiting = behind[profile], let next = waiting.indices.min(by: { Job.isBefore(waiting[$0], waiting[$1]) }) else { return }
        push(waiting[next])
        behind[profile]?.remove(at: next)
        if waiting.count == 1 { behind[profile] = nil }
    }

    /// What became of it is written down.
    mutating func release(_ number: Int64) { held.remove(number) }

    /// It is tried again at an instant, and what comes behind it waits.
    mutating func block(profile: String, number: Int64, priority: Int, until due: Timestamp) { blocked[profile, default: [:]][number] = (priority, due) }

    /// What is tried again is so later than it was said before.
    mutating func postpone(_ job: Job, until due: Timestamp) { blocked[job.profile]?[job.number]?.due = due }

    mutating func unblock(_ job: Job) {
        blocked[job.profile]?[job.number] = nil
        if blocked[job.profile]?.isEmpty ?? false { blocked[job.profile] = nil }
    }

    /// Drops everything of people who were forgotten; what is under way ends by itself.
    mutating func forget(_ profiles: Set<String>) {
        let gone = Set(heap.filter { profiles.contains($0.profile) }.map(\.number))
        held.subtract(gone)
        let rest = heap.filter { !gone.contains($0.number) }
        heap = []
        for job in rest { push(job) }
        for profile in profiles {
            for job in behind.removeValue(forKey: profile) ?? [] { held.remove(job.number) }
            blocked[profile] = nil
        }
    }

    private func blocker(of job: Job, under profile: String? = nil) -> Timestamp? {
        blocked[profile ?? job.profile]?.compactMap { number, other in number < job.number && job.priority <= other.priority ? other.due : nil }.max()
    }

    // MARK: - The heap

    private mutating func push(_ job: Job) {
        heap.append(job)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard Job.isBefore(heap[child], heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func pop() -> Job? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var best = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && Job.isBefore(heap[child], heap[best]) { best = child }
            guard best != parent else { return first }
            heap.swapAt(parent, best)
            parent = best
        }
    }
}
