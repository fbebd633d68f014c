import Columnar
import Profiles
public import Vocabulary

/// How the values of a measurement lie among all people.
public struct Distribution: Sendable {
    /// Everyone who may be asked about.
    public let people: Int
    /// How many of them have a value.
    public let count: Int
    public let values: Values

    public enum Values: Sendable {
        /// Nobody has one.
        case none
        /// Numbers, or with `areTimes` points in time.
        case range(Range, areTimes: Bool)
        /// The most frequent values (of lists, the most frequent elements) with how many people have them, and how many different ones there are.
        case top([(value: JSONText, count: Int)], different: Int)
    }

    public struct Range: Sendable {
        /// As they are, not rounded; the median is the value at index ceil(n / 2).
        public let minimum: JSONText, median: JSONText, maximum: JSONText
        /// Side by side from the minimum to the maximum; the upper end belongs to the next bar, and to the last.
        public let bars: [Bar]
    }

    /// Ends in the values' own unit, of times in milliseconds since 1970.
    public struct Bar: Sendable {
        public let from: Double
        public let to: Double
        public let count: Int
    }

    static let topMaximum = 20
    static let barMaximum = 20
}

/// What is kept of one part.
private struct PartValues: Sendable {
    var people = 0
    var count = 0
    /// Numbers and times, for sorting; the row names the value again.
    var numbers: [(Double, Row)] = []
    /// How many have the value of a person without any events.
    var noneCount = 0
    var counts: [[UInt8]: (value: StoredValue, count: Int)] = [:]
}

extension Question {
    /// How the values of a measurement lie among everyone in the view.
    public func distribution(of measurement: Measurement) -> Distribution {
        let (plans, needs) = measurers(of: measurement)
        let parts = view.parts
        let log = engine.log
        let areTimes = measurement.areTimes
        let none = measurement.none
        let found = engine.pool.map(parts.count) { index in
            let measured = MeasurementPart(plans, PartScope(parts[index], needs: needs, records: log))
            var out = PartValues()
            let having = measured.having.intersection(parts[index].alive)
            out.people = parts[index].alive.count
            out.noneCount = none == nil ? 0 : out.people - having.count
            out.count = out.noneCount
            having.forEach { row in
                guard let value = measured.value(row) else { return }
                out.count += 1
                out.add(value, measurement, row: Row(index * RowSet.capacity + row))
            }
            return out
        }
        let all = found.reduce(into: PartValues()) { $0.add($1) }
        func exact(_ row: Row?) -> JSONText {
            let value = row.flatMap { row in
                MeasurementPart(plans, PartScope(parts[Int(row) / RowSet.capacity], needs: needs, records: log)).value(Int(row) % RowSet.capacity)
            }
            return (value ?? none ?? .value(.number(ExactNumber(0)))).json(in: log, path: "")
        }
        return Distribution(people: all.people, count: all.count, values: all.values(areTimes: areTimes, exact))
    }
}

extension Measurement {
    fileprivate var areTimes: Bool {
        guard case .measure(let measure) = self else { return false }
        return measure.measure == .firstTime || measure.measure == .lastTime
    }

    /// The value of a person without any events: of a ratio none, since nothing is divided by nothing.
    fileprivate var none: MeasuredValue? {
        guard case .measure(let measure) = self else { return nil }
        return measure.measure.none.map { .value($0) }
    }
}

extension PartValues {
    mutating func add(_ value: MeasuredValue, _ measurement: Measurement, row: Row) {
        if let double = value.double { numbers.append((double, row)) }
        switch value {
        case .fraction: return
        case .value(let stored), .sent(let stored, _):
            if measurement.areTimes {
                if let time = stored.instant { numbers.append((Double(time.milliseconds), row)) }
                return
            }
            let elements: [StoredValue] = if case .array(let elements) = stored { elements.filter(\.isScalar) } else { stored.isScalar ? [stored] : [] }
            // What is always a number is told by its size alone.
            if measurement.isNumeric { return }
            for element in elements { counts[element.identity, default: (element, 0)].count += 1 }
        }
    }

    mutating func add(_ other: PartValues) {
        people += other.people
        count += other.count
        noneCount += other.noneCount
        numbers += other.numbers
        for (key, value) in other.counts { counts[key, default: (value.value, 0)].count += value.count }
    }

    func values(areTimes: Bool, _ exact: (Row?) -> JSONText) -> Distribution.Values {
        guard count > 0 else { return .none }
        guard numbers.count + noneCount == count else {
            let sorted = counts.values.sorted { $0.count != $1.count ? $0.count > $1.count : $0.value.precedes($1.value) }
            return .top(
                sorted.prefix(Distribution.topMaximum).map { entry in
                    var w = JSONWriter()
                    entry.value.write(to: &w)
                    return (w.text, entry.count)
                }, different: counts.count)
        }
        var all: [(Double, Row?)] = numbers
        all += repeatElement((0, nil), count: noneCount)
        all.sort { $0.0 < $1.0 }
        let range = Distribution.Range(
            minimum: exact(all[0].1), median: exact(all[(count + 1) / 2 - 1].1), maximum: exact(all[count - 1].1), bars: Distribution.bars(all.map(\.0)))
        return .range(range, areTimes: areTimes)
    }
}

extension Distribution {
    /// - Parameter sorted: at least one.
    static func bars(_ sorted: [Double]) -> [Bar] {
        let (low, high) = (sorted[0], sorted[sorted.count - 1])
        guard (high - low).isFinite, high > low else { return [Bar(from: low, to: high, count: sorted.count)] }
        // Few whole numbers have a bar each.
        let areFew = high - low < Double(barMaximum) && sorted.allSatisfy { $0 == $0.rounded() }
        let count = areFew ? Int(high - low) + 1 : barMaximum
        let width = areFew ? 1 : (high - low) / Double(count)
        var counts = [Int](repeating: 0, count: count)
        for value in sorted { counts[min(count - 1, max(0, Int((value - low) / width)))] += 1 }
        return counts.indices.map { Bar(from: low + Double($0) * width, to: $0 == count - 1 && !areFew ? high : low + Double($0 + 1) * width, count: counts[$0]) }
    }
}
