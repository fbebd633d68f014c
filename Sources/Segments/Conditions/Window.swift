public import Vocabulary

/// A length of time as people say it. Seconds to weeks are exact multiples of milliseconds; months, quarters and years follow the calendar of the zone.
public struct Period: Sendable, Hashable {
    public enum Unit: String, Sendable, CaseIterable { case second, minute, hour, day, week, month, quarter, year }
    public let count: Int
    public let unit: Unit

    /// - Parameter count: 0 to 1,000,000.
    public init(_ count: Int, _ unit: Unit) {
        self.count = count
        self.unit = unit
    }

    /// In milliseconds; nil for units of the calendar.
    public var milliseconds: Int64? {
        switch unit {
        case .second: Int64(count) * 1000
        case .minute: Int64(count) * 60_000
        case .hour: Int64(count) * 3_600_000
        case .day: Int64(count) * 86_400_000
        case .week: Int64(count) * 604_800_000
        case .month, .quarter, .year: nil
        }
    }
}

/// One end of a window.
public enum WindowBound: Sendable, Hashable {
    /// So long before the moment asked about.
    case ago(Period)
    /// A fixed instant.
    case instant(Timestamp)
    /// The beginning of the day, week (Monday), month, quarter or year that holds the moment, moved by so many of them: `start(.month, -1)` is
    /// when last month began.
    case start(Period.Unit, Int)
}

/// Which events count by their time: from `from` (included; nil for the beginning) to `to` (excluded; nil for the moment asked about).
public struct Window: Sendable, Hashable {
    public let from: WindowBound?
    public let to: WindowBound?
    public static let ever = Window(from: nil, to: nil)

    public init(from: WindowBound?, to: WindowBound?) {
        self.from = from
        self.to = to
    }

    /// The last so-and-so long before the moment.
    public static func last(_ period: Period) -> Window { Window(from: .ago(period), to: nil) }
}
