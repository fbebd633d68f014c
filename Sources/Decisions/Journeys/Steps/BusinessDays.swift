public import Segments
import Vocabulary

/// The days on which work is done, as one journey counts them: some days of the week, without holidays.
public struct BusinessDays: Sendable, Hashable {
    /// A day of one year, or of every year.
    struct Holiday: Sendable, Hashable {
        let year: Int64?
        let month: Int64
        let day: Int64
    }
    /// Monday is 1.
    let weekdays: [Int]
    let holidays: Set<Holiday>

    /// Mondays to Fridays.
    public static let standard = BusinessDays(weekdays: [1, 2, 3, 4, 5], holidays: [])
    static let holidaysMaximum = 200
    /// The most that a wait can count.
    static let countMaximum = 1000
    /// Behind so many days nothing is looked for any more, as where holidays leave no day.
    static let daysMaximum: Int64 = 20_000

    /// - Parameter day: counted from 1970-01-01.
    func holds(_ day: Int64) -> Bool {
        guard weekdays.contains(ZoneRules.weekday(ofDay: day)) else { return false }
        guard !holidays.isEmpty else { return true }
        let date = Timestamp.civil(fromDays: day)
        return ![date.year, nil].contains { holidays.contains(Holiday(year: $0, month: date.month, day: date.day)) }
    }

    /// The same time of day so many business days later: from a Saturday, one later is Monday.
    func instant(_ count: Int, after start: Int64, _ rules: ZoneRules) -> Int64 {
        let today = rules.day(of: start)
        var (day, left) = (today, count)
        while left > 0, day - today < BusinessDays.daysMaximum {
            day += 1
            if holds(day) { left -= 1 }
        }
        let time = start + rules.offset(at: start) - today * 86_400_000
        return rules.instant(ofLocal: day * 86_400_000 + time)
    }

    /// The number in a text such as `3 business days`; nil where it says something else.
    static func count(_ text: String) -> Int? {
        let words = text.lowercased().split(separator: " ")
        guard words.count == 3, words[1] == "business", words[2] == "day" || words[2] == "days", words[0].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int(words[0])
    }

    static func text(_ count: Int) -> String { "\(count) business day\(count == 1 ? "" : "s")" }
}

extension JourneyFields {
    /// `{on: [mon, tue, wed, thu, fri], except: ["12-25", 2026-04-03]}`.
    mutating func businessDays(_ name: String) throws(JourneyFault) -> BusinessDays {
        guard has(name) else {
            _ = take(name)
            return .standard
        }
        var inner = try object(name)
        let weekdays = inner.has("on") ? try inner.weekdays("on") : BusinessDays.standard.weekdays
        guard !weekdays.isEmpty else { throw inner.wrong("on", "a list of one at least of mon, tue, wed, thu, fri, sat, sun") }
        var holidays: Set<BusinessDays.Holiday> = []
        if let except = inner.take("except") {
            let written = except.isArray ? except.elements : [except]
            guard written.count <= BusinessDays.holidaysMaximum else { throw inner.wrong("except", "a list of at most \(BusinessDays.holidaysMaximum) days") }
            for element in written {
                guard let holiday = element.string.flatMap(BusinessDays.Holiday.init) else { throw inner.wrong("except", "a list of days such as \"12-25\", for each year, or 2026-04-03") }
                holidays.insert(holiday)
            }
        }
        try inner.done()
        return BusinessDays(weekdays: weekdays, holidays: holidays)
    }
}

extension BusinessDays.Holiday {
    /// `12-25` or `2026-12-25`; nil for what is no day of any year.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }) else { return nil }
        guard parts.suffix(2).allSatisfy({ $0.utf8.count == 2 }), parts.count == 2 || parts[0].utf8.count == 4 else { return nil }
        // In a leap year, where no year is named.
        guard Timestamp(parts.count == 2 ? "2000-\(text)" : text) != nil else { return nil }
        let numbers = parts.compactMap { Int64($0) }
        self.init(year: parts.count == 3 ? numbers.first : nil, month: numbers[numbers.count - 2], day: numbers[numbers.count - 1])
    }
}
