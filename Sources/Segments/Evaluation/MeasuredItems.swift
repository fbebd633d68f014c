import Columnar
import Vocabulary

/// Events of one person, or what is measured like them.
struct MeasuredItems<Item> {
    let items: [Item]
    let clock: Clockwork
    /// The window; open where nothing bounds it.
    let bounds: TimeBounds
    /// When it happened, in milliseconds, and where it stands in the log.
    let place: (Item) -> (time: Int64, position: LogPosition)
    /// The measured property.
    let value: (Item) -> StoredValue?
    /// How many also pass the filter of a share.
    let shared: () -> Int

    /// What a measure of them comes to; nil for no value.
    func value(of measure: EventTest.Measure) -> MeasuredValue? {
        if items.isEmpty { return measure.none.map { .value($0) } }
        func number(_ count: Int) -> MeasuredValue { .value(.number(ExactNumber(Int64(count)))) }
        switch measure {
        case .count: return number(items.count)
        case .days: return number(Set(times.map { clock.rules.day(of: $0) }).count)
        case .firstTime: return times.min().map { .value(StoredValue(time: $0)) }
        case .lastTime: return times.max().map { .value(StoredValue(time: $0)) }
        case .sum: return .value(.number(numbers.reduce(ExactNumber(0), +)))
        case .average:
            let numbers = numbers
            return numbers.isEmpty ? nil : .fraction(numbers.reduce(ExactNumber(0), +), over: ExactNumber(Int64(numbers.count)))
        case .minimum: return numbers.min().map { .value(.number($0)) }
        case .maximum: return numbers.max().map { .value(.number($0)) }
        case .percentile(_, let percent):
            let sorted = numbers.sorted()
            return sorted.isEmpty ? nil : .value(.number(sorted[max(0, (percent * sorted.count + 99) / 100 - 1)]))
        case .distinct: return number(Set(scalars(items).map(\.identity)).count)
        case .mode: return StoredValue.mode(of: scalars(items)).map { .value($0) }
        case .list:
            var seen: Set<[UInt8]> = []
            let values = scalars(inOrder).filter { seen.insert($0.identity).inserted }
            return values.isEmpty ? nil : .value(.array(values))
        case .first: return sent(inOrder)
        case .last: return sent(inOrder.reversed())
        case .streak(let unit, let isCurrent): return number(Streak.length(times, unit, isCurrent: isCurrent, clock))
        case .rate(let unit): return rate(unit)
        case .decayedCount(let halfLife): return decayed(inOrder.map { (place($0).time, 1) }, halfLife)
        case .decayedSum(_, let halfLife):
            return decayed(inOrder.compactMap { item in if case .number(let number) = value(item) { (place(item).time, number.double) } else { nil } }, halfLife)
        case .latest(_, let count):
            let values = scalars(inOrder.reversed()).prefix(count)
            return values.isEmpty ? nil : .value(.array(Array(values)))
        case .slope: return slope()
        case .trend(let unit): return trend(unit)
        case .affinity(_, let halfLife): return affinity(halfLife)
        case .share: return .fraction(ExactNumber(Int64(shared())), over: ExactNumber(Int64(items.count)))
        }
    }

    var times: [Int64] { items.map { place($0).time } }
    /// By time, of the same time in the order accepted.
    var inOrder: [Item] { items.sorted { place($0) < place($1) } }
    var numbers: [ExactNumber] { items.compactMap { if case .number(let number) = value($0) { number } else { nil } } }
    func scalars(_ items: [Item]) -> [StoredValue] { items.compactMap { item in value(item).flatMap { $0.isScalar ? $0 : nil } } }

    private func sent(_ items: [Item]) -> MeasuredValue? {
        for item in items { if let value = value(item) { return .sent(value, at: place(item).position) } }
        return nil
    }
}

extension EventTest.Measure {
    /// What the measure of no events is: 0 for counts and sums, nothing for the others.
    var none: StoredValue? {
        switch self {
        case .count, .sum, .distinct, .days, .streak, .rate, .decayedCount, .decayedSum: .number(ExactNumber(0))
        default: nil
        }
    }
}

/// Days, weeks or months one after the other.
enum Streak {
    /// - Parameters:
    ///   - times: of the events, in milliseconds, in any order.
    ///   - isCurrent: whether only the streak counts that reaches the moment's own day, week or month, or the one before.
    static func length(_ times: [Int64], _ unit: Period.Unit, isCurrent: Bool, _ clock: Clockwork) -> Int {
        let numbers = Set(times.map { clock.rules.number(of: unit, holding: $0) })
        if isCurrent {
            let now = clock.rules.number(of: unit, holding: clock.now)
            var number = numbers.contains(now) ? now : now - 1
            var length = 0
            while numbers.contains(number) {
                length += 1
                number -= 1
            }
            return length
        }
        var longest = 0
        var length = 0
        var last: Int64?
        for number in numbers.sorted() {
            length = last == number - 1 ? length + 1 : 1
            longest = max(longest, length)
            last = number
        }
        return longest
    }
}

extension ZoneRules {
    /// Counts days, weeks (from Monday) or months of the zone: the next one's number is one more.
    func number(of unit: Period.Unit, holding ms: Int64) -> Int64 {
        let day = day(of: ms)
        switch unit {
        case .week:
            // 1970-01-01 was a Thursday.
            return ZoneRules.quotient(day + 3, 7)
        case .month:
            let civil = CivilDay(number: day)
            return civil.year * 12 + civil.month
        default: return day
        }
    }
}
