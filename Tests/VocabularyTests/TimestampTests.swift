import Foundation
import TestSupport
import Testing
import Vocabulary

@Suite("Timestamps")
struct TimestampTests {
    /// A spelling, and how we write the same instant.
    static let readable: [(String, String)] = [
        ("2026-07-01T09:30:00Z", "2026-07-01T09:30:00.000Z"),
        ("2026-07-01t09:30:00z", "2026-07-01T09:30:00.000Z"),
        ("2026-07-01 09:30:00Z", "2026-07-01T09:30:00.000Z"),
        ("2026-07-01T09:30:00", "2026-07-01T09:30:00.000Z"),
        ("2026-07-01T09:30", "2026-07-01T09:30:00.000Z"),
        ("2026-07-01T09:30Z", "2026-07-01T09:30:00.000Z"),
        ("2026-07-01", "2026-07-01T00:00:00.000Z"),
        ("2026-07-01T09:30:00.1Z", "2026-07-01T09:30:00.100Z"),
        ("2026-07-01T09:30:00,25Z", "2026-07-01T09:30:00.250Z"),
        ("2026-07-01T09:30:00.123456789Z", "2026-07-01T09:30:00.123Z"),
        ("2026-07-01T09:30:00.9999999999999999999999Z", "2026-07-01T09:30:00.999Z"),
        ("2026-07-01T09:30:00+02:00", "2026-07-01T07:30:00.000Z"),
        ("2026-07-01T09:30:00-0530", "2026-07-01T15:00:00.000Z"),
        ("2026-07-01T09:30:00+02", "2026-07-01T07:30:00.000Z"),
        ("2026-07-01 09:30:00 +0200", "2026-07-01T07:30:00.000Z"),
        ("2026-07-01 09:30:00.5 +0000 UTC", "2026-07-01T09:30:00.500Z"),
        ("2026-07-01T23:30:00-01:00", "2026-07-02T00:30:00.000Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"),
        ("2000-02-29", "2000-02-29T00:00:00.000Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000Z"),
        ("2017-01-01T04:59:60.5+05:00", "2016-12-31T23:59:59.500Z"),
        ("Sat Dec 31 2016 18:59:60 GMT-0500", "2016-12-31T23:59:59.000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ("0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59.999Z"),
        ("0", "1970-01-01T00:00:00.000Z"),
        ("1782898200", "2026-07-01T09:30:00.000Z"),
        ("1782898200123", "2026-07-01T09:30:00.123Z"),
        ("1782898200.5", "2026-07-01T09:30:00.500Z"),
        ("1782898200123.9", "2026-07-01T09:30:00.123Z"),
        ("-86400", "1969-12-31T00:00:00.000Z"),
        ("100000000000", "5138-11-16T09:46:40.000Z"),
        ("100000000001", "1973-03-03T09:46:40.001Z"),
        ("1.7828982E9", "2026-07-01T09:30:00.000Z"),
        ("1.782898200123e12", "2026-07-01T09:30:00.123Z"),
        ("1.782898200123E+12", "2026-07-01T09:30:00.123Z"),
        ("-8.64e4", "1969-12-31T00:00:00.000Z"),
        (" 2026-07-01 ", "2026-07-01T00:00:00.000Z"),
        ("\t2026-07-01T09:30:00Z\n", "2026-07-01T09:30:00.000Z"),
        ("2026-07-01 11:30:00.5 +0200 CEST m=+0.1", "2026-07-01T09:30:00.500Z"),
        ("Wed Jul 01 2026 09:30:00 GMT+0000 (Coordinated Universal Time)", "2026-07-01T09:30:00.000Z"),
        ("Wed Jul 01 2026 11:30:00 GMT+0200 (Mitteleuropäische Sommerzeit)", "2026-07-01T09:30:00.000Z"),
        ("Wed Jul 01 2026 09:30:00 GMT", "2026-07-01T09:30:00.000Z"),
        ("Wed, 01 Jul 2026 09:30:00 GMT", "2026-07-01T09:30:00.000Z"),
        ("Wed, 1 Jul 2026 09:30:00 +0530", "2026-07-01T04:00:00.000Z"),
        ("1 Jul 2026 09:30:00 UTC", "2026-07-01T09:30:00.000Z"),
    ]

    @Test("the spellings of real senders are read", arguments: readable)
    func reads(spelling: String, ours: String) { #expect(Timestamp(spelling)?.iso8601 == ours) }

    static let unreadable = [
        "", " ", "tea", "2026", "2026-", "2026-07", "2026-7-1", "2026-07-1", "26-07-01", "2026-00-01", "2026-13-01", "2026-07-00", "2026-07-32", "2026-04-31",
        "2026-02-29", "2100-02-29", "1900-02-29", "2024-02-30", "0000-01-01", "10000-01-01", "2026/07/01", "2026-07-01T", "2026-07-01T24:00:00Z",
        "2026-07-01T09:60:00Z", "2026-07-01T09:30:61Z", "2026-07-01T12:00:60Z", "2016-12-31T23:58:60Z", "2016-12-31T23:59:60+01:00", "2017-01-01T00:00:60Z", "Wed Jul 01 2026 09:30:60 GMT", "2026-07-01T9:30:00Z", "2026-07-01T09:30:00.Z", "2026-07-01T09:30:00ZZ", "2026-07-01T09:30:00Z Z",
        "2026-07-01T09:30:00+24:00", "2026-07-01T09:30:00+02:60", "2026-07-01T09:30:00+2", "2026-07-01T09:30:00+02:", "2026-07-01T09:30:00+02:0",
        "2026-07-01T09:30:00 +0000 ufo", "2026-07-01T09:30:00 +0000 UTC UTC", "2026-07-01T09:30:00+", "07/01/2026", "-", ".5", "1.", "1.x", "+5", "1e", "e9", "1e400", "1e15", "-1e14", "infe", "0x1e5",
        "Wed, 31 Jun 2026 09:30:00 GMT", "Wed, 01 Jul 26 09:30:00 GMT", "Wed, 01 Jul 2026", "Wed Jul 01 2026 25:30:00 GMT+0000", "Wed Jul 01 2026 09:30:00 GMT+0200 (", "Wed Jul 01 2026 09:30:00 GMTX",
        "Jul", "Wed", "Wed,", "Wed Jul", "Wed Jul 1", "Wed Jul 1 2026 ", "Foo 01 2026 09:30:00", "01 Foo 2026 09:30:00", "Jul Jul 01 2026 09:30:00", "Wed Wed Jul 01 2026 09:30:00 GMT", "NOW",
        "99999999999999999", "123456789012345678901234567890", "253402300800000", "null", "2026-07-01T09:30:00\u{0}", "２０２６-07-01",
    ].filter { $0 != "2026" }

    @Test("anything else is not guessed at", arguments: unreadable)
    func refuses(spelling: String) { #expect(Timestamp(spelling) == nil) }

    @Test("10,000 random instants are written and read as Foundation writes and reads them", arguments: Seed.some(2))
    func againstFoundation(seed: Seed) throws {
        var random = Random(seed)
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        // Before 1583 Foundation may count days by another calendar.
        let earliest = try #require(Timestamp("1583-01-01T00:00:00Z")).milliseconds
        for _ in 0..<10_000 {
            let milliseconds = earliest + Int64(random.next() % UInt64(Timestamp.latest.milliseconds - earliest))
            let instant = Timestamp(clamping: milliseconds)
            let date = Date(timeIntervalSince1970: (Double(milliseconds) / 1000).rounded(.down))
            let whole = date.formatted(Date.ISO8601FormatStyle())
            #expect(instant.iso8601.prefix(19) == whole.prefix(19), "\(milliseconds)")
            #expect(Timestamp(instant.iso8601) == instant)
            let back = try format.parse(instant.iso8601).timeIntervalSince1970
            #expect(abs(back * 1000 - Double(milliseconds)) < 1)
        }
    }

    @Test("every day from 1583 to 2400 follows the one before, and the calendar's lengths hold")
    func everyDay() throws {
        var text = ""
        var last = try #require(Timestamp("1582-12-31"))
        for year in 1583...2400 {
            for month in 1...12 {
                let length = [31, year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
                for day in 1...length + 1 {
                    text = "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
                    let next = Timestamp(text)
                    if day > length { #expect(next == nil, "\(text)"); continue }
                    if next?.milliseconds != last.milliseconds + 86_400_000 { Issue.record("\(text) does not follow") }
                    last = next ?? last
                }
            }
        }
    }

    @Test("the sender's clock error is taken out: receivedAt - (sentAt - originalTimestamp)")
    func skew() throws {
        func time(_ text: String) throws -> Timestamp { try #require(Timestamp("2026-07-01T\(text)Z")) }
        // The sender's clock is an hour ahead.
        #expect(try Timestamp.corrected(original: time("10:00:00"), sentAt: time("10:00:05"), receivedAt: time("09:00:06")) == time("09:00:01"))
        #expect(try Timestamp.corrected(original: time("10:00:00"), sentAt: time("10:00:00"), receivedAt: time("12:00:00")) == time("12:00:00"))
        // Nothing overflows, however wrong the clocks.
        #expect(Timestamp.corrected(original: .latest, sentAt: .earliest, receivedAt: .latest) == .latest)
        #expect(Timestamp.corrected(original: .earliest, sentAt: .latest, receivedAt: .earliest) == .earliest)
        #expect(Timestamp(clamping: .max) == .latest && Timestamp(clamping: .min) == .earliest)
    }
}
