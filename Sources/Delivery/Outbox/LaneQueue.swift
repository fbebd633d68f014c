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
    /// What came up while its person was busy, by the id that was; as soon as that is not, one of its own stands in the heap, and all that are another's.
    private var behind: [String: [Job]] = [:]
    /// What is tried again and stands in the table until then, with what waits behind it: nothing later goes before it is here again.
    private var blocked: [String: [Int64: (priority: Int, due: Timestamp)]] = [:]
    /// How often what had waited behind another id came back: what was taken before may be later than that.
    private(set) var returns = 0
    /// Everything here, so that nothing is loaded twice.
    private(set) var held: Set<Int64> = []

    var count: Int { held.count }
    /// What could go now, but for what its person waits for.
    var readyCount: Int { heap.count }

    mutating func add(_ job: Job) {
        guard held.insert(job.number).inserted else { return }
        // Here it keeps its own place.
        unblock(job)
        push(job)
    }

    /// What goes next.
    ///
    /// - Returns: jobs to hand over, each of another person, and those that must wait until an earlier one is tried again.
    mutating func take(_ limit: Int) -> (jobs: [Job], postponed: [(job: Job, until: Timestamp)]) {
        var jobs: [Job] = []
        var postponed: [(job: Job, until: Timestamp)] = []
        while jobs.count < limit, postponed.count < limit + LaneQueue.postponedMaximum, let job = pop() {
            if busy.contains(job.profile) { behind[job.profile, default: []].append(job) } else if let until = blocker(of: job) {
                postponed.append((job, until))
                block(profile: job.profile, number: job.number, priority: job.priority, until: until)
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
    /// - Parameters:
    ///   - families: of each, every other id of whoever it is of by now.
    ///   - returns: as they were when these were taken.
    mutating func keepOrder(_ taken: [Job], _ families: [[String]], since returns: Int) -> (jobs: [Job], postponed: [(job: Job, until: Timestamp)]) {
        var jobs: [Job] = []
        var postponed: [(job: Job, until: Timestamp)] = []
        // Whose turn among these is still to come is not under way.
        var later = Set(taken.map(\.profile))
        for (job, others) in zip(taken, families) {
            later.remove(job.profile)
            if returns != self.returns, !others.isEmpty {
                // It is taken again behind what came back meanwhile.
                busy.remove(job.profile)
                push(job)
                continue
            }
            if let other = others.first(where: { busy.contains($0) && !later.contains($0) }) {
                behind[other, default: []].append(job)
            } else if !blocked.isEmpty, let until = others.compactMap({ blocker(of: job, under: $0) }).max() {
                postponed.append((job, until))
                block(profile: job.profile, number: job.number, priority: job.priority, until: until)
            } else {
                jobs.append(job)
                continue
            }
            busy.remove(job.profile)
            pushNext(of: job.profile)
        }
        return (jobs, postponed)
    }

    /// It is not under way any more; what waits behind it may go. It stays held until ``release(_:)``.
    mutating func free(_ job: Job) {
        busy.remove(job.profile)
        pushNext(of: job.profile)
    }

    /// The next of somebody who has nothing under way any more, and all that waited for them under other ids of theirs: behind whom that stands is asked anew.
    private mutating func pushNext(of profile: String) {
        guard var waiting = behind.removeValue(forKey: profile) else { return }
        if waiting.contains(where: { $0.profile != profile }) {
            returns += 1
            for job in waiting where job.profile != profile { push(job) }
            waiting.removeAll { $0.profile != profile }
        }
        guard let next = waiting.indices.min(by: { Job.isBefore(waiting[$0], waiting[$1]) }) else { return }
        push(waiting.remove(at: next))
        if !waiting.isEmpty { behind[profile] = waiting }
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
        let gone = Set((heap + behind.values.joined()).filter { profiles.contains($0.profile) }.map(\.number))
        let rest = heap.filter { !gone.contains($0.number) }
        heap = []
        for job in rest { push(job) }
        behind = behind.compactMapValues { waiting in
            let kept = waiting.filter { !profiles.contains($0.profile) }
            return kept.isEmpty ? nil : kept
        }
        held.subtract(gone)
        for profile in profiles { blocked[profile] = nil }
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
