import EventLog
import Vocabulary

/// When events were received, which columns do not tell: the log is asked about those that may have been late, or stamped ahead by a device whose clock is fast.
struct ReceiptTimes: Sendable {
    /// Of so many events and fewer each is asked about; of more, those that may be off by more than ``roundMs``.
    private static let exactMaximum: LogPosition = 200_000
    private static let roundMs: Int64 = 300_000
    /// What comes after more than a day, as from an import, is taken at its own time: it is a history that nobody could have heard as it happened.
    static let lateMaximum: Int64 = JourneyDecider.lateMaximum
    /// By how much an event may be stamped ahead of its receipt to be looked for: it is heard before its own time.
    static let aheadMaximum: Int64 = 86_400_000
    /// More marks than so many are not made; what lies between two far ones is read one by one.
    private static let marksMaximum = 100_000
    /// Events that cannot be read, one behind the other, before a place in the log is given up.
    private static let unreadableMaximum: LogPosition = 64

    private let log: EventLog
    private let from: Timestamp
    /// What comes within so many milliseconds of its own time was neither late nor ahead.
    private var roundMs = ReceiptTimes.roundMs
    /// Ascending in both, since what is received later stands later in the log.
    private var marks: [(position: LogPosition, at: Int64)] = []

    /// - Parameters:
    ///   - from: what was received earlier is not asked about, and was heard earlier.
    ///   - end: the first position behind those that are asked about.
    init(_ log: EventLog, from: Timestamp, end: LogPosition) {
        (self.log, self.from) = (log, from)
        guard end > 0, let last = mark(end - 1, backwards: true), last.at >= from.milliseconds else { return }
        var (low, high): (LogPosition, LogPosition) = (0, last.position)
        while low < high {
            let middle = low + (high - low) / 2
            if let found = mark(middle), found.position <= last.position, found.at >= from.milliseconds { high = middle } else { low = middle + 1 }
        }
        guard let first = mark(low), first.position <= last.position else { return }
        if last.position - first.position < ReceiptTimes.exactMaximum { roundMs = 0 }
        var open = [(first, last)]
        marks = [first]
        while let (a, b) = open.popLast() {
            let middle = a.position + (b.position - a.position) / 2
            if b.at - a.at > ReceiptTimes.roundMs, marks.count + open.count < ReceiptTimes.marksMaximum, middle > a.position, let found = mark(middle), found.position < b.position {
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
        guard let first = marks.first, let last = marks.last, position >= first.position else { return min(time, from.milliseconds - 1) }
        var (low, high) = (0, marks.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if marks[middle].position <= position { low = middle } else { high = middle - 1 }
        }
        let (earliest, latest) = (marks[low].at, low + 1 < marks.count ? marks[low + 1].at : last.at)
        // Certainly near its own time, or certainly too late.
        if position <= last.position, time >= latest - roundMs, time <= earliest + roundMs { return time }
        if earliest - time > ReceiptTimes.lateMaximum { return time }
        let known = marks[low].position == position ? earliest : nil
        guard let received = known ?? ((try? log.read(position)) ?? nil)?.receivedAt.milliseconds, received > 0, abs(received - time) > roundMs, received - time <= ReceiptTimes.lateMaximum else { return time }
        return received
    }
}
