import Foundation
import Segments
import TestSupport
import Testing
import Vocabulary

@Suite("Days and hours of a time zone")
struct ZoneRulesTests {
    private func rules(_ name: String) throws -> ZoneRules { try ZoneRules.named(TimeZoneName(name: name)) }
    private func ms(_ text: String) -> Int64 { Timestamp(text)!.milliseconds }
    private func text(_ ms: Int64) -> String { Timestamp(clamping: ms).iso8601.replacing(":00.000Z", with: "Z") }

    @Test("the offset changes at the very millisecond", arguments: [
        ("Europe/Madrid", "2026-03-29T01:00:00Z", 1, 2), ("Europe/Madrid", "2026-10-25T01:00:00Z", 2, 1), ("America/New_York", "2026-03-08T07:00:00Z", -5, -4),
        ("America/New_York", "2026-11-01T06:00:00Z", -4, -5), ("Europe/Istanbul", "2016-03-27T01:00:00Z", 2, 3), ("Europe/Madrid", "2126-03-31T01:00:00Z", 1, 2),
        ("Europe/Madrid", "9998-03-29T01:00:00Z", 1, 2),
    ])
    func edges(_ zone: String, _ at: String, _ before: Int64, _ after: Int64) throws {
        let rules = try rules(zone)
        #expect(rules.offset(at: ms(at) - 1) == before * 3_600_000)
        #expect(rules.offset(at: ms(at)) == after * 3_600_000)
    }

