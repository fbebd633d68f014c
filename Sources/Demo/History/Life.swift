/// What one person does in the ninety days, decided before anything is written.
struct Life {
    let person: Person
    let period: Period
    private var random: Random
    private var ordinal = 0
    private(set) var episodes: [Episode] = []

    init(of person: Person, in period: Period, seed: UInt64) {
        self.person = person
        self.period = period
        random = Random(seed: seed, person.number, 3)
        let signUp = planVisits()
        if let signUp, person.acceptsOffers { planNewsletters(after: signUp) }
    }

    /// Returns when the shop came to know the person; nil for somebody who only passes by.
    private mutating func planVisits() -> Int64? {
        let isKnown = person.userID != nil
        let isNew = person.isNew
        var moments = (0..<visitCount()).map { _ in
            person.habit == .lapsed
                ? period.moment(onDay: random.between(0, 40), in: person.region, &random) : period.moment(in: person.region, &random)
        }
        moments.sort()
        // One visit is sure to lie whole within the period, so that everybody is seen to sign in.
        let certain = period.moment(onDay: random.between(2, person.habit == .lapsed ? 40 : Period.days - 2), in: person.region, &random)
        if isNew {
            // What came before signing up stays anonymous, two visits at most; the certain one is the signing up.
            moments = Array(moments.filter { $0 < certain }.suffix(2)) + [certain] + moments.filter { $0 > certain }
        } else {
            moments = (moments + [certain]).sorted()
        }
        var devicesKnown: Set<Int> = []
        var orders = 0
        for moment in moments {
            let isBefore = isNew && moment < certain
            let isSignUp = isNew && moment == certain
            let device = isBefore || isSignUp ? 0 : random.below(person.devices.count)
            let standing: Episode.Standing = !isKnown || isBefore ? .anonymous : isSignUp ? .signsUp : devicesKnown.contains(device) ? .known : .signsIn
            // A visit that falls off the torn edge is not told, so nobody learns from it who this is.
            if standing != .anonymous, moment >= period.start { devicesKnown.insert(device) }
            let kind = outcome(standing)
            let order = add(kind, at: moment, device: device, orders: orders, standing)
            if kind == .order {
                planAftermath(of: order, at: moment, orders: orders)
                orders += 1
            }
        }
        return isKnown ? (isNew ? certain : period.start) : nil
    }

    private mutating func visitCount() -> Int {
        switch person.habit {
        case .club: random.between(7, 11)
        case .regular: random.between(2, 6)
        case .occasional: random.between(0, 3)
        case .lapsed: random.between(0, 1)
        case .passing: random.between(1, 2) - 1
        }
    }

    private mutating func outcome(_ standing: Episode.Standing) -> Episode.Kind {
        let order =
            switch person.habit {
            case .club: 42
            case .regular: 30
            case .occasional: 24
            case .lapsed: 15
            case .passing: 3
            }
        // Whoever signs up mostly does so to buy. An anonymous visitor of the shop cannot order without an account.
        let percent = standing == .signsUp ? 62 : standing == .anonymous ? 0 : order
        let drawn = random.below(100)
        if drawn < percent { return .order }
        return [.beginCheckout, .fillCart, .browse][random.index(cumulative: standing == .anonymous ? [4, 24, 100] : [12, 40, 100])]
    }

    /// What follows an order in a few cases: a question, a parcel sent back.
    private mutating func planAftermath(of order: Int, at moment: Int64, orders: Int) {
        let later = moment + Int64(random.between(2 * 24 * 60, 12 * 24 * 60)) * Calendar.minuteMs
        if random.chance(3) {
            add(.refund, at: later, device: order, orders: orders, .known)
        } else if random.chance(4) {
            add(.supportTicket, at: later, device: order, orders: orders, .known)
        }
    }

    private mutating func planNewsletters(after signUp: Int64) {
        let openPercent = random.between(8, 70)
        for (issue, sent) in period.newsletters.enumerated() where sent > signUp && random.chance(openPercent) {
            // Most are opened within hours; the square of a draw has that shape.
            let part = random.below(1000)
            let opened = sent + Int64(part * part) * 120 + Int64(random.below(60_000))
            let kind: Episode.Kind = random.below(1000) < 8 ? .unsubscribe : random.chance(22) ? .clickNewsletter : .openNewsletter
            add(kind, at: opened, device: issue, orders: 0, .known)
            if kind == .unsubscribe { return }
        }
    }

    /// For what is no visit, `device` carries what it is about: the order's ordinal, or the newsletter's issue.
    @discardableResult
    private mutating func add(_ kind: Episode.Kind, at moment: Int64, device: Int, orders: Int, _ standing: Episode.Standing) -> Int {
        defer { ordinal += 1 }
        // Counted even where it is left out, so that the ordinals of the others stay what they are.
        if moment >= period.start && moment < period.end {
            episodes.append(Episode(
                start: moment, person: Int32(person.number), ordinal: Int16(ordinal), kind: kind, device: UInt8(clamping: device),
                orders: UInt8(clamping: orders), standing: standing
            ))
        }
        return ordinal
    }
}
