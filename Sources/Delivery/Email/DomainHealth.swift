import Synchronization
import Vocabulary

/// How mail to each domain fared within the last hour or two; also of what an earlier process saw. A domain that takes nothing from anybody is out of order, and none of its mailboxes is to blame.
final class DomainHealth: Sendable {
    struct Hour {
        let began: Int64
        var accepted = 0
        /// Of those that were accepted and came back.
        var returned = 0
        fileprivate var failed: Set<[UInt8]>

        init(began: Int64, accepted: Int = 0, returned: Int = 0, failed: [[UInt8]] = []) { (self.began, self.accepted, self.returned, self.failed) = (began, accepted, returned, Set(failed)) }
    }
    private struct Domain {
        var now: Hour
        var before: Hour?
    }

    static let failureMinimum = 5
    static let failedMaximum = 1000
    private static let (domainMaximum, hourMs) = (20_000, Int64(3_600_000))
    private let domains = Mutex<[String: Domain]>([:])
    /// Those of which something changed since they were last written down, and when that was.
    private let changed = Mutex<(domains: Set<String>, keptAt: Int64)>(([], 0))
    private static let keptEveryMs: Int64 = 5000

    func knows(_ domain: String) -> Bool { domains.withLock { $0[domain] != nil } }

    /// What an earlier process saw of a domain within an hour.
    func restore(_ domain: String, _ hour: Hour) { domains.withLock { $0[domain] = Domain(now: hour, before: nil) } }

    /// What is to be written down of the current hours; nothing where that was done some seconds ago.
    func takeChanged(at: Timestamp, isLast: Bool = false) -> [(domain: String, hour: Hour)] {
        let names = changed.withLock { changed -> Set<String> in
            guard isLast || at.milliseconds - changed.keptAt >= DomainHealth.keptEveryMs else { return [] }
            defer { changed = ([], at.milliseconds) }
            return changed.domains
        }
        return domains.withLock { domains in names.compactMap { name in domains[name].map { (name, $0.now) } } }
    }

    func accepted(_ domain: String, at: Timestamp) { change(domain, at) { $0.accepted += 1 } }

    /// - Parameter wasAccepted: whether the server had taken it over before.
    func failed(_ domain: String, _ address: [UInt8], wasAccepted: Bool, at: Timestamp) {
        change(domain, at) { hour in
            if wasAccepted { hour.returned += 1 }
            if hour.failed.count < DomainHealth.failedMaximum { hour.failed.insert(address) }
        }
    }

    /// Whether several mailboxes of it failed and hardly one took its mail.
    func isOut(_ domain: String, at: Timestamp) -> Bool {
        domains.withLock { domains in
            guard let known = domains[domain] else { return false }
            let hours = [known.now, known.before].compactMap { $0 }.filter { at.milliseconds - $0.began < 2 * DomainHealth.hourMs }
            let failed = hours.reduce(into: Set<[UInt8]>()) { $0.formUnion($1.failed) }.count
            let fine = max(0, hours.reduce(0) { $0 + $1.accepted - $1.returned })
            return failed >= DomainHealth.failureMinimum && fine * 9 <= failed
        }
    }

    private func change(_ domain: String, _ at: Timestamp, _ body: (inout Hour) -> Void) {
        changed.withLock { _ = $0.domains.insert(domain) }
        domains.withLock { domains in
            if domains.count >= DomainHealth.domainMaximum, domains[domain] == nil { domains = [:] }
            var known = domains[domain] ?? Domain(now: Hour(began: at.milliseconds), before: nil)
            if at.milliseconds - known.now.began >= DomainHealth.hourMs {
                known.before = known.now
                known.now = Hour(began: at.milliseconds)
            }
            body(&known.now)
            domains[domain] = known
        }
    }
}
