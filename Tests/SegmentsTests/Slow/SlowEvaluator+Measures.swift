import Foundation
import Segments
import Vocabulary

/// What is measured: events, or sessions made of them.
extension SlowEvaluator {
    /// An event or a session.
    struct Thing {
        let timestamp: Int64
        let value: (String) -> SlowValue
    }

    /// All that a pattern means, in the order of time.
    private func things(_ pattern: EventPattern) -> [Thing] {
        guard let gap = pattern.sessionGap?.milliseconds else {
            return past.filter { matches($0, pattern) }.map { event in Thing(timestamp: event.timestamp) { value($0, of: event) } }
        }
        var sessions: [[SlowStory.Event]] = []
        for event in past where ["track", "page", "screen"].contains(event.call) {
            if let last = sessions.last?.last, event.timestamp - last.timestamp <= gap { sessions[sessions.count - 1].append(event) } else { sessions.append([event]) }
        }
        let things = sessions.map { session in Thing(timestamp: session[0].timestamp) { value($0, ofSession: session) } }
        return things.filter { thing in pattern.filter.map { passes(thing, $0) } ?? true }
    }

    private func value(_ path: String, ofSession events: [SlowStory.Event]) -> SlowValue {
        func count(_ call: String) -> SlowValue { .number(SlowNumber(events.count { $0.call == call })) }
        func value(_ path: Substring, of event: SlowStory.Event?) -> SlowValue {
            guard let event else { return .missing }
            let value = self.value(String(path), of: event)
            return path == "name" && value.isMissing && event.call != "track" ? event.name.map { .text($0) } ?? .missing : value
        }
        switch path {
        case "duration": return .number(SlowNumber(ExactNumber(events[events.count - 1].timestamp - events[0].timestamp, scale: 3)))
        case "events": return .number(SlowNumber(events.count))
        case "pages": return count("page")
        case "screens": return count("screen")
        default: break
        }
        let rest = path.drop { $0 != "." }.dropFirst()
        if path.hasPrefix("entry.") { return value(rest, of: events.first) }
        if path.hasPrefix("exit.") { return value(rest, of: events.last) }
        return path.hasPrefix("landing.") ? value(rest, of: events.first { $0.call == "page" || $0.call == "screen" }) : .missing
    }

    func passes(_ value: SlowValue, _ test: ElementTest) -> Bool {
        guard case .array(let all) = value else { return false }
        func member(_ path: String, _ element: SlowValue) -> SlowValue {
            if case .object(let json) = element { return SlowValue.at(path, in: json) }
            return path == "item" ? element : .missing
        }
        let elements = all.filter { !$0.isMissing }
        let passing = elements.filter { element in test.filter.map { passes(Thing(timestamp: 0) { member($0, element) }, $0) } ?? true }
        switch test.quantifier {
        case .any: return passing.count > 0
        case .all: return passing.count == elements.count
        case .none: return passing.count == 0
        case .count(let test): return passes(.number(SlowNumber(passing.count)), test)
        case .sum(let path, let test):
            let numbers = passing.compactMap { if case .number(let number) = member(path, $0) { number } else { nil } }
            return passes(.number(numbers.reduce(SlowNumber(0), +)), test)
        }
    }

    private func passes(_ thing: Thing, _ filter: PropertyFilter) -> Bool {
        switch filter {
        case .all(let parts): parts.allSatisfy { passes(thing, $0) }
        case .any(let parts): parts.contains { passes(thing, $0) }
        case .not(let part): !passes(thing, part)
        case .property(let path, let test): passes(thing.value(path), test)
        case .hours(let from, let to): from < to ? (from..<to).contains(rules.hour(of: thing.timestamp)) : !(to..<from).contains(rules.hour(of: thing.timestamp))
        case .weekdays(let days): days.contains(rules.weekday(of: thing.timestamp))
        case .member: preconditionFailure("sessions have no context")
        }
    }

