import Foundation
import Synchronization
public import Vocabulary

/// The offsets of one time zone at every instant, laid out for asking once per event.
public struct ZoneRules: Sendable {
    /// As it was asked for.
    public let name: TimeZoneName
    /// Milliseconds since 1970 at which the offset changes, ascending.
    private let changes: [Int64]
    /// Milliseconds east of UTC: the first holds before all changes, each further one from its change on.
    private let offsets: [Int64]
    /// For each stretch of 2^34 ms (199 days) from the first change on, how many changes lie before it: a look-up is then one or two comparisons.
    private let starts: [Int32]
    /// Whether what comes after the last change repeats the 400 years before it.
    private let repeats: Bool

    /// No offset, no changes, and no file that would have to be read.
    public static let utc = ZoneRules(name: .utc, changes: [], offsets: [0], repeats: false)

    /// The Gregorian calendar repeats after this many milliseconds, weekdays included.
    private static let cycle: Int64 = 146_097 * 86_400_000

    private init(name: TimeZoneName, changes: [Int64], offsets: [Int64], repeats: Bool) {
        (self.name, self.changes, self.offsets, self.repeats) = (name, changes, offsets, repeats)
        var starts: [Int32] = []
        if let first = changes.first, let last = changes.last {
            var index = 0
            for stretch in (first >> 34)...(last >> 34) {
                while index < changes.count, changes[index] < stretch << 34 { index += 1 }
                starts.append(Int32(index))
            }
        }
        self.starts = starts
    }

    init(name: TimeZoneName, file: ZoneFile) {
        // No real zone changes before 1800 or after 9999 otherwise than by its rule, and within these the table of stretches stays small.
        let earliest: Int64 = -5_400_000_000
        var changes: [Int64] = []
        var offsets = [file.offsets[0]]
        for (change, offset) in zip(file.changes, file.offsets.dropFirst()) where change <= Timestamp.latest.milliseconds / 1000 {
            if change < earliest { offsets[0] = offset } else {
                changes.append(change)
                offsets.append(offset)
            }
        }
        if let rule = file.rule, rule.summer != nil {
            let last = changes.last ?? 0
            let year = Timestamp.civil(fromDays: (last >= 0 ? last : last - 86_399) / 86_400).year
            for next in year...year + 401 {
                for change in rule.changes(year: next) where change.at > last && change.offset != offsets[offsets.count - 1] {
                    changes.append(change.at)
                    offsets.append(change.offset)
                }
            }
        } else if let rule = file.rule, changes.isEmpty, offsets[0] != rule.standard {
            offsets[0] = rule.standard
        }
        self.init(name: name, changes: changes.map { $0 * 1000 }, offsets: offsets.map { $0 * 1000 }, repeats: file.rule?.summer != nil)
    }

    private static let known = Mutex<[String: ZoneRules]>([:])

    /// The rules of a zone that this machine knows, read once, or of a fixed offset such as `+03:00` or `UTC+3`.
    public static func named(_ name: TimeZoneName) throws(ZoneError) -> ZoneRules {
        if name == .utc { return .utc }
        if let rules = known.withLock({ $0[name.name] }) { return rules }
        if let rules = fixed(name) { return rules }
        let rules = try ZoneRules(reading: name, in: "/usr/share/zoneinfo")
        known.withLock { $0[name.name] = rules }
        return rules
    }

    /// Of a name that is an offset from UTC, east as `+`: a sign, hours of one or two digits and, where they are two, minutes; in front of it nothing, `UTC` or `GMT`. Nil for any other.
    ///
    /// `Etc/GMT+3` is a zone of the database, and lies west.
    private static func fixed(_ name: TimeZoneName) -> ZoneRules? {
        var text = Substring(name.name.uppercased())
        if text.hasPrefix("UTC") || text.hasPrefix("GMT") { text = text.dropFirst(3) }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let parts = text.dropFirst().split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else { return nil }
        let digits: (hours: Substring, minutes: Substring)
        switch (parts.count, first.utf8.count) {
        case (1, 1...2): digits = (first, "0")
        case (1, 4): digits = (first.prefix(2), first.suffix(2))
        case (2, 1...2) where parts[1].utf8.count == 2: digits = (first, parts[1])
        default: return nil
        }
        guard let hours = Int64(digits.hours), let minutes = Int64(digits.minutes), minutes < 60, hours * 60 + minutes <= 14 * 60 else { return nil }
        return ZoneRules(name: name, changes: [], offsets: [(sign == "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000], repeats: false)
    }

    /// - Parameter folder: of compiled time zone files, as `/usr/share/zoneinfo`.
    public init(reading name: TimeZoneName, in folder: String) throws(ZoneError) {
        let letters = name.name.utf8
        let isPlain = letters.allSatisfy { ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39) || [0x2b, 0x2d, 0x2f, 0x5f].contains($0) }
        guard isPlain, !letters.isEmpty, letters.count <= 64, letters.first != 0x2f, letters.last != 0x2f else { throw ZoneError(name: name) }
        guard let bytes = FileManager.default.contents(atPath: folder + "/" + name.name), bytes.count <= 1 << 20, let file = ZoneFile(bytes: Array(bytes)) else {
            throw ZoneError(name: name)
        }
        self.init(name: name, file: file)
    }

    /// Where in ``offsets`` the offset at `ms` stands; `ms` is in the range of the table.
    @inline(__always)
    private func index(at ms: Int64) -> Int {
        guard let first = changes.first, ms >= first else { return 0 }
        let stretch = min(Int((ms >> 34) - (first >> 34)), starts.count - 1)
        var index = Int(starts[stretch])
        while index < changes.count, changes[index] <= ms { index += 1 }
        return index
    }

    /// How many cycles of 400 years to go back so that `ms` lies in the table.
    private func cycles(before ms: Int64) -> Int64 {
        guard repeats, let last = changes.last, ms >= last else { return 0 }
        return (ms - last) / ZoneRules.cycle + 1
    }

    /// Milliseconds east of UTC.
    public func offset(at ms: Int64) -> Int64 {
        guard !changes.isEmpty else { return offsets[0] }
        return offsets[index(at: ms - cycles(before: ms) * ZoneRules.cycle)]
    }

    /// The first instant whose local clock shows `local` or later: for an hour that is shown twice the first one, for a skipped one the end of the gap.
    ///
    /// - Parameter local: milliseconds since 1970-01-01T00:00 by the local clock.
    public func instant(ofLocal local: Int64) -> Int64 {
        let cycles = cycles(before: local + 172_800_000)
        let wanted = local - cycles * ZoneRules.cycle
        var segment = index(at: wanted - 172_800_000)
        while true {
            let candidate = wanted - offsets[segment]
            if segment >= changes.count || candidate < changes[segment] {
                let start = segment == 0 ? Int64.min : changes[segment - 1]
                return max(candidate, start) + cycles * ZoneRules.cycle
            }
            segment += 1
        }
    }
}

/// A time zone that this machine does not know.
public struct ZoneError: Explained, Hashable {
    /// As it was asked for.
    public let name: TimeZoneName

    /// `segments.unknown-zone`.
    public var explanation: Explanation {
        Explanation(
            code: "segments.unknown-zone", problem: "This machine knows no time zone called \(name.name.prefix(64)).",
            remedy: "Write a name of the IANA time zone database, such as Europe/Madrid or America/New_York.")
    }
}
