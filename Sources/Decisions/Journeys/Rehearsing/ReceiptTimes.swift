import EventLog
import Vocabulary

/// When late events were received, which columns do not tell: the log is asked about those that may have been late.
struct ReceiptTimes: Sendable {
    /// What comes within so many milliseconds was not late.
    static let lateMinimum: Int64 = 300_000
    /// What comes after more than a day, as from an import, is taken at its own time: it is a history that nobody could have heard as it happened.
    static let lateMaximum: Int64 = JourneyDecider.lateMaximum
    /// More marks than so many are not made; what lies between two far ones is read one by one.
    private static let marksMaximum = 100_000
    /// Events that cannot be read, one behind the other, before a place in the log is given up.
    private static let unreadableMaximum: LogPosition = 64

    private let log: EventLog
    /// Ascending in both, since what is received later stands later in the log.
    private var marks: [(position: LogPosition, at: Int64)] = []

    /// - Parameters:
    ///   - from: what was received earlier is not asked about.
    ///   - end: the first position behind those that are asked about.
    init(_ log: EventLog, from: Timestamp, end: LogPosition) {
        self.log = log
        guard end > 0, let last = mark(end - 1, backwards: true), last.at >= from.milliseconds else { return }
        var (low, high): (LogPosition, LogPosition) = (0, last.position)
        while low < high {
            let middle = low + (high - low) / 2
            if let found = mark(middle), found.position <= last.position, found.at >= from.milliseconds { high = middle } else { low = middle + 1 }
        }
        guard let first = mark(low), first.position <= last.position else { return }
        var open = [(first, last)]
        marks = [first]
        while let (a, b) = open.popLast() {
            let middle = a.position + (b.position - a.position) / 2
            if b.at - a.at > ReceiptTimes.lateMinimum, marks.count + open.count < ReceiptTimes.marksMaximum, middle > a.position, let found = mark(middle), found.position < b.position {
                open.append((found, b))
                open.append((a, found))
            } else if b.position > a.position {
                marks.append(b)
            }
        }
    }

    private func mark(_ position: LogPosition, backwards: Bool = false) -> (position: LogPosition, at: Int64)? {
        for step in 0..<ReceiptTimes.unreadableMaximum {
            guard !backwards || step <= position else { return nil }
            let place = backwards ? position - step : position + step
            // What is lost has no time.
            if let event = (try? log.read(place)) ?? nil, event.receivedAt.milliseconds > 0 { return (place, event.receivedAt.milliseconds) }
        }
        return nil
    }

    /// When a journey would have heard of an event.
    ///
    /// - Parameter time: when it happened, in milliseconds since 1970.
    func heard(_ position: LogPosition, happened time: Int64) -> Int64 {
        guard let first = marks.first, let last = marks.last, position >= first.position else { return time }
        var (low, high) = (0, marks.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if marks[middle].position <= position { low = middle } else { high = middle - 1 }
        }
        let latest = low + 1 < marks.count ? marks[low + 1].at : last.at
        // Certainly not late, or certainly too late.
        if position <= last.position, time >= latest - ReceiptTimes.lateMinimum { return time }
        if marks[low].at - time > ReceiptTimes.lateMaximum { return time }
        let known = marks[low].position == position ? marks[low].at : nil
        guard let received = known ?? ((try? log.read(position)) ?? nil)?.receivedAt.milliseconds, received - time > ReceiptTimes.lateMinimum, received - time <= ReceiptTimes.lateMaximum else { return time }
        return received
    }
}