    func measured(_ test: EventMeasure) -> SlowValue {
        let window = test.window.resolved(at: moment, using: rules)
        let events = things(test.pattern).filter { $0.timestamp >= window.from && $0.timestamp < window.to }
        func values(_ path: String) -> [SlowValue] { events.map { $0.value(path) } }
        func numbers(_ path: String) -> [SlowNumber] { values(path).compactMap { if case .number(let number) = $0 { number } else { nil } } }
        func sorted(_ path: String) -> [SlowNumber] { numbers(path).sorted { SlowNumber.compare($0, $1) < 0 } }
        func number(_ number: SlowNumber?) -> SlowValue { number.map { .number($0) } ?? .missing }
        switch test.measure {
        case .count: return number(SlowNumber(events.count))
        case .sum(let path): return number(numbers(path).reduce(SlowNumber(0), +))
        case .average(let path):
            let numbers = numbers(path)
            return numbers.isEmpty ? .missing : number(numbers.reduce(SlowNumber(0), +).divided(by: numbers.count))
        case .minimum(let path): return number(sorted(path).first)
        case .maximum(let path): return number(sorted(path).last)
        case .percentile(let path, let percent):
            let numbers = sorted(path)
            return numbers.isEmpty ? .missing : number(numbers[(percent * numbers.count + 99) / 100 - 1])
        case .distinct(let path): return number(SlowNumber(counted(values(path)).count))
        case .mode(let path):
            let counts = counted(values(path))
            let most = counts.map(\.count).max()
            return counts.filter { $0.count == most }.map(\.value).sorted { $0.comesBefore($1) }.first ?? .missing
        case .first(let path): return values(path).first { !$0.isMissing } ?? .missing
        case .last(let path): return values(path).last { !$0.isMissing } ?? .missing
        case .firstTime: return events.first.map { .time($0.timestamp) } ?? .missing
        case .lastTime: return events.last.map { .time($0.timestamp) } ?? .missing
        case .days: return number(SlowNumber(Set(events.map { rules.day(of: $0.timestamp) }).count))
        case .list(let path):
            let different = counted(values(path)).map(\.value)
            return different.isEmpty ? .missing : .array(different)
        case .streak(let unit, let isCurrent):
            let starts = Set(events.map { rules.start(of: unit, holding: $0.timestamp) })
            func length(from start: Int64, _ step: Int) -> Int { (0...).first { !starts.contains(rules.start(of: unit, holding: start, movedBy: $0 * step)) } ?? 0 }
            guard isCurrent else { return number(SlowNumber(starts.map { length(from: $0, 1) }.max() ?? 0)) }
            let own = rules.start(of: unit, holding: now)
            return number(SlowNumber(length(from: starts.contains(own) ? own : rules.start(of: unit, holding: now, movedBy: -1), -1)))
        case .rate(let unit):
            guard let first = events.first else { return number(SlowNumber(0)) }
            let length = unit == .day ? 86_400_000 : unit == .week ? 604_800_000 : 2_629_746_000
            let span = Int(min(window.to, now) - (window.from == .min ? first.timestamp : window.from))
            return number(SlowNumber(events.count * length).divided(by: max(span, length)))
        case .decayedCount(let halfLife): return number(decayed(events.map { ($0.timestamp, 1) }, halfLife))
        case .decayedSum(let path, let halfLife):
            return number(decayed(events.compactMap { event in if case .number(let number) = event.value(path) { (event.timestamp, number.approximate) } else { nil } }, halfLife))
        case .latest(let path, let count):
            let newest = values(path).filter(\.isScalar).reversed().prefix(count)
            return newest.isEmpty ? .missing : .array(Array(newest))
        case .slope(let path):
            let points = events.compactMap { event in if case .number(let number) = event.value(path) { (x: Double(event.timestamp - events[0].timestamp), y: number.approximate) } else { nil } }
            return slope(points, per: 86_400_000)
        case .trend(let unit):
            guard let first = events.first else { return .missing }
            var units: [(from: Int64, to: Int64)] = []
            var start = rules.start(of: unit, holding: window.from == .min ? first.timestamp : window.from)
            while start < min(window.to, now) {
                let next = rules.start(of: unit, holding: start, movedBy: 1)
                if next <= min(window.to, now), window.from == .min || start >= window.from { units.append((start, next)) }
                start = next
            }
            let counts = units.map { unit in events.count { $0.timestamp >= unit.from && $0.timestamp < unit.to } }
            return slope(counts)
        case .affinity(let path, let halfLife):
            var scores: [(value: SlowValue, score: Double)] = []
            for (value, _) in counted(values(path)) {
                let own = events.filter { $0.value(path).isSame(as: value) }
                scores.append((value, own.reduce(0) { $0 + exp2(-Double(events[events.count - 1].timestamp - $1.timestamp) / Double(halfLife.milliseconds!)) }))
            }
            let most = scores.map(\.score).max() ?? 0
            return scores.filter { most - $0.score < 1e-9 }.map(\.value).sorted { $0.comesBefore($1) }.first ?? .missing
        case .share(let filter): return events.isEmpty ? .missing : number(SlowNumber(events.count { passes($0, filter) }).divided(by: events.count))
        }
    }

