import CKernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Synchronization
import Vocabulary

/// How much memory Martlet may use, and whether it comes near: a Swift process that asks for memory and gets none ends at once, so events are
/// refused before that, while what is accepted is finished and everything can be read.
final class MemoryBudget: Sendable {
    static let minimum = 128 << 20
    /// Of the budget; the rest is for what was admitted already and for tables that double, of which old and new stand side by side for a moment.
    private static let markPercent = 70
    /// Of the budget, for bodies on their way in, which anyone may send.
    private static let bodiesPercent = 20
    /// Bytes that a byte of a waiting event may come to: one that tells of a new person takes three, and tables double their room.
    private static let appliedPerWaiting = 6
    /// An import makes some MB of profiles in ten times this.
    private static let sampleMaximumAgeUs: Int64 = 2_000

    let bytes: Int
    private let state = Mutex(State())

    private struct State {
        var bodies = 0
        var used = 0
        var sampledAt: Int64 = .min
        var trimmedAt: Int64 = .min
    }

    init(bytes: Int) {
        self.bytes = bytes
        martlet_keep_memory(min(bytes / 8, 512 << 20))
    }

    /// Bytes that only memory holds: what files back can be dropped by the system at any time.
    var used: Int {
        state.withLock { state in
            let now = Clock.monotonicMicroseconds()
            if state.sampledAt == .min || now - state.sampledAt > MemoryBudget.sampleMaximumAgeUs {
                state.used = MemoryBudget.measure()
                state.sampledAt = now
                if state.used > mark, state.trimmedAt == .min || now - state.trimmedAt > 1_000_000 {
                    // What was freed may still be held for the next who asks.
                    state.trimmedAt = now
                    MartletServer.startThread(name: "martlet-trim") { martlet_return_memory() }
                }
            }
            return state.used
        }
    }

    private var mark: Int { bytes / 100 * MemoryBudget.markPercent }
    var isShort: Bool { used > mark }

    /// Whether memory would be short once so many bytes of events that wait have become profiles, columns and indices.
    func isShort(applying waiting: Int) -> Bool { used + waiting * MemoryBudget.appliedPerWaiting > mark }

    /// For the keys by which a workspace knows the newest messages again.
    var ofMessages: Int { bytes / 8 }
    /// For what a workspace remembers of the stamps of consent banners.
    var ofStamps: Int { bytes / 64 }

    var explanation: Explanation {
        Explanation(
            code: "memory.short", problem: "Martlet has used the memory that it may use.",
            remedy: "Send again in a moment. If this lasts, raise the setting `memory`, which is \(bytes >> 20) MB now, or use a larger machine.")
    }

    var refusal: Refusal { Refusal(503, explanation.code, explanation.problem, remedy: explanation.remedy, retryAfter: 5) }

    // MARK: - Bodies on their way in

    /// What one request's body holds; given back when the request is done.
    final class Share: Sendable {
        private let budget: MemoryBudget
        private let bytes = Mutex(0)
        fileprivate init(_ budget: MemoryBudget) { self.budget = budget }
        deinit {
            let held = bytes.withLock { $0 }
            budget.state.withLock { $0.bodies -= held }
        }

        /// - Throws: ``Refusal`` 503 when the bodies of all requests together would take too much.
        func grow(by count: Int) throws {
            let maximum = budget.bytes / 100 * MemoryBudget.bodiesPercent
            let fits = budget.state.withLock { state in
                guard state.bodies + count <= maximum else { return false }
                state.bodies += count
                return true
            }
            guard fits else { throw Refusal(503, "memory.bodies", "Too many large bodies are on their way in.", remedy: "Send again in a moment, in smaller batches.", retryAfter: 2) }
            bytes.withLock { $0 += count }
        }
    }

    func share() -> Share { Share(self) }

    // MARK: - The machine

    private static func measure() -> Int {
        #if canImport(Glibc)
        guard let text = TextOfSystem.read("/proc/self/statm") else { return 0 }
        let fields = text.split(separator: " ").compactMap { Int($0) }
        return fields.count > 2 ? (fields[1] - fields[2]) * sysconf(Int32(_SC_PAGESIZE)) : 0
        #else
        return 0
        #endif
    }

    /// Nine tenths of what this process may have: the machine's memory, or less where its control group says so.
    static func ofThisMachine() -> Int {
        var bytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        for file in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
            if let limit = TextOfSystem.read(file).flatMap({ Int($0.trimmed) }), limit > 0 { bytes = min(bytes, limit) }
        }
        return max(minimum, bytes / 10 * 9)
    }

    /// `512MB`, `2GB`, or bytes; nil for anything else.
    static func bytes(_ text: String) -> Int? {
        let upper = text.uppercased().filter { $0 != " " }
        for (unit, shift) in [("GIB", 30), ("GB", 30), ("G", 30), ("MIB", 20), ("MB", 20), ("M", 20), ("", 0)] where upper.hasSuffix(unit) {
            guard let number = Int(upper.dropLast(unit.count)), number >= 0, number <= Int.max >> shift else { return nil }
            return number << shift
        }
        return nil
    }
}

/// The small files that the system makes up when they are read.
enum TextOfSystem {
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let n = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        return n > 0 ? String(decoding: bytes[..<n], as: UTF8.self).split(separator: "\n").first.map(String.init) : nil
    }
}
