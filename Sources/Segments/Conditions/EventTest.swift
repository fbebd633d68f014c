/// What is measured of which events, and when they count.
public struct EventMeasure: Sendable, Hashable {
    public let pattern: EventPattern
    public let window: Window
    public let measure: EventTest.Measure

    public init(pattern: EventPattern, window: Window, measure: EventTest.Measure) {
        self.pattern = pattern
        self.window = window
        self.measure = measure
    }

    /// The measure compared with something.
    public func test(_ test: ValueTest) -> EventTest { EventTest(pattern: pattern, window: window, measure: measure, test: test) }
}

/// Measures the events of a kind in a window and tests the measure: how often, how much, when last.
public struct EventTest: ConditionTest, Hashable {
    public static let key = "event"

    public enum Measure: Sendable, Hashable {
        /// How many; 0 where there are none.
        case count
        /// Of the numbers at a path; 0 where there are none.
        case sum(String)
        /// Of the numbers at a path; no value, which satisfies nothing, where there are none.
        case average(String), minimum(String), maximum(String)
        /// The number below which `percent` of 100 of the numbers lie: the value at index ceil(percent / 100 × n), sorted; 50 is the median.
        case percentile(String, percent: Int)
        /// How many different values; missing ones, lists and objects are none.
        case distinct(String)
        /// The most frequent value; of several equally frequent texts the first in byte order (of numbers the smallest, false before true, texts
        /// before numbers before booleans). No value where there are none.
        case mode(String)
        /// The value of the earliest or the latest event that has one.
        case first(String), last(String)
        /// When the first or the last of them was.
        case firstTime, lastTime
        /// On how many different days of the zone.
        case days
        /// The share of these events, 0 to 1, that also pass a filter; no value where there are none.
        case share(PropertyFilter)
        /// The different values that there are, in the order in which they first came; missing ones, lists and objects are none. No value where there are none.
        case list(String)
        /// How many days, weeks (from Monday) or months of the zone one after the other had such an event: at most so far, or up to now. The present day,
        /// week or month may still be without one. 0 where there are none.
        case streak(Period.Unit, isCurrent: Bool)
        /// How many there are for each day, week or month of the window; of a window without a beginning from the first event on, and never of less than one such unit. A month is a
        /// twelfth of 365.2425 days. 0 where there are none.
        case rate(Period.Unit)
        /// Each counts 1 when it happens and half as much after every half-life: the sum, rounded to nine decimals. 0 where there are none.
        case decayedCount(halfLife: Period)
        /// The same of the numbers at a path.
        case decayedSum(String, halfLife: Period)
        /// The values of the newest so many events that have one, newest first; missing ones, lists and objects are none. No value where there are none.
        case latest(String, count: Int)
        /// By how much the numbers at a path grow in a day: the slope of the straight line that fits them best by least squares. No value of fewer than two moments.
        case slope(String)
        /// By how many events each day, week (from Monday) or month has more than the one before: the slope of the straight line that fits their numbers best by least squares, over those
        /// that lie wholly in the window; of a window without a beginning from that of the first event on. No value of fewer than two.
        case trend(Period.Unit)
        /// The value whose events count most when each counts half as much after every half-life; of equal ones as for the most frequent. No value where there are none.
        case affinity(String, halfLife: Period)
    }

    public let pattern: EventPattern
    public let window: Window
    public let measure: Measure
    public let test: ValueTest

    public init(pattern: EventPattern, window: Window, measure: Measure, test: ValueTest) {
        self.pattern = pattern
        self.window = window
        self.measure = measure
        self.test = test
    }

    /// What is measured, without the test.
    public var measured: EventMeasure { EventMeasure(pattern: pattern, window: window, measure: measure) }
}
