import Vocabulary

/// An instant with the offset in which it was written.
struct Moment {
    /// Since 1970-01-01T00:00:00Z.
    let seconds: Int64
    let nanoseconds: Int
    /// Of its clock from UTC.
    let offsetSeconds: Int64
    /// Whether it was written as an instant; else it is what some clock showed, such as a birthday, and means the same in every zone.
    var isInstant = true

    init(seconds: Int64, nanoseconds: Int = 0, offsetSeconds: Int64 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.offsetSeconds = offsetSeconds
    }

    init(_ time: Timestamp) {
        let seconds = Moment.floor(time.milliseconds, 1000)
        self.init(seconds: seconds, nanoseconds: Int(time.milliseconds - seconds * 1000) * 1_000_000)
    }

    /// Seconds since 1970 as a number or as digits, `now`, `today`, or a date as people write it; nil for anything else.
    init?(_ value: Cell, now: Timestamp) {
        switch value {
        case .integer(let seconds):
            guard Moment.possible.contains(Int64(seconds)) else { return nil }
            self.init(seconds: Int64(seconds))
        case .text(let text), .markup(let text):
            if text.isEmpty || text.count > DateText.bytesMaximum { return nil }
            if Moment.isNow(text) { self.init(now) } else if text.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
                // Eight digits could be a date as well; Liquid takes them for seconds.
                guard let seconds = Int64(text.string), Moment.possible.contains(seconds) else { return nil }
                self.init(seconds: seconds)
            } else if let moment = DateText.moment(text, now: now) { self = moment } else { return nil }
        default: return nil
        }
    }

    private static func isNow(_ text: Text) -> Bool {
        guard text.count == 3 || text.count == 5 else { return false }
        return text.lazy.map(Ascii.lowered).elementsEqual(text.count == 3 ? "now".utf8 : "today".utf8)
    }

    /// An instant by another clock; what is none stays.
    func by(_ zone: TemplateZone?) -> Moment {
        guard let zone, isInstant else { return self }
        return Moment(seconds: seconds, nanoseconds: nanoseconds, offsetSeconds: zone.offsetSeconds(Timestamp(clamping: seconds * 1000)))
    }

    /// Years 1 to 9999.
    static let possible: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    static func floor(_ value: Int64, _ divisor: Int64) -> Int64 { value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor) }

    struct Civil {
        var year: Int64, month: Int64, day: Int64
        var hour: Int64, minute: Int64, second: Int64
        /// 0 is Sunday.
        var weekday: Int64
        /// 1 is the first of January.
        var yearday: Int64
    }

    var civil: Civil {
        let local = seconds + offsetSeconds
        let days = Moment.floor(local, 86_400)
        let rest = local - days * 86_400
        let (year, month, day) = Timestamp.civil(fromDays: days)
        let first = Timestamp.days(fromYear: year, month: 1, day: 1)
        return Civil(
            year: year, month: month, day: day, hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60,
            weekday: ((days + 4) % 7 + 7) % 7, yearday: days - first + 1)
    }
}
