/// Whoever is in the shop just now: an endless stream of visits, in an order that a shopkeeper would believe.
///
/// Time comes in with each call, so that a test can let an hour pass in a moment.
public struct Trickle: Sendable {
    private let cast: Cast
    private var random: Random
    private var stage: Stage
    private var due = EventArena()
    private var nextDue = 0
    private var nextVisit: Int64
    private var visits = 0

    /// A visit has some nine events, so this makes two events a second.
    private static let visitPauseMs = 4500
    /// Visits last minutes. Begun with an empty shop, the first screen would stay bare for as long.
    private static let warmUpMs: Int64 = 6 * Calendar.minuteMs
    /// After a pause of the machine the visitors go on from now; nobody is served an hour of events at once.
    private static let pauseMaximumMs: Int64 = 60_000
    private static let waitMinimumMs: Int64 = 50
    private static let waitMaximumMs: Int64 = 5000

    /// - Parameters:
    ///   - people: as given to `Shop.history`, so that the visitors are those it knows.
    ///   - now: milliseconds since 1970; it also parts the messageIds of this stream from an earlier one's.
    public init(shop: Shop, people: Int = 20_000, startingAt now: Int64) {
        cast = Cast(seed: shop.seed, people: max(1, people))
        stage = Stage(cast: cast, run: "live" + String(now, radix: 36))
        random = Random(seed: shop.seed, Int(truncatingIfNeeded: now))
        nextVisit = now - Self.warmUpMs
        prepare(until: now)
        // What the warm-up would have said lies in the past; only what follows is told.
        nextDue = due.entries.firstIndex { $0.time >= now } ?? due.entries.count
    }

    /// What happened up to `now` since the last call, and how long nothing more will.
    ///
    /// - Returns: `body`, ready for `POST /v1/batch`, empty where nothing happened; `waitMs`, until the next call is worth while.
    public mutating func next(now: Int64) -> (body: [UInt8], waitMs: Int) {
        if now - nextVisit > Self.pauseMaximumMs { self = Trickle(shop: Shop(seed: cast.seed), people: cast.people, startingAt: now) }
        prepare(until: now)
        var batch = Batch()
        while nextDue < due.entries.count, due.entries[nextDue].time <= now, batch.add(due.entries[nextDue], of: due) { nextDue += 1 }
        let nextTime = Swift.min(nextVisit, nextDue < due.entries.count ? due.entries[nextDue].time : Int64.max)
        let wait = Swift.min(Swift.max(nextTime - now, Self.waitMinimumMs), Self.waitMaximumMs)
        return (batch.events > 0 ? batch.closed() : [], Int(wait))
    }

    /// Lets the visits begin that fall before `now`, and puts their events among those to come.
    private mutating func prepare(until now: Int64) {
        guard nextVisit <= now else { return }
        while nextVisit <= now {
            stage.perform(visit(at: nextVisit))
            nextVisit += Int64(random.between(Self.visitPauseMs / 3, Self.visitPauseMs * 5 / 3))
        }
        let begun = stage.takeEvents()
        var all = EventArena(capacity: begun.json.count)
        for entry in due.entries[nextDue...] { all.append(entry, of: due) }
        for entry in begun.entries { all.append(entry, of: begun) }
        all.sort()
        due = all
        nextDue = 0
    }

    private mutating func visit(at start: Int64) -> Episode {
        defer { visits += 1 }
        // Ada comes first, and now and then again: she is the one the guided tour looks for.
        let isAda = visits % 40 == 0
        let isStranger = !isAda && random.chance(35) && cast.everybody > cast.people
        let number = isAda ? 0 : isStranger ? random.between(cast.people, cast.everybody - 1) : random.below(cast.people)
        let standing: Episode.Standing = isStranger ? .anonymous : random.chance(70) ? .known : .signsIn
        let kind: Episode.Kind = isStranger
            ? [.browse, .fillCart][random.index(cumulative: [75, 100])]
            : [.order, .beginCheckout, .fillCart, .browse][random.index(cumulative: [30, 42, 65, 100])]
        return Episode(
            start: start, person: Int32(number), ordinal: Int16(truncatingIfNeeded: visits & 0x7FFF), kind: kind,
            device: UInt8(random.below(3)), orders: 3, standing: standing
        )
    }
}
