/// Ninety days of the shop, batch after batch.
///
/// All episodes are planned first, for planning is cheap; their events are written six hours at a time, sorted, and
/// whatever reaches past the six hours waits for the next.
struct History: Sequence, IteratorProtocol, Sendable {
    private let period: Period
    private let episodes: [Episode]
    private var stage: Stage
    private var nextEpisode = 0
    private var horizon: Int64
    private var ready = EventArena()
    private var nextReady = 0

    private static let windowMs = 6 * Calendar.hourMs

    init(cast: Cast, until now: Int64) {
        period = Period(until: now)
        stage = Stage(cast: cast)
        horizon = period.start
        var planned: [Episode] = []
        planned.reserveCapacity(cast.people * 10)
        for number in 0..<cast.everybody {
            planned += Life(of: cast.person(number), in: period, seed: cast.seed).episodes
        }
        // By person where two begin together, for a sort promises no order of its own.
        planned.sort { ($0.start, $0.person, $0.ordinal) < ($1.start, $1.person, $1.ordinal) }
        episodes = planned
    }

    mutating func next() -> [UInt8]? {
        var batch = Batch()
        while true {
            if nextReady == ready.entries.count {
                guard horizon < period.end else { break }
                advance()
            } else {
                guard batch.add(ready.entries[nextReady], of: ready) else { break }
                nextReady += 1
            }
        }
        return batch.events > 0 ? batch.closed() : nil
    }

    /// Makes the next six hours ready. Nothing is ready before, so all that remains on stage is younger.
    private mutating func advance() {
        horizon = Swift.min(horizon + Self.windowMs, period.end)
        while nextEpisode < episodes.count, episodes[nextEpisode].start < horizon {
            stage.perform(episodes[nextEpisode])
            nextEpisode += 1
        }
        var written = stage.takeEvents()
        written.sort()
        ready = EventArena(capacity: written.json.count)
        nextReady = 0
        for entry in written.entries {
            if entry.time < horizon { ready.append(entry, of: written) } else { stage.keep(entry, of: written) }
        }
    }
}

extension Stage {
    /// Takes an event back that is not due yet.
    mutating func keep(_ entry: EventArena.Entry, of other: EventArena) { arena.append(entry, of: other) }
}
