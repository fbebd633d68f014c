/// One thing that somebody does: a visit, a newsletter opened, a parcel sent back.
///
/// It is small, for a history plans all of them before it writes the first.
struct Episode: Sendable {
    /// Milliseconds since 1970.
    let start: Int64
    let person: Int32
    /// Which of this person's episodes; part of every messageId, so it does not depend on the clock.
    let ordinal: Int16
    let kind: Kind
    /// The place of the device among the person's.
    let device: UInt8
    /// How many orders came before.
    let orders: UInt8
    let standing: Standing

    enum Kind: UInt8, Sendable {
        case browse, fillCart, beginCheckout, order
        case refund, supportTicket, openNewsletter, clickNewsletter, unsubscribe
    }

    /// What the browser knows of the visitor.
    enum Standing: UInt8, Sendable {
        case anonymous, signsUp, signsIn, known
    }
}

/// The ninety days in which a history plays, and when in them people come.
struct Period: Sendable {
    static let days = 90

    let start: Int64
    let end: Int64
    /// The UTC day that `start` lies in.
    let firstDay: Int
    private let dayWeights: [Int]
    private static let hourWeights: [Int] = sums([2, 1, 1, 1, 1, 3, 8, 16, 22, 20, 16, 15, 20, 18, 13, 13, 14, 17, 20, 26, 32, 30, 18, 7])
    private static let weekdayWeights = [90, 84, 88, 98, 96, 124, 136]

    init(until now: Int64) {
        end = now
        start = now - Int64(Self.days) * Calendar.dayMs
        let firstDay = Int(start.dividedFloor(by: Calendar.dayMs))
        self.firstDay = firstDay
        dayWeights = sums((0...Self.days).map { day in
            let weekday = Self.weekdayWeights[Calendar.weekday(daysSince1970: firstDay + day)]
            // The shop grows by two thirds in the ninety days, and once there is a sale for three of them.
            let growth = 600 + 400 * day / Self.days
            return weekday * growth * ((60...62).contains(day) ? 17 : 10)
        })
    }

    /// When somebody of `region` comes by. May lie outside the period, at its two torn edges.
    func moment(in region: Region, _ random: inout Random) -> Int64 {
        moment(onDay: random.index(cumulative: dayWeights), in: region, &random)
    }

    /// `day` counts from the period's first; the hour is one of the region's clock.
    func moment(onDay day: Int, in region: Region, _ random: inout Random) -> Int64 {
        let minutes = random.index(cumulative: Self.hourWeights) * 60 + random.below(60) - region.utcOffsetMinutes
        return Int64(firstDay + day) * Calendar.dayMs + Int64(minutes) * Calendar.minuteMs + Int64(random.below(60_000))
    }

    /// The newsletter goes out on Thursdays at nine.
    var newsletters: [Int64] {
        (0...Self.days).filter { Calendar.weekday(daysSince1970: firstDay + $0) == 3 }
            .map { Int64(firstDay + $0) * Calendar.dayMs + 9 * Calendar.hourMs }
    }
}

/// Running sums, as `Random.index(cumulative:)` wants them.
private func sums(_ weights: [Int]) -> [Int] {
    weights.reduce(into: []) { sums, weight in sums.append((sums.last ?? 0) + weight) }
}