    @Test("zones that no longer change keep their offset for ever", arguments: [("Europe/Istanbul", 180), ("Asia/Kathmandu", 345), ("UTC", 0)])
    func constant(_ zone: String, _ minutes: Int64) throws {
        for year in [2020, 2026, 2037, 2038, 2500, 9999] { #expect(try rules(zone).offset(at: ms("\(year)-07-01")) == minutes * 60_000) }
    }

    @Test("every offset agrees with the system's calendar", arguments: ["Europe/Madrid", "America/New_York", "Europe/Istanbul", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Dublin", "America/St_Johns"], Seed.some(2))
    func likeFoundation(_ zone: String, _ seed: Seed) throws {
        let rules = try rules(zone)
        let system = try #require(TimeZone(identifier: zone))
        var random = Random(seed)
        for _ in 0..<2000 {
            // From 1950 to 2036: what lies beyond, the system's calendar answers with one rule or another.
            let seconds = Int64(random.below(2_713_000_000)) - 631_000_000
            #expect(rules.offset(at: seconds * 1000) == Int64(system.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))) * 1000, "\(seconds)")
        }
    }

    @Test("the local hour, weekday and day of an instant")
    func parts() throws {
        let kathmandu = try rules("Asia/Kathmandu")
        #expect(kathmandu.hour(of: ms("2026-07-01T18:14:59.999Z")) == 23)
        #expect(kathmandu.hour(of: ms("2026-07-01T18:15:00Z")) == 0)
        #expect(kathmandu.weekday(of: ms("2026-07-01T18:14:00Z")) == 3)
        #expect(kathmandu.weekday(of: ms("2026-07-01T18:15:00Z")) == 4)
        #expect(kathmandu.day(of: ms("2026-07-01T18:15:00Z")) == kathmandu.day(of: ms("2026-07-01T18:14:00Z")) + 1)
        #expect(ZoneRules.utc.day(of: -1) == -1)
        #expect(ZoneRules.utc.hour(of: -1) == 23)
        #expect(ZoneRules.utc.weekday(of: -1) == 3)
    }

    @Test("a day with a change is 23 or 25 hours long")
    func days() throws {
        let madrid = try rules("Europe/Madrid")
        let spring = madrid.day(of: ms("2026-03-29T12:00Z"))
        #expect(text(madrid.start(ofDay: spring)) == "2026-03-28T23:00Z")
        #expect(madrid.start(ofDay: spring + 1) - madrid.start(ofDay: spring) == 23 * 3_600_000)
        let autumn = madrid.day(of: ms("2026-10-25T12:00Z"))
        #expect(madrid.start(ofDay: autumn + 1) - madrid.start(ofDay: autumn) == 25 * 3_600_000)
        // Clocks in Cairo skip midnight itself: the day begins at one.
        let cairo = try rules("Africa/Cairo")
        let skipped = cairo.start(ofDay: cairo.day(of: ms("2024-04-26T12:00Z")))
        #expect(text(skipped) == "2024-04-25T22:00Z")
        #expect(cairo.hour(of: skipped) == 1)
        #expect(cairo.hour(of: skipped - 1) == 23)
    }

    @Test("units begin by the local clock", arguments: [
        (Period.Unit.day, 0, "2026-06-30T22:00Z"), (.day, -1, "2026-06-29T22:00Z"), (.week, 0, "2026-06-28T22:00Z"), (.week, 1, "2026-07-05T22:00Z"),
        (.month, 0, "2026-06-30T22:00Z"), (.month, -1, "2026-05-31T22:00Z"), (.month, -6, "2025-12-31T23:00Z"), (.quarter, 0, "2026-06-30T22:00Z"),
        (.quarter, -1, "2026-03-31T22:00Z"), (.year, 0, "2025-12-31T23:00Z"), (.year, 1, "2026-12-31T23:00Z"),
    ])
    func starts(_ unit: Period.Unit, _ count: Int, _ expected: String) throws {
        // 23:30 on the 30th of June in UTC is the 1st of July, a Wednesday, in Madrid.
        #expect(text(try rules("Europe/Madrid").start(of: unit, holding: ms("2026-06-30T23:30Z"), movedBy: count)) == expected)
    }

    @Test("months go back by the calendar and stop at a shorter month's end", arguments: [
        ("2026-05-31T12:00Z", Period(3, .month), "2026-02-28T12:00Z"), ("2024-05-31T12:00Z", Period(3, .month), "2024-02-29T12:00Z"),
        ("2026-03-31T10:00Z", Period(1, .month), "2026-02-28T10:00Z"), ("2024-02-29T10:00Z", Period(1, .year), "2023-02-28T10:00Z"),
        ("2026-01-15T10:00Z", Period(1, .quarter), "2025-10-15T10:00Z"), ("2026-07-01T00:00Z", Period(30, .day), "2026-06-01T00:00Z"), ("2026-07-01T00:00Z", Period(0, .month), "2026-07-01T00:00Z"),
    ])
    func ago(_ now: String, _ period: Period, _ expected: String) { #expect(text(ZoneRules.utc.instant(period, before: ms(now))) == expected) }

    @Test("days are 24 hours, months keep the clock's time over a change")
    func overChanges() throws {
        let madrid = try rules("Europe/Madrid")
        #expect(text(madrid.instant(Period(1, .day), before: ms("2026-03-29T12:00Z"))) == "2026-03-28T12:00Z")
        #expect(text(madrid.instant(Period(1, .month), before: ms("2026-04-15T12:00Z"))) == "2026-03-15T13:00Z")
        // 02:30 on March 29 does not exist in Madrid; it is 03:00.
        #expect(text(madrid.instant(Period(1, .month), before: ms("2026-04-29T00:30Z"))) == "2026-03-29T01:00Z")
        // 02:30 on October 25 is shown twice; the first counts.
        #expect(text(madrid.instant(Period(1, .month), before: ms("2026-11-25T01:30Z"))) == "2026-10-25T00:30Z")
    }

    @Test("windows are half-open and never reach beyond the moment")
    func windows() throws {
        let moment = Moment(asOf: Timestamp("2026-06-30T23:30:00Z")!, zone: TimeZoneName(name: "Europe/Madrid"))
        let madrid = try rules("Europe/Madrid")
        let now = moment.asOf.milliseconds
        #expect(Window.ever.resolved(at: moment, using: madrid) == ResolvedWindow(from: .min, to: now))
        let last = Window.last(Period(7, .day)).resolved(at: moment, using: madrid)
        #expect(last == ResolvedWindow(from: now - 7 * 86_400_000, to: now))
        #expect(last.contains(last.from) && !last.contains(last.from - 1) && last.contains(now - 1) && !last.contains(now))
        let month = Window(from: .start(.month, -1), to: .start(.month, 0)).resolved(at: moment, using: madrid)
        #expect([text(month.from), text(month.to)] == ["2026-05-31T22:00Z", "2026-06-30T22:00Z"])
        #expect(Window(from: nil, to: .instant(Timestamp("2030-01-01")!)).resolved(at: moment, using: madrid).to == now)
        #expect(Window(from: .instant(Timestamp("2030-01-01")!), to: nil).resolved(at: moment, using: madrid).isEmpty)
    }

    @Test("a calendar bound moves when the next day or month begins, others never jump")
    func changes() throws {
        let madrid = try rules("Europe/Madrid")
        let today = Window(from: .start(.day, 0), to: nil)
        #expect(text(try #require(today.nextChange(after: ms("2026-06-30T21:59Z"), using: madrid))) == "2026-06-30T22:00Z")
        #expect(text(try #require(today.nextChange(after: ms("2026-06-30T22:00Z"), using: madrid))) == "2026-07-01T22:00Z")
        let both = Window(from: .start(.year, -1), to: .start(.month, 0))
        #expect(text(try #require(both.nextChange(after: ms("2026-07-01T12:00Z"), using: madrid))) == "2026-07-31T22:00Z")
        #expect(Window.last(Period(3, .month)).nextChange(after: 0, using: madrid) == nil)
    }

    @Test("a zone that nobody knows is refused, and so is a path", arguments: ["Europe/Wren", "", "../../etc/passwd", "/etc/passwd", "Europe", "tzdata.zi", "Europe/Madrid/", "+", "+14:01", "+3:5", "+03:60", "+030", "++3", "+٣", "UTC3", "UTC+", "+03:00:00"])
    func unknown(_ name: String) {
        let error = #expect(throws: ZoneError.self) { try ZoneRules.named(TimeZoneName(name: name)) }
        #expect(error?.explanation.code == "segments.unknown-zone")
    }

    @Test("an offset from UTC is a zone whose clocks never change, east as +", arguments: [
        ("+03:00", 180), ("UTC+3", 180), ("GMT-0330", -210), ("utc+14:00", 840), ("-5", -300), ("+00:00", 0), ("-9:30", -570), ("Etc/GMT+3", -180),
    ])
    func fixed(_ name: String, _ minutes: Int64) throws {
        let rules = try rules(name)
        for instant in ["1970-01-01T00:00Z", "2026-07-01T12:00Z"] { #expect(rules.offset(at: ms(instant)) == minutes * 60_000) }
        #expect(rules.instant(ofLocal: ms("2026-07-01T09:00Z")) == ms("2026-07-01T09:00Z") - minutes * 60_000)
        #expect(ZoneRules.knows(name))
    }

    @Test("a damaged file is refused and never traps", arguments: Seed.some(2))
    func damage(_ seed: Seed) throws {
        let folder = TemporaryFolder()
        let whole = try #require(FileManager.default.contents(atPath: "/usr/share/zoneinfo/Europe/Madrid"))
        var random = Random(seed)
        for round in 0..<300 {
            var bytes = Array(whole.prefix(round.isMultiple(of: 2) ? random.below(whole.count) : whole.count))
            for _ in 0..<random.below(6) where !bytes.isEmpty { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            #expect(FileManager.default.createFile(atPath: folder.path + "/Wren", contents: Data(bytes)))
            guard let rules = try? ZoneRules(reading: TimeZoneName(name: "Wren"), in: folder.path) else { continue }
            for at in ["1900-01-01", "2026-07-01", "9999-01-01"] { _ = rules.start(of: .month, holding: ms(at), movedBy: -3) }
        }
    }
}
