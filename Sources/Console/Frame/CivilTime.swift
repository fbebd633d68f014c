/// The parts of an instant on a calendar and a clock, without a library: a page needs no more than this.
///
/// - Note: Days to dates by Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2014), `civil_from_days`.
struct CivilTime: Sendable, Equatable {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    let millisecond: Int
    /// Days since 1 January 1970; equal for two instants of the same day.
    let dayNumber: Int64

    init(ms: Int64) {
        let msPerDay: Int64 = 86_400_000
        // Rounded down without a product, which would overflow for the first instant that an Int64 holds.
        let (quotient, remainder) = ms.quotientAndRemainder(dividingBy: msPerDay)
        let days = remainder < 0 ? quotient - 1 : quotient
        let rest = Int(remainder < 0 ? remainder + msPerDay : remainder)
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = Int(shifted - era * 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        (hour, minute, second, millisecond) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000)
        dayNumber = days
    }

    /// `2026-11-21T21:55:07.123Z`, taking the parts as UTC.
    var iso: String {
        let fraction = String(1000 + millisecond).dropFirst()
        return "\(year < 1000 ? String(String(10_000 + max(year, 0)).dropFirst()) : String(year))-\(two(month))-\(two(day))T\(clock).\(fraction)Z"
    }

    /// `21:55:07`.
    var clock: String { "\(two(hour)):\(two(minute)):\(two(second))" }

    /// `21:55`.
    var shortClock: String { "\(two(hour)):\(two(minute))" }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
