public import Decisions
import Privacy
public import Segments
import Vocabulary

extension SendingPolicy {
    /// Looks at one person's messages of a rehearsal; a wait for room comes back as one look more.
    private static let looksMaximum = 100_000
    private static let hourMs: Int64 = 3_600_000

    /// What this policy would make of one person's messages, one after the other, as the outbox asks: quiet hours first, then caps, the more urgent of one instant first.
    ///
    /// Consent, addresses and what the person chose are not asked: that is done when a message is sent.
    ///
    /// - Parameters:
    ///   - messages: in any order; those that others decided take their places and are not counted.
    ///   - zone: of the person; asked only where there are quiet hours.
    public func fates(of messages: [RehearsedMessage], zone: () -> TimeZoneName?) -> RehearsedFates {
        var fates = RehearsedFates()
        guard !caps.isEmpty || !quietHours.isEmpty else { return fates }
        let rules = quietHours.isEmpty ? .utc : self.rules(ofZone: zone()?.name)
        // The next one stands last.
        var waiting = messages.indices.filter { !messages[$0].scope.purpose.isGrantedByPolicy }.map { Waiting(at: messages[$0].at, priority: messages[$0].priority, number: $0) }.sorted { $1 < $0 }
        var sent: [(at: Timestamp, scope: ConsentScope)] = []
        var (held, over): (Set<Int>, Set<Int>) = ([], [])
        for _ in 0..<SendingPolicy.looksMaximum {
            guard let next = waiting.popLast() else { break }
            let message = messages[next.number]
            func wait(until: Timestamp) {
                let later = Waiting(at: until, priority: next.priority, number: next.number)
                waiting.insert(later, at: waiting.firstIndex { $0 < later } ?? waiting.endIndex)
            }
            if let end = message.expiresAt, end <= next.at { continue }
            if let end = quietEnd(channel: message.scope.channel, zone: rules, now: next.at) {
                if message.isOwn, held.insert(next.number).inserted { fates.held += 1 }
                wait(until: end)
                continue
            }
            guard let (cap, until) = full(for: message.scope, sent, at: next.at) else {
                sent.append((next.at, message.scope))
                continue
            }
            if message.isOwn, over.insert(next.number).inserted { fates.overByCap[cap.name, default: 0] += 1 }
            if let until, until > next.at { wait(until: until) }
        }
        return fates
    }

    private struct Waiting {
        let at: Timestamp
        let priority: Int
        let number: Int

        static func < (a: Waiting, b: Waiting) -> Bool { (a.at, b.priority, a.number) < (b.at, a.priority, b.number) }
    }

    /// The first cap that has no room for a message, and when it has where the message waits for that.
    private func full(for scope: ConsentScope, _ sent: [(at: Timestamp, scope: ConsentScope)], at now: Timestamp) -> (cap: Cap, until: Timestamp?)? {
        for cap in caps where cap.applies(to: scope) {
            guard cap.limit > 0 else { return (cap, nil) }
            let window = cap.window
            var count = 0
            for one in sent.reversed() {
                guard one.at.milliseconds > now.milliseconds - window else { break }
                guard cap.counts(one.scope, for: scope) else { continue }
                count += 1
                if count == cap.limit { return (cap, cap.whenFull == .wait ? Timestamp(clamping: one.at.milliseconds + window) : nil) }
            }
        }
        return nil
    }
}

extension SendingPolicy.Cap {
    /// Whether a message that was sent takes a place that another wants.
    fileprivate func counts(_ sent: ConsentScope, for wanted: ConsentScope) -> Bool {
        func fits(_ dimension: Dimension, _ filter: String, _ value: (ConsentScope) -> String) -> Bool {
            per.contains(dimension) ? value(sent) == value(wanted) : filter.isEmpty || value(sent) == filter
        }
        return fits(.channel, channel) { $0.channel } && fits(.purpose, purpose) { $0.purpose.name } && fits(.topic, topic) { $0.topic } && fits(.context, "") { $0.context.text }
    }
}