    private func decayed(_ values: [(Int64, Double)], _ halfLife: Period) -> SlowNumber {
        let sum = values.reduce(0) { $0 + $1.1 * exp2(-Double(now - $1.0) / Double(halfLife.milliseconds!)) }
        // Tenths of ten times as much, since what is divided is compared with other roundings in mind.
        return SlowNumber(abs(sum) < 9e6 ? ExactNumber(Int64((sum * 1e9).rounded()), scale: 8) : ExactNumber(json: "\(sum)".utf8)! * ExactNumber(10)).divided(by: 10)
    }

    /// By the schoolbook: the sum of (x - mean x) y over the sum of (x - mean x)², times n² above and below.
    private func slope(_ counts: [Int]) -> SlowValue {
        let n = counts.count
        let sum = n * (n - 1) / 2
        let lower = counts.indices.reduce(0) { $0 + (n * $1 - sum) * (n * $1 - sum) }
        return lower == 0 ? .missing : .number(SlowNumber(n * counts.indices.reduce(0) { $0 + (n * $1 - sum) * counts[$1] }).divided(by: lower))
    }

    /// The same in machine numbers, to nine digits, by which no random test is missed.
    private func slope(_ points: [(x: Double, y: Double)], per unit: Double) -> SlowValue {
        let mean = points.reduce(0) { $0 + $1.x } / Double(points.count)
        let lower = points.reduce(0) { $0 + ($1.x - mean) * ($1.x - mean) }
        guard points.count > 1, lower > 0 else { return .missing }
        let upper = points.reduce(0) { $0 + ($1.x - mean) * $1.y }
        let size = points.reduce(0) { $0 + abs(($1.x - mean) * $1.y) }
        let value = abs(upper) < size * 1e-12 ? 0 : upper / lower * unit
        let digits = value == 0 ? 0 : 8 - Int(floor(log10(abs(value))))
        let rounded = (value * pow(10, Double(digits))).rounded() / pow(10, Double(digits))
        return .number(SlowNumber(ExactNumber(json: "\(rounded)".utf8)!))
    }

    /// Each different scalar and how often it occurs; lists and objects are no values that could be counted.
    private func counted(_ values: [SlowValue]) -> [(value: SlowValue, count: Int)] {
        var counts: [(value: SlowValue, count: Int)] = []
        for value in values where value.isScalar {
            if let index = counts.firstIndex(where: { $0.value.isSame(as: value) }) { counts[index].count += 1 } else { counts.append((value, 1)) }
        }
        return counts
    }
}
